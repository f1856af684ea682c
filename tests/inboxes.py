"""Mailboxes on loopback: servers that speak as much IMAP4rev1 and POP3 as a reader of bounces needs.

    with ImapServer() as server:
        server.put(raw)

They keep to what the protocols say about states and literals, so that what reads from them reads from others too.
"""

import re
import socketserver
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field
from typing import Any

from mande.config import InboxSettings

USER, PASSWORD = "bounces@mande.test", 'p"ass\\word'


@dataclass
class Kept:
    raw: bytes
    flags: set[str] = field(default_factory=set)


class MailboxServer:
    """What both have in common. `said` holds the commands that came, by name; `drop_at` ends the connection at one;
    without `keeps_marks` no flags are taken but those of the protocol.

    `tls` is a server's context: used from the first byte (`implicit`), or offered.
    """

    protocol: Any

    def __init__(self, tls: ssl.SSLContext | None = None, implicit: bool = False) -> None:
        self.messages: dict[int, Kept] = {}
        self.folders: dict[str, list[bytes]] = {"Done": []}
        self.said: list[str] = []
        self.drop_at: str = ""
        self.keeps_marks = True
        self.tls = tls
        self.implicit = implicit
        self._server = _Server(self)

    def __enter__(self) -> "MailboxServer":
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def put(self, *raw: bytes) -> None:
        for one in raw:
            self.messages[max(self.messages, default=100) + 1] = Kept(
                one.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
            )

    def settings(self, **changes: Any) -> InboxSettings:
        values = {"protocol": self.protocol.name, "host": "127.0.0.1", "port": self._server.server_address[1],
                  "security": "none", "user": USER, "password": PASSWORD, "timeout": 5}  # fmt: skip
        return InboxSettings(**{**values, **changes})


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, owner: MailboxServer) -> None:
        self.owner = owner
        super().__init__(("127.0.0.1", 0), owner.protocol)

    def handle_error(self, request: Any, client_address: Any) -> None:
        pass  # a client that goes in the middle is what some tests are about


class _Handler(socketserver.StreamRequestHandler):
    server: _Server

    def setup(self) -> None:
        if self.server.owner.implicit:
            self._encrypt()
        super().setup()

    def _encrypt(self) -> None:
        assert self.server.owner.tls is not None
        self.request = self.server.owner.tls.wrap_socket(self.request, server_side=True)

    def _begin_tls(self) -> None:
        self._encrypt()
        super().setup()

    def finish(self) -> None:
        super().finish()
        self.request.close()

    def send(self, *lines: str | bytes) -> None:
        for line in lines:
            self.wfile.write((line.encode() if isinstance(line, str) else line) + b"\r\n")

    def lines(self) -> Iterator[str]:
        """Each command; ends where the client goes, or where the test wants the line to be dropped."""
        owner = self.server.owner
        while line := self.rfile.readline():
            text = line.decode().rstrip("\r\n")
            name = next((word for word in owner.drop_at.split() if word and word in text), "")
            owner.said.append(text)
            if name:
                owner.drop_at = ""
                return
            yield text

    @property
    def offers_tls(self) -> bool:
        return self.server.owner.tls is not None and not isinstance(self.request, ssl.SSLSocket)


class _Imap(_Handler):
    name = "imap"
    signed_in = False

    def handle(self) -> None:
        self.send("* OK ready")
        for line in self.lines():
            tag, _blank, rest = line.partition(" ")
            command, _blank, arguments = rest.partition(" ")
            if command.upper() == "UID":
                sub, _blank, arguments = arguments.partition(" ")
                command = f"UID_{sub}"
            answer = getattr(self, f"do_{command.lower()}", None)
            self.send(f"{tag} {answer(arguments) if answer else 'BAD what?'}")
            if command.upper() == "LOGOUT":
                return
            if command.upper() == "STARTTLS" and self.offers_tls:
                self._begin_tls()

    def do_capability(self, _arguments: str) -> str:
        more = " STARTTLS" if self.offers_tls else " UIDPLUS MOVE" if self.signed_in else ""
        self.send(f"* CAPABILITY IMAP4rev1{more}")
        return "OK done"

    def do_starttls(self, _arguments: str) -> str:
        return "OK now" if self.offers_tls else "BAD no"

    def do_login(self, arguments: str) -> str:
        given = [re.sub(r"\\(.)", r"\1", one) for one in re.findall(r'"((?:[^"\\]|\\.)*)"', arguments)]
        self.signed_in = given == [USER, PASSWORD]
        return "OK welcome" if self.signed_in else "NO [AUTHENTICATIONFAILED] wrong password"

    def do_select(self, arguments: str) -> str:
        if not self.signed_in or arguments.strip('"') != "INBOX":
            return "NO [NONEXISTENT] no such folder"
        own = " \\*" if self.server.owner.keeps_marks else ""
        self.send(f"* {len(self.kept)} EXISTS", "* OK [UIDVALIDITY 7] ok", f"* OK [PERMANENTFLAGS (\\Seen{own})] ok")
        return "OK [READ-WRITE]"

    def do_uid_search(self, arguments: str) -> str:
        assert arguments == "UNSEEN UNKEYWORD MandeSeen"
        found = [uid for uid, one in self.kept.items() if not one.flags & {"\\Seen", "MandeSeen"}]
        self.send("* SEARCH " + " ".join(map(str, found)))
        return "OK done"

    def do_uid_fetch(self, arguments: str) -> str:
        asked = re.fullmatch(r"(\d+) \(BODY\.PEEK\[\]<0\.(\d+)>\)", arguments)
        assert asked
        raw = self.kept[int(asked[1])].raw[: int(asked[2])]
        self.send(f"* 1 FETCH (UID {asked[1]} BODY[]<0> {{{len(raw)}}}", raw + b")")
        return "OK done"

    def do_uid_store(self, arguments: str) -> str:
        uid, _item, flags = arguments.split(" ", 2)
        if not flags.startswith("(\\") and not self.server.owner.keeps_marks:
            return "BAD what flag?"
        self.kept[int(uid)].flags.update(flags.strip("()").split())
        return "OK done"

    def do_uid_move(self, arguments: str) -> str:
        uid, folder = arguments.split(" ", 1)
        self.server.owner.folders[folder.strip('"')].append(self.kept.pop(int(uid)).raw)
        return "OK done"

    def do_logout(self, _arguments: str) -> str:
        self.send("* BYE")
        return "OK done"

    @property
    def kept(self) -> dict[int, Kept]:
        return self.server.owner.messages


class _Pop(_Handler):
    name = "pop"

    def handle(self) -> None:
        self.send("+OK ready")
        going: set[int] = set()
        user = ""
        for line in self.lines():
            command, _blank, argument = line.partition(" ")
            match command.upper():
                case "CAPA":
                    self.send("+OK", *(["STLS"] if self.offers_tls else []), "UIDL", ".")
                case "STLS" if self.offers_tls:
                    self.send("+OK")
                    self._begin_tls()
                case "USER":
                    user = argument
                    self.send("+OK")
                case "PASS":
                    right = (user, argument) == (USER, PASSWORD)
                    self.send("+OK" if right else "-ERR [AUTH] wrong password")
                case "UIDL":
                    self.send("+OK", *(f"{number} uid-{uid}" for number, uid in self.numbered().items()), ".")
                case "RETR":
                    raw = self.server.owner.messages[self.numbered()[int(argument)]].raw
                    self.send("+OK", re.sub(rb"(?m)^\.", b"..", raw.removesuffix(b"\r\n")), ".")
                case "DELE":
                    going.add(self.numbered()[int(argument)])
                    self.send("+OK")
                case "QUIT":
                    for uid in going:
                        del self.server.owner.messages[uid]
                    self.send("+OK")
                    return
                case _:
                    self.send("-ERR what?")

    def numbered(self) -> dict[int, int]:
        return dict(enumerate(self.server.owner.messages, 1))


class ImapServer(MailboxServer):
    protocol = _Imap


class PopServer(MailboxServer):
    protocol = _Pop
