"""Says how one group answered one item: its counts as an edition may show them, and the figures that follow from these.

Every function returns a part of the document, see docs/report-json.md.
"""

from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

from mande.reports import disclosure
from mande.reports import statistics
from mande.reports import wording
from mande.reports.answers import lists
from mande.reports.answers import published
from mande.reports.answers.entries import Entry
from mande.reports.answers.entries import Table
from mande.reports.answers.entries import placed
from mande.reports.disclosure import Part
from mande.reports.disclosure import Shown
from mande.surveys.questionnaires import coding
from mande.surveys.questionnaires.answers import OTHER
from mande.surveys.questionnaires.definition import Question
from mande.surveys.questionnaires.definition import QuestionType
from mande.surveys.questionnaires.questions import UNRANKED
from mande.surveys.questionnaires.standard import YES

SCALES = (QuestionType.SCALE, QuestionType.MATRIX)
LISTS = (QuestionType.SINGLE, QuestionType.YES_NO, *published.UNLISTED)

Said = dict[str, Any]


class Labels(dict[str, str]):
    """What each option is called in one language, in their order."""

    def __init__(self, language: str, labels: Mapping[str, str]) -> None:
        super().__init__(labels)
        self.language = language


def rounded(value: float | None, digits: int = 4) -> float | None:
    return None if value is None else round(value, digits)


def labels(entry: Entry, language: str) -> Labels:
    question = entry.item.question

    def label(code: str) -> str:
        return wording.other() if code == OTHER else coding.label(question, code, language)

    return Labels(language, {code: label(code) for code in entry.options})


def no_figures() -> Said:
    """The figures that some types have, each as it is where there is none."""
    means = ("mean", "mean_range", "mean_interval", "sd", "band")
    return dict.fromkeys((*means, "favourable", "favourable_range", "unfavourable", "nps", "yes", "nearly_all"))


def of_table(question: Question, table: Table, said: Labels, population: int | None, internal: bool, k: int) -> Said:
    """The distribution of everything but rankings, and its figures."""
    if question.type in (QuestionType.MULTIPLE, QuestionType.RANKING):
        return several(table, said, table.counts if internal else lists.multiple(table.counts, table.n))
    shown = disclosure.full(table.counts) if internal else published.single(question.type, table, k)
    return of_shown(question, shown, said, population)


def of_shown(question: Question, shown: Shown, said: Labels, population: int | None) -> Said:
    figures: Said = {}
    if question.type in SCALES:
        figures = _scale(shown, len(said), population)
    elif question.type is QuestionType.RATING:
        figures = _rating(shown, population)
    elif question.type is QuestionType.YES_NO:
        figures = {"yes": _yes(shown, list(said))}
    return no_figures() | cells(question, shown, said) | figures


def cells(question: Question, shown: Shown, said: Labels) -> Said:
    found = [
        _cell(question, part, said) | {"count": count, "share": rounded(statistics.share(count, shown.n))}
        for part, count in zip(shown.parts, shown.sums, strict=True)
    ]
    return {
        "counts": {cell["key"]: cell["count"] for cell in found},
        "cells": found,
        "nearly_all": _cell(question, shown.nearly_all, said) if shown.nearly_all else None,
    }


def several(table: Table, said: Labels, shown: Sequence[int | str]) -> Said:
    """Where each person may be counted under several options."""
    found = [
        {
            "key": code,
            "codes": [code],
            "label": said[code],
            "count": value if isinstance(value, int) else None,
            "share": rounded(statistics.share(value, table.n)) if isinstance(value, int) else None,
            "hidden": None if isinstance(value, int) else value,
        }
        for code, value in zip(said, shown, strict=False)
    ]
    counts = {cell["key"]: cell["count"] for cell in found if cell["count"] is not None}
    return no_figures() | {"counts": counts, "cells": found}


def ranking(entry: Entry, table: Table, said: Labels, internal: bool) -> Said:
    """How many ranked each option among the first, and, for the team, how often it was given each rank."""
    question = entry.item.question
    among = placed(question)
    if internal:
        every = [_ranked(option, said[option], counts) for option, counts in zip(said, entry.ranks, strict=True)]
        return several(table, said, table.counts) | {"ranking": {"among": among, "few_below": None, "options": every}}
    if among > 1:
        shown, few_below = lists.placings(table.counts, table.n)
        return several(table, said, shown) | {"ranking": {"among": among, "few_below": few_below, "options": []}}
    # Each person puts one option first, or none: a single choice.
    nobody = table.n - sum(table.counts)
    first = lists.single((*table.counts, nobody))
    figures = of_shown(question, first, Labels(said.language, {**said, UNRANKED: wording.nothing_first()}), None)
    figures["cells"] = [cell for cell in figures["cells"] if cell["codes"] != [UNRANKED] or cell["count"]]
    figures["counts"] = {cell["key"]: cell["count"] for cell in figures["cells"]}
    return figures | {"ranking": {"among": among, "few_below": None, "options": []}}


def _ranked(option: str, label: str, counts: Sequence[int]) -> Said:
    ranks = dict(enumerate(counts[:-1], 1))
    return {
        "code": option,
        "label": label,
        "mean_rank": rounded(statistics.mean(ranks)),
        "first": counts[0],
        "ranks": {**{str(rank): count for rank, count in ranks.items()}, UNRANKED: counts[-1]},
    }


def _cell(question: Question, part: Part, said: Labels) -> Said:
    codes = [list(said)[i] for i in part]
    if len(codes) == 1:
        return {"key": codes[0], "codes": codes, "label": said[codes[0]]}
    if question.type in published.UNLISTED:
        # What the others are is nobody's business.
        return {"key": OTHER, "codes": [], "label": wording.OTHERS[question.type]}
    contiguous = list(part) == list(range(part[0], part[-1] + 1))
    if question.type in (*LISTS, QuestionType.RANKING) or not contiguous:
        return {"key": "+".join(codes), "codes": codes, "label": "; ".join(said[code] for code in codes)}
    if question.type is QuestionType.NUMBER:
        low, high = coding.bounds(question, codes)
        return {"key": f"{low}-{high}", "codes": codes, "label": coding.span(question, low, high, said.language)}
    ends = codes if question.type is QuestionType.RATING else [said[code] for code in codes]
    return {"key": f"{codes[0]}-{codes[-1]}", "codes": codes, "label": wording.span(ends[0], ends[-1])}


def _yes(shown: Shown, codes: Sequence[str]) -> float | None:
    """The share of yes, where it is shown."""
    least, most = shown.span([codes.index(YES)])
    return rounded(statistics.share(least, shown.n)) if least == most else None


def _scale(shown: Shown, points: int, population: int | None) -> Said:
    low, high = shown.mean_span(range(1, points + 1))
    top, bottom = shown.span(top_two(points)), shown.span((0, 1))
    counts = dict(enumerate(shown.sums, 1)) if shown.is_whole else {}
    interval = statistics.mean_interval(counts, population) if counts else None
    bands = {statistics.band(low), statistics.band(high)} if points == statistics.BAND_POINTS else set()
    n = shown.n
    return {
        "mean": agreed(low, high),
        "mean_range": _range(low, high),
        "mean_interval": _range(max(1.0, interval[0]), min(points, interval[1])) if interval else None,
        "sd": rounded(statistics.standard_deviation(counts)),
        "favourable": rounded(top[0] / n) if top[0] == top[1] else None,
        "favourable_range": _range(top[0] / n, top[1] / n),
        "unfavourable": rounded(bottom[0] / n) if bottom[0] == bottom[1] else None,
        "band": bands.pop() if len(bands) == 1 else None,
    }


def top_two(points: int) -> Part:
    """The positions of the favourable options of a scale."""
    return (points - 2, points - 1)


def _rating(shown: Shown, population: int | None) -> Said:
    low, high = shown.mean_span(range(11))
    counts = dict(enumerate(shown.sums)) if shown.is_whole else {}
    return {
        "mean": agreed(low, high),
        "mean_range": _range(low, high),
        "sd": rounded(statistics.standard_deviation(counts)),
        "nps": _nps(shown, population),
    }


def _nps(shown: Shown, population: int | None) -> Said | None:
    detractors, promoters = shown.span(range(7)), shown.span((9, 10))
    if detractors[0] != detractors[1] or promoters[0] != promoters[1]:
        return None
    grouped = {0: detractors[0], 7: shown.n - detractors[0] - promoters[0], 10: promoters[0]}
    score = statistics.net_promoter(grouped, population)
    if score is None:
        return None
    interval = [round(end, 1) for end in score.interval] if score.interval else None
    parts = {"promoters": score.promoters, "passives": score.passives, "detractors": score.detractors}
    return {"score": round(score.score, 1), **parts, "interval": interval}


def agreed(low: float, high: float) -> float | None:
    """The mean, as exactly as what is shown settles it: whole, to two or to one decimal, or not at all."""
    if high - low < 1e-9:
        return round(low, 4)
    return next((round(low, digits) for digits in (2, 1) if round(low, digits) == round(high, digits)), None)


def _range(low: float, high: float) -> list[float]:
    return [round(low, 4), round(high, 4)]
