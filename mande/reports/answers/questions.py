"""Makes what the report says of one question, for one edition. What it leaves out appears nowhere else."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mande.events.kinds import Role
from mande.reports import statistics
from mande.reports import wording
from mande.reports.answers import breakdowns
from mande.reports.answers import differences
from mande.reports.answers import distribution
from mande.reports.answers import groups as naming
from mande.reports.answers import published
from mande.reports.answers.distribution import SCALES
from mande.reports.answers.distribution import Labels
from mande.reports.answers.distribution import rounded
from mande.reports.answers.entries import Asked
from mande.reports.answers.entries import Entry
from mande.reports.answers.entries import Group
from mande.reports.answers.entries import Table
from mande.reports.answers.groups import Names
from mande.reports.disclosure import Shown
from mande.surveys.questionnaires import audience
from mande.surveys.questionnaires.audience import Attendance
from mande.surveys.questionnaires.definition import QuestionType
from mande.surveys.questionnaires.definition import say

Said = dict[str, Any]


def question(
    entry: Entry,
    internal: bool,
    k: int,
    language: str,
    names: Names,
    allowed: bool = True,
    stratum: str | None = None,
) -> Said:
    """The question's part of the document; see docs/report-json.md. Figures are None where there is no table, or where
    they are not `allowed`. `names` has, for the strata "meeting" and "sector", what their groups are called, by code.
    `stratum` is the one by which groups are shown outside the team, None for the first that the survey declares.
    """
    meetings = names["meeting"]
    item, labels, whole = entry.item, distribution.labels(entry, language), entry.whole
    meeting = audience.meeting(item.code)
    said: Said = {
        "code": item.code,
        "type": item.question.type.value,
        "text": item.say(language),
        "question": say(item.question.text, language),
        "section": _section(entry, meetings.get(meeting, meeting), language),
        "meeting": meeting or None,
        "asked_of": [role.value for role in entry.asked_of],
        "counted": [role.value for role in entry.by_role()] if allowed else [],
        "partly_asked": _partly_asked(entry),
        "withheld": not allowed,
        "core": item.question.core,
        "criterion": item.question.criterion,
        "level": item.question.level,
        "options": [{"code": code, "label": label} for code, label in labels.items()],
    }
    if whole is None or not allowed:
        if item.question.type in published.UNLISTED:
            said["options"] = []
        return said | _nothing()
    margin = statistics.margin_of_error(whole.n, entry.population)
    said |= _head(entry, whole, internal) | {
        "margin_of_error": rounded(margin),
        "indicative": statistics.is_indicative(whole.n, margin),
        "ranking": None,
    }
    if item.question.type is QuestionType.RANKING:
        said |= distribution.ranking(entry, whole, labels, internal)
    else:
        said |= distribution.of_table(item.question, whole, labels, entry.population, internal, k)
    if item.question.type in published.UNLISTED:
        said["options"] = _named(said, labels)
    return said | {"breakdowns": _breakdowns(entry, labels, internal, k, names, stratum)}


def _section(entry: Entry, meeting: str, language: str) -> str:
    """The section's title, which tells for which meeting it was asked."""
    title = say(entry.section.title, language)
    return f"{title}: {meeting}" if meeting and meeting not in title else title


def _partly_asked(entry: Entry) -> str | None:
    if not entry.partly_asked:
        return None
    by_attendance = all(one is None or isinstance(one, Attendance) for one in entry.audiences.values())
    return "attendance" if by_attendance else "answers"


def _named(said: Said, labels: Labels) -> list[Said]:
    """Of countries and dates only those that are shown by themselves: any other would be known to occur."""
    cells = [*said["cells"], *([said["nearly_all"]] if said["nearly_all"] else [])]
    return [{"code": code, "label": labels[code]} for cell in cells for code in cell["codes"]]


def _nothing() -> Said:
    empty = ("n", "missing", "not_applicable", "margin_of_error", "ranking")
    return (
        distribution.no_figures()
        | dict.fromkeys(empty)
        | {"counts": {}, "cells": [], "indicative": True, "breakdowns": []}
    )


def _head(entry: Entry, whole: Table, internal: bool) -> Said:
    openly = internal or (published.tells_blanks_apart(whole) and not entry.partly_asked)
    return {
        "n": whole.n,
        "missing": whole.missing if openly else None,
        "not_applicable": whole.not_applicable if openly else None,
    }


def _breakdowns(entry: Entry, labels: Labels, internal: bool, k: int, names: Names, wanted: str | None) -> list[Said]:
    whole, roles = entry.whole, entry.by_role()
    said = []
    if whole and len(roles) > 1:
        groups = [
            _Piece([role.value], wording.ROLES[role], table, entry.population_of(role)) for role, table in roles.items()
        ]
        said.append(_breakdown(entry, "role", None, whole, groups, labels, internal, k))
    alone = len(entry.asked) == 1
    for asked in entry.asked if internal or alone else ():
        for stratum in _strata(asked, internal, wanted):
            groups = [
                _Piece(
                    list(group.members),
                    naming.label(stratum, group.members, names),
                    group.table,
                    group.asked if internal and not entry.partly_asked else None,
                )
                for group in _in_order(asked, stratum, names)
            ]
            said.append(_breakdown(entry, stratum, asked.role, asked.whole, groups, labels, internal, k))
    return [breakdown for breakdown in said if breakdown]


def _strata(asked: Asked, internal: bool, wanted: str | None) -> list[str]:
    """Which breakdowns are shown: all of them to the team, to others the one that is wanted, else the first.

    Two breakdowns of the same people overlap, and whoever knows who attended what could subtract them.
    """
    stored = {group.stratum for group in asked.groups}
    named = [stratum for stratum in asked.strata if stratum in stored and stratum != "role"]
    return named if internal else [wanted] if wanted in named else named[:1]


def _in_order(asked: Asked, stratum: str, names: Names) -> list[Group]:
    groups = [group for group in asked.groups if group.stratum == stratum]
    return sorted(groups, key=lambda group: naming.place(stratum, group.members, names))


@dataclass(frozen=True)
class _Piece:
    """A group of a breakdown. `population` is how many were asked in it, None where nobody knows or nobody may."""

    members: list[str]
    label: str
    table: Table
    population: int | None


def _breakdown(
    entry: Entry,
    stratum: str,
    within: Role | None,
    whole: Table,
    pieces: Sequence[_Piece],
    labels: Labels,
    internal: bool,
    k: int,
) -> Said | None:
    question = entry.item.question
    tables, populations = [piece.table for piece in pieces], [piece.population for piece in pieces]
    if len(pieces) < 2 or any(table.n < k for table in tables):
        return None
    left_over = whole.n - sum(table.n for table in tables)
    if 0 < left_over < k:
        return None
    heads = [{"members": piece.members, "label": piece.label, "n": piece.table.n} for piece in pieces]
    frame = {"by": stratum, "within": within.value if within else None}
    if internal:
        figures = [
            distribution.of_table(question, piece.table, labels, piece.population, internal, k) for piece in pieces
        ]
        blanks = [{"missing": table.missing, "not_applicable": table.not_applicable} for table in tables]
        return _with_counts(frame, [h | b | f for h, b, f in zip(heads, blanks, figures, strict=True)], populations)
    if not _may_be_broken_down(entry):
        return None
    if question.type is QuestionType.MULTIPLE:
        return _several_by_group(frame, heads, whole, tables, labels)
    headline = distribution.top_two(len(labels)) if question.type in SCALES else ()
    contiguous = question.type not in published.UNORDERED
    shown = published.single(question.type, whole, k)
    found = breakdowns.broken(shown, whole.counts, [t.counts for t in tables], headline, contiguous)
    if found.levels:
        levels = [{"level": name, "level_label": wording.LEVELS[name]} for name in found.levels]
        return frame | {"form": "levels", "groups": [h | said for h, said in zip(heads, levels, strict=True)]}
    if not found:
        return None
    rows = [
        distribution.of_shown(question, Shown(t.n, found.parts, sums), labels, None)
        for t, sums in zip(tables, found.sums, strict=True)
    ]
    return _with_counts(frame, [h | row for h, row in zip(heads, rows, strict=True)], populations)


def _with_counts(frame: Said, groups: Sequence[Said], populations: Sequence[int | None]) -> Said:
    return frame | {"form": "counts", "groups": groups, "differences": differences.among(groups, populations)}


def _may_be_broken_down(entry: Entry) -> bool:
    """Outside the team: not where answers decided who was asked, not where the counts of options hang together, and
    not where nobody is to know which options there are.
    """
    unfit = (QuestionType.RANKING, *published.UNLISTED)
    return entry.item.question.type not in unfit and _partly_asked(entry) != "answers"


def _several_by_group(
    frame: Said, heads: Sequence[Said], whole: Table, tables: Sequence[Table], labels: Labels
) -> Said | None:
    everybody = [(table.counts, table.n) for table in tables]
    if left := whole.n - sum(table.n for table in tables):
        everybody.append((breakdowns.remainder(whole.counts, [table.counts for table in tables]), left))
    openly = breakdowns.options(whole.counts, whole.n, everybody)
    if not openly:
        return None
    codes = list(labels)
    kept = Labels(labels.language, {codes[i]: labels[codes[i]] for i in openly})
    rows = [Table(table.n, 0, 0, tuple(table.counts[i] for i in openly)) for table in tables]
    groups = [head | distribution.several(row, kept, row.counts) for head, row in zip(heads, rows, strict=True)]
    return _with_counts(frame, groups, [None for _group in groups])
