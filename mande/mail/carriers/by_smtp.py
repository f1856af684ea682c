"""The usual carrier: a mail server that speaks SMTP. The form of a message is made here: headers and two parts."""

from collections.abc import Iterator
from email.utils import format_datetime

from mande import clock
from mande.config import Settings
from mande.mail import mime
from mande.mail import verp
from mande.mail.carriers import Failure
from mande.mail.carriers import Prepared
from mande.mail.errors import RefusedError
from mande.mail.smtp import Connection
from mande.mail.smtp import sender_address


class SmtpCarrier:
    """Hands messages to the server of the settings over one reused connection."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings.mail
        self._key = verp.key_of(settings.secret_key)
        self._connection = Connection(settings.mail)

    def __enter__(self) -> "SmtpCarrier":
        return self

    def __exit__(self, *_error: object) -> None:
        self._connection.close()

    @property
    def name(self) -> str:
        return f"{self.settings.host}:{self.settings.port}"

    def send(self, letter: Prepared) -> None:
        sender = sender_address(self.settings)
        back = verp.make(self.settings.bounce_address, letter.id, self._key) if self.settings.bounce_address else ""
        try:
            form = mime.assemble(self._headers(letter, sender, back), letter.text, letter.html)
        except Exception as error:  # whatever it is, it is this message's, and the others must go
            raise RefusedError(f"This message could not be given form: {error}", permanent=True) from error
        self._connection.send(letter.recipient, form, back)

    def check(self) -> None:
        self._connection.check()

    def failures(self) -> tuple[Failure, ...]:
        """Nothing: what a mail server cannot deliver comes back as mail."""
        return ()

    def _headers(self, letter: Prepared, sender: str, back: str) -> Iterator[bytes]:
        utf8 = not letter.recipient.isascii()
        yield mime.mailbox_header("From", letter.sender_name or self.settings.sender_name, sender, utf8)
        yield mime.mailbox_header("To", letter.to_name, letter.recipient, utf8)
        if letter.reply_to:
            yield mime.mailbox_header("Reply-To", letter.reply_to_name, letter.reply_to, utf8)
        yield mime.header("Subject", letter.subject, utf8)
        yield mime.line("Date", format_datetime(clock.now()))
        yield mime.line("Message-ID", letter.message_id)
        if letter.in_reply_to:
            yield mime.line("In-Reply-To", letter.in_reply_to)
            yield mime.line("References", letter.in_reply_to)
        if letter.stop:
            yield from _stopping(letter.stop, back)
        yield mime.header("Auto-Submitted", "auto-generated")
        yield mime.header("Content-Language", letter.language)
        if letter.kind:
            yield mime.header("X-Mande-Kind", letter.kind)


def _stopping(address: str, mailbox: str) -> Iterator[bytes]:
    """How a mail program offers to end such messages: by one click (RFC 8058: HTTPS), or a message to `mailbox`."""
    mail = [f"<mailto:{mailbox}?subject=stop>"] if mailbox else []
    yield mime.line("List-Unsubscribe", f"<{address}>", *mail)
    if address.startswith("https://"):
        yield mime.line("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")
