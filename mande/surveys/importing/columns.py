"""Which column of a table goes to which question, and which cells mean "missing" or "not applicable"."""

from collections import Counter
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from functools import cached_property

from mande.surveys.questionnaires import answers as answering
from mande.surveys.questionnaires import audience
from mande.surveys.questionnaires.definition import Definition
from mande.surveys.questionnaires.definition import Question
from mande.surveys.questionnaires.definition import QuestionType
from mande.surveys.questionnaires.matching import fold

PARTS = {QuestionType.MATRIX: "rows", QuestionType.RANKING: "options"}


class Meaning(StrEnum):
    """What a mark stands for; the value is the option of the command by which it is given."""

    MISSING = "--missing"
    NOT_APPLICABLE = "--not-applicable"


class ColumnsError(Exception):
    """The columns, or what was said of them, do not fit the questionnaire. `problems` are sentences."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(problems))


@dataclass(frozen=True)
class Column:
    """The column `number` (from 0), whose cells go under `code`: an item's, a text's, that of other's text or of a
    comment.
    """

    number: int
    header: str
    code: str
    question: Question

    @cached_property
    def is_other_text(self) -> bool:
        return self.question.other and self.code == answering.other_code(self.question.code)

    @cached_property
    def is_comment(self) -> bool:
        return self.question.comment and self.code == answering.comment_code(self.question.code)

    @cached_property
    def is_text(self) -> bool:
        return self.question.type.is_text or self.is_other_text or self.is_comment


@dataclass(frozen=True)
class Marks:
    """What cells mean, by their folded text: in every column, or under one code. `written` is how each was written."""

    general: Mapping[str, Meaning]
    of_columns: Mapping[tuple[str, str], Meaning]
    written: Mapping[str, str]

    def said(self, column: Column, not_applicable: bool) -> str:
        """The marks that a cell of this column may hold, in words."""
        said = " or ".join(["empty", *self._of(column, Meaning.MISSING)]) + " where missing"
        if not_applicable:
            marks = self._of(column, Meaning.NOT_APPLICABLE)
            said += f"; {' or '.join(marks) or f'a mark ({Meaning.NOT_APPLICABLE})'} where not applicable"
        return said

    def _of(self, column: Column, meaning: Meaning) -> list[str]:
        own = [folded for (code, folded), meant in self.of_columns.items() if code == column.code and meant is meaning]
        return [self.written[folded] for folded in (*own, *(m for m in self.general if self.general[m] is meaning))]


@dataclass(frozen=True)
class Layout:
    """How a table is to be read. `absent` are the codes for which it has no column."""

    columns: tuple[Column, ...]
    marks: Marks
    absent: tuple[str, ...]
    languages: tuple[str, ...]


def lay_out(
    definition: Definition,
    header: Sequence[str],
    columns: Iterable[str] = (),
    ignore: Iterable[str] = (),
    missing: Iterable[str] = (),
    not_applicable: Iterable[str] = (),
) -> Layout:
    """Works out the layout of a table with this `header`.

    `columns` are "HEADER=CODE", `ignore` headers; `missing` and `not_applicable` are marks, "COLUMN=MARK" for one
    column (its header or its code). Raises ColumnsError with everything that does not fit.
    """
    return _Reader(definition, header).layout(columns, ignore, missing, not_applicable)


class _Reader:
    def __init__(self, definition: Definition, header: Sequence[str]) -> None:
        self.definition = definition
        self.header = [answering.normalise_text(name, one_line=True) for name in header]
        self.questions = {
            code: question for question in definition.questions() for code in answering.question_codes(question)
        }
        self.problems: list[str] = []

    def layout(
        self, columns: Iterable[str], ignore: Iterable[str], missing: Iterable[str], not_applicable: Iterable[str]
    ) -> Layout:
        named = dict(self._named(columns))
        ignored = set(self._ignored(ignore))
        found = [
            Column(number, header, code, self.questions[code])
            for number, header in enumerate(self.header)
            if fold(header) not in ignored and (code := self._code(number, header, named)) is not None
        ]
        self._refuse_repeated(found)
        if not found and not self.problems:
            self.problems.append("No column is left that names a question.")
        marks = self._marks(found, missing, not_applicable)
        if self.problems:
            raise ColumnsError(self.problems)
        present = {column.code for column in found}
        # Other's text may stand in the column of the question itself; few tables have comments beside questions.
        beside = {name for q in self.definition.questions() for name in _beside(q)}
        absent = [code for code in self.questions if code not in present and code not in beside]
        return Layout(tuple(found), marks, tuple(absent), self.definition.languages)

    def _named(self, columns: Iterable[str]) -> Iterator[tuple[str, str]]:
        for text in columns:
            header, _, code = (part.strip() for part in text.rpartition("="))
            if not header:
                self.problems.append(f"--column “{text}”: write it as HEADER=CODE.")
            elif fold(header) not in map(fold, self.header):
                self.problems.append(f"--column “{text}”: the file has no column “{header}”.")
            elif code not in self.questions:
                self.problems.append(f"--column “{text}”: {self._unknown(code)}")
            else:
                yield fold(header), code

    def _ignored(self, ignore: Iterable[str]) -> Iterator[str]:
        for header in ignore:
            if fold(header) not in map(fold, self.header):
                self.problems.append(f"--ignore “{header}”: the file has no such column.")
            yield fold(header)

    def _code(self, number: int, header: str, named: Mapping[str, str]) -> str | None:
        folded = fold(header)
        if folded in named:
            return named[folded]
        if folded in self.questions:
            return folded
        if not header:
            self.problems.append(f"Column {letter(number)} has no heading.")
        else:
            self.problems.append(f"Column {letter(number)}, “{header}”: {self._unknown(folded)}")
        return None

    def _unknown(self, code: str) -> str:
        of_several = {q.code: q for q in self.definition.questions() if q.type in PARTS}
        if code in of_several:
            question = of_several[code]
            parts = ", ".join(item.code for item in question.items())
            return f"{code} is a {question.type.value}; a column names one of its {PARTS[question.type]}: {parts}."
        if repeated := [known for known in self.questions if audience.meeting(known) and _once(known) == code]:
            return f"{code} is asked for each meeting; a column names one: {', '.join(repeated)}."
        near = get_close_matches(code, self.questions, n=1)
        guess = f" (is it {near[0]}?)" if near else ""
        return f"The questionnaire has no question with this code{guess}."

    def _refuse_repeated(self, found: Sequence[Column]) -> None:
        times = Counter(column.code for column in found)
        for code in (code for code, number in times.items() if number > 1):
            same = ", ".join(f"{letter(column.number)} (“{column.header}”)" for column in found if column.code == code)
            self.problems.append(f"More than one column is for {code}: {same}. Leave all but one out of the file.")

    def _marks(self, found: Sequence[Column], missing: Iterable[str], not_applicable: Iterable[str]) -> Marks:
        general: dict[str, Meaning] = {}
        of_columns: dict[tuple[str, str], Meaning] = {}
        written: dict[str, str] = {}
        given = [(Meaning.MISSING, text) for text in missing]
        given += [(Meaning.NOT_APPLICABLE, text) for text in not_applicable]
        for meaning, text in given:
            name, equals, mark = (part.strip() for part in text.rpartition("="))
            written.setdefault(fold(mark), mark)
            if not mark:
                self.problems.append(f"{meaning} “{text}”: an empty cell is missing anyway; give a mark.")
            elif not equals:
                meant = general.setdefault(fold(mark), meaning)
                self._refuse_two_meanings(meaning, meant, text)
            elif column := self._marked(meaning, text, name, found):
                meant = of_columns.setdefault((column.code, fold(mark)), meaning)
                self._refuse_two_meanings(meaning, meant, text)
        return Marks(general, of_columns, written)

    def _marked(self, meaning: Meaning, text: str, name: str, found: Sequence[Column]) -> Column | None:
        column = next((c for c in found if fold(name) in (fold(c.header), c.code)), None)
        if column is None:
            self.problems.append(f"{meaning} “{text}”: there is no column “{name}” among those that are read.")
        elif meaning is Meaning.NOT_APPLICABLE and (column.is_text or not column.question.not_applicable):
            self.problems.append(f"{meaning} “{text}”: {column.code} has no answer “not applicable”.")
            return None
        return column

    def _refuse_two_meanings(self, meaning: Meaning, meant: Meaning, text: str) -> None:
        if meant is not meaning:
            self.problems.append(f"{meaning} “{text}”: this mark is given with {meant} too.")


def _beside(question: Question) -> tuple[str, str]:
    """The codes of what can be typed beside a question."""
    return answering.other_code(question.code), answering.comment_code(question.code)


def _once(code: str) -> str:
    """A code without the meeting for which it is asked."""
    return code.replace(f"@{audience.meeting(code)}", "")


def letter(number: int) -> str:
    """The letters of a spreadsheet's column: 0 is A, 25 Z, 26 AA."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
