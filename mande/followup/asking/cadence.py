"""How often an event asks: after which months, how many days before people's own dates, between which hours."""

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy.orm import Session

from mande.events.describing import cadence
from mande.events.describing import event_form
from mande.events.describing import storing
from mande.events.describing.checked import Checker
from mande.events.describing.checked import Problem
from mande.events.describing.described import EventFileError
from mande.events.models import Event


def said(event: Event) -> dict[str, str]:
    """What the fields of the form hold for an event as it is."""
    return event_form.cadence_said(event)


def read(posted: Mapping[str, str]) -> dict[str, str]:
    """What was typed."""
    return {name: posted.get(name, "").strip() for name in cadence.KEYS}


def save(session: Session, event: Event, typed: Mapping[str, str]) -> None:
    """Keeps what was typed; what is still to come follows it. Raises EventFileError."""
    problems: list[Problem] = []
    given = Checker(problems, event_form.cadence_data(typed))
    months, days_before, (opens, closes) = cadence.months(given), cadence.days_before(given), cadence.hours(given)
    if problems:
        raise EventFileError(problems)
    described = replace(
        storing.stored(event),
        checkin_months=months,
        checkin_days_before=days_before,
        checkin_from=opens,
        checkin_until=closes,
    )
    storing.save(session, described, event=event)


def errors(typed: Mapping[str, str], error: EventFileError) -> Mapping[str, str]:
    """What is wrong, by field, in sentences."""
    return event_form.with_problems(event_form.empty(**typed), error.found).errors
