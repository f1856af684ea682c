from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID
from uuid import uuid4

import html5lib
import pytest
from flask import Flask
from sqlalchemy import update

from mande import clock
from mande import db
from mande.mail import outbox
from mande.mail import panel
from mande.mail import suppression
from mande.mail.models import Message
from mande.mail.models import MessageKind
from mande.mail.models import MessageState
from mande.mail.models import SuppressionReason
from mande.mail.outbox import Draft
from mande.mail.outbox import Mailbox
from tests.smtp import make_draft


@dataclass
class AnEvent:
    id: UUID
    code: str = "WP1873v"


@pytest.fixture
def event() -> AnEvent:
    return AnEvent(uuid4())


def write(
    event: AnEvent, state: MessageState = MessageState.QUEUED, problem: str | None = None, **changes: object
) -> Draft:
    draft = make_draft(event_id=event.id, **changes)
    with db.transaction() as session:
        outbox.queue(session, [draft])
        wiped = outbox.WIPED if state in (MessageState.SENT, MessageState.CANCELLED) else {}
        session.execute(
            update(Message).where(Message.about == draft.about).values(state=state, problem=problem, **wiped)
        )
    return draft


def write_as_it_comes(event: AnEvent) -> None:
    with db.transaction() as session:
        outbox.queue(session, [make_draft(event_id=event.id)])


def rendered(app: Flask, event: AnEvent) -> str:
    with app.test_request_context(), db.reading() as session:
        return str(panel.render(session, event))


def cells(html: str) -> list[list[str]]:
    tree = html5lib.parseFragment(html, namespaceHTMLElements=False)
    return [["".join(cell.itertext()).strip() for cell in row] for row in tree.iter("tr")]


def test_before_anything_was_written_the_panel_says_when_that_happens(app: Flask, event: AnEvent) -> None:
    assert "Invitations are written when its survey is opened" in rendered(app, event)


def test_messages_are_shown_by_kind_and_state(app: Flask, event: AnEvent) -> None:
    write(event)
    write(event, MessageState.SENT)
    write(event, MessageState.SENT)
    write(event, MessageState.CANCELLED, "answered", kind=MessageKind.REMINDER, sequence=1)
    write(AnEvent(uuid4()), MessageState.SENT)

    assert cells(rendered(app, event)) == [
        ["Kind", "Waiting", "Sent", "Failed", "Cancelled", "All"],
        ["Invitations", "1", "2", "–", "–", "3"],
        ["Reminders", "–", "–", "–", "1", "1"],
    ]


def test_what_was_not_delivered_is_named_with_the_reason_in_plain_words(app: Flask, event: AnEvent) -> None:
    write(event, MessageState.FAILED, "550 5.1.1 <b>No such user", to=Mailbox("Ana <Silva>", "ana@example.org"))
    write(event, MessageState.BOUNCED, "552 5.2.2 Over quota", to=Mailbox("José", "jose@example.org"))

    html = rendered(app, event)

    assert "<strong>Ana &lt;Silva&gt;</strong> &lt;ana@example.org&gt;" in html
    assert "550 5.1.1 &lt;b&gt;No such user" in html
    assert html.index("There is no such address.") < html.index("José") < html.index("The mailbox is full.")


def test_of_what_waits_to_be_tried_again_the_reasons_are_counted_and_nobody_is_named(
    app: Flask, event: AnEvent
) -> None:
    write(event, MessageState.RETRYING, "451 4.7.1 Greylisted", to=Mailbox("José", "jose@example.org"))
    write(event, MessageState.RETRYING, "552 5.2.2 Over quota", to=Mailbox("Ana", "ana@example.org"))

    html = rendered(app, event)

    assert "2 messages are to be tried again by themselves" in html
    assert "the mailbox is full (1)" in html
    assert "@example.org" not in html


def test_who_got_nothing_because_their_address_is_stopped_is_named_even_after_it_is_not(
    app: Flask, event: AnEvent
) -> None:
    with db.transaction() as session:
        suppression.suppress(session, "ana@example.org", SuppressionReason.BY_HAND, "Asked by telephone")
    write_as_it_comes(event)

    assert "Stopped by hand." in rendered(app, event)
    assert "Asked by telephone" in rendered(app, event)

    with db.transaction() as session:
        suppression.lift(session, "ana@example.org")

    assert "ana@example.org" in rendered(app, event)


def test_nobody_is_named_who_merely_answered_or_got_their_message(app: Flask, event: AnEvent) -> None:
    write(event, MessageState.SENT, to=Mailbox("Received", "received@example.org"))
    write(event, MessageState.CANCELLED, "answered", to=Mailbox("Answered", "answered@example.org"))

    html = rendered(app, event)

    assert "received@example.org" not in html
    assert "answered@example.org" not in html


def test_when_the_mail_server_takes_nothing_the_panel_says_so(app: Flask, event: AnEvent) -> None:
    write(event, due_at=clock.now() + timedelta(days=1), problem="held, but not due")
    assert "Nothing is being sent" not in rendered(app, event)

    write(event, problem="The mail server mail.example.org:587 cannot be used: refused.")

    assert "Nothing is being sent" in rendered(app, event)
    assert "mail.example.org:587 cannot be used" in rendered(app, event)


def test_a_long_list_of_failures_is_cut_and_leads_to_all(app: Flask, event: AnEvent) -> None:
    for number in range(panel.LISTED + 2):
        write(event, MessageState.FAILED, "550", to=Mailbox(f"P{number:02}", f"p{number:02}@example.org"))

    html = rendered(app, event)

    assert html.count("@example.org") == panel.LISTED
    assert f"Show all {panel.LISTED + 2}" in html
