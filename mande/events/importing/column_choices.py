"""What the columns of a list can be taken for, as the page offers it, and what staff chose there."""

from collections.abc import Mapping
from collections.abc import Sequence

from flask_babel import gettext as _

from mande.events.importing.layouts import MEETING
from mande.events.importing.layouts import Layout
from mande.events.importing.layouts import Wish
from mande.events.kinds import Role
from mande.events.models import Event

LEAVE_OUT = ""
LIST_TELLS, ALL, NONE = "", "all", "none"


def of(event: Event) -> list[tuple[str, dict[str, str]]]:
    """What a column can be taken for, by what it is about."""
    return [
        (
            _("Who"),
            {
                "email": _("E-mail"),
                "further_addresses": _("Further e-mail addresses"),
                "email_else": _("E-mail, where there is no other"),
                "name": _("Name"),
                "given_name": _("Given name"),
                "family_name": _("Family name"),
                "organisation": _("Organisation"),
                "position": _("Position"),
                "country": _("Country"),
                "sector": _("Sector"),
                "gender": _("Gender"),
                "age_band": _("Age band"),
                "accessibility": _("Accessibility needs"),
                "language": _("Language"),
                "time_zone": _("Time zone"),
                "discreet": _("Discreet (at risk)"),
            },
        ),
        (
            _("How they attended"),
            {
                "role": _("Role"),
                "is_speaker": _("Speaker: yes or no"),
                "is_participant": _("Participant: yes or no"),
                "partner": _("Partner: yes, no or its name"),
                "group": _("Stakeholder group"),
                "mode": _("In person or online"),
                "meetings": _("Meetings"),
                **{f"{MEETING}{one.code}": _("At %(meeting)s: yes or no", meeting=one.title) for one in event.meetings},
                "status": _("Status of the registration"),
                "checked_in": _("Checked in"),
            },
        ),
    ]


def must_ask_meetings(event: Event, layout: Layout) -> bool:
    """Whether the list does not tell which of several meetings people attended."""
    told = any(column == "meetings" or (column or "").startswith(MEETING) for column in layout.columns)
    return len(event.meetings) > 1 and not told


def wish(form: Mapping[str, str], event: Event, labels: Sequence[str], sheet: str, row: int | None) -> Wish:
    """What staff said on the page. The columns are numbered there, as names may hold anything."""
    columns = {
        label: form[f"column-{place}"] or None for place, label in enumerate(labels) if f"column-{place}" in form
    }
    role = form.get("role", "")
    return Wish(sheet, row, columns, _meetings(form, event), Role(role) if role in list(Role) else None)


def _meetings(form: Mapping[str, str], event: Event) -> tuple[str, ...] | None:
    codes = tuple(meeting.code for meeting in event.meetings)
    said = form.get("meetings", LIST_TELLS)
    if said == ALL:
        return codes
    if said == NONE:
        return ()
    return (said.removeprefix(MEETING),) if said.removeprefix(MEETING) in codes else None
