"""What owners type: one planned action, and progress on each of their actions."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as N_  # noqa: N812 (a name that the extractor of texts knows)
from flask_babel import ngettext
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField
from wtforms import DateField
from wtforms import Form
from wtforms import RadioField
from wtforms import TextAreaField
from wtforms import ValidationError

from mande.followup import wording
from mande.followup.asking.schedule import add_months
from mande.followup.models import ENDED
from mande.followup.models import ActionOwner
from mande.followup.models import Contribution
from mande.followup.models import PlannedAction
from mande.followup.models import Status
from mande.followup.models import Visibility
from mande.followup.operations import Intention
from mande.followup.operations import Report
from mande.surveys.questionnaires.answers import normalise_text
from mande.web import day

QUICK_MONTHS = (3, 6, 12)
ON_A_DATE = "date"
NO_DATE = "none"
MOST_YEARS = 10

WHAT_LENGTH = 400
LINE_LENGTH = 300
TEXT_LENGTH = 2000


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


class ActionForm(Form):  # type: ignore[misc]
    """One planned action. `today` decides what the quick choices mean and which dates have passed."""

    what = Text(N_("What will you do?"), WHAT_LENGTH, one_line=True)
    when = Choice(N_("By when?"))
    by_when = Day(N_("The date"))
    with_whom = Text(N_("With whom? (optional)"), LINE_LENGTH, one_line=True)
    help_needed = Text(N_("What help would you need? (optional)"), LINE_LENGTH)
    visibility = RadioField(
        N_("Who may see this?"),
        coerce=Visibility,
        default=Visibility.PARTNERS_WITHOUT_NAME,
        invalid_value_message=N_("Choose who may see this."),
        invalid_choice_message=N_("Choose who may see this."),
    )
    consent = BooleanField(N_("Yes, you may ask me by e-mail how this is going"))

    def __init__(
        self,
        today: date,
        typed: MultiDict[str, str] | None = None,
        action: PlannedAction | None = None,
        mine: ActionOwner | None = None,
    ) -> None:
        kept: dict[str, Any] = {} if action is None else {"when": ON_A_DATE if action.by_when else NO_DATE}
        kept |= {} if mine is None else {"visibility": mine.visibility, "consent": mine.consent}
        super().__init__(typed, obj=action, data=kept)
        self.today = today
        self.unchanged = action.by_when if action else None
        self.when.choices = [
            *((str(months), _in_months(months, today)) for months in QUICK_MONTHS),
            (NO_DATE, _("I cannot say yet")),
            (ON_A_DATE, _("On a date that I choose")),
        ]
        self.visibility.choices = [
            (value, wording.visibility(value))
            for value in (Visibility.PARTNERS_WITHOUT_NAME, Visibility.PARTNERS_BY_NAME, Visibility.TEAM)
        ]

    def validate_what(self, field: Text) -> None:
        if not field.data:
            raise ValidationError(_("Write what you will do, in one sentence."))

    def validate_by_when(self, field: Day) -> None:
        if self._takes_the_date() and not field.errors:
            if field.data is None:
                if self.when.data == ON_A_DATE:
                    raise ValidationError(_("Write the date, or choose another answer to “By when?”."))
            elif field.data != self.unchanged:
                check_date(field.data, self.today)

    def intention(self) -> Intention:
        """What was typed, once it is valid."""
        return Intention(
            what=self.what.data,
            by_when=self._meant(),
            with_whom=self.with_whom.data,
            help_needed=self.help_needed.data,
            visibility=self.visibility.data,
            consent=self.consent.data,
        )

    def _takes_the_date(self) -> bool:
        # Somebody who fills in the date and no more has said which one they mean.
        return self.when.data in (None, ON_A_DATE)

    def _meant(self) -> date | None:
        if self._takes_the_date():
            return self.by_when.data
        return None if self.when.data == NO_DATE else add_months(self.today, int(self.when.data))


class ProgressForm(Form):  # type: ignore[misc]
    """How far one action has come. All of it may be left out: then nothing is said about this action."""

    status = Choice(N_("How far has this come?"), coerce=Status)
    what_changed = Text(N_("What has changed, and for whom?"), TEXT_LENGTH)
    contribution = Choice(N_("How far did the event contribute to this?"), coerce=Contribution)
    evidence = Text(N_("Is there something that shows it?"), TEXT_LENGTH)
    by_when = Day(N_("A new date, if it has moved"))

    def __init__(self, action: PlannedAction, today: date, typed: MultiDict[str, str] | None = None) -> None:
        super().__init__(typed, prefix=f"{action.id.hex}-")
        self.action = action
        self.today = today
        self.status.choices = [(value, wording.status(value)) for value in Status]
        self.contribution.choices = [(value, wording.contribution(value)) for value in Contribution]

    @property
    def says_more(self) -> bool:
        """Whether anything besides the status was filled in, or is wrong."""
        more = (self.what_changed, self.contribution, self.evidence, self.by_when)
        return any(field.data or field.errors for field in more)

    def validate_status(self, field: Choice) -> None:
        if field.data is None and not field.errors and self.says_more:
            raise ValidationError(_("Choose how far “%(action)s” has come.", action=shortened(self.action.what)))

    def validate_by_when(self, field: Day) -> None:
        if field.data is not None and self.status.data not in ENDED:
            check_date(field.data, self.today)

    def report(self) -> Report | None:
        """What was said, once it is valid; None where nothing was."""
        if self.status.data is None:
            return None
        return Report(
            action_id=self.action.id,
            status=self.status.data,
            what_changed=self.what_changed.data,
            contribution=self.contribution.data,
            evidence=self.evidence.data,
            by_when=self.by_when.data,
        )


class CheckInForm:
    """Progress on all of somebody's actions, on one page. `problem` is what is wrong with the whole of it."""

    def __init__(self, actions: Sequence[PlannedAction], today: date, typed: MultiDict[str, str] | None = None) -> None:
        every = [ProgressForm(action, today, typed) for action in actions]
        self.open = [form for form in every if form.action.status not in ENDED]
        self.ended = [form for form in every if form.action.status in ENDED]
        self.problem: str | None = None

    @property
    def every(self) -> list[ProgressForm]:
        return [*self.open, *self.ended]

    def validate(self) -> bool:
        verdicts = [form.validate() for form in self.every]
        right = all(verdicts)
        if right and not self.reports():
            self.problem = _("Choose how far at least one of your actions has come.")
        return right and self.problem is None

    def reports(self) -> list[Report]:
        """What was said, once it is valid."""
        return [report for form in self.every if (report := form.report())]

    def errors(self) -> list[tuple[str, str]]:
        """Each error with the id of its field, from the top of the page to its end."""
        found = [(field.id, message) for form in self.every for field in form for message in field.errors]
        if self.problem and self.every:
            found.insert(0, (self.every[0].status.id, self.problem))
        return found


def check_date(chosen: date, today: date) -> None:
    """Raises ValidationError for a date that has passed, or is so far away that it must be a slip."""
    if chosen < today:
        raise ValidationError(_("This date has passed. Choose one from today on."))
    if chosen > add_months(today, 12 * MOST_YEARS):
        raise ValidationError(_("This date is more than %(years)s years away. Is it right?", years=MOST_YEARS))


def shortened(text: str, longest: int = 60) -> str:
    """The beginning of a text, for a message about it."""
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def _in_months(months: int, today: date) -> str:
    by = day(add_months(today, months))
    return str(ngettext("In %(num)s month, by %(day)s", "In %(num)s months, by %(day)s", months, day=by))
