"""What staff have saved of an edition that they compose, and saving it."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mande import clock
from mande.events.models import Event
from mande.reports import looks
from mande.reports.composing.composed import TEXTS
from mande.reports.composing.composed import Composed
from mande.reports.kinds import EditionKind
from mande.reports.models import Composition
from mande.staff import audit


class MeanwhileError(Exception):
    """Somebody else has saved the same edition since it was opened."""


def find(session: Session, event: Event, kind: EditionKind, language: str) -> Composition | None:
    """What is saved of an edition; None where nobody has saved anything."""
    return session.get(Composition, (event.id, kind, language))


def of_event(session: Session, event: Event) -> list[Composition]:
    """All that is saved of an event's editions, in the order of kinds and then by language."""
    found = session.scalars(select(Composition).where(Composition.event_id == event.id)).all()
    return sorted(found, key=lambda one: (list(EditionKind).index(one.kind), one.language))


def composed(session: Session, event: Event, kind: EditionKind, language: str = "en") -> Composed:
    """An edition as it was saved last; where it never was, as is usual in its kind."""
    saved = find(session, event, kind, language)
    return as_composed(saved) if saved else Composed(language=language, paper=looks.paper_of(session, event.convenor))


def as_composed(saved: Composition) -> Composed:
    return Composed(
        language=saved.language,
        paper=saved.paper,
        sections=None if saved.sections is None else tuple(saved.sections),
        left_out=frozenset(saved.left_out),
        actions=None if saved.actions is None else frozenset(map(UUID, saved.actions)),
        breakdown=saved.breakdown,
        **{name: getattr(saved, name) for name in TEXTS},
    )


def save(session: Session, event: Event, kind: EditionKind, wanted: Composed, revision: int) -> Composition:
    """Saves an edition as it is now wanted. `revision` is the one that the writer has seen, 0 where there was none.

    Raises MeanwhileError, and saves nothing, where another revision is there by now.
    """
    saved = session.get(Composition, (event.id, kind, wanted.language), with_for_update=True)
    if saved and saved.revision != revision:
        raise MeanwhileError
    if saved and as_composed(saved) == wanted:
        return saved
    if saved is None:
        saved = Composition(event_id=event.id, kind=kind, language=wanted.language, revision=0)
    saved.paper = wanted.paper
    saved.sections = None if wanted.sections is None else list(wanted.sections)
    saved.left_out = sorted(wanted.left_out)
    saved.actions = None if wanted.actions is None else sorted(map(str, wanted.actions))
    saved.breakdown = wanted.breakdown
    for name in TEXTS:
        setattr(saved, name, getattr(wanted, name))
    saved.revision += 1
    saved.edited_at, saved.edited_by = clock.now(), audit.doer()
    session.add(saved)
    try:
        session.flush()
    except IntegrityError as error:
        raise MeanwhileError from error
    told = {"edition": kind.value, "language": wanted.language, "revision": saved.revision}
    audit.record(session, "edition composed", f"event {event.code}", told)
    return saved
