"""The parts of a questionnaire: sections, questions, options, and what is counted of them."""

from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from enum import StrEnum
from functools import cached_property

from mande.surveys.questionnaires.conditions import Condition

RATING_CODES = tuple(str(number) for number in range(11))
UNRANKED = "unranked"
"""The code of an option that was not ranked, where others were."""

Text = Mapping[str, str]
"""What is said, by language."""


def say(text: Text, language: str) -> str:
    """The text in `language`, else in the first language there is; "" where there is no text."""
    return text[language] if language in text else next(iter(text.values()), "")


class QuestionType(StrEnum):
    SCALE = "scale"
    MATRIX = "matrix"
    SINGLE = "single"
    MULTIPLE = "multiple"
    RATING = "rating"
    YES_NO = "yes_no"
    RANKING = "ranking"
    NUMBER = "number"
    DATE = "date"
    COUNTRY = "country"
    SHORT_TEXT = "short_text"
    LONG_TEXT = "long_text"
    INFO = "info"

    @property
    def is_text(self) -> bool:
        return self in (QuestionType.SHORT_TEXT, QuestionType.LONG_TEXT)

    @property
    def is_open(self) -> bool:
        """Whether what can be answered is more than a list of options in the questionnaire; see `coding`."""
        return self in (QuestionType.NUMBER, QuestionType.DATE, QuestionType.COUNTRY)


@dataclass(frozen=True)
class Option:
    """One answer that can be chosen. `aliases` are other spellings that an import understands; an `exclusive` one of a
    multiple choice ("none of these") goes with no other.
    """

    code: str
    label: Text
    aliases: tuple[str, ...] = ()
    exclusive: bool = False

    def say(self, language: str) -> str:
        """The label, or the code where there is none, as between the ends of a rating."""
        return say(self.label, language) or self.code


@dataclass(frozen=True)
class Row:
    """One line of a matrix."""

    code: str
    label: Text


@dataclass(frozen=True)
class Question:
    """One question, or a block of information, which has a text and no answer.

    A scale or matrix has the options "1" to "5" or to "7", the worst first; a rating "0" to "10". `max_length` counts
    characters: of a text's answer, or of the text beside "other"; 0 where none is typed. `min` and `max` are the
    least and most of a number, of a date (written 2026-11-22) or of the ticks in a multiple choice; in a ranking `max`
    is how many options are ranked. `bands` are the lower bounds by which numbers are counted.
    """

    code: str
    type: QuestionType
    text: Text
    hint: Text = field(default_factory=dict)
    options: tuple[Option, ...] = ()
    rows: tuple[Row, ...] = ()
    not_applicable: bool = False
    other: bool = False
    comment: bool = False
    required: bool = False
    core: bool = False
    internal: bool = False
    ask_if: Condition | None = None
    criterion: str | None = None
    level: str | None = None
    comparable: str = ""
    max_length: int = 0
    min: int | str | None = None
    max: int | str | None = None
    unit: Text = field(default_factory=dict)
    bands: tuple[int, ...] = ()
    display: str = ""
    why: str = ""

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """The codes of the options, in order, without "other" and "na"."""
        return tuple(option.code for option in self.options)

    @cached_property
    def ranks(self) -> tuple[str, ...]:
        """The ranks that can be given in a ranking: "1" for the first."""
        most = self.max if isinstance(self.max, int) else len(self.options)
        return tuple(str(rank) for rank in range(1, most + 1))

    @cached_property
    def item_codes(self) -> tuple[str, ...]:
        """The codes of `items`."""
        return tuple(item.code for item in self.items())

    @property
    def compared_as(self) -> str:
        """The code under which its results are set beside those of other events."""
        return self.comparable or self.code.partition("@")[0]

    def option(self, code: str) -> Option:
        """Raises KeyError where there is none of this code."""
        for option in self.options:
            if option.code == code:
                return option
        raise KeyError(code)

    def items(self) -> Iterator["Item"]:
        """What is counted of this question: nothing of a text or information, each row of a matrix, each option of a
        ranking, otherwise the question itself.
        """
        if self.type is QuestionType.MATRIX:
            yield from (Item(f"{self.code}.{row.code}", self, row) for row in self.rows)
        elif self.type is QuestionType.RANKING:
            yield from (Item(f"{self.code}.{o.code}", self, Row(o.code, o.label)) for o in self.options)
        elif not self.type.is_text and self.type is not QuestionType.INFO:
            yield Item(self.code, self, None)


@dataclass(frozen=True)
class Item:
    """What is counted: a question, or one row of a matrix or option of a ranking, whose code is "question.row"."""

    code: str
    question: Question
    row: Row | None

    @property
    def codes(self) -> tuple[str, ...]:
        """What answers are counted under, in order, without "other" and "na"; nothing where the question is open."""
        if self.question.type is QuestionType.RANKING:
            return (*self.question.ranks, UNRANKED)
        return self.question.codes

    def say(self, language: str) -> str:
        return say(self.row.label if self.row else self.question.text, language)


@dataclass(frozen=True)
class Section:
    """One page of a questionnaire; with `repeat` "meeting", one for each meeting that the person attended."""

    code: str
    title: Text
    intro: Text
    questions: tuple[Question, ...]
    ask_if: Condition | None = None
    repeat: str = ""
