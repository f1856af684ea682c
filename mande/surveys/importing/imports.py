"""Places the cells of a table into a questionnaire: answers gathered elsewhere, by an earlier tool or on paper.

Nothing is guessed. What cannot be placed is refused, all of it at once, with what would have been allowed; where a
question has "other", a choice that it does not know is other's text.
"""

from collections import Counter
from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from functools import cached_property
from typing import Any

from mande.surveys.importing.columns import Column
from mande.surveys.importing.columns import Layout
from mande.surveys.importing.columns import Meaning
from mande.surveys.importing.spellings import Spellings
from mande.surveys.questionnaires import answers as answering
from mande.surveys.questionnaires.answers import NOT_APPLICABLE
from mande.surveys.questionnaires.answers import OTHER
from mande.surveys.questionnaires.answers import Answers
from mande.surveys.questionnaires.definition import Definition
from mande.surveys.questionnaires.definition import QuestionType
from mande.surveys.questionnaires.matching import fold

SEPARATOR = ";"
SHOWN = 100
LIKE_MARKS = frozenset({"na", "n/a", "n.a.", "nan", "null", "nil", "-", "--", ".", "?"})


@dataclass(frozen=True)
class Refusal:
    """A value that cannot be placed. `row` is counted as in a spreadsheet."""

    row: int
    column: str
    value: str
    allowed: str

    def __str__(self) -> str:
        # One line that says what it shows: a cell may hold line breaks, or signs that steer a terminal.
        value = answering.normalise_text(self.value, one_line=True)
        shown = value if len(value) <= SHOWN else f"{value[:SHOWN]}…"
        return f"Row {self.row}, column {self.column}: “{shown}”. Allowed: {self.allowed}."


class ImportRefusedError(Exception):
    """Some values cannot be placed, so none was. `refusals` holds every one, by row."""

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        self.refusals = tuple(refusals)
        super().__init__("\n".join(str(refusal) for refusal in refusals))


@dataclass
class Placed:
    """The responses, and what whoever imports them should know: how often each column's choices became "other",
    general marks that were not applied to a column because they are options there, and texts that look like marks.
    """

    responses: list[Answers] = field(default_factory=list)
    others: Counter[str] = field(default_factory=Counter)
    marks_used: Counter[str] = field(default_factory=Counter)
    marks_passed_over: Counter[tuple[str, str]] = field(default_factory=Counter)
    texts_like_marks: Counter[tuple[str, str]] = field(default_factory=Counter)


def place(definition: Definition, layout: Layout, rows: Iterable[tuple[int, Sequence[str]]]) -> Placed:
    """The response that each row holds. Raises ImportRefusedError, naming everything that cannot be placed."""
    placed = Placed()
    refusals: list[Refusal] = []
    places = [_Place(column, layout, placed) for column in layout.columns]
    for number, cells in rows:
        response: dict[str, Any] = {}
        for where in places:
            value = cells[where.column.number]
            try:
                if (read := where.read(value)) is not None:
                    where.note(value, read)
                    where.put(response, read)
            except _NotAllowedError as problem:
                refusals.append(Refusal(number, where.column.header, value, str(problem)))
        refusals += _texts_without_other(number, cells, places, response)
        refusals += _ranks_given_twice(number, cells, places, response)
        placed.responses.append(answering.clean(definition, response))
    if refusals:
        raise ImportRefusedError(refusals)
    return placed


class _NotAllowedError(Exception):
    """The text says what would have been allowed."""


@dataclass(frozen=True)
class _Read:
    """What a cell says: an answer's value, and the text that it means by "other"."""

    value: str | list[str]
    other: str = ""


class _Place:
    """Where one column's cells go. What a value means is worked out once."""

    def __init__(self, column: Column, layout: Layout, placed: Placed) -> None:
        self.column = column
        self.question = column.question
        self.layout = layout
        self.placed = placed
        self.known: dict[str, _Read | None] = {}

    def read(self, cell: str) -> _Read | None:
        """What the cell says; None where it is missing. Raises _NotAllowedError."""
        if cell == "":
            return None
        meaning = self._mark(cell)
        if meaning is not None:
            return None if meaning is Meaning.MISSING else _Read(NOT_APPLICABLE)
        if self.column.is_text:
            return self._text(cell)
        if cell not in self.known:
            self.known[cell] = self._choice(cell)
        return self.known[cell]

    def note(self, cell: str, read: _Read) -> None:
        """Remembers what whoever imports the answers should know of this cell."""
        chosen = [] if self.column.is_text else [read.value] if isinstance(read.value, str) else read.value
        if OTHER in chosen:
            self.placed.others[self.column.header] += 1
        if (self.column.is_text or read.other) and fold(cell) in LIKE_MARKS:
            self.placed.texts_like_marks[(cell, self.column.header)] += 1

    def put(self, response: dict[str, Any], read: _Read) -> None:
        """Raises _NotAllowedError where the texts of "other", from two columns, are too long together."""
        if self.column.is_other_text:
            self._add_text(response, str(read.value))
            return
        response[self.column.code] = read.value
        if read.other:
            self._add_text(response, read.other)

    def _add_text(self, response: dict[str, Any], text: str) -> None:
        code = answering.other_code(self.question.code)
        together = "; ".join([response[code], text] if code in response else [text])
        self._refuse_too_long(together)
        response[code] = together

    def _mark(self, cell: str) -> Meaning | None:
        """What the cell means as a mark, if it is one. A general mark is none where it is an option."""
        folded = fold(cell)
        own = self.layout.marks.of_columns.get((self.column.code, folded))
        meaning = own or self.layout.marks.general.get(folded)
        if meaning is None or (meaning is Meaning.NOT_APPLICABLE and not self._allows_not_applicable):
            return None
        if own is None and self._find(cell):
            self.placed.marks_passed_over[(cell, self.column.header)] += 1
            return None
        self.placed.marks_used[folded] += 1
        return meaning

    @property
    def _allows_not_applicable(self) -> bool:
        return self.question.not_applicable and not self.column.is_text

    def _text(self, cell: str) -> _Read | None:
        one_line = self.question.type is not QuestionType.LONG_TEXT and not self.column.is_comment
        text = answering.normalise_text(cell, one_line)
        self._refuse_too_long(text)
        return _Read(text) if text else None

    def _choice(self, cell: str) -> _Read | None:
        if not answering.normalise_text(cell):
            return None
        whole = self._find(cell)
        if self.question.type is not QuestionType.MULTIPLE:
            return _Read(whole) if whole else self._other([cell], [])
        parts = [cell] if whole else [part for part in cell.split(SEPARATOR) if answering.normalise_text(part)]
        found = [self._find(part) for part in parts]
        unknown = [part for part, code in zip(parts, found, strict=True) if code is None]
        chosen = [code for code in found if code is not None]
        self._refuse_too_many(chosen + unknown[:1])
        return self._other(unknown, chosen) if unknown else (_Read(chosen) if chosen else None)

    def _other(self, unknown: list[str], chosen: list[str]) -> _Read:
        if not self.question.other:
            raise _NotAllowedError(self._allowed(unknown if chosen else []))
        text = answering.normalise_text("; ".join(unknown), one_line=True)
        self._refuse_too_long(text)
        return _Read([*chosen, OTHER] if self.question.type is QuestionType.MULTIPLE else OTHER, text)

    def _find(self, spelling: str) -> str | None:
        return None if self.column.is_text else self._spellings.find(spelling)

    @cached_property
    def _spellings(self) -> Spellings:
        return Spellings(self.question, self.layout.languages)

    def _allowed(self, unknown: Sequence[str]) -> str:
        several = f" (several are split by “{SEPARATOR}”)" if self.question.type is QuestionType.MULTIPLE else ""
        which = f", but not {', '.join(f'“{part}”' for part in unknown)}" if unknown else ""
        marks = self.layout.marks.said(self.column, self._allows_not_applicable)
        return f"{self._spellings.allowed()}{several}{which}; {marks}"

    def _refuse_too_long(self, text: str) -> None:
        limit = answering.text_limit(self.question, self.column.code)
        if len(text) > limit:
            raise _NotAllowedError(f"a text of up to {limit} characters; this has {len(text)}")

    def _refuse_too_many(self, chosen: Sequence[str]) -> None:
        most = self.question.max
        if isinstance(most, int) and len(set(chosen)) > most:
            raise _NotAllowedError(f"at most {most} of the options together")


def _ranks_given_twice(
    number: int, cells: Sequence[str], places: Sequence[_Place], response: dict[str, Any]
) -> list[Refusal]:
    """Each rank is for one option of a ranking."""
    refusals = []
    given: dict[tuple[str, str], str] = {}
    for where in places:
        question, code = where.question, where.column.code
        if question.type is not QuestionType.RANKING or where.column.is_text or code not in response:
            continue
        first = given.setdefault((question.code, response[code]), code)
        if first != code:
            allowed = f"another rank, since {response[code]} is given to {first} already"
            refusals.append(Refusal(number, where.column.header, cells[where.column.number], allowed))
    return refusals


def _texts_without_other(
    number: int, cells: Sequence[str], places: Sequence[_Place], response: dict[str, Any]
) -> list[Refusal]:
    """Other's text from a column of its own chooses "other" where nothing else is chosen; beside another single choice
    it cannot be placed."""
    refusals = []
    for where in places:
        question = where.question
        if not where.column.is_other_text or not response.get(where.column.code):
            continue
        if question.type is QuestionType.MULTIPLE:
            chosen = response.setdefault(question.code, [])
            response[question.code] = chosen if OTHER in chosen else [*chosen, OTHER]
        elif response.setdefault(question.code, OTHER) != OTHER:
            allowed = f"nothing, since the answer to {question.code} is {response[question.code]} and not {OTHER}"
            refusals.append(Refusal(number, where.column.header, cells[where.column.number], allowed))
    return refusals


def most_refused(values: Sequence[str]) -> str | None:
    """The value that is refused so often that it looks like a mark; None where none is."""
    (value, times), *_ = Counter(values).most_common(1) or [("", 0)]
    return value if times >= 5 and 2 * times >= len(values) else None
