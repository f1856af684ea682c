"""Free texts under review: which there are, and what is released of them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm import joinedload

from mande.events.kinds import Role
from mande.events.models import Event
from mande.reports import wording
from mande.reports.answers import figures
from mande.reports.document import COMMENTS_FROM
from mande.staff import audit
from mande.surveys.models import Comment
from mande.surveys.models import CommentState
from mande.surveys.models import Survey
from mande.surveys.models import Wave
from mande.surveys.questionnaires import answers as answering
from mande.surveys.questionnaires.building import LONG
from mande.surveys.questionnaires.definition import say


class CommentNotFoundError(LookupError):
    """The event has no comment with this id that may be read."""


class ReleaseError(ValueError):
    """The text cannot be released as it is. The message says why."""


@dataclass(frozen=True)
class Asked:
    """One question of one wave that free texts were written to: how many there are of each state, and whether they may
    be read. `key` names it in addresses; `surveys` are those in which it was asked.
    """

    key: str
    code: str
    text: str
    surveys: frozenset[UUID]
    states: Counter[CommentState]

    @property
    def total(self) -> int:
        return self.states.total()

    @property
    def readable(self) -> bool:
        """Texts of a handful of people would point at them: nobody reads those."""
        return self.total >= COMMENTS_FROM


def questions(session: Session, event: Event) -> list[Asked]:
    """All questions of the event that somebody wrote to, in the order of the questionnaires, the event's own first."""
    surveys = _surveys(session, event)
    written: dict[UUID, dict[str, Counter[CommentState]]] = {survey.id: {} for survey in surveys}
    for row in session.execute(select(Comment.survey_id, Comment.question, Comment.state).where(_of(surveys))):
        written[row.survey_id].setdefault(row.question, Counter())[row.state] += 1
    found: dict[str, Asked] = {}
    for survey in surveys:
        its = written[survey.id]
        for code, question in answering.text_codes(figures.as_read(survey, its)).items():
            if code in its:
                key = code if survey.wave is Wave.EVENT else f"{survey.wave.value}:{code}"
                text = wording.beside(code.removeprefix(question.code), say(question.text, "en"))
                if survey.wave is not Wave.EVENT:
                    text = f"{wording.later(event, [survey])}: {text}"
                known = found.get(key, Asked(key, code, text, frozenset(), Counter()))
                found[key] = replace(known, surveys=known.surveys | {survey.id}, states=known.states + its[code])
    return list(found.values())


def waiting(session: Session, event: Event) -> int:
    """How many comments that may be read nobody has decided on."""
    return sum(asked.states[CommentState.HELD] for asked in questions(session, event) if asked.readable)


def to_review(
    session: Session, event: Event, question: str | None = None, state: CommentState | None = None
) -> list[Comment]:
    """The comments that may be read, of one question and state if given, in the order of their words."""
    wanted = [asked for asked in questions(session, event) if asked.readable and question in (None, asked.key)]
    places = {(survey, asked.code): place for place, asked in enumerate(wanted) for survey in asked.surveys}
    chosen = select(Comment).where(_of(_surveys(session, event)), Comment.question.in_({a.code for a in wanted}))
    if state:
        chosen = chosen.where(Comment.state == state)
    found = [comment for comment in session.scalars(chosen) if (comment.survey_id, comment.question) in places]
    return sorted(found, key=lambda c: (places[c.survey_id, c.question], c.text.casefold(), c.id))


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
    return sorted(found, key=lambda survey: (list(Wave).index(survey.wave), list(Role).index(survey.role)))


def _of(surveys: Sequence[Survey]) -> ColumnElement[bool]:
    return Comment.survey_id.in_([survey.id for survey in surveys])
