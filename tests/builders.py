"""What tests need to exist, made in one line each. Every builder flushes, so that ids are there."""

from collections.abc import Collection
from collections.abc import Sequence
from datetime import UTC
from datetime import datetime
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

from flask import g
from flask import session
from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.security import generate_password_hash

from mande import tokens
from mande.events import rules
from mande.events.kinds import Wave
from mande.events.models import Attendance
from mande.events.models import AttendanceRole
from mande.events.models import Event
from mande.events.models import Format
from mande.events.models import IntendedOutcome
from mande.events.models import Meeting
from mande.events.models import Mode
from mande.events.models import Partner
from mande.events.models import Person
from mande.events.models import Role
from mande.events.models import Sector
from mande.followup import links
from mande.followup.models import FollowupLink
from mande.staff.models import StaffMember
from mande.staff.models import StaffRole
from mande.surveys import operations as surveys
from mande.surveys.models import Invitation
from mande.surveys.models import Survey
from mande.web import settings

PASSWORD = "correct horse battery"
_numbers = count(1)


def make_event(
    session: Session, code: str = "WP1873v", participants: int = 0, speakers: int = 0, partners: int = 0, **changes: Any
) -> Event:
    """An event like WP1873v: two meetings, two partners, two outcomes, and so many people in each role.

    People take turns at attending both meetings, only part-one, only part-two; sector, gender and country vary.
    """
    values: dict[str, Any] = {
        "title": "The future of international diplomacy in an online world",
        "convenor": "Example House",
        "time_zone": "Europe/London",
        "manager_name": "Robin Example",
        "manager_email": "robin@example.org",
        "dac_code": "151",
        "crs_code": "15121",
        "oda_eligible": True,
        "summary": "How diplomacy works online.",
    }
    days = changes.pop("reminder_days", rules.REMINDER_DAYS)
    event = Event(code=code, **{**values, **changes})
    event.rules = [rule for wave in Wave for rule in rules.reminders(wave, days)]
    event.meetings = [
        Meeting(position=1, code="part-one", title="Part One: the art of diplomacy", format=Format.VIRTUAL,
                starts_at=datetime(2021, 6, 7, 12, tzinfo=UTC), ends_at=datetime(2021, 6, 7, 14, 30, tzinfo=UTC),
                topics=["Skills", "Trust"]),
        Meeting(position=2, code="part-two", title="Part Two: inclusive engagement", format=Format.VIRTUAL,
                starts_at=datetime(2021, 6, 9, 12, tzinfo=UTC), ends_at=datetime(2021, 6, 9, 14, 30, tzinfo=UTC),
                topics=["Inclusion"]),
    ]  # fmt: skip
    event.outcomes = [
        IntendedOutcome(position=1, text="A note of recommendations"),
        IntendedOutcome(position=2, text="Best practice is shared"),
    ]
    event.partners = [make_partner(session, "Ministry of Foreign Affairs, Norway", "NO"),
                      make_partner(session, "Federal Department of Foreign Affairs, Switzerland", "CH")]  # fmt: skip
    session.add(event)
    session.flush()
    for role, how_many in ((Role.PARTICIPANT, participants), (Role.SPEAKER, speakers), (Role.PARTNER, partners)):
        for number in range(how_many):
            attend(session, event, make_person(session, name=f"{role.title()} {number + 1}", turn=number), [role],
                   [event.meetings, event.meetings[:1], event.meetings[1:]][number % 3])  # fmt: skip
    return event


def make_partner(session: Session, name: str = "A Ministry", country: str | None = None) -> Partner:
    """The partner organisation of this name, made if there is none."""
    found = session.scalars(select(Partner).where(Partner.name == name)).one_or_none()
    partner = found or Partner(name=name, country=country)
    session.add(partner)
    session.flush()
    return partner


def make_person(session: Session, name: str = "Ada Example", turn: int = 0, **changes: Any) -> Person:
    """A person with an address of their own; `turn` varies sector, gender and country."""
    values: dict[str, Any] = {
        "email": f"person-{next(_numbers)}@example.org",
        "organisation": "An Organisation",
        "country": ["GB", "KE", "CH", None][turn % 4],
        "sector": [Sector.STATE, Sector.CIVIL_SOCIETY, None][turn % 3],
        "gender": ["female", "male"][turn % 2],
        "language": "en",
    }
    person = Person(name=name, **{**values, **changes})
    session.add(person)
    session.flush()
    return person


def attend(
    session: Session,
    event: Event,
    person: Person | None = None,
    roles: Collection[Role] = (Role.PARTICIPANT,),
    meetings: Sequence[Meeting] | None = None,
    mode: Mode | None = Mode.ONLINE,
) -> Attendance:
    """The person (a new one unless given) at the event, in all of its meetings unless some are given."""
    attendance = Attendance(
        event=event,
        person=person or make_person(session),
        mode=mode,
        roles=[AttendanceRole(role=role) for role in roles],
        meetings=list(event.meetings if meetings is None else meetings),
    )
    session.add(attendance)
    session.flush()
    return attendance


def link_of(session: Session, attendance: Attendance) -> FollowupLink:
    """The link of whoever attended to their planned actions, made if there is none."""
    return links.ensure_link(session, attendance.event_id, attendance.person_id)


def make_staff(
    database: Session, email: str = "manager@example.org", role: StaffRole = StaffRole.MANAGER, **changes: Any
) -> StaffMember:
    """Somebody of the team whose password is PASSWORD."""
    values: dict[str, Any] = {"name": "Sam Staff", "password_hash": _hashed(), "session_stamp": "s" * 32}
    member = StaffMember(email=email, role=role, **{**values, **changes})
    database.add(member)
    database.flush()
    return member


@cache
def _hashed() -> str:
    # A cheap hash, so that a test that signs in does not wait for scrypt.
    return generate_password_hash(PASSWORD, method="pbkdf2:sha256:1")


def sign_in(client: FlaskClient, member: StaffMember) -> None:
    """Makes `member` the one who is signed in at this client, without the form."""
    with client.session_transaction(path="/staff/") as kept:
        kept["_user_id"] = f"{member.id.hex}.{member.session_stamp}"
        kept["_fresh"] = True


def csrf(client: FlaskClient) -> str:
    """A token that this client may send as `csrf_token` with any POST under /staff."""
    with client.session_transaction(path="/staff/") as kept, client.application.test_request_context("/staff/"):
        session.update(kept)
        g.pop("csrf_token", None)
        token: str = generate_csrf()
        kept["csrf_token"] = session["csrf_token"]
    return token


def open_survey(
    session: Session,
    event: Event,
    questionnaire: str | Path | None = None,
    role: Role = Role.PARTICIPANT,
    **options: Any,
) -> list[str]:
    """Opens the survey of one role with this questionnaire (the usual one unless given) and returns the links' tokens,
    in the order of the attendees. Needs an application context. Options go to `open_surveys`."""
    options.setdefault("even_before_the_end", True)
    if questionnaire:
        options["questionnaires"] = {role: str(questionnaire)}
    surveys.open_surveys(session, event, [role], actor="a test", **options)
    asked = session.scalars(
        select(Invitation).join(Survey).join(Invitation.attendance).join(Attendance.person)
        .where(Survey.event_id == event.id, Survey.role == role).order_by(Person.name)
    )  # fmt: skip
    return [token_of(invitation) for invitation in asked]


def token_of(invitation: Invitation) -> str:
    """The token of a person's link to their questionnaire, as their message carries it."""
    key = settings().link_keys.find(invitation.link_key or "")
    return tokens.derive(key, invitation.id, invitation.nonce or b"")
