"""What a reader may see: events of their own partner for which something was published for partners, and no others."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlalchemy import and_
from sqlalchemy import exists
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm import aliased
from sqlalchemy.orm import contains_eager
from sqlalchemy.orm import selectinload

from mande.events.models import Event
from mande.events.models import Partner
from mande.reports.editions import holding
from mande.reports.kinds import EditionKind
from mande.reports.models import Edition
from mande.reports.models import Reader

KINDS = (EditionKind.PARTNER, EditionKind.SUMMARY)
"""What is published for partners."""


@dataclass(frozen=True)
class Offered:
    """A published edition. It is not open to readers any more where it was replaced and holds what was taken back."""

    edition: Edition
    newest: bool
    open: bool


def events(session: Session, reader: Reader) -> list[Event]:
    """The reader's events, the latest first, with meetings."""
    found = session.scalars(select(Event).where(_of(reader)).options(selectinload(Event.meetings))).all()
    return sorted(found, key=lambda event: (event.ends_at is not None, event.ends_at, event.code), reverse=True)


def event(session: Session, reader: Reader, code: str) -> Event | None:
    """One of the reader's events; None for any other, whether or not it exists."""
    wanted = select(Event).where(Event.code == code, _of(reader)).options(selectinload(Event.meetings))
    return session.scalars(wanted).one_or_none()


def offered(session: Session, event: Event) -> list[Offered]:
    """All editions for partners of one of the reader's events, the newest first. One is replaced by the next one in its
    language.
    """
    mine = select(Edition).where(Edition.event_id == event.id, Edition.kind.in_(KINDS))
    latest_first = mine.order_by(Edition.published_at.desc(), Edition.number.desc())
    editions: Sequence[Edition] = session.scalars(latest_first).all()
    newest = {one.id for one in holding.latest(editions).values()}
    spoilt = {one.edition.id for one in holding.withdrawn(session, event)}
    return [Offered(one, one.id in newest, one.id in newest or one.id not in spoilt) for one in editions]


def edition(session: Session, reader: Reader, edition_id: UUID) -> tuple[Event, Edition] | None:
    """An edition that is open to the reader, and its event; None for any other."""
    wanted = select(Edition).join(Edition.event).where(Edition.id == edition_id, _of(reader))
    found = session.scalars(wanted.options(contains_eager(Edition.event))).one_or_none()
    if found is None:
        return None
    theirs = {one.edition.id for one in offered(session, found.event) if one.open}
    return (found.event, found) if found.id in theirs else None


def _of(reader: Reader) -> ColumnElement[bool]:
    any_edition = aliased(Edition)
    published = exists().where(any_edition.event_id == Event.id, any_edition.kind.in_(KINDS))
    return and_(Event.partners.any(Partner.id == reader.partner_id), published)
