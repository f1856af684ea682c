"""The catalogues: whole, well formed, compiled, and free of what is only for staff."""

import gettext
import re
from pathlib import Path

import pytest
from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.catalog import Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from mande import languages
from mande.config import ROOT

FOLDER = ROOT / "mande" / "translations"
TRANSLATED = languages.INTERFACE[1:]
CATEGORIES = ("zero", "one", "two", "few", "many", "other")
NUMBERS = re.compile(r"%\((?:num|months)\)[sd]")
VALUE = re.compile(r"%\(\w+\)[sd]")
# What somebody has typed, which may be in Latin letters; dates and figures are not.
TYPED = re.compile(r"(.?)%\((?:title|name|convenor|other|text|question|option|action|event|meeting)\)s(.?)")


@pytest.fixture(scope="module")
def wanted() -> dict[str, set[str]]:
    """What the pages and messages say, and where."""
    with (ROOT / "babel.cfg").open() as config:
        methods, options = parse_mapping_cfg(config)
    found: dict[str, set[str]] = {}
    for place, _line, text, _comments, _context in extract_from_dir(ROOT, methods, options):
        found.setdefault(text[0] if isinstance(text, tuple) else text, set()).add(place)
    return found


@pytest.fixture(scope="module", params=TRANSLATED)
def catalogue(request: pytest.FixtureRequest) -> Catalog:
    with (FOLDER / request.param / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=request.param)


def test_there_is_a_catalogue_for_each_language_of_the_interface_and_no_other() -> None:
    assert {path.name for path in FOLDER.iterdir() if path.is_dir()} == set(TRANSLATED)


def test_everything_that_respondents_and_owners_read_is_translated(
    wanted: dict[str, set[str]], catalogue: Catalog
) -> None:
    translated = {_key(message.id) for message in _messages(catalogue) if all(_forms(message.string))}

    assert sorted(set(wanted) - translated) == []
    assert sorted({_key(message.id) for message in _messages(catalogue)} - set(wanted)) == []
    assert len(wanted) > 150


def test_no_translation_is_fuzzy_or_loses_a_value_that_is_filled_in(catalogue: Catalog) -> None:
    assert [message.id for message in catalogue if message.fuzzy] == []
    exact = [CATEGORIES.index(name) for name in ("zero", "one", "two")]
    for message in _messages(catalogue):
        values, forms = _values(_forms(message.id)[-1]), _forms(message.string)
        for number, form in enumerate(forms):
            # "Two minutes" needs no figure where this form is said of two and of nothing else.
            may_leave_out = number in exact if len(forms) == len(CATEGORIES) else number == 0 < len(forms) - 1
            left_out = NUMBERS.sub("", " ".join(values)).split() if may_leave_out else values
            assert _values(form) in (values, left_out), message.id


def test_each_plural_has_the_forms_that_its_language_has(catalogue: Catalog) -> None:
    locale = Locale.parse(str(catalogue.locale))
    choose = gettext.c2py(catalogue.plural_expr)
    kinds = [name for name in CATEGORIES if name in {locale.plural_form(number) for number in range(1000)}]

    assert catalogue.num_plurals == len(kinds)
    assert [choose(number) for number in range(1000)] == [kinds.index(locale.plural_form(n)) for n in range(1000)]
    for message in _messages(catalogue):
        if message.pluralizable:
            assert len(_forms(message.string)) == len(kinds), message.id


def test_from_right_to_left_what_people_typed_keeps_its_own_direction(catalogue: Catalog) -> None:
    isolates = ("\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}")
    around = {pair for message in _messages(catalogue) for form in _forms(message.string)
              for pair in TYPED.findall(form)}  # fmt: skip

    assert (around == {isolates}) == (languages.direction(str(catalogue.locale)) == "rtl")


def test_in_french_no_line_begins_with_a_mark_that_belongs_to_the_line_before() -> None:
    with (FOLDER / "fr" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        french = read_po(file, locale="fr")

    breakable = [form for message in _messages(french) for form in _forms(message.string)
                 if re.search(r" [:;?!»]|« ", form)]  # fmt: skip
    assert breakable == []


def test_the_compiled_catalogue_says_what_the_readable_one_says(catalogue: Catalog) -> None:
    with (FOLDER / str(catalogue.locale) / "LC_MESSAGES" / "messages.mo").open("rb") as file:
        compiled = read_mo(file)

    assert compiled.plural_forms == catalogue.plural_forms
    assert _said(compiled) == _said(catalogue)


def test_pages_of_staff_are_not_in_the_catalogue(wanted: dict[str, set[str]]) -> None:
    of_staff = {
        str(path.relative_to(ROOT))
        for path in Path(ROOT / "templates").rglob("*.html")
        if path.name == "panel.html" or 'extends "staff/' in path.read_text(encoding="utf-8")
    }

    assert of_staff
    assert of_staff & set().union(*wanted.values()) == set()


def _messages(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def _said(catalogue: Catalog) -> dict[str, tuple[str, ...]]:
    return {_key(message.id): _forms(message.string) for message in _messages(catalogue)}


def _key(text: str | tuple[str, ...]) -> str:
    return text if isinstance(text, str) else text[0]


def _forms(text: str | list[str] | tuple[str, ...]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def _values(text: str) -> list[str]:
    return sorted(VALUE.findall(text))
