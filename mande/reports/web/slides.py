"""The charts of a report as pictures for slides, each with its title, its legend and what it rests on. Pure."""

from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from mande.reports import spoken
from mande.reports.charts import Drawing
from mande.reports.charts import Picture
from mande.reports.charts import cells
from mande.reports.charts import columns
from mande.reports.charts import curves
from mande.reports.charts import measuring
from mande.reports.charts import rows
from mande.reports.charts import strips
from mande.reports.charts import words
from mande.reports.charts.picture import Canvas
from mande.reports.charts.rows import Row
from mande.reports.charts.strips import Segment
from mande.reports.looks.tones import WHITE
from mande.reports.printing import captions

Said = Mapping[str, Any]

WIDTH, EDGE = 960.0, 40.0
"""Pixels: half of what a projector shows."""
_TITLE, _NOTE, _LETTERS, _THICK = 26.0, 16.0, 17.0, 26.0


@dataclass(frozen=True)
class Slide:
    """A chart as a file: `key` names it in its address."""

    key: str
    title: str
    picture: Picture


@dataclass(frozen=True)
class _Sheet:
    """What stands around a chart: a title and a line of facts above it, and where it comes from below."""

    draw: Drawing
    source: str

    def slide(self, key: str, title: str, facts: str, height: float, inner: Any, alt: str) -> Slide:
        """`inner` draws on a canvas of `height`, without edges, that becomes a part of the slide."""
        lines = measuring.wrapped(title, _TITLE, WIDTH - 2 * EDGE, 3)
        top = EDGE + len(lines) * _TITLE * 1.25 + _NOTE * 2.2
        canvas = self.draw.canvas(WIDTH, top + height + EDGE * 1.6)
        palette = self.draw.palette
        canvas.box((0, 0), (WIDTH, canvas.height), WHITE)
        canvas.box((0, 0), (8, canvas.height), palette.accent)
        for count, line in enumerate(lines):
            canvas.text((EDGE, EDGE + _TITLE * (0.9 + count * 1.25)), line, palette.ink, size=_TITLE, bold=True)
        canvas.text((EDGE, top - _NOTE * 1.1), facts, palette.quiet, size=_NOTE)
        canvas.text((EDGE, canvas.height - EDGE * 0.45), self.source, palette.quiet, size=12)
        part = self.draw.canvas(WIDTH - 2 * EDGE, height)
        inner(part)
        canvas.insert(part, (EDGE, top))
        return Slide(key, title, canvas.picture(f"{title} {facts}. {alt}"))


def slides(document: Said, draw: Drawing) -> list[Slide]:
    """All charts of a document that there are figures for, in its order."""
    sheet = _Sheet(draw, _source(document))
    meetings = {meeting["code"]: meeting["title"] for meeting in document["event"]["meetings"]}
    later = document["followup"]
    found: list[Slide] = []
    if document["response"]:
        found += _response(sheet, document["response"])
    for number, question in enumerate(document["questions"], 1):
        found += _question(sheet, f"question-{number}", question, meetings)
    for number, question in enumerate(later["questions"] if later else (), 1):
        found += _question(sheet, f"later-{number}", question, meetings)
    if document["actions"] and document["actions"]["counted"]:
        found += _actions(sheet, document["actions"])
    return found


def _source(document: Said) -> str:
    event, published = document["event"], document.get("published")
    name = f"{event['code']} {event['title']}"
    day = spoken.day(document["generated_on"])
    if not published:
        return str(_("%(event)s. Draft of %(day)s.", event=name, day=day))
    return str(_("%(event)s. Edition %(number)s, %(day)s.", event=name, number=published["number"], day=day))


def _response(sheet: _Sheet, said: Said) -> Iterator[Slide]:
    by_role = [(captions.roles([role]).capitalize(), one["rate"]) for role, one in said["by_role"].items()]
    if said["rate"] is None or all(rate is None for _role, rate in by_role):
        return
    named = [*by_role, (str(_("All")), said["rate"])]
    found = [sheet.draw.option_row(name, rate, "–") for name, rate in named]
    facts = _("%(answered)s of %(invited)s people answered", answered=said["answered"], invited=said["invited"])
    yield _of_rows(sheet, "response", str(_("Response rate")), str(facts), found)


def _question(sheet: _Sheet, key: str, question: Said, meetings: Mapping[str, str]) -> Iterator[Slide]:
    if question["n"] is None:
        return
    title = captions.called(question, meetings)
    facts = words.facts(question, sheet.draw.language)
    if question["type"] == "rating" and question["cells"]:
        yield sheet.slide(key, title, facts, 260, partial(_columns, sheet, question), _alt(sheet, question))
    elif question["type"] in cells.SCALES and (found := _segments(sheet, question)):
        yield _in_parts(sheet, key, title, facts, found)
    elif question["type"] not in cells.IN_PARTS and question["cells"]:
        yield _of_rows(sheet, key, title, facts, [sheet.draw.option_row(*one) for one in cells.options(question)])
    for breakdown in question["breakdowns"]:
        if breakdown["form"] == "counts" and question["type"] in cells.IN_PARTS:
            found_rows = [sheet.draw.strip_row(question, one["label"], one) for one in breakdown["groups"]]
            ends = (
                _("behind each bar the net promoter score")
                if question["type"] == "rating"
                else _("behind each bar the favourable share")
            )
            by = f"{captions.grouped_by(breakdown)} · {ends}"
            name = "-".join([key, breakdown["by"].replace("*", "-"), *filter(None, [breakdown["within"]])])
            yield _of_rows(sheet, name, title, by, found_rows, _legend(sheet, question, breakdown["groups"]))


def _actions(sheet: _Sheet, said: Said) -> Iterator[Slide]:
    facts = str(ngettext("%(num)s action", "%(num)s actions", said["total"]))
    if said["statuses"]:
        found = cells.progress(sheet.draw.palette, said["statuses"], said["total"])
        yield _in_parts(sheet, "actions", str(_("How far planned actions have come")), facts, found)
    for breakdown in said["breakdowns"]:
        named = [(one["label"], one["statuses"], one["total"]) for one in breakdown["groups"] if one["statuses"]]
        if named:
            palette = sheet.draw.palette
            groups = [(name, cells.progress(palette, told, total)) for name, told, total in named]
            found_rows = [sheet.draw.segments_row(name, segments) for name, segments in groups]
            title = str(_("How far planned actions have come"))
            by = captions.grouped_by({"by": breakdown["by"], "within": None})
            legend = list({one.colour: Segment(one.colour, 1, one.label) for _n, row in groups for one in row}.values())
            yield _of_rows(sheet, f"actions-{breakdown['by']}", title, by, found_rows, legend)
    if said["completion"] and any(one["done"] for one in said["completion"]["points"]):
        done = said["completion"]
        alt = sheet.draw.curve(done).alt
        yield sheet.slide("completion", str(_("How long planned actions take")), facts, 400,
                          partial(_curve, sheet, done), alt)  # fmt: skip


def _in_parts(sheet: _Sheet, key: str, title: str, facts: str, found: Sequence[Segment]) -> Slide:
    """One bar, and below it what its parts are."""
    lines = _legend_lines(found)
    alt = words.parts(found, sheet.draw.language)
    return sheet.slide(key, title, facts, 90 + len(lines) * 30, partial(_bar, sheet, found, lines), alt)


def _of_rows(
    sheet: _Sheet, key: str, title: str, facts: str, found: Sequence[Row], legend: Sequence[Segment] = ()
) -> Slide:
    tall = rows.height(found, WIDTH - 2 * EDGE, _LETTERS, _THICK)
    lines = _legend_lines(legend) if legend else []

    def inner(canvas: Canvas) -> None:
        rows.draw(canvas, sheet.draw.palette, 0, found, size=_LETTERS, thick=_THICK)
        _put_legend(sheet, canvas, tall + 18, lines)

    return sheet.slide(
        key, title, facts, tall + len(lines) * 30 + 10, inner, words.rows([(r.name, r.said) for r in found])
    )


def _bar(sheet: _Sheet, found: Sequence[Segment], lines: Sequence[Sequence[Segment]], canvas: Canvas) -> None:
    strips.cut(canvas, sheet.draw.palette, (0, 0), (canvas.width, 60), found, sheet.draw.language)
    _put_legend(sheet, canvas, 84, lines)


def _columns(sheet: _Sheet, question: Said, canvas: Canvas) -> None:
    columns.draw(canvas, sheet.draw.palette, 0, question["cells"], sheet.draw.language, _LETTERS)


def _curve(sheet: _Sheet, completion: Said, canvas: Canvas) -> None:
    curves.completion(canvas, sheet.draw.palette, completion, sheet.draw.language, _LETTERS)


def _segments(sheet: _Sheet, question: Said) -> list[Segment]:
    return cells.segments(sheet.draw.palette, question["type"], len(question["options"]), question)


def _alt(sheet: _Sheet, question: Said) -> str:
    return words.parts(_segments(sheet, question), sheet.draw.language)


def _legend(sheet: _Sheet, question: Said, groups: Sequence[Said]) -> list[Segment]:
    """The parts that any of the groups has, each once."""
    points = len(question["options"])
    found = [one for said in groups for one in cells.segments(sheet.draw.palette, question["type"], points, said)]
    if question["type"] == "rating":
        return []
    return list({one.label: one for one in found}.values())


def _legend_lines(found: Sequence[Segment]) -> list[list[Segment]]:
    """The legend in lines that fit."""
    lines: list[list[Segment]] = [[]]
    for one in found:
        if lines[-1] and sum(map(_room, [*lines[-1], one])) > WIDTH - 2 * EDGE:
            lines.append([])
        lines[-1].append(one)
    return lines


def _room(one: Segment) -> float:
    return measuring.width(one.label, 15) + 46


def _put_legend(sheet: _Sheet, canvas: Canvas, top: float, lines: Sequence[Sequence[Segment]]) -> None:
    palette = sheet.draw.palette
    for count, line in enumerate(lines):
        x, y = 0.0, top + count * 30
        for one in line:
            strips.cut(canvas, palette, (x, y), (13, 13), [Segment(one.colour, 1)], sheet.draw.language)
            canvas.text((x + 20, y + 12), one.label, palette.ink, size=15)
            x += _room(one)
