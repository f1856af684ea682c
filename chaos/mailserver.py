"""A mail server that greylists, refuses, stalls and cuts connections, and writes down truthfully what it took."""

import asyncio
import json
import random
import time
from collections import Counter
from email.parser import BytesHeaderParser
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Event
from typing import Any

from chaos.plan import Fate
from chaos.plan import fate_of
from mande.mail.catcher import LoopbackServer

BUSY = 0.01  # of all messages: the connection is ended with 421 before the sender is named
STALL = 5.0  # seconds: longer than workers wait


def serve(port: Connection, book: Path, seed: int) -> None:
    """Runs until the process is ended. Tells its port through `port`; writes a line for each event into `book`."""
    with book.open("a", buffering=1, encoding="utf-8") as lines:
        server = LoopbackServer(_Unreliable(lines, random.Random(seed)))
        server.start()
        port.send(server.port)
        Event().wait()


class _Unreliable:
    def __init__(self, book: Any, chance: random.Random) -> None:
        self.book = book
        self.chance = chance
        self.offers: Counter[str] = Counter()
        self.messages: Counter[str] = Counter()

    async def handle_MAIL(self, server: Any, _session: Any, envelope: Any, address: str, options: list[str]) -> str:  # noqa: N802
        if self.chance.random() < BUSY:
            server.transport.abort()
            return "421 4.3.2 Busy"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: list[str]) -> str:  # noqa: N802
        self.offers[address] += 1
        self._write("offered", address)
        fate = fate_of(address)
        if fate is Fate.UNKNOWN:
            return "550 5.1.1 No such user"
        if fate is Fate.FULL:
            return "452 4.2.2 Mailbox full"
        if fate is Fate.GREYLISTED and self.offers[address] <= 2:
            return "451 4.7.1 Greylisted"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        (address,) = envelope.rcpt_tos
        self.messages[address] += 1
        fate = fate_of(address) if self.messages[address] == 1 or fate_of(address) is Fate.REJECTED else Fate.PLAIN
        if fate is Fate.REJECTED:
            return "554 5.7.1 Not wanted"
        silent = fate in (Fate.CUT, Fate.LATE)
        if silent or fate is Fate.PLAIN or fate is Fate.GREYLISTED:
            identity = BytesHeaderParser().parsebytes(envelope.content)["Message-ID"]
            self._write("taken", address, id=identity, told=not silent)
        if fate in (Fate.STALLED, Fate.LATE):
            await asyncio.sleep(STALL)
        if silent or fate in (Fate.STALLED, Fate.DROPPED):
            server.transport.abort()
        return "250 OK"

    def _write(self, what: str, address: str, **others: object) -> None:
        self.book.write(json.dumps({"what": what, "to": address, "at": time.time(), **others}) + "\n")
