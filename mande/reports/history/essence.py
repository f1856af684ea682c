"""What an edition tells of one question, without any words: all else that it prints of it follows from this. Pure.

An essence is kept as JSON, in `Edition.basis`. It holds figures that were published, and nothing else.
"""

from collections.abc import Collection
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

from mande.reports.answers.lists import Hidden
from mande.reports.disclosure import Part
from mande.reports.disclosure import Shown

Said = dict[str, Any]

BLANKS = ("missing", "not_applicable")


def essence(question: Mapping[str, Any]) -> Said | None:
    """Of a question of a document: its figures by code. None where the document gives none."""
    if question["n"] is None:
        return None
    ranking = question["ranking"] or {}
    return {
        "n": question["n"],
        "blanks": [question[one] for one in BLANKS],
        "cells": _cells(question),
        "nearly_all": question["nearly_all"]["codes"] if question["nearly_all"] else None,
        "few_below": ranking.get("few_below"),
        "groups": [broken(one) for one in question["breakdowns"]],
    }


def broken(breakdown: Mapping[str, Any]) -> list[Any]:
    """Of one breakdown: by what, within which role, and of each group its members, their number and its figures."""
    return [
        breakdown["by"],
        breakdown["within"],
        [
            [group["members"], group["n"], group["level"] if breakdown["form"] == "levels" else _cells(group)]
            for group in breakdown["groups"]
        ],
    ]


def whole(told: Said) -> Said:
    """An essence without its groups and blanks: the form in which all answers together are shown."""
    return {key: value for key, value in told.items() if key not in ("groups", "blanks")}


def joined(one: Said, other: Said) -> Said:
    """What two editions tell of one question that show it in the same form, one of them with fewer groups perhaps."""
    places = [group[:2] for group in one["groups"]]
    return one | {"groups": [*one["groups"], *(group for group in other["groups"] if group[:2] not in places)]}


def placings(told: Said) -> list[int | Hidden]:
    """Of options of which each is shown by itself: how many chose it, or the word that stands for that."""
    return [hidden or count for _codes, count, hidden in told["cells"]]


def shown(told: Said, options: Sequence[str]) -> Shown:
    """What was told of a question to which each person gave one answer, out of these options."""
    named = {code for codes, _count, _hidden in told["cells"] for code in codes}

    def part(codes: Collection[str]) -> Part:
        # Of countries and dates, the others are not named.
        return tuple(i for i, code in enumerate(options) if (code in codes if codes else code not in named))

    parts = tuple(part(codes) for codes, _count, _hidden in told["cells"])
    sums = tuple(count for _codes, count, _hidden in told["cells"])
    return Shown(told["n"], parts, sums, part(told["nearly_all"]) if told["nearly_all"] else ())


def _cells(figures: Mapping[str, Any]) -> list[Any]:
    return [[cell["codes"], cell["count"], cell.get("hidden")] for cell in figures["cells"]]
