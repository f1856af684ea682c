"""What is held about somebody apart from follow-up: their record, how they attended, what they were asked and sent."""

from datetime import datetime

from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy import union
from sqlalchemy.orm import Session
from sqlalchemy.orm import joinedload

from mande.events import operations as events
from mande.events.countries import country_name
from mande.events.countries import language_name
from mande.events.kinds import AgeBand
from mande.events.kinds import Mode
from mande.events.models import Attendance
from mande.events.models import Person
from mande.events.records import sectors
from mande.events.records import unmerging
from mande.events.words import capital
from mande.followup import wording
from mande.followup.held.holding import Entry
from mande.followup.held.holding import Fact
from mande.followup.held.holding import Section
from mande.followup.links import Visit
from mande.followup.models import FollowupLink
from mande.mail import suppression
from mande.mail.models import Message
from mande.mail.models import MessageKind
from mande.mail.models import MessageState
from mande.surveys.answering.wording import gender
from mande.surveys.models import Invitation
from mande.surveys.models import Survey
from mande.surveys.models import SurveyState
from mande.surveys.models import Wave
from mande.web import moment


def tell_person(session: Session, visit: Visit) -> list[Section]:
    """The record, other records that were made one with it, the attendance, and how many other events know them."""
    person = visit.person
    return [
        Section("person", _("Who you are"), [_record(session, person)]),
        Section(
            "earlier_records",
            _("Earlier records of you that were made one"),
            [
                (
                    Fact("name", _("Name"), merge.before["dropped"]["name"]),
                    Fact("email", _("E-mail address"), merge.before["dropped"]["email"]),
                )
                for merge in unmerging.merges(session, person)
            ],
        ),
        Section("attendance", _("At this event"), _attendance(visit), _elsewhere(session, visit)),
    ]


def tell_surveys(session: Session, visit: Visit) -> list[Section]:
    """In which questionnaires they were asked, and never whether they have answered."""
    asked = session.scalars(
        select(Invitation)
        .join(Attendance, Attendance.id == Invitation.attendance_id)
        .join(Survey, Survey.id == Invitation.survey_id)
        .where(Attendance.event_id == visit.event.id, Attendance.person_id == visit.person.id)
        .options(joinedload(Invitation.survey))
        .order_by(Survey.opens_at, Survey.id)
    )
    entries = [_asked(one.survey, visit.event.time_zone) for one in asked]
    note = _(
        "Whether you have answered, and what, is not told here. Answers lie sealed and apart from your name, so that "
        "nobody can look them up. While a questionnaire is open you can see, change and withdraw them by its own link. "
        "Once it is closed nobody can tell any more which were yours, and so nobody can find them to delete them."
    )
    return [Section("questionnaires", _("Questionnaires that you were asked to answer"), entries, note)]


def tell_messages(session: Session, visit: Visit) -> list[Section]:
    """What was sent to them about this event, or waits to be. What was taken back would tell what they have done."""
    addresses = [visit.person.email, *(one.address for one in visit.person.addresses)]
    sent = session.scalars(
        select(Message)
        .where(
            Message.event_id == visit.event.id,
            func.lower(Message.to_address).in_(addresses),
            Message.state != MessageState.CANCELLED,
        )
        .order_by(Message.due_at, Message.id)
    )
    zone = visit.event.time_zone
    entries: list[Entry] = [
        (
            Fact("kind", _("Message"), one.kind.value, _kind(one.kind)),
            _when("at", _("When"), one.sent_at or one.due_at, zone),
            Fact("state", _("State"), _state(one.state)[0], _state(one.state)[1]),
        )
        for one in sent
    ]
    stopped = [one for address in addresses if (one := suppression.find(session, address))]
    entries += [
        (
            Fact("address", _("Nothing is sent any more to"), one.address),
            _when("since", _("Since"), one.since, zone),
        )
        for one in stopped
    ]
    note = _("Of a message that was sent only this is kept: its words and its link go when it leaves.")
    return [Section("messages", _("Messages to you about this event"), entries, note if entries else "")]


def _record(session: Session, person: Person) -> Entry:
    locale, neutral = str(get_locale() or "en"), person.discreet
    sector = sectors.known(session).get(person.sector or "", person.sector or "")
    return (
        Fact("name", _("Name"), person.name),
        Fact("email", _("E-mail address"), person.email),
        Fact("further_addresses", _("Further addresses"), [one.address for one in person.addresses]),
        Fact("organisation", _("Organisation"), person.organisation),
        Fact("position", _("Position"), person.position),
        Fact("country", _("Country"), person.country, country_name(person.country, locale)),
        Fact("sector", _("Sector"), person.sector, capital(sector)),
        Fact("gender", _("Gender"), person.gender, gender(person.gender or "")),
        Fact("age_band", _("Age"), person.age_band.value if person.age_band else None, _age(person.age_band)),
        Fact("accessibility", _("Accessibility needs"), person.accessibility),
        Fact("language", _("Language"), person.language, language_name(person.language, locale)),
        Fact("time_zone", _("Time zone"), person.time_zone),
        Fact("discreet", _("Your messages are kept neutral"), neutral, _("yes") if neutral else _("no")),
    )


def _attendance(visit: Visit) -> list[Entry]:
    attended = visit.link.attendance
    event = (Fact("event", _("Event"), visit.event.code, visit.event.title),)
    if attended is None:
        return [event]
    roles, mode = events.held(attended), attended.mode
    return [
        (
            *event,
            Fact("roles", _("As"), [one.value for one in roles], ", ".join(map(wording.role, roles))),
            Fact("meetings", _("Meetings"), [meeting.title for meeting in attended.meetings]),
            Fact("mode", _("How you took part"), mode.value if mode else None, _mode(mode)),
            Fact("group", _("Group"), attended.group.name if attended.group else None),
        )
    ]


def _elsewhere(session: Session, visit: Visit) -> str:
    """The link opens one event: of the others it tells how many there are."""
    at = union(
        select(Attendance.event_id).where(Attendance.person_id == visit.person.id),
        select(FollowupLink.event_id).where(FollowupLink.person_id == visit.person.id),
    ).subquery()
    others = session.scalar(select(func.count()).select_from(at).where(at.c.event_id != visit.event.id)) or 0
    if not others:
        return str(_("You are on the list of no other event."))
    return str(_("Other events at which you are known: %(number)s. Their own links show them.", number=others))


def _asked(survey: Survey, zone: str) -> Entry:
    wave = _("After the event") if survey.wave is Wave.EVENT else _("Months later")
    is_open = survey.state is SurveyState.OPEN
    return (
        Fact("wave", _("Questionnaire"), survey.wave.value, wave),
        Fact("role", _("Asked as"), survey.role.value, wording.role(survey.role)),
        Fact("state", _("State"), survey.state.value, _("open") if is_open else _("closed")),
        _when("closes_at", _("Open until") if is_open else _("Closed"), survey.closes_at, zone),
        Fact("anonymous", _("Anonymous"), survey.anonymous, _("yes") if survey.anonymous else _("no")),
    )


def _when(name: str, label: str, at: datetime | None, zone: str) -> Fact:
    return Fact(name, label, at.isoformat() if at else None, moment(at, zone) if at else "")


def _age(band: AgeBand | None) -> str:
    labels: dict[AgeBand | None, str] = {
        None: "",
        AgeBand.UNDER_30: _("under 30"),
        AgeBand.FROM_30_TO_44: _("30 to 44"),
        AgeBand.FROM_45_TO_59: _("45 to 59"),
        AgeBand.FROM_60: _("60 and over"),
    }
    return labels[band]


def _mode(mode: Mode | None) -> str:
    labels: dict[Mode | None, str] = {None: "", Mode.IN_PERSON: _("in the room"), Mode.ONLINE: _("online")}
    return labels[mode]


def _kind(kind: MessageKind) -> str:
    labels: dict[MessageKind, str] = {
        MessageKind.INVITATION: _("Invitation to a questionnaire"),
        MessageKind.REMINDER: _("Reminder of a questionnaire"),
        MessageKind.LAST_CALL: _("Last reminder of a questionnaire"),
        MessageKind.THANK_YOU: _("Thanks"),
        MessageKind.CHECK_IN: _("Check-in about what you planned"),
        MessageKind.REQUEST: _("Question about a colleague's action"),
        MessageKind.ERASURE: _("Question whether all is to be erased"),
        MessageKind.FOLLOWUP_THANKS: _("Thanks, with what came of the event"),
        MessageKind.PARTNER_LINK: _("Link to a partner's reports"),
        MessageKind.PARTNER_CODE: _("Code for a partner's reports"),
        MessageKind.EDITION: _("News of a partner's reports"),
        MessageKind.FEEDBACK: _("What everybody said together"),
    }
    return labels.get(kind, kind.value)


def _state(state: MessageState) -> tuple[str, str]:
    if state is MessageState.SENT:
        return "sent", _("sent")
    if state in (MessageState.FAILED, MessageState.BOUNCED):
        return "not_delivered", _("could not be delivered")
    return "waiting", _("waits to be sent")
