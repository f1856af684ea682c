"""Reads what is stored of many events: a handful of queries, however many events there are. No name leaves it."""

from collections import Counter
from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from typing import Generic
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlalchemy import Select
from sqlalchemy import String
from sqlalchemy import Subquery
from sqlalchemy import and_
from sqlalchemy import case
from sqlalchemy import cast
from sqlalchemy import exists
from sqlalchemy import func
from sqlalchemy import literal
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm import joinedload

from mande import clock
from mande.events.models import Event
from mande.events.models import Meeting
from mande.events.models import Partner
from mande.events.models import event_partner
from mande.events.timing import zone_of
from mande.followup.desk.models import Outcome
from mande.followup.kinds import Source
from mande.followup.kinds import Status
from mande.followup.models import PlannedAction
from mande.followup.models import Update
from mande.reports.answers.grouped import G
from mande.reports.answers.grouped import Grouped
from mande.reports.models import Score
from mande.reports.portfolio.chosen import Chosen
from mande.reports.portfolio.scores import WHOLE
from mande.reports.portfolio.scoring import Exact
from mande.reports.portfolio.scoring import Seen
from mande.reports.portfolio.standing import Standing
from mande.reports.reach.reading import COULD_FOLLOW
from mande.surveys.models import Survey
from mande.surveys.models import SurveyState
from mande.surveys.models import Wave

Wanted = ColumnElement[bool]
"""Which events: a condition on Event."""


@dataclass(frozen=True)
class Met:
    """An event that is over. `began_on` is the first day of its first meeting, by its own clocks."""

    id: UUID
    code: str
    title: str
    convenor: str
    programme: str
    discreet: bool
    began_on: date


@dataclass(frozen=True)
class Scored:
    """What one question came to at one event, whoever was asked it, among them those of `survey`. `seen` is what the
    public may know of it; None where that is nothing, or where the event's public edition cannot be made yet.
    """

    event: UUID
    comparable: str
    survey: UUID
    exact: Exact
    seen: Seen | None


@dataclass(frozen=True)
class Summed(Generic[G]):
    """What one question came to at a group of events, `n_events` of which asked it, one of them by `survey`."""

    group: G
    comparable: str
    survey: UUID
    n_events: int
    exact: Exact


def condition(chosen: Chosen) -> Wanted:
    """Which events are meant, as far as the database can tell; `met` looks at the years by each event's own clocks."""
    found: list[Wanted] = []
    if chosen.programme:
        found.append(Event.programme == chosen.programme)
    if chosen.partner:
        named = select(event_partner.c.event_id).join(Partner).where(Partner.name == chosen.partner)
        found.append(Event.id.in_(named))
    over = select(Meeting.event_id).group_by(Meeting.event_id).having(func.max(Meeting.ends_at) <= clock.now())
    return and_(Event.id.in_(over), *found)


def met(session: Session, chosen: Chosen) -> dict[UUID, Met]:
    """The events that are over and are meant, the latest first."""
    rows = session.execute(
        select(
            Event.id, Event.code, Event.title, Event.convenor, Event.programme, Event.discreet, Event.time_zone,
            func.min(Meeting.starts_at).label("starts"),
        )
        .join(Meeting, Meeting.event_id == Event.id)
        .where(condition(chosen))
        .group_by(Event.id)
        .order_by(func.min(Meeting.starts_at).desc(), Event.code)
    )  # fmt: skip
    days = {row: row.starts.astimezone(zone_of(row.time_zone)).date() for row in rows}
    return {
        row.id: Met(row.id, row.code, row.title, row.convenor, row.programme, row.discreet, day)
        for row, day in days.items()
        if chosen.holds(day)
    }


def standings(session: Session, groups: Mapping[UUID, G]) -> dict[G, Standing]:
    """What groups of events came to, but who attended them."""
    grouped = Grouped(session, groups)
    sums: list[Counter[str]] = [Counter() for _ in grouped.groups]
    for group in groups.values():
        sums[grouped.number(group)]["events"] += 1
    for statement in (_responses, _actions, _outcomes, _followed):
        for row in session.execute(statement(grouped.table)).mappings():
            sums[row["number"]].update({name: int(value or 0) for name, value in row.items() if name != "number"})
    return {group: Standing(**counted) for group, counted in zip(grouped.groups, sums, strict=True)}  # type: ignore[arg-type]


def sums(session: Session, groups: Mapping[UUID, G], only: Collection[str] | None = None) -> Iterator[Summed[G]]:
    """What each question came to in each group of events; of the comparable ones `only`, if these are given."""
    grouped = Grouped(session, groups)
    counted = (func.count(Survey.event_id.distinct()), func.min(cast(Score.survey_id, String)))
    asked = (
        select(grouped.table.c.number, Score.comparable, *counted, *_added(_EXACT))
        .join_from(grouped.table, Survey, Survey.event_id == grouped.table.c.event_id)
        .join(Score, Score.survey_id == Survey.id)
        .where(Score.question != WHOLE if only is None else Score.comparable.in_(only))
        .group_by(grouped.table.c.number, Score.comparable)
    )
    for number, comparable, events, survey, *found in session.execute(asked):
        yield Summed(grouped.groups[number], comparable, UUID(survey), events, Exact(*map(int, found)))


def scores(session: Session, wanted: Wanted, only: Collection[str] | None = None) -> Iterator[Scored]:
    """What each question came to at each event; of the comparable ones `only`, if these are given."""
    asked = (
        select(
            Survey.event_id,
            Score.comparable,
            Survey.wave,
            func.min(cast(Score.survey_id, String)),
            *_added((*_EXACT, *_PUBLIC)),
        )
        .join(Survey, Survey.id == Score.survey_id)
        .join(Event, Event.id == Survey.event_id)
        .where(wanted, Score.question != WHOLE if only is None else Score.comparable.in_(only))
        .group_by(Survey.event_id, Score.comparable, Survey.wave)
    )
    unready = waiting(session, wanted)
    for event, comparable, wave, survey, *found in session.execute(asked):
        exact, public = list(map(int, found[: len(_EXACT)])), found[len(_EXACT) :]
        seen = None if (event, wave) in unready else _seen(public)
        yield Scored(event, comparable, UUID(survey), Exact(*exact), seen)


def asked_in(session: Session, surveys: Mapping[str, UUID]) -> dict[str, tuple[Survey, str]]:
    """For comparable questions, each with a survey that asked it: that survey, and the question's code in it."""
    rows = session.execute(
        select(Score.comparable, Score.survey_id, Score.question)
        .where(Score.comparable.in_(surveys), Score.survey_id.in_(set(surveys.values())))
        .order_by(Score.comparable, Score.question.desc())
    )
    found = {row.comparable: row for row in rows if surveys[row.comparable] == row.survey_id}
    loaded = session.scalars(
        select(Survey)
        .where(Survey.id.in_({row.survey_id for row in found.values()}))
        .options(joinedload(Survey.questionnaire), joinedload(Survey.event).selectinload(Event.meetings))
    )
    known = {survey.id: survey for survey in loaded}
    return {one: (known[row.survey_id], row.question) for one, row in found.items()}


def _responses(grouped: Subquery) -> Select[Any]:
    """What right after the event was closed: asked, and answered with and without a name. Events of which nobody knows
    how many were asked, or where more have answered, count among the responses alone.
    """
    own = (
        select(
            Survey.event_id,
            func.sum(Survey.invited).label("invited"),
            func.sum(Survey.answered + Survey.sheets).label("responses"),
            func.sum(case((Survey.invited.is_(None), 1), else_=0)).label("unknown"),
        )
        .where(Survey.state == SurveyState.CLOSED, Survey.wave == Wave.EVENT)
        .group_by(Survey.event_id)
        .subquery("own")
    )
    known = (own.c.unknown == 0) & (own.c.responses <= own.c.invited)
    return _by_number(
        grouped,
        own.c.event_id,
        asked=case((known, own.c.invited), else_=0),
        answered=case((known, own.c.responses), else_=0),
        responses=own.c.responses,
    )


def _actions(grouped: Subquery) -> Select[Any]:
    """How the owners' actions stand. Of those not begun, nothing may have been heard since."""
    heard = exists().where(Update.action_id == PlannedAction.id)
    unheard = (PlannedAction.status == Status.NOT_STARTED) & ~heard
    return _by_number(
        grouped,
        PlannedAction.event_id,
        actions=literal(1),
        done=case((PlannedAction.status == Status.DONE, 1), else_=0),
        dropped=case((PlannedAction.status == Status.NO_LONGER_PLANNED, 1), else_=0),
        unheard=case((unheard, 1), else_=0),
    ).where(PlannedAction.source == Source.OWNER, PlannedAction.withdrawn.is_(False))


def _outcomes(grouped: Subquery) -> Select[Any]:
    confirmed = case((Outcome.confirmed_on.is_not(None), 1), else_=0)
    return _by_number(grouped, Outcome.event_id, outcomes=literal(1), confirmed=confirmed)


def _followed(grouped: Subquery) -> Select[Any]:
    """Those online who could follow and speak, and how many of them said so or not."""
    return (
        select(
            grouped.c.number,
            func.sum(Score.favourable).label("followed"),
            func.sum(Score.n).label("follow_asked"),
        )
        .join_from(grouped, Survey, Survey.event_id == grouped.c.event_id)
        .join(Score, Score.survey_id == Survey.id)
        .where(Score.question == COULD_FOLLOW)
        .group_by(grouped.c.number)
    )


def _by_number(grouped: Subquery, event_id: Any, **added: Any) -> Select[Any]:
    """The sums of these by group of events."""
    totals = [func.sum(value).label(name) for name, value in added.items()]
    return select(grouped.c.number, *totals).join(grouped, grouped.c.event_id == event_id).group_by(grouped.c.number)


def _added(names: Iterable[str]) -> list[Any]:
    return [func.sum(getattr(Score, name)).label(name) for name in names]


def waiting(session: Session, wanted: Wanted) -> set[tuple[UUID, Wave]]:
    """Events and waves of which no public edition can be made yet: see `document.check`."""
    rows = session.execute(
        select(Survey.event_id, Survey.wave, Survey.state)
        .join(Event, Event.id == Survey.event_id)
        .where(wanted, Survey.state != SurveyState.CLOSED)
    )
    found: set[tuple[UUID, Wave]] = set()
    for event, wave, state in rows:
        if wave is Wave.FOLLOWUP:
            found.add((event, wave))
        elif state is SurveyState.OPEN:
            found |= {(event, each) for each in Wave}
    return found


def _seen(public: Sequence[int | None]) -> Seen | None:
    if public[0] is None:
        return None
    n, *ends = (int(value or 0) for value in public)
    return Seen(n, (ends[0], ends[1]), (ends[2], ends[3]), (ends[4], ends[5]))


_EXACT = ("n", "total", "squares", "favourable", "unfavourable")
_PUBLIC = (
    "public_n", "public_low_total", "public_high_total", "public_low_favourable", "public_high_favourable",
    "public_low_unfavourable", "public_high_unfavourable",
)  # fmt: skip
