"""Quiet periods, in which nobody is asked: of an event, or of the house. What is typed, and what is kept."""

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from datetime import date
from datetime import timedelta
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from mande import clock
from mande.events.models import Event
from mande.followup.asking import renewing
from mande.followup.models import QuietPeriod
from mande.staff import audit

LONGEST = timedelta(days=366)
FURTHEST = timedelta(days=5 * 366)
WHY_LENGTH = 200
HOUSE = "all events"


@dataclass(frozen=True)
class Typed:
    """What the form holds, as it was typed, and what is wrong, by field."""

    starts: str = ""
    ends: str = ""
    why: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, posted: Mapping[str, str]) -> "Typed":
        starts, ends, why = (" ".join(posted.get(name, "").split()) for name in ("starts", "ends", "why"))
        return cls(starts, ends, why)


def of(session: Session, event: Event | None) -> Sequence[QuietPeriod]:
    """The quiet periods of an event, or (None) of the house, in order of time."""
    mine = QuietPeriod.event_id.is_(None) if event is None else QuietPeriod.event_id == event.id
    return session.scalars(select(QuietPeriod).where(mine).order_by(QuietPeriod.starts_on, QuietPeriod.ends_on)).all()


def add(session: Session, event: Event | None, typed: Typed) -> Typed | None:
    """Adds a period and renews the schedules that it changes. What cannot be kept comes back with what is wrong."""
    starts, ends = _day(typed.starts), _day(typed.ends or typed.starts)
    errors = _errors(typed, starts, ends)
    if errors or starts is None or ends is None:
        return replace(typed, errors=errors)
    period = QuietPeriod(event_id=event.id if event else None, starts_on=starts, ends_on=ends, why=typed.why)
    session.add(period)
    _follow(session, event, period, "quiet period added")
    return None


def remove(session: Session, event: Event | None, period_id: UUID) -> bool:
    """Takes a period of this event, or of the house, away; returns whether there was one."""
    period = next((one for one in of(session, event) if one.id == period_id), None)
    if period is not None:
        session.delete(period)
        _follow(session, event, period, "quiet period removed")
    return period is not None


def _follow(session: Session, event: Event | None, period: QuietPeriod, what: str) -> None:
    session.flush()
    renewing.of_quiet_period(session, period)
    days = {"from": period.starts_on.isoformat(), "until": period.ends_on.isoformat()}
    audit.record(session, what, event.code if event else HOUSE, days)


def _errors(typed: Typed, starts: date | None, ends: date | None) -> dict[str, str]:
    errors: dict[str, str] = {}
    if starts is None:
        errors["starts"] = _("Enter the first quiet day.")
    elif abs(starts - clock.now().date()) > FURTHEST:
        errors["starts"] = _("Enter a day within five years of today.")
    if ends is None and typed.ends:
        errors["ends"] = _("Enter the last quiet day, or nothing for a single day.")
    elif starts and ends and ends < starts:
        errors["ends"] = _("The last day comes before the first.")
    elif starts and ends and ends - starts >= LONGEST:
        errors["ends"] = _("A quiet period lasts a year at most.")
    if len(typed.why) > WHY_LENGTH:
        errors["why"] = _("Use at most %(most)s characters.", most=WHY_LENGTH)
    return errors


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
