"""The list of events: what is wanted, what is found, page by page. The database selects, sorts and counts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from datetime import date
from datetime import datetime
from datetime import timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement
from sqlalchemy import Select
from sqlalchemy import String
from sqlalchemy import and_
from sqlalchemy import case
from sqlalchemy import cast
from sqlalchemy import func
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy import true
from sqlalchemy.orm import Session
from sqlalchemy.orm import load_only
from sqlalchemy.orm import selectinload

from mande import clock
from mande.events.asking import asking
from mande.events.asking import statement
from mande.events.models import Attendance
from mande.events.models import Event
from mande.events.models import Meeting
from mande.events.models import Partner
from mande.events.models import event_partner
from mande.events.schedule import Asking
from mande.events.schedule import State
from mande.events.schedule import state
from mande.searching import Plain
from mande.searching import holds
from mande.searching import words

PAGE_LENGTH = 50
EARLIEST = datetime.min.replace(tzinfo=UTC)
SORTS = ("code", "title", "date", "attendees", "state")
# What a line tells of its event, beside its partners and when it meets.
TOLD = ("code", "title", "convenor", "programme", "time_zone", "discreet")
_CHUNK = 500


@dataclass(frozen=True)
class EventLine:
    """One event in the list."""

    event: Event
    attendees: int
    state: State
    asking: Asking

    @property
    def begins(self) -> datetime:
        return min((meeting.starts_at for meeting in self.event.meetings), default=EARLIEST)


@dataclass(frozen=True)
class EventFilter:
    """Which events are wanted and in which order; what is empty asks for nothing."""

    text: str = ""
    state: str = ""
    programme: str = ""
    year: str = ""
    partner: str = ""
    sort: str = "-date"
    number: int = 1

    @classmethod
    def read(cls, args: Mapping[str, str]) -> "EventFilter":
        """Reads what a page's address says; what cannot be understood asks for nothing."""
        sort, year, page = (args.get(name, "") for name in ("sort", "year", "page"))
        return cls(
            text=args.get("text", "").strip()[:200],
            state=value if (value := args.get("state", "")) in list(State) else "",
            programme=args.get("programme", "")[:200],
            year=year if year.isdecimal() and len(year) == 4 and 1 < int(year) < 9999 else "",
            partner=args.get("partner", "")[:200],
            sort=sort if sort.removeprefix("-") in SORTS else cls.sort,
            number=max(1, int(page)) if page.isdecimal() and len(page) < 8 else 1,
        )

    def asked(self, **changes: str) -> dict[str, str]:
        """What to put into the address of the same list, changed. Without `page` it is the first one."""
        names = ("text", "state", "programme", "year", "partner", "sort")
        values = {**{name: getattr(self, name) for name in names}, **changes}
        return {name: value for name, value in values.items() if value and (name, value) != ("sort", EventFilter.sort)}


@dataclass(frozen=True)
class Page:
    """Some of the events that are wanted: page `number` of those that `found` fill; `discreet` of them are discreet."""

    lines: list[EventLine]
    number: int
    found: int
    discreet: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.found // PAGE_LENGTH))


@dataclass(frozen=True)
class Choices:
    """What the list can be narrowed down to: all programmes, partners and years that there are."""

    programmes: list[str]
    partners: list[str]
    years: list[int]


def page(session: Session, wanted: EventFilter) -> Page:
    """One page of the events that are wanted; beyond the end, the last page."""
    # All that fit are found at once: to count them and to sort them would be to search twice.
    found = session.execute(_ordered(session, wanted)).all()
    number = min(wanted.number, max(1, -(-len(found) // PAGE_LENGTH)))
    shown = [one.id for one in found[(number - 1) * PAGE_LENGTH : number * PAGE_LENGTH]]
    return Page(_lines(session, shown), number, len(found), sum(one.discreet for one in found))


def everything(session: Session, wanted: EventFilter | None = None) -> list[EventLine]:
    """All events that are wanted, in their order."""
    wanted = wanted or EventFilter()
    return _lines(session, [one.id for one in session.execute(_ordered(session, wanted))])


def choices(session: Session) -> Choices:
    """What the list can be narrowed down to."""
    programmes = select(Event.programme).distinct().where(Event.programme != "").order_by(Event.programme)
    partners = select(Partner.name).where(Partner.id.in_(select(event_partner.c.partner_id))).order_by(Partner.name)
    first, last = session.execute(select(func.min(Meeting.starts_at), func.max(Meeting.starts_at))).one()
    years = list(range(last.year, first.year - 1, -1)) if first and last else []
    return Choices(list(session.scalars(programmes)), list(session.scalars(partners)), years)


def _lines(session: Session, ids: list[UUID]) -> list[EventLine]:
    now = clock.now()
    lines: dict[UUID, EventLine] = {}
    for start in range(0, len(ids), _CHUNK):
        chunk = ids[start : start + _CHUNK]
        events = session.scalars(
            select(Event)
            .where(Event.id.in_(chunk))
            .options(
                load_only(*(getattr(Event, name) for name in TOLD)),
                selectinload(Event.meetings).load_only(Meeting.starts_at, Meeting.ends_at),
                selectinload(Event.partners).load_only(Partner.name),
            )
        ).all()
        counted = select(Attendance.event_id, func.count()).where(Attendance.event_id.in_(chunk))
        people = dict(iter(session.execute(counted.group_by(Attendance.event_id))))
        asked = asking(session, events)
        for event in events:
            stands = state(event.meetings, now, asked[event.id])
            lines[event.id] = EventLine(event, people.get(event.id, 0), stands, asked[event.id])
    return [lines[one] for one in ids]


def _selected(session: Session, wanted: EventFilter) -> Any:
    """The ids of the events that are wanted, with what they are sorted by, as a subquery."""
    times = (
        select(Meeting.event_id, func.min(Meeting.starts_at).label("first"), func.max(Meeting.ends_at).label("last"))
        .group_by(Meeting.event_id)
        .subquery("times")
    )
    columns: list[Any] = [Event.id, Event.code, Event.discreet, times.c.first]
    query: Select[Any] = select(*columns).outerjoin(times, times.c.event_id == Event.id)
    sort = wanted.sort.removeprefix("-")
    if wanted.state or sort == "state":
        stands = _stands(times.c.first, times.c.last)
        asked = statement()
        if asked is not None:
            found = asked.subquery("asked")
            event_id, until, closed = found.c
            stands = case((until.is_not(None), _place(State.OPEN)), (closed > 0, _place(State.CLOSED)), else_=stands)
            query = query.outerjoin(found, event_id == Event.id)
        query = query.add_columns(stands.label("stands"))
        if wanted.state:
            query = query.where(stands == _place(State(wanted.state)))
    if sort == "title":
        query = query.add_columns(Plain(Event.title).label("title"))
    if sort == "attendees":
        people = select(func.count()).where(Attendance.event_id == Event.id).scalar_subquery()
        query = query.add_columns(people.label("attendees"))
    return query.where(*_conditions(session, wanted)).subquery("selected")


def _stands(first: Any, last: Any) -> Any:
    now = clock.now()
    return case(
        (or_(first.is_(None), first > now), _place(State.PLANNED)),
        (last > now, _place(State.UNDER_WAY)),
        else_=_place(State.NOT_ASKED),
    )


def _place(one: State) -> int:
    return list(State).index(one)


def _ordered(session: Session, wanted: EventFilter) -> Select[UUID, bool]:
    """Stable: what is equal stands in the order of its code. Events without a date are the earliest."""
    query = _selected(session, wanted)
    name, falls = wanted.sort.removeprefix("-"), wanted.sort.startswith("-")
    column = {"date": "first", "state": "stands"}.get(name, name)
    by = Plain(query.c.code) if name == "code" else query.c[column]
    ordered = by.desc().nulls_last() if falls else by.asc().nulls_first()
    return select(query.c.id, query.c.discreet).order_by(ordered, Plain(query.c.code), query.c.id)


def _conditions(session: Session, wanted: EventFilter) -> list[ColumnElement[bool]]:
    found = [_mentions(session, word) for word in words(wanted.text)]
    if wanted.programme:
        found.append(Event.programme == wanted.programme)
    if wanted.partner:
        named = select(event_partner.c.event_id).join(Partner).where(Partner.name == wanted.partner)
        found.append(Event.id.in_(named))
    if wanted.year:
        found.append(in_year(session, int(wanted.year)))
    return found


def _mentions(session: Session, word: str) -> ColumnElement[bool]:
    """Whether an event speaks of a word: in its code, title, summary, convenor, programme, partners or topics."""
    partners = select(event_partner.c.event_id).join(Partner).where(holds(Partner.name, word))
    written = cast(Meeting.topics, String)
    topic = _topics(session)
    # JSON spells accented letters as \u00e9: only where it does so has each topic to be read.
    spelled = select(true()).select_from(topic).where(holds(topic.c.value, word)).correlate(Meeting).exists()
    meetings = select(Meeting.event_id).where(
        or_(holds(Meeting.title, word), holds(written, word), and_(written.contains("\\u", autoescape=True), spelled))
    )
    return or_(
        *(holds(column, word) for column in (Event.code, Event.title, Event.convenor, Event.programme, Event.summary)),
        Event.id.in_(partners),
        Event.id.in_(meetings),
    )


def _topics(session: Session) -> Any:
    """The topics of a meeting, one a row."""
    if session.get_bind().dialect.name == "sqlite":
        return func.json_each(Meeting.topics).table_valued("value", name="topic")
    return func.json_array_elements_text(Meeting.topics).table_valued("value").render_derived(name="topic")


def in_year(session: Session, year: int) -> ColumnElement[bool]:
    """Whether a meeting begins in the year, as clocks in the event's time zone show it.

    In the days about New Year, where zones differ, each meeting is looked at on its own.
    """
    around = timedelta(days=1)
    first, last = (datetime.combine(date(one, 1, 1), datetime.min.time(), UTC) for one in (year, year + 1))
    edges = [Meeting.starts_at.between(edge - around, edge + around) for edge in (first, last)]
    near = session.execute(
        select(Meeting.event_id, Meeting.starts_at, Event.time_zone)
        .join(Event, Event.id == Meeting.event_id)
        .where(or_(*edges))
    )
    turning = {event for event, starts, zone in near if starts.astimezone(ZoneInfo(zone)).year == year}
    inside = select(Meeting.event_id).where(Meeting.starts_at.between(first + around, last - around))
    return or_(Event.id.in_(inside), Event.id.in_(turning))
