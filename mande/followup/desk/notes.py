"""Notes of the team about an action: for the team alone, and each in the hands of whoever wrote it."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from mande import clock
from mande.followup import history
from mande.followup.desk.models import Note
from mande.followup.models import PlannedAction


def add(session: Session, action: PlannedAction, words: str, email: str) -> Note:
    """Keeps a note of the member with this address. A form that was sent twice is kept once."""
    last = next(iter(of(session, action.id)), None)
    if last and (last.words, last.written_by) == (words, email):
        return last
    note = Note(action_id=action.id, words=words, written_at=clock.now(), written_by=email)
    session.add(note)
    session.flush()
    history.by_team(session, action, email, "note added")
    return note


def change(session: Session, action: PlannedAction, note: Note, words: str) -> None:
    """Puts other words in place of those of a note. The history tells that, and not the words."""
    if note.words != words:
        note.words = words
        history.by_team(session, action, note.written_by, "note changed")


def delete(session: Session, action: PlannedAction, note: Note) -> None:
    session.delete(note)
    session.flush()
    history.by_team(session, action, note.written_by, "note deleted")


def of(session: Session, action_id: UUID) -> list[Note]:
    """All notes about an action, the latest first."""
    mine = select(Note).where(Note.action_id == action_id)
    return list(session.scalars(mine.order_by(Note.written_at.desc(), Note.id)))


def own(session: Session, action_id: UUID, note_id: UUID, email: str) -> Note | None:
    """A note about this action that the member with this address wrote."""
    mine = (Note.id == note_id) & (Note.action_id == action_id) & (Note.written_by == email)
    return session.scalars(select(Note).where(mine)).one_or_none()
