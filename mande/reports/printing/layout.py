"""Arranges the document for the printed page: chapters, sections, matrices. What it adds are words, never figures."""

from collections.abc import Iterable
from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from itertools import zip_longest
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from mande.events.kinds import Role
from mande.reports import spoken
from mande.reports import wording
from mande.reports.composing.composed import TEXTS
from mande.reports.printing import captions
from mande.surveys.questionnaires.standard import country_names

Said = dict[str, Any]

SCALES = captions.SCALES
OPENING = ("summary", "questions", "later")
"""The chapters that begin a page; the others follow what is before them."""
COMPLETION_MONTHS = (1, 2, 3, 6, 9, 12, 18, 24)


def arrange(document: Said) -> Said:
    """What the template needs beside the document itself, in the language that is spoken."""
    later, actions = document["followup"], document["actions"]
    arranged = {
        "edition": wording.EDITIONS[document["edition"]],
        **_wave(document),
        "later": later and _wave(later),
        "roles": {role.value: label for role, label in wording.ROLES.items()},
        "meetings": {meeting["code"]: meeting["title"] for meeting in document["event"]["meetings"]},
        "countries": [_country(named) for named in document["event"]["attendees"]["countries_named"]],
        "met": _met(document.get("meetings_compared") or []),
        "dates": _dates(document["event"]),
        "completion": _completion(actions["completion"] if actions else None),
    }
    return arranged | {"chapters": _chapters(document, arranged)}


def _chapters(document: Said, arranged: Said) -> list[Said]:
    """The chapters that have something to say, in their order, with their titles. The method annex is the last."""
    titles = _titles(document)
    said = {
        **{name: document["text"].get(name, "").strip() for name in TEXTS},
        "response": document["response"],
        "questions": document["questions"],
        "roles": arranged["compared"]["roles"],
        "meetings": document.get("meetings_compared"),
        "comparison": document.get("comparison"),
        "comments": document["comments"],
        "later": document["followup"],
        "actions": document["actions"],
        "reach": document.get("reach"),
    }
    shown = [name for name in document["sections"] if said.get(name, True)]
    inner = {"questions": [section["title"] for section in arranged["sections"]]}
    return [
        {
            "name": name,
            "title": titles[name],
            "inner": inner.get(name, []),
            "follows": place > 0 and name not in OPENING,
        }
        for place, name in enumerate((*shown, "method"))
    ]


def _titles(document: Said) -> dict[str, str]:
    """What each section is called: to those who were asked, as one speaks to them."""
    to_them = document["edition"] == "respondents"
    later = document["followup"]
    titles = {
        "summary": _("In short") if to_them else _("Summary"),
        "key_figures": _("Key figures"),
        "findings": _("What we learnt from it") if to_them else _("Findings"),
        "response": _("Who answered"),
        "questions": _("What you told us") if to_them else _("What they said"),
        "roles": _("The roles compared"),
        "meetings": _("The meetings compared"),
        "comparison": _("Beside other events"),
        "comments": _("In your own words") if to_them else _("In their own words"),
        "later": later["title"] if later else "",
        "actions": _("What you planned, and how far it has come")
        if to_them
        else _("Planned actions and how far they have come"),
        "reach": _("Who was there"),
        "recommendations": _("Recommendations"),
        "next_steps": _("What happens next") if to_them else _("Next steps"),
        "event": _("The event"),
        "method": _("How your answers were protected, and counted") if to_them else _("Method and disclosure"),
    }
    return {name: str(title) for name, title in titles.items()}


def _wave(wave: Said) -> Said:
    """What was asked in one wave, arranged."""
    counted = [question for question in wave["questions"] if question["n"] is not None]
    sections = [{"title": title, "blocks": _blocks(list(questions))} for title, questions in groupby(counted, _section)]
    left = [question for question in wave["questions"] if question["n"] is None]
    highlights = _highlights(counted)
    return {
        "sections": _merged(sections),
        "not_counted": [question for question in left if not question["withheld"]],
        "withheld": [question for question in left if question["withheld"]],
        "highlights": highlights,
        "glance": _by_criterion(highlights),
        "headline": _headline(counted),
        "compared": _compared(counted),
        "reading": captions.reading(wave["response"]) if wave["response"] else "",
    }


def _met(compared: Sequence[Said]) -> list[Said]:
    """What is compared between meetings, in one table for each set of meetings."""
    tables: dict[tuple[str, ...], list[Said]] = {}
    for one in compared:
        tables.setdefault(tuple(meeting["title"] for meeting in one["meetings"]), []).append(one)
    return [{"meetings": list(meetings), "entries": entries} for meetings, entries in tables.items()]


def _completion(curve: Said | None) -> list[Said]:
    """The curve of completion at the end of some months, as far as it goes: what its table says."""
    points = curve["points"] if curve else []
    return [point for point in points if point["months"] in COMPLETION_MONTHS or point is points[-1]]


def _dates(event: Said) -> list[str]:
    """The days of the meetings as the event's own clocks show them, as ISO dates."""
    zone = ZoneInfo(event["time_zone"])
    starts = [datetime.fromisoformat(meeting["starts_at"]) for meeting in event["meetings"]]
    return list(dict.fromkeys(start.astimezone(zone).date().isoformat() for start in starts))


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


def ends_first(questions: Sequence[Said]) -> list[Said]:
    """Questions in their order, taken from both ends in turn: the first, the last, the second, the last but one.

    However few of them there is room for, they are not the most favourable alone.
    """
    half = (len(questions) + 1) // 2
    pairs = zip_longest(questions[:half], reversed(questions[half:]))
    return [one for pair in pairs for one in pair if one is not None]


def _by_criterion(highlights: Sequence[Said]) -> list[Said]:
    """The same by evaluation criterion, in the criteria's own order; those of none come last."""
    criteria: Iterable[str | None] = (*wording.CRITERIA, None)
    groups = [
        {"label": wording.CRITERIA.get(one or ""), "questions": [q for q in highlights if q["criterion"] == one]}
        for one in criteria
    ]
    found = [group for group in groups if group["questions"]]
    if found and found[-1]["label"] is None and len(found) > 1:
        found[-1]["label"] = str(_("Other questions"))
    return found


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
    name = country_names(spoken.language()).get(named["country"], named["country"])
    return str(_("%(country)s (%(number)s)", country=name, number=spoken.whole(named["attendees"])))
