"""What the team types about one action: what it was told, what it verified, a note, a reminder to oneself."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as N_  # noqa: N812 (a name that the extractor of texts knows)
from werkzeug.datastructures import MultiDict
from wtforms import Form
from wtforms import SelectField
from wtforms import ValidationError

from mande.followup import wording
from mande.followup.desk import words
from mande.followup.desk.recording import Told
from mande.followup.models import ENDED
from mande.followup.models import Channel
from mande.followup.models import Contribution
from mande.followup.models import PlannedAction
from mande.followup.models import Source
from mande.followup.models import Status
from mande.followup.models import Verified
from mande.followup.owning.fields import Choice
from mande.followup.owning.fields import Day
from mande.followup.owning.fields import Text
from mande.followup.owning.fields import check_date
from mande.followup.owning.progress import TEXT_LENGTH

NOBODY = "nobody"
TOLD_BY = (Channel.TELEPHONE, Channel.MEETING, Channel.EMAIL, Channel.OTHER)
SOURCE_LENGTH = 500
NOTE_LENGTH = 4000
REMINDER_LENGTH = 300

Typed = MultiDict[str, str]


class ToldForm(Form):  # type: ignore[misc]
    """What the team was told about an action. `today` is the day where the event was."""

    channel = Choice(N_("How did you hear of it?"), coerce=Channel)
    happened_on = Day(N_("On which day?"))
    whose = Choice(N_("Whose words are they?"))
    status = Choice(N_("How far has it come?"), coerce=Status)
    what_changed = Text(N_("What has changed, and for whom? (optional)"), TEXT_LENGTH)
    significance = Text(N_("Why does it matter? (optional)"), TEXT_LENGTH)
    contribution = Choice(N_("How far did the event contribute to it? (optional)"), coerce=Contribution)
    factors = Text(N_("What helped, or stood in the way? (optional)"), TEXT_LENGTH)
    evidence = Text(N_("What shows it? (optional)"), TEXT_LENGTH)
    by_when = Day(N_("A new date, if it has moved (optional)"))

    def __init__(self, action: PlannedAction, today: date, typed: Typed | None = None) -> None:
        owned = action.source is Source.OWNER
        first: dict[str, Any] = {"happened_on": today, "channel": Channel.TELEPHONE if owned else Channel.OTHER}
        if len(action.owners) == 1:
            first["whose"] = action.owners[0].link_id.hex
        super().__init__(typed, data=first)
        self.today = today
        self.owned = bool(action.owners)
        self.channel.choices = [(one, words.told_by(one)) for one in TOLD_BY]
        self.whose.choices = [
            *((owner.link_id.hex, owner.link.person.name) for owner in action.owners),
            (NOBODY, N_("Somebody else's, who spoke for them")),
        ]
        self.status.choices = [(one, wording.status(one)) for one in Status]
        self.contribution.choices = [(one, wording.contribution(one)) for one in Contribution]

    def validate_channel(self, field: Choice) -> None:
        if field.data is None and not field.errors:
            raise ValidationError(N_("Choose how you heard of it."))

    def validate_happened_on(self, field: Day) -> None:
        if field.errors:
            return
        if field.data is None:
            raise ValidationError(N_("Say on which day it was."))
        if field.data > self.today:
            raise ValidationError(N_("This day is yet to come. When did you hear of it?"))

    def validate_whose(self, field: Choice) -> None:
        if self.owned and field.data is None and not field.errors:
            raise ValidationError(N_("Choose whose words they are."))

    def validate_status(self, field: Choice) -> None:
        if field.data is None and not field.errors:
            raise ValidationError(N_("Choose how far it has come."))

    def validate_by_when(self, field: Day) -> None:
        if field.data is not None and self.status.data not in ENDED:
            check_date(field.data, self.today)

    def told(self) -> Told:
        """What was typed, once it is valid."""
        named = self.owned and self.whose.data != NOBODY
        return Told(
            channel=self.channel.data,
            happened_on=self.happened_on.data or self.today,
            status=self.status.data,
            link_id=UUID(self.whose.data) if named else None,
            what_changed=self.what_changed.data,
            significance=self.significance.data,
            contribution=self.contribution.data,
            factors=self.factors.data,
            evidence=self.evidence.data,
            by_when=self.by_when.data,
        )


class VerificationForm(Form):  # type: ignore[misc]
    level = Choice(N_("What did you find?"), coerce=Verified)
    source = Text(N_("From which source?"), SOURCE_LENGTH)
    note = Text(N_("A note (optional)"), TEXT_LENGTH)

    def __init__(self, typed: Typed | None = None) -> None:
        super().__init__(typed)
        self.level.choices = [(one, wording.verified(one)) for one in Verified]

    def validate_level(self, field: Choice) -> None:
        if field.data is None and not field.errors:
            raise ValidationError(N_("Choose what you found."))

    def validate_source(self, field: Text) -> None:
        require(field, N_("Say from which source you know it."))


class NoteForm(Form):  # type: ignore[misc]
    words = Text(N_("Note"), NOTE_LENGTH)

    def validate_words(self, field: Text) -> None:
        require(field, N_("Write the note first."))


class ReminderForm(Form):  # type: ignore[misc]
    """A reminder to oneself, from `today` on where the event was."""

    on_day = Day(N_("On which day?"))
    reminder = Text(N_("What do you want to be reminded of?"), REMINDER_LENGTH, one_line=True)

    def __init__(self, today: date, typed: Typed | None = None) -> None:
        super().__init__(typed)
        self.today = today

    def validate_on_day(self, field: Day) -> None:
        if field.errors:
            return
        if field.data is None:
            raise ValidationError(N_("Choose a day."))
        check_date(field.data, self.today)

    @property
    def day(self) -> date:
        """The day that was chosen, once it is valid."""
        return self.on_day.data or self.today

    def validate_reminder(self, field: Text) -> None:
        require(field, N_("Say what you want to be reminded of."))


class Chosen(SelectField):  # type: ignore[misc]
    """One of the rows offered, by id; "" for none of them."""

    def offer(self, none: Any, rows: Sequence[tuple[UUID, str]]) -> None:
        self.choices = [("", none), *((identity.hex, label) for identity, label in rows)]

    @property
    def chosen(self) -> UUID | None:
        return UUID(self.data) if self.data else None


def require(field: Text, message: Any) -> None:
    """Raises ValidationError where nothing was typed and nothing else is wrong."""
    if not field.data and not field.errors:
        raise ValidationError(message)
