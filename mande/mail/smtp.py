"""One SMTP connection, opened when it is first needed, kept for a batch, and opened again when the server drops it."""

import smtplib
import ssl
from collections.abc import Iterator
from types import TracebackType

from mande.config import MailSettings
from mande.mail import mime
from mande.mail.errors import LostError
from mande.mail.errors import RefusedError
from mande.mail.errors import UnusableError

_CLOSING = 421

Reply = tuple[int, bytes]


class Connection:
    """A connection to the server of `settings`. `tls` replaces the usual checks of certificates, for tests."""

    def __init__(self, settings: MailSettings, tls: ssl.SSLContext | None = None) -> None:
        self.settings = settings
        self._tls = tls
        self._sender = ""
        self._smtp: smtplib.SMTP | None = None

    def __enter__(self) -> "Connection":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def send(self, recipient: str, message: bytes, return_path: str = "") -> None:
        """Hands one message over. Returns once the server has said that it took it; raises an error of `mail.errors`.

        `recipient` has a domain in ASCII; a local part beyond ASCII needs a server that speaks SMTPUTF8. What cannot be
        delivered comes back to `return_path`, or to the sender where it is empty.
        """
        smtp, (code, words) = self._announce(recipient, return_path, utf8=not recipient.isascii())
        try:
            if _taken(code):
                code, words = smtp.data(message)
        except smtplib.SMTPDataError as error:
            code, words = error.smtp_code, _bytes(error.smtp_error)
        except ValueError as error:
            self._drop()
            raise RefusedError(str(error), permanent=True) from error
        except OSError as error:
            self._drop()
            raise LostError(f"The connection ended while the message was sent ({error}).") from error
        self._judge(code, words)

    def check(self) -> None:
        """Connects and signs in, sends nothing. Raises UnusableError, which says what is wrong."""
        if self._smtp is None:
            self._smtp = self._open()

    def close(self) -> None:
        """Says goodbye, if there is anybody to say it to."""
        if self._smtp is not None:
            try:
                self._smtp.quit()
            except OSError:
                self._smtp.close()
            self._smtp = None

    def _judge(self, code: int, words: bytes) -> None:
        if _taken(code):
            return
        if code == _CLOSING or code // 100 not in (4, 5):
            self._drop()
            raise LostError(_said(code, words))
        self._reset()
        raise RefusedError(_said(code, words), permanent=code // 100 == 5)

    def _announce(self, recipient: str, return_path: str, utf8: bool) -> tuple[smtplib.SMTP, Reply]:
        """A connection on which the server has accepted our return path, and its reply to the recipient.

        A connection that has died before any message was on it is opened again.
        """
        for smtp in self._connections():
            if utf8 and not smtp.has_extn("smtputf8"):
                raise RefusedError(
                    "The mail server cannot send to addresses with letters beyond ASCII.", permanent=True
                )
            try:
                (code, words), answer = _envelope(smtp, return_path or self._sender, recipient, utf8)
            except OSError:
                self._drop()
                continue
            if _taken(code):
                return smtp, answer
            self._drop()
            if code != _CLOSING and utf8:
                raise RefusedError(_said(code, words), permanent=code // 100 == 5)  # perhaps only of the options
            if code != _CLOSING:
                raise UnusableError(
                    f"The mail server takes nothing from {return_path or self._sender}: {_said(code, words)}"
                )
        raise UnusableError("The mail server closes the connection before it takes a message.")

    def _connections(self) -> Iterator[smtplib.SMTP]:
        """The open connection, if there is one, and then a fresh one."""
        if self._smtp is not None:
            yield self._smtp
        self._smtp = self._open()
        yield self._smtp

    def _open(self) -> smtplib.SMTP:
        settings = self.settings
        self._sender = sender_address(settings)
        name = self._sender.rpartition("@")[2]
        smtp: smtplib.SMTP | None = None
        try:
            if settings.security == "tls":
                smtp = smtplib.SMTP_SSL(
                    settings.host, settings.port, name, timeout=settings.timeout, context=self._trust()
                )
            else:
                smtp = smtplib.SMTP(settings.host, settings.port, name, timeout=settings.timeout)
            if settings.security == "starttls":
                smtp.starttls(context=self._trust())
            smtp.ehlo_or_helo_if_needed()
            if settings.user:
                smtp.login(settings.user, settings.password)
        except (OSError, ValueError) as error:
            if smtp is not None:
                smtp.close()
            where = f"{settings.host}:{settings.port}"
            raise UnusableError(f"The mail server {where} cannot be used: {_explained(error)}") from error
        return smtp

    def _trust(self) -> ssl.SSLContext:
        return self._tls or ssl.create_default_context()

    def _reset(self) -> None:
        try:
            if self._smtp is not None:
                self._smtp.rset()
        except OSError:
            self._drop()

    def _drop(self) -> None:
        if self._smtp is not None:
            self._smtp.close()
            self._smtp = None


def _envelope(smtp: smtplib.SMTP, sender: str, recipient: str, utf8: bool) -> tuple[Reply, Reply]:
    """The server's replies to sender and recipient: both sent at once where it allows that (RFC 2920).

    Where it does not take the sender, the second reply means nothing.
    """
    options = " SMTPUTF8 BODY=8BITMIME" if utf8 else ""
    commands = [f"MAIL FROM:<{sender}>{options}\r\n".encode(), f"RCPT TO:<{recipient}>\r\n".encode()]
    together = smtp.has_extn("pipelining")
    smtp.send(b"".join(commands) if together else commands[0])
    taken = smtp.getreply()
    if not _taken(taken[0]):
        return taken, taken
    if not together:
        smtp.send(commands[1])
    return taken, smtp.getreply()


def sender_address(settings: MailSettings) -> str:
    """The address that messages come from, as SMTP wants it. Raises UnusableError where it is none, or beyond ASCII."""
    try:
        sender = mime.address(settings.sender)
    except ValueError as error:
        raise UnusableError(f"MANDE_MAIL_SENDER cannot be used: {error}.") from error
    if not sender.isascii():
        raise UnusableError(f"MANDE_MAIL_SENDER cannot be used: {sender!r} has letters beyond ASCII before the @.")
    return sender


def _taken(code: int) -> bool:
    return code // 100 == 2


def _said(code: int, words: bytes) -> str:
    return f"{code} {_text(words)}"


def _text(words: bytes) -> str:
    return " ".join(words.decode("utf-8", "replace").split())


def _bytes(words: bytes | str) -> bytes:
    return words.encode() if isinstance(words, str) else words


def _explained(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return f"it does not accept MANDE_SMTP_USER and its password ({error.smtp_code})."
    if isinstance(error, smtplib.SMTPResponseException):
        return _said(error.smtp_code, _bytes(error.smtp_error))
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return f"{error} Set MANDE_SMTP_SECURITY to what it offers."
    return f"{error}."
