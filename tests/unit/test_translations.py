"""The French catalogue: whole, well formed, compiled, and free of what is only for staff."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from mande.config import ROOT

FRENCH = ROOT / "mande" / "translations" / "fr" / "LC_MESSAGES"


@pytest.fixture(scope="module")
def wanted() -> dict[str, set[str]]:
    """What the pages and messages say, and where."""
    with (ROOT / "babel.cfg").open() as config:
        methods, options = parse_mapping_cfg(config)
    found: dict[str, set[str]] = {}
    for place, _line, text, _comments, _context in extract_from_dir(ROOT, methods, options):
        found.setdefault(text[0] if isinstance(text, tuple) else text, set()).add(place)
    return found


@pytest.fixture(scope="module")
def french() -> Catalog:
    with (FRENCH / "messages.po").open("rb") as file:
        return read_po(file, locale="fr")


def test_everything_that_respondents_and_owners_read_is_in_french(wanted: dict[str, set[str]], french: Catalog) -> None:
    translated = {_key(message.id) for message in french if message.id and all(_forms(message.string))}

    assert sorted(set(wanted) - translated) == []
    assert len(wanted) > 150


def test_no_translation_is_fuzzy_or_loses_a_value_that_is_filled_in(french: Catalog) -> None:
    assert [message.id for message in french if message.fuzzy] == []
    for message in french:
        for form in _forms(message.string) if message.id else ():
            assert _values(form) == _values(_forms(message.id)[-1]), message.id


def test_the_compiled_catalogue_says_what_the_readable_one_says(french: Catalog) -> None:
    with (FRENCH / "messages.mo").open("rb") as file:
        compiled = read_mo(file)

    def said(catalog: Catalog) -> dict[str, tuple[str, ...]]:
        return {_key(message.id): _forms(message.string) for message in catalog if message.id}

    assert said(compiled) == said(french)


def test_pages_of_staff_are_not_in_the_catalogue(wanted: dict[str, set[str]]) -> None:
    of_staff = {
        str(path.relative_to(ROOT))
        for path in Path(ROOT / "templates").rglob("*.html")
        if path.name == "panel.html" or 'extends "staff/' in path.read_text(encoding="utf-8")
    }

    assert of_staff
    assert of_staff & set().union(*wanted.values()) == set()


def _key(text: str | tuple[str, ...]) -> str:
    return text if isinstance(text, str) else text[0]


def _forms(text: str | list[str] | tuple[str, ...]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def _values(text: str) -> list[str]:
    return sorted(re.findall(r"%\(\w+\)[sd]", text))
