"""All that is held about somebody, in plain words and as data. Each feature tells what it keeps.

A link opens one event: what is held is told of the person and of that event, and at how many other events they are
known. Whether they have answered a questionnaire is told to nobody, and so not here either.
"""

from collections.abc import Callable
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask import current_app
from sqlalchemy.orm import Session

from mande.followup.links import Visit

Value = str | int | bool | None | Sequence[str]


@dataclass(frozen=True)
class Fact:
    """One thing that is known. `name` is for programs, `label` for people; so are `value` and `shown`."""

    name: str
    label: str
    value: Value
    shown: str = ""

    @property
    def words(self) -> str:
        """The value as a page shows it; "" where nothing is known."""
        if self.shown or self.value in (None, "", []):
            return self.shown
        return ", ".join(self.value) if isinstance(self.value, list | tuple) else str(self.value)


Entry = Sequence[Fact]


@dataclass(frozen=True)
class Section:
    """What one feature keeps: some entries, and a `note` on what is not told here, or why it is kept."""

    name: str
    title: str
    entries: Sequence[Entry]
    note: str = ""


Tell = Callable[[Session, Visit], Sequence[Section]]


def register(app: Flask, order: int, tell: Tell) -> None:
    """Adds what a feature keeps: the person 10, surveys 20, messages 30, follow-up 40, reports 50."""
    app.extensions.setdefault("mande.holding", []).append((order, tell))


def everything(session: Session, visit: Visit) -> list[Section]:
    """All that is held. Sections in which there is nothing to say are left out."""
    parts: list[tuple[int, Tell]] = current_app.extensions.get("mande.holding", [])
    told = [section for _order, tell in sorted(parts, key=lambda part: part[0]) for section in tell(session, visit)]
    return [section for section in told if section.entries or section.note]


def as_data(sections: Sequence[Section]) -> dict[str, Any]:
    """The same for a program: by the sections' names, each with its entries."""
    return {
        section.name: {
            "entries": [{fact.name: fact.value for fact in entry} for entry in section.entries],
            **({"note": section.note} if section.note else {}),
        }
        for section in sections
    }
