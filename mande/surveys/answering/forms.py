"""A section of a questionnaire as a page in one language: what is drawn, and what is accepted of what comes back.

WTForms validates (`fields`, `composed`); the macros in templates/surveys/questions.html draw the prompts. A `Sheet` is
made once for each definition, page, route and language and is kept; a request makes no more than a form of its fields.
"""

from collections.abc import Hashable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms.fields.core import UnboundField
from wtforms.form import BaseForm

from mande.surveys.answering import prompts
from mande.surveys.answering.ballot import Route
from mande.surveys.answering.composed import Composed
from mande.surveys.answering.composed import Day
from mande.surveys.answering.composed import Ranking
from mande.surveys.answering.fields import Answered
from mande.surveys.answering.fields import AnyOf
from mande.surveys.answering.fields import Number
from mande.surveys.answering.fields import OneOf
from mande.surveys.answering.fields import Typed
from mande.surveys.answering.paging import Page
from mande.surveys.answering.prompts import PREFIX
from mande.surveys.answering.prompts import Prompt
from mande.surveys.questionnaires.answers import OTHER
from mande.surveys.questionnaires.answers import other_code
from mande.surveys.questionnaires.answers import question_codes
from mande.surveys.questionnaires.definition import Definition
from mande.surveys.questionnaires.definition import say
from mande.surveys.questionnaires.questions import QuestionType

__all__ = ["PREFIX", "Prompt", "Sheet", "sheet", "sheets"]

FIELDS: Mapping[str, type[Answered]] = {
    QuestionType.MULTIPLE: AnyOf,
    QuestionType.SHORT_TEXT: Typed,
    QuestionType.LONG_TEXT: Typed,
    QuestionType.NUMBER: Number,
    QuestionType.DATE: Day,
    QuestionType.RANKING: Ranking,
}


@dataclass(frozen=True)
class Sheet:
    """A page: the section `number` of the questionnaire, shown as the page `position` of `total` on a route.

    `asked` are the codes of its questions.
    """

    route: Route
    number: int
    position: int
    total: int
    asked: tuple[str, ...]
    title: str
    intro: str
    prompts: tuple[Prompt, ...]
    fields: tuple[tuple[str, UnboundField], ...]

    def form(self, answers: Mapping[str, Any], posted: MultiDict[str, str] | None = None) -> BaseForm:
        """The fields, filled with what was saved or, where there is any, with what was posted."""
        form = BaseForm(self.fields, prefix=PREFIX)
        form.process(posted, data={**answers, **dict(self._spread(answers))})
        for prompt in self.prompts:
            if prompt.beside:
                chosen, beside = form[prompt.code], form[prompt.beside.code]
                chosen.data, beside.data = _settled(prompt, chosen.data, beside.data)
        return form

    def shown(self, answers: Mapping[str, Any]) -> Mapping[str, Any]:
        """What the inputs hold when they are filled with what was saved, by code; a part's is "question.part"."""
        shown = {**answers}
        for code, parts in self._spread(answers):
            shown |= {f"{code}.{part}": text for part, text in parts.items()}
        for prompt in self.prompts:
            if prompt.beside:
                chosen, beside = answers.get(prompt.code, ""), answers.get(prompt.beside.code, "")
                shown[prompt.code], shown[prompt.beside.code] = _settled(prompt, chosen, beside)
        return shown

    def read(self, form: BaseForm) -> tuple[dict[str, Any], set[str]]:
        """What may be saved of a validated form: the answers, and the codes for which they speak.

        A field that is wrong is in neither, so that what was saved before stays; nor is the text beside its "other".
        """
        alone = {prompt.beside.code for prompt in self.prompts if prompt.beside and form[prompt.code].errors}
        right = [field for field in form if not field.errors and field.short_name not in alone]
        answers = {code: value for field in right for code, value in field.kept.items()}
        return answers, {code for field in right for code in field.codes}

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """Every code under which its fields can keep something."""
        return tuple(code for prompt in self.prompts for code in question_codes(prompt.question))

    def place(self, code: str) -> str | None:
        """The id in HTML of what asks for the answer under `code`; None where nothing on this page does."""
        inner = (inner for outer in self.prompts for inner in (outer, *outer.answerable()))
        return next((prompt.name for prompt in inner if prompt.code == code), None)

    def without(self, code: str, posted: MultiDict[str, str]) -> MultiDict[str, str]:
        """What was posted, but for the answer under `code`."""
        names = (PREFIX + code, PREFIX + other_code(code))
        return MultiDict([(name, value) for name, value in posted.items(multi=True) if name not in names])

    def _spread(self, answers: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, str]]]:
        for prompt in self.prompts:
            kind = FIELDS.get(prompt.kind, OneOf)
            if issubclass(kind, Composed):
                yield prompt.code, kind.spread(prompt, answers)


_kept: dict[Hashable, Sheet] = {}


def sheets(definition: Definition, shown: Sequence[Page], route: Route, language: str) -> tuple[Sheet, ...]:
    """The pages of a route in `language`, which is also the language of the interface just now."""
    return tuple(sheet(definition, page, len(shown), route, language) for page in shown)


def sheet(definition: Definition, page: Page, total: int, route: Route, language: str) -> Sheet:
    """One page of a route; see `sheets`."""
    asked = tuple(question.code for question in page.section.questions) if definition.is_conditional else ()
    key = (definition.digest, route, language, page.number, page.position, total, asked)
    found = _kept.get(key)
    if found is None:
        if len(_kept) >= 512:
            _kept.clear()
        found = _kept[key] = _sheet(route, page, total, language)
    return found


def _sheet(route: Route, page: Page, total: int, language: str) -> Sheet:
    section = page.section
    asked = tuple(prompts.prompt(question, language) for question in section.questions)
    return Sheet(
        route=route,
        number=page.number,
        position=page.position,
        total=total,
        asked=tuple(question.code for question in section.questions),
        title=say(section.title, language),
        intro=say(section.intro, language),
        prompts=asked,
        fields=tuple(field for prompt in asked for field in _fields(prompt)),
    )


def _fields(prompt: Prompt) -> Iterator[tuple[str, UnboundField]]:
    """The fields of a question, under their codes."""
    for part in (*prompt.answerable(), prompt.beside, prompt.remark):
        if part:
            yield part.code, UnboundField(FIELDS.get(part.kind, OneOf), part)


def _settled(prompt: Prompt, chosen: Any, beside: str) -> tuple[Any, str]:
    """The text beside "other" goes where "other" is not chosen. Where nothing is, it chooses "other" itself."""
    several = prompt.kind == QuestionType.MULTIPLE
    if beside and not chosen:
        chosen = [OTHER] if several else OTHER
    return chosen, beside if OTHER in (chosen if several else [chosen]) else ""
