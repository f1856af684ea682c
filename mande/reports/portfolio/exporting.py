"""A portfolio as rows, for files: one figure a row, or a sheet for each part. Shares lie between 0 and 1."""

from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from uuid import UUID

from mande.reports.kinds import Measure
from mande.reports.portfolio.overview import Overview
from mande.reports.portfolio.pooling import Pool
from mande.reports.portfolio.questions import Line
from mande.reports.portfolio.standing import Standing
from mande.workbooks import Cell

HEADER = ("part", "of", "figure", "code", "value", "low", "high", "number", "of number", "events", "target")
Row = tuple[Cell, ...]

_SUMS = ("events", "asked", "answered", "responses", "actions", "done", "dropped", "unheard", "outcomes", "confirmed")
_QUESTION = ("code", "wave", "type", "question", "criterion", "level", "events", "answers", "mean", "mean, least",
             "mean, greatest", "standard deviation", "favourable", "favourable, least", "favourable, greatest",
             "unfavourable", "net promoter score", "band", "target for", "target", "above target")  # fmt: skip
_EVENT = ("code", "title", "programme", "began on", *_SUMS[1:])


def rows(found: Overview) -> list[Row]:
    """Everything but single events, under HEADER."""
    made = list(_standing("all", "", found.whole, found))
    for span, standing in found.by_period.items():
        made += _standing("period", span.label, standing, found)
    for name, standing in found.by_programme.items():
        made += _standing("programme", name, standing, found)
    for line in found.lines:
        made += _question("all", "", line, line.pool)
        for span, pool in line.by_period.items():
            made += _question("period", span.label, line, pool)
    for month in found.months:
        for figure in ("written", "done", "outcomes"):
            made.append(("month", month.period.label, figure, "", "", "", "", getattr(month, figure), "", "", ""))
    return made


def sheets(found: Overview, own: Mapping[UUID, Standing]) -> dict[str, Sequence[Row]]:
    """The workbook; `own` is what each event came to. Discreet events are in all sums and in no list of events."""
    groups = ("of", *_SUMS, *(measure.value for measure in found.whole.measured()), "attendees", "speakers")
    steps = [(span.label, its) for span, its in found.by_period.items()]
    return {
        "Totals": [groups, *(_wide(name, its) for name, its in [("all", found.whole), *steps])],
        "Programmes": [groups, *(_wide(name, its) for name, its in found.by_programme.items())],
        "Questions": [_QUESTION, *(_wide_question(line) for line in found.lines)],
        "Trends": [HEADER[1:], *(row[1:] for row in rows(found) if row[0] == "period")],
        "Months": [
            ("month", "actions written down", "actions done", "outcomes"),
            *((one.period.label, one.written, one.done, one.outcomes) for one in found.months),
        ],
        "Events": [_EVENT, *_events(found, own)],
    }


def _standing(part: str, of: str, standing: Standing, found: Overview) -> Iterator[Row]:
    for name in _SUMS:
        yield part, of, name, "", "", "", "", getattr(standing, name), "", standing.events, ""
    for name in ("attendees", "speakers"):
        yield part, of, name, "", "", "", "", getattr(standing.reach, name), "", standing.events, ""
    for measure, (number, whole) in standing.measured().items():
        share = known(number / whole if whole else None)
        target = known(found.target(measure))
        yield part, of, measure.value, "", share, share, share, number, whole, standing.events, target


def _question(part: str, of: str, line: Line, pool: Pool) -> Iterator[Row]:
    target = line.target
    figures = (
        ("mean", pool.mean, pool.mean_range, Measure.MEAN),
        ("favourable", pool.favourable, pool.favourable_range, Measure.FAVOURABLE),
        ("nps", pool.nps, pool.nps_range, None),
    )
    for name, value, span, measure in figures:
        if span is not None:
            aim = target.value if target and target.measure is measure else ""
            yield (part, of, name, line.asked.code, known(value), known(span[0]), known(span[1]), pool.n, "",
                   pool.n_events, aim)  # fmt: skip


def _wide(name: str, standing: Standing) -> Row:
    return (
        name,
        *(getattr(standing, one) for one in _SUMS),
        *(known(share) for share in standing.shares().values()),
        standing.reach.attendees,
        standing.reach.speakers,
    )


def _wide_question(line: Line) -> Row:
    asked, pool, target = line.asked, line.pool, line.target
    return (
        asked.code, asked.wave.value, asked.kind.value, f"{asked.above} {asked.text}".strip(), asked.criterion or "",
        asked.level or "", pool.n_events, pool.n, known(pool.mean), *map(known, pool.mean_range), known(pool.sd),
        known(pool.favourable), *map(known, pool.favourable_range), known(pool.unfavourable), known(pool.nps),
        pool.band or "", target.measure.value if target else "", known(target.value if target else None),
        known(line.gap),
    )  # fmt: skip


def _events(found: Overview, own: Mapping[UUID, Standing]) -> Iterator[Row]:
    for event, met in found.events.items():
        if not met.discreet:
            sums = (getattr(own[event], name) for name in _SUMS[1:])
            yield met.code, met.title, met.programme, met.began_on.isoformat(), *sums


def known(value: float | None) -> Cell:
    """A figure for a cell; an empty one where it is not known."""
    return "" if value is None else round(value, 4)
