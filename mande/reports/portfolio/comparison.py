"""This event beside all others, and beside what the convenor wants to reach: the part "comparison" of a document."""

from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from mande.events.models import Event
from mande.reports.answers.distribution import rounded
from mande.reports.answers.entries import Entry
from mande.reports.kinds import Level
from mande.reports.kinds import Measure
from mande.reports.models import Target
from mande.reports.portfolio import pooling
from mande.reports.portfolio import reading
from mande.reports.portfolio import scoring
from mande.reports.portfolio import targets
from mande.reports.portfolio.pooling import Pool
from mande.reports.portfolio.reading import Scored
from mande.surveys.models import Wave
from mande.surveys.questionnaires.questions import QuestionType

Said = dict[str, Any]


def comparison(
    session: Session, event: Event, level: Level, entries: Sequence[Entry], questions: Sequence[Mapping[str, Any]]
) -> list[Said] | None:
    """See docs/report-json.md. `entries` are those of the event's first wave, `questions` what the document says of
    them; None where nothing can be compared.
    """
    told = {question["code"]: question for question in questions if question["n"] is not None}
    asked = [entry for entry in entries if entry.item.code in told and scoring.is_scored(entry.item.question)]
    known = {entry.item.code: scoring.comparable(entry.item, Wave.EVENT.value) for entry in asked}
    others: dict[str, list[Scored]] = {}
    for one in reading.scores(session, Event.id != event.id, set(known.values())):
        others.setdefault(one.comparable, []).append(one)
    wanted = targets.of_programme(session, event.programme)
    found = [
        _compared(entry, told[entry.item.code], _pool(entry, others.get(known[entry.item.code], ()), level), wanted)
        for entry in asked
    ]
    return [one for one in found if one["portfolio"] or one["target"]] or None


def _pool(entry: Entry, others: Sequence[Scored], level: Level) -> Pool | None:
    kind, points = entry.item.question.type, len(entry.item.question.codes)
    if level is Level.INTERNAL:
        return (
            pooling.of_events(kind, points, (one.exact for one in others))
            if len(others) >= pooling.LEAST_EVENTS
            else None
        )
    return pooling.openly(kind, points, (one.seen for one in others if one.seen))


def _compared(entry: Entry, question: Mapping[str, Any], pool: Pool | None, wanted: Mapping[Any, Target]) -> Said:
    item = entry.item
    here = _here(question)
    return {
        **{name: question[name] for name in ("code", "type", "text", "question")},
        "event": here,
        "portfolio": _elsewhere(pool, item.question.type) if pool else None,
        "difference": rounded(here["mean"] - pool.mean) if pool and None not in (here["mean"], pool.mean) else None,
        "target": _target(scoring.code(item), here, wanted),
        "scale": list(scoring.values(item.question.type, item.question.codes).scale),
    }


def _here(question: Mapping[str, Any]) -> Said:
    """This event's own figures, as the document has them. Of yes or no, the favourable share is that of yes."""
    same = {name: question[name] for name in ("n", "mean", "mean_range", "favourable", "favourable_range", "band")}
    if question["type"] == QuestionType.YES_NO.value and question["yes"] is not None:
        share = question["yes"]
        same |= {"mean": share, "mean_range": [share, share], "favourable": share, "favourable_range": [share, share]}
    return same | {"nps": question["nps"]["score"] if question["nps"] else None}


def _elsewhere(pool: Pool, kind: QuestionType) -> Said:
    rated = kind is QuestionType.RATING
    return {
        "n_events": pool.n_events,
        "n": pool.n,
        "mean": rounded(pool.mean),
        "mean_range": _span(pool.mean_range),
        "favourable": None if rated else rounded(pool.favourable),
        "favourable_range": None if rated else _span(pool.favourable_range),
        "nps": rounded(pool.nps, 1),
        "nps_range": _span(pool.nps_range, 1) if pool.nps_range else None,
        "band": pool.band,
        "quartiles": [round(one, 4) for one in pool.quartiles] if pool.quartiles else None,
    }


def _target(code: str, here: Said, wanted: Mapping[Any, Target]) -> Said | None:
    for measure in targets.OF_QUESTIONS:
        target = wanted.get((measure, code))
        if target:
            return {
                "measure": measure.value,
                "value": target.value,
                "programme": target.programme,
                "met": reached(here["mean_range" if measure is Measure.MEAN else "favourable_range"], target.value),
            }
    return None


def reached(span: Sequence[float] | None, value: float) -> bool | None:
    """Whether a figure reached a target, as far as the least and the greatest that it can be tell. Figures are judged
    as they are printed, to two decimals.
    """
    if span is None:
        return None
    low, high = (round(end, 2) >= round(value, 2) for end in span)
    return low if low == high else None


def _span(span: tuple[float, float], digits: int = 4) -> list[float]:
    return [round(end, digits) for end in span]
