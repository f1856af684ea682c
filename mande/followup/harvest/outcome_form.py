"""What the team types of an outcome."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as N_  # noqa: N812 (a name that the extractor of texts knows)
from wtforms import BooleanField
from wtforms import Form
from wtforms import ValidationError

from mande import clock
from mande.events.models import Event
from mande.followup import wording
from mande.followup.desk.desk_forms import Chosen
from mande.followup.desk.desk_forms import Typed
from mande.followup.desk.desk_forms import require
from mande.followup.desk.models import Outcome
from mande.followup.harvest.outcomes import Told
from mande.followup.models import Contribution
from mande.followup.owning.fields import Choice
from mande.followup.owning.fields import Day
from mande.followup.owning.fields import Text

LONGEST = 2000


class OutcomeForm(Form):  # type: ignore[misc]
    """An outcome of `event`. No date in it can be later than today where the event was."""

    what_changed = Text(N_("What changed?"), LONGEST)
    who_changed = Text(N_("Who changed it?"), LONGEST)
    changed_on = Day(N_("When? (optional)"))
    significance = Text(N_("Why does it matter? (optional)"), LONGEST)
    contribution = Choice(N_("How far did the event contribute to it? (optional)"), coerce=Contribution)
    how_contributed = Text(N_("How did it contribute? (optional)"), LONGEST)
    could_confirm = Text(N_("Who could confirm it? (optional)"), LONGEST)
    confirmed_on = Day(N_("Confirmed on (optional)"))
    under = Chosen(N_("Under which intended outcome?"))
    for_partners = BooleanField(N_("Partners may read it in their report"))

    def __init__(self, event: Event, typed: Typed | None = None, outcome: Outcome | None = None) -> None:
        super().__init__(typed, obj=outcome, data=_shown(outcome))
        self.today = clock.today(event.time_zone)
        self.contribution.choices = [(one, wording.contribution(one)) for one in Contribution]
        self.under.offer(_("None of them"), [(one.id, one.text) for one in event.outcomes])

    def validate_what_changed(self, field: Text) -> None:
        require(field, N_("Say what changed, in words that somebody else could check."))

    def validate_who_changed(self, field: Text) -> None:
        require(field, N_("Say who does something differently now: a person, an office, an organisation."))

    def validate_changed_on(self, field: Day) -> None:
        self._refuse_what_is_to_come(field)

    def validate_confirmed_on(self, field: Day) -> None:
        self._refuse_what_is_to_come(field)
        if field.data is not None and not self.could_confirm.data:
            raise ValidationError(N_("Say above who confirmed it."))

    def _refuse_what_is_to_come(self, field: Day) -> None:
        if not field.errors and field.data is not None and field.data > self.today:
            raise ValidationError(N_("This day is yet to come. An outcome is a change that has happened."))

    def told(self) -> Told:
        """What was typed, once it is valid."""
        values: dict[str, Any] = {name: value for name, value in self.data.items() if name != "under"}
        return Told(**values, theme_id=self.under.chosen)


def _shown(outcome: Outcome | None) -> dict[str, Any]:
    return {"under": outcome.theme_id.hex} if outcome and outcome.theme_id else {}
