"""What roles, groups and figures are called in a report."""

from collections.abc import Mapping
from collections.abc import Sequence

from mande.events.kinds import Format
from mande.events.kinds import Role
from mande.followup.models import Contribution
from mande.followup.models import Status

ROLES = {Role.PARTICIPANT: "Participants", Role.SPEAKER: "Speakers", Role.PARTNER: "Partners"}

STRATA = {
    "role": "role",
    "meeting": "meetings attended",
    "sector": "sector",
    "gender": "gender",
    "mode": "way of taking part",
    "oda": "country eligible for development assistance",
}

VALUES = {
    "all": "All meetings",
    "several": "Several meetings",
    "unknown": "Not known",
    "state": "State",
    "multilateral": "Multilateral body",
    "civil_society": "Civil society",
    "academia": "Academia",
    "business": "Business",
    "media": "Media",
    "in_person": "In the room",
    "online": "Online",
    "yes": "Eligible",
    "no": "Not eligible",
}

LEVELS = {
    "most": "Two thirds or more",
    "divided": "One third to two thirds",
    "few": "Less than one third",
}

FORMATS = {Format.IN_PERSON: "In person", Format.VIRTUAL: "Virtual", Format.HYBRID: "Hybrid"}

STATUSES = {
    Status.NOT_STARTED: "Not started",
    Status.SOME_PROGRESS: "Some progress",
    Status.WELL_ADVANCED: "Well advanced",
    Status.DONE: "Done",
    Status.NO_LONGER_PLANNED: "No longer planned",
}

CONTRIBUTIONS = {
    Contribution.NOT_AT_ALL: "Not at all",
    Contribution.A_LITTLE: "A little",
    Contribution.SOMEWHAT: "Somewhat",
    Contribution.MUCH: "Much",
    Contribution.DECISIVE: "Decisive",
}

EDITIONS = {"internal": "Internal edition", "partner": "Partner edition", "public": "Public edition"}


def group(members: Sequence[str], meetings: Mapping[str, str]) -> str:
    """The name of a group: "Academia, business or media". `meetings` maps a meeting's code to its title."""
    names = [meetings.get(code) or VALUES.get(code) or _plain(code) for code in members]
    if len(names) == 1:
        return names[0]
    lower = [names[0], *(name if name in meetings.values() else name[0].lower() + name[1:] for name in names[1:])]
    return f"{', '.join(lower[:-1])} or {lower[-1]}"


def _plain(code: str) -> str:
    text = code.replace("-", " ").replace("_", " ")
    return text[:1].upper() + text[1:]
