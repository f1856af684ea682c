"""The report as data: one dictionary, of which the JSON file and the PDF are two views. See docs/report-json.md.

What an edition may not show is not in the dictionary, so that neither view can show it by mistake.
"""

from collections.abc import Sequence
from typing import Any

from flask_babel import force_locale
from sqlalchemy import select
from sqlalchemy.orm import Session

from mande import clock
from mande.events.kinds import Role
from mande.events.models import Attendance
from mande.events.models import Event
from mande.events.operations import attendees
from mande.events.records import sectors
from mande.events.roles import asked_as
from mande.reports import looks
from mande.reports import method
from mande.reports import statistics
from mande.reports import wording
from mande.reports.actions import progress
from mande.reports.answers import figures
from mande.reports.answers import meetings
from mande.reports.answers.distribution import rounded
from mande.reports.answers.figures import Figures
from mande.reports.answers.figures import Remarks
from mande.reports.answers.groups import Names
from mande.reports.answers.questions import question
from mande.reports.composing import choosing
from mande.reports.composing.composed import Composed
from mande.reports.history import reading as history
from mande.reports.history.check import Check
from mande.reports.history.past import NOTHING
from mande.reports.kinds import EditionKind
from mande.reports.kinds import Level
from mande.reports.portfolio.comparison import comparison
from mande.reports.reach import saying as reach
from mande.reports.turnout import saying as turnout
from mande.surveys.models import Survey
from mande.surveys.models import SurveyState
from mande.surveys.models import Wave

STANDARD = Composed()

COMMENTS_FROM = 8

Said = dict[str, Any]


class NothingToReportError(Exception):
    """There are no figures, or not yet all of them. The text says what to do."""


def build(session: Session, event: Event, kind: EditionKind, composed: Composed = STANDARD) -> Said:
    """The report on an event, as composed. Raises NothingToReportError."""
    return choosing.chosen(whole(session, event, kind, composed), kind, composed)


def whole(session: Session, event: Event, kind: EditionKind, composed: Composed = STANDARD) -> Said:
    """All that such an edition may show, before anything is left out. Raises NothingToReportError."""
    with force_locale(composed.language.replace("-", "_")):
        return _whole(session, event, kind, composed)


def _whole(session: Session, event: Event, kind: EditionKind, composed: Composed) -> Said:
    level, language = kind.level, composed.language
    internal = level is Level.INTERNAL
    check(session, event, kind)
    earlier = Check(NOTHING if internal else history.past(session, event), level, language)
    first, *later = figures.read(session, event, internal, earlier.lots)
    told = [one for one in later if one.closed and (internal or len(one.closed) == len(one.surveys))]
    k = earlier.promise(max([event.k, *(survey.k for one in (first, *told) for survey in one.closed)]))
    people = attendees(session, event)
    names = {"meeting": {one.code: one.title for one in event.meetings}, "sector": sectors.own(session)}
    main = _wave(first, internal, k, composed, names, earlier)
    described = _event(event, people, k, internal)
    return {
        "event": described,
        "edition": kind.value,
        "level": level.value,
        "language": language,
        "generated_on": clock.today(event.time_zone).isoformat(),
        **main,
        "followup": next(
            (
                {"title": wording.later(event, one.closed)} | _wave(one, internal, k, composed, names, earlier)
                for one in told
            ),
            None,
        ),
        "actions": earlier.actions(session, event, progress.actions(session, event, level.value, composed.actions)),
        "turnout": turnout.turnout(
            first.closed,
            first.turnout,
            main["response"],
            main["questions"],
            [entry.population for entry in first.entries],
            internal,
            names,
        ),
        "meetings_compared": meetings.compared(
            main["questions"],
            names["meeting"],
            [entry.at_meeting if internal else None for entry in first.entries],
            language,
        ),
        "comparison": comparison(session, event, level, first.entries, main["questions"]),
        "reach": reach.reach(
            session,
            event,
            level,
            k,
            language,
            main["questions"],
            lambda tables, came: earlier.attended(tables, came, described["attendees"]),
        ),
        "history": earlier.section(),
        "look": looks.of(session, event.convenor, composed.paper),
        "method": method.method(level.value, k, [first, *told]),
    }


def check(session: Session, event: Event, kind: EditionKind) -> None:
    """Raises NothingToReportError if this edition cannot be made yet."""
    surveys = session.scalars(select(Survey).where(Survey.event_id == event.id)).all()
    still_open = [survey.role for survey in surveys if survey.state is SurveyState.OPEN and survey.wave is Wave.EVENT]
    if not surveys:
        raise NothingToReportError(f"Nobody has been asked about {event.code} yet: open its surveys first.")
    if not any(survey.state is SurveyState.CLOSED for survey in surveys):
        raise NothingToReportError(
            f"No survey of {event.code} is closed yet. Answers stay sealed until then: close its surveys, "
            "or wait for their closing date, and make the report again."
        )
    if still_open and kind.level is not Level.INTERNAL:
        roles = " and ".join(wording.ROLES[role].lower() for role in still_open)
        raise NothingToReportError(
            f"The survey of {roles} is still open. What partners and the public get is made once all are closed: "
            "two editions with a survey between them could be subtracted. The internal edition can be made now."
        )


def _wave(found: Figures, internal: bool, k: int, composed: Composed, names: Names, earlier: Check) -> Said:
    """Who answered in one wave, and what they said."""
    wave = found.wave.value
    publishable = earlier.publishable(wave, found.entries)
    return {
        "response": _response(found.closed),
        "questions": [
            earlier.question(
                wave,
                entry,
                question(
                    entry,
                    internal,
                    k,
                    composed.language,
                    names,
                    internal or publishable.allows_entry(entry),
                    earlier.stratum(wave, entry, composed.breakdown),
                ),
            )
            for entry in found.entries
        ],
        "comments": [
            _comments(remarks)
            for remarks in found.remarks
            if _may_show(remarks) and (internal or publishable.allows(remarks.audiences))
        ],
    }


def _event(event: Event, people: Sequence[Attendance], k: int, internal: bool) -> Said:
    return {
        "code": event.code,
        "title": event.title,
        "summary": event.summary,
        "convenor": event.convenor,
        "partners": [partner.name for partner in event.partners],
        "time_zone": event.time_zone,
        "meetings": [
            {
                "code": meeting.code,
                "title": meeting.title,
                "starts_at": meeting.starts_at.isoformat(),
                "ends_at": meeting.ends_at.isoformat(),
                "format": meeting.format.value,
                "format_label": wording.FORMATS[meeting.format],
                "topics": list(meeting.topics),
            }
            for meeting in event.meetings
        ],
        "intended_outcomes": [outcome.text for outcome in event.outcomes],
        "oda_eligible": event.oda_eligible,
        "dac_code": event.dac_code,
        "crs_code": event.crs_code,
        "attendees": _attendees(event, people, k, internal),
    }


def _attendees(event: Event, people: Sequence[Attendance], k: int, internal: bool) -> Said:
    roles = [asked_as([held.role for held in attendance.roles]) for attendance in people if attendance.roles]
    countries: dict[str, int] = {}
    for attendance in people:
        if attendance.person.country:
            countries[attendance.person.country] = countries.get(attendance.person.country, 0) + 1
    return {
        "total": len(people),
        "by_role": {role.value: roles.count(role) for role in Role if role in roles},
        "by_meeting": {
            meeting.code: sum(meeting in attendance.meetings for attendance in people) for meeting in event.meetings
        },
        "countries": len(countries),
        "countries_named": [
            {"country": code, "attendees": count}
            for code, count in sorted(countries.items(), key=lambda found: (-found[1], found[0]))
            if internal or count >= k
        ],
    }


def _response(closed: Sequence[Survey]) -> Said:
    by_role = {role: [survey for survey in closed if survey.role is role] for role in Role}
    return _rate(closed) | {"by_role": {role.value: _rate(surveys) for role, surveys in by_role.items() if surveys}}


def _rate(surveys: Sequence[Survey]) -> Said:
    answered = sum(survey.responses for survey in surveys)
    known = [survey.invited for survey in surveys if survey.invited is not None]
    invited = sum(known) if len(known) == len(surveys) else None
    # Sheets of paper that bear no name may come from more people than were invited.
    population = None if invited is None or answered > invited else invited
    margin = statistics.margin_of_error(answered, population)
    return {
        "invited": invited,
        "answered": answered,
        "rate": rounded(statistics.share(answered, population)) if population else None,
        "margin_of_error": rounded(margin),
        "indicative": statistics.is_indicative(answered, margin),
        "counted": any(survey.responses >= survey.k for survey in surveys),
    }


def _may_show(remarks: Remarks) -> bool:
    return bool(remarks.released) and remarks.answered >= COMMENTS_FROM


def _comments(remarks: Remarks) -> Said:
    return {
        "question": remarks.code,
        "text": remarks.text,
        "answered": remarks.answered,
        "released": sorted(remarks.released, key=str.casefold),
    }
