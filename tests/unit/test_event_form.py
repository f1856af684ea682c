"""The form of an event: nothing that was typed is lost, and what is wrong stands beside its field."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from mande.events.describing import event_form
from mande.events.describing.described import EventFileError
from mande.events.describing.described import parse
from mande.events.describing.event_form import EventForm

GOOD = {
    "code": "E1", "title": "A title", "convenor": "A house", "time_zone": "Europe/London", "manager_name": "Robin",
    "manager_email": "robin@example.org", "k": "5", "days_open": "21", "checkin_months": "1, 3",
    "meeting": "0", "meeting-0-title": "One", "meeting-0-starts": "2021-06-07T13:00",
    "meeting-0-ends": "2021-06-07T15:30", "meeting-0-format": "virtual",
}  # fmt: skip


def form(**changes: Any) -> EventForm:
    """A good form with these fields changed; of a field with several values, a list."""
    fields = {name.replace("__", "-"): value for name, value in changes.items()}
    return event_form.read(MultiDict({**GOOD, **fields}))


def errors(**changes: Any) -> dict[str, str]:
    typed = form(**changes)
    with pytest.raises(EventFileError) as caught:
        parse(event_form.described(typed))
    return dict(event_form.with_problems(typed, caught.value.found).errors)


def test_a_form_says_what_a_file_would() -> None:
    event = parse(event_form.described(form(
        objectives="Learn\r\n\r\n Meet ", oda_eligible="y", oda_share="60", crs_code="15121",
        meeting__0__place="A house",
        partner=["4", "2"], partner__4__name="B", partner__2__name="A", partner__2__country="Norway",
        group=["0"], group__0__name="Academics", group__0__sought="4",
    )))  # fmt: skip

    assert (event.objectives, event.meetings[0].place, event.meetings[0].code) == (
        ("Learn", "Meet"),
        "A house",
        "meeting-1",
    )
    assert event.partners == (("B", None), ("A", "NO"))
    assert [(one.name, one.sought) for one in event.groups] == [("Academics", 4)]
    assert (event.dac_code, event.oda_share, event.checkin_months, event.reminder_days) == ("151", 60, (1, 3), None)


def test_what_is_wrong_stands_beside_its_field_in_words_for_people() -> None:
    found = errors(
        title=" ", time_zone="Mars", k="two", oda_share="101", dac_code="152", crs_code="15121", manager_email="nobody",
        meeting__0__ends="2021-06-07T12:00", partner=["0", "1"], partner__1__name="A", partner__1__country="Narnia",
        group=["0"], group__0__sought="many",
    )  # fmt: skip

    assert found["title"] == "The title is missing."
    assert "'Mars' is not a time zone" in found["time_zone"]
    assert found["k"] == "The smallest group is 'two'; it is a whole number from 3 to 10."
    assert found["crs_code"] == "The purpose 15121 belongs to sector 151, not to 152."
    assert found["meeting-0-ends"] == "Meeting 1: it ends before it starts."
    assert found["partner-1-country"].startswith("Partner 2: the country 'Narnia' is not a country")
    assert found["group-0-name"] == "Group 1: the name is missing."
    assert {"manager_email", "oda_share", "group-0-sought"} <= found.keys()


def test_an_event_without_a_meeting_and_one_with_two_of_a_code_say_so() -> None:
    assert "there is none" in errors(meeting=[])["meetings"]
    second = {name.replace("-0-", "__1__"): value for name, value in GOOD.items() if name.startswith("meeting-0")}
    found = errors(meeting=["0", "1"], **second, meeting__0__code="one", meeting__1__code="one")
    assert "given to more than one" in found["meeting-1-code"]


def test_a_share_without_eligibility_makes_no_sense() -> None:
    assert "not ODA-eligible" in errors(oda_share="60")["oda_share"]


def test_lines_left_blank_say_nothing_and_meetings_without_a_code_get_one_that_is_free() -> None:
    second = {name.replace("-0-", "__1__"): value for name, value in GOOD.items() if name.startswith("meeting-0")}
    event = parse(event_form.described(form(
        partner=["0"], group=["0"], group__0__was="Gone", meeting=["0", "1"], meeting__0__was="meeting-1", **second
    )))  # fmt: skip

    assert (event.partners, event.groups) == ((), ())
    assert [meeting.code for meeting in event.meetings] == ["meeting-1", "meeting-2"]


def test_buttons_add_move_and_remove_lines_with_all_that_was_typed_in_them() -> None:
    typed = form(group=["0", "1"], group__0__name="A", group__1__name="B", group__1__sought="many")

    def names(button: str) -> list[str]:
        after = event_form.pressed(typed, button)
        assert after is not None
        assert after.said == typed.said
        return [line["name"] for line in after.of("group")]

    assert names("group-add") == ["A", "B", ""]
    assert names("group-up-1") == names("group-down-0") == ["B", "A"]
    assert names("group-remove-0") == ["B"]
    assert names("group-up-0") == names("group-down-1") == names("group-remove-7") == ["A", "B"]
    assert event_form.pressed(typed, "save") is None
    assert event_form.pressed(typed, "group-eat-1") is None


def test_a_further_meeting_is_like_the_last_in_format_and_place() -> None:
    after = event_form.pressed(form(meeting__0__place="A house"), "meeting-add")
    assert after is not None
    assert (after.of("meeting")[1]["format"], after.of("meeting")[1]["place"]) == ("virtual", "A house")


TYPED = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"), max_size=20)


@settings(max_examples=60)
@given(st.fixed_dictionaries({}, optional=dict.fromkeys(event_form.PLAIN, TYPED)),
       st.lists(st.fixed_dictionaries({"name": TYPED, "country": TYPED}), max_size=4),
       st.lists(st.fixed_dictionaries({"name": TYPED, "sought": TYPED, "was": TYPED}), max_size=4))  # fmt: skip
def test_whatever_is_typed_is_shown_again_and_is_either_taken_or_told_beside_a_field(
    said: dict[str, str], partners: list[dict[str, str]], groups: list[dict[str, str]]
) -> None:
    fields: dict[str, Any] = {**GOOD, **said}
    for name, lines in (("partner", partners), ("group", groups)):
        fields[name] = [str(number) for number in range(len(lines))]
        fields.update(
            {f"{name}-{number}-{column}": text for number, line in enumerate(lines) for column, text in line.items()}
        )
    typed = event_form.read(MultiDict(fields))

    assert all(typed.said[name] == text for name, text in said.items())
    assert [dict(line) for line in typed.of("partner")] == partners
    try:
        event = parse(event_form.described(typed))
    except EventFileError as error:
        told = event_form.with_problems(typed, error.found)
        assert told.errors
        assert (told.said, told.lines) == (typed.said, typed.lines)
    else:
        assert parse(event_form.described(event_form.shown(event))) == event
