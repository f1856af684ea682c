"""A real SMTP server on loopback that behaves as a test asks, and messages to send to it."""

import asyncio
from collections import Counter
from collections.abc import Callable
from datetime import UTC
from datetime import datetime
from email import message_from_bytes
from email import policy
from email.message import EmailMessage
from typing import Any
from uuid import uuid4

from mande import tokens
from mande.config import MailSettings
from mande.keyring import fingerprint
from mande.mail.catcher import LoopbackServer
from mande.mail.models import MessageKind
from mande.mail.outbox import Draft
from mande.mail.outbox import Link
from mande.mail.outbox import Mailbox

LINK_KEY = b"l" * 32  # the one of tests.conftest.make_settings
LONG_AGO = datetime(2021, 6, 10, 8, tzinfo=UTC)


class StubServer:
    """Takes every message, except from or to those for whom a test has asked for something else.

        with StubServer() as server:
            server.refuse("ana@example.org", "550 5.1.1 No such user")

    `accepted` holds the messages taken, in order, `sources` their bytes, `recipients` to whom they went, `return_paths`
    where they come back to; `mails` counts how often a sender was announced, `connections` how often anybody said hello
    (`greetings`: under which name). With `pipelining` it takes several commands at once. `on_message` is called after
    each message was taken and before the server says so.
    """

    def __init__(self, **options: Any) -> None:
        self.accepted: list[EmailMessage] = []
        self.sources: list[bytes] = []
        self.recipients: list[str] = []
        self.return_paths: list[str] = []
        self.mails = 0
        self.connections = 0
        self.greetings: list[str] = []
        self.pipelining = False
        self.on_message: Callable[[EmailMessage], None] = lambda _message: None
        self._at_mail: dict[int, str] = {}
        self._at_recipient: dict[str, str] = {}
        self._at_data: dict[str, str] = {}
        self._times: Counter[str] = Counter()
        self._server = LoopbackServer(self, **options)

    def __enter__(self) -> "StubServer":
        self._server.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.stop()

    @property
    def port(self) -> int:
        return self._server.port

    def settings(self, **changes: Any) -> MailSettings:
        """The settings with which Mande sends to this server."""
        values = {"host": "127.0.0.1", "port": self.port, "security": "none", "sender": "surveys@mande.test"}
        return MailSettings(**{**values, "timeout": 5, **changes})

    def refuse(self, recipient: str, words: str) -> None:
        """Says `words` ("550 ...", "451 ...") to this recipient, always."""
        self._at_recipient[recipient] = words

    def greylist(self, recipient: str, times: int = 1) -> None:
        """Says 451 to this recipient so many times, and then takes the message."""
        self._times[recipient] = times

    def refuse_message(self, recipient: str, words: str) -> None:
        """Says `words` after it has read the message. "drop" ends the connection instead, "stall" says nothing."""
        self._at_data[recipient] = words

    def refuse_sender(self, nth: int, words: str) -> None:
        """Says `words` to the nth announcement of a sender, counted from 1; "drop" ends the connection instead."""
        self._at_mail[nth] = words

    async def handle_EHLO(  # noqa: N802
        self, _server: Any, session: Any, _envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.connections += 1
        self.greetings.append(hostname)
        return [*responses[:-1], *(["250-PIPELINING"] if self.pipelining else []), responses[-1]]

    async def handle_MAIL(self, server: Any, _session: Any, envelope: Any, address: str, options: list[str]) -> str:  # noqa: N802
        self.mails += 1
        words = self._at_mail.get(self.mails, "250 OK")
        if words == "drop":
            server.transport.abort()
        elif words.startswith("250"):
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return words

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, options: list[str]) -> str:  # noqa: N802
        if self._times[address] > 0:
            self._times[address] -= 1
            return "451 4.7.1 Greylisted, please try again later"
        words = self._at_recipient.get(address, "250 OK")
        if words.startswith("25"):
            envelope.rcpt_tos.append(address)
        return words

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        words = self._at_data.get(envelope.rcpt_tos[0], "250 OK")
        if words == "drop":
            server.transport.abort()
        elif words == "stall":
            await asyncio.Event().wait()
        if not words.startswith("250"):
            return words
        message = message_from_bytes(envelope.content, policy=policy.default)
        self.accepted.append(message)
        self.sources.append(envelope.content)
        self.recipients.extend(envelope.rcpt_tos)
        self.return_paths.append(envelope.mail_from)
        await asyncio.get_running_loop().run_in_executor(None, self.on_message, message)
        return words


def content(message: EmailMessage, subtype: str) -> str:
    """The text ("plain") or HTML ("html") part of a message, decoded, with plain line breaks."""
    part = message.get_body((subtype,))
    assert part is not None
    return part.get_content().replace("\r\n", "\n")


def make_link(path: str = "/r/[[token]]") -> Link:
    return Link(path, uuid4(), tokens.new_nonce(), fingerprint(LINK_KEY))


def token_of(link: Link) -> str:
    return tokens.derive(LINK_KEY, link.subject, link.nonce)


def make_draft(address: str = "ana@example.org", **changes: Any) -> Draft:
    """An invitation with a link, long due."""
    values: dict[str, Any] = {
        "about": uuid4(),
        "kind": MessageKind.INVITATION,
        "to": Mailbox("Ana Example", address),
        "reply_to": Mailbox("Robin Manager", "robin@example.org"),
        "subject": "Your view of the meeting",
        "text": "Dear Ana,\n\nAnswer:\n[[link]]\n",
        "html": '<p>Dear Ana,</p><p><a href="[[link]]">Answer</a></p>',
        "due_at": LONG_AGO,
        "link": make_link(),
        "event_id": uuid4(),
    }
    return Draft(**{**values, **changes})
