"""A question as it is put in one language: what is drawn, and among what one chooses."""

from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import replace
from datetime import date
from functools import cache
from functools import cached_property

from flask_babel import gettext
from flask_babel import ngettext

from mande.surveys.questionnaires.answers import COMMENT_LENGTH
from mande.surveys.questionnaires.answers import NOT_APPLICABLE
from mande.surveys.questionnaires.answers import OTHER
from mande.surveys.questionnaires.answers import comment_code
from mande.surveys.questionnaires.answers import other_code
from mande.surveys.questionnaires.questions import Question
from mande.surveys.questionnaires.questions import QuestionType
from mande.surveys.questionnaires.questions import say
from mande.surveys.questionnaires.standard import country_names
from mande.web import day

PREFIX = "q-"


@dataclass(frozen=True)
class Choice:
    """One radio button, tick box or line of a list."""

    value: str
    label: str
    exclusive: bool = False


@dataclass(frozen=True)
class Prompt:
    """A question, or one row of a matrix, in one language. A matrix itself holds rows and nothing to choose.

    `choices` leaves out what stands apart from them: `not_applicable` and `other`. `limit` is in characters. `beside`
    asks for the text beside "other", `remark` for a comment on the question.
    """

    question: Question
    code: str
    kind: str
    text: str
    language: str
    hint: str = ""
    unit: str = ""
    choices: tuple[Choice, ...] = ()
    not_applicable: Choice | None = None
    other: Choice | None = None
    beside: "Prompt | None" = None
    remark: "Prompt | None" = None
    rows: tuple["Prompt", ...] = ()
    required: bool = False
    limit: int = 0

    @property
    def name(self) -> str:
        """Its name and id in HTML, which no attribute of a form can clash with."""
        return PREFIX + self.code

    @property
    def is_list(self) -> bool:
        """Whether one chooses from a list that folds up."""
        return self.kind == QuestionType.COUNTRY or self.question.display == "list"

    @property
    def is_long(self) -> bool:
        """Whether several lines may be typed."""
        return self.kind == QuestionType.LONG_TEXT

    @property
    def is_remark(self) -> bool:
        """Whether it asks for the comment on a question."""
        return self.code == comment_code(self.question.code)

    def all_choices(self) -> Iterator[Choice]:
        yield from self.choices
        if self.other:
            yield self.other
        if self.not_applicable:
            yield self.not_applicable

    @cached_property
    def values(self) -> frozenset[str]:
        """What may be chosen."""
        return frozenset(choice.value for choice in self.all_choices())

    def answerable(self) -> tuple["Prompt", ...]:
        """What has an answer of its own: the rows of a matrix, otherwise the question; nothing of information."""
        if self.kind == QuestionType.INFO:
            return ()
        return self.rows or (self,)


def prompt(question: Question, language: str) -> Prompt:
    """The question in `language`, which is also that of the interface just now."""
    whole = Prompt(
        question=question,
        code=question.code,
        kind=question.type,
        text=say(question.text, language),
        language=language,
        hint=say(question.hint, language),
        unit=say(question.unit, language),
        required=question.required,
        limit=question.max_length,
    )
    whole = replace(whole, hint=_with_bounds(whole), remark=_remark(whole) if question.comment else None)
    choices = _choices(question, language)
    not_applicable = Choice(NOT_APPLICABLE, gettext("Not applicable")) if question.not_applicable else None
    if question.type is QuestionType.MATRIX:
        return replace(whole, rows=tuple(_rows(question, choices, not_applicable, language)))
    other = Choice(OTHER, gettext("Other")) if question.other else None
    beside = replace(_text(whole, other_code(question.code)), limit=whole.limit) if question.other else None
    return replace(whole, choices=choices, not_applicable=not_applicable, other=other, beside=beside)


def _choices(question: Question, language: str) -> tuple[Choice, ...]:
    if question.type is QuestionType.COUNTRY:
        return _countries(language)
    return tuple(Choice(option.code, option.say(language), option.exclusive) for option in question.options)


@cache
def _countries(language: str) -> tuple[Choice, ...]:
    return tuple(Choice(code, name) for code, name in country_names(language).items())


def _rows(
    question: Question, choices: tuple[Choice, ...], not_applicable: Choice | None, language: str
) -> Iterator[Prompt]:
    for row in question.rows:
        yield Prompt(
            question=question,
            code=f"{question.code}.{row.code}",
            kind=QuestionType.SCALE,
            text=say(row.label, language),
            language=language,
            choices=choices,
            not_applicable=not_applicable,
            required=question.required,
        )


def _text(whole: Prompt, code: str) -> Prompt:
    """What asks for a line of text that belongs to a question."""
    return Prompt(whole.question, code, QuestionType.SHORT_TEXT, whole.text, whole.language)


def _remark(whole: Prompt) -> Prompt:
    return replace(_text(whole, comment_code(whole.code)), kind=QuestionType.LONG_TEXT, limit=COMMENT_LENGTH)


def _with_bounds(whole: Prompt) -> str:
    """The hint of the questionnaire's author, and what its type asks to be told beforehand."""
    bounds = _bounds(whole.question)
    if whole.kind == QuestionType.MULTIPLE and not whole.hint and not bounds:
        return str(gettext("Choose all that apply."))
    return f"{whole.hint} {bounds}" if whole.hint and bounds else whole.hint or bounds


def _bounds(question: Question) -> str:
    match question.type:
        case QuestionType.MULTIPLE:
            return _ticks(question)
        case QuestionType.RANKING:
            return _ranks(question)
        case QuestionType.DATE:
            return _days(question)
        case _:
            return ""


def _days(question: Question) -> str:
    least, most = (day(date.fromisoformat(str(end))) if end else "" for end in (question.min, question.max))
    if least and most:
        return str(gettext("From %(least)s to %(most)s.", least=least, most=most))
    if least:
        return str(gettext("Not before %(least)s.", least=least))
    if most:
        return str(gettext("Not after %(most)s.", most=most))
    return str(gettext("For example: 27 3 2024."))


def _ticks(question: Question) -> str:
    least, most = question.min, question.max
    if isinstance(least, int) and least > 1 and isinstance(most, int):
        if least == most:
            return str(gettext("Choose %(number)s.", number=most))
        return str(gettext("Choose %(least)s to %(most)s.", least=least, most=most))
    if isinstance(least, int) and least > 1:
        return str(gettext("Choose at least %(least)s.", least=least))
    if isinstance(most, int):
        return str(ngettext("Choose one.", "Choose at most %(num)s.", most))
    return ""


def _ranks(question: Question) -> str:
    most = len(question.ranks)
    if most == len(question.options):
        return str(gettext("Give each a rank: 1 comes first, %(last)s comes last. Use each rank once.", last=most))
    if most == 1:
        return str(gettext("Give rank 1 to the one that comes first."))
    return str(gettext("Rank up to %(most)s of these: 1 comes first. Use each rank once.", most=most))
