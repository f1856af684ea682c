"""Of all that an edition may show, what was chosen for it. Pure.

Whatever is left over is part of what could have been shown in whole: choosing only ever takes away.
"""

from collections.abc import Sequence
from typing import Any

from mande.reports.composing.composed import TEXTS
from mande.reports.composing.composed import Composed
from mande.reports.kinds import EditionKind

Said = dict[str, Any]

LATER = "followup:"
"""What the codes of questions that were asked months later begin with in `Composed.left_out`."""

GLANCED_AT = ("scale", "matrix")
"""The types of questions that the page of key figures shows at a glance."""

_SECTIONS = {
    "response": ("response", "key_figures"),
    "turnout": ("response",),
    "meetings_compared": ("meetings",),
    "comparison": ("comparison",),
    "followup": ("later",),
    "actions": ("actions", "key_figures"),
    "reach": ("reach",),
}
"""Keys of the document that are null unless one of these sections is shown."""

_LISTS = ("meetings_compared", "comparison")


def chosen(document: Said, kind: EditionKind, composed: Composed) -> Said:
    """The document as composed: what is not shown is not in it. See docs/report-json.md."""
    shown = composed.shown(kind)
    kept: Said = {key: value if _is_shown(key, shown) else None for key, value in document.items()}
    for key in _LISTS:
        if kept.get(key):
            kept[key] = [one for one in kept[key] if not _is_left_out(one["code"], composed)]
    if kept["followup"]:
        kept["followup"] = _later(kept["followup"], shown, composed)
    if kept["reach"]:
        told = [one for one in kept["reach"]["barriers"] if not _is_left_out(one["code"], composed)]
        kept["reach"] = kept["reach"] | {"barriers": told}
    if kept["actions"] and "actions" not in shown:
        kept["actions"] = _in_brief(kept["actions"])
    return kept | {
        "sections": list(shown),
        "text": {name: getattr(composed, name) if name in shown else "" for name in TEXTS},
        "questions": [
            said
            for one in document["questions"]
            if not _is_left_out(one["code"], composed) and (said := _question(one, shown))
        ],
        "comments": _comments(document, shown, composed),
        "method": document["method"] | {"left_out": len(left_out(document, composed))},
    }


def unit(code: str, prefix: str = "") -> str:
    """What is chosen or left out in one piece: a question with its rows and what was written beside it."""
    return prefix + code.partition(".")[0]


def left_out(document: Said, composed: Composed) -> set[str]:
    """Which questions of this (whole) document were left out, as they are named in `Composed.left_out`."""
    later = document["followup"] or {"questions": [], "comments": []}
    asked = {unit(one["code"]) for one in document["questions"]} | {unit(c["question"]) for c in document["comments"]}
    asked |= {unit(one["code"], LATER) for one in later["questions"]}
    asked |= {unit(one["question"], LATER) for one in later["comments"]}
    return asked & composed.left_out


def _is_shown(key: str, shown: Sequence[str]) -> bool:
    return key not in _SECTIONS or any(section in shown for section in _SECTIONS[key])


def _is_left_out(code: str, composed: Composed, prefix: str = "") -> bool:
    return unit(code, prefix) in composed.left_out


def _later(wave: Said, shown: Sequence[str], composed: Composed) -> Said:
    """What was asked months later is one section: its questions are shown whether or not the event's own are."""
    kept = [one for one in wave["questions"] if not _is_left_out(one["code"], composed, LATER)]
    return wave | {
        "questions": [one | {"breakdowns": _groups(one, shown)} for one in kept],
        "comments": _comments(wave, shown, composed, LATER),
    }


def _comments(wave: Said, shown: Sequence[str], composed: Composed, prefix: str = "") -> list[Said]:
    if "comments" not in shown:
        return []
    return [one for one in wave["comments"] if not _is_left_out(one["question"], composed, prefix)]


def _question(question: Said, shown: Sequence[str]) -> Said | None:
    """A question as it is shown. Among key figures stand the core ones and all scales, if they have figures."""
    groups = _groups(question, shown)
    if "questions" in shown:
        return question | {"breakdowns": groups}
    by_role = [one for one in groups if one["by"] == "role"]
    told = question["core"] or question["type"] in GLANCED_AT
    is_key = "key_figures" in shown and told and question["n"] is not None
    return question | {"breakdowns": by_role} if by_role or is_key else None


def _groups(question: Said, shown: Sequence[str]) -> list[Said]:
    return [one for one in question["breakdowns"] if one["by"] != "role" or "roles" in shown]


def _in_brief(actions: Said) -> Said:
    """Of planned actions, what stands among the key figures: how many there are, and how far they have come."""
    nothing: Said = {one: [] for one in ("standing", "breakdowns", "examples", "team", "outcomes")}
    return actions | nothing | {"completion": None}
