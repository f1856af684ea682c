"""What the team does on the page of one action, with its own actions, with themes and with reminders to oneself."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC
from datetime import date
from datetime import datetime
from uuid import UUID

import html5lib
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from mande import clock
from mande import db
from mande.events.describing import storing
from mande.events.models import Event
from mande.events.operations import find
from mande.followup import links
from mande.followup import operations
from mande.followup.asking import checkins
from mande.followup.desk import reminding
from mande.followup.desk import team_reminders
from mande.followup.desk.models import Note
from mande.followup.desk.models import TeamReminder
from mande.followup.desk.models import Verification
from mande.followup.models import Channel
from mande.followup.models import CheckIn
from mande.followup.models import CheckInState
from mande.followup.models import FollowupLink
from mande.followup.models import PlannedAction
from mande.followup.models import Source
from mande.followup.models import Status
from mande.followup.models import Update
from mande.followup.models import Verified
from mande.followup.operations import Intention
from mande.followup.operations import Report
from mande.mail.models import Message
from mande.mail.models import MessageKind
from mande.staff.models import AuditEntry
from mande.staff.models import StaffMember
from mande.staff.models import StaffRole
from tests import builders

PAGE = "/staff/events/WP1873v/actions"


@pytest.fixture(autouse=True)
def time_moves() -> Iterator[None]:
    clock.move_to(datetime(2021, 6, 10, 10, tzinfo=UTC))
    yield
    clock.move_to(None)


@pytest.fixture
def event(app: Flask) -> Event:
    """An event at which Ada and Ben plan something together."""
    with db.transaction() as session:
        event = builders.make_event(session)
        builders.make_staff(session)
        builders.make_staff(session, "viewer@example.org", StaffRole.VIEWER, name="Vi Viewer")
        ada, ben = (builders.link_of(session, builders.attend(session, event, builders.make_person(session, name)))
                    for name in ("Ada Owner", "Ben Owner"))  # fmt: skip
        action = operations.add_action(session, ada, Intention("Train diplomats", date(2021, 12, 1), consent=True))
        shared = operations.add_action(session, ben, Intention("Train diplomats", date(2021, 12, 1), consent=True))
        shared.owners[0].action = action
        session.flush()
        session.delete(shared)
    return event


@pytest.fixture
def desk(client: FlaskClient, event: Event) -> "Desk":
    return Desk(client)


class Desk:
    """A manager at work: reads pages, which must be well formed, and sends forms."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.sign_in("manager@example.org")

    def sign_in(self, email: str) -> None:
        with db.reading() as session:
            builders.sign_in(self.client, session.scalars(select(StaffMember).where(StaffMember.email == email)).one())

    def read(self, path: str, status: int = 200) -> str:
        response = self.client.get(path)
        return good(response.get_data(as_text=True), response.status_code, status)

    def send(self, path: str, answer: int = 303, /, **typed: str) -> str:
        """Sends a form, and returns where it leads to, or the page that answers it otherwise."""
        data = {"csrf_token": builders.csrf(self.client), **{name.replace("__", "-"): typed[name] for name in typed}}
        response = self.client.post(path, data=data)
        if answer == 303:
            assert response.status_code == 303, response.get_data(as_text=True)
            return response.headers["Location"]
        return good(response.get_data(as_text=True), response.status_code, answer)


def good(page: str, status: int, wanted: int) -> str:
    assert status == wanted, page
    html5lib.HTMLParser(strict=True).parse(page)
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    return page


def the_action(what: str = "Train diplomats") -> PlannedAction:
    with db.reading() as session:
        found = session.scalars(select(PlannedAction).where(PlannedAction.what == what)).one()
        session.refresh(found, ["owners"])
        return found


def audited() -> list[str]:
    with db.reading() as session:
        return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.at, AuditEntry.id)))


def test_what_is_told_is_recorded_beside_what_owners_report_and_verified_apart(desk: Desk, event: Event) -> None:
    action = the_action()
    page = f"{PAGE}/{action.id}"
    ada, ben = (owner.link_id for owner in action.owners)
    clock.move_to(datetime(2021, 7, 12, 10, tzinfo=UTC))
    with db.transaction() as session:
        assert operations.queue_due_check_ins(session) == 2

    # A form that cannot be saved comes back with all that was typed.
    wrong = desk.send(
        f"{page}/record", 422, channel="telephone", happened_on="2021-07-13", what_changed="Kept <b>words</b>"
    )
    assert "This day is yet to come." in wrong
    assert "Choose whose words they are." in wrong
    assert "Choose how far it has come." in wrong
    assert "Kept &lt;b&gt;words" in wrong

    told = {"channel": "telephone", "happened_on": "2021-07-12", "whose": ada.hex, "status": "well_advanced"}
    said = {"what_changed": "Ten are trained", "significance": "A first", "contribution": "much", "factors": "A grant",
            "evidence": "https://example.org/list", "by_when": "2022-01-31"}  # fmt: skip
    assert desk.send(f"{page}/record", **told, **said).endswith("#reports")
    desk.send(f"{page}/record", **told, **said)  # the same form, sent twice
    with db.reading() as session:
        kept = session.scalars(select(Update)).one()
        assert (kept.channel, kept.recorded_by, kept.link_id) == (Channel.TELEPHONE, "manager@example.org", ada)
        assert {name: getattr(kept, name) for name in said if name != "by_when"} == {
            name: value for name, value in said.items() if name != "by_when"
        }
        states = {
            one.link_id: one.state for one in session.scalars(select(CheckIn).where(CheckIn.asked_at.is_not(None)))
        }
        assert states == {ada: CheckInState.ANSWERED, ben: CheckInState.ASKED}
        following = checkins.next_check_in(session, ada)
        assert following is not None
        assert following >= datetime(2021, 7, 26, tzinfo=UTC)
    assert (the_action().status, the_action().by_when) == (Status.WELL_ADVANCED, date(2022, 1, 31))

    # What was said earlier is kept, and does not take the place of later words; nor is it an answer.
    desk.send(f"{page}/record", **{**told, "whose": ben.hex, "happened_on": "2021-07-01", "status": "some_progress"})
    action = the_action()
    assert action.status is Status.WELL_ADVANCED
    assert {one.link_id: one.status for one in action.owners} == {ada: "well_advanced", ben: "some_progress"}
    with db.reading() as session:
        asked = session.scalars(select(CheckIn).where(CheckIn.link_id == ben, CheckIn.asked_at.is_not(None))).one()
        assert asked.state is CheckInState.ASKED
    with db.reading() as session:
        own_page = desk.client.get(f"/a/{links.token_of(session.get_one(FollowupLink, ada))}").get_data(as_text=True)
    assert "On 12 July 2021 you told us by telephone:" in own_page
    assert "Ten are trained" in own_page
    shown = desk.read(page)
    assert "its owners contradict one another" in shown
    assert "Ada Owner told Sam Staff by telephone" in shown
    assert shown.index("12 July 2021") < shown.index("1 July 2021")

    # Verification has a name and a source, stays beside what is reported, and is corrected by another one alone.
    refused = desk.send(f"{page}/verify", 422, level="complete", source="  ", note="A note to keep")
    assert "Say from which source you know it." in refused
    assert "A note to keep" in refused
    desk.send(f"{page}/verify", level="complete", source="The ministry's letter")
    clock.move_to(datetime(2021, 7, 13, 10, tzinfo=UTC))
    desk.send(f"{page}/verify", level="limited", source="A visit", note="Only five")
    action = the_action()
    assert (action.status, action.verified) == (Status.WELL_ADVANCED, Verified.LIMITED)
    with db.reading() as session:
        assert len(session.scalars(select(Verification)).all()) == 2
    desk.sign_in("viewer@example.org")
    shown = desk.read(page)
    assert shown.index("Well advanced") < shown.index("Limited") < shown.index("(a later one holds)")
    assert "Sam Staff, 13 July 2021" in shown.replace("<strong>", "").replace("</strong>", "")
    for words in ("recorded what was told", "verified it", "wrote it down"):
        assert words in shown
    assert '<form method="post" action="/staff/events' not in shown
    for path in ("verify", "record", "notes", "reminders"):
        desk.send(f"{page}/{path}", 403)
    assert audited() == [*["report recorded"] * 3, *["action verified"] * 2]


def test_notes_are_ones_own_and_go_with_the_action_that_its_owner_withdraws(desk: Desk, event: Event) -> None:
    action = the_action()
    page = f"{PAGE}/{action.id}"
    with db.transaction() as session:
        builders.make_staff(session, "other@example.org", name="Other Staff")
        for owner in list(session.get_one(PlannedAction, action.id).owners)[1:]:
            operations.withdraw_action(session, session.get_one(PlannedAction, action.id), owner.link)
    assert "Write the note first." in desk.send(f"{page}/notes", 422, words="")
    desk.send(f"{page}/notes", words="First words")
    desk.send(f"{page}/verify", level="no_evidence", source="Secret source")
    desk.send(f"{page}/reminders", on_day="2021-06-20", reminder="Call Ada")
    (address,) = re.findall(rf'href="({page}/notes/[0-9a-f-]+)"', desk.read(page))
    assert "First words" in desk.read(address)
    desk.send(address, words="Second words")
    desk.sign_in("other@example.org")
    assert address not in desk.read(page)
    assert "Call Ada" not in desk.read(page)
    desk.send(address, 404, words="Not mine")
    desk.send(f"{address}/delete", 404)
    desk.sign_in("manager@example.org")
    desk.send(f"{page}/notes", words="Another")
    desk.send(f"{address}/delete")
    shown = desk.read(page)
    assert "Second words" not in shown
    assert "First words" not in shown
    assert shown.count("wrote a note") == 2
    assert "deleted a note" in shown

    with db.transaction() as session:
        again = session.get_one(PlannedAction, action.id)
        told = Report(again.id, Status.SOME_PROGRESS, "Words of Ada", by_when=date(2022, 2, 2))
        operations.report_progress(session, again.owners[0].link, [told])
        operations.withdraw_action(session, again, again.owners[0].link)
    shown = desk.read(page)
    assert "A withdrawn action" in shown
    assert "the words are erased" in shown
    for gone in ("Ada Owner", "Train diplomats", "Secret source", "Another", "Words of Ada", "2 February"):
        assert gone not in shown
    assert "What I typed" in desk.send(f"{page}/notes", 409, words="What I typed")
    with db.reading() as session:
        for kind in (Note, Verification, TeamReminder):
            assert session.scalars(select(kind)).all() == []
    desk.read(f"{PAGE}/{UUID(int=1)}", 404)


def test_recommendations_are_pasted_looked_at_and_kept_and_the_team_works_on_them(desk: Desk, event: Event) -> None:
    pasted = "Recommendations\n\n1. Share practice\n   between ministries\n2. Train diplomats online\n"
    with db.reading() as session:
        sam = session.scalars(select(StaffMember).where(StaffMember.email == "manager@example.org")).one()
    desk.read(f"{PAGE}/paste")
    assert "Paste the list first." in desk.send(f"{PAGE}/paste", 422, do="look", pasted=" ", source="recommendation")
    shared = {"source": "recommendation", "staff": sam.id.hex, "by_when": "2021-09-30", "for_partners": "y"}
    preview = desk.send(f"{PAGE}/paste", 200, do="look", pasted=pasted, **shared)
    assert re.findall(r'name="take-(\d)" value="y" checked', preview) == ["1", "2"]
    assert "Share practice between ministries" in preview
    with db.reading() as session:
        assert len(session.scalars(select(PlannedAction)).all()) == 1
    lines = {"what__0": "Recommendations", "what__1": "Share practice widely", "what__2": "", "pasted": pasted}
    wrong = desk.send(f"{PAGE}/paste", 422, do="save", take__1="y", take__2="y", **lines, **shared)
    assert "This line is empty" in wrong
    assert "Share practice widely" in wrong
    assert "- Share practice widely" in desk.send(f"{PAGE}/paste", 200, do="back", take__1="y", **lines, **shared)
    desk.send(f"{PAGE}/paste", do="save", take__1="y", **lines, **shared)
    action = the_action("Share practice widely")
    assert (action.source, action.staff_id, action.for_partners) == (Source.RECOMMENDATION, sam.id, True)
    assert (action.by_when, action.owners) == (date(2021, 9, 30), [])
    again = desk.send(f"{PAGE}/paste", 200, do="look", pasted="Share Practice widely", **shared)
    assert "(written down already)" in again

    page = f"{PAGE}/{action.id}"
    desk.read(f"{page}/edit")
    kept = desk.send(f"{page}/edit", 422, source="team", what="", staff="", under="", why="Typed before")
    assert "Typed before" in kept
    desk.send(f"{page}/edit", source="team", what="Share practice at home", staff="", under="", why="They asked")
    desk.read(f"{page}/record")
    desk.send(f"{page}/record", channel="other", happened_on="2021-06-10", status="done", what_changed="It is shared")
    shown = desk.read(page)
    assert "Share practice widely</del>" in shown
    assert "recorded by Sam Staff" in shown
    assert the_action("Share practice at home").status is Status.DONE
    assert "Withdraw the action?" in desk.read(f"{page}/withdraw")
    desk.send(f"{page}/withdraw")
    assert "Put it back" in desk.read(page)
    with db.reading() as session:
        assert operations.summary(session, find(session, event.code)).actions == 1
    desk.send(f"{page}/put-back")
    assert "took it up again" in desk.read(page)
    desk.send(f"{PAGE}/{the_action().id}/edit", 403, what="Not the team's")
    desk.send(f"{PAGE}/new", source="team", what="Write to both", staff=sam.id.hex, under="", by_when="")
    assert audited()[0] == "recommendations added"
    assert audited()[-1] == "team action added"


def test_actions_are_grouped_under_outcomes_which_keep_them_when_outcomes_move(desk: Desk, event: Event) -> None:
    with db.transaction() as session:
        stored = find(session, event.code)
        texts = ("A note of recommendations", "Best practice is shared", "Diplomats are trained")
        storing.save(session, replace(storing.stored(stored), outcomes=texts), "a test")
        rows = [(one.id, one.text) for one in stored.outcomes]
    action = the_action()
    themes = f"{PAGE}/themes"
    plain = desk.read(themes)
    assert "because of the words: train, diplomats" in plain
    assert f'value="{rows[2][0].hex}" selected' not in plain
    assert f'value="{rows[2][0].hex}" selected' in desk.read(f"{themes}?suggested=y")
    assert the_action().theme_id is None
    field = {f"theme-{action.id.hex}": rows[2][0].hex, f"shown-{action.id.hex}": "", "theme-nothing": "x"}
    desk.send(themes, **field)
    assert the_action().theme_id == rows[2][0]
    # Who saves a page that was opened before does not undo what another did meanwhile.
    desk.send(themes, **{f"theme-{action.id.hex}": "", f"shown-{action.id.hex}": ""})
    assert the_action().theme_id == rows[2][0]
    desk.send(f"{PAGE}/{action.id}/verify", level="complete", source="A list")
    shown = desk.read(themes)
    assert "Self-reported: 0 done. Verified: 1 complete, 0 not verified yet." in re.sub(r"\s+", " ", shown)

    def outcomes(*texts: str) -> list[tuple[UUID, str]]:
        with db.transaction() as session:
            stored = find(session, event.code)
            storing.save(session, replace(storing.stored(stored), outcomes=texts), "manager@example.org")
        with db.reading() as session:
            return [(one.id, one.text) for one in find(session, event.code).outcomes]

    # The first of three goes, two change places, one is reworded: each row keeps its meaning.
    assert outcomes(texts[1], texts[2]) == rows[1:]
    assert outcomes(texts[2], "New", texts[1])[::2] == [rows[2], rows[1]]
    assert outcomes("Diplomats are well trained", "New", texts[1])[0] == (rows[2][0], "Diplomats are well trained")
    assert the_action().theme_id == rows[2][0]
    assert outcomes("New", texts[1])
    assert the_action().theme_id is None
    assert "removed the intended outcome that it was grouped under" in desk.read(f"{PAGE}/{action.id}")
    with db.reading() as session:
        entry = session.scalars(
            select(AuditEntry).where(AuditEntry.action == "event changed").order_by(AuditEntry.at.desc())
        )
        assert "1 action is grouped under" in entry.first().detail["lost"][0]


def test_one_message_on_the_morning_lists_all_that_is_due_and_never_comes_twice(desk: Desk, event: Event) -> None:
    action = the_action()
    page = f"{PAGE}/{action.id}"
    desk.send(f"{page}/reminders", 422, on_day="2021-06-09", reminder="")
    desk.send(f"{page}/reminders", on_day="2021-06-12", reminder="Call Ada")
    desk.send(f"{page}/reminders", on_day="2021-06-12", reminder="Ask Ben")
    desk.send(f"{page}/reminders", on_day="2021-06-13", reminder="Write to both")
    with db.transaction() as session:
        sam = session.scalars(select(StaffMember).where(StaffMember.email == "manager@example.org")).one()
        # Tokyo's morning is before London's.
        far = builders.make_event(session, code="FAR", time_zone="Asia/Tokyo", discreet=True)
        link = builders.link_of(session, builders.attend(session, far))
        hidden = operations.add_action(session, link, Intention("Hidden plan"))
        team_reminders.add(session, hidden, sam, date(2021, 6, 12), "Hidden words")

    def morning(*moment: int) -> list[Message]:
        clock.move_to(datetime(*moment, tzinfo=UTC))
        reminding.run()
        with db.reading() as session:
            notices = select(Message).where(Message.kind == MessageKind.TEAM_NOTICE).order_by(Message.due_at)
            return list(session.scalars(notices))

    assert morning(2021, 6, 11, 23, 59) == []
    (first,) = morning(2021, 6, 12, 0, 1)
    assert "named in no message" in (first.text or "")
    assert re.findall(r"Hidden|Call Ada|FAR", f"{first.subject} {first.text} {first.html}") == []
    assert len(morning(2021, 6, 12, 7, 59)) == 1
    _first, second = morning(2021, 6, 12, 8, 1)  # nine in London, in summer
    assert second.subject == "3 reminders that you set yourself"
    for words in ("Call Ada", "Ask Ben", "Train diplomats"):
        assert words in (second.text or "")
    assert "Write to both" not in (second.text or "")
    assert (second.link_path, second.to_address) == ("/staff/reminders", "manager@example.org")
    assert len(morning(2021, 6, 12, 20, 0)) == 2

    mine = desk.read("/staff/reminders")
    assert mine.index("Today") < mine.index("Call Ada") < mine.index("To come") < mine.index("Write to both")
    with db.reading() as session:
        assert team_reminders.due_for(session, sam.id) == 3
    done = re.search(r'action="(/staff/reminders/[0-9a-f-]+/done)"', mine).group(1)
    assert desk.send(done, next=page).endswith(page)
    with db.reading() as session:
        assert team_reminders.due_for(session, sam.id) == 2
    desk.send(done.replace("/done", "/not-done"))
    with db.transaction() as session:
        session.get_one(StaffMember, sam.id).active = False
    assert len(morning(2021, 6, 13, 12, 0)) == 2
