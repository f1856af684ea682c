"""One run: messages are written, workers send them and are killed at random, and the outcome is judged."""

import json
import multiprocessing
import random
import time
from collections.abc import Iterator
from contextlib import ExitStack
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path
from uuid import UUID
from uuid import uuid4

from sqlalchemy import func
from sqlalchemy import select

from chaos import mailserver
from chaos import plan
from chaos import worker
from chaos.judging import Taken
from chaos.judging import Verdict
from chaos.judging import Written
from chaos.judging import judge
from mande import clock
from mande import create_app
from mande import db
from mande.config import MailSettings
from mande.config import Settings
from mande.keyring import Keyring
from mande.mail import outbox
from mande.mail.models import Message
from mande.mail.models import MessageKind
from mande.mail.models import MessageState
from mande.mail.outbox import Draft
from mande.mail.outbox import Mailbox
from mande.pacing import Limits

UNDECIDED = (MessageState.QUEUED, MessageState.RETRYING, MessageState.SENDING)
WAITING = (MessageState.QUEUED, MessageState.RETRYING)

_processes = multiprocessing.get_context("forkserver")


@dataclass(frozen=True)
class Run:
    """`messages` to be sent by so many workers, of which `kills` are killed, each started anew at once.

    `paced` of the messages go to one domain, which is offered `limit` a minute. `lease` and `patience`, after which
    the run is given up, are seconds.
    """

    database_url: str
    workers: int
    messages: int
    kills: int
    seed: int
    paced: int = 0
    limit: int = 0
    lease: float = 8.0
    patience: float = 240.0

    def settings(self, folder: Path, smtp_port: int) -> Settings:
        limits = Limits(usual=0, own={plan.PACED: self.limit})
        return Settings(
            secret_key="c" * 64,
            link_keys=Keyring("MANDE_LINK_KEYS", (b"l" * 32,)),
            operator_keys=Keyring("MANDE_OPERATOR_KEYS", (b"o" * 32,)),
            database_url=self.database_url,
            base_url="http://127.0.0.1",
            mail=MailSettings(port=smtp_port, security="none", sender="chaos@example.org", limits=limits),
            production=False,
            var=folder,
        )


def go(run: Run, folder: Path) -> Verdict:
    """Does what `run` says on a database that is migrated and empty. `folder` is for the server's book."""
    _processes.set_forkserver_preload(["chaos.worker"])
    chance, book = random.Random(run.seed), folder / "book.jsonl"
    with ExitStack() as stack:
        settings = run.settings(folder, stack.enter_context(_mail_server(book, run.seed)))
        stack.enter_context(create_app(settings).app_context())
        stack.callback(db.database().engine.dispose)
        _write(run)
        workers = stack.enter_context(_workers(run, settings))
        withdrawn: dict[UUID, float] = {}
        kills, end = 0, time.monotonic() + run.patience
        while _undecided() and time.monotonic() < end:
            time.sleep(chance.uniform(0.1, 0.6))
            if kills < run.kills:
                _wait_for_one_taken(book)
                _kill_one(chance, workers, run, settings)
                kills += 1
                withdrawn.update(_withdraw(chance))
        return judge(_written(withdrawn), *_read(book), kills, run.limit)


@contextmanager
def _mail_server(book: Path, seed: int) -> Iterator[int]:
    ours, theirs = _processes.Pipe()
    process = _processes.Process(target=mailserver.serve, args=(theirs, book, seed), daemon=True)
    process.start()
    try:
        yield ours.recv()
    finally:
        process.kill()
        process.join()


@contextmanager
def _workers(run: Run, settings: Settings) -> Iterator[list[BaseProcess]]:
    """The workers at work. In the end they are told to end, which each does by itself."""
    processes = [_started(run, settings) for _ in range(run.workers)]
    try:
        yield processes
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.join(15)
            process.kill()


def _started(run: Run, settings: Settings) -> BaseProcess:
    process = _processes.Process(target=worker.run, args=(settings, run.lease), daemon=True)
    process.start()
    return process


def _wait_for_one_taken(book: Path) -> None:
    """Returns when the server has just written something down: the moment in which a crash costs a repeat."""
    size, end = book.stat().st_size, time.monotonic() + 10
    while book.stat().st_size == size and time.monotonic() < end:
        time.sleep(0.0005)


def _kill_one(chance: random.Random, workers: list[BaseProcess], run: Run, settings: Settings) -> None:
    place = chance.randrange(len(workers))
    workers[place].kill()
    workers[place].join()
    workers[place] = _started(run, settings)


def _write(run: Run) -> None:
    now = clock.now() - timedelta(hours=1)
    drafts = [
        Draft(
            about=uuid4(),
            kind=MessageKind.INVITATION,
            to=Mailbox("Ada Example", address),
            reply_to=Mailbox("Robin Example", "robin@example.org"),
            subject="Your view",
            text="Dear Ada,\n\nwhat do you think?\n",
            html="<p>Dear Ada,</p><p>what do you think?</p>",
            due_at=now + timedelta(milliseconds=number),
        )
        for number, address in enumerate(plan.addresses(run.messages, run.paced, run.seed))
    ]
    with db.transaction() as session:
        outbox.queue(session, drafts)


def _undecided() -> int:
    with db.plain_reading() as connection:
        return connection.scalar(select(func.count()).select_from(Message).where(Message.state.in_(UNDECIDED))) or 0


def _withdraw(chance: random.Random) -> dict[UUID, float]:
    """Cancels a few messages that wait, as an answer would; returns when each was, in seconds."""
    some = (
        select(Message.about)
        .where(Message.state.in_(WAITING))
        .order_by(Message.due_at.desc())
        .limit(chance.randrange(4))
        .with_for_update(skip_locked=True)
    )
    with db.transaction() as session:
        about = list(session.scalars(some))
        outbox.cancel(session, about, [MessageKind.INVITATION], "answered")
    return dict.fromkeys(about, time.time())


def _written(withdrawn: dict[UUID, float]) -> list[Written]:
    with db.plain_reading() as connection:
        found = connection.execute(select(Message.about, Message.message_id, Message.to_address, Message.state)).all()
    return [Written(id_, to, state.value, withdrawn.get(about)) for about, id_, to, state in found]


def _read(book: Path) -> tuple[list[Taken], list[tuple[str, float]]]:
    lines = [json.loads(line) for line in book.read_text(encoding="utf-8").splitlines()]
    taken = [Taken(one["id"], one["to"], one["at"], one["told"]) for one in lines if one["what"] == "taken"]
    return taken, [(one["to"], one["at"]) for one in lines if one["what"] == "offered"]
