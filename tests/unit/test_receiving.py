"""A page some of whose questions are asked because of others on it: what counts once it has come back."""

from collections.abc import Iterator
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from mande.surveys.answering import receiving
from mande.surveys.answering.receiving import Received
from mande.surveys.questionnaires.conditions import Facts
from mande.surveys.questionnaires.definition import parse
from tests import drawing

TEXT = {"type": "short_text", "max_length": 10}
DEFINITION = parse(
    {
        "code": "small", "version": 1, "role": "partner", "title": "Small", "minutes": 1, "languages": ["en"],
        "strata": [], "sections": [
            {"code": "first", "title": "First", "questions": [
                {"code": "again", "type": "yes_no", "text": "Again?", "required": True, "core": True},
                {"code": "why", "text": "Why not?", "required": True, **TEXT,
                 "ask_if": {"question": "again", "is": "no"}},
                {"code": "more", "text": "More?", "ask_if": {"question": "why", "answered": True}, **TEXT},
            ]},
            {"code": "second", "title": "Second", "ask_if": {"question": "again", "is": "yes"}, "questions": [
                {"code": "when", "text": "When?", **TEXT},
            ]},
            {"code": "third", "title": "Third", "questions": [
                {"code": "last", "text": "Anything else?", **TEXT},
                {"code": "online", "text": "Online?", "ask_if": {"mode": ["online"]}, **TEXT},
            ]},
        ],
    }
)  # fmt: skip


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with drawing.speaking("en"):
        yield


def send(fields: dict[str, str], saved: dict[str, Any] | None = None, number: int = 1, **facts: Any) -> Received | None:
    posted = MultiDict({f"q-{code}": value for code, value in fields.items()})
    return receiving.read(DEFINITION, "full", number, "en", posted, saved or {}, Facts(**facts))


def test_a_question_that_an_answer_on_the_page_brings_is_new_and_not_yet_missing() -> None:
    received = send({"again": "no"})

    assert received is not None
    assert received.more == ("why",)
    assert received.sheet.asked == ("again", "why")
    assert not received.wrong
    assert received.answers == {"again": "no"}


def test_once_it_has_been_on_the_page_it_may_be_missing() -> None:
    received = send({"again": "no", "why": ""}, {"again": "no"})

    assert received is not None
    assert received.more == ()
    assert received.form.errors == {"why": ["Please answer “Why not?”."]}


def test_what_is_wrong_in_a_question_that_is_no_longer_asked_is_of_no_interest() -> None:
    received = send({"again": "yes", "why": "far too long a text"}, {"again": "no", "why": "Short", "more": "More"})

    assert received is not None
    assert not received.wrong
    assert received.sheet.asked == ("again",)
    assert received.answers == {"again": "yes"}


def test_what_an_older_page_asked_is_read_though_another_window_has_changed_what_is_asked() -> None:
    received = send({"again": "no", "why": "Too far"}, {"again": "yes", "when": "Spring"})

    assert received is not None
    assert received.answers == {"again": "no", "why": "Too far"}
    assert received.more == ("more",)
    assert not received.wrong


def test_an_answer_that_is_wrong_decides_nothing_the_one_saved_before_does() -> None:
    received = send({"again": "no", "why": "far too long a text", "more": "Yes"}, {"again": "no", "why": "Short"})

    assert received is not None
    assert list(received.form.errors) == ["why"]
    assert received.sheet.asked == ("again", "why", "more")
    assert received.answers == {"again": "no", "more": "Yes"}
    assert received.spoken == {"again", "more"}


@pytest.mark.parametrize(("saved", "is_asked"), [({"again": "yes"}, True), ({"again": "no"}, False), ({}, False)])
def test_a_page_that_is_not_asked_is_not_read(saved: dict[str, str], is_asked: bool) -> None:
    assert (send({"when": "Spring"}, saved, number=2) is not None) is is_asked
    assert send({}, number=4) is None
    assert send({}, number=0) is None


@pytest.mark.parametrize(
    ("mode", "asked"), [("online", ("last", "online")), ("in_person", ("last",)), (None, ("last",))]
)
def test_what_only_those_online_are_asked_nobody_else_is(mode: str | None, asked: tuple[str, ...]) -> None:
    received = send({"last": "", "online": "Well"}, number=3, mode=mode)

    assert received is not None
    assert received.sheet.asked == asked


def test_a_cleared_answer_takes_along_what_was_asked_because_of_it() -> None:
    posted = MultiDict({"q-again": "no", "q-why": "Too far"})
    received = receiving.read(DEFINITION, "full", 1, "en", posted, {"again": "no"}, Facts(), cleared="again")

    assert received is not None
    assert list(received.form.errors) == ["again"]


def test_the_short_route_reads_what_is_core() -> None:
    received = receiving.read(DEFINITION, "short", 1, "en", MultiDict({"q-again": "no"}), {}, Facts())

    assert received is not None
    assert received.sheet.asked == ("again",)
    assert received.more == ()
