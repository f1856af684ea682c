from dataclasses import replace
from datetime import timedelta
from threading import Thread
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy import update

from mande import clock
from mande import create_app
from mande import db
from mande import logs
from mande.config import Settings
from mande.mail import claiming
from mande.mail import delivery
from mande.mail import outbox
from mande.mail import sending
from mande.mail.claiming import Claims
from mande.mail.models import Message
from mande.mail.models import MessageKind
from mande.mail.models import MessageState
from mande.mail.outbox import Draft
from mande.mail.outbox import Link
from mande.mail.outbox import Mailbox
from mande.mail.sending import Tally
from mande.mail.sending import send_due
from mande.mail.sending import sweep
from tests.smtp import StubServer
from tests.smtp import content
from tests.smtp import make_draft
from tests.smtp import make_link
from tests.smtp import token_of


@pytest.fixture(autouse=True)
def clock_put_right():
    yield
    clock.move_to(None)


def queue(*drafts: Draft) -> None:
    with db.transaction() as session:
        outbox.queue(session, drafts)


def stored(about: object) -> Message:
    with db.reading() as session:
        return session.scalars(select(Message).where(Message.about == about)).one()


def claim_one() -> None:
    with db.plain_transactions() as connection:
        Claims(connection).take()


def pass_time(**units: float) -> None:
    clock.move_to(clock.now() + timedelta(**units))


def test_a_message_arrives_as_it_was_written(mailing_app: Flask, smtp: StubServer) -> None:
    draft = make_draft(to=Mailbox("Zoë Müller, PhD", "zoe@example.org"), subject="Ihre Sicht – WP1873v", language="de")
    queue(draft)
    message_id = stored(draft.about).message_id

    assert send_due() == Tally(sent=1)

    (message,) = smtp.accepted
    assert smtp.recipients == ["zoe@example.org"]
    assert message["From"] == "Mande <surveys@mande.test>"
    assert message["To"].addresses[0].display_name == "Zoë Müller, PhD"
    assert message["To"].addresses[0].addr_spec == "zoe@example.org"
    assert message["Reply-To"] == "Robin Manager <robin@example.org>"
    assert message["Subject"] == "Ihre Sicht – WP1873v"
    assert message["Message-ID"] == message_id
    assert message_id.endswith("@mande.test>")
    assert abs(message["Date"].datetime - clock.now()) < timedelta(minutes=1)
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "de"
    assert message["In-Reply-To"] is None
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]


def test_each_part_holds_the_personal_link_once(mailing_app: Flask, smtp: StubServer) -> None:
    draft = make_draft(link=make_link("/r/[[token]]?lang=fr"))
    queue(draft)

    send_due()

    address = f"http://mande.test/r/{token_of(draft.link)}?lang=fr"
    assert content(smtp.accepted[0], "plain") == f"Dear Ana,\n\nAnswer:\n{address}\n"
    assert content(smtp.accepted[0], "html").count(address) == 1
    assert "[[" not in content(smtp.accepted[0], "html")


def test_a_reminder_joins_the_conversation_of_its_invitation(mailing_app: Flask, smtp: StubServer) -> None:
    invitation = make_draft()
    queue(invitation)
    with db.reading() as session:
        first = outbox.message_ids(session, [invitation.about], MessageKind.INVITATION)[invitation.about]
    reminder = make_draft(about=invitation.about, kind=MessageKind.REMINDER, sequence=1, in_reply_to=first)
    queue(reminder)

    send_due()

    reply = next(message for message in smtp.accepted if message["In-Reply-To"])
    assert reply["In-Reply-To"] == reply["References"] == first
    assert reply["Message-ID"] != first


def test_once_sent_nothing_is_left_of_body_and_link(mailing_app: Flask, smtp: StubServer) -> None:
    draft = make_draft()
    queue(draft)

    send_due()

    row = stored(draft.about)
    assert (row.state, row.attempts, row.lease_until, row.problem) == (MessageState.SENT, 1, None, None)
    assert row.sent_at is not None
    assert [getattr(row, column) for column in outbox.WIPED] == [None] * len(outbox.WIPED)


def test_no_token_can_be_read_or_made_from_what_is_stored(mailing_app: Flask, smtp: StubServer) -> None:
    draft = make_draft()
    queue(draft)

    row = stored(draft.about)

    everything = " ".join(str(getattr(row, column.key)) for column in Message.__table__.columns)
    assert token_of(draft.link) not in everything
    assert b"l" * 32 not in everything.encode()
    assert "[[link]]" in row.text


def test_what_is_not_due_waits(mailing_app: Flask, smtp: StubServer) -> None:
    draft = make_draft(due_at=clock.now() + timedelta(minutes=10))
    queue(draft)

    assert send_due() == Tally()
    assert smtp.connections == 0
    pass_time(minutes=11)
    assert send_due() == Tally(sent=1)


def test_a_batch_goes_over_one_connection_the_longest_due_first(mailing_app: Flask, smtp: StubServer) -> None:
    now = clock.now()
    queue(*(make_draft(f"p{n}@example.org", due_at=now - timedelta(minutes=n)) for n in range(45)))

    assert send_due(limit=41) == Tally(sent=41)

    assert smtp.connections == 1
    assert smtp.recipients == [f"p{n}@example.org" for n in range(44, 3, -1)]
    assert send_due() == Tally(sent=4)


def test_one_bad_message_never_holds_up_the_rest(mailing_app: Flask, smtp: StubServer) -> None:
    bad = [
        make_draft("not an address"),
        make_draft("jürgen@example.org", to=Mailbox("J", "")),
        make_draft(subject="Hello\r\nBcc: all@example.org"),
        make_draft(to=Mailbox("Eve\r\nBcc: all@example.org", "eve@example.org")),
        make_draft("eve@example.org\r\nRCPT TO:<all@example.org>"),
        make_draft(text="no place for the link", html="none"),
        make_draft(in_reply_to="<a@b>\r\nX-Evil: yes"),
        make_draft(reply_to=Mailbox("Robin", "robin")),
    ]
    good = make_draft("good@example.org", due_at=clock.now())
    queue(*bad, good)

    assert send_due() == Tally(sent=1, failed=len(bad))

    assert smtp.recipients == ["good@example.org"]
    for draft in bad:
        assert stored(draft.about).state is MessageState.FAILED
        assert "could not be given form" in stored(draft.about).problem


@pytest.mark.usefixtures("logging_put_back")
def test_the_log_tells_ids_and_states_and_no_address_subject_or_link(
    mailing_app: Flask, smtp: StubServer, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.set_up(json=True)
    link = make_link()
    lost = make_draft("not an address", link=link, subject="A secret subject")
    queue(lost, make_draft("good@example.org", link=make_link(), subject="Another secret subject"))

    assert send_due() == Tally(sent=1, failed=1)

    # "mail.log" is the other side: the server that this test plays.
    lines = [line for line in capsys.readouterr().err.splitlines() if '"logger": "mail.log"' not in line]
    written = "\n".join(lines)
    assert str(stored(lost.about).id) in written
    assert '"state": "failed"' in written
    for secret in ("not an address", "example.org", "secret subject", token_of(link)):
        assert secret not in written


def test_an_address_beyond_ascii_needs_a_server_that_speaks_smtputf8(mailing_app: Flask, smtp: StubServer) -> None:
    draft = make_draft("jürgen@bücher.example")
    queue(draft)

    assert send_due() == Tally(sent=1)

    assert smtp.recipients == ["jürgen@xn--bcher-kva.example"]
    assert b"To: Ana Example <j\xc3\xbcrgen@xn--bcher-kva.example>\r\n" in smtp.sources[0]


def test_without_smtputf8_such_an_address_fails_and_the_rest_goes(settings, database_url: str) -> None:
    with StubServer(enable_SMTPUTF8=False) as server:
        app = create_app(replace(settings, mail=server.settings()))
        with app.app_context():
            umlaut, plain = make_draft("jürgen@example.org"), make_draft("ana@bücher.example", due_at=clock.now())
            queue(umlaut, plain)

            assert send_due() == Tally(sent=1, failed=1)
            assert "beyond ASCII" in stored(umlaut.about).problem
            assert server.recipients == ["ana@xn--bcher-kva.example"]
        app.extensions["mande.db"].engine.dispose()


@pytest.mark.parametrize("words", ["251 User not local; will forward", "252 Cannot verify, but will try"])
def test_a_recipient_taken_with_reservations_gets_the_message(mailing_app: Flask, smtp: StubServer, words: str) -> None:
    smtp.refuse("ana@example.org", words)
    queue(make_draft())

    assert send_due() == Tally(sent=1)
    assert smtp.recipients == ["ana@example.org"]


def test_a_refused_recipient_fails_with_the_words_of_the_server(mailing_app: Flask, smtp: StubServer) -> None:
    smtp.refuse("gone@example.org", "550 5.1.1 <gone@example.org>: no such user here")
    refused, taken = make_draft("gone@example.org"), make_draft("here@example.org", due_at=clock.now())
    queue(refused, taken)

    assert send_due() == Tally(sent=1, failed=1)

    row = stored(refused.about)
    assert (row.state, row.attempts) == (MessageState.FAILED, 1)
    assert row.problem == "550 5.1.1 <gone@example.org>: no such user here"
    assert smtp.connections == 1
    pass_time(days=4)
    assert send_due() == Tally()


def test_the_words_of_the_server_are_shortened_and_never_keep_the_link(mailing_app: Flask, smtp: StubServer) -> None:
    draft = make_draft()
    token = token_of(draft.link)
    smtp.refuse_message("ana@example.org", f"554 Rejected: http://mande.test/r/{token.upper()} is listed {'x' * 340}")
    queue(draft)

    send_due()

    problem = stored(draft.about).problem
    assert problem.startswith("554 Rejected: http://mande.test/r/… is listed xxx")
    assert len(problem) == delivery.WORDS_KEPT


def test_a_greylisted_message_is_offered_again_and_goes(mailing_app: Flask, smtp: StubServer) -> None:
    smtp.greylist("ana@example.org")
    draft = make_draft()
    queue(draft)

    assert send_due() == Tally(retrying=1)
    row = stored(draft.about)
    assert (row.state, row.attempts, row.lease_until) == (MessageState.RETRYING, 1, None)
    assert row.problem.startswith("451 4.7.1 Greylisted")
    assert timedelta(minutes=4) < row.due_at - clock.now() <= timedelta(minutes=5)

    assert send_due() == Tally()
    pass_time(minutes=5, seconds=1)
    assert send_due() == Tally(sent=1)
    assert smtp.accepted[0]["Message-ID"] == row.message_id
    assert stored(draft.about).problem is None


def test_after_three_days_of_refusals_a_message_fails(mailing_app: Flask, smtp: StubServer) -> None:
    smtp.refuse("full@example.org", "452 4.2.2 Mailbox full")
    draft = make_draft("full@example.org")
    queue(draft)
    began = clock.now()

    attempts = 0
    while stored(draft.about).state is not MessageState.FAILED:
        pass_time(seconds=max(0, (stored(draft.about).due_at - clock.now()).total_seconds()) + 1)
        send_due()
        attempts += 1

    assert attempts == 11
    assert timedelta(hours=72) <= clock.now() - began < timedelta(hours=72, minutes=1)
    assert stored(draft.about).problem == "452 4.2.2 Mailbox full"


def test_a_connection_dropped_half_way_costs_only_the_message_on_it(mailing_app: Flask, smtp: StubServer) -> None:
    smtp.refuse_message("unlucky@example.org", "drop")
    unlucky = make_draft("unlucky@example.org")
    queue(unlucky, *(make_draft(f"p{n}@example.org", due_at=clock.now()) for n in range(3)))

    assert send_due() == Tally(sent=3, retrying=1)

    assert smtp.connections == 2
    assert "connection ended" in stored(unlucky.about).problem


def test_a_connection_that_died_between_two_messages_is_opened_again_and_nothing_is_lost(
    mailing_app: Flask, smtp: StubServer
) -> None:
    smtp.refuse_sender(2, "drop")
    smtp.refuse_sender(4, "421 4.7.0 Too many messages on this connection")
    queue(*(make_draft(f"p{n}@example.org") for n in range(3)))

    assert send_due() == Tally(sent=3)
    assert smtp.connections == 3
    assert len(smtp.accepted) == 3


def test_a_server_that_stalls_is_given_up_after_the_time_out(settings, database_url: str) -> None:
    with StubServer() as server:
        server.refuse_message("slow@example.org", "stall")
        app = create_app(replace(settings, mail=server.settings(timeout=0.4)))
        with app.app_context():
            slow = make_draft("slow@example.org")
            queue(slow, make_draft("quick@example.org", due_at=clock.now()))

            assert send_due() == Tally(sent=1, retrying=1)
            assert "timed out" in stored(slow.about).problem
        app.extensions["mande.db"].engine.dispose()


def test_a_server_that_keeps_dropping_connections_is_left_alone(mailing_app: Flask, smtp: StubServer) -> None:
    drafts = [make_draft(f"p{n}@example.org", due_at=clock.now() + timedelta(seconds=n - 60)) for n in range(10)]
    for draft in drafts:
        smtp.refuse_message(draft.to.address, "drop")
    queue(*drafts)

    assert send_due() == Tally(retrying=sending.LOSSES, held=10 - sending.LOSSES)

    held = [stored(draft.about) for draft in drafts[sending.LOSSES :]]
    assert {(row.state, row.attempts, row.lease_until) for row in held} == {(MessageState.QUEUED, 0, None)}
    assert {row.problem for row in held} == {"The mail server dropped 3 connections in a row."}


def test_a_server_that_cannot_be_reached_costs_no_attempt(app: Flask) -> None:
    fresh, tried = make_draft(), make_draft()
    queue(fresh, tried)
    with db.transaction() as session:
        session.execute(
            update(Message).where(Message.about == tried.about).values(state=MessageState.RETRYING, attempts=2)
        )
    due = stored(fresh.about).due_at

    assert send_due() == Tally(held=2)

    row = stored(fresh.about)
    assert (row.state, row.attempts, row.lease_until, row.due_at) == (MessageState.QUEUED, 0, None, due)
    assert row.problem.startswith("The mail server 127.0.0.1:1 cannot be used: ")
    assert (stored(tried.about).state, stored(tried.about).attempts) == (MessageState.RETRYING, 2)


def test_a_server_that_takes_nothing_from_us_fails_no_message(mailing_app: Flask, smtp: StubServer) -> None:
    smtp.refuse_sender(2, "530 5.7.0 Authentication required")
    queue(*(make_draft(f"p{n}@example.org") for n in range(4)))

    assert send_due() == Tally(sent=1, held=3)
    assert send_due() == Tally(sent=3)


def test_a_server_that_refuses_the_options_of_one_message_still_takes_the_others(
    mailing_app: Flask, smtp: StubServer
) -> None:
    smtp.refuse_sender(1, "555 SMTPUTF8 not implemented after all")
    umlaut = make_draft("jürgen@example.org")
    queue(umlaut, make_draft("ana@example.org", due_at=clock.now()))

    assert send_due() == Tally(sent=1, failed=1)
    assert stored(umlaut.about).problem.startswith("555 SMTPUTF8")


@pytest.mark.parametrize("sender", ["surveys", "surveys@", "sürveys@mande.test", "a@b\r\nX: y"])
def test_a_sender_that_is_no_address_fails_no_message(
    settings: Settings, app: Flask, smtp: StubServer, sender: str
) -> None:
    draft = make_draft()
    queue(draft)
    app.extensions["mande.settings"] = replace(settings, mail=smtp.settings(sender=sender))

    assert send_due() == Tally(held=1)
    assert stored(draft.about).problem.startswith("MANDE_MAIL_SENDER cannot be used: ")


def test_a_sender_whose_domain_is_beyond_ascii_is_written_so_that_every_server_takes_it(
    settings: Settings, app: Flask, smtp: StubServer
) -> None:
    app.extensions["mande.settings"] = replace(settings, mail=smtp.settings(sender="surveys@bücher.example"))
    queue(make_draft())

    assert send_due() == Tally(sent=1)
    assert smtp.accepted[0]["From"] == "Mande <surveys@xn--bcher-kva.example>"
    assert smtp.accepted[0]["Message-ID"].endswith("@xn--bcher-kva.example>")


def test_a_message_cancelled_after_it_was_claimed_is_not_sent(mailing_app: Flask, smtp: StubServer) -> None:
    first = make_draft("first@example.org")
    second = make_draft("second@example.org", kind=MessageKind.REMINDER, sequence=1, due_at=clock.now())
    queue(first, second)
    cancelled = []

    def answer_meanwhile(_message: object) -> None:
        with mailing_app.app_context(), db.transaction() as session:
            cancelled.append(outbox.cancel(session, [second.about], [MessageKind.REMINDER], "answered"))

    smtp.on_message = answer_meanwhile

    assert send_due() == Tally(sent=1)

    assert cancelled == [1]
    assert smtp.recipients == ["first@example.org"]
    assert stored(second.about).state is MessageState.CANCELLED
    assert stored(second.about).link_nonce is None


def test_a_message_cancelled_while_the_server_took_it_ends_as_sent(mailing_app: Flask, smtp: StubServer) -> None:
    draft = make_draft()
    queue(draft)

    def too_late(_message: object) -> None:
        with mailing_app.app_context(), db.transaction() as session:
            outbox.cancel(session, [draft.about], [MessageKind.INVITATION], "answered")

    smtp.on_message = too_late

    assert send_due() == Tally(sent=1)
    assert stored(draft.about).state is MessageState.SENT
    assert stored(draft.about).problem is None


def test_a_crash_between_the_250_and_our_commit_leads_to_one_repeat_with_the_same_message_id(
    mailing_app: Flask, smtp: StubServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = make_draft()
    queue(draft)

    def crash(*_arguments: object) -> None:
        raise MemoryError

    with monkeypatch.context() as broken:
        broken.setattr(claiming, "_write_down", crash)
        with pytest.raises(MemoryError):
            send_due()
    assert stored(draft.about).state is MessageState.SENDING
    assert (send_due(), sweep()) == (Tally(), 0)

    pass_time(minutes=5, seconds=1)
    assert sweep() == 1
    assert stored(draft.about).state is MessageState.RETRYING
    assert send_due() == Tally(sent=1)
    pass_time(days=1)
    assert (sweep(), send_due()) == (0, Tally())

    first, second = smtp.accepted
    assert first["Message-ID"] == second["Message-ID"]


def test_a_message_that_stops_every_worker_ends_as_failed(mailing_app: Flask) -> None:
    draft = make_draft()
    queue(draft)

    rounds = 0
    while stored(draft.about).state is not MessageState.FAILED:
        claim_one()
        pass_time(minutes=6)
        rounds += sweep()

    assert rounds == 11


def test_a_worker_whose_lease_ran_out_does_not_send_what_another_may_have_sent(
    mailing_app: Flask, smtp: StubServer
) -> None:
    first, second = make_draft("first@example.org"), make_draft("second@example.org", due_at=clock.now())
    queue(first, second)

    def very_slowly(_message: object) -> None:
        smtp.on_message = lambda _message: None
        pass_time(minutes=6)
        with mailing_app.app_context():
            # The message under way is not yet marked, so both are given back; the other worker repeats neither twice.
            sweep()
            send_due()

    smtp.on_message = very_slowly
    send_due()

    assert sorted(smtp.recipients) == ["first@example.org", "first@example.org", "second@example.org"]
    assert stored(second.about).state is MessageState.SENT


def test_a_link_whose_key_is_missing_waits_until_the_key_is_back(mailing_app: Flask, smtp: StubServer) -> None:
    lost = make_draft(link=Link("/r/[[token]]", uuid4(), b"n" * 16, "0123456789abcdef"))
    queue(lost, make_draft("other@example.org", due_at=clock.now()))

    assert send_due() == Tally(sent=1, retrying=1)

    row = stored(lost.about)
    assert (row.state, row.attempts) == (MessageState.RETRYING, 0)
    assert "0123456789abcdef is not in MANDE_LINK_KEYS" in row.problem


def test_failed_messages_get_a_fresh_start_when_an_operator_asks_for_it(mailing_app: Flask, smtp: StubServer) -> None:
    smtp.refuse("ana@example.org", "554 Relay access denied")
    draft = make_draft()
    queue(draft)
    send_due()
    smtp.refuse("ana@example.org", "250 OK")

    with db.transaction() as session:
        assert outbox.send_again(session, uuid4(), clock.now()) == 0
        assert outbox.send_again(session, draft.event_id, clock.now()) == 1

    assert send_due() == Tally(sent=1)


def test_two_senders_at_once_send_each_message_once(mailing_app: Flask, smtp: StubServer) -> None:
    queue(*(make_draft(f"p{n:03}@example{n % 3}.org") for n in range(120)))
    tallies: list[Tally] = []

    def work() -> None:
        with mailing_app.app_context():
            tallies.append(send_due())

    workers = [Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sum(tally.sent for tally in tallies) == 120
    assert sorted(smtp.recipients) == sorted(f"p{n:03}@example{n % 3}.org" for n in range(120))
    with db.reading() as session:
        assert session.scalar(select(func.count()).where(Message.state == MessageState.SENT)) == 120
    assert sum(tally.sent > 0 for tally in tallies) >= 2
