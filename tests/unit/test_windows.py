from hypothesis import given
from hypothesis import strategies as st

from mande.surveys.answering import windows

CODES = ("useful", "used_for", "why")
answers = st.dictionaries(
    st.sampled_from((*CODES, "elsewhere")), st.text(max_size=5) | st.lists(st.sampled_from("abc"), unique=True)
)


def told(drawn: dict[str, object], stored: dict[str, object], sent: dict[str, object]) -> bool:
    return windows.overtaken(CODES, windows.mark(CODES, drawn), stored, sent)


def on_page(held: dict[str, object]) -> dict[str, object]:
    return {code: value for code, value in held.items() if code in CODES and value}


@given(answers, answers, answers)
def test_who_sends_other_answers_than_are_stored_is_told_if_and_only_if_they_changed_since_the_page_was_drawn(
    drawn: dict[str, object], stored: dict[str, object], sent: dict[str, object]
) -> None:
    expected = on_page(drawn) != on_page(stored) and on_page(sent) != on_page(stored)

    assert told(drawn, stored, sent) == expected


def test_a_button_that_is_pressed_twice_overtakes_nobody() -> None:
    assert not told({}, {"why": "Because"}, {"why": "Because"})


def test_answers_on_other_pages_and_the_order_of_answers_do_not_matter() -> None:
    assert windows.mark(CODES, {"why": "x", "useful": "1"}) == windows.mark(CODES, {"useful": "1", "why": "x"})
    assert windows.mark(CODES, {"elsewhere": "1"}) == windows.mark(CODES, {})
    assert windows.mark(CODES, {"why": ""}) == windows.mark(CODES, {})


def test_a_form_without_a_mark_is_believed() -> None:
    assert not windows.overtaken(CODES, None, {"why": "Because"}, {})
