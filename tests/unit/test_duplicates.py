"""Which records may be of one person, and who is discreet."""

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mande.events.discretion import is_discreet
from mande.events.records.duplicates import LARGEST
from mande.events.records.duplicates import SAME_LOCAL_PART
from mande.events.records.duplicates import SAME_NAME
from mande.events.records.duplicates import SIMILAR_NAME
from mande.events.records.duplicates import Record
from mande.events.records.duplicates import Suggestion
from mande.events.records.duplicates import suggest
from mande.events.words import key
from mande.events.words import plain_key


def pair(one: tuple[str, str, str], other: tuple[str, str, str]) -> list[tuple[str, ...]]:
    """The reasons for which two records, each a name, an organisation and addresses, are suggested."""
    records = [Record(number, name, body, tuple(at.split())) for number, (name, body, at) in enumerate((one, other))]
    return [suggestion.reasons for suggestion in suggest(records)]


@pytest.mark.parametrize(
    ("one", "other", "reasons"),
    [
        (("Zoë Álvarez", "", "z@a.org"), ("ALVAREZ, Zoe", "", "za@b.org"), (SAME_NAME,)),
        (("Zoë Álvarez", "A", "zoe@a.org"), ("Zoe Alvarez", "A", "zoe@b.org"), (SAME_NAME, SAME_LOCAL_PART)),
        (("Ada Example", "", "ada.e@a.org"), ("A. Example", "", "x@b.org ada.e@c.org"), (SAME_LOCAL_PART,)),
        (("Ada Example", "The Body", "a@a.org"), ("Ada B. Example", "the  body", "b@a.org"), (SIMILAR_NAME,)),
        (("Jon Smith", "Body", "a@a.org"), ("John Smith", "Body", "b@a.org"), (SIMILAR_NAME,)),
        (("J. Smith", "Body", "a@a.org"), ("John Smith", "Body", "b@a.org"), (SIMILAR_NAME,)),
    ],
)
def test_records_that_look_alike_are_suggested_with_the_reason(
    one: tuple[str, str, str], other: tuple[str, str, str], reasons: tuple[str, ...]
) -> None:
    assert pair(one, other) == [reasons]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Ada Example", "A", "a@a.org"), ("Bob Example", "A", "b@a.org")),
        (("Ada", "", "a@a.org"), ("Ada", "", "b@a.org")),
        (("Delegate 1", "A", "a@a.org"), ("Delegate 2", "A", "b@a.org")),
        (("Ada", "A", "a@a.org"), ("Ada Example", "A", "b@a.org")),
        (("Ada Example", "A", "info@a.org"), ("Ada Other", "B", "info@b.org")),
        (("Ada Example", "", "director.x@a.org"), ("Bob Other", "", "director.x@b.org")),
        (("Ada Example", "A", "a@a.org"), ("Ada B. Example", "B", "b@a.org")),
        (("Ada Example", "", "a@a.org"), ("Ada B. Example", "", "b@a.org")),
    ],
)
def test_records_that_have_too_little_in_common_are_not_suggested(
    one: tuple[str, str, str], other: tuple[str, str, str]
) -> None:
    assert pair(one, other) == []


def test_the_likeliest_pairs_come_first_and_those_told_apart_do_not_come() -> None:
    records = [
        Record("a", "Jon Smith", "Body", ("jon@a.org",)),
        Record("b", "John Smith", "Body", ("js@a.org",)),
        Record("c", "Ada Example", "", ("ada@a.org",)),
        Record("d", "Ada Example", "", ("ada@b.org",)),
    ]

    assert [(one.one, one.other) for one in suggest(records)] == [("c", "d"), ("a", "b")]
    assert suggest(records, {frozenset("dc")}) == [Suggestion("a", "b", (SIMILAR_NAME,))]


def test_a_name_that_very_many_share_is_no_reason() -> None:
    records = [Record(number, "Ada Example", "", (f"{number}@a.org",)) for number in range(LARGEST + 1)]

    assert suggest(records) == []
    assert len(suggest(records[:-1])) == LARGEST * (LARGEST - 1) // 2


@given(
    st.lists(
        st.builds(
            Record,
            st.integers(),
            st.sampled_from(["Ada Example", "Example Ada", "Ada B Example", "Bob Other", ""]),
            st.sampled_from(["", "Body", "BODY!"]),
            st.tuples(st.sampled_from(["ada.example@a.org", "ada.example@b.org", "bob@a.org"])),
        ),
        unique_by=lambda one: one.id,
        max_size=12,
    )
)
def test_no_pair_is_suggested_twice_nor_a_record_with_itself(records: list[Record[int]]) -> None:
    pairs = [frozenset((one.one, one.other)) for one in suggest(records)]

    assert len(pairs) == len(set(pairs))
    assert all(len(one) == 2 for one in pairs)


@given(st.text(st.characters(max_codepoint=127)))
def test_the_shorter_way_to_a_key_that_plain_letters_take_leads_to_the_same(text: str) -> None:
    assert plain_key(f"e{text}") == plain_key(f"é{text}") == key(f"E{text}")


@pytest.mark.parametrize(("event", "person"), [(False, False), (True, False), (False, True), (True, True)])
def test_who_is_discreet_or_at_a_discreet_event_must_not_be_exposed(event: bool, person: bool) -> None:
    assert is_discreet(SimpleNamespace(discreet=event), SimpleNamespace(discreet=person)) is (event or person)
