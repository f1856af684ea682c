"""Makes what the report says of one question, for one edition. What it leaves out appears nowhere else."""

from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

from mande.events.kinds import Role
from mande.reports import breakdowns
from mande.reports import disclosure
from mande.reports import lists
from mande.reports import statistics
from mande.reports import wording
from mande.reports.disclosure import Part
from mande.reports.disclosure import Shown
from mande.reports.figures import Asked
from mande.reports.figures import Entry
from mande.reports.figures import Table
from mande.surveys.answers import OTHER
from mande.surveys.definition import QuestionType
from mande.surveys.definition import say

SCALES = (QuestionType.SCALE, QuestionType.MATRIX)
TOP, BOTTOM = (3, 4), (0, 1)

Said = dict[str, Any]


def question(entry: Entry, internal: bool, k: int, language: str, meetings: Mapping[str, str]) -> Said:
    """The question's part of the document; see docs/report-json.md. Figures are None where there is no table."""
    kind = entry.item.question.type
    labels = _labels(entry, language)
    whole = entry.whole
    said: Said = {
        "code": entry.item.code,
        "type": kind.value,
        "text": entry.item.say(language),
        "question": say(entry.item.question.text, language),
        "section": say(entry.section.title, language),
        "asked_of": [role.value for role in entry.asked_of],
        "counted": [role.value for role in entry.by_role()],
        "core": entry.item.question.core,
        "criterion": entry.item.question.criterion,
        "level": entry.item.question.level,
        "options": [{"code": code, "label": label} for code, label in labels.items()],
    }
    if whole is None:
        return said | _nothing()
    margin = statistics.margin_of_error(whole.n, entry.population)
    said |= _head(whole, internal) | {
        "margin_of_error": rounded(margin),
        "indicative": statistics.is_indicative(whole.n, margin),
    }
    said |= _distribution(kind, whole, labels, entry.population, internal)
    return said | {"breakdowns": _breakdowns(entry, labels, internal, k, meetings)}


def rounded(value: float | None, digits: int = 4) -> float | None:
    return None if value is None else round(value, digits)


def _labels(entry: Entry, language: str) -> dict[str, str]:
    labels = {option.code: option.say(language) for option in entry.item.question.options}
    return {code: labels.get(code, "Other" if code == OTHER else code) for code in entry.options}


def _nothing() -> Said:
    empty = ("n", "missing", "not_applicable", "mean", "mean_range", "mean_interval", "sd", "favourable")
    more = ("favourable_range", "unfavourable", "nps", "band", "margin_of_error", "nearly_all")
    return dict.fromkeys((*empty, *more)) | {"counts": {}, "cells": [], "indicative": True, "breakdowns": []}


def _head(whole: Table, internal: bool) -> Said:
    split = whole.missing, whole.not_applicable
    # Beside n, the two always add up to a known number: with 3 blanks the split itself would be one or two.
    openly = internal or (all(map(disclosure.is_safe_count, split)) and sum(split) != disclosure.RARE)
    return {
        "n": whole.n,
        "missing": split[0] if openly else None,
        "not_applicable": split[1] if openly else None,
    }


def _distribution(
    kind: QuestionType, table: Table, labels: Mapping[str, str], population: int | None, internal: bool
) -> Said:
    if kind is QuestionType.MULTIPLE:
        return _several(table, labels, internal)
    shown = _shown(kind, table, internal)
    said = _cells(shown, labels, kind)
    if kind in SCALES:
        said |= _scale(shown, table.n, population)
    elif kind is QuestionType.RATING:
        said |= _rating(shown, table.n, population)
    return _no_scale() | said


def _shown(kind: QuestionType, table: Table, internal: bool) -> Shown:
    if internal:
        return disclosure.full(table.counts)
    return lists.single(table.counts) if kind is QuestionType.SINGLE else disclosure.ordered(table.counts)


def _no_scale() -> Said:
    means = ("mean", "mean_range", "mean_interval", "sd", "band")
    shares = ("favourable", "favourable_range", "unfavourable", "nps", "nearly_all")
    return dict.fromkeys((*means, *shares))


def _cells(shown: Shown, labels: Mapping[str, str], kind: QuestionType) -> Said:
    cells = [
        _cell(part, labels, kind) | {"count": count, "share": rounded(statistics.share(count, shown.n))}
        for part, count in zip(shown.parts, shown.sums, strict=True)
    ]
    return {
        "counts": {cell["key"]: cell["count"] for cell in cells},
        "cells": cells,
        "nearly_all": _cell(shown.nearly_all, labels, kind) if shown.nearly_all else None,
    }


def _cell(part: Part, labels: Mapping[str, str], kind: QuestionType) -> Said:
    codes = [list(labels)[i] for i in part]
    if len(codes) == 1:
        return {"key": codes[0], "codes": codes, "label": labels[codes[0]]}
    if kind in (QuestionType.SINGLE, QuestionType.MULTIPLE):
        return {"key": "+".join(codes), "codes": codes, "label": "; ".join(labels[code] for code in codes)}
    if kind is QuestionType.RATING:
        return {"key": f"{codes[0]}-{codes[-1]}", "codes": codes, "label": f"{codes[0]} to {codes[-1]}"}
    ends = [labels[code] for code in (codes[0], codes[-1])]
    between = f"{ends[0]} to {ends[1]}"
    return {"key": f"{codes[0]}-{codes[-1]}", "codes": codes, "label": between}


def _several(table: Table, labels: Mapping[str, str], internal: bool) -> Said:
    shown: Sequence[int | str] = table.counts if internal else lists.multiple(table.counts, table.n)
    cells = [
        {
            "key": code,
            "codes": [code],
            "label": labels[code],
            "count": value if isinstance(value, int) else None,
            "share": rounded(statistics.share(value, table.n)) if isinstance(value, int) else None,
            "hidden": None if isinstance(value, int) else value,
        }
        for code, value in zip(labels, shown, strict=False)
    ]
    counts = {cell["key"]: cell["count"] for cell in cells if cell["count"] is not None}
    return _no_scale() | {"counts": counts, "cells": cells}


def _scale(shown: Shown, n: int, population: int | None) -> Said:
    low, high = shown.mean_span(range(1, 6))
    top, bottom = shown.span(TOP), shown.span(BOTTOM)
    counts = dict(enumerate(shown.sums, 1)) if shown.is_whole else {}
    interval = statistics.mean_interval(counts, population) if counts else None
    bands = {statistics.band(low), statistics.band(high)}
    return {
        "mean": _agreed(low, high),
        "mean_range": _range(low, high),
        "mean_interval": [round(max(1.0, interval[0]), 4), round(min(5.0, interval[1]), 4)] if interval else None,
        "sd": rounded(statistics.standard_deviation(counts)),
        "favourable": rounded(top[0] / n) if top[0] == top[1] else None,
        "favourable_range": _range(top[0] / n, top[1] / n),
        "unfavourable": rounded(bottom[0] / n) if bottom[0] == bottom[1] else None,
        "band": bands.pop() if len(bands) == 1 else None,
    }


def _rating(shown: Shown, n: int, population: int | None) -> Said:
    low, high = shown.mean_span(range(11))
    counts = dict(enumerate(shown.sums)) if shown.is_whole else {}
    return {
        "mean": _agreed(low, high),
        "mean_range": _range(low, high),
        "sd": rounded(statistics.standard_deviation(counts)),
        "nps": _nps(shown, n, population),
    }


def _nps(shown: Shown, n: int, population: int | None) -> Said | None:
    detractors, promoters = shown.span(range(7)), shown.span((9, 10))
    if detractors[0] != detractors[1] or promoters[0] != promoters[1]:
        return None
    grouped = {0: detractors[0], 7: n - detractors[0] - promoters[0], 10: promoters[0]}
    score = statistics.net_promoter(grouped, population)
    if score is None:
        return None
    interval = [round(end, 1) for end in score.interval] if score.interval else None
    parts = {"promoters": score.promoters, "passives": score.passives, "detractors": score.detractors}
    return {"score": round(score.score, 1), **parts, "interval": interval}


def _agreed(low: float, high: float) -> float | None:
    """The mean, as exactly as what is shown settles it: whole, to two or to one decimal, or not at all."""
    if high - low < 1e-9:
        return round(low, 4)
    return next((round(low, digits) for digits in (2, 1) if round(low, digits) == round(high, digits)), None)


def _range(low: float, high: float) -> list[float]:
    return [round(low, 4), round(high, 4)]


def _breakdowns(
    entry: Entry, labels: Mapping[str, str], internal: bool, k: int, meetings: Mapping[str, str]
) -> list[Said]:
    whole, roles = entry.whole, entry.by_role()
    said = []
    if whole and len(roles) > 1:
        groups = [([role.value], wording.ROLES[role], table) for role, table in roles.items()]
        said.append(_breakdown(entry, "role", None, whole, groups, labels, internal, k))
    alone = len(entry.asked) == 1
    for asked in entry.asked if internal or alone else ():
        for stratum in _strata(asked, internal):
            groups = [
                (list(group.members), wording.group(group.members, meetings), group.table)
                for group in _in_order(asked, stratum, meetings)
            ]
            said.append(_breakdown(entry, stratum, asked.role, asked.whole, groups, labels, internal, k))
    return [breakdown for breakdown in said if breakdown]


def _strata(asked: Asked, internal: bool) -> list[str]:
    """Which breakdowns are shown: all of them to the team, to others the first one only.

    Two breakdowns of the same people overlap, and whoever knows who attended what could subtract them.
    """
    stored = {group.stratum for group in asked.groups}
    named = [stratum for stratum in asked.strata if stratum in stored and stratum != "role"]
    return named if internal else named[:1]


def _in_order(asked: Asked, stratum: str, meetings: Mapping[str, str]) -> list[Any]:
    known = [*meetings, *wording.VALUES]
    groups = [group for group in asked.groups if group.stratum == stratum]
    return sorted(groups, key=lambda g: [known.index(m) if m in known else len(known) for m in g.members])


def _breakdown(
    entry: Entry,
    stratum: str,
    within: Role | None,
    whole: Table,
    groups: Sequence[tuple[list[str], str, Table]],
    labels: Mapping[str, str],
    internal: bool,
    k: int,
) -> Said | None:
    kind = entry.item.question.type
    tables = [table for _members, _label, table in groups]
    if len(groups) < 2 or any(table.n < k for table in tables):
        return None
    left_over = whole.n - sum(table.n for table in tables)
    if 0 < left_over < k:
        return None
    heads = [{"members": members, "label": label, "n": table.n} for members, label, table in groups]
    frame = {"by": stratum, "within": within.value if within else None}
    if internal:
        # The margin of a group is not known: only those who answered are counted by group, not those who were asked.
        figures = [_distribution(kind, table, labels, None, internal=True) for table in tables]
        blanks = [{"missing": table.missing, "not_applicable": table.not_applicable} for table in tables]
        return frame | {"form": "counts", "groups": [h | b | f for h, b, f in zip(heads, blanks, figures, strict=True)]}
    if kind is QuestionType.MULTIPLE:
        return _several_by_group(frame, heads, whole, tables, labels)
    contiguous = kind is not QuestionType.SINGLE
    shown = _shown(kind, whole, internal)
    found = breakdowns.broken(
        shown, whole.counts, [t.counts for t in tables], TOP if kind in SCALES else (), contiguous
    )
    if found.levels:
        levels = [{"level": name, "level_label": wording.LEVELS[name]} for name in found.levels]
        return frame | {"form": "levels", "groups": [h | said for h, said in zip(heads, levels, strict=True)]}
    if not found:
        return None
    rows = [_cells(Shown(t.n, found.parts, sums), labels, kind) for t, sums in zip(tables, found.sums, strict=True)]
    if kind in SCALES:
        rows = [
            row | _scale(Shown(t.n, found.parts, sums), t.n, None)
            for row, t, sums in zip(rows, tables, found.sums, strict=True)
        ]
    return frame | {"form": "counts", "groups": [h | _no_scale() | row for h, row in zip(heads, rows, strict=True)]}


def _several_by_group(
    frame: Said, heads: Sequence[Said], whole: Table, tables: Sequence[Table], labels: Mapping[str, str]
) -> Said | None:
    everybody = [(table.counts, table.n) for table in tables]
    if left := whole.n - sum(table.n for table in tables):
        everybody.append((breakdowns.remainder(whole.counts, [table.counts for table in tables]), left))
    openly = breakdowns.options(whole.counts, whole.n, everybody)
    if not openly:
        return None
    codes = list(labels)
    kept = {codes[i]: labels[codes[i]] for i in openly}
    rows = [Table(table.n, 0, 0, tuple(table.counts[i] for i in openly)) for table in tables]
    groups = [head | _several(row, kept, internal=True) for head, row in zip(heads, rows, strict=True)]
    return frame | {"form": "counts", "groups": groups}
