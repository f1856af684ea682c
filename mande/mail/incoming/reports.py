"""Reading reports of delivery (RFC 3464) and of complaints (RFC 5965) as the standard library parses them. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message

from mande.mail import reasons
from mande.mail.incoming import words

_TYPE = re.compile(r"^\s*(?:rfc822|utf-8|smtp|x-?400|unknown)\s*;\s*", re.IGNORECASE)
_DIAGNOSTIC_TYPE = re.compile(r"^\s*[a-z0-9-]{1,20}\s*;\s*", re.IGNORECASE)
_VAGUE = re.compile(r"[245]\.0\.0")


LONGEST_ADDRESS = 254


@dataclass(frozen=True)
class Failure:
    """What became of one recipient. `address` may be "", `status` too ("5.1.1"); `words` are fit to be kept."""

    address: str
    status: str
    words: str
    permanent: bool


@dataclass(frozen=True)
class Report:
    """A report's recipients: those not delivered to for good, and those still being tried."""

    failed: tuple[Failure, ...]
    delayed: tuple[Failure, ...]


@dataclass(frozen=True)
class Complaint:
    """Somebody called a message unwanted. `senders` are addresses that the message was sent from."""

    addresses: tuple[str, ...]
    senders: tuple[str, ...]


def delivery_report(message: Message) -> Report | None:
    """What the parts message/delivery-status say; None where there is none that can be read."""
    groups = [group for part in message.walk() if part.get_content_type() == "message/delivery-status"
              for group in _groups(part)]  # fmt: skip
    recipients = [group for group in groups if group["Action"] or group["Status"] or group["Final-Recipient"]]
    if not recipients:
        return None
    failed, delayed = [], []
    for group in recipients:
        action = _field(group, "Action").lower().split()[:1]
        status = _status(group)
        if action == ["failed"] or (not action and status.startswith("5")):
            failed.append(_failure(group, status))
        elif action == ["delayed"] or (not action and status.startswith("4")):
            delayed.append(_failure(group, status))
    return Report(tuple(failed), tuple(delayed))


def complaint(message: Message) -> Complaint | None:
    """What a part message/feedback-report says; None where there is none, or where it is no complaint."""
    for part in message.walk():
        if part.get_content_type() != "message/feedback-report":
            continue
        for group in _groups(part):
            if _field(group, "Feedback-Type").lower() in ("abuse", "fraud", "opt-out", "other"):
                return Complaint(
                    tuple(address(str(value)) for value in group.get_all("Original-Rcpt-To", [])),
                    tuple(address(str(value)) for value in group.get_all("Original-Mail-From", [])),
                )
    return None


def address(field: str) -> str:
    """A recipient field's address in lower case: "rfc822; <Ana@example.org>" is "ana@example.org"."""
    return words.printable(_TYPE.sub("", field)).strip().strip("<>").strip().lower()[:LONGEST_ADDRESS]


def _groups(part: Message) -> Iterator[Message]:
    """The groups of fields of a part, which the library takes for messages."""
    payload = part.get_payload()
    if isinstance(payload, list):
        yield from (group for group in payload if isinstance(group, Message))


def _failure(group: Message, status: str) -> Failure:
    diagnostic = _DIAGNOSTIC_TYPE.sub("", _field(group, "Diagnostic-Code"))
    said = words.kept(diagnostic or _field(group, "Remote-MTA"))
    told = said if not status or status in said else f"{status} {said}".strip()
    named = group["Original-Recipient"] or group["Final-Recipient"] or ""
    # "The mailbox is full" is permanent to some servers; it empties all the same.
    passing = status.startswith("4") or reasons.is_passing(told)
    return Failure(address(str(named)), status, words.kept(told), permanent=not passing)


def _status(group: Message) -> str:
    """The status field, or what the other server said itself where the field says next to nothing."""
    stated = words.status(_field(group, "Status"))
    said = words.status(_field(group, "Diagnostic-Code"))
    return said if said and (not stated or _VAGUE.fullmatch(stated)) else stated


def _field(group: Message, name: str) -> str:
    return str(group.get(name, "")).strip()
