"""Composing: one text source in templates/mail, and from it a subject, a text part and an HTML part."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from typing import cast

from babel import Locale
from babel import UnknownLocaleError
from flask import current_app
from flask_babel import force_locale
from flask_babel import get_babel
from jinja2 import Environment

from mande.mail import letter
from mande.mail.letter import Letter

ENGLISH = Locale("en")


@dataclass(frozen=True)
class Composed:
    """A message with the mark [[link]] still in it: once in the text and once in the HTML, or in neither.

    `language` is the one that its words are in: English where there is no translation into the one asked for.
    """

    subject: str
    text: str
    html: str
    language: str = "en"


def compose(template: str, language: str, **values: Any) -> Composed:
    """Renders templates/mail/<template>.txt (see `letter` for how it is written) in a language.

    Each value is put on one line and can make neither a paragraph nor a link; HTML in it is shown as it was typed.
    The mark stands outside of what is translated: `[[link]] {{ _("Answer now") }}`. Raises LetterError.
    """
    locale = _locale(language)
    with force_locale(str(locale)):
        source = _environment().get_template(f"mail/{template}.txt").render(values)
        parsed = letter.parse(source)
        return Composed(parsed.subject, letter.as_text(parsed), _as_html(parsed, locale), str(locale))


def _as_html(parsed: Letter, locale: Locale) -> str:
    page = current_app.jinja_env.get_template("mail/layout.html")
    lang = str(locale).replace("_", "-")
    return page.render(letter=parsed, mark=letter.MARK, lang=lang, dir=locale.text_direction)


def _locale(language: str) -> Locale:
    """The locale to write in: English where nothing is translated, so that not even a date is in another language."""
    try:
        locale = Locale.parse(language.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return ENGLISH
    known = translated()
    return next((choice for choice in (locale, Locale(locale.language)) if choice in known), ENGLISH)


def translated() -> list[Locale]:
    """The languages that messages can be written in."""
    return cast(list[Locale], get_babel().instance.list_translations())


def _environment() -> Environment:
    """The application's own template environment, for plain text: nothing is escaped, every value is one line."""
    extensions = cast(Mapping[str, Any], current_app.extensions)
    if "mande.mail.templates" not in extensions:
        plain = current_app.jinja_env.overlay(autoescape=False, finalize=letter.one_line)
        current_app.extensions["mande.mail.templates"] = plain
    return cast(Environment, extensions["mande.mail.templates"])
