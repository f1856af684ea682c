"""Taking the description of an event, from a YAML file or from a command, into the database."""

from dataclasses import fields
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.orm import Session

from mande.events import operations
from mande.events.described import DescribedEvent
from mande.events.described import DescribedMeeting
from mande.events.described import EventFileError
from mande.events.described import parse
from mande.events.models import Event
from mande.events.models import IntendedOutcome
from mande.events.models import Meeting
from mande.events.models import Partner
from mande.events.models import attendance_meeting
from mande.staff import audit

PLAIN = (
    *("code", "title", "summary", "convenor", "time_zone", "manager_name", "manager_email"),
    *("dac_code", "crs_code", "oda_eligible", "k"),
)
LISTS = ("checkin_months", "reminder_days")


def load_event(session: Session, path: Path | str, actor: str | None = None) -> Event:
    """The event that the YAML file describes, made, or brought up to date if its code is known.

    Meetings are found again by their code and outcomes by their place. Raises EventFileError that lists every problem;
    OSError where the file cannot be read.
    """
    text = Path(path).read_text(encoding="utf-8-sig")
    return save(session, parse(read_yaml(text, str(path)), str(path)), actor)


def read_yaml(text: str, source: str) -> Any:
    """What the YAML text holds. Raises EventFileError where it is no YAML, or says one thing twice."""
    try:
        return yaml.load(text, _Loader)  # noqa: S506 (a SafeLoader)
    except yaml.YAMLError as error:
        raise EventFileError([" ".join(str(error).split())], source) from error


def save(session: Session, described: DescribedEvent, actor: str | None = None) -> Event:
    """Makes or updates the event with this code.

    Raises EventFileError where a meeting that people attended is no longer described.
    """
    event = operations.get(session, described.code)
    before = _stored(event) if event else None
    partners = [_partner(session, name, country) for name, country in described.partners]
    if event is None:
        event = Event(meetings=[], outcomes=[], partners=[])
    for name in PLAIN:
        _set(event, name, getattr(described, name))
    for name in LISTS:
        _set(event, name, list(getattr(described, name)))
    event.partners = sorted(partners, key=lambda partner: partner.name)
    session.add(event)
    _meetings(session, event, described.meetings)
    _outcomes(event, described.outcomes)
    session.flush()
    changed = _differing(before, _stored(event))
    if changed:
        action = "event changed" if before else "event made"
        audit.record(session, action, event.code, {"fields": changed} if before else {}, actor)
    return event


def _stored(event: Event) -> DescribedEvent:
    """What the database says of an event, in the words of a file."""
    values: dict[str, Any] = {name: getattr(event, name) for name in PLAIN}
    values.update((name, tuple(getattr(event, name))) for name in LISTS)
    return DescribedEvent(
        **values,
        partners=tuple((partner.name, partner.country) for partner in event.partners),
        outcomes=tuple(outcome.text for outcome in event.outcomes),
        meetings=tuple(
            DescribedMeeting(one.code, one.title, one.starts_at, one.ends_at, one.format, tuple(one.topics))
            for one in event.meetings
        ),
    )


def _differing(before: DescribedEvent | None, after: DescribedEvent) -> list[str]:
    return [
        one.name for one in fields(after) if before is None or getattr(before, one.name) != getattr(after, one.name)
    ]


def _set(row: Any, name: str, value: Any) -> None:
    # Only what differs is set, so that a second loading of one file finds nothing to write.
    if getattr(row, name) != value:
        setattr(row, name, value)


def _partner(session: Session, name: str, country: str | None) -> Partner:
    partner = session.scalars(select(Partner).where(Partner.name == name)).one_or_none()
    if partner is None:
        partner = Partner(name=name)
        session.add(partner)
    if country is not None:
        _set(partner, "country", country)
    return partner


def _meetings(session: Session, event: Event, described: tuple[DescribedMeeting, ...]) -> None:
    known = {meeting.code: meeting for meeting in event.meetings}
    gone = [meeting for code, meeting in known.items() if code not in {one.code for one in described}]
    _refuse_to_lose(session, gone)
    for meeting in gone:
        event.meetings.remove(meeting)
    kept = [(one, known[one.code]) for one in described if one.code in known]
    if any(meeting.position != described.index(one) + 1 for one, meeting in kept):
        # Two meetings that change places would stand in one place for a moment: all step aside first.
        for meeting in event.meetings:
            meeting.position += 1_000_000
        session.flush()
    for position, one in enumerate(described, start=1):
        found = known.get(one.code)
        meeting = found or Meeting(code=one.code, topics=[])
        for name in ("title", "starts_at", "ends_at", "format"):
            _set(meeting, name, getattr(one, name))
        _set(meeting, "position", position)
        _set(meeting, "topics", list(one.topics))
        if found is None:
            event.meetings.append(meeting)
    event.meetings.sort(key=lambda meeting: meeting.position)


def _refuse_to_lose(session: Session, gone: list[Meeting]) -> None:
    problems = []
    for meeting in gone:
        attended = select(func.count()).where(attendance_meeting.c.meeting_id == meeting.id)
        if people := session.scalar(attended):
            problems.append(
                f"the meeting {meeting.code} is no longer in the file, but {people} people attended it: "
                "keep it, or keep its code if it was renamed"
            )
    if problems:
        raise EventFileError(problems)


def _outcomes(event: Event, texts: tuple[str, ...]) -> None:
    for surplus in event.outcomes[len(texts) :]:
        event.outcomes.remove(surplus)
    for position, text in enumerate(texts, start=1):
        if position <= len(event.outcomes):
            _set(event.outcomes[position - 1], "text", text)
        else:
            event.outcomes.append(IntendedOutcome(position=position, text=text))


class _Loader(yaml.SafeLoader):
    """YAML in which a name may be given only once: the second would silently win."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        names = [self.construct_object(name, deep=True) for name, _value in node.value]
        for name in names:
            if names.count(name) > 1:
                raise yaml.constructor.ConstructorError(None, None, f"{name} is given twice", node.start_mark)
        return super().construct_mapping(node, deep)
