"""What is accepted of what people choose and type, by type of question. What is wrong stays in its field as it was
typed, beside the reason.

Each field has its value as it is shown (`data`) and, once it has passed, what of it is kept (`kept`).
"""

from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

from flask_babel import format_decimal
from flask_babel import gettext
from flask_babel import ngettext
from wtforms import Field
from wtforms.form import BaseForm
from wtforms.validators import ValidationError

from mande.surveys.answering.prompts import Prompt
from mande.surveys.questionnaires import answers
from mande.surveys.questionnaires.answers import normalise_text

ENDINGS = tuple(".:?!…؟。？")
LONGEST_SHOWN = 80


class Answered(Field):  # type: ignore[misc]
    """An answer to a prompt; empty where there is none."""

    def __init__(self, prompt: Prompt, **options: Any) -> None:
        super().__init__(prompt.text, **options)
        self.prompt = prompt

    @property
    def codes(self) -> Sequence[str]:
        """For which codes it speaks."""
        return (self.prompt.code,)

    @property
    def kept(self) -> Mapping[str, Any]:
        """What may be saved, by code, once it has been validated without errors."""
        return {self.prompt.code: self.data} if self.data else {}

    @property
    def place(self) -> str:
        """The id in HTML to which a message about it leads."""
        return str(self.name)

    def about(self, message: str) -> str:
        """A message as it stands away from the question: with the question before it, unless it names it itself."""
        asked = shorten(self.prompt.text)
        if self.prompt.text in message:
            return message
        return f"{asked} {message}" if asked.endswith(ENDINGS) else f"{asked}: {message}"

    def checked(self, value: str) -> str:
        """The attribute in HTML of a radio button or tick box, with a blank before it."""
        return " checked" if value == self.data else ""

    def selected(self, value: str) -> str:
        """The attribute in HTML of a line in a list, with a blank before it."""
        return " selected" if value == self.data else ""

    def opened(self) -> str:
        """The attribute in HTML of what folds up and holds the field, with a blank before it."""
        return " open" if self.data else ""

    @property
    def is_empty(self) -> bool:
        return not self.data

    def pre_validate(self, _form: BaseForm) -> None:
        if self.prompt.required and self.is_empty:
            raise ValidationError(gettext("Please answer “%(question)s”.", question=self.prompt.text))


class OneOf(Answered):
    """One code, or "" where nothing was chosen."""

    def process_data(self, value: Any) -> None:
        self.data = value or ""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = valuelist[0] if valuelist else ""

    def pre_validate(self, form: BaseForm) -> None:
        super().pre_validate(form)
        if self.data and self.data not in self.prompt.values:
            raise ValidationError(gettext("Please choose one of the answers shown."))


class AnyOf(Answered):
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
        if self.data and self.data[0] not in alone:
            self._count(len(self.data))

    def _count(self, ticked: int) -> None:
        least, most = self.prompt.question.min, self.prompt.question.max
        if isinstance(most, int) and ticked > most:
            raise ValidationError(
                ngettext(
                    "You have chosen %(ticked)s, which is %(num)s too many. Please choose at most %(most)s.",
                    "You have chosen %(ticked)s, which is %(num)s too many. Please choose at most %(most)s.",
                    ticked - most,
                    ticked=ticked,
                    most=most,
                )
            )
        if isinstance(least, int) and ticked < least:
            raise ValidationError(
                ngettext(
                    "You have chosen %(ticked)s. Please choose %(num)s more: at least %(least)s.",
                    "You have chosen %(ticked)s. Please choose %(num)s more: at least %(least)s.",
                    least - ticked,
                    ticked=ticked,
                    least=least,
                )
            )


class Typed(Answered):
    """A text, counted in characters after line ends and stray white space are put right."""

    def process_data(self, value: Any) -> None:
        self.data = value or ""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = normalise_text(valuelist[0], one_line=not self.prompt.is_long) if valuelist else ""

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


class Number(Answered):
    """A whole number within bounds, in digits of any script, with or without separators."""

    def process_data(self, value: Any) -> None:
        self.data = value or ""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = normalise_text(valuelist[0], one_line=True) if valuelist else ""

    @property
    def kept(self) -> Mapping[str, Any]:
        number = answers.number(self.prompt.question, self.data)
        return {self.prompt.code: number} if number else {}

    def pre_validate(self, form: BaseForm) -> None:
        super().pre_validate(form)
        if self.data and not self.kept:
            least, most = self.prompt.question.min, self.prompt.question.max
            raise ValidationError(
                gettext(
                    "Please write a whole number from %(least)s to %(most)s, in digits.",
                    least=format_decimal(least),
                    most=format_decimal(most),
                )
            )


def shorten(text: str) -> str:
    """A question as a line of a list has it."""
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1].rstrip() + "…"
