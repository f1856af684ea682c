"""Thanks to the owners of actions once their follow-up is over and a public edition tells what came of the event."""

from collections.abc import Iterator
from datetime import UTC
from datetime import datetime
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy import update

from mande import clock
from mande import db
from mande.events import marking
from mande.events.models import Event
from mande.events.models import Person
from mande.followup import clockwork
from mande.followup import links
from mande.followup import operations as followup
from mande.followup.models import FollowupLink
from mande.followup.models import PlannedAction
from mande.followup.models import Status
from mande.followup.operations import Report
from mande.mail import rewriting
from mande.mail import stopping
from mande.mail import suppression
from mande.mail.models import Message
from mande.mail.models import MessageKind
from mande.mail.models import MessageState
from mande.mail.models import SuppressionReason
from mande.reports import document
from mande.reports.kinds import EditionKind
from mande.reports.thanking import due
from tests.integration import published

LATER = datetime(2021, 12, 15, 10, tzinfo=UTC)
A_YEAR_LATER = datetime(2022, 7, 20, 10, tzinfo=UTC)
EARLY, FOR_TEAM, STOPPED, NOT_ASKED, DISCREET, SUPPRESSED, OPEN = (
    "Train my colleagues", "Speak to the minister", *(f"Write paper {number}" for number in range(1, 6)),
)  # fmt: skip


@pytest.fixture(autouse=True)
def clock_put_right() -> Iterator[None]:
    clock.move_to(datetime(2021, 6, 10, 9, tzinfo=UTC))
    yield
    clock.move_to(None)


@pytest.fixture
def owners(app: Flask) -> dict[str, FollowupLink]:
    """The owners of an event's actions, all but three of which were done after half a year."""
    found: dict[str, FollowupLink] = {}
    with db.transaction() as session:
        event, actions = published.event_with_actions(session, papers=7)
        published.close_survey(session, event)
        for words, action_id in actions.items():
            found[words] = session.get_one(PlannedAction, action_id).owners[0].link
    clock.move_to(LATER)
    with db.transaction() as session:
        for words, action_id in actions.items():
            if words < OPEN:
                link = session.get_one(FollowupLink, found[words].id)
                followup.report_progress(session, link, [Report(action_id, Status.DONE)])
        followup.stop(session, session.get_one(FollowupLink, found[STOPPED].id))
        session.get_one(PlannedAction, actions[NOT_ASKED]).owners[0].consent = False
        session.get_one(Person, found[DISCREET].person_id).discreet = True
        address = session.get_one(Person, found[SUPPRESSED].person_id).email
        suppression.suppress(session, address, SuppressionReason.BY_HAND, "asked for")
        marking.align(session)
    return found


def publish(kind: EditionKind = EditionKind.PUBLIC, number: int = 1) -> None:
    with db.transaction() as session:
        event = session.scalars(select(Event)).one()
        published.put(session, event, kind, number, document.build(session, event, kind))


def thanks() -> dict[str, Message]:
    with db.reading() as session:
        mine = select(Message).where(Message.kind == MessageKind.FOLLOWUP_THANKS)
        return {message.to_name.removeprefix("Owner of "): message for message in session.scalars(mine)}


def test_whoever_was_followed_to_the_end_is_thanked_once_with_what_was_published_since(
    app: Flask, client: FlaskClient, owners: dict[str, FollowupLink]
) -> None:
    publish(EditionKind.PARTNER)
    assert due.run() == 0, "only what is open to everybody counts"
    with db.transaction() as session:
        session.execute(update(PlannedAction).where(PlannedAction.what == FOR_TEAM).values(heard_at=LATER))
        ended = LATER + timedelta(days=30)
        session.execute(update(PlannedAction).where(PlannedAction.what == EARLY).values(heard_at=ended))
    publish()
    token = links.token_of(owners[FOR_TEAM])
    assert due.run() == 2
    assert {name: message.state for name, message in thanks().items()} == {
        FOR_TEAM: MessageState.QUEUED,
        DISCREET: MessageState.QUEUED,
        SUPPRESSED: MessageState.CANCELLED,
    }
    told, neutral = thanks()[FOR_TEAM], thanks()[DISCREET]
    assert told.link_path == "/a/[[token]]/outcome"
    assert told.stop_path == "/a/[[token]]/stop"
    assert told.text is not None
    assert "8 people planned 8 actions" in told.text
    assert "5 of them are done" in told.text
    assert neutral.sender_name == "Secretariat"
    said = f"{neutral.subject} {neutral.text}"
    assert not [name for name in ("diplomacy", "Example House", "Robin", "WP1873v") if name in said]
    assert clockwork.tick()["thank owners"] == 0

    page = client.get(f"/a/{token}/outcome").text
    assert [what in page for what in ("8 people planned 8 actions", "12 of them answered", "Done")] == [True] * 3
    assert not [words for words in owners if words in page], "nobody's own words"
    report = client.get(f"/a/{token}/outcome.pdf")
    assert report.data == b"%PDF-public 1 of WP1873v"
    assert "people planned" in client.get(f"/a/{token}/outcome?lang=en").text
    assert client.get(f"/a/{'a' * 26}/outcome").status_code == 404

    clock.move_to(A_YEAR_LATER)
    assert due.run() == 0, "what was published before it was over is no news"
    assert clockwork.check_in() == 3
    publish(number=2)
    assert due.run() == 1, "who was asked just now may still answer"
    clock.move_to(A_YEAR_LATER + due.TIME_TO_ANSWER + timedelta(days=1))
    assert due.run() == 3
    assert thanks().keys() == {FOR_TEAM, DISCREET, SUPPRESSED, EARLY, OPEN, "Write paper 6", "Write paper 7"}
    publish(number=3)
    assert due.run() == 0, "never twice"

    with db.transaction() as session:
        message = session.get_one(Message, thanks()[OPEN].id)
        assert rewriting.rewrite(session, message)
        session.execute(update(Person).where(Person.id == owners[OPEN].person_id).values(discreet=True))
        session.expire_all()
        marking.align(session)
        assert session.get_one(Message, message.id).sender_name == "Secretariat", "what waits is written anew"
        stopping.stop(session, message)
        assert session.get_one(FollowupLink, owners[OPEN].id).stopped
        assert not rewriting.rewrite(session, message)
    assert thanks()[OPEN].state is MessageState.CANCELLED


def test_before_anything_is_published_the_page_says_so(client: FlaskClient, owners: dict[str, FollowupLink]) -> None:
    token = links.token_of(owners[EARLY])
    assert "Nothing is published yet" in client.get(f"/a/{token}/outcome").text
    assert client.get(f"/a/{token}/outcome.pdf").status_code == 404
    assert client.get(f"/a/{links.token_of(owners[DISCREET])}/outcome").status_code == 200
    clock.move_to(LATER + timedelta(days=30))
    assert client.get(f"/a/{links.token_of(owners[DISCREET])}/outcome").status_code == 410
