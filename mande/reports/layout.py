"""Arranges the document for the printed page: sections, matrices, sentences. What it adds are words, never figures."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale

from mande.events.kinds import Role
from mande.reports import wording

Said = dict[str, Any]

SCALES = ("scale", "matrix")
COMPLETION_MONTHS = (1, 2, 3, 6, 9, 12, 18, 24)


def arrange(document: Said) -> Said:
    """What the template needs beside the document itself."""
    later = document["followup"]
    return {
        "edition": wording.EDITIONS[document["edition"]],
        **_chapter(document),
        "later": later and _chapter(later),
        "named": _named,
        "roles": {role.value: label for role, label in wording.ROLES.items()},
        "strata": wording.STRATA,
        "levels": wording.LEVELS,
        "meetings": {meeting["code"]: meeting["title"] for meeting in document["event"]["meetings"]},
        "countries": [_country(named) for named in document["event"]["attendees"]["countries_named"]],
        "dates": _dates(document["event"]),
        "completion": _completion(document["actions"]["completion"]),
    }


def _chapter(wave: Said) -> Said:
    """What was asked in one wave, arranged."""
    counted = [question for question in wave["questions"] if question["n"] is not None]
    sections = [{"title": title, "blocks": _blocks(list(questions))} for title, questions in groupby(counted, _section)]
    left = [question for question in wave["questions"] if question["n"] is None]
    return {
        "sections": _merged(sections),
        "not_counted": [question for question in left if not question["withheld"]],
        "withheld": [question for question in left if question["withheld"]],
        "highlights": _highlights(counted),
        "headline": _headline(counted),
        "compared": _compared(counted),
        "reading": reading(wave["response"]),
    }


def _completion(curve: Said | None) -> list[Said]:
    """The curve of completion at the end of some months, as far as it goes: what its table says."""
    points = curve["points"] if curve else []
    return [point for point in points if point["months"] in COMPLETION_MONTHS or point is points[-1]]


def _named(roles: Sequence[str]) -> str:
    """Roles in a sentence: "participants and speakers"."""
    return " and ".join(wording.ROLES[Role(role)].lower() for role in roles)


def _dates(event: Said) -> list[str]:
    """The days of the meetings as the event's own clocks show them, as ISO dates."""
    zone = ZoneInfo(event["time_zone"])
    starts = [datetime.fromisoformat(meeting["starts_at"]) for meeting in event["meetings"]]
    return list(dict.fromkeys(start.astimezone(zone).date().isoformat() for start in starts))


def reading(response: Said) -> str:
    """What the margin of error means, in a sentence."""
    margin, rate = response["margin_of_error"], response["rate"]
    if not response["answered"]:
        return "Nobody has answered."
    if margin is None:
        return "Nobody knows how many people were asked, so that no margin of error can be given."
    if margin == 0:
        return "Everybody who was asked has answered: the figures have no margin of error from who answered."
    points = f"{100 * margin:.1f}"
    sentence = (
        f"{response['answered']} of {response['invited']} people answered, {100 * rate:.0f}%. Had everybody answered, "
        f"a share of 50% in this report could have come out up to {points} percentage points higher or lower."
    )
    if response["indicative"]:
        sentence += " The figures are therefore an indication, not a measurement."
    return sentence


def _section(question: Said) -> str:
    return str(question["section"])


def _merged(sections: Sequence[Said]) -> list[Said]:
    """Sections of the same title, from several questionnaires, become one."""
    found: dict[str, Said] = {}
    for section in sections:
        known = found.setdefault(section["title"], {"title": section["title"], "blocks": []})
        known["blocks"] += section["blocks"]
    return list(found.values())


def _blocks(questions: Sequence[Said]) -> list[Said]:
    """Rows of one matrix stand together; every other question stands alone."""
    blocks: list[Said] = []
    for question in questions:
        stem = question["code"].rpartition(".")[0]
        last = blocks[-1] if blocks else None
        same = last and last["stem"] == stem and last["rows"][0]["asked_of"] == question["asked_of"]
        if question["type"] == "matrix" and last and same:
            last["rows"].append(question)
        else:
            blocks.append({"stem": stem, "matrix": question["type"] == "matrix", "rows": [question]})
    return blocks


def _headline(questions: Sequence[Said]) -> Said | None:
    """The core question that most people answered."""
    core = [question for question in questions if question["core"] and question["type"] in SCALES]
    return max(core, key=lambda question: question["n"], default=None)


def _highlights(questions: Sequence[Said]) -> list[Said]:
    """The scale questions, the most favourable first, for the page of key figures."""
    known = [q for q in questions if q["type"] in SCALES and (q["cells"] or q["nearly_all"])]
    return sorted(known, key=lambda q: (-_favourable(q), q["code"]))


def _favourable(question: Said) -> float:
    low, high = question["favourable_range"]
    return float(low + high) / 2


def _compared(questions: Sequence[Said]) -> Said:
    """Breakdowns by role that may be shown: scales in one table, each other question in its own."""
    found = [
        {"question": question, "breakdown": breakdown}
        for question in questions
        for breakdown in question["breakdowns"]
        if breakdown["by"] == "role"
    ]
    present = {group["members"][0] for one in found for group in one["breakdown"]["groups"]}
    roles = [role.value for role in Role if role.value in present]
    scales = [one for one in found if one["question"]["type"] in SCALES]
    return {
        "roles": roles,
        "scales": [{"question": one["question"], "groups": _by_role(one["breakdown"], roles)} for one in scales],
        "others": [one for one in found if one not in scales],
    }


def _by_role(breakdown: Said, roles: Sequence[str]) -> list[Said | None]:
    groups = {group["members"][0]: group for group in breakdown["groups"]}
    return [groups.get(role) for role in roles]


def _country(named: Said) -> str:
    name = Locale("en", "GB").territories.get(named["country"], named["country"])
    return f"{name} ({named['attendees']})"
