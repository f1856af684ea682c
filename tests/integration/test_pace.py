"""Limits of messages a minute for a receiving domain: who waits, who does not, and what several workers share."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC
from datetime import datetime
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy import func
from sqlalchemy import select

from mande import clock
from mande import db
from mande.mail import outbox
from mande.mail import pace
from mande.mail.claiming import Claims
from mande.mail.delivery import Outcome
from mande.mail.models import Message
from mande.mail.models import MessageState
from mande.mail.models import Pace
from mande.mail.sending import Tally
from mande.mail.sending import send_due
from mande.mail.sending import sweep
from mande.pacing import Limits
from tests.smtp import StubServer
from tests.smtp import make_draft

NOON = datetime(2026, 6, 7, 12, 0, 5, tzinfo=UTC)
SENT = Outcome(MessageState.SENT)


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    clock.move_to(NOON)
    yield
    clock.move_to(None)


@pytest.fixture(autouse=True)
def limited(mailing_app: Flask) -> None:
    """Two messages a minute to slow.example, and one to one.example."""
    used = mailing_app.extensions["mande.settings"]
    limits = Limits(own={"slow.example": 2, "one.example": 1})
    mailing_app.extensions["mande.settings"] = replace(used, mail=replace(used.mail, limits=limits))


def queue(*addresses: str) -> None:
    """Writes a message to each, due in this order."""
    drafts = [
        make_draft(address, due_at=NOON - timedelta(hours=1) + timedelta(seconds=number))
        for number, address in enumerate(addresses)
    ]
    with db.transaction() as session:
        outbox.queue(session, drafts)


def states() -> Counter[tuple[str, int]]:
    with db.reading() as session:
        found = session.execute(select(Message.state, Message.attempts))
        return Counter((state.value, attempts) for state, attempts in found)


def test_what_is_over_the_limit_waits_without_an_attempt_and_holds_up_nobody(smtp: StubServer) -> None:
    queue(*(f"p{number}@slow.example" for number in range(5)), "ada@quick.example", "bob@SLOW.example", "c@d.example")

    assert send_due() == Tally(sent=4)

    assert smtp.recipients == ["p0@slow.example", "p1@slow.example", "ada@quick.example", "c@d.example"]
    assert states() == {("sent", 1): 4, ("queued", 0): 4}
    assert send_due() == Tally()
    clock.move_to(NOON + timedelta(minutes=1))
    assert send_due() == Tally(sent=2)
    clock.move_to(NOON + timedelta(minutes=2))
    assert send_due() == Tally(sent=2)
    assert smtp.recipients[-1] == "bob@SLOW.example"


def test_refused_messages_count_too_because_the_domain_was_asked(smtp: StubServer) -> None:
    smtp.greylist("p0@slow.example")
    queue("p0@slow.example", "p1@slow.example", "p2@slow.example")

    assert send_due() == Tally(sent=1, retrying=1)


def test_a_message_that_could_not_be_offered_is_not_counted(smtp: StubServer) -> None:
    smtp.refuse_sender(1, "550 We do not know you")
    queue("p0@slow.example", "p1@slow.example", "p2@slow.example")

    assert send_due() == Tally(held=3)
    assert send_due() == Tally(sent=2)


def test_workers_share_the_limit_even_when_one_finds_out_in_the_middle(smtp: StubServer) -> None:
    queue("first@quick.example", "p0@one.example", "p1@one.example", "last@quick.example")
    with db.plain_transactions() as one, db.plain_transactions() as other:
        ours, theirs = Claims(one), Claims(other)
        first = theirs.take()
        assert first.to_address == "first@quick.example"
        assert ours.take().to_address == "p0@one.example"

        following = theirs.settle(first, SENT)

        assert following.to_address == "last@quick.example"
        assert theirs.settle(following, SENT) is None
    assert states() == {("sent", 1): 2, ("sending", 0): 1, ("queued", 0): 1}


def test_a_count_from_a_clock_that_was_wrong_does_not_hold_up_mail_for_years(mailing_app: Flask) -> None:
    with db.plain_transaction() as connection:
        for now, offered in (
            (NOON + timedelta(days=3000), True),
            (NOON, True),
            (NOON + timedelta(minutes=1), True),
            (NOON, False),  # a worker whose clock is a few seconds behind
            (NOON + timedelta(minutes=1), False),
            (NOON + timedelta(minutes=3), True),
        ):
            assert pace.count(connection, "one.example", now) is offered


def test_nothing_is_counted_where_there_is_no_limit_and_nothing_is_kept_for_long(mailing_app: Flask) -> None:
    used = mailing_app.extensions["mande.settings"]
    with db.plain_transaction() as connection:
        assert pace.count(connection, "slow.example", NOON)
        mailing_app.extensions["mande.settings"] = replace(used, mail=replace(used.mail, limits=Limits(usual=0)))
        assert pace.count(connection, "other.example", NOON)
    with db.reading() as session:
        assert session.scalars(select(Pace.domain)).all() == ["slow.example"]
    sweep()
    clock.move_to(NOON + timedelta(hours=2))
    sweep()
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(Pace)) == 0


def test_looking_for_messages_where_none_is_due_is_one_statement_that_reads(mailing_app: Flask) -> None:
    statements: list[str] = []
    event.listen(db.database().engine, "before_cursor_execute", lambda *given: statements.append(given[2]))

    assert send_due() == Tally()

    assert [statement.split()[0] for statement in statements if not statement.startswith("BEGIN")] == ["SELECT"]
    assert "BEGIN IMMEDIATE" not in statements
