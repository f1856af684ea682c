"""Free texts under review: which there are, and what is released of them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm import joinedload

from mande.events.kinds import Role
from mande.events.models import Event
from mande.reports.document import COMMENTS_FROM
from mande.staff import audit
from mande.surveys import answers as answering
from mande.surveys.definition import LONG
from mande.surveys.definition import say
from mande.surveys.models import Comment
from mande.surveys.models import CommentState
from mande.surveys.models import Survey
from mande.surveys.versions import definition_of


class CommentNotFoundError(LookupError):
    """The event has no comment with this id that may be read."""


class ReleaseError(ValueError):
    """The text cannot be released as it is. The message says why."""


@dataclass(frozen=True)
class Asked:
    """One question that free texts were written to: how many there are of each state, and whether they may be read."""

    code: str
    text: str
    states: Counter[CommentState]

    @property
    def total(self) -> int:
        return self.states.total()

    @property
    def readable(self) -> bool:
        """Texts of a handful of people would point at them: nobody reads those."""
        return self.total >= COMMENTS_FROM


def questions(session: Session, event: Event) -> list[Asked]:
    """All questions of the event that somebody wrote to, in the order of the questionnaires."""
    surveys = _surveys(session, event)
    found = session.execute(select(Comment.question, Comment.state).where(_of(surveys))).all()
    states: dict[str, Counter[CommentState]] = {}
    for code, state in found:
        states.setdefault(code, Counter())[state] += 1
    texts: dict[str, str] = {}
    for survey in surveys:
        for code, question in answering.text_codes(definition_of(survey.questionnaire)).items():
            other = "" if question.type.is_text else " (other)"
            texts.setdefault(code, say(question.text, "en") + other)
    return [Asked(code, text, states[code]) for code, text in texts.items() if code in states]


def waiting(session: Session, event: Event) -> int:
    """How many comments that may be read nobody has decided on."""
    return sum(asked.states[CommentState.HELD] for asked in questions(session, event) if asked.readable)


def to_review(
    session: Session, event: Event, question: str | None = None, state: CommentState | None = None
) -> list[Comment]:
    """The comments that may be read, of one question and state if given, in the order of their words."""
    codes = [asked.code for asked in questions(session, event) if asked.readable]
    wanted = [code for code in codes if question in (None, code)]
    chosen = select(Comment).where(_of(_surveys(session, event)), Comment.question.in_(wanted))
    if state:
        chosen = chosen.where(Comment.state == state)
    return sorted(session.scalars(chosen), key=lambda c: (codes.index(c.question), c.text.casefold(), c.id))


def decide(session: Session, event: Event, comment_id: UUID, state: CommentState, text: str = "") -> Comment:
    """Releases a comment as `text`, withholds it, or holds it again; the audit trail keeps who did, not the words.

    Raises CommentNotFoundError, ReleaseError.
    """
    comment = next((one for one in to_review(session, event) if one.id == comment_id), None)
    if comment is None:
        raise CommentNotFoundError("There is no such comment to review.")
    if state is CommentState.RELEASED:
        comment.released_text = _checked(text)
    else:
        comment.released_text = None
    comment.state = state
    edited = comment.released_text is not None and comment.released_text != comment.text
    audit.record(
        session,
        f"comment {state.value}",
        f"event {event.code}",
        {"comment": str(comment.id), "question": comment.question, "edited": edited},
    )
    return comment


def _checked(text: str) -> str:
    checked = answering.normalise_text(text)
    if not checked:
        raise ReleaseError("There is no text left to release. Withhold the comment instead.")
    if len(checked) > LONG:
        raise ReleaseError(f"A comment may have {LONG} characters; this one has {len(checked)}.")
    return checked


def _surveys(session: Session, event: Event) -> Sequence[Survey]:
    found = session.scalars(select(Survey).where(Survey.event_id == event.id).options(joinedload(Survey.questionnaire)))
    return sorted(found, key=lambda survey: list(Role).index(survey.role))


def _of(surveys: Sequence[Survey]) -> ColumnElement[bool]:
    return Comment.survey_id.in_([survey.id for survey in surveys])
