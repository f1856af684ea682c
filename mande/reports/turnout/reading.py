"""Reads what was counted at closing of who took part in a survey."""

from collections.abc import Collection
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from mande.surveys.models import Survey
from mande.surveys.models import Turnout


@dataclass(frozen=True)
class Part:
    """One group of a survey; without stratum and members the whole of it."""

    stratum: str
    members: tuple[str, ...]
    asked: int
    reached: int
    started: int
    answered: int


Counted = Mapping[UUID, Sequence[Part]]
"""By survey; those that closed before this was counted, and those that were imported, are absent."""


def read(session: Session, surveys: Sequence[Survey]) -> Counted:
    """All that was counted of these surveys, in one statement."""
    found = session.scalars(
        select(Turnout)
        .where(Turnout.survey_id.in_([survey.id for survey in surveys]))
        .order_by(Turnout.survey_id, Turnout.stratum, Turnout.members)
    )
    counted: dict[UUID, list[Part]] = {}
    for row in found:
        part = Part(row.stratum, tuple(row.members.split()), row.asked, row.reached, row.started, row.answered)
        counted.setdefault(row.survey_id, []).append(part)
    return counted


def asked_in(parts: Sequence[Part], stratum: str, members: Collection[str]) -> int | None:
    """How many were asked of those with one of these values, None where that was not counted of them alone."""
    wanted = set(members)
    touched = [part for part in parts if part.stratum == stratum and wanted.intersection(part.members)]
    if wanted != {member for part in touched for member in part.members}:
        return None
    return sum(part.asked for part in touched)


def asked_at(parts: Sequence[Part], meeting: str) -> int | None:
    """How many were asked who attended this meeting, whatever else they attended; None where that cannot be told."""
    total = 0
    found = [part for part in parts if part.stratum == "meeting"]
    for part in found:
        there = {None if member in ("several", "unknown") else member in (meeting, "all") for member in part.members}
        if len(there) > 1 or None in there:
            return None
        total += part.asked if there == {True} else 0
    return total if found else None
