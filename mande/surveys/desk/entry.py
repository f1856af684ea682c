"""The form in which answers are taken down: the whole questionnaire on one page, each condition said in words."""

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms.form import BaseForm

from mande.surveys.answering import forms
from mande.surveys.answering.ballot import Route
from mande.surveys.answering.forms import Sheet
from mande.surveys.answering.paging import Page
from mande.surveys.paper import blanks
from mande.surveys.questionnaires import answers as answering
from mande.surveys.questionnaires import condition_wording
from mande.surveys.questionnaires.conditions import Condition
from mande.surveys.questionnaires.definition import Definition

ROUTE: Route = "full"


@dataclass(frozen=True)
class Part:
    """A section of the form: what is drawn, and the fields that are filled."""

    sheet: Sheet
    form: BaseForm
    only_if: str
    conditions: Mapping[str, str]


@dataclass(frozen=True)
class Entry:
    """The form as it stands. Where nothing is `wrong`, those of the `answers` may be kept that are asked for."""

    parts: tuple[Part, ...]
    answers: dict[str, Any]

    @property
    def wrong(self) -> list[tuple[str, str]]:
        """What has to be put right: the place on the page, and the message."""
        return [
            (f"#{field.place}", field.about(message))
            for part in self.parts
            for field in part.form
            for message in field.errors
        ]


def draw(
    definition: Definition,
    language: str,
    titles: Mapping[str, str],
    posted: MultiDict[str, str] | None = None,
    cleared: str = "",
) -> Entry:
    """The form of what somebody can be asked (`definition.for_person`), empty, or as it was posted.

    The interface speaks `language` just now; `titles` are those of meetings by their codes. Nobody can be made to
    answer on paper or by telephone: nothing is required.
    """
    numbered = blanks.with_numbers(definition)

    def say(condition: Condition | None) -> str:
        return condition_wording.say(blanks.with_titles(condition, titles), numbered, language) if condition else ""

    whole = _unconditional(numbered)
    pages = [Page(number, number, section) for number, section in enumerate(whole.sections, 1)]
    parts: list[Part] = []
    answers: dict[str, Any] = {}
    for sheet, section in zip(forms.sheets(whole, pages, ROUTE, language), definition.sections, strict=True):
        form = sheet.form({}, sheet.without(cleared, posted) if posted is not None else None)
        if posted is not None:
            form.validate()
            answers |= sheet.read(form)[0]
        conditions = {question.code: say(question.ask_if) for question in section.questions if question.ask_if}
        parts.append(Part(sheet, form, say(section.ask_if), conditions))
    return Entry(tuple(parts), dict(answering.clean(definition, answers)))


def _unconditional(definition: Definition) -> Definition:
    """The same with every question asked, and none required."""
    return replace(
        definition,
        sections=tuple(
            replace(
                section,
                ask_if=None,
                questions=tuple(replace(question, ask_if=None, required=False) for question in section.questions),
            )
            for section in definition.sections
        ),
    )


def attended(codes: Sequence[str], posted: MultiDict[str, str]) -> tuple[str, ...]:
    """The meetings that a sheet has ticked, in their order."""
    return tuple(code for code in codes if code in posted.getlist("meeting"))
