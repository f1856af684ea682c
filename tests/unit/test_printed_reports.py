"""What is put into words, and arranged, for the printed report: numbers, captions, chapters, the one page."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask_babel import Babel
from flask_babel import force_locale
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from mande.reports import spoken
from mande.reports import wording
from mande.reports.composing import markdown
from mande.reports.composing.composed import sections_of
from mande.reports.kinds import EditionKind
from mande.reports.printing import captions
from mande.reports.printing import layout
from mande.reports.printing import onepage


@pytest.fixture
def page() -> Iterator[None]:
    """Somewhere that a language can be spoken."""
    app = Flask("page")
    Babel(app)
    with app.app_context():
        yield


def question(**known: Any) -> dict[str, Any]:
    """A question of five points with figures that are known in full."""
    options = [{"code": str(point), "label": f"Point {point}"} for point in range(1, 6)]
    figures = {"n": 18, "mean": 4.25, "mean_range": [4.25, 4.25], "mean_interval": None, "sd": None, "nps": None,
               "yes": None, "favourable": 0.8333, "favourable_range": [0.8333, 0.8333], "nearly_all": None,
               "missing": None, "not_applicable": None, "band": None}  # fmt: skip
    asked = {"code": "useful", "text": "How useful was it?", "section": "All", "type": "scale", "meeting": None,
             "asked_of": ["participant"], "counted": ["participant"], "partly_asked": None, "withheld": False,
             "core": True, "criterion": None, "breakdowns": [], "cells": [1], "options": options}  # fmt: skip
    return asked | figures | known


def document(kind: EditionKind, **known: Any) -> dict[str, Any]:
    """As much of a document as is arranged."""
    event = {"meetings": [], "time_zone": "UTC", "attendees": {"countries_named": []}}
    said = {"edition": kind.value, "sections": list(sections_of(kind)), "text": {}, "event": event, "response": None,
            "questions": [question()], "comments": [], "followup": None, "actions": None}  # fmt: skip
    return said | known


def test_numbers_are_written_as_each_language_writes_them(page: None) -> None:
    expected = {
        "en": ("72%", "4.25", "1,234", "−12", "50–60%"),
        "fr": ("72\u00a0%", "4,25", "1\u202f234", "−12", "50–60\u00a0%"),
        "ar": ("72%", "4.25", "1,234", "\u2068−12\u2069", "50–60%"),
    }
    for language, numbers in expected.items():
        with force_locale(language):
            said = (spoken.percent(0.72), spoken.decimal(4.25, 2), spoken.whole(1234), spoken.signed(-12),
                    spoken.percent_span(0.5, 0.6))  # fmt: skip

        plain = tuple(one.replace("\u200e", "") for one in said)
        assert plain == numbers


def test_what_rounds_to_nothing_has_no_sign() -> None:
    assert (spoken.signed(-0.2), spoken.signed(0.4), spoken.signed(3.6)) == ("0", "0", "+4")


def test_days_and_moments_follow_the_language_and_the_zone(page: None) -> None:
    assert spoken.day("2021-06-07") == "7 June 2021"
    assert spoken.moment("2021-06-07T12:00:00+00:00", "Europe/London") == "Monday 7 June 2021, 13:00 (BST)"
    with force_locale("fr"):
        assert spoken.moment("2021-06-01T12:00:00+00:00", "Europe/Paris") == "mardi 1er juin 2021, 14:00 (CEST)"


@pytest.mark.parametrize(("text", "way"), [("Hello", "ltr"), ("مرحبا", "rtl"), ("12 مرحبا", "rtl"), ("12", "ltr")])
def test_a_text_goes_the_way_of_its_first_letter(text: str, way: str) -> None:
    assert spoken.way(text) == way


def test_words_are_those_of_the_language_in_which_they_are_asked_for(page: None) -> None:
    assert wording.STATUSES[next(iter(wording.STATUSES))] == "Not started"
    assert wording.STANDINGS[None] == "Unknown"
    assert wording.part(list(wording.STATUSES)[:2], wording.STATUSES) == "Not started or some progress"


def test_the_facts_of_a_question_say_whom_it_was_asked_of_and_how_many_answered() -> None:
    facts = captions.meta(question(mean_interval=[3.9, 4.6], sd=0.72, missing=3))

    assert facts == ["Asked of participants", "18 answers", "3 left it blank", "mean 4.25",
                     "95% interval 3.90 to 4.60", "standard deviation 0.72"]  # fmt: skip
    assert captions.meta(question(partly_asked="answers"))[0] == "Asked of participants who had given a certain answer"


def test_the_figure_to_remember_is_given_no_more_exactly_than_it_is_known() -> None:
    assert captions.score(question()) == ("83%", "favourable")
    assert captions.score(question(favourable=None, favourable_range=[0, 1])) is None
    assert captions.score(question(type="yes_no", yes=0.5)) == ("50%", "yes")
    nps = {"score": -12.0, "interval": [-40.0, 16.0]}
    assert captions.score(question(type="rating", nps=nps)) == ("−12", "net promoter score")


def test_differences_are_of_one_figure_the_greatest_first() -> None:
    found = [{"between": [0, 1], "of": "favourable", "value": 0.25, "interval": [-0.1, 0.5]},
             {"between": [1, 0], "of": "mean", "value": 0.5, "interval": [-0.2, 1.2]}]  # fmt: skip
    groups = [{"label": "State"}, {"label": "Others"}]

    told = captions.differences({"groups": groups, "differences": found})

    assert told == ["State less Others: +25 points (95% interval −10 to +50)"]
    assert captions.differences({"groups": groups}) == []


def test_every_edition_has_its_chapters_in_order_and_the_method_at_the_end() -> None:
    kind = EditionKind.PARTNER
    arranged = layout.arrange(document(kind, text={"summary": "Good.", "findings": " ", "next_steps": "Soon."}))
    chapters = {chapter["name"]: chapter for chapter in arranged["chapters"]}

    assert list(chapters) == ["summary", "key_figures", "questions", "next_steps", "event", "method"]
    assert chapters["questions"]["inner"] == ["All"]
    assert [name for name, one in chapters.items() if not one["follows"]] == ["summary", "questions"]


def test_those_who_were_asked_are_spoken_to() -> None:
    titles = [chapter["title"] for chapter in layout.arrange(document(EditionKind.RESPONDENTS))["chapters"]]

    assert "What you told us" in titles
    assert "What they said" not in titles


def test_questions_stand_by_their_criterion_the_most_favourable_first() -> None:
    asked = [
        question(code="a", criterion="impact"),
        question(code="b", criterion="relevance", favourable_range=[0.4, 0.4]),
        question(code="c", criterion="relevance"),
        question(code="d"),
    ]

    glance = layout.arrange(document(EditionKind.PARTNER, questions=asked))["glance"]

    assert [(group["label"], [one["code"] for one in group["questions"]]) for group in glance] == [
        ("Relevance", ["c", "b"]),
        ("Impact", ["a"]),
        ("Other questions", ["d"]),
    ]


@given(st.lists(st.integers(), unique=True))
def test_a_summary_with_room_for_few_questions_shows_the_least_favourable_too(codes: list[int]) -> None:
    asked = [{"code": code} for code in codes]

    taken = layout.ends_first(asked)

    assert taken[:2] == [asked[0], asked[-1]][: len(asked)] if asked else taken == []
    assert sorted(taken, key=asked.index) == asked


def test_what_is_short_is_set_large_and_what_is_too_long_for_a_page_is_known() -> None:
    short, long = (markdown.as_html("A sentence of some length about the event. " * many) for many in (3, 400))

    assert onepage.fit([short], [short], ["How useful was it?"] * 12, "a4") == onepage.Fit(onepage.SIZES[0], 8)
    too_long = onepage.fit([long], [], ["How useful was it?"], "a4")
    assert too_long.size == onepage.SIZES[-1]
    assert too_long.over > 0.5
    assert onepage.fit([long], [], ["How useful was it?"], "letter").over > too_long.over


@settings(max_examples=60)
@given(st.integers(0, 60), st.integers(0, 60), st.lists(st.text("ab ", max_size=200), max_size=20))
def test_more_text_is_never_set_larger(some: int, more: int, questions: list[str]) -> None:
    texts = [markdown.as_html("Words that fill a line or two of the page. " * many) for many in (some, some + more)]

    fewer, greater = (onepage.fit([text], [text], questions, "a4") for text in texts)

    assert fewer.size >= greater.size
    assert fewer.over <= greater.over
    assert fewer.rows <= len(questions)
