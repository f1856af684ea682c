"""A year's report as data, of which the PDF and the workbook are two views. What may not be shown is not in it."""

from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from flask_babel import force_locale
from sqlalchemy import ColumnElement
from sqlalchemy import select
from sqlalchemy.orm import Session

from mande import clock
from mande.events.models import Event
from mande.followup.desk.models import Outcome
from mande.reports import wording as words
from mande.reports.answers.distribution import rounded
from mande.reports.kinds import Level
from mande.reports.kinds import Measure
from mande.reports.portfolio import overview
from mande.reports.portfolio import questions
from mande.reports.portfolio import reading
from mande.reports.portfolio import wording
from mande.reports.portfolio.annual import openly
from mande.reports.portfolio.annual.openly import Spread
from mande.reports.portfolio.annual.wanted import Wanted
from mande.reports.portfolio.chosen import Chosen
from mande.reports.portfolio.comparison import reached
from mande.reports.portfolio.overview import Overview
from mande.reports.portfolio.periods import Period
from mande.reports.portfolio.periods import Step
from mande.reports.portfolio.periods import period
from mande.reports.portfolio.pooling import LEAST_EVENTS
from mande.reports.portfolio.pooling import Pool
from mande.reports.portfolio.questions import Line
from mande.reports.portfolio.reading import Met
from mande.reports.portfolio.standing import total
from mande.reports.portfolio.targets import OF_QUESTIONS
from mande.surveys.models import Wave

Said = dict[str, Any]
Span = tuple[float, float]

MEASURES = tuple(measure for measure in Measure if measure not in OF_QUESTIONS)


class NothingToReportError(Exception):
    """There is nothing to report on this year. The text says why."""


def build(session: Session, wanted: Wanted) -> Said:
    """The report, in its language. Raises NothingToReportError."""
    with force_locale(wanted.language):
        return _Report(session, wanted).said()


class _Report:
    """What the parts of one report have in common."""

    def __init__(self, session: Session, wanted: Wanted) -> None:
        self.session, self.wanted = session, wanted
        self.internal = wanted.level is Level.INTERNAL
        self.found: Overview = overview.overview(session, wanted.events)
        self.year, self.before = (period(date(year, 1, 1), Step.YEAR) for year in (wanted.year, wanted.year - 1))
        self.events = [one for one in self.found.events.values() if one.began_on.year == wanted.year]
        if len(self.events) < (1 if self.internal else LEAST_EVENTS):
            raise NothingToReportError(wording.too_few(wanted.year, 0 if self.internal else LEAST_EVENTS))
        self.own = reading.standings(session, {event: event for event in self.found.events})

    def said(self) -> Said:
        ids = {one.id for one in self.events}
        done, published = openly.actions(self.session, ids)
        spreads: dict[Measure, Spread] = {}
        if not self.internal:
            spreads = {**openly.reach(self.session, ids), Measure.ACTIONS_DONE: done}
        listed = [one for one in self.events if not one.discreet and (self.internal or one.code in published)]
        return {
            "year": self.wanted.year,
            "level": self.wanted.level.value,
            "language": self.wanted.language,
            "programme": self.wanted.programme,
            "convenor": self._convenor(),
            "generated_on": clock.today("UTC").isoformat(),
            "totals": self._totals(),
            "measures": [one for measure in MEASURES if (one := self._measure(measure, spreads))],
            "questions": [self._question(line) for line in self._lines() if self.year in line.by_period],
            "programmes": self._programmes(),
            "months": self._months() if self.internal else [],
            "outcomes": self._outcomes() if self.internal else [],
            "events": [_event(one) for one in reversed(listed)],
            "unlisted": len(self.events) - len(listed),
        }

    def _convenor(self) -> str:
        """Whose events these are; nothing where several convenors share an installation."""
        convenors = {one.convenor for one in self.events}
        return convenors.pop() if len(convenors) == 1 else ""

    def _totals(self) -> Said:
        whole = self.found.by_period[self.year]
        held = {"events": whole.events, "attendances": whole.reach.attendees}
        if not self.internal:
            responses = self._share(Measure.RESPONSE, self.year)[0] or None
            return held | {"responses": responses, "actions": None, "unheard": None, "outcomes": None}
        return held | {name: getattr(whole, name) for name in ("responses", "actions", "unheard", "outcomes")}

    def _measure(self, measure: Measure, spreads: Mapping[Measure, Spread]) -> Said | None:
        """One share of the year with its trend; None where it may not be told, or is of nobody."""
        exact = self.internal or measure is Measure.RESPONSE
        if exact:
            trend = {span: self._exact(measure, span) for span in self.found.by_period}
            now, of = trend[self.year], self._share(measure, self.year)[1]
        else:
            spread = spreads.get(measure)
            trend, now, of = {}, spread.share if spread else None, spread.of if spread else 0
        if now is None:
            return None
        target = self.found.target(measure)
        return {
            "code": measure.value,
            "label": str(wording.MEASURES[measure]),
            "of_what": str(wording.OF[measure] if exact else wording.OF_ALL[measure]),
            "of": of,
            "share": _rounded(now),
            "before": _rounded(trend.get(self.before)),
            "target": target,
            "met": reached(now, target) if target is not None else None,
            "trend": [{"label": span.label, "share": _rounded(share)} for span, share in trend.items()],
        }

    def _exact(self, measure: Measure, span: Period) -> Span | None:
        part, of = self._share(measure, span)
        return (part / of, part / of) if of else None

    def _share(self, measure: Measure, span: Period) -> tuple[int, int]:
        if self.internal:
            return self.found.by_period[span].measured()[measure]
        return self._answered(lambda one: period(one.began_on, Step.YEAR) == span)

    def _answered(self, wanted: Callable[[Met], bool]) -> tuple[int, int]:
        """How many answered and were asked at events whose public editions tell it; none where these are too few."""
        unready = {event for event, wave in self._unready() if wave is Wave.EVENT}
        own = [self.own[one.id] for one in self.found.events.values() if wanted(one) and one.id not in unready]
        known = [one for one in own if one.asked]
        if len(known) < LEAST_EVENTS:
            return 0, 0
        return sum(one.answered for one in known), sum(one.asked for one in known)

    def _unready(self) -> set[tuple[UUID, Wave]]:
        return reading.waiting(self.session, reading.condition(self.wanted.events))

    def _lines(self) -> Sequence[Line]:
        when = {event: period(one.began_on, Step.YEAR) for event, one in self.found.events.items()}
        if self.internal:
            return questions.lines(self.session, when, self.found.targets, language=self.wanted.language)
        condition = reading.condition(self.wanted.events)
        return questions.lines_for_all(self.session, condition, when, self.found.targets, self.wanted.language)

    def _question(self, line: Line) -> Said:
        asked, now = line.asked, line.by_period[self.year]
        before = line.by_period.get(self.before)
        spans = [one for one in self.found.by_period if one in line.by_period]
        return {
            "code": asked.code,
            "type": asked.kind.value,
            "wave": asked.wave.value,
            "section": asked.section,
            "question": asked.above,
            "text": asked.text,
            "criterion": asked.criterion,
            "level": asked.level,
            "scale": list(asked.scale),
            **_pool(now),
            "before": _pool(before) if before else None,
            "target": _target(line, now),
            "trend": [{"label": one.label, "mean_range": _rounded(line.by_period[one].mean_range)} for one in spans],
        }

    def _programmes(self) -> list[Said]:
        """The year by programme; outside the team those with few events are taken together."""
        groups: dict[str, list[Met]] = {}
        for one in self.events:
            groups.setdefault(one.programme, []).append(one)
        if not self.internal:
            groups = merged(groups)
        if len(groups) < 2:
            return []
        return [self._programme(name, groups[name]) for name in sorted(groups, key=lambda one: (not one, one))]

    def _programme(self, name: str, events: Sequence[Met]) -> Said:
        ids = {one.id for one in events}
        whole = total(self.own[one] for one in ids)
        part, of = (whole.answered, whole.asked) if self.internal else self._answered(lambda one: one.id in ids)
        return {
            "name": name or str(wording.other_programmes() if not self.internal else wording.no_programme()),
            "events": len(events),
            "responses": whole.responses if self.internal else part or None,
            "response": round(part / of, 4) if of else None,
            "actions": whole.actions if self.internal else None,
            "done": whole.done if self.internal else None,
        }

    def _months(self) -> list[Said]:
        """What happened in the months of the year, whenever the events were."""
        found = overview.months(self.session, reading.met(self.session, Chosen(programme=self.wanted.programme)))
        return [
            {"month": one.period.label, "written": one.written, "done": one.done, "outcomes": one.outcomes}
            for one in found
            if one.period.first.year == self.wanted.year
        ]

    def _outcomes(self) -> list[Said]:
        """What changed, as the team wrote it down in the year; of discreet events nothing."""
        wanted: list[ColumnElement[bool]] = [Event.discreet.is_(False)]
        if self.wanted.programme:
            wanted.append(Event.programme == self.wanted.programme)
        found = self.session.scalars(select(Outcome).join(Event, Event.id == Outcome.event_id).where(*wanted))
        told = [one for one in found if one.written_at.year == self.wanted.year]
        return [
            {
                "event": one.event.code,
                "what_changed": one.what_changed,
                "who_changed": one.who_changed,
                "contribution_label": words.CONTRIBUTIONS[one.contribution] if one.contribution else None,
                "confirmed": one.confirmed_on is not None,
            }
            for one in sorted(told, key=lambda one: (one.written_at, one.what_changed))
        ]


def merged(groups: Mapping[str, list[Met]]) -> dict[str, list[Met]]:
    """Groups of enough events; the others as one without a name, with the least of the rest until that is enough."""
    large = {name: found for name, found in groups.items() if name and len(found) >= LEAST_EVENTS}
    rest = [one for name, found in groups.items() if name not in large for one in found]
    while rest and len(rest) < LEAST_EVENTS and large:
        least = min(large, key=lambda name: (len(large[name]), name))
        rest += large.pop(least)
    return large | ({"": rest} if rest else {})


def _pool(pool: Pool) -> Said:
    return {
        "n_events": pool.n_events,
        "n": pool.n,
        "mean": rounded(pool.mean),
        "mean_range": _rounded(pool.mean_range),
        "favourable_range": _rounded(pool.favourable_range),
        "nps_range": _rounded(pool.nps_range),
        "band": pool.band,
    }


def _target(line: Line, now: Pool) -> Said | None:
    if line.target is None:
        return None
    span = now.mean_range if line.target.measure is Measure.MEAN else now.favourable_range
    value = line.target.value
    return {"measure": line.target.measure.value, "value": value, "met": reached(span, value)}


def _event(one: Met) -> Said:
    return {"code": one.code, "title": one.title, "programme": one.programme, "began_on": one.began_on.isoformat()}


def _rounded(span: Span | None) -> list[float] | None:
    return None if span is None else [round(end, 4) for end in span]
