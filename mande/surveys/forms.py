"""A section of a questionnaire as a page in one language: what is drawn, and what is accepted of what comes back.

WTForms validates; the macros in templates/surveys/questions.html draw. A `Sheet` is made once for each definition,
route and language and is kept; a request makes no more than a form of its fields.
"""

from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import replace
from typing import Any

from flask_babel import gettext
from flask_babel import ngettext
from werkzeug.datastructures import MultiDict
from wtforms import Field
from wtforms.fields.core import UnboundField
from wtforms.form import BaseForm
from wtforms.validators import ValidationError

from mande.surveys import paging
from mande.surveys.answers import NOT_APPLICABLE
from mande.surveys.answers import OTHER
from mande.surveys.answers import normalise_text
from mande.surveys.answers import other_code
from mande.surveys.ballot import Route
from mande.surveys.definition import Definition
from mande.surveys.definition import Question
from mande.surveys.definition import QuestionType
from mande.surveys.definition import Section
from mande.surveys.definition import say

PREFIX = "q-"


@dataclass(frozen=True)
class Choice:
    """One radio button or tick box."""

    value: str
    label: str
    exclusive: bool = False


@dataclass(frozen=True)
class Prompt:
    """A question, or one row of a matrix, in one language. A matrix itself holds rows and nothing to choose.

    `choices` leaves out what stands apart from them: `not_applicable` and `other`. `limit` is in characters.
    """

    code: str
    kind: str
    text: str
    hint: str = ""
    choices: tuple[Choice, ...] = ()
    not_applicable: Choice | None = None
    other: Choice | None = None
    rows: tuple["Prompt", ...] = ()
    required: bool = False
    limit: int = 0

    @property
    def name(self) -> str:
        """Its name and id in HTML, which no attribute of a form can clash with."""
        return PREFIX + self.code

    @property
    def other_code(self) -> str:
        return other_code(self.code)

    def all_choices(self) -> Iterator[Choice]:
        yield from self.choices
        if self.other:
            yield self.other
        if self.not_applicable:
            yield self.not_applicable

    def answerable(self) -> tuple["Prompt", ...]:
        """What has an answer of its own: the rows of a matrix, otherwise the question."""
        return self.rows or (self,)


@dataclass(frozen=True)
class Sheet:
    """A page: the section `number` of `total` on a route."""

    route: Route
    number: int
    total: int
    title: str
    intro: str
    prompts: tuple[Prompt, ...]
    fields: tuple[tuple[str, UnboundField], ...]

    def form(self, answers: Mapping[str, Any], posted: MultiDict[str, str] | None = None) -> BaseForm:
        """The fields, filled with what was saved or, where there is any, with what was posted."""
        form = BaseForm(self.fields, prefix=PREFIX)
        form.process(posted, data=answers)
        for prompt in self.prompts:
            if prompt.other:
                chosen, beside = form[prompt.code], form[prompt.other_code]
                chosen.data, beside.data = _settled(prompt, chosen.data, beside.data)
        return form

    def shown(self, answers: Mapping[str, Any]) -> Mapping[str, Any]:
        """What the fields hold when they are filled with what was saved, by code."""
        shown = {**answers}
        for prompt in self.prompts:
            if prompt.other:
                chosen, beside = answers.get(prompt.code, ""), answers.get(prompt.other_code, "")
                shown[prompt.code], shown[prompt.other_code] = _settled(prompt, chosen, beside)
        return shown

    def read(self, form: BaseForm) -> tuple[dict[str, Any], set[str]]:
        """What may be saved of a validated form: the answers, and the codes for which they speak.

        A field that is wrong is in neither, so that what was saved before stays.
        """
        right = {field.short_name: field.data for field in form if not field.errors}
        return {code: value for code, value in right.items() if value}, set(right)

    def place(self, code: str) -> str | None:
        """The id in HTML of what asks for the answer under `code`; None where nothing on this page does."""
        names = (inner.name for outer in self.prompts for inner in outer.answerable() if inner.code == code)
        return next(names, None)

    def without(self, code: str, posted: MultiDict[str, str]) -> MultiDict[str, str]:
        """What was posted, but for the answer under `code`."""
        names = (PREFIX + code, PREFIX + other_code(code))
        return MultiDict([(name, value) for name, value in posted.items(multi=True) if name not in names])


class _Answered(Field):  # type: ignore[misc]
    """An answer to a prompt; empty where there is none."""

    def __init__(self, prompt: Prompt, **options: Any) -> None:
        super().__init__(prompt.text, **options)
        self.prompt = prompt

    def checked(self, value: str) -> str:
        """The attribute in HTML of a radio button or tick box, with a blank before it."""
        return " checked" if value == self.data else ""

    def pre_validate(self, _form: BaseForm) -> None:
        if self.prompt.required and not self.data:
            raise ValidationError(gettext("Please answer “%(question)s”.", question=self.prompt.text))


class OneOf(_Answered):
    """One code, or "" where nothing was chosen."""

    def process_data(self, value: Any) -> None:
        self.data = value or ""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = valuelist[0] if valuelist else ""

    def pre_validate(self, form: BaseForm) -> None:
        super().pre_validate(form)
        if self.data and self.data not in {choice.value for choice in self.prompt.all_choices()}:
            raise ValidationError(gettext("Please choose one of the answers shown."))


class AnyOf(_Answered):
    """A list of codes, in the order of the choices. "None of these" goes where something else is ticked."""

    def process_data(self, value: Any) -> None:
        self.data = list(value or ())

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = valuelist

    def checked(self, value: str) -> str:
        return " checked" if value in self.data else ""

    def pre_validate(self, form: BaseForm) -> None:
        super().pre_validate(form)
        known = [choice.value for choice in self.prompt.all_choices()]
        if not set(self.data) <= set(known):
            raise ValidationError(gettext("Please choose among the answers shown."))
        alone = {choice.value for choice in self.prompt.choices if choice.exclusive}
        ticked = [value for value in known if value in self.data]
        self.data = [value for value in ticked if value not in alone] or ticked[:1]


class Typed(_Answered):
    """A text, counted in characters after line ends and stray white space are put right."""

    def process_data(self, value: Any) -> None:
        self.data = value or ""

    def process_formdata(self, valuelist: list[str]) -> None:
        one_line = self.prompt.kind != QuestionType.LONG_TEXT
        self.data = normalise_text(valuelist[0], one_line) if valuelist else ""

    def pre_validate(self, form: BaseForm) -> None:
        super().pre_validate(form)
        over = len(self.data) - self.prompt.limit
        if over > 0:
            raise ValidationError(
                ngettext(
                    "This answer is %(num)d character too long. Please shorten it to %(limit)d.",
                    "This answer is %(num)d characters too long. Please shorten it to %(limit)d.",
                    over,
                    limit=self.prompt.limit,
                )
            )


FIELDS: Mapping[str, type[_Answered]] = {
    QuestionType.MULTIPLE: AnyOf,
    QuestionType.SHORT_TEXT: Typed,
    QuestionType.LONG_TEXT: Typed,
}


def _settled(prompt: Prompt, chosen: Any, beside: str) -> tuple[Any, str]:
    """The text beside "other" goes where "other" is not chosen. Where nothing is, it chooses "other" itself."""
    several = prompt.kind == QuestionType.MULTIPLE
    if beside and not chosen:
        chosen = [OTHER] if several else OTHER
    return chosen, beside if OTHER in (chosen if several else [chosen]) else ""


_kept: dict[tuple[str, str, str], tuple[Sheet, ...]] = {}


def sheets(definition: Definition, route: Route, language: str) -> tuple[Sheet, ...]:
    """The pages of a route in `language`, which is also the language of the interface just now."""
    key = (definition.digest, route, language)
    found = _kept.get(key)
    if found is None:
        if len(_kept) >= 256:
            _kept.clear()
        pages = paging.sections(definition, route)
        made = (_sheet(route, page, number, len(pages), language) for number, page in enumerate(pages, 1))
        found = _kept[key] = tuple(made)
    return found


def _sheet(route: Route, section: Section, number: int, total: int, language: str) -> Sheet:
    prompts = tuple(_prompt(question, language) for question in section.questions)
    fields = tuple(field for outer in prompts for inner in outer.answerable() for field in _fields(inner))
    return Sheet(route, number, total, say(section.title, language), say(section.intro, language), prompts, fields)


def _fields(prompt: Prompt) -> Iterator[tuple[str, UnboundField]]:
    yield prompt.code, UnboundField(FIELDS.get(prompt.kind, OneOf), prompt)
    if prompt.other:
        beside = Prompt(prompt.other_code, QuestionType.SHORT_TEXT, prompt.text, limit=prompt.limit)
        yield beside.code, UnboundField(Typed, beside)


def _prompt(question: Question, language: str) -> Prompt:
    not_applicable = Choice(NOT_APPLICABLE, gettext("Not applicable")) if question.not_applicable else None
    choices = tuple(Choice(option.code, option.say(language), option.exclusive) for option in question.options)
    whole = Prompt(
        code=question.code,
        kind=question.type,
        text=say(question.text, language),
        hint=say(question.hint, language),
        required=question.required,
        limit=question.max_length,
    )
    if question.type is not QuestionType.MATRIX:
        other = Choice(OTHER, gettext("Other")) if question.other else None
        return replace(whole, choices=choices, not_applicable=not_applicable, other=other)
    rows = tuple(
        Prompt(
            code=f"{question.code}.{row.code}",
            kind=QuestionType.SCALE,
            text=say(row.label, language),
            choices=choices,
            not_applicable=not_applicable,
            required=question.required,
        )
        for row in question.rows
    )
    return replace(whole, rows=rows)
