"""The list of outcomes: what is wanted, what is found, and its rows as a file."""

import re
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import fields
from typing import Any

from sqlalchemy import Select
from sqlalchemy import case
from sqlalchemy import func
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm import joinedload
from sqlalchemy.orm import selectinload

from mande.events.browsing import event_list
from mande.events.models import Event
from mande.events.models import IntendedOutcome
from mande.followup.desk.models import Outcome
from mande.followup.models import Contribution
from mande.followup.models import PlannedAction
from mande.searching import holds
from mande.searching import words

PAGE_LENGTH = 50
YES, NO = "yes", "no"
LATEST = "-when"
SORTS = ("what", "event", "when", "contribution", "confirmed")
HEADER = ("event", "what changed", "who changed it", "when", "why it matters", "contribution", "how it contributed",
          "confirmed on", "intended outcome", "shown to partners", "actions")  # fmt: skip

_CHOICES = {
    "contribution": tuple(Contribution),
    "confirmed": (YES, NO),
    "partners": (YES, NO),
    "sort": (*SORTS, *(f"-{one}" for one in SORTS)),
}
_BY_CONTRIBUTION = case(
    {one: place for place, one in enumerate(Contribution, start=1)}, value=Outcome.contribution, else_=0
)
_ORDERS: Mapping[str, Any] = {
    "what": func.lower(Outcome.what_changed),
    "event": Event.code,
    "when": Outcome.changed_on,
    "contribution": _BY_CONTRIBUTION,
    "confirmed": Outcome.confirmed_on,
}


@dataclass(frozen=True)
class Wanted:
    """Which outcomes, in which order; what is empty asks for nothing. `number` is the page, from 1."""

    text: str = ""
    event: str = ""
    programme: str = ""
    year: str = ""
    contribution: str = ""
    confirmed: str = ""
    partners: str = ""
    sort: str = LATEST
    number: int = 1

    @classmethod
    def read(cls, args: Mapping[str, str]) -> "Wanted":
        """Reads what a page's address says; what cannot be understood asks for nothing."""
        given: dict[str, Any] = {}
        for one in fields(cls):
            value = args.get(one.name, "").strip()[:200]
            if one.name != "number" and value and value in _CHOICES.get(one.name, (value,)):
                given[one.name] = value
        if not re.fullmatch("[12][0-9]{3}", given.get("year", "")):
            given.pop("year", None)
        page = args.get("page", "")
        return cls(**given, number=max(1, int(page)) if page.isascii() and page.isdecimal() and len(page) < 8 else 1)

    def asked(self, **changes: str) -> dict[str, str]:
        """What to put into the address of the same list, changed. Without `page` it is the first one."""
        values = {one.name: getattr(self, one.name) for one in fields(self) if one.name != "number"} | changes
        return {name: value for name, value in values.items() if value and (name, value) != ("sort", LATEST)}


def count(session: Session, wanted: Wanted) -> int:
    found = _found(session, wanted).with_only_columns(Outcome.id).subquery()
    return session.scalar(select(func.count()).select_from(found)) or 0


def page(session: Session, wanted: Wanted) -> Sequence[Outcome]:
    """The outcomes of one page, with event, theme and actions."""
    some = _ordered(session, wanted).limit(PAGE_LENGTH).offset((wanted.number - 1) * PAGE_LENGTH)
    return session.scalars(some.options(joinedload(Outcome.event), selectinload(Outcome.actions))).all()


def to_export(session: Session, wanted: Wanted) -> Sequence[Outcome]:
    """All that are wanted, but those of discreet events."""
    some = _ordered(session, wanted).where(Event.discreet.is_(False))
    loaded = some.options(joinedload(Outcome.event), joinedload(Outcome.theme), selectinload(Outcome.actions))
    return session.scalars(loaded).all()


def rows(outcomes: Iterable[Outcome]) -> list[list[Any]]:
    """One row for each outcome under HEADER, without who could confirm it."""
    return [
        [one.event.code, one.what_changed, one.who_changed, one.changed_on or "", one.significance,
         one.contribution or "", one.how_contributed, one.confirmed_on or "", one.theme.text if one.theme else "",
         "yes" if one.for_partners else "no", sum(not action.withdrawn for action in one.actions)]
        for one in outcomes
    ]  # fmt: skip


def _found(session: Session, wanted: Wanted) -> Select[Outcome]:
    found = select(Outcome).join(Outcome.event).outerjoin(IntendedOutcome, IntendedOutcome.id == Outcome.theme_id)
    for word in words(wanted.text):
        told = (Outcome.what_changed, Outcome.who_changed, Outcome.significance, Event.title, IntendedOutcome.text)
        found = found.where(or_(*(holds(column, word) for column in told)))
    if wanted.event:
        of_its_actions = Outcome.actions.any(PlannedAction.event.has(Event.code == wanted.event))
        found = found.where(or_(Event.code == wanted.event, of_its_actions))
    if wanted.programme:
        found = found.where(Event.programme == wanted.programme)
    if wanted.year:
        found = found.where(event_list.in_year(session, int(wanted.year)))
    if wanted.contribution:
        found = found.where(Outcome.contribution == wanted.contribution)
    if wanted.confirmed:
        found = found.where(Outcome.confirmed_on.is_(None) == (wanted.confirmed == NO))
    if wanted.partners:
        found = found.where(Outcome.for_partners.is_(wanted.partners == YES))
    return found


def _ordered(session: Session, wanted: Wanted) -> Select[Outcome]:
    key = _ORDERS[wanted.sort.removeprefix("-")]
    # What has no date comes last, whichever way round the list is.
    return _found(session, wanted).order_by(
        key.is_(None), key.desc() if wanted.sort.startswith("-") else key, Outcome.written_at.desc(), Outcome.id
    )
