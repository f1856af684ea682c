"""Carriers: who takes a message from us and brings it to its mailbox. SMTP unless MANDE_MAIL_CARRIER says otherwise."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol
from typing import Self
from uuid import UUID

from mande.config import Settings


@dataclass(frozen=True)
class Prepared:
    """A message with its links in it, as it exists while it is sent and at no other time.

    `id` is the message's own; `attempts` how often it was offered before. `recipient` and `reply_to` have a domain in
    ASCII. `sender_name` is None for the installation's own: a name says that the message is discreet. `stop` is the
    address where one click ends such messages.
    """

    id: UUID
    message_id: str
    recipient: str
    subject: str
    text: str
    html: str
    attempts: int = 0
    to_name: str = ""
    sender_name: str | None = None
    reply_to: str = ""
    reply_to_name: str = ""
    in_reply_to: str | None = None
    language: str = "en"
    kind: str = ""
    stop: str | None = None


@dataclass(frozen=True)
class Failure:
    """A message that was taken and could not be delivered. `reference` is what `send` had returned for it."""

    reference: str
    words: str
    permanent: bool


class Carrier(Protocol):
    """Takes messages one after another over one connection, opened when it is first needed."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *error: object) -> None: ...

    @property
    def name(self) -> str:
        """The carrier as operators know it."""

    def send(self, letter: Prepared) -> str | None:
        """Hands one message over, and returns what the carrier calls it, where it tells later what became of it.

        Raises RefusedError, LostError or UnusableError of `mande.mail.errors`, and nothing else.
        """

    def check(self) -> None:
        """Sends nothing. Raises UnusableError where nothing could be sent."""

    def failures(self) -> Iterable[Failure]:
        """What the carrier says, when it is asked, of messages that it could not deliver. Raises as `send` does."""


def chosen(settings: Settings) -> Carrier:
    """The carrier of this installation, not yet connected: a context manager."""
    if settings.mail.carrier == "notify":
        from mande.mail.carriers.notify import NotifyCarrier

        return NotifyCarrier(settings.mail)
    from mande.mail.carriers.by_smtp import SmtpCarrier

    return SmtpCarrier(settings)
