"""A mailbox read by POP3 (RFC 1939), which knows nothing of read and unread: what was worked on is deleted.

What people wrote stays on the server. Which messages those are is remembered in this process alone; a process that
starts anew fetches them once more, which changes nothing.
"""

import poplib
import ssl
from contextlib import suppress
from typing import Final

from mande.config import InboxSettings

_kept: Final[set[bytes]] = set()  # mailbox and message, as the server names it


class Pop:
    """The mailbox. Raises OSError or poplib.error_proto."""

    def __init__(self, settings: InboxSettings, tls: ssl.SSLContext) -> None:
        self._mailbox = f"{settings.user}@{settings.host}:{settings.port} ".encode()
        self._names: dict[bytes, bytes] = {}
        self._pop = _connected(settings, tls)
        try:
            self._pop.user(settings.user)
            self._pop.pass_(settings.password)
        except BaseException:
            _drop(self._pop)
            raise

    def new(self, limit: int) -> list[bytes]:
        """Up to `limit` messages that are not among those left for people."""
        for line in self._pop.uidl()[1]:
            number, _blank, name = line.partition(b" ")
            self._names[number] = self._mailbox + name
        return [number for number, name in self._names.items() if name not in _kept][:limit]

    def fetch(self, number: bytes, longest: int) -> bytes:
        """The message as it came, cut after so many bytes."""
        return b"\r\n".join(self._pop.retr(int(number))[1])[:longest]

    def settle(self, number: bytes, keep: bool) -> None:
        """Deletes a message once the connection ends well; with `keep` it stays."""
        if keep:
            _kept.add(self._names[number])
        else:
            self._pop.dele(int(number))

    def close(self) -> None:
        """Says goodbye, which is when the server deletes."""
        try:
            self._pop.quit()
        except (OSError, poplib.error_proto):
            _drop(self._pop)


def _connected(settings: InboxSettings, tls: ssl.SSLContext) -> poplib.POP3:
    if settings.security == "tls":
        return poplib.POP3_SSL(settings.host, settings.port, timeout=settings.timeout, context=tls)
    pop = poplib.POP3(settings.host, settings.port, timeout=settings.timeout)
    if settings.security == "starttls":
        try:
            pop.stls(tls)
        except BaseException:
            _drop(pop)
            raise
    return pop


def _drop(pop: poplib.POP3) -> None:
    with suppress(OSError):
        pop.close()
