"""How dates, moments and lists are said on pages, in each language of the interface."""

from collections.abc import Iterator
from datetime import UTC
from datetime import date
from datetime import datetime

import pytest
from flask import Flask
from flask_babel import Babel
from flask_babel import force_locale

from mande import languages
from mande import web

FSI, LRI, PDI = "\u2068", "\u2066", "\u2069"


@pytest.fixture(autouse=True)
def context() -> Iterator[None]:
    app = Flask("words")
    Babel(app)
    with app.app_context():
        yield


def in_each(say: object) -> dict[str, str]:
    said = {}
    for language in languages.INTERFACE:
        with force_locale(language):
            said[language] = say()  # type: ignore[operator]
    return said


def test_a_date_is_said_with_the_month_in_words() -> None:
    assert in_each(lambda: web.day(date(2021, 6, 7))) == {
        "en": "7 June 2021", "fr": "7 juin 2021", "es": "7 de junio de 2021", "ar": "7 يونيو 2021",
    }  # fmt: skip


def test_a_moment_names_its_zone_which_keeps_its_direction_from_right_to_left() -> None:
    noon = datetime(2021, 6, 7, 12, tzinfo=UTC)

    assert in_each(lambda: web.moment(noon, "Europe/London")) == {
        "en": "7 June 2021, 13:00 (BST)",
        "fr": "7 juin 2021, 13:00 (BST)",
        "es": "7 de junio de 2021, 13:00 (BST)",
        "ar": f"7 يونيو 2021، 13:00 ({LRI}BST{PDI})",
    }


def test_a_list_is_joined_as_the_language_does_and_each_thing_stands_by_itself() -> None:
    assert in_each(lambda: web.listed([3, "A (B)", "C"])) == {
        "en": "3, A (B) and C",
        "fr": "3, A (B) et C",
        "es": "3, A (B) y C",
        "ar": f"{FSI}3{PDI} و{FSI}A (B){PDI} و{FSI}C{PDI}",
    }
