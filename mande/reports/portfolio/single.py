"""One question of the portfolio: what each event came to that was asked it. For the team alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from uuid import UUID

from sqlalchemy.orm import Session

from mande.reports.portfolio import pooling
from mande.reports.portfolio import questions
from mande.reports.portfolio import reading
from mande.reports.portfolio import targets
from mande.reports.portfolio.chosen import Chosen
from mande.reports.portfolio.periods import Period
from mande.reports.portfolio.periods import period
from mande.reports.portfolio.periods import periods
from mande.reports.portfolio.pooling import Pool
from mande.reports.portfolio.questions import Line
from mande.reports.portfolio.reading import Met
from mande.reports.portfolio.scoring import Exact

SHOWN = 200


@dataclass(frozen=True)
class Found:
    """A question, with its events and what each came to; `periods` without a gap."""

    line: Line
    scored: Sequence[tuple[Met, Pool]]
    periods: Sequence[Period]


def question(session: Session, comparable: str, chosen: Chosen) -> Found | None:
    """A question over the events that were chosen; None where none of them was asked it."""
    wanted, events = reading.condition(chosen), reading.met(session, chosen)
    when = {event: period(met.began_on, chosen.step) for event, met in events.items()}
    known = targets.of_programme(session, chosen.programme)
    line = next(iter(questions.lines(session, when, known, [comparable])), None)
    if line is None:
        return None
    exact: dict[UUID, Exact] = {}
    for one in reading.scores(session, wanted, [comparable]):
        if one.event in events:
            exact[one.event] = one.exact
    spread = pooling.of_events(line.asked.kind, line.asked.points, exact.values())
    if spread is not None:
        line = replace(line, pool=spread)
    scored = [
        (events[event], pooling.exactly(line.asked.kind, line.asked.points, its, 1)) for event, its in exact.items()
    ]
    return Found(line, scored, periods([met.began_on for met, _pool in scored], chosen.step))


def ordered(scored: Sequence[tuple[Met, Pool]], sort: str) -> list[tuple[Met, Pool]]:
    """As `Chosen.sort` says: by answers, mean or favourable share, else by when the events were, the latest first."""
    name, falls = sort.removeprefix("-"), sort.startswith("-")
    names = {"answers": "n", "mean": "mean", "favourable": "favourable"}
    latest = sorted(scored, key=lambda one: (one[0].began_on, one[0].code), reverse=falls or name in names)
    if name not in names:
        return latest
    return sorted(latest, key=lambda one: getattr(one[1], names[name]), reverse=falls)
