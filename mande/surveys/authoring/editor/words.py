"""What the editor calls things, in the language of the page."""

from functools import cache
from typing import Any

from babel import Locale
from babel import UnknownLocaleError
from flask_babel import gettext as _

from mande.surveys.strata import CROSSED
from mande.surveys.strata import parts


def types() -> dict[str, tuple[str, str]]:
    """The types of questions: a name, and what each is good for."""
    return {
        "scale": (_("Scale"), _("five or seven steps with labels, the worst first")),
        "matrix": (_("Matrix"), _("several lines with the same scale")),
        "rating": (_("0 to 10"), _("eleven numbers with labels at the ends")),
        "yes_no": (_("Yes or no"), _("its labels are there already")),
        "single": (_("Single choice"), _("one of several answers")),
        "multiple": (_("Multiple choice"), _("any number of answers, or as many as you say")),
        "ranking": (_("Ranking"), _("the most important first")),
        "number": (_("Number"), _("whole, between two bounds")),
        "date": (_("Date"), _("counted by quarter")),
        "country": (_("Country"), _("from the list of all countries")),
        "short_text": (_("Short text"), _("one line")),
        "long_text": (_("Long text"), _("several lines")),
        "info": (_("Information"), _("a text without a question")),
    }


def flags() -> dict[str, str]:
    """The marks of a question, as badges."""
    return {
        "core": _("core"),
        "required": _("required"),
        "internal": _("internal"),
        "not_applicable": _("not applicable"),
        "other": _("other"),
        "comment": _("comment"),
    }


def roles() -> dict[str, str]:
    return {"participant": _("Participants"), "speaker": _("Speakers"), "partner": _("Partners")}


def waves() -> dict[str, str]:
    return {"event": _("After the event"), "followup": _("Months later")}


def formats() -> dict[str, str]:
    return {"in_person": _("In person"), "virtual": _("Virtual"), "hybrid": _("Hybrid")}


def strata() -> dict[str, str]:
    return {
        "role": _("Role"),
        "meeting": _("Meetings attended"),
        "sector": _("Sector"),
        "gender": _("Gender"),
        "mode": _("In the room or online"),
        "oda": _("From a country eligible for development assistance"),
    }


def crossed() -> dict[str, str]:
    """Breakdowns by two things together."""
    single = strata()
    return {one: " × ".join(single[part] for part in parts(one)) for one in CROSSED}


def criteria() -> dict[str, str]:
    """The OECD's criteria of evaluation."""
    return {
        "relevance": _("Relevance"),
        "coherence": _("Coherence"),
        "effectiveness": _("Effectiveness"),
        "efficiency": _("Efficiency"),
        "impact": _("Impact"),
        "sustainability": _("Sustainability"),
    }


def levels() -> dict[str, str]:
    """Kirkpatrick's levels."""
    return {
        "reaction": _("1 Reaction"),
        "learning": _("2 Learning"),
        "behaviour": _("3 Behaviour"),
        "results": _("4 Results"),
    }


def tests() -> dict[str, str]:
    """What a line of a condition can say of an answer."""
    return {
        "is": _("is one of"),
        "not": _("is none of"),
        "at_least": _("is at least"),
        "at_most": _("is at most"),
        "answered": _("has been answered"),
        "unanswered": _("has not been answered"),
    }


def joins() -> dict[str, str]:
    """How the lines of a condition are joined."""
    return {
        "": _("Always"),
        "all": _("Only if all of these hold"),
        "any": _("Only if any of these holds"),
        "none": _("Only if none of these holds"),
        "text": _("Only if this holds, written as YAML"),
    }


def actions() -> dict[str, str]:
    """What the buttons of the outline do, when they have done it."""
    moved = _("Question moved")
    return {
        "section-add": _("Section added"),
        "section-up": _("Section moved"),
        "section-down": _("Section moved"),
        "section-copy": _("Section copied"),
        "section-remove": _("Section removed, with its questions"),
        "question-up": moved,
        "question-down": moved,
        "question-put": moved,
        "question-copy": _("Question copied"),
        "question-remove": _("Question removed"),
        "library-add": _("Question added from the library"),
    }


def field_name(field: str) -> str:
    """A field of a problem's place in words: "text", "option-2-label" is "answer 3, label"."""
    name, _dash, rest = field.partition("-")
    number, _dash, inner = rest.partition("-")
    if name in ("option", "row") and number.isdecimal():
        kind = {
            "option": _("answer %(number)s", number=int(number) + 1),
            "row": _("line %(number)s", number=int(number) + 1),
        }
        return ", ".join(part for part in (str(kind[name]), field_name(inner) if inner else "") if part)
    known = {
        "text": _("wording"), "hint": _("hint"), "options": _("answers"), "rows": _("lines"), "label": _("label"),
        "condition": _("condition"), "code": _("code"), "title": _("title"), "intro": _("introduction"),
        "min": _("least"), "max": _("most"), "bands": _("bands"), "unit": _("unit"), "strata": _("breakdowns"),
        "languages": _("languages"), "minutes": _("minutes"), "max_length": _("length"),
    }  # fmt: skip
    return str(known.get(name, name.replace("_", " ")))


def of_page() -> dict[str, Any]:
    """All of it, for templates."""
    return {
        "types": types(), "flags": flags(), "roles": roles(), "waves": waves(), "formats": formats(),
        "strata": strata(), "crossed": crossed(), "criteria": criteria(), "levels": levels(), "tests": tests(),
        "joins": joins(), "language_name": language_name,
    }  # fmt: skip


@cache
def language_name(code: str) -> str:
    """A language as the team calls it: French. A code that nobody knows stays as it is."""
    try:
        return Locale.parse(code, sep="-").get_display_name("en") or code
    except (UnknownLocaleError, ValueError):
        return code
