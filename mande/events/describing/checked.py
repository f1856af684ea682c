"""Reading what a file or a form says, value by value. What is wrong is gathered, and told all at once. Pure."""

import difflib
from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Problem:
    """What is wrong with one value. `at` is where it is ("meetings.0.starts"), `where` and `name` how a file calls it.

    `what` completes the sentence that begins with the name: "is empty".
    """

    at: str
    where: str
    name: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}{self.name} {self.what}" if self.name else f"{self.where}{self.what}"


class Checker:
    """Reads values of one mapping. `path` and `where` say where that mapping is, for forms and for people."""

    def __init__(self, problems: list[Problem], data: Mapping[Any, Any], path: str = "", where: str = "") -> None:
        self.problems = problems
        self.data = data
        self.path = path
        self.where = where

    def wrong(self, name: str, what: str, called: str | None = None) -> None:
        self.problems.append(Problem(f"{self.path}{name}", self.where, name if called is None else called, what))

    def within(self, name: str, data: Mapping[Any, Any], where: str) -> "Checker":
        """The same for a mapping that is the value at `name` of this one."""
        return Checker(self.problems, data, f"{self.path}{name}.", where)

    def only(self, known: Sequence[str]) -> None:
        for name in self.data:
            if name not in known:
                close = difflib.get_close_matches(str(name), known, 1)
                hint = f"; did you mean {close[0]}?" if close else f"; known are {', '.join(known)}"
                self.wrong(str(name), f"is not known here{hint}")

    def mapping(self, name: str) -> Mapping[Any, Any]:
        value = self.data.get(name)
        if isinstance(value, Mapping):
            return value
        self.wrong(name, "is missing" if value is None else "is not names and values")
        return {}

    def text(self, name: str, longest: int, needed: bool = True) -> str:
        value = self.data.get(name)
        if value is None and not needed:
            return ""
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if not isinstance(value, str):
            missing = value is None and (name in self.data or self.data)
            self.wrong(name, "is missing" if missing else "is not text")
            return ""
        value = value.replace("\r\n", "\n").strip()
        if not value and needed:
            self.wrong(name, "is empty")
        if len(value) > longest:
            self.wrong(name, f"has {len(value)} characters; at most {longest} can be kept")
        return value

    def listed(self, name: str) -> list[Any]:
        value = self.data.get(name)
        if value is None:
            return []
        if not isinstance(value, list):
            self.wrong(name, "is not a list")
            return []
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        values = self.listed(name)
        if any(not isinstance(value, str) or not value.strip() for value in values):
            self.wrong(name, "holds something that is not text (is there a stray colon?)")
            return ()
        return tuple(" ".join(value.split()) for value in values)

    def yes_or_no(self, name: str) -> bool:
        value = self.data.get(name, False)
        if not isinstance(value, bool):
            self.wrong(name, f"is {value!r}; it is yes or no")
        return value is True

    def number(self, name: str, default: int | None, smallest: int, largest: int) -> int | None:
        value = self.data.get(name, default)
        if value is None and default is None:
            return None
        if not is_number(value) or not smallest <= value <= largest:
            self.wrong(name, f"is {value!r}; it is a whole number from {smallest} to {largest}")
            return default
        return int(value)

    def numbers(self, name: str, default: list[int], largest: int) -> tuple[int, ...]:
        values = self.data.get(name, default)
        fits: Callable[[Any], bool] = lambda value: is_number(value) and 1 <= value <= largest  # noqa: E731
        if not isinstance(values, list) or not all(fits(value) for value in values) or len(set(values)) < len(values):
            self.wrong(name, f"is {values!r}; it is a list of different whole numbers from 1 to {largest}")
            return ()
        return tuple(sorted(values))


def is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
