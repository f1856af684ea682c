"""Lists in a form whose lines can be added, moved and removed with or without JavaScript. Pure.

Each line has a number of its own that it keeps wherever it stands: a hidden field `name` holds it, in the order of the
lines, and the line's fields are called `name-number-field`.
"""

from collections.abc import Callable
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from werkzeug.datastructures import MultiDict

MOST = 200
T = TypeVar("T")
Posted = MultiDict[str, str]
"""What a form sent."""


@dataclass(frozen=True)
class Line:
    """An option or a row as it was typed. `was` is the code that it had when the page was opened, "" of a new one."""

    code: str
    label: str
    was: str = ""
    exclusive: bool = False

    @property
    def is_blank(self) -> bool:
        return not self.code.strip() and not self.label.strip() and not self.was


def numbers(form: Posted, name: str) -> list[str]:
    """The numbers of a list's lines, in order."""
    return [number for number in dict.fromkeys(form.getlist(name)) if number.isascii() and number.isdigit()][:MOST]


def read(form: Posted, name: str) -> list[Line]:
    """The options or rows that a form sent."""
    return [
        Line(
            code=form.get(f"{name}-{number}-code", "").strip()[:80],
            label=" ".join(form.get(f"{name}-{number}-label", "").split())[:1000],
            was=form.get(f"{name}-{number}-was", "").strip()[:80],
            exclusive=f"{name}-{number}-exclusive" in form,
        )
        for number in numbers(form, name)
    ]


@dataclass(frozen=True)
class Press:
    """A button of a list: `what` is done (add, up, down, remove) to the line at `place`, from 0."""

    name: str
    what: str
    place: int = 0

    @classmethod
    def read(cls, form: Posted) -> "Press | None":
        """The button that was pressed: its value is "option-add", or "option-up-3" with the number of the line."""
        name, _, rest = form.get("do", "").partition("-")
        what, _, number = rest.partition("-")
        if what == "add":
            return cls(name, what)
        found = numbers(form, name)
        return cls(name, what, found.index(number)) if what in ("up", "down", "remove") and number in found else None

    def on(self, listed: Sequence[T], blank: Callable[[], T]) -> list[T]:
        """The list after it."""
        changed = list(listed)
        if self.what == "add":
            changed.append(blank())
        elif self.what == "remove":
            del changed[self.place]
        elif 0 <= (other := self.place + (1 if self.what == "down" else -1)) < len(changed):
            changed[self.place], changed[other] = changed[other], changed[self.place]
        return changed
