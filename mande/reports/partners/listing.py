"""The list of partners for staff: their readers, their events, and when something was last opened."""

from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm import joinedload

from mande import clock
from mande.events.countries import country_name
from mande.events.models import Event
from mande.events.models import Partner
from mande.events.models import event_partner
from mande.events.words import key
from mande.mail.models import Message
from mande.mail.models import MessageKind
from mande.reports.kinds import EditionKind
from mande.reports.models import Edition
from mande.reports.models import Reader
from mande.reports.models import ReaderVisit
from mande.reports.partners.readers import is_valid

HEADER = ("partner", "country", "events", "events with a partner edition", "readers", "last opened")
NEVER = datetime.min.replace(tzinfo=UTC)
READERS = ("some", "none", "ended")
VISITS_SHOWN = 200


@dataclass(frozen=True)
class Line:
    """A partner. `readers` may read now; `ended` could once."""

    id: UUID
    name: str
    country: str
    events: int
    published: int
    readers: int
    ended: int
    opened_at: datetime | None


ORDERS: Mapping[str, Callable[[Line], Any]] = {
    "name": lambda one: key(one.name),
    "events": lambda one: one.events,
    "published": lambda one: one.published,
    "readers": lambda one: one.readers,
    "opened": lambda one: one.opened_at or NEVER,
}


@dataclass(frozen=True)
class Wanted:
    """Which partners are wanted and in which order; what is empty asks for nothing."""

    text: str = ""
    readers: str = ""
    sort: str = "name"

    @classmethod
    def read(cls, args: Mapping[str, str]) -> "Wanted":
        sort, readers = args.get("sort", ""), args.get("readers", "")
        return cls(
            text=args.get("text", "").strip()[:200],
            readers=readers if readers in READERS else "",
            sort=sort if sort.removeprefix("-") in ORDERS else cls.sort,
        )

    def asked(self, **changes: str) -> dict[str, str]:
        """What to put into the address of the same list, changed."""
        values = {"text": self.text, "readers": self.readers, "sort": self.sort, **changes}
        return {name: value for name, value in values.items() if value and (name, value) != ("sort", "name")}


def select_from(lines: Sequence[Line], wanted: Wanted) -> list[Line]:
    """Those that are wanted, in order."""

    def fits(one: Line) -> bool:
        kinds = {"some": one.readers > 0, "none": one.readers == 0, "ended": one.ended > 0}
        return key(wanted.text) in key(f"{one.name} {one.country}") and kinds.get(wanted.readers, True)

    found = sorted((one for one in lines if fits(one)), key=ORDERS["name"])
    return sorted(found, key=ORDERS[wanted.sort.removeprefix("-")], reverse=wanted.sort.startswith("-"))


def partners(session: Session) -> list[Line]:
    """All partners."""
    events = _count(session, select(event_partner.c.partner_id, func.count()).group_by(event_partner.c.partner_id))
    with_edition = select(Edition.event_id).where(Edition.kind == EditionKind.PARTNER)
    published = _count(
        session,
        select(event_partner.c.partner_id, func.count())
        .where(event_partner.c.event_id.in_(with_edition))
        .group_by(event_partner.c.partner_id),
    )
    opened = _count(
        session,
        select(Reader.partner_id, func.max(ReaderVisit.at))
        .join(ReaderVisit, ReaderVisit.reader_id == Reader.id)
        .group_by(Reader.partner_id),
    )
    valid, ended, now = dict[UUID, int](), dict[UUID, int](), clock.now()
    for reader in session.scalars(select(Reader)):
        counted = valid if is_valid(reader, now) else ended
        counted[reader.partner_id] = counted.get(reader.partner_id, 0) + 1
    return [
        Line(
            id=one.id,
            name=one.name,
            country=country_name(one.country) if one.country else "",
            events=events.get(one.id, 0),
            published=published.get(one.id, 0),
            readers=valid.get(one.id, 0),
            ended=ended.get(one.id, 0),
            opened_at=opened.get(one.id),
        )
        for one in session.scalars(select(Partner))
    ]


def row(one: Line) -> tuple[object, ...]:
    """A partner as a row of the file; columns as HEADER."""
    opened = one.opened_at.isoformat(timespec="seconds") if one.opened_at else ""
    return (one.name, one.country, one.events, one.published, one.readers, opened)


def readers_of(session: Session, partner: Partner) -> Sequence[Reader]:
    """The readers of a partner by name."""
    return session.scalars(select(Reader).where(Reader.partner_id == partner.id).order_by(Reader.name)).all()


def events_of(session: Session, partner: Partner) -> list[tuple[Event, int]]:
    """The partner's events, the latest first, and how many partner editions each has."""
    theirs = session.scalars(select(Event).where(Event.partners.any(Partner.id == partner.id))).all()
    counted = _count(
        session,
        select(Edition.event_id, func.count()).where(Edition.kind == EditionKind.PARTNER).group_by(Edition.event_id),
    )
    ordered = sorted(theirs, key=lambda event: (event.ends_at or NEVER, event.code), reverse=True)
    return [(event, counted.get(event.id, 0)) for event in ordered]


def visits(session: Session, partner: Partner) -> Sequence[Any]:
    """What the partner's readers opened, the latest first, at most VISITS_SHOWN of it: each visit with its reader, and
    the event and edition where there were any.
    """
    return session.execute(
        select(ReaderVisit, Reader, Event, Edition)
        .join(Reader, Reader.id == ReaderVisit.reader_id)
        .outerjoin(Event, Event.id == ReaderVisit.event_id)
        .outerjoin(Edition, Edition.id == ReaderVisit.edition_id)
        .where(Reader.partner_id == partner.id)
        .order_by(ReaderVisit.at.desc(), ReaderVisit.id)
        .limit(VISITS_SHOWN)
    ).all()


def opened(session: Session, partner: Partner) -> dict[UUID, datetime]:
    """When each reader of a partner last opened something."""
    mine = select(ReaderVisit.reader_id, func.max(ReaderVisit.at)).join(Reader, Reader.id == ReaderVisit.reader_id)
    return _count(session, mine.where(Reader.partner_id == partner.id).group_by(ReaderVisit.reader_id))


def links_sent(session: Session, readers: Sequence[Reader]) -> dict[UUID, Message]:
    """The last message with the link of each of these readers."""
    mine = select(Message).where(
        Message.about.in_([one.id for one in readers]), Message.kind == MessageKind.PARTNER_LINK
    )
    return {message.about: message for message in session.scalars(mine.order_by(Message.sequence))}


def wanted_partner(session: Session, partner_id: UUID) -> Partner | None:
    return session.get(Partner, partner_id)


def wanted_reader(session: Session, partner: Partner, reader_id: UUID) -> Reader | None:
    """A reader of this partner, for writing."""
    mine = select(Reader).where(Reader.id == reader_id, Reader.partner_id == partner.id).with_for_update(of=Reader)
    return session.scalars(mine.options(joinedload(Reader.partner))).one_or_none()


def _count(session: Session, query: Any) -> dict[UUID, Any]:
    return dict(session.execute(query).all())
