"""What the team did, and what the program did for them. It never tells who answered what."""

import getpass
import json
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from datetime import date
from datetime import datetime
from datetime import time
from datetime import timedelta
from typing import Any

from flask import has_request_context
from sqlalchemy import Select
from sqlalchemy import func
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy.orm import Session

from mande import clock
from mande.staff import access
from mande.staff.models import AuditEntry

PROGRAM = "the program"
PAGE_LENGTH = 100


def record(
    session: Session, action: str, subject: str, detail: dict[str, Any] | None = None, actor: str | None = None
) -> None:
    """Writes down that `actor` (else the signed-in member, else the program) did `action` to `subject`.

    Written in the caller's transaction: what was undone leaves no entry.
    """
    member = access.signed_in() if has_request_context() else None
    session.add(
        AuditEntry(
            at=clock.now(),
            staff_id=member.id if member else None,
            actor=actor or doer(),
            action=action,
            subject=subject[:120],
            detail=detail or {},
        )
    )


def doer() -> str:
    """Who does what is done now: the address of the signed-in member, or the program."""
    member = access.signed_in() if has_request_context() else None
    return member.email if member else PROGRAM


def operator() -> str:
    """Who runs a command, as the operating system calls them: the actor of what is done by command."""
    try:
        return f"{getpass.getuser()} (command line)"
    except (KeyError, OSError):
        return "command line"


@dataclass(frozen=True)
class Filter:
    """Which entries are wanted; what is empty asks for nothing. Days are in UTC, both included."""

    text: str = ""
    action: str = ""
    actor: str = ""
    since: date | None = None
    until: date | None = None
    number: int = 1

    @classmethod
    def read(cls, args: Mapping[str, str]) -> "Filter":
        """Reads what a page's address says; what cannot be understood asks for nothing."""
        return cls(
            text=args.get("text", "").strip()[:120],
            action=args.get("action", "").strip()[:80],
            actor=args.get("actor", "").strip()[:254],
            since=_day(args.get("since", "")),
            until=_day(args.get("until", "")),
            number=max(1, int(number)) if (number := args.get("page", "1")).isdecimal() and len(number) < 8 else 1,
        )

    def asked(self) -> dict[str, str]:
        """What to put into the address of another page of the same list."""
        values = {
            "text": self.text,
            "action": self.action,
            "actor": self.actor,
            "since": self.since.isoformat() if self.since else "",
            "until": self.until.isoformat() if self.until else "",
        }
        return {name: value for name, value in values.items() if value}


@dataclass(frozen=True)
class Page:
    """Entries `first` to `last` of `total`, the latest first."""

    entries: Sequence[AuditEntry]
    number: int
    total: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE_LENGTH))


def entries(session: Session, wanted: Filter) -> Sequence[AuditEntry]:
    """All entries that are wanted, the latest first."""
    return session.scalars(_selected(wanted)).all()


def page(session: Session, wanted: Filter) -> Page:
    """One page of the entries that are wanted; beyond the end, the last page."""
    total = session.scalar(select(func.count()).select_from(_selected(wanted).order_by(None).subquery())) or 0
    number = min(wanted.number, max(1, -(-total // PAGE_LENGTH)))
    shown = session.scalars(_selected(wanted).limit(PAGE_LENGTH).offset((number - 1) * PAGE_LENGTH)).all()
    return Page(shown, number, total)


def words(session: Session) -> tuple[list[str], list[str]]:
    """The actions and the actors that there are, in order."""
    actions = session.scalars(select(AuditEntry.action).distinct().order_by(AuditEntry.action))
    actors = session.scalars(select(AuditEntry.actor).distinct().order_by(AuditEntry.actor))
    return list(actions), list(actors)


def told(entry: AuditEntry) -> str:
    """An entry's detail in one line: "made: 36, file: attendees.csv"."""
    return ", ".join(f"{name}: {_said(value)}" for name, value in entry.detail.items())


def _said(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _selected(wanted: Filter) -> Select[AuditEntry]:
    query = select(AuditEntry).order_by(AuditEntry.at.desc(), AuditEntry.id)
    if wanted.action:
        query = query.where(AuditEntry.action == wanted.action)
    if wanted.actor:
        query = query.where(AuditEntry.actor == wanted.actor)
    if wanted.text:
        sought = wanted.text.lower()
        query = query.where(
            or_(*(func.lower(column).contains(sought, autoescape=True)
                  for column in (AuditEntry.subject, AuditEntry.action, AuditEntry.actor)))
        )  # fmt: skip
    if wanted.since:
        query = query.where(AuditEntry.at >= datetime.combine(wanted.since, time(), UTC))
    if wanted.until and wanted.until < date.max:
        query = query.where(AuditEntry.at < datetime.combine(wanted.until + timedelta(days=1), time(), UTC))
    return query


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None
