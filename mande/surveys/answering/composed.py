"""Answers that are made of several inputs: dates and rankings. What is wrong stays in all of them as it was typed."""

from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext
from werkzeug.datastructures import MultiDict
from wtforms.form import BaseForm
from wtforms.validators import ValidationError

from mande.surveys.answering import days
from mande.surveys.answering.fields import Answered
from mande.surveys.answering.prompts import Prompt
from mande.surveys.questionnaires import answers
from mande.surveys.questionnaires.answers import normalise_text
from mande.web import day
from mande.web import listed


@dataclass(frozen=True)
class Part:
    """One of the inputs that make up an answer."""

    data: str
    wrong: bool

    def selected(self, value: str) -> str:
        return " selected" if value == self.data else ""


class Composed(Answered):
    """An answer of several inputs, each named after the question, with a dot and its part. `data` is by part."""

    def __init__(self, prompt: Prompt, **options: Any) -> None:
        super().__init__(prompt, **options)
        self.wrong: frozenset[str] = frozenset()

    @staticmethod
    def spread(prompt: Prompt, answers: Mapping[str, Any]) -> dict[str, str]:
        """What each part shows when it is filled with what was saved."""
        raise NotImplementedError

    def process(self, formdata: MultiDict[str, str] | None, data: Any, extra_filters: Any = None) -> None:  # noqa: ARG002
        self.process_errors: list[str] = []
        self.data = data
        if formdata is not None:
            typed = {part: formdata.get(f"{self.name}.{part}", "") for part in data}
            self.data = {part: normalise_text(text, one_line=True) for part, text in typed.items()}

    def within(self, part: str) -> Part:
        return Part(self.data[part], part in self.wrong)

    @property
    def place(self) -> str:
        first = next((part for part in self.data if part in self.wrong), next(iter(self.data)))
        return f"{self.name}.{first}"

    @property
    def is_empty(self) -> bool:
        return not any(self.data.values())

    def pre_validate(self, form: BaseForm) -> None:
        super().pre_validate(form)
        if not self.is_empty:
            self.check()

    def check(self) -> None:
        raise NotImplementedError

    def refuse(self, wrong: Iterable[str], message: str) -> None:
        self.wrong = frozenset(wrong)
        raise ValidationError(message)


class Day(Composed):
    """A date, in three inputs."""

    @staticmethod
    def spread(prompt: Prompt, answers: Mapping[str, Any]) -> dict[str, str]:
        return days.parts(answers.get(prompt.code, ""))

    @property
    def kept(self) -> Mapping[str, Any]:
        found = days.read(self.data, self.prompt.language)
        return {self.prompt.code: found} if found else {}

    def check(self) -> None:
        try:
            found = days.read(self.data, self.prompt.language)
        except days.NotADayError as error:
            if error.missing:
                message = gettext("Please complete the date: day, month and year.")
            elif error.wrong == {days.YEAR}:
                message = gettext("Please write the year with four digits.")
            else:
                message = gettext("This is not a date of the calendar. Please check day, month and year.")
            self.refuse(error.wrong, message)
        question = self.prompt.question
        if answers.day(question, found) is None:
            least, most = question.min or answers.FIRST_DAY, question.max or answers.LAST_DAY
            self.refuse(days.PARTS, gettext("Please give a date from %(least)s to %(most)s.", least=_said(str(least)),
                                            most=_said(str(most))))  # fmt: skip


class Ranking(Composed):
    """A rank for each option, or none. What is ranked counts from 1 without a gap, and no two share a rank."""

    @staticmethod
    def spread(prompt: Prompt, answers: Mapping[str, Any]) -> dict[str, str]:
        return {choice.value: answers.get(f"{prompt.code}.{choice.value}", "") for choice in prompt.choices}

    @property
    def codes(self) -> Sequence[str]:
        return [f"{self.prompt.code}.{option}" for option in self.data]

    @property
    def kept(self) -> Mapping[str, Any]:
        return {f"{self.prompt.code}.{option}": rank for option, rank in self.data.items() if rank}

    def check(self) -> None:
        ranks = self.prompt.question.ranks
        given = {option: rank for option, rank in self.data.items() if rank}
        if unknown := [option for option, rank in given.items() if rank not in ranks]:
            self.refuse(unknown, gettext("Please choose one of the answers shown."))
        for rank in ranks:
            sharing = [option for option, its in given.items() if its == rank]
            if len(sharing) > 1:
                labels = {choice.value: choice.label for choice in self.prompt.choices}
                told = gettext(
                    "Rank %(rank)s is given to more than one: %(options)s. Please give each rank once.",
                    rank=rank,
                    options=listed(gettext("“%(text)s”", text=labels[option]) for option in sharing),
                )
                self.refuse(sharing, told)
        left = [rank for rank in ranks if rank not in given.values()]
        if gaps := [rank for rank in left if int(rank) < max(map(int, given.values()))]:
            later = [option for option, rank in given.items() if int(rank) > int(gaps[0])]
            told = gettext(
                "Nothing has rank %(rank)s, though something comes after it. Please leave out no rank.", rank=gaps[0]
            )
            self.refuse(later, told)
        if left and self.prompt.required:
            told = gettext("Please give every rank from 1 to %(last)s. Rank %(rank)s is missing.", last=ranks[-1],
                           rank=left[0])  # fmt: skip
            self.refuse([option for option in self.data if option not in given], told)


def _said(iso: str) -> str:
    """A date as it is kept, as it is read: 22 November 2026."""
    return day(date.fromisoformat(iso))
