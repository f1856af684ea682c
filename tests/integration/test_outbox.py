from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import func
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mande import clock
from mande import db
from mande.mail import outbox
from mande.mail.models import Message
from mande.mail.models import MessageKind
from mande.mail.models import MessageState
from mande.mail.models import Suppression
from mande.mail.outbox import Mailbox
from tests.smtp import LONG_AGO
from tests.smtp import make_draft
from tests.smtp import make_link

REMINDER = MessageKind.REMINDER
INVITATION = MessageKind.INVITATION


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    with db.transaction() as session:
        yield session


def rows(session: Session) -> list[Message]:
    return list(session.scalars(select(Message).order_by(Message.to_address, Message.sequence)))


def set_state(session: Session, about: object, state: MessageState) -> None:
    values = {"state": state, "lease_until": clock.now() if state is MessageState.SENDING else None}
    if state is MessageState.SENT:
        values |= outbox.WIPED
    session.execute(update(Message).where(Message.about == about).values(values))


def test_each_message_is_written_once_with_an_id_of_its_own(session: Session) -> None:
    drafts = [make_draft(f"p{n}@example.org") for n in range(3)]

    assert outbox.queue(session, drafts) == 3

    written = rows(session)
    assert [row.to_address for row in written] == ["p0@example.org", "p1@example.org", "p2@example.org"]
    assert {row.state for row in written} == {MessageState.QUEUED}
    assert len({row.message_id for row in written}) == 3
    for row, draft in zip(written, drafts, strict=True):
        assert row.message_id.startswith("<")
        assert row.message_id.endswith("@mande.test>")
        assert str(row.id) not in row.message_id
        assert str(draft.about) not in row.message_id
        assert (row.link_nonce, row.link_subject, row.link_key) == (
            draft.link.nonce,
            draft.link.subject,
            draft.link.key,
        )
        assert row.due_at == LONG_AGO


def test_a_second_message_of_the_same_sort_is_skipped_and_the_first_one_kept(session: Session) -> None:
    first = make_draft(subject="First")
    outbox.queue(session, [first])
    repeat = make_draft(about=first.about, subject="Second")
    reminder = make_draft(about=first.about, kind=REMINDER, sequence=1)

    assert outbox.queue(session, [repeat, reminder, make_draft("new@example.org")]) == 2

    assert (
        session.scalar(select(Message.subject).where(Message.about == first.about, Message.kind == INVITATION))
        == "First"
    )
    assert len(rows(session)) == 3


def test_two_of_the_same_sort_in_one_call_become_one(session: Session) -> None:
    draft = make_draft()

    assert outbox.queue(session, [draft, draft]) == 1


def test_nothing_to_write_writes_nothing(session: Session) -> None:
    assert outbox.queue(session, []) == 0


def test_the_database_itself_refuses_a_second_message_of_the_same_sort(app: Flask) -> None:
    draft = make_draft()
    with db.transaction() as session:
        outbox.queue(session, [draft])
        (written,) = rows(session)

    copy = {column.key: getattr(written, column.key) for column in Message.__table__.columns}
    with pytest.raises(IntegrityError, match=r"(?i)unique"), db.transaction() as session:
        session.execute(insert(Message).values(**{**copy, "id": uuid4(), "message_id": "<other@mande.test>"}))


def test_the_database_itself_refuses_a_sent_message_with_a_body(app: Flask) -> None:
    draft = make_draft()
    with db.transaction() as session:
        outbox.queue(session, [draft])

    with pytest.raises(IntegrityError, match="sent_has_no_body"), db.transaction() as session:
        session.execute(update(Message).values(state=MessageState.SENT))


def test_a_message_is_lost_with_the_transaction_that_would_have_caused_it(app: Flask) -> None:
    def fail() -> None:
        with db.transaction() as session:
            outbox.queue(session, [make_draft()])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()

    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(Message)) == 0


def test_thousands_are_written_in_one_call(session: Session) -> None:
    drafts = [make_draft(f"p{n}@example.org", link=None, text="t", html="h") for n in range(3000)]

    assert outbox.queue(session, drafts) == 3000
    assert outbox.cancel(session, [draft.about for draft in drafts], [INVITATION], "called off") == 3000


def test_a_suppressed_address_gets_a_cancelled_message_that_says_why_and_holds_no_link(session: Session) -> None:
    session.add(Suppression(address="ana@example.org", reason="Unsubscribed", since=clock.now()))
    session.flush()

    assert outbox.queue(session, [make_draft("Ana@Example.org"), make_draft("other@example.org")]) == 1

    suppressed = rows(session)[0]
    assert (suppressed.state, suppressed.problem) == (MessageState.CANCELLED, outbox.NOTHING_SENT + "Unsubscribed")
    assert [getattr(suppressed, column) for column in outbox.WIPED] == [None] * len(outbox.WIPED)


def test_a_subject_that_is_too_long_is_shortened(session: Session) -> None:
    outbox.queue(session, [make_draft(subject="é" * 400)])

    assert rows(session)[0].subject == "é" * 299 + "…"


@pytest.mark.parametrize("state", [MessageState.QUEUED, MessageState.RETRYING, MessageState.SENDING])
def test_what_has_not_gone_can_be_taken_back(session: Session, state: MessageState) -> None:
    draft = make_draft(kind=REMINDER, sequence=1)
    other = make_draft(kind=REMINDER, sequence=1)
    outbox.queue(session, [draft, other, make_draft(about=draft.about)])
    set_state(session, draft.about, state)

    assert outbox.cancel(session, [draft.about], [REMINDER], "answered") == 1

    row = session.scalars(select(Message).where(Message.about == draft.about, Message.kind == REMINDER)).one()
    assert (row.state, row.problem, row.lease_until) == (MessageState.CANCELLED, "answered", None)
    assert [getattr(row, column) for column in outbox.WIPED] == [None] * len(outbox.WIPED)
    assert outbox.cancel(session, [draft.about], [REMINDER], "again") == 0
    assert len([row for row in rows(session) if row.state is MessageState.CANCELLED]) == 1


@pytest.mark.parametrize(
    "state", [MessageState.SENT, MessageState.FAILED, MessageState.BOUNCED, MessageState.CANCELLED]
)
def test_what_has_gone_or_ended_is_not_taken_back(session: Session, state: MessageState) -> None:
    draft = make_draft()
    outbox.queue(session, [draft])
    set_state(session, draft.about, state)

    assert outbox.cancel(session, [draft.about], [INVITATION], "answered") == 0
    assert rows(session)[0].state is state


def test_forgetting_a_subject_leaves_nothing_from_which_its_link_could_be_made(session: Session) -> None:
    kept, ended = make_draft("kept@example.org"), make_draft("ended@example.org")
    failed = make_draft("failed@example.org")
    outbox.queue(session, [kept, ended, failed])
    set_state(session, failed.about, MessageState.FAILED)

    assert outbox.forget(session, [ended.about, failed.about], "The survey has closed.") == 1

    by_address = {row.to_address: row for row in rows(session)}
    for address in ("ended@example.org", "failed@example.org"):
        assert [getattr(by_address[address], column) for column in outbox.WIPED] == [None] * len(outbox.WIPED)
    assert by_address["ended@example.org"].state is MessageState.CANCELLED
    assert by_address["ended@example.org"].problem == "The survey has closed."
    assert by_address["failed@example.org"].state is MessageState.FAILED
    assert by_address["kept@example.org"].link_nonce == kept.link.nonce


def test_a_failed_message_whose_link_has_ended_is_not_sent_again(session: Session) -> None:
    draft = make_draft()
    outbox.queue(session, [draft])
    set_state(session, draft.about, MessageState.FAILED)
    outbox.forget(session, [draft.about])

    assert outbox.send_again(session, None, clock.now()) == 0


def test_messages_are_counted_by_kind_and_state_for_one_event_or_for_all(session: Session) -> None:
    event = uuid4()
    invitations = [make_draft(f"p{n}@example.org", event_id=event) for n in range(3)]
    outbox.queue(session, [*invitations, make_draft(event_id=event, kind=REMINDER, sequence=1), make_draft()])
    set_state(session, invitations[0].about, MessageState.SENT)

    assert outbox.states(session, event) == {
        INVITATION: {MessageState.QUEUED: 2, MessageState.SENT: 1},
        REMINDER: {MessageState.QUEUED: 1},
    }
    assert outbox.states(session)[INVITATION] == {MessageState.QUEUED: 3, MessageState.SENT: 1}
    assert outbox.states(session, uuid4()) == {}


def test_the_first_message_of_a_conversation_is_found_by_its_subject(session: Session) -> None:
    invitation = make_draft()
    reminder = make_draft(about=invitation.about, kind=REMINDER, sequence=1)
    outbox.queue(session, [invitation, reminder])

    found = outbox.message_ids(session, [invitation.about, uuid4()], INVITATION)

    assert found == {invitation.about: next(row.message_id for row in rows(session) if row.kind is INVITATION)}


def test_objects_already_loaded_follow_what_happens_to_their_rows(session: Session) -> None:
    draft = make_draft(to=Mailbox("Ana", "ana@example.org"), link=make_link(), due_at=clock.now() + timedelta(days=1))
    outbox.queue(session, [draft])
    (loaded,) = rows(session)

    outbox.cancel(session, [draft.about], [INVITATION], "answered")

    assert loaded.state is MessageState.CANCELLED
    assert loaded.text is None
