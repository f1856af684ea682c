"""A mailbox read by IMAP (RFC 9051, and the servers that still speak RFC 3501).

What people wrote stays unread, with a mark of ours so that it is not fetched every minute. Not every server keeps such
marks; which messages those are is remembered in this process too.
"""

import imaplib
import re
import ssl
from contextlib import suppress
from typing import Any
from typing import Final

from mande.config import InboxSettings

SEEN_BY_US = "MandeSeen"

_UID = re.compile(rb"\d+")
_kept: Final[set[str]] = set()  # folder and message, as the server numbers them


class Imap:
    """A folder, opened for writing. Raises OSError or imaplib.IMAP4.error."""

    def __init__(self, settings: InboxSettings, tls: ssl.SSLContext) -> None:
        self._settings = settings
        self._imap = _connected(settings, tls)
        try:
            # The library puts the password in quotation marks, the name not.
            self._imap.login(_quoted(settings.user), settings.password)
            _checked(self._imap.select(_folder(settings.folder)))
            # A server may tell only those who have signed in what it can do.
            self._can = b" ".join(_checked(self._imap.capability())).decode().upper().split()
            self._folder = f"{settings.user}@{settings.host}:{settings.port} {self._told('UIDVALIDITY')} "
            self._keeps_marks = r"\*" in self._told("PERMANENTFLAGS")
        except BaseException:
            _drop(self._imap)
            raise

    def new(self, limit: int) -> list[bytes]:
        """Up to `limit` messages that nobody has read and that we have not looked at."""
        found = _checked(self._imap.uid("SEARCH", "UNSEEN", "UNKEYWORD", SEEN_BY_US))
        numbers = _UID.findall(b" ".join(one for one in found if isinstance(one, bytes)))
        return [number for number in numbers if self._folder + number.decode() not in _kept][:limit]

    def fetch(self, number: bytes, longest: int) -> bytes:
        """The message as it came, cut after so many bytes. It stays unread."""
        found = _checked(self._imap.uid("FETCH", number.decode(), f"(BODY.PEEK[]<0.{longest}>)"))
        return next((one[1] for one in found if isinstance(one, tuple)), b"")

    def settle(self, number: bytes, keep: bool) -> None:
        """Marks a message as worked on, and moves it where the settings say; with `keep` it stays, and stays unread."""
        uid, target = number.decode(), self._settings.move_to
        if keep:
            _kept.add(self._folder + uid)
            if self._keeps_marks:
                self._imap.uid("STORE", uid, "+FLAGS.SILENT", f"({SEEN_BY_US})")
            return
        _checked(self._imap.uid("STORE", uid, "+FLAGS.SILENT", r"(\Seen)"))
        if not target:
            return
        if "MOVE" in self._can:
            _checked(self._imap.uid("MOVE", uid, _folder(target)))
            return
        _checked(self._imap.uid("COPY", uid, _folder(target)))
        _checked(self._imap.uid("STORE", uid, "+FLAGS.SILENT", r"(\Deleted)"))
        if "UIDPLUS" in self._can:
            _checked(self._imap.uid("EXPUNGE", uid))

    def _told(self, what: str) -> str:
        """What the server said of itself when the folder was opened; "" where it said nothing."""
        return " ".join(one.decode("utf-8", "replace") for one in self._imap.response(what)[1] if one)

    def close(self) -> None:
        """Says goodbye, if there is anybody to say it to."""
        try:
            self._imap.logout()
        except (OSError, imaplib.IMAP4.error):
            _drop(self._imap)


def _connected(settings: InboxSettings, tls: ssl.SSLContext) -> imaplib.IMAP4:
    if settings.security == "tls":
        return imaplib.IMAP4_SSL(settings.host, settings.port, ssl_context=tls, timeout=settings.timeout)
    imap = imaplib.IMAP4(settings.host, settings.port, timeout=settings.timeout)
    if settings.security == "starttls":
        try:
            imap.starttls(tls)
        except BaseException:
            _drop(imap)
            raise
    return imap


def _drop(imap: imaplib.IMAP4) -> None:
    with suppress(OSError):
        imap.shutdown()


def _checked(answer: tuple[str, list[Any]]) -> list[Any]:
    """What the server sent; an error where it said NO."""
    status, found = answer
    if status != "OK":
        raise imaplib.IMAP4.error(b" ".join(one for one in found if isinstance(one, bytes)).decode("utf-8", "replace"))
    return found


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _folder(name: str) -> str:
    """A folder's name as IMAP writes it: in quotation marks, beyond ASCII in its own form of UTF-7 (RFC 3501)."""
    return _quoted(re.sub(r"[^\x20-\x7e]+", _utf7, name.replace("&", "&-")))


def _utf7(found: re.Match[str]) -> str:
    encoded = found[0].encode("utf-7").decode().strip("+-")
    return f"&{encoded.replace('/', ',')}-"
