import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from mande.mail.letter import CHOICE
from mande.mail.letter import MARK
from mande.mail.letter import Block
from mande.mail.letter import Choice
from mande.mail.letter import LetterError
from mande.mail.letter import as_text
from mande.mail.letter import one_line
from mande.mail.letter import parse

SOURCE = """
Subject:  A plain   subject

Dear Ana,


This is the first line,
and this the second.
You planned:
- one thing
- another

[[link]] Say how it went

Robin
--
Small print.

More of it.
"""


def test_a_source_is_read_into_a_subject_and_blocks() -> None:
    letter = parse(SOURCE)

    assert letter.subject == "A plain subject"
    assert letter.blocks == (
        Block("paragraph", ("Dear Ana,",)),
        Block("paragraph", ("This is the first line,", "and this the second.", "You planned:")),
        Block("list", ("one thing", "another")),
        Block("button", ("Say how it went",)),
        Block("paragraph", ("Robin",)),
        Block("paragraph", ("Small print.",), small=True),
        Block("paragraph", ("More of it.",), small=True),
    )


def test_its_text_keeps_the_mark_on_a_line_of_its_own_and_marks_the_small_print_as_a_signature() -> None:
    assert as_text(parse(SOURCE)) == (
        "Dear Ana,\n\nThis is the first line,\nand this the second.\nYou planned:\n\n- one thing\n- another\n\n"
        "Say how it went\n[[link]]\n\nRobin\n\n-- \nSmall print.\n\nMore of it.\n"
    )


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("Dear Ana,\n\nNo subject.", "begins with a line"),
        ("Subject:\n\nHello", "begins with a line"),
        ("Subject: Hello [[link]]\n\nText", "not in its subject"),
        ("Subject: Hello\n\n[[link]] One\n\n[[link]] Two", "once in a message"),
        ("Subject: Hello\n\nClick [[link]] here", "line of its own"),
        ("Subject: Hello\n\n[[link]]", "line of its own"),
        ("Subject: Hello\n\nA paragraph\n[[?a=b]] Choose", "below the line of a list"),
        ("Subject: Hello\n\n- A list\n\n[[?a=b]] Choose", "below the line of a list"),
    ],
)
def test_a_source_that_is_not_clear_is_refused(source: str, complaint: str) -> None:
    with pytest.raises(LetterError, match=complaint):
        parse(source)


def test_choices_are_buttons_about_the_line_above_them_and_no_words_of_the_text() -> None:
    letter = parse(
        "Subject: S\n\n- one\n[[?a1=done]] Done\n[[?a1=not_started]] Not yet\n- two\n- three\n  [[?c3=done]] Done\n"
        "\n[[link]] Go on"
    )

    first, button = letter.blocks
    assert first.lines == ("one", "two", "three")
    assert first.choices == (
        (Choice("Done", "a1=done"), Choice("Not yet", "a1=not_started")),
        (),
        (Choice("Done", "c3=done"),),
    )
    assert button == Block("button", ("Go on",))
    assert as_text(letter) == "- one\n- two\n- three\n\nGo on\n[[link]]\n"


HOSTILE = st.lists(
    st.sampled_from(["[[link]]", "[[?a=b]] x", "link", "\r\n", "\n\n", "--", "- ", "Subject: x", *"[]\n \u2028\x00é"])
    | st.text(max_size=4)
).map("".join)


@settings(deadline=None)
@given(HOSTILE)
def test_what_a_person_typed_makes_neither_lines_nor_links(value: str) -> None:
    line = one_line(value)

    assert len(line.splitlines()) <= 1
    assert MARK not in line
    assert CHOICE.fullmatch(line) is None
    assert one_line(line) == line


@settings(deadline=None)
@given(name=HOSTILE, title=HOSTILE, plans=st.lists(HOSTILE, max_size=4))
def test_whatever_is_filled_in_the_letter_keeps_its_shape(name: str, title: str, plans: list[str]) -> None:
    listed = "".join(f"- {one_line(plan)}.\n" for plan in plans)
    source = f"Subject: About {one_line(title)}\n\nDear {one_line(name)},\n\n{listed}\n[[link]] Go on\n\n--\nEnd."

    letter = parse(source)
    text = as_text(letter)

    assert [block.kind for block in letter.blocks] == ["paragraph", *(["list"] if plans else []), "button", "paragraph"]
    assert not any(block.choices for block in letter.blocks)
    assert sum(len(block.lines) for block in letter.blocks) == 3 + len(plans)
    assert text.count(MARK) == 1
    assert text.splitlines().count(MARK) == 1
