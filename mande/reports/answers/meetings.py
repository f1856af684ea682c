"""Part One beside Part Two: worked out from the questions of the document as it shows them. Pure.

See docs/report-json.md. A question is either asked for each meeting, or once, and then those who attended one meeting
are beside those who attended another.
"""

from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

from mande import languages
from mande.reports import statistics
from mande.reports.answers import differences
from mande.reports.answers import published
from mande.surveys.questionnaires.definition import QuestionType

SHOWN = (
    "n", "counts", "cells", "nearly_all", "mean", "mean_range", "favourable", "favourable_range", "unfavourable",
    "yes", "nps", "band",
)  # fmt: skip
FIGURED = (QuestionType.SCALE, QuestionType.MATRIX, QuestionType.RATING, QuestionType.YES_NO)
LEFT_OPEN = "…"

Said = dict[str, Any]
_Asked = tuple[Said, int | None]


def compared(
    questions: Sequence[Said], titles: Mapping[str, str], attended: Sequence[int | None], language: str
) -> list[Said]:
    """What has figures of two meetings or more, in the order of the questions.

    `titles` are those of the meetings by code, in their order. `attended` says for each question that was asked for a
    meeting how many of those asked attended it, None where nobody knows or nobody may, and for any other.
    """
    found: dict[tuple[Any, ...], list[_Asked]] = {}
    for question, population in zip(questions, attended, strict=True):
        found.setdefault(_alike(question), []).append((question, population))
    said: list[Said] = []
    for alike in found.values():
        first, _population = alike[0]
        if first["meeting"]:
            said += _asked_for_each(alike, titles, language)
        elif first["type"] in FIGURED:
            said += _asked_once(first, titles)
    return said


def base(question: Said) -> str:
    """The code of a question without the meeting for which it was asked."""
    code: str = question["code"]
    return code.replace(f"@{question['meeting']}", "", 1)


def _alike(question: Said) -> tuple[Any, ...]:
    # Of countries and dates only those that are shown are listed.
    listed = question["type"] not in published.UNLISTED
    options = [option["code"] for option in question["options"]] if listed else []
    asked = bool(question["meeting"]), tuple(question["asked_of"])
    return base(question), question["apart"], question["type"], *asked, tuple(options)


def _asked_for_each(alike: Sequence[_Asked], titles: Mapping[str, str], language: str) -> Iterator[Said]:
    order = list(titles)
    with_figures = [one for one in alike if one[0]["n"] is not None]
    if len(with_figures) > 1:
        in_order = sorted(with_figures, key=lambda one: order.index(one[0]["meeting"]))
        told, populations = [question for question, _ in in_order], [population for _, population in in_order]
        yield _entry(told[0], "question") | {
            "text": _open(told, titles, language),
            "meetings": [_figures(one, one["meeting"], titles[one["meeting"]]) for one in told],
            "difference": differences.last_and_first(told, populations),
        }


def _asked_once(question: Said, titles: Mapping[str, str]) -> Iterator[Said]:
    for breakdown in question["breakdowns"]:
        if breakdown["by"] == "meeting" and breakdown["form"] == "counts":
            groups = breakdown["groups"]
            yield _entry(question, "attendance") | {
                "meetings": [_figures(one, "+".join(one["members"]), one["label"]) for one in groups],
                "difference": _of_those_at_one(breakdown, list(titles)),
            }


def _of_those_at_one(breakdown: Said, meetings: Sequence[str]) -> Said | None:
    """Those who attended the last meeting alone less those who attended the first alone, where both are groups."""
    members = [group["members"] for group in breakdown["groups"]]
    alone = [members.index([code]) for code in meetings if [code] in members]
    pair = [alone[-1], alone[0]] if len(alone) > 1 else []
    for found in breakdown["differences"]:
        if found["between"] == pair:
            return dict(found)
        if found["between"] == pair[::-1]:
            low, high = found["interval"]
            return {**found, "between": pair, "value": -found["value"], "interval": [-high, -low]}
    return None


def _entry(question: Said, by: str) -> Said:
    return {"code": base(question), "by": by} | {name: question[name] for name in ("type", "text", "question")}


def _figures(shown: Said, code: str, title: str) -> Said:
    indicative = shown.get("indicative", statistics.is_indicative(shown["n"], None))
    return {"code": code, "title": title, "indicative": indicative} | {name: shown[name] for name in SHOWN}


def _open(told: Sequence[Said], titles: Mapping[str, str], language: str) -> str:
    """The text of all of them: where it names the meeting, it is left open."""
    texts = {one["text"].replace(languages.isolated(titles[one["meeting"]], language), LEFT_OPEN) for one in told}
    first: str = told[0]["text"]
    return texts.pop() if len(texts) == 1 else first
