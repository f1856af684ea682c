"""Writes the scores of closed surveys. A worker does it soon after closing, and for what was closed before."""

from uuid import UUID

import structlog
from sqlalchemy import ColumnElement
from sqlalchemy import delete
from sqlalchemy import exists
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy.orm import Session

from mande import db
from mande.events.models import Event
from mande.reports.answers import figures
from mande.reports.answers.conditional import Publishable
from mande.reports.answers.figures import Figures
from mande.reports.models import Score
from mande.reports.portfolio import scoring
from mande.reports.portfolio.scoring import Seen
from mande.surveys.models import Result
from mande.surveys.models import Survey
from mande.surveys.models import SurveyState

WHOLE = ""
"""The question of the row that tells that a survey has been gone through."""
EVERY = 60.0
_ENDS = ("low", "high")

Row = dict[str, object]

log = structlog.stdlib.get_logger("mande.portfolio")


def run() -> int:
    """Scores all events that have a closed survey without scores, each in a transaction of its own.

    One that cannot be scored stops no other; it is tried again the next time.
    """
    with db.reading() as session:
        waiting = session.scalars(select(Survey.event_id).where(_unscored()).distinct()).all()
    done = 0
    for event_id in waiting:
        try:
            with db.transaction() as session:
                done += score(session, event_id)
        except Exception:
            log.exception("an event could not be scored", event_id=str(event_id))
    return done


def score(session: Session, event_id: UUID) -> bool:
    """Writes the scores of an event's closed surveys anew; False if another worker has just done so."""
    event = session.scalars(select(Event).where(Event.id == event_id).with_for_update()).one()
    if not session.scalar(select(exists().where(Survey.event_id == event_id, _unscored()))):
        return False
    surveys = select(Survey.id).where(Survey.event_id == event_id)
    session.execute(delete(Score).where(Score.survey_id.in_(surveys)))
    exactly = figures.read(session, event, internal=True)
    openly = {one.wave: one for one in figures.read(session, event, internal=False)}
    rows = [row for one in exactly for row in _rows(one, _seen(openly.get(one.wave), event.k))]
    if rows:
        session.execute(insert(Score), rows)
    return True


def _unscored() -> ColumnElement[bool]:
    """Whether a survey is closed, has results, and no scores yet."""
    scored = exists().where(Score.survey_id == Survey.id, Score.question == WHOLE)
    counted = exists().where(Result.survey_id == Survey.id, Result.stratum == "")
    return (Survey.state == SurveyState.CLOSED) & ~scored & counted


def _rows(found: Figures, public: dict[tuple[UUID, str], Seen]) -> list[Row]:
    rows = [_row(survey.id, WHOLE, WHOLE, max(survey.responses, 1)) for survey in found.closed]
    for entry in found.entries:
        question = entry.item.question
        if not scoring.is_scored(question):
            continue
        compared = scoring.comparable(entry.item, found.wave.value)
        for asked in entry.asked:
            sums = scoring.exact(question, asked.whole)
            seen = public.get((asked.survey, entry.item.code))
            rows.append(_row(asked.survey, entry.item.code, compared, sums.n) | vars(sums) | _public(seen))
    return rows


def _row(survey: UUID, question: str, compared: str, n: int) -> Row:
    sums: Row = dict.fromkeys(("total", "squares", "favourable", "unfavourable"), 0)
    return {"survey_id": survey, "question": question, "comparable": compared, "n": n} | sums | _public(None)


def _public(seen: Seen | None) -> Row:
    spans = {name: getattr(seen, name) if seen else (None, None) for name in ("total", "favourable", "unfavourable")}
    ends = {f"public_{end}_{name}": span[place] for name, span in spans.items() for place, end in enumerate(_ENDS)}
    return {"public_n": seen.n if seen else None} | ends


def _seen(found: Figures | None, k: int) -> dict[tuple[UUID, str], Seen]:
    """What the public sees of each question, by the first survey that holds it and the question's code."""
    if found is None:
        return {}
    k = max([k, *(survey.k for survey in found.closed)])
    publishable = Publishable(found.entries, k)
    public: dict[tuple[UUID, str], Seen] = {}
    for entry in found.entries:
        whole = entry.whole
        if whole is not None and scoring.is_scored(entry.item.question) and publishable.allows_entry(entry):
            public[entry.asked[0].survey, entry.item.code] = scoring.seen(entry.item.question, whole, k)
    return public
