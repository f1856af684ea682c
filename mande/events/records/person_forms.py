"""What is accepted from the pages about people and how they attended."""

from collections.abc import Mapping
from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField
from wtforms import Field
from wtforms import Form
from wtforms import RadioField
from wtforms import SelectField
from wtforms import SelectMultipleField
from wtforms import StringField
from wtforms import TextAreaField
from wtforms import ValidationError
from wtforms.validators import InputRequired
from wtforms.validators import Length

from mande.events.countries import country_names
from mande.events.countries import find_language
from mande.events.countries import find_zone
from mande.events.kinds import AgeBand
from mande.events.kinds import Mode
from mande.events.kinds import Role
from mande.events.models import Attendance
from mande.events.models import Event
from mande.events.models import Person
from mande.events.records.snapshots import FIELDS
from mande.events.roles import in_order
from mande.events.words import capital

AGES = {
    AgeBand.UNDER_30: "under 30",
    AgeBand.FROM_30_TO_44: "30 to 44",
    AgeBand.FROM_45_TO_59: "45 to 59",
    AgeBand.FROM_60: "60 and over",
}
MODES = {Mode.IN_PERSON: "in the room", Mode.ONLINE: "online"}
NOT_KNOWN = ("", "not known")


def one_line(text: str | None) -> str:
    """What was typed, without control characters and with single spaces."""
    return " ".join("".join(one if one.isprintable() else " " for one in text or "").split())


def lines(text: str | None) -> str:
    """What was typed, without control characters but line ends."""
    kept = (one if one.isprintable() or one == "\n" else " " for one in (text or "").replace("\r\n", "\n"))
    return "".join(kept).strip()


class Line(StringField):  # type: ignore[misc]
    """One line of text of a limited length. What is too long stays in the field."""

    def __init__(self, label: str, longest: int, required: str = "", **others: Any) -> None:
        checks = [Length(max=longest, message=f"Use at most {longest} characters.")]
        if required:
            checks.insert(0, InputRequired(required))
        super().__init__(label, checks, filters=[one_line], **others)

    def pre_validate(self, _form: Form) -> None:
        if self.flags.required and not self.data:
            raise ValidationError("Enter something that can be read.")


class PersonFields(FlaskForm):  # type: ignore[misc]
    """All that is known of a person but the addresses. Only the name must be."""

    name = Line("Name", 200, "Enter the person's name.")
    organisation = Line("Organisation", 200)
    position = Line("Position", 200)
    country = SelectField("Country")
    sector = SelectField("Sector")
    gender = Line("Gender, as they describe it", 60)
    age_band = SelectField("Age")
    language = Line("Language", 60)
    time_zone = Line("Time zone", 64)
    accessibility = TextAreaField("Accessibility needs", [Length(max=2000, message="Use at most 2000 characters.")],
                                  filters=[lines])  # fmt: skip
    discreet = BooleanField("Must not be exposed: treat discreetly")

    def __init__(self, sectors: Mapping[str, str], person: Person | None = None, **others: Any) -> None:
        super().__init__(obj=person, **others)
        self.country.choices = [NOT_KNOWN, *country_names().items()]
        self.sector.choices = [NOT_KNOWN, *((code, capital(label)) for code, label in sectors.items())]
        self.age_band.choices = [NOT_KNOWN, *((band.value, label) for band, label in AGES.items())]
        # What was removed from the list meanwhile must not be lost by saving something else.
        stored = person.sector if person else None
        if stored and stored not in sectors:
            self.sector.choices.append((stored, stored.replace("-", " ")))
        for field in (self.country, self.sector, self.age_band):
            field.data = field.data or ""

    def validate_language(self, field: Field) -> None:
        field.data = _found(field.data, find_language(field.data), "No such language is known. Write its name or code.")

    def validate_time_zone(self, field: Field) -> None:
        field.data = _found(
            field.data, find_zone(field.data), "No such time zone is known. Write it as Europe/Oslo or UTC+3."
        )

    def values(self) -> dict[str, Any]:
        """What was said, as a Person takes it, by the names of FIELDS."""
        said = {name: self[name].data for name in FIELDS}
        return {name: value_of(name, value) for name, value in said.items()}


def value_of(name: str, typed: Any) -> Any:
    """A field's value as a Person takes it: nothing instead of an empty text, where there may be nothing."""
    if name == "age_band":
        return AgeBand(typed) if typed else None
    return typed if name in ("name", "accessibility", "discreet") else typed or None


class PersonForm(PersonFields):
    """A person's record. The main address may be corrected with it."""

    email = Line("Main e-mail address", 254, "Enter an e-mail address.")


class AttendanceFields(Form):  # type: ignore[misc]
    """How somebody attended an event."""

    roles = SelectMultipleField("Roles")
    meetings = SelectMultipleField("Meetings")
    mode = RadioField("How they took part")
    group = SelectField("Stakeholder group")

    def validate_roles(self, field: Field) -> None:
        if not field.data:
            raise ValidationError("Choose at least one role.")


class AttendanceForm(FlaskForm, AttendanceFields):  # type: ignore[misc]
    """How a person on the list attended."""

    def __init__(self, event: Event, attendance: Attendance | None = None, **others: Any) -> None:
        super().__init__(**others)
        prepare(self, event, attendance)


class NewAttendeeForm(PersonForm, AttendanceFields):
    """Somebody to be put on the list: found by the address, or new."""

    def __init__(self, event: Event, sectors: Mapping[str, str], **others: Any) -> None:
        super().__init__(sectors, **others)
        prepare(self, event, None)


def prepare(form: Any, event: Event, attendance: Attendance | None) -> None:
    """Offers what the event has and, before anything is sent, what is known or usual: a participant at all meetings."""
    form.roles.choices = [(role.value, role.value.capitalize()) for role in Role]
    form.mode.choices = [NOT_KNOWN, *((mode.value, label) for mode, label in MODES.items())]
    form.meetings.choices = [(meeting.code, meeting.title) for meeting in event.meetings]
    form.group.choices = [("", "none"), *((group.id.hex, group.name) for group in event.groups)]
    form.mode.data, form.group.data = form.mode.data or "", form.group.data or ""
    if form.is_submitted():
        return
    if attendance is None:
        form.roles.data = [Role.PARTICIPANT.value]
        form.meetings.data = [meeting.code for meeting in event.meetings]
        return
    form.roles.data = [role.value for role in in_order(one.role for one in attendance.roles)]
    form.meetings.data = [meeting.code for meeting in attendance.meetings]
    form.mode.data = attendance.mode.value if attendance.mode else ""
    form.group.data = attendance.group_id.hex if attendance.group_id else ""


def _found(typed: str, code: str | None, problem: str) -> str:
    if typed and code is None:
        raise ValidationError(problem)
    return code or ""
