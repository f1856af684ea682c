"""Part One beside Part Two, and groups of two strata together, as a document says them."""

import json
from typing import Any

import pytest

from mande.reports import wording
from mande.reports.answers import groups
from mande.reports.answers import meetings
from mande.surveys import strata
from mande.surveys.authoring.editor import words
from mande.surveys.questionnaires import checking

TITLES = {"part-one": "Part One", "part-two": "Part Two"}


def question(code: str, meeting: str | None, **changes: Any) -> dict[str, Any]:
    said = {
        "code": code, "apart": 0, "type": "yes_no", "text": "Useful?", "question": "Useful?", "meeting": meeting,
        "asked_of": ["participant"], "options": [{"code": "yes"}, {"code": "no"}], "breakdowns": [],
        "indicative": False,
    }  # fmt: skip
    return said | dict.fromkeys(meetings.SHOWN) | {"n": 20} | changes


def test_what_was_asked_for_each_meeting_stands_beside_each_other_in_their_order() -> None:
    asked = [
        question("useful@part-two", "part-two", yes=0.9, text="Was Part Two useful?"),
        question("other", None),
        question("useful@part-one", "part-one", yes=0.6, text="Was Part One useful?"),
        question("rest@part-one", "part-one"),
        question("rest@part-two", "part-two", n=None),
    ]
    (found,) = meetings.compared(asked, TITLES, [20, None, 20, None, None], "en")

    assert (found["code"], found["by"], found["text"]) == ("useful", "question", "Was … useful?")
    assert [(one["code"], one["title"], one["yes"]) for one in found["meetings"]] == [
        ("part-one", "Part One", 0.6), ("part-two", "Part Two", 0.9),
    ]  # fmt: skip
    # Everybody answered for both, so that the difference is known.
    assert found["difference"] == {"between": [1, 0], "of": "yes", "value": 0.3, "interval": [0.3, 0.3]}


def test_what_was_published_apart_or_asked_otherwise_is_not_compared() -> None:
    one, other = question("useful@part-one", "part-one", yes=0.6), question("useful@part-two", "part-two", yes=0.9)

    assert len(meetings.compared([one, other], TITLES, [None, None], "en")) == 1
    for otherwise in ({"apart": 1}, {"options": []}, {"type": "scale"}, {"asked_of": ["speaker"]}):
        assert meetings.compared([one, other | otherwise], TITLES, [None, None], "en") == []


def test_of_what_was_asked_once_those_who_attended_one_meeting_stand_beside_those_of_another() -> None:
    def group(*members: str) -> dict[str, Any]:
        return dict.fromkeys(meetings.SHOWN) | {"n": 8, "members": list(members), "label": " or ".join(members)}

    difference = {"between": [0, 1], "of": "yes", "value": -0.2, "interval": [-0.5, 0.1]}
    breakdown = {"by": "meeting", "form": "counts", "groups": [group("part-one"), group("part-two"), group("all")]}
    asked = question("useful", None, breakdowns=[breakdown | {"differences": [difference]}])
    (found,) = meetings.compared([asked], TITLES, [None], "en")

    assert (found["by"], [one["code"] for one in found["meetings"]]) == ("attendance", ["part-one", "part-two", "all"])
    assert found["difference"] == {"between": [1, 0], "of": "yes", "value": 0.2, "interval": [-0.1, 0.5]}
    merged = {**breakdown, "groups": [group("all", "part-one"), group("part-two")], "differences": [difference]}
    (other,) = meetings.compared([asked | {"breakdowns": [merged]}], TITLES, [None], "en")
    assert other["difference"] is None
    levels = {**breakdown, "form": "levels"}
    assert meetings.compared([asked | {"breakdowns": [levels]}], TITLES, [None], "en") == []


def test_two_strata_together_are_one_group_of_those_who_are_alike_in_both() -> None:
    values = {"sector": "civil_society", "gender": "non*binary", "oda": "yes"}
    stored = strata.declared(["sector*gender", "oda"], values)

    assert stored == {"sector*gender": "civil_society*non-binary", "oda": "yes"}
    assert strata.needed(["sector*gender", "oda", "sector"]) == ["sector", "gender", "oda"]
    assert (strata.value(stored, "gender"), strata.value(stored, "oda")) == ("non-binary", "yes")
    assert strata.value(stored, "mode") is None
    with pytest.raises(ValueError, match=r"sector\*shoe-size"):
        strata.declared(["sector*shoe-size"], values)


def test_groups_of_two_strata_are_named_and_ordered_by_both() -> None:
    names = {"meeting": TITLES, "sector": {"trade-union": "Trade union"}}
    found = [("part-two*state",), ("all*trade-union", "part-one*media"), ("part-one*state",)]
    ordered = sorted(found, key=lambda members: groups.place("meeting*sector", members, names))

    assert [groups.label("meeting*sector", members, names) for members in ordered] == [
        "Part One × The state", "Part Two × The state", "All meetings × Trade union or Part One × Media",
    ]  # fmt: skip
    assert wording.STRATA["meeting*sector"] == "meetings attended × sector"
    with pytest.raises(KeyError):
        wording.STRATA["shoe-size"]


def test_the_editor_the_schema_and_the_counting_know_the_same_strata() -> None:
    known = [*strata.SINGLE, *strata.CROSSED]
    schema = json.loads(checking.SCHEMA.read_text(encoding="utf-8"))

    assert schema["properties"]["strata"]["items"]["enum"] == known
    assert [*words.strata(), *words.crossed()] == known
    assert words.crossed()["sector*gender"] == "Sector × Gender"


@pytest.mark.parametrize("declared", [["sector*gender"], ["role", "meeting", "meeting*sector"]])
def test_a_questionnaire_may_declare_two_strata_together(declared: list[str]) -> None:
    assert [p for p in checking.problems({"strata": declared}) if p.path[:1] == ("strata",)] == []


@pytest.mark.parametrize("declared", ["gender*sector", "role*sector", "sector*sector", "sector*gender*mode"])
def test_any_other_two_are_refused(declared: str) -> None:
    (found,) = (p for p in checking.problems({"strata": [declared]}) if p.path[:1] == ("strata",))

    assert "is unknown; it is one of role, meeting" in str(found)
