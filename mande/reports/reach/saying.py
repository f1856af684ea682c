"""The part "reach" of a document; see docs/report-json.md."""

from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy.orm import Session

from mande.events.kinds import Sector
from mande.events.models import Event
from mande.events.records import sectors
from mande.reports.kinds import Level
from mande.reports.models import Target
from mande.reports.reach import barriers
from mande.reports.reach import pillars
from mande.reports.reach import reading
from mande.reports.reach import tables
from mande.reports.reach import wording
from mande.reports.reach.people import ONLINE
from mande.reports.reach.people import UNKNOWN
from mande.reports.reach.people import WOMAN
from mande.reports.reach.people import YES
from mande.reports.reach.pillars import Figure
from mande.reports.reach.tables import Came
from mande.reports.reach.tables import Table

Said = dict[str, Any]
Settled = Callable[[list[Table], list[Came]], tuple[list[Table], list[Came]]]
_TOLD_BY_TABLES: dict[str, tuple[str, str, Callable[[str], bool]]] = {
    "online": ("mode", tables.ATTENDEES, ONLINE.__eq__),
    "recipients": ("oda", tables.ATTENDEES, YES.__eq__),
    "beyond_the_state": ("sector", tables.ATTENDEES, lambda sector: sector not in (Sector.STATE.value, UNKNOWN)),
    "women": ("gender", tables.ATTENDEES, WOMAN.__eq__),
    "women_speaking": ("gender", tables.SPEAKERS, WOMAN.__eq__),
}
"""Figures that outside the team are worked out from a table that is shown, and from which of its groups."""


def reach(
    session: Session,
    event: Event,
    level: Level,
    k: int,
    language: str,
    questions: Sequence[Mapping[str, Any]],
    settled: Settled = lambda tables, came: (tables, came),
) -> Said:
    """What a document of a level tells of who was there. `questions` are those of the same document; `settled` puts
    earlier tables in the place of those that could be subtracted from them (see `history`).
    """
    counted, wanted = reading.of_event(session, event), reading.wanted_of(event)
    internal = level is Level.INTERNAL
    if internal:
        shown = tables.full(counted)
        came = [Came((name,), many, sum(n for one, n in counted.items() if one.group == name))
                for name, many in wanted.items()]  # fmt: skip
    else:
        shown, came = settled(*tables.safe(counted, wanted, k))
    follow = barriers.could_follow(questions, reading.COULD_FOLLOW)
    found = pillars.figures(reading.tally(counted, wanted), follow)
    targets = targets_of(session, event.programme)
    own = sectors.own(session)
    return {
        "attendees": counted.total(),
        "by": [_table(one, own, language) for one in shown],
        "sought": [{"label": "; ".join(one.groups), "sought": one.sought, "came": one.came} for one in came],
        "elsewhere": sum(n for one, n in counted.items() if one.group is None) if internal and wanted else None,
        "barriers": barriers.barriers(questions),
        "pillars": [
            {
                "code": code,
                "title": str(wording.PILLARS[code]),
                "text": str(wording.ASKED[code]),
                "figures": [_figure(one if internal else outside(one, shown), targets) for one in found[code]],
            }
            for code in pillars.PILLARS
        ],
    }


def targets_of(session: Session, programme: str) -> dict[str, float]:
    """The targets about who is there, by measure: those of the programme, and where it has none those of the house."""
    rows = session.scalars(
        select(Target).where(Target.question == "", or_(Target.programme == programme, Target.programme == ""))
    )
    ordered = sorted(rows, key=lambda one: bool(one.programme))
    return {one.measure.value: one.value for one in ordered}


def outside(figure: Figure, shown: Sequence[Table]) -> Figure:
    """A figure as it may be told outside the team: as far as a table that is shown settles it, or its questions do."""
    if figure.code in ("online_without_barriers", "countries"):
        return figure
    if figure.code in _TOLD_BY_TABLES:
        by, of, wanted = _TOLD_BY_TABLES[figure.code]
        for table in shown:
            if (table.by, table.of) == (by, of) and (span := table.span(wanted)):
                return Figure(figure.code, figure.kind, *span, table.total, figure.measure)
    return Figure(figure.code, figure.kind, None, None, None, figure.measure)


def _table(table: Table, own: Mapping[str, str], language: str) -> Said:
    return {
        "by": table.by,
        "of": table.of,
        "label": str(wording.TABLES[table.by, table.of]),
        "total": table.total,
        "groups": [
            {
                "members": list(members),
                "label": wording.group(table.by, members, own, language),
                "count": count,
                "share": round(count / table.total, 4),
            }
            for members, count in table.groups
        ],
    }


def _figure(figure: Figure, targets: Mapping[str, float]) -> Said:
    return {
        "code": figure.code,
        "label": str(wording.FIGURES[figure.code]),
        "kind": figure.kind.value,
        "low": None if figure.low is None else round(figure.low, 4),
        "high": None if figure.high is None else round(figure.high, 4),
        "of": figure.of,
        "target": targets.get(figure.measure.value) if figure.measure else None,
    }
