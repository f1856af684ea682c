"""What the team's pages work out by themselves: pasted lists, suggested themes, outcomes that were reworded."""

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from mande.events.describing.outcomes import matched
from mande.followup.desk.recommendations import Item
from mande.followup.desk.recommendations import parse
from mande.followup.desk.suggesting import suggest

NOTE = """Recommendations of the meeting

1. Governments should train
   diplomats in online talks.
2) Share practice:
   - between ministries
   \u2022 with civil society
\uf0b7\tas word processors copy it

A closing remark
over two lines
a) Publish the note
1.2 Meet again
A. Name should not lose the initial
2030 agenda
"""


def test_bullets_and_numbers_begin_items_and_the_rest_goes_on_or_stands_apart() -> None:
    assert parse(NOTE) == [
        Item("Recommendations of the meeting", listed=False),
        Item("Governments should train diplomats in online talks.", listed=True),
        Item("Share practice:", listed=True),
        Item("between ministries", listed=True),
        Item("with civil society", listed=True),
        Item("as word processors copy it", listed=True),
        Item("A closing remark", listed=False),
        Item("over two lines", listed=False),
        Item("Publish the note", listed=True),
        Item("Meet again A. Name should not lose the initial 2030 agenda", listed=True),
    ]


def test_without_bullets_or_numbers_each_line_is_an_item() -> None:
    assert parse("One thing\r\n\r\n  Another   thing \n") == [Item("One thing", True), Item("Another thing", True)]
    assert parse(" \n\n") == []


LINES = st.lists(st.text(st.sampled_from("ab \t-1.)\u2022\n"), max_size=12), max_size=8)


@settings(max_examples=100)
@given(LINES)
def test_no_word_of_a_pasted_list_is_lost_and_no_item_is_empty(lines: list[str]) -> None:
    items = parse("\n".join(lines))
    assert all(item.text == " ".join(item.text.split()) != "" for item in items)
    kept = "".join(character for item in items for character in item.text if character in "ab")
    pasted = "".join(character for line in lines for character in line if character in "ab")
    # A letter before a bracket is a number of the list.
    assert kept.count("a") + kept.count("b") >= pasted.count("a") + pasted.count("b") - "".join(lines).count(")")


THEMES = ["A note of recommendations", "Best practice in online talks is shared", "Diplomats are trained"]


@pytest.mark.parametrize(
    ("text", "index", "words"),
    [
        ("Train three diplomats", 2, ("train", "diplomats")),
        ("Share what we do in practices of mediation", 1, ("share", "practices")),
        ("Recommend something", 0, ("recommend",)),
        ("Nothing in common", None, ()),
        ("Diplomats share", None, ()),
        ("An action for people with plans", None, ()),
    ],
)
def test_a_theme_is_suggested_only_where_it_shares_most_words(text: str, index: int | None, words: tuple[str]) -> None:
    found = suggest(text, THEMES)
    assert (found.index if found else None) == index
    if found:
        assert found.words == words


def test_a_word_that_every_theme_uses_suggests_none() -> None:
    assert suggest("Online training", ["Online talks", "Online talking"]) is None
    assert suggest("Anything", []) is None


@pytest.mark.parametrize(
    ("known", "wanted", "found"),
    [
        (["A", "B", "C"], ["B", "C"], [1, 2]),
        (["A", "B", "C"], ["C", "A", "B"], [2, 0, 1]),
        (["A", "B", "C"], ["A", "New", "B", "C"], [0, None, 1, 2]),
        (["Training for all", "A note", "C"], ["A note", "Training of all"], [1, 0]),
        (["Something", "B"], ["Quite another", "B"], [0, 1]),
        (["Something", "The second one"], ["The second 1"], [1]),
        (["A", "A"], ["A"], [0]),
        (["A"], ["A", "A"], [0, None]),
        ([], ["A"], [None]),
        (["A"], [], []),
    ],
)
def test_an_outcome_is_found_by_its_text_then_by_likeness_then_by_its_place(
    known: list[str], wanted: list[str], found: list[int | None]
) -> None:
    assert matched(known, wanted) == found


@settings(max_examples=100)
@given(st.lists(st.text("ab ", max_size=6), max_size=5), st.lists(st.text("ab ", max_size=6), max_size=5))
def test_no_outcome_becomes_two_and_what_is_unchanged_stays_itself(known: list[str], wanted: list[str]) -> None:
    found = matched(known, wanted)
    used = [index for index in found if index is not None]
    assert len(set(used)) == len(used)
    for text in set(known) & set(wanted):
        same = [index for index, own in zip(found, wanted, strict=True) if own == text and index is not None]
        assert any(known[index] == text for index in same)
    assert matched(known, known) == list(range(len(known)))
