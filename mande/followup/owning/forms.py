"""What owners type about what they plan: one action, another date for it, a pause of all questions."""

from datetime import date
from typing import Any
from typing import cast

from flask_babel import gettext as _
from flask_babel import lazy_gettext as N_  # noqa: N812 (a name that the extractor of texts knows)
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField
from wtforms import Form
from wtforms import RadioField
from wtforms import ValidationError

from mande.followup import wording
from mande.followup.asking.schedule import add_months
from mande.followup.models import ActionOwner
from mande.followup.models import PlannedAction
from mande.followup.models import Visibility
from mande.followup.operations import Intention
from mande.followup.owning.fields import NO_DATE
from mande.followup.owning.fields import ON_A_DATE
from mande.followup.owning.fields import Choice
from mande.followup.owning.fields import Day
from mande.followup.owning.fields import QuickDate
from mande.followup.owning.fields import Text
from mande.followup.owning.fields import in_months
from mande.web import day

QUICK_MONTHS = (3, 6, 12)
LATER_MONTHS = (1, 3, 6)
PAUSE_MONTHS = (1, 2, 3)
LONGEST_PAUSE = 12

WHAT_LENGTH = 400
WHY_LENGTH = 600
LINE_LENGTH = 300


class ActionForm(QuickDate):
    """One planned action. `today` decides what the quick choices mean and which dates have passed."""

    what = Text(N_("What will you do?"), WHAT_LENGTH, one_line=True)
    why = Text(N_("Why does it follow from the event? (optional)"), WHY_LENGTH)
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
            *((str(months), in_months(months, today)) for months in QUICK_MONTHS),
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

    def intention(self) -> Intention:
        """What was typed, once it is valid."""
        return Intention(
            what=self.what.data,
            why=self.why.data,
            by_when=self.meant(),
            with_whom=self.with_whom.data,
            help_needed=self.help_needed.data,
            visibility=self.visibility.data,
            consent=self.consent.data,
        )


class DateForm(QuickDate):
    """Another date for an action: a button for each quick choice, or a date."""

    def __init__(self, today: date, typed: MultiDict[str, str] | None = None, by_when: date | None = None) -> None:
        super().__init__(typed, data={"by_when": by_when})
        self.today = today
        self.when.choices = [
            *((str(months), in_months(months, today)) for months in LATER_MONTHS),
            (NO_DATE, _("I cannot say yet")),
            (ON_A_DATE, _("Save this date")),
        ]


class PauseForm(Form):  # type: ignore[misc]
    """Until when nothing is asked: a button for each quick choice, or a date."""

    when = Choice(N_("Until when?"))
    until = Day(N_("A date"))

    def __init__(self, today: date, typed: MultiDict[str, str] | None = None) -> None:
        super().__init__(typed)
        self.today = today
        self.when.choices = [
            *((str(months), _("Until %(day)s", day=day(add_months(today, months)))) for months in PAUSE_MONTHS),
            (ON_A_DATE, _("Pause until this date")),
        ]

    def validate_until(self, field: Day) -> None:
        if self.when.data in (None, ON_A_DATE) and not field.errors:
            if field.data is None:
                raise ValidationError(_("Write the date until which we should ask nothing."))
            if field.data <= self.today:
                raise ValidationError(_("Choose a date that is still to come."))
            if field.data > add_months(self.today, LONGEST_PAUSE):
                raise ValidationError(_("A pause lasts a year at most. You may also stop all questions."))

    def meant(self) -> date:
        """The first day on which something may be asked again, once the form is valid."""
        if self.when.data in (None, ON_A_DATE):
            return cast(date, self.until.data)
        return add_months(self.today, int(self.when.data))


def still_paused(until: date | None, today: date) -> bool:
    """Whether a pause that ends on a day still lasts."""
    return until is not None and until > today
