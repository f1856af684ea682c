"""Which edition somebody is told of, where it was published in several languages."""

import pytest

from mande.events.models import Person
from mande.reports.models import Edition
from mande.reports.telling import letters


@pytest.mark.parametrize(
    ("language", "published", "told_of"),
    [
        ("fr", ("en", "fr"), "fr"),
        ("es", ("fr", "en"), "en"),
        (None, ("fr", "en"), "en"),
        ("fr-CA", ("en", "fr"), "fr"),
        ("en", ("ar",), "ar"),
    ],
)
def test_people_are_told_of_the_edition_in_their_language_else_in_english_whichever_staff_tell_of(
    language: str | None, published: tuple[str, ...], told_of: str
) -> None:
    editions = {code: Edition(language=code) for code in published}

    assert letters.for_person(Person(language=language), editions).language == told_of
