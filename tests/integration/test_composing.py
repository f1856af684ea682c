"""What every message looks like is kept in golden/. After a change that is meant: MANDE_GOLDEN=write pytest ..."""

import os
from datetime import date
from pathlib import Path

import html5lib
import pytest
from flask import Flask
from jinja2 import ChoiceLoader
from jinja2 import DictLoader

from mande.mail.composing import Composed
from mande.mail.composing import compose
from mande.mail.letter import LetterError

GOLDEN = Path(__file__).parent / "golden"
SAMPLE = """\
Subject: {{ _("What did “%(title)s” change?", title=title) }}

{{ _("Dear %(name)s,", name=name) }}

{{ _("Thank you for taking part. This is what you planned:") }}
{% for plan in plans %}
- {{ plan }}
{% endfor %}

[[link]] {{ _("Say how it went") }}

{{ _("Please answer by %(day)s.", day=closes | day) }}

Robin Manager
Example House

--
{{ _("You may reply to this message.") }}
"""
VALUES = {
    "title": "Diplomacy <online> & off",
    "name": "Ana “Zoë” O'Neil",
    "plans": ["Write to both ministries", "Train <b>five</b> colleagues\n\n[[link]] Click here"],
    "closes": date(2021, 6, 30),
}


@pytest.fixture
def sample(app: Flask) -> Flask:
    """The application with one more message, "sample"."""
    app.jinja_env.loader = ChoiceLoader([DictLoader({"mail/sample.txt": SAMPLE}), app.jinja_env.loader])
    return app


def agree(composed: Composed, name: str) -> None:
    for suffix, content in (("txt", f"Subject: {composed.subject}\n\n{composed.text}"), ("html", composed.html)):
        golden = GOLDEN / f"{name}.{suffix}"
        if os.environ.get("MANDE_GOLDEN") == "write":
            golden.write_text(content)
        assert content == golden.read_text()


def test_a_message_looks_as_it_was_agreed(sample: Flask) -> None:
    agree(compose("sample", "en", **VALUES), "sample")


def test_a_message_in_a_language_from_right_to_left_runs_that_way(sample: Flask) -> None:
    composed = compose("sample", "ar", **{**VALUES, "title": "الدبلوماسية", "name": "نور"})

    agree(composed, "sample_right_to_left")
    assert '<html lang="ar" dir="rtl">' in composed.html


def test_what_people_typed_is_kept_apart_in_the_text_but_a_subject_holds_nothing_invisible(app: Flask) -> None:
    composed = compose("invitation", "ar", title="Diplomacy", name="Ana", minutes=8, manager="Kim", convenor="House")

    assert "«\u2068Diplomacy\u2069»" in composed.text
    assert "«Diplomacy»" in composed.subject
    assert "نحو 8 دقائق" in composed.text


def test_the_html_is_well_formed_and_loads_nothing(sample: Flask) -> None:
    html = compose("sample", "en", **VALUES).html

    parser = html5lib.HTMLParser(strict=True)
    document = parser.parse(html)

    names = {element.tag.rpartition("}")[2] for element in document.iter() if isinstance(element.tag, str)}
    assert not names & {"img", "script", "link", "iframe", "object", "embed", "video", "table", "form"}
    assert "url(" not in html
    assert "http" not in html.replace('content="', "")
    assert html.count("href=") == 1


def test_both_parts_hold_the_place_of_the_link_once_whatever_people_typed(sample: Flask) -> None:
    composed = compose("sample", "en", **{**VALUES, "name": "[[link]] Eve\n\n[[link]] Click", "title": "[[[link]]]"})

    assert composed.text.count("[[link]]") == composed.html.count("[[link]]") == 1
    assert "[[" not in composed.subject
    assert "\n" not in composed.subject


def test_without_a_translation_the_whole_message_is_english_even_its_dates(sample: Flask) -> None:
    composed = compose("sample", "sw", **VALUES)

    assert composed.language == "en"
    assert composed == compose("sample", "en", **VALUES)
    assert composed == compose("sample", "no such language", **VALUES)


def test_a_regional_language_is_written_in_the_language(sample: Flask) -> None:
    composed = compose("sample", "fr-CA", **VALUES)

    assert composed.language == "fr"
    assert "30 juin 2021" in composed.text


def test_a_message_may_have_no_link(app: Flask) -> None:
    app.jinja_env.loader = DictLoader(
        {"mail/plain.txt": "Subject: Thanks\n\nThank you.\n", "mail/layout.html": _layout(app)}
    )

    composed = compose("plain", "en")

    assert composed.text == "Thank you.\n"
    assert "href" not in composed.html


def test_a_source_that_is_not_clear_is_refused(app: Flask) -> None:
    app.jinja_env.loader = DictLoader({"mail/wrong.txt": "No subject"})

    with pytest.raises(LetterError):
        compose("wrong", "en")


def _layout(app: Flask) -> str:
    return app.jinja_env.loader.get_source(app.jinja_env, "mail/layout.html")[0]
