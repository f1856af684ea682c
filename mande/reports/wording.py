"""What roles, groups and figures are called in a report."""

from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

from mande.events.kinds import Format
from mande.events.kinds import Role
from mande.events.kinds import Sector
from mande.events.models import Event
from mande.followup.models import Contribution
from mande.followup.models import Source
from mande.followup.models import Status
from mande.followup.models import Verified
from mande.surveys.models import Survey
from mande.surveys.questionnaires.definition import QuestionType

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

SECTORS = {sector.value: VALUES[sector.value] for sector in Sector}

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

UNKNOWN, UNHEARD = "unknown", "Nothing heard yet"
STANDINGS: dict[Status | None, str] = dict(STATUSES) | {None: "Unknown"}
"""Statuses, and None for what nothing was heard of."""

VERIFIED = {
    Verified.NO_EVIDENCE: "No evidence found",
    Verified.NOT_STARTED: "Not started",
    Verified.LIMITED: "Limited",
    Verified.SUBSTANTIAL: "Substantial",
    Verified.COMPLETE: "Complete",
}
LEVELS_VERIFIED: dict[Verified | None, str] = dict(VERIFIED) | {None: "Not verified yet"}

NOT_KNOWN = {"theme": "No theme", "role": "Did not attend", "sector": "Sector not known"}
"""What actions are called in a breakdown of which this is not known."""

SOURCES = {
    Source.OWNER: "Of somebody who attended",
    Source.TEAM: "An action of the team",
    Source.RECOMMENDATION: "A recommendation of the event",
}

CONTRIBUTIONS = {
    Contribution.NOT_AT_ALL: "Not at all",
    Contribution.A_LITTLE: "A little",
    Contribution.SOMEWHAT: "Somewhat",
    Contribution.MUCH: "Much",
    Contribution.DECISIVE: "Decisive",
}

BESIDE = {".other": " (other)", ".comment": " (comment)"}
"""What free texts beside a question are, by the end of their code."""

OTHERS = {QuestionType.COUNTRY: "Other countries", QuestionType.DATE: "Other dates"}
NOTHING_FIRST = "none of them"

EDITIONS = {
    "internal": "Internal edition",
    "partner": "Partner edition",
    "public": "Public edition",
    "summary": "Summary on one page",
    "respondents": "What you told us",
}

NUMBERS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]


def later(event: Event, surveys: Sequence[Survey]) -> str:
    """How long after an event surveys were opened: "Six months later"; only "Later" where nobody knows."""
    opened = [survey.opens_at for survey in surveys if survey.opens_at]
    if not opened or not event.meetings:
        return "Later"
    days = (min(opened) - max(meeting.ends_at for meeting in event.meetings)).days
    months = round(days / 30.44)
    if months < 1:
        return "Later"
    number = NUMBERS[months - 1] if months <= len(NUMBERS) else str(months)
    return f"{number.capitalize()} {'month' if months == 1 else 'months'} later"


def part(kinds: Sequence[Any], labels: Mapping[Any, str]) -> str:
    """What several kinds are called that are one part: "Done, well advanced or some progress"."""
    if None in labels and len(kinds) == len(labels) - 1 and None not in kinds:
        return "Looked into by the team" if labels is LEVELS_VERIFIED else "Something was heard"
    first, *others = (labels[kind] for kind in kinds)
    lower = [first, *(label[:1].lower() + label[1:] for label in others)]
    return " or ".join([", ".join(lower[:-1]), lower[-1]]) if others else first


def group(members: Sequence[str], typed: Mapping[str, str]) -> str:
    """The name of a group: "Academia, business or media". `typed` names meetings and own sectors by their code."""
    names = [typed.get(code) or VALUES.get(code) or _plain(code) for code in members]
    if len(names) == 1:
        return names[0]
    lower = [names[0], *(name if name in typed.values() else name[0].lower() + name[1:] for name in names[1:])]
    return f"{', '.join(lower[:-1])} or {lower[-1]}"


def _plain(code: str) -> str:
    text = code.replace("-", " ").replace("_", " ")
    return text[:1].upper() + text[1:]
