"""What came back, told apart: samples in the forms of many programs, and the same damaged at random."""

from email import policy
from email.message import EmailMessage
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from mande.mail.incoming import automatic
from mande.mail.incoming import reading
from mande.mail.incoming import words
from mande.mail.incoming.reading import Verdict
from mande.mail.kinds import IncomingKind
from mande.mail.reasons import Reason
from mande.mail.reasons import reason

SAMPLES = {path.stem: path.read_bytes() for path in sorted((Path(__file__).parents[1] / "samples/mail").glob("*.eml"))}
RETURN_PATH = "bounces+code@mande.test"
ORIGINAL = "<original@mande.test>"
OURS = UUID("6f1f3c1e-0000-4000-8000-000000000001")

FAILED, DELAYED, AUTOMATIC = IncomingKind.FAILED, IncomingKind.DELAYED, IncomingKind.AUTOMATIC
STOP, REPLY, UNKNOWN = IncomingKind.STOP, IncomingKind.REPLY, IncomingKind.UNKNOWN

# The kind of each sample; of failures the status, whether it is for good, and what it comes to.
EXPECTED = {
    "amazon-ses-suppressed": (FAILED, "5.1.1", True, Reason.NO_SUCH_ADDRESS),
    "complaint": (STOP,),
    "exchange-mailbox-full": (FAILED, "5.2.2", False, Reason.MAILBOX_FULL),
    "exchange-no-such-user": (FAILED, "5.1.1", True, Reason.NO_SUCH_ADDRESS),
    "exim-plain": (FAILED, "5.1.1", True, Reason.NO_SUCH_ADDRESS),
    "exim-report": (FAILED, "5.0.0", True, Reason.NO_SUCH_ADDRESS),
    "exim-warning": (DELAYED, "", False, Reason.UNREACHABLE),
    "gmail-delayed": (DELAYED, "4.4.1", False, Reason.UNREACHABLE),
    "gmail-mailbox-full": (FAILED, "5.2.2", False, Reason.MAILBOX_FULL),
    "gmail-no-such-user": (FAILED, "5.1.1", True, Reason.NO_SUCH_ADDRESS),
    "gmail-vacation": (AUTOMATIC,),
    "office365-no-such-user": (FAILED, "5.1.10", True, Reason.NO_SUCH_ADDRESS),
    "out-of-office-by-subject": (AUTOMATIC,),
    "outlook-out-of-office": (AUTOMATIC,),
    "postfix-delayed": (DELAYED, "4.2.0", False, Reason.LATER),
    "postfix-delivered": (AUTOMATIC,),
    "postfix-expired": (FAILED, "4.4.1", False, Reason.UNREACHABLE),
    "postfix-forwarded": (FAILED, "5.1.1", True, Reason.NO_SUCH_ADDRESS),
    "postfix-no-domain": (FAILED, "5.4.4", True, Reason.DOMAIN_UNKNOWN),
    "postfix-no-such-user": (FAILED, "5.1.1", True, Reason.NO_SUCH_ADDRESS),
    "postfix-refused-as-spam": (FAILED, "5.7.1", True, Reason.REFUSED),
    "qmail-no-such-user": (FAILED, "5.1.1", True, Reason.NO_SUCH_ADDRESS),
    "read-receipt": (AUTOMATIC,),
    "reply": (REPLY,),
    "sendmail-no-such-user": (FAILED, "5.1.1", True, Reason.NO_SUCH_ADDRESS),
    "sendmail-warning": (DELAYED, "", None, None),
    "unsubscribe": (STOP,),
    "unsubscribe-in-a-reply": (STOP,),
    "yahoo-no-such-user": (FAILED, "5.1.1", True, Reason.NO_SUCH_ADDRESS),
}


def own(address: str) -> UUID | None:
    return OURS if address == RETURN_PATH else None


def read(raw: bytes, recipient: str = "") -> Verdict:
    return reading.read(raw, own, recipient)


def written(subject: str, text: str = "", **headers: str) -> bytes:
    message = EmailMessage(policy=policy.SMTP)
    message["From"], message["To"], message["Subject"] = "Ana <ana@example.org>", RETURN_PATH, subject
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message.as_bytes()


def test_every_sample_is_expected_to_be_something() -> None:
    assert set(EXPECTED) == set(SAMPLES)


@pytest.mark.parametrize("name", SAMPLES)
def test_each_program_s_form_is_understood_and_leads_to_our_message(name: str) -> None:
    kind, *failure = EXPECTED[name]

    verdict = read(SAMPLES[name])

    assert verdict.kind is kind
    assert verdict.returned == OURS
    if failure:
        status, permanent, meaning = failure
        address = "ana.private@example.net" if name == "postfix-forwarded" else "ana@example.org"
        (told,) = verdict.failures
        assert (told.address, told.status) == (address, status)
        if meaning is not None:
            assert (told.permanent, reason(told.words)) == (permanent, meaning)


@pytest.mark.parametrize("name", sorted(set(SAMPLES) - {"unsubscribe", "exim-warning"}))
def test_the_message_id_leads_to_our_message_where_the_return_path_was_lost(name: str) -> None:
    verdict = read(SAMPLES[name].replace(RETURN_PATH.encode(), b"someone@mande.test"))

    assert verdict.returned is None
    assert ORIGINAL in verdict.references


def test_the_address_that_the_server_took_it_for_counts_where_no_header_tells() -> None:
    raw = SAMPLES["reply"].replace(RETURN_PATH.encode(), b"undisclosed@mande.test")

    assert read(raw, RETURN_PATH).returned == OURS


def test_only_a_complaint_is_one() -> None:
    assert {name for name, raw in SAMPLES.items() if read(raw).complaint} == {"complaint"}
    assert not read(SAMPLES["complaint"].replace(b"Feedback-Type: abuse", b"Feedback-Type: not-spam")).complaint


@pytest.mark.parametrize("subject", ["unsubscribe", "Re: STOP", "Désabonner", "Darse de baja", "إلغاء الاشتراك"])
def test_whoever_asks_for_no_more_is_heard(subject: str) -> None:
    assert read(written(subject, "–")).kind is STOP
    assert read(written(subject, "–", Auto_Submitted="auto-generated")).kind is STOP


@pytest.mark.parametrize("text", ["Please do not stop these meetings!", "I stop here", "Unsubscribed people spoke"])
def test_whoever_merely_uses_the_word_is_not_stopped(text: str) -> None:
    assert read(written("Re: Your view of the meeting", text)).kind is REPLY


@pytest.mark.parametrize(
    "subject",
    ["Automatic reply: Your view", "Réponse automatique : x", "Respuesta automática: x", "Abwesenheitsnotiz: x",
     "رد تلقائي: x", "自动回复: x", "Out of Office"],
)  # fmt: skip
def test_an_out_of_office_reply_is_recognised_by_its_subject_where_no_header_tells(subject: str) -> None:
    assert read(written(subject, "Back on Monday")).kind is AUTOMATIC


@pytest.mark.parametrize(
    "headers",
    [{"Auto_Submitted": "auto-replied"}, {"Precedence": "auto_reply"}, {"X_Autoreply": "yes"},
     {"X_Auto_Response_Suppress": "OOF"}, {"Return_Path": "<>"}],
)  # fmt: skip
def test_an_automatic_reply_is_recognised_by_its_headers(headers: dict[str, str]) -> None:
    assert read(written("Thank you", "550 messages wait", **headers)).kind is AUTOMATIC
    assert read(written("Thank you", "550 messages wait", Auto_Submitted="no")).kind is REPLY


@pytest.mark.parametrize("raw", [b"", b"\n\n", b"\xff\xfe\x00", b"Message-ID: <broken\n\n", b"From: a@b\n\n"])
def test_what_holds_nothing_is_unknown(raw: bytes) -> None:
    assert read(raw).kind is UNKNOWN


def test_a_malformed_message_id_stops_nobody() -> None:
    broken = SAMPLES["postfix-no-such-user"].replace(ORIGINAL.encode(), b"<[original>@mande.test\xff")

    assert read(broken).kind is FAILED


def test_a_report_that_says_next_to_nothing_is_read_with_the_text_beside_it() -> None:
    full = SAMPLES["exim-report"].replace(b"Unrouteable address", b"mailbox is full: retry timeout exceeded")

    (told,) = read(full).failures

    assert (told.permanent, reason(told.words)) == (False, Reason.MAILBOX_FULL)


def test_what_is_kept_of_another_server_s_words_is_one_short_line_without_links_and_tokens() -> None:
    token = "abcdefghij234567abcdefghij"

    kept = words.kept(f"550 5.1.1 no\r\n such user,\x00 see https://a.example/r/{token} or {token}. " + "x" * 400)

    assert kept.startswith("550 5.1.1 no such user, see … or ….")
    assert len(kept) == words.KEPT
    assert token not in kept


@pytest.mark.parametrize(
    ("said", "meaning"),
    [
        ("550 5.4.1 Recipient address rejected: Access denied. AS(201806281)", Reason.NO_SUCH_ADDRESS),
        ("550 No such user here", Reason.NO_SUCH_ADDRESS),
        ("450 Recipient address rejected: Greylisted", Reason.LATER),
        ("451 4.7.1 Try again later", Reason.LATER),
        ("552 Quota exceeded", Reason.MAILBOX_FULL),
        ("550 5.1.1 The mailbox is full", Reason.MAILBOX_FULL),
        ("550 5.2.1 The account was disabled", Reason.SWITCHED_OFF),
        ("554 5.7.1 Relay access denied", Reason.RELAY),
        ("550 5.7.26 This mail is unauthenticated (SPF, DKIM)", Reason.REFUSED),
        ("552 5.3.4 Message too big", Reason.TOO_LARGE),
        ("550 Host unknown", Reason.DOMAIN_UNKNOWN),
        ("4.4.7 Message expired", Reason.UNREACHABLE),
        ("5.0.0", Reason.OTHER),
        ("", Reason.OTHER),
    ],
)
def test_what_servers_say_comes_to_a_reason(said: str, meaning: Reason) -> None:
    assert reason(said) is meaning


def test_one_message_is_known_again_whichever_server_handed_it_over() -> None:
    raw = SAMPLES["postfix-no-such-user"]
    by_another_way = b"Received: from elsewhere\r\nDelivered-To: x@y\r\n" + raw.replace(b"\n", b"\r\n") + b"\r\n\r\n"

    assert reading.digest(by_another_way) == reading.digest(raw)
    assert len({reading.digest(one) for one in SAMPLES.values()}) == len(SAMPLES)


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A sample of which pieces are cut out, doubled, or replaced by anything."""
    raw = draw(st.sampled_from(list(SAMPLES.values())))
    for _turn in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(raw)))
        end = draw(st.integers(start, min(len(raw), start + 200)))
        piece = draw(st.one_of(st.binary(max_size=20), st.just(raw[start:end] * 2), st.just(b"")))
        raw = raw[:start] + piece + raw[end:]
    return raw


@given(raw=st.one_of(damaged(), st.binary(max_size=200)))
@settings(max_examples=150)
def test_nothing_that_arrives_stops_us_or_leaves_anything_that_no_database_takes(raw: bytes) -> None:
    verdict = read(raw)

    kept = [*verdict.references, *(text for one in verdict.failures for text in (one.address, one.words, one.status))]
    assert all(text.isprintable() for text in kept)
    assert all(len(one.words) <= words.KEPT and len(one.address) <= 254 for one in verdict.failures)
    assert len(reading.digest(raw)) == 64


def test_a_detector_that_stumbles_does_not_stop_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    def stumble(_message: object) -> None:
        raise KeyError("a detector's own")

    monkeypatch.setattr(reading, "all_failures", stumble)

    assert read(SAMPLES["qmail-no-such-user"]).kind is FAILED
    assert read(SAMPLES["reply"]).kind is REPLY


def test_what_cannot_be_read_at_all_is_unknown_and_still_known_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_raw: bytes) -> None:
        raise ValueError("a parser's own")

    monkeypatch.setattr(reading, "message_from_bytes", refuse)

    assert read(SAMPLES["reply"]).kind is UNKNOWN
    assert len(reading.digest(SAMPLES["reply"])) == 64


def test_a_subject_is_only_a_last_resort() -> None:
    assert automatic.is_out_of_office("Absence de réponse") is False
    assert automatic.is_out_of_office("Out of office until Monday") is True
