"""What came back of a page: what of it may be saved, what is wrong with it, and what is asked because of it.

A page may hold questions that are asked because of others on it. So everything that a page of this number can hold is
read, whatever it showed when it was drawn; what has been answered then decides what is asked, and only that can be
wrong or left out.
"""

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms.form import BaseForm

from mande.surveys.answering import forms
from mande.surveys.answering import paging
from mande.surveys.answering.ballot import Route
from mande.surveys.answering.forms import Sheet
from mande.surveys.answering.paging import Page
from mande.surveys.answering.prompts import PREFIX
from mande.surveys.questionnaires.conditions import Facts
from mande.surveys.questionnaires.definition import Definition

SHOWN = "shown"


@dataclass(frozen=True)
class Received:
    """`answers` may be saved, and speak for those of the page's `codes` that are in `spoken`. `sheet` and `form` draw
    the page again, as it is asked now. `more` are the codes of questions that are asked now and were not before.
    """

    sheet: Sheet
    form: BaseForm
    answers: dict[str, Any]
    codes: Sequence[str]
    spoken: set[str]
    more: tuple[str, ...] = ()

    @property
    def wrong(self) -> bool:
        """Whether anything has to be put right."""
        return bool(self.form.errors)


def read(
    definition: Definition,
    route: Route,
    number: int,
    language: str,
    posted: MultiDict[str, str],
    saved: Mapping[str, Any],
    facts: Facts,
    cleared: str = "",
) -> Received | None:
    """Reads the page `number` of a route, its answer under `cleared` taken out; None where no such page is asked."""
    before = paging.pages(definition, route, saved, facts)
    page = _find(before, number)
    if page is None:
        return None
    sheet = forms.sheet(definition, page, len(before), route, language)
    if not definition.is_conditional:
        return _received(sheet, sheet, posted, cleared)
    whole = forms.sheet(definition, _whole(definition, route, page), len(before), route, language)
    received = _received(sheet, whole, posted, cleared)
    merged = {code: value for code, value in saved.items() if code not in received.spoken} | received.answers
    now = paging.pages(definition, route, merged, facts)
    page = _find(now, number)
    if page is None:  # every question of it is asked only because of another on it
        return replace(received, form=_forgiven(received.form, set()))
    asked = forms.sheet(definition, page, len(now), route, language)
    # The page says what it showed: a draft saved meanwhile may have made more be asked, which nobody has seen yet.
    shown = posted[SHOWN].split() if SHOWN in posted else sheet.asked
    seen = {code for code in asked.asked if code in shown or _is_posted(code, posted)}
    more = tuple(code for code in asked.asked if code not in seen)
    return replace(received, sheet=asked, form=_forgiven(received.form, seen), more=more)


def _received(sheet: Sheet, whole: Sheet, posted: MultiDict[str, str], cleared: str) -> Received:
    form = whole.form({}, whole.without(cleared, posted))
    form.validate()
    answers, spoken = whole.read(form)
    return Received(sheet, form, answers, whole.codes, spoken)


def _find(pages: tuple[Page, ...], number: int) -> Page | None:
    return next((page for page in pages if page.number == number), None)


def _whole(definition: Definition, route: Route, page: Page) -> Page:
    """A page with everything that it can hold."""
    section = definition.sections[page.number - 1]
    if route == "short":
        section = replace(section, questions=tuple(question for question in section.questions if question.core))
    return replace(page, section=section)


def _forgiven(form: BaseForm, seen: set[str]) -> BaseForm:
    """The form without what is wrong in questions that are not asked, or that nobody has seen yet."""
    for field in form:
        if field.prompt.question.code not in seen:
            field.errors = []
    return form


def _is_posted(code: str, posted: MultiDict[str, str]) -> bool:
    """Whether anything came back under a question's name or a part of it."""
    name = PREFIX + code
    return any(field == name or field.startswith(f"{name}.") for field in posted)
