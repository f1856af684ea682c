"""A condition as lines of a form, and back. Pure.

The lines say all that is usually wanted: several tests joined by "all", "any" or "none". A condition that is nested
more deeply is shown, and stays editable, as YAML.
"""

from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from typing import Any

from mande.surveys.authoring.editor import yamltext
from mande.surveys.authoring.editor.references import Condition
from mande.surveys.authoring.editor.shape import condition_problems
from mande.surveys.questionnaires import conditions
from mande.surveys.questionnaires.checking import DefinitionError

ALWAYS, ALL, ANY, NONE, TEXT = "", "all", "any", "none", "text"
JOINS = (ALWAYS, ALL, ANY, NONE, TEXT)
IS, NOT, ANSWERED, UNANSWERED, AT_LEAST, AT_MOST = "is", "not", "answered", "unanswered", "at_least", "at_most"
TESTS = (IS, NOT, AT_LEAST, AT_MOST, ANSWERED, UNANSWERED)
FACTS = conditions.FACTS
AT_LEAST_ONE_VALUE = "Tick at least one."
NO_NUMBER = "Enter a whole number."


@dataclass(frozen=True)
class Clause:
    """One line. `what` is the code of a question (or "question.row"), or one of FACTS with a colon before it.

    `values` are the codes that are ticked; `typed` is what stands in the text field: a number to compare with, or
    codes of meetings between commas.
    """

    what: str
    test: str = IS
    values: tuple[str, ...] = ()
    typed: str = ""
    error: str = ""

    @property
    def fact(self) -> str:
        return self.what[1:] if self.what.startswith(":") else ""


@dataclass(frozen=True)
class Clauses:
    """All lines, and how they are joined; `text` is the YAML where `join` is TEXT."""

    join: str = ALWAYS
    lines: tuple[Clause, ...] = field(default_factory=tuple)
    text: str = ""
    error: str = ""


class ClauseError(Exception):
    """What was entered is no condition. `entered` is the same with a message at each place."""

    def __init__(self, entered: Clauses) -> None:
        self.entered = entered
        super().__init__(entered.error or next((line.error for line in entered.lines if line.error), ""))


def lines_of(condition: Condition | None) -> Clauses:
    """What the form shows of a condition."""
    if not condition:
        return Clauses()
    join, parts = _joined(condition)
    lines = tuple(_line(part) for part in parts)
    if all(lines):
        return Clauses(join, tuple(line for line in lines if line))
    return Clauses(TEXT, (), yamltext.dump(condition))


def condition_of(entered: Clauses, before: Condition | None = None) -> Condition | None:
    """The condition that the form describes; None where there is none. Raises ClauseError.

    One that nobody has touched stays as it was written.
    """
    if entered == lines_of(before):
        return before
    if entered.join == ALWAYS:
        return None
    if entered.join == TEXT:
        return _read(entered)
    lines = tuple(_checked(line) for line in entered.lines if line.what)
    if any(line.error for line in lines):
        raise ClauseError(replace(entered, lines=lines))
    parts = [_condition(line) for line in lines]
    if not parts:
        raise ClauseError(replace(entered, error="Choose what it depends on, or that it is always asked."))
    if entered.join == NONE:
        return {"not": parts[0] if len(parts) == 1 else {"any": parts}}
    return parts[0] if len(parts) == 1 else {entered.join: parts}


def _joined(condition: Condition) -> tuple[str, Sequence[Condition]]:
    match condition:
        case {"all": parts}:
            return ALL, parts
        case {"any": parts}:
            return ANY, parts
        case {"not": {"any": parts}}:
            return NONE, parts
        case _:
            return ALL, [condition]


def _line(part: Condition) -> Clause | None:
    """The line that says this; None where no single line can."""
    match part:
        case {"question": question, "is": code}:
            return Clause(question, IS, (str(code),))
        case {"question": question, "in": codes}:
            return Clause(question, IS, tuple(map(str, codes)))
        case {"question": question, "answered": given}:
            return Clause(question, ANSWERED if given else UNANSWERED)
        case {"question": question, "at_least": number}:
            return Clause(question, AT_LEAST, typed=str(number))
        case {"question": question, "at_most": number}:
            return Clause(question, AT_MOST, typed=str(number))
        case {"not": {"question": _, **_rest} as inner} if "is" in inner or "in" in inner:
            return replace(_certain(_line(inner)), test=NOT)
        case {"not": inner} if len(inner) == 1 and next(iter(inner)) in FACTS:
            return replace(_certain(_line(inner)), test=NOT)
        case {"meeting": codes}:
            return Clause(":meeting", IS, typed=", ".join(codes))
        case {"role": values} | {"mode": values}:
            return Clause(f":{next(iter(part))}", IS, tuple(values))
        case _:
            return None


def _certain(line: Clause | None) -> Clause:
    assert line is not None  # noqa: S101 (the pattern has looked)
    return line


def _checked(line: Clause) -> Clause:
    """The line with what is wrong with it."""
    if line.test in (AT_LEAST, AT_MOST) and not line.fact and _number(line.typed) is None:
        return replace(line, error=NO_NUMBER)
    if line.test in (IS, NOT) and not list(_values(line)):
        return replace(line, error="Enter the code of a meeting." if line.fact == "meeting" else AT_LEAST_ONE_VALUE)
    return replace(line, error="")


def _condition(line: Clause) -> Condition:
    values = list(_values(line))
    if line.fact:
        asked: Condition = {line.fact: values}
    elif line.test in (ANSWERED, UNANSWERED):
        return {"question": line.what, "answered": line.test == ANSWERED}
    elif line.test in (AT_LEAST, AT_MOST):
        return {"question": line.what, line.test: _number(line.typed)}
    else:
        asked = {"question": line.what, **({"is": values[0]} if len(values) == 1 else {"in": values})}
    return {"not": asked} if line.test == NOT else asked


def _values(line: Clause) -> Iterator[str]:
    if line.fact == "meeting":
        yield from dict.fromkeys(code for part in line.typed.split(",") if (code := part.strip()))
    else:
        yield from dict.fromkeys(line.values)


def _number(typed: str) -> int | None:
    try:
        return int(typed.strip())
    except ValueError:
        return None


def _read(entered: Clauses) -> Condition | None:
    if not entered.text.strip():
        return None
    try:
        found: Any = yamltext.read(entered.text, "This")
    except DefinitionError as error:
        raise ClauseError(replace(entered, error=str(error))) from None
    if problems := condition_problems(found):
        raise ClauseError(replace(entered, error="; ".join(map(str, problems))))
    read: Mapping[str, Any] = found
    return dict(read)
