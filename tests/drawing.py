"""Questions as pages, without database or address: drawn by the templates, and read as a browser reads them."""

from collections.abc import Iterator
from collections.abc import Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from flask import Flask
from flask import g
from flask_babel import Babel
from flask_babel import format_decimal
from jinja2 import Template
from markupsafe import escape
from werkzeug.datastructures import MultiDict

from mande.config import ROOT
from mande.surveys.answering import patterns
from mande.surveys.answering.forms import Sheet
from mande.surveys.questionnaires.placeholders import NAME_MARK

NAME = "Ada <b>&amp;</b> O'Neill"
PAGE = """{% from "surveys/questions.html" import draw %}<!doctype html>
<html lang="en"><head><title>A page</title></head><body><form>
{% for prompt in sheet.prompts %}{{ draw(prompt, form) }}{% endfor %}</form></body></html>"""


@cache
def app() -> Flask:
    """What draws questions needs: the templates, the catalogues, and a language."""
    made = Flask("mande", root_path=str(ROOT))
    made.config["BABEL_TRANSLATION_DIRECTORIES"] = str(ROOT / "mande" / "translations")
    made.jinja_env.trim_blocks = made.jinja_env.lstrip_blocks = True
    made.jinja_env.filters["number"] = format_decimal
    Babel(made, locale_selector=lambda: g.get("language", "en").replace("-", "_"))
    return made


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """A request whose page is in this language."""
    with app().test_request_context():
        g.language = language
        yield


def draw(sheet: Sheet, form: Any) -> str:
    """The questions of a page with what stands in `form`, as HTML for NAME. Needs a language to speak."""
    return _page().render(sheet=sheet, form=form).replace(NAME_MARK, escape(NAME))


@cache
def _page() -> Template:
    return app().jinja_env.from_string(PAGE)


def fill(sheet: Sheet, answers: Mapping[str, Any]) -> str:
    """The same from a pattern, which is how respondents get it."""
    pattern = patterns.Pattern(lambda marks: _page().render(sheet=sheet, form=marks))
    return pattern.fill({patterns.NAME: escape(NAME), **patterns.answered(sheet.shown(answers))})


def read(source: str) -> Element:
    """The page, by a strict HTML5 parser that takes no nonsense."""
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(source)


def sent(page: Element) -> MultiDict[str, str]:
    """What a browser would send of the page's form as it stands."""
    found: MultiDict[str, str] = MultiDict()
    for field in page.iter():
        name = field.get("name")
        if name is None or field.tag == "button":
            continue
        if field.get("type") in ("radio", "checkbox"):
            if "checked" in field.attrib:
                found.add(name, field.get("value", "on"))
        elif field.tag == "textarea":
            found.add(name, (field.text or "").replace("\n", "\r\n"))
        elif field.tag == "select":
            lines = list(field.iter("option"))
            chosen = [line for line in lines if "selected" in line.attrib] or lines[:1]
            found.add(name, chosen[-1].get("value", ""))
        else:
            found.add(name, field.get("value", ""))
    return found
