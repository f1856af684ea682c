"""The fields of an owner's forms: text as it is kept, choices that may be left out, dates that make sense."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as N_  # noqa: N812 (a name that the extractor of texts knows)
from flask_babel import ngettext
from wtforms import DateField
from wtforms import Form
from wtforms import RadioField
from wtforms import TextAreaField
from wtforms import ValidationError

from mande.followup.asking.schedule import add_months
from mande.surveys.questionnaires.answers import normalise_text
from mande.web import day

ON_A_DATE = "date"
NO_DATE = "none"
MOST_YEARS = 10


class Text(TextAreaField):  # type: ignore[misc]
    """Text as it is kept: line ends, control characters and white space put right. Too long a text is refused, and
    stays in the field."""

    def __init__(self, label: Any, longest: int, one_line: bool = False, **others: Any) -> None:
        super().__init__(label, filters=[lambda text: normalise_text(text or "", one_line)], **others)
        self.longest = longest

    def pre_validate(self, _form: Form) -> None:
        over = len(self.data) - self.longest
        if over > 0:
            raise ValidationError(
                ngettext("This is %(num)s character too long: please use at most %(longest)s.",
                         "This is %(num)s characters too long: please use at most %(longest)s.", over,
                         longest=self.longest)
            )  # fmt: skip


class Choice(RadioField):  # type: ignore[misc]
    """Radio buttons of which none need be chosen."""

    def __init__(self, label: Any, **others: Any) -> None:
        told = N_("Choose one of the answers.")
        super().__init__(label, invalid_value_message=told, invalid_choice_message=told, **others)

    def pre_validate(self, form: Form) -> None:
        if self.data is not None:
            super().pre_validate(form)


class Day(DateField):  # type: ignore[misc]
    """A date that may be left out. Its own words for what is no date."""

    def process_formdata(self, values: list[str]) -> None:
        self.data = None
        if values and values[0].strip():
            try:
                self.data = date.fromisoformat(values[0].strip())
            except ValueError as error:
                raise ValueError(_("Write the date as year-month-day, for example 2027-03-31.")) from error


class QuickDate(Form):  # type: ignore[misc]
    """A date in so many months, or any other: `when` is the number of months, ON_A_DATE or NO_DATE.

    Somebody who fills in the date and no more has said which one they mean.
    """

    when = Choice(N_("By when?"))
    by_when = Day(N_("The date"))
    today: date
    unchanged: date | None = None

    def validate_by_when(self, field: Day) -> None:
        if self._takes_the_date() and not field.errors:
            if field.data is None:
                if self.when.data == ON_A_DATE:
                    raise ValidationError(_("Write the date, or choose another answer to “By when?”."))
            elif field.data != self.unchanged:
                check_date(field.data, self.today)

    def meant(self) -> date | None:
        """The date that was chosen, once it is valid."""
        if self._takes_the_date():
            chosen: date | None = self.by_when.data
            return chosen
        return None if self.when.data == NO_DATE else add_months(self.today, int(self.when.data))

    def _takes_the_date(self) -> bool:
        return self.when.data in (None, ON_A_DATE)


def check_date(chosen: date, today: date) -> None:
    """Raises ValidationError for a date that has passed, or is so far away that it must be a slip."""
    if chosen < today:
        raise ValidationError(_("This date has passed. Choose one from today on."))
    if chosen > add_months(today, 12 * MOST_YEARS):
        raise ValidationError(_("This date is more than %(years)s years away. Is it right?", years=MOST_YEARS))


def in_months(months: int, today: date) -> str:
    """How a quick choice is called: "In 3 months, by 7 September 2021"."""
    by = day(add_months(today, months))
    return str(ngettext("In %(num)s month, by %(day)s", "In %(num)s months, by %(day)s", months, day=by))
