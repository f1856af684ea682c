"""Two records of one person are made one, and two again."""

from datetime import UTC
from datetime import date
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy import update
from sqlalchemy.orm import Session

from mande import clock
from mande import db
from mande.events import leaving
from mande.events.models import Attendance
from mande.events.models import Event
from mande.events.models import Mode
from mande.events.models import Person
from mande.events.models import PersonAddress
from mande.events.models import PersonMerge
from mande.events.models import Role
from mande.events.models import StakeholderGroup
from mande.events.records import merging
from mande.events.records import suggestions
from mande.events.records import unmerging
from mande.events.records.merging import MergeError
from mande.followup import links
from mande.followup import operations as followup
from mande.followup.models import CheckIn
from mande.followup.models import CheckInState
from mande.followup.models import PlannedAction
from mande.followup.models import Status
from mande.followup.models import Update
from mande.followup.operations import Intention
from mande.followup.operations import Report
from mande.mail.models import Message
from mande.models import metadata
from mande.staff.models import AuditEntry
from mande.surveys import operations as surveys
from mande.surveys.models import Invitation
from mande.surveys.models import Survey
from tests.builders import attend
from tests.builders import csrf
from tests.builders import link_of
from tests.builders import make_event
from tests.builders import make_person
from tests.builders import make_staff
from tests.builders import sign_in

AFTER = datetime(2021, 6, 10, 9, tzinfo=UTC)
# What a merge and its undoing touch, and must leave as they were.
TOUCHED = ("person", "person_address", "attendance", "attendance_role", "attendance_meeting", "invitation",
           "followup_link", "former_followup_link", "planned_action", "action_owner", "check_in",
           "action_update")  # fmt: skip


@pytest.fixture(autouse=True)
def after_the_event() -> Any:
    clock.move_to(AFTER)
    yield
    clock.move_to(None)


@pytest.fixture
def manager(client: FlaskClient) -> FlaskClient:
    """A client whose user is a manager."""
    with db.transaction() as session:
        sign_in(client, make_staff(session))
    return client


def rows(session: Session) -> dict[str, list[Any]]:
    """What the tables hold. A check-in that is planned anew is the same as before, whatever its id."""
    columns = {name: [one for one in metadata.tables[name].c if (name, one.name) != ("check_in", "id")]
               for name in TOUCHED}  # fmt: skip
    return {name: sorted(map(tuple, session.execute(select(*columns[name]))), key=str) for name in TOUCHED}


def twice(session: Session, event: Event) -> tuple[Attendance, Attendance]:
    """One person on the list of an event under two addresses."""
    group = StakeholderGroup(position=1, name="Donors")
    event.groups.append(group)
    kept = make_person(session, name="Ada Example", email="ada@a.org", organisation=None, discreet=False)
    dropped = make_person(session, name="A. Example", email="ada@b.org", position="Envoy", country="NO", discreet=True)
    dropped.addresses = [PersonAddress(address="ada@c.org")]
    one = attend(session, event, kept, [Role.PARTICIPANT], event.meetings[:1], mode=None)
    other = attend(session, event, dropped, [Role.SPEAKER, Role.PARTICIPANT], event.meetings[1:], mode=Mode.ONLINE)
    other.group = group
    session.flush()
    return one, other


def merge(session: Session, one: Attendance, other: Attendance, **values: Any) -> PersonMerge:
    return merging.merge(session, one.person, other.person, values)


def undo(done: PersonMerge) -> None:
    with db.transaction() as session:
        unmerging.undo(session, session.get_one(PersonMerge, done.id))


def test_addresses_events_and_chosen_values_of_two_records_become_one_persons_and_two_again(app: Flask) -> None:
    with db.transaction() as session:
        event = make_event(session)
        one, other = twice(session, event)
        elsewhere = attend(session, make_event(session, code="B2"), other.person)
        before = rows(session)
    with db.transaction() as session:
        done = merge(session, session.get_one(Attendance, one.id), session.get_one(Attendance, other.id),
                     email="ada@b.org", position="Envoy", discreet=True)  # fmt: skip

    with db.reading() as session:
        kept = session.get_one(Person, one.person_id)
        assert (kept.email, [a.address for a in kept.addresses]) == ("ada@b.org", ["ada@a.org", "ada@c.org"])
        assert (kept.name, kept.position, kept.country, kept.discreet) == ("Ada Example", "Envoy", "GB", True)
        assert session.get(Person, other.person_id) is None
        assert session.get_one(Attendance, elsewhere.id).person_id == kept.id
        united = session.get_one(Attendance, one.id)
        assert {held.role for held in united.roles} == {Role.PARTICIPANT, Role.SPEAKER}
        assert [meeting.code for meeting in united.meetings] == ["part-one", "part-two"]
        assert (united.mode, united.group.name if united.group else "") == (Mode.ONLINE, "Donors")
        assert session.get(Attendance, other.id) is None
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "people merged")).one()
        assert "@" not in str((entry.subject, entry.detail))
    undo(done)
    with db.reading() as session:
        assert rows(session) == before
        assert session.scalars(select(AuditEntry).where(AuditEntry.action == "merge undone")).one()
        assert unmerging.obstacle(session, session.get_one(PersonMerge, done.id)) == "This has been undone already."


def test_what_was_changed_since_a_merge_stays_when_it_is_undone(app: Flask) -> None:
    with db.transaction() as session:
        one, other = twice(session, make_event(session))
        done = merge(session, one, other, position="Envoy", organisation=None)
    with db.transaction() as session:
        kept = session.get_one(Person, one.person_id)
        kept.position = "Minister"
        kept.addresses.append(PersonAddress(address="ada@new.org"))
    undo(done)

    with db.reading() as session:
        kept = session.get_one(Person, one.person_id)
        assert (kept.position, kept.email, [a.address for a in kept.addresses]) == (
            "Minister", "ada@a.org", ["ada@new.org"],
        )  # fmt: skip
        assert session.get_one(Person, other.person_id).email == "ada@b.org"


def test_a_merge_is_not_undone_while_another_one_or_another_person_stands_in_the_way(app: Flask) -> None:
    with db.transaction() as session:
        one, other = twice(session, make_event(session))
        third = make_person(session, name="Ada X", email="ada@x.org")
        first = merge(session, one, other)
        clock.move_to(datetime(2021, 6, 11, tzinfo=UTC))
        second = merging.merge(session, one.person, third, {})
    with db.reading() as session:
        assert "undo that first" in unmerging.obstacle(session, session.get_one(PersonMerge, first.id))
    undo(second)
    with db.transaction() as session:
        kept = session.get_one(Person, one.person_id)
        kept.addresses = [a for a in kept.addresses if a.address != "ada@c.org"]
        session.flush()
        make_person(session, name="Cleo", email="ada@c.org")
    with pytest.raises(MergeError, match="belongs to Cleo now"):
        undo(first)
    with db.reading() as session:
        assert session.get(Person, other.person_id) is None


def test_a_record_that_was_merged_itself_brings_its_own_merge_back(app: Flask) -> None:
    with db.transaction() as session:
        a, b, c = (make_person(session, name=name, email=f"{name}@x.org") for name in "abc")
        before = rows(session)
        inner = merging.merge(session, b, c, {})
        outer = merging.merge(session, a, b, {})
        assert session.scalar(select(func.count()).select_from(PersonMerge)) == 1
    undo(outer)
    undo(inner)
    with db.reading() as session:
        assert rows(session) == before


@pytest.mark.parametrize("answered", [(), (0,), (1,), (0, 1)])
def test_while_both_are_asked_the_refusal_is_the_same_whoever_has_answered(
    app: Flask, manager: FlaskClient, answered: tuple[int, ...]
) -> None:
    with db.transaction() as session:
        event = make_event(session)
        pair = twice(session, event)
        surveys.open_surveys(session, event)
        for number in answered:
            asked = Invitation.attendance_id == pair[number].id
            session.execute(update(Invitation).where(asked).values(answered=True))
    address = f"/staff/people/{pair[0].person_id}/merge/{pair[1].person_id}"
    page = manager.get(address).text
    fields = {"csrf_token": csrf(manager)}

    assert "They cannot be made one yet" in page
    assert "nobody may learn whether either of them has answered" in page
    assert page.count("Stop mail to ") == 2
    assert "Merge into one record" not in page
    refused = manager.post(address, data=fields, follow_redirects=True)
    assert "nobody may learn" in refused.text
    stopped = manager.post(f"{address}/stop-mail/{pair[1].id}", data=fields, follow_redirects=True)
    assert "Nothing more is sent to ada@b.org about WP1873v" in stopped.text
    with db.reading() as session:
        asked = session.execute(select(Invitation.attendance_id, Invitation.stopped)).all()
        assert dict(asked) == {pair[0].id: False, pair[1].id: True}


def test_where_one_record_was_asked_its_invitation_moves_and_goes_back_with_its_link(app: Flask) -> None:
    with db.transaction() as session:
        event = make_event(session)
        one = attend(session, event, make_person(session, name="Ada", email="ada@a.org"))
        surveys.open_surveys(session, event)
        late = attend(session, event, make_person(session, name="Ada", email="ada@b.org"))
        before = rows(session)
        done = merge(session, late, one)
        invitation = session.scalars(select(Invitation)).one()
        assert invitation.attendance_id == late.id
        assert session.scalars(select(Message.to_address)).one() == "ada@b.org"
    undo(done)
    with db.reading() as session:
        assert rows(session) == before


def test_figures_of_closed_surveys_stay_when_two_who_were_asked_become_one_and_two_again(app: Flask) -> None:
    with db.transaction() as session:
        event = make_event(session, participants=3)
        one, other = twice(session, event)
        other.roles = [held for held in other.roles if held.role is Role.PARTICIPANT]
        surveys.open_surveys(session, event)
        surveys.close_surveys(session, event)
        rates, before = surveys.response_rates(session, event), rows(session)
        assert rates == {Role.PARTICIPANT: (0, 5)}
        done = merge(session, one, other)
        assert surveys.response_rates(session, event) == rates
        assert session.scalar(select(func.count()).select_from(Invitation)) == 4
    undo(done)
    with db.reading() as session:
        assert rows(session) == before


def test_actions_check_ins_reports_and_both_mailed_links_belong_to_the_one_person_and_go_apart_again(
    app: Flask, client: FlaskClient
) -> None:
    with db.transaction() as session:
        event = make_event(session)
        pair = twice(session, event)
        links.ensure_links(session, event)
        tokens = []
        for number, attendance in enumerate(pair):
            link = link_of(session, attendance)
            intention = Intention(f"Action {number}", consent=True, by_when=date(2021, 9, 1 + number))
            action = followup.add_action(session, link, intention)
            tokens.append(links.token_of(link))
            followup.report_progress(session, link, [Report(action.id, Status.SOME_PROGRESS, "Begun")])
    with db.transaction() as session:
        # The second has been asked in the first month already, and has answered.
        first, second = (link_of(session, one) for one in pair)
        step = session.scalars(
            select(CheckIn).where(CheckIn.link_id == second.id).order_by(CheckIn.due_at).limit(1)
        ).one()
        step.state, step.asked_at = CheckInState.ANSWERED, AFTER
        session.execute(update(Update).where(Update.link_id == second.id).values(check_in_id=step.id))
        second.stopped = True
        followup.schedule_check_ins(session, [first.id, second.id])
        before = rows(session)
    with db.transaction() as session:
        done = merge(session, *(session.get_one(Attendance, one.id) for one in pair))

    for token in tokens:
        page = client.get(f"/a/{token}")
        assert (page.status_code, "Action 0" in page.text, "Action 1" in page.text) == (200, True, True)
    with db.reading() as session:
        assert set(session.scalars(select(CheckIn.link_id))) == {first.id}
        assert session.scalars(select(CheckIn.id).where(CheckIn.state == CheckInState.ANSWERED)).one() == step.id
        kept = link_of(session, pair[0])
        assert kept.stopped
    undo(done)
    with db.reading() as session:
        assert rows(session) == before
    for number, token in enumerate(tokens):
        page = client.get(f"/a/{token}").text
        assert (f"Action {number}" in page, f"Action {1 - number}" in page) == (True, False)


def test_duplicates_are_suggested_compared_merged_and_undone_on_the_pages(app: Flask, manager: FlaskClient) -> None:
    with db.transaction() as session:
        ada = make_person(session, name="Ada Example", email="ada.example@a.org", organisation="Alpha", country="KE")
        again = make_person(session, name="Example, Ada", email="ada.example@b.org", organisation="<Beta>")
        both = f"{ada.id}/merge/{again.id}"
    page = manager.get("/staff/people/duplicates").text
    assert "1 pair of records" in page
    assert "The same name, the same address at another domain" in page
    preview = manager.get(f"/staff/people/{both}").text
    assert "&lt;Beta&gt;" in preview
    data = {"csrf_token": csrf(manager), "email": "kept", "organisation": "dropped"}
    merged = manager.post(f"/staff/people/{both}", data=data, follow_redirects=True).text
    assert "The two records are one now" in merged
    assert "&lt;Beta&gt;" in merged
    with db.reading() as session:
        (done,) = session.scalars(select(PersonMerge))
    undone = manager.post(f"/staff/people/merges/{done.id}/undo", data=data, follow_redirects=True).text
    assert "The merge is undone" in undone
    assert "Alpha" in undone
    told = manager.post(f"/staff/people/{both.replace('merge', 'distinct')}", data=data, follow_redirects=True).text
    assert "No two records look alike" in told
    same = manager.get(f"/staff/people/{ada.id}/merge/{ada.id}", follow_redirects=True)
    assert "one and the same" in same.text


def test_duplicates_are_found_by_further_addresses_too(app: Flask) -> None:
    with db.transaction() as session:
        ada = make_person(session, name="Ada Example", email="ada@a.org", organisation="A")
        ada.addresses = [PersonAddress(address="ada.example@b.org")]
        make_person(session, name="A. Example", email="ada.example@c.org", organisation="B")
    with db.reading() as session:
        (found,) = suggestions.find(session)
        assert found.reasons == ("the same address at another domain",)


def test_whoever_was_asked_in_an_open_survey_stays_and_others_leave_with_what_hangs_on_them(app: Flask) -> None:
    with db.transaction() as session:
        event = make_event(session)
        one, other = twice(session, event)
        surveys.open_surveys(session, event)
        late = attend(session, event, make_person(session, name="Late"))
        followup.add_action(session, link_of(session, late), Intention("Erased", consent=True))
    with db.transaction() as session:
        for attendance in (one, other):
            asked = session.get_one(Attendance, attendance.id)
            session.execute(update(Invitation).where(Invitation.attendance_id == one.id).values(answered=True))
            with pytest.raises(leaving.LeavingError, match="Nobody may learn whether they have answered"):
                leaving.remove(session, asked)
        gone = session.get_one(Attendance, late.id)
        assert leaving.check(session, gone).losses == (
            "1 planned action is erased, with all that was reported about it.",
        )
        leaving.remove(session, gone)
        leaving.stop_mail(session, session.get_one(Attendance, one.id))
    with db.transaction() as session:
        assert session.get(Attendance, late.id) is None
        assert session.get(Person, late.person_id) is not None
        assert session.scalar(select(func.count()).select_from(PlannedAction)) == 0
        surveys.close_surveys(session, session.get_one(Event, event.id), leave_out_broken=True)
        leaving.remove(session, session.get_one(Attendance, one.id))
        assert session.scalars(select(Survey.invited).order_by(Survey.role)).all() == [1, 1]
