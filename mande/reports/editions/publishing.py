"""Publishing an edition: the document, its PDF, and both kept for good, byte for byte.

Making a PDF takes longer than a transaction may last, so what can be done comes in two halves: `prepare` reads, and
`store` writes. In between somebody may withdraw an action: `store` looks again, and refuses what is no longer so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm import undefer

from mande import clock
from mande.events.models import Event
from mande.reports import document
from mande.reports import operations
from mande.reports import progress
from mande.reports.kinds import EditionKind
from mande.reports.models import Edition
from mande.reports.models import EditionAction
from mande.staff import audit

LONGEST_NOTE = 1000


class NoteMissingError(Exception):
    """A correction must say what was corrected."""


class OvertakenError(Exception):
    """What the edition tells of changed while it was made. The text says what to do."""


@dataclass(frozen=True)
class Prepared:
    """An edition that is to be published: its JSON, as text, and which actions it holds, by name or not."""

    kind: EditionKind
    number: int
    note: str
    document: dict[str, Any]
    text: str
    held: dict[UUID, bool]


def next_number(session: Session, event: Event, kind: EditionKind) -> int:
    """The number of the next edition of this kind of an event."""
    last = select(func.max(Edition.number)).where(Edition.event_id == event.id, Edition.kind == kind)
    return (session.scalar(last) or 0) + 1


def prepare(session: Session, event: Event, kind: EditionKind, note: str) -> Prepared:
    """The next edition of a kind, as it would be now. Raises NothingToReportError, NoteMissingError."""
    number = next_number(session, event, kind)
    if number > 1 and not note:
        raise NoteMissingError
    made = document.build(session, event, kind) | {"published": {"number": number, "note": note}}
    held = progress.held(session, event, kind.level.value)
    return Prepared(kind, number, note, made, operations.as_json(made), held)


def store(session: Session, event: Event, prepared: Prepared, pdf: bytes) -> Edition:
    """Keeps what was prepared and its PDF as a published edition. Raises OvertakenError."""
    if prepare(session, event, prepared.kind, prepared.note) != prepared:
        raise OvertakenError(
            "While the PDF was made, something that it tells of has changed, so nothing was published. "
            "Look at the list below, and publish once more."
        )
    edition = Edition(
        event_id=event.id,
        kind=prepared.kind,
        number=prepared.number,
        language=prepared.document["language"],
        note=prepared.note,
        published_at=clock.now(),
        published_by=audit.doer(),
        document=prepared.text,
        document_sha256=sha256(prepared.text.encode()).hexdigest(),
        pdf=pdf,
        pdf_sha256=sha256(pdf).hexdigest(),
        actions=[EditionAction(action_id=action_id, named=named) for action_id, named in prepared.held.items()],
    )
    session.add(edition)
    try:
        session.flush()
    except IntegrityError as error:
        raise OvertakenError("Somebody else has published such an edition at the same moment: see the list.") from error
    told = {"kind": edition.kind.value, "number": edition.number, "pdf_sha256": edition.pdf_sha256}
    audit.record(session, "edition published", event.code, told)
    return edition


def editions(session: Session, event: Event) -> Sequence[Edition]:
    """All published editions of an event, the latest first, without their contents."""
    mine = select(Edition).where(Edition.event_id == event.id)
    return session.scalars(mine.order_by(Edition.published_at.desc(), Edition.kind, Edition.number.desc())).all()


def stored(session: Session, edition_id: UUID) -> Edition | None:
    """One published edition. Its contents are read as long as the session is open."""
    return session.get(Edition, edition_id)


def latest(session: Session, event_id: UUID, kind: EditionKind) -> Edition | None:
    """The newest edition of a kind, with its document."""
    newest = select(Edition).where(Edition.event_id == event_id, Edition.kind == kind).order_by(Edition.number.desc())
    return session.scalars(newest.options(undefer(Edition.document)).limit(1)).one_or_none()
