"""GOV.UK Notify as the carrier, against a server on loopback that speaks as it does."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from mande import create_app
from mande import db
from mande.config import NotifyService
from mande.config import NotifySettings
from mande.config import Settings
from mande.mail import outbox
from mande.mail.carriers import Prepared
from mande.mail.carriers import failures
from mande.mail.carriers import notify as carrier
from mande.mail.carriers.notify import NotifyCarrier
from mande.mail.errors import LostError
from mande.mail.errors import RefusedError
from mande.mail.errors import UnusableError
from mande.mail.models import Message
from mande.mail.models import MessageState
from mande.mail.sending import Tally
from mande.mail.sending import send_due
from tests.notify import PAGE
from tests.notify import TEMPLATE
from tests.notify import StubNotify
from tests.notify import key
from tests.smtp import make_draft
from tests.smtp import token_of

LETTER = Prepared(
    id=uuid4(),
    message_id="<m@mande.test>",
    recipient="ana@example.org",
    subject="Your view",
    text="Dear Ana,\n\nhttps://mande.test/r/token\n\n-- \nThe link is yours alone.\n",
    html="<p>Dear Ana,</p>",
    stop="https://mande.test/r/token/stop",
)


@pytest.fixture
def notify() -> Iterator[StubNotify]:
    with StubNotify() as server:
        yield server


@pytest.fixture
def notifying_app(settings: Settings, notify: StubNotify) -> Iterator[Flask]:
    app = create_app(replace(settings, base_url="https://mande.test", mail=notify.settings()))
    with app.app_context():
        yield app


def send(server: StubNotify, letter: Prepared = LETTER, **changes: Any) -> str:
    with NotifyCarrier(server.settings(**changes)) as opened:
        return opened.send(letter)


def stored() -> list[Message]:
    with db.reading() as session:
        return list(session.scalars(select(Message).order_by(Message.to_address)))


def test_a_message_is_handed_over_with_its_words_its_reference_and_where_to_stop(notify: StubNotify) -> None:
    reference = send(notify)

    assert notify.taken == [
        {
            "email_address": "ana@example.org",
            "template_id": TEMPLATE,
            "personalisation": {
                "subject": "Your view",
                "body": "Dear Ana,\n\nhttps://mande.test/r/token\n\n---\nThe link is yours alone.\n",
            },
            "reference": str(LETTER.id),
            "email_reply_to_id": "reply-usual",
            "one_click_unsubscribe_url": "https://mande.test/r/token/stop",
            "id": reference,
            "status": "delivered",
            "service": "usual",
        }
    ]


def test_only_a_secure_address_is_offered_for_one_click(notify: StubNotify) -> None:
    send(notify, replace(LETTER, stop="http://127.0.0.1:8000/r/token/stop"))

    assert "one_click_unsubscribe_url" not in notify.taken[0]


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("Dear # Ana", "Dear # Ana"),
        ("# Ana", "\u2060# Ana"),
        ("- a list\n- of two", "- a list\n- of two"),
        ("* no list", "\u2060* no list"),
        ("[Click](https://evil.example)", "[Click]\u2060(https://evil.example)"),
        ("((body))", "(\u2060(body))"),
    ],
)
def test_what_people_have_typed_makes_neither_headings_nor_links_nor_placeholders(typed: str, sent: str) -> None:
    assert carrier.as_markdown(typed) == sent


def test_a_discreet_message_goes_by_the_neutral_service_or_not_at_all(notify: StubNotify) -> None:
    discreet = replace(LETTER, sender_name="Secretariat")

    send(notify, discreet)
    with pytest.raises(RefusedError, match="MANDE_NOTIFY_DISCREET_KEY"):
        send(notify, discreet, discreet=False)

    assert [(one["service"], one["email_reply_to_id"]) for one in notify.taken] == [("discreet", "reply-discreet")]


@pytest.mark.parametrize(
    ("status", "error", "raised", "words"),
    [
        (400, "ValidationError", RefusedError, "400 ValidationError: as it says"),
        (403, "AuthError", UnusableError, "does not let us in: 403"),
        (404, "NoResultFound", UnusableError, "does not let us in: 404"),
        (429, "RateLimitError", UnusableError, "takes no more for now"),
        (429, "TooManyRequestsError", UnusableError, "takes no more for now"),
        (500, "Exception", LostError, "500"),
        (503, "Exception", LostError, "503"),
        (200, "html", LostError, "200"),
        (201, "", LostError, "without saying"),
        (0, "drop", LostError, "cannot be reached"),
    ],
)
def test_what_goes_wrong_concerns_this_message_this_connection_or_all(
    notify: StubNotify, status: int, error: str, raised: type[Exception], words: str
) -> None:
    notify.answer(status, error, "as it says")

    with pytest.raises(raised, match=words) as caught:
        send(notify)

    assert getattr(caught.value, "permanent", True)
    assert notify.taken == []


def test_a_server_that_is_not_there_concerns_all_messages(notify: StubNotify) -> None:
    elsewhere = NotifySettings(usual=NotifyService(key("usual"), TEMPLATE), url="http://127.0.0.1:1")

    with pytest.raises(UnusableError, match="cannot be reached"):
        send(notify, notify=elsewhere)


def test_a_key_that_was_cut_is_refused_before_anything_is_sent(notify: StubNotify) -> None:
    with pytest.raises(UnusableError, match="Copy all of it"):
        send(notify, notify=NotifySettings(usual=NotifyService(key("usual")[:-5], TEMPLATE)))

    assert notify.requests == 0


def test_a_message_whose_answer_was_lost_is_found_again_and_not_sent_twice(notify: StubNotify) -> None:
    first = send(notify)

    assert send(notify, replace(LETTER, attempts=1)) == first
    assert len(notify.taken) == 1


def test_a_message_that_failed_before_is_sent_again(notify: StubNotify) -> None:
    first = send(notify)
    notify.fail(str(LETTER.id), "temporary-failure")

    assert send(notify, replace(LETTER, attempts=1)) != first


def test_the_check_says_what_the_template_lacks(notify: StubNotify) -> None:
    with NotifyCarrier(notify.settings()) as opened:
        opened.check()
        notify.template["body"] = "Dear ((name))"
        with pytest.raises(UnusableError, match=r"lacks \(\(body\)\)"):
            opened.check()
        notify.answer(500, "Exception", "Internal server error")
        with pytest.raises(UnusableError, match="500"):
            opened.check()


def test_failures_are_told_page_after_page_of_both_services(
    notify: StubNotify, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carrier, "PAGE", PAGE)
    letters = [replace(LETTER, id=uuid4(), sender_name="Secretariat" if n == 0 else None) for n in range(8)]
    references = [send(notify, letter) for letter in letters]
    for letter in letters[:7]:
        notify.fail(str(letter.id), "permanent-failure")

    with NotifyCarrier(notify.settings()) as opened:
        found = list(opened.failures())

    assert sorted(one.reference for one in found) == sorted(references[:7])
    assert all(one.permanent for one in found)


def test_the_outbox_sends_by_notify_and_hears_of_failures_later(notifying_app: Flask, notify: StubNotify) -> None:
    drafts = [make_draft(f"{name}@example.org", stop_path="/r/[[token]]/stop") for name in ("ana", "ben", "cem")]
    with db.transaction() as session:
        outbox.queue(session, drafts)
    assert failures.ask() == 0
    assert send_due() == Tally(sent=3)

    by_address = {one["email_address"]: one for one in notify.taken}
    token = token_of(drafts[0].link)
    assert f"https://mande.test/r/{token}" in by_address["ana@example.org"]["personalisation"]["body"]
    assert by_address["ana@example.org"]["one_click_unsubscribe_url"] == f"https://mande.test/r/{token}/stop"

    notify.fail(by_address["ben@example.org"]["reference"], "permanent-failure")
    notify.fail(by_address["cem@example.org"]["reference"], "technical-failure")
    notify.answer(500)
    assert failures.ask() == 0
    assert failures.ask() == 2
    assert failures.ask() == 0

    ana, ben, cem = stored()
    assert (ana.state, ana.problem) == (MessageState.SENT, None)
    assert (ben.state, ben.problem) == (MessageState.BOUNCED, "GOV.UK Notify: the address does not exist.")
    # Nobody can write it anew: no survey has sent it.
    assert (cem.state, cem.carrier_reference) == (MessageState.SENT, None)
    with db.transaction() as session:
        assert outbox.queue(session, [make_draft("ben@example.org")]) == 0


def test_messages_wait_while_notify_takes_no_more_and_fail_where_it_refuses_them(
    notifying_app: Flask, notify: StubNotify
) -> None:
    with db.transaction() as session:
        outbox.queue(session, [make_draft("ana@example.org"), make_draft("ben@example.org")])
    notify.answer(429, "RateLimitError", "Exceeded rate limit")

    assert send_due() == Tally(held=2)
    assert {(one.state, one.attempts) for one in stored()} == {(MessageState.QUEUED, 0)}

    notify.answer(400, "ValidationError", "email_address Not a valid email address")
    notify.answer(500, "Exception", "Internal server error")
    assert send_due() == Tally(failed=1, retrying=1)
