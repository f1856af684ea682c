"""Publishing an edition: the document, its PDF, and both kept for good, byte for byte.

Making a PDF takes longer than a transaction may last, so what can be done comes in two halves: `prepare` reads, and
`store` writes. In between somebody may withdraw an action: `store` looks again, and refuses what is no longer so.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
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
from mande.languages import SOURCE
from mande.reports import document
from mande.reports import operations
from mande.reports.actions import progress
from mande.reports.composing import kept
from mande.reports.editions import programs
from mande.reports.history import reading as history
from mande.reports.kinds import EditionKind
from mande.reports.kinds import Paper
from mande.reports.models import Edition
from mande.reports.models import EditionAction
from mande.staff import audit

LONGEST_NOTE = 1000
OVERTAKEN = (
    "Since this edition was asked for, something that it tells of has changed, so nothing was published. "
    "Look at the list of editions, and publish once more."
)


class NoteMissingError(Exception):
    """A correction must say what was corrected."""


class OvertakenError(Exception):
    """What the edition tells of changed while it was made. The text says what to do."""


@dataclass(frozen=True)
class Prepared:
    """An edition that is to be published: its JSON, as text and as read from it, and which actions it holds, by name
    or not.
    """

    kind: EditionKind
    language: str
    paper: Paper
    number: int
    note: str
    document: dict[str, Any]
    text: str
    held: dict[UUID, bool]

    @property
    def sha256(self) -> str:
        return sha256(self.text.encode()).hexdigest()

    @property
    def figures_sha256(self) -> str:
        """The digest of all that it tells, but of other editions: one more of these takes nothing away from it."""
        return sha256(operations.as_json(self.document | {"history": None}).encode()).hexdigest()


def next_number(session: Session, event: Event, kind: EditionKind, language: str) -> int:
    """The number of the next edition of an event of this kind and language."""
    mine = Edition.event_id == event.id, Edition.kind == kind, Edition.language == language
    return (session.scalar(select(func.max(Edition.number)).where(*mine)) or 0) + 1


def prepare(session: Session, event: Event, kind: EditionKind, note: str, language: str = SOURCE) -> Prepared:
    """The next edition of a kind and language, as it would be now. Raises NothingToReportError, NoteMissingError."""
    number = next_number(session, event, kind, language)
    if number > 1 and not note:
        raise NoteMissingError
    composed = kept.composed(session, event, kind, language)
    made = document.build(session, event, kind, composed) | {"published": {"number": number, "note": note}}
    held = progress.held(session, event, kind, composed)
    text = operations.as_json(made)
    # The PDF is made of the very text that is kept, so that it can be made again of it.
    return Prepared(kind, language, composed.paper, number, note, json.loads(text), text, held)


def store(session: Session, event: Event, prepared: Prepared, pdf: bytes, by: str | None = None) -> Edition:
    """Keeps what was prepared and its PDF as an edition that `by` (else whoever is signed in) publishes.

    Raises OvertakenError.
    """
    # One at a time: each is checked beside all that were published before it.
    session.execute(select(Event.id).where(Event.id == event.id).with_for_update())
    try:
        now = prepare(session, event, prepared.kind, prepared.note, prepared.language)
    except (document.NothingToReportError, NoteMissingError) as error:
        raise OvertakenError(OVERTAKEN) from error
    if replace(now, document={}, text="") != replace(prepared, document={}, text=""):
        raise OvertakenError(OVERTAKEN)
    if now.figures_sha256 != prepared.figures_sha256:
        raise OvertakenError(OVERTAKEN)
    edition = Edition(
        event_id=event.id,
        kind=prepared.kind,
        number=prepared.number,
        language=prepared.language,
        paper=prepared.paper,
        note=prepared.note,
        published_at=clock.now(),
        published_by=by or audit.doer(),
        document=prepared.text,
        document_sha256=prepared.sha256,
        pdf=pdf,
        pdf_sha256=sha256(pdf).hexdigest(),
        made_with=programs.made_with(),
        basis=history.basis(session, event, prepared.document),
        actions=[EditionAction(action_id=action_id, named=named) for action_id, named in prepared.held.items()],
    )
    session.add(edition)
    try:
        session.flush()
    except IntegrityError as error:
        raise OvertakenError("Somebody else has published such an edition at the same moment: see the list.") from error
    told = {"kind": edition.kind.value, "language": edition.language, "number": edition.number}
    audit.record(session, "edition published", event.code, {**told, "pdf_sha256": edition.pdf_sha256}, actor=by)
    return edition


def editions(session: Session, event: Event) -> Sequence[Edition]:
    """All published editions of an event, the latest first, without their contents."""
    mine = select(Edition).where(Edition.event_id == event.id)
    return session.scalars(mine.order_by(Edition.published_at.desc(), Edition.kind, Edition.number.desc())).all()


def stored(session: Session, edition_id: UUID) -> Edition | None:
    """One published edition. Its contents are read as long as the session is open."""
    return session.get(Edition, edition_id)


def latest(session: Session, event_id: UUID, kind: EditionKind, language: str | None = None) -> Edition | None:
    """The newest edition of a kind, with its document: in `language`, or where there is none in it, of all."""
    of_kind = select(Edition).where(Edition.event_id == event_id, Edition.kind == kind)
    in_language = Edition.language == (language or "")
    newest = of_kind.order_by(in_language.desc(), Edition.published_at.desc(), Edition.number.desc())
    return session.scalars(newest.options(undefer(Edition.document)).limit(1)).one_or_none()
