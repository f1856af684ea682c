"""What the team types of its own actions: one at a time, or the list of an outcome note pasted as a whole."""

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as N_  # noqa: N812 (a name that the extractor of texts knows)
from flask_babel import ngettext
from wtforms import BooleanField
from wtforms import Form
from wtforms import ValidationError

from mande.events.models import Event
from mande.followup.desk import recommendations
from mande.followup.desk import team_actions
from mande.followup.desk import words
from mande.followup.desk.desk_forms import Chosen
from mande.followup.desk.desk_forms import Typed
from mande.followup.desk.desk_forms import require
from mande.followup.desk.team_actions import Planned
from mande.followup.models import PlannedAction
from mande.followup.models import Source
from mande.followup.owning.fields import Choice
from mande.followup.owning.fields import Day
from mande.followup.owning.fields import Text
from mande.followup.owning.fields import check_date
from mande.followup.owning.progress import TEXT_LENGTH
from mande.staff.models import StaffMember
from mande.surveys.questionnaires.answers import normalise_text

WHAT_LENGTH = 600
PASTED_LENGTH = 60_000
MOST_ITEMS = 200
OWN_SOURCES = (Source.RECOMMENDATION, Source.TEAM)


class SharedForm(Form):  # type: ignore[misc]
    """What is said of one action of the team, and of all those of a pasted list alike."""

    source = Choice(N_("What is it?"), coerce=Source, default=Source.RECOMMENDATION)
    staff = Chosen(N_("Who on the team looks after it?"))
    by_when = Day(N_("By when? (optional)"))
    for_partners = BooleanField(N_("Partners may see it, without the name of anybody on the team"))

    def __init__(
        self,
        event: Event,
        today: date,
        members: Sequence[StaffMember],
        typed: Typed | None = None,
        action: PlannedAction | None = None,
    ) -> None:
        super().__init__(typed, obj=action, data=_shown(action))
        self.event = event
        self.today = today
        self.unchanged = action.by_when if action else None
        self.source.choices = [(one, words.source(one)) for one in OWN_SOURCES]
        self.staff.offer(_("Nobody yet"), team_actions.labelled(members))

    def validate_source(self, field: Choice) -> None:
        if field.data is None and not field.errors:
            raise ValidationError(_("Choose what it is."))

    def validate_by_when(self, field: Day) -> None:
        if field.data is not None and field.data != self.unchanged:
            check_date(field.data, self.today)

    def planned(self, what: str = "") -> Planned:
        """What was typed, once it is valid."""
        return Planned(
            what=what,
            source=self.source.data,
            by_when=self.by_when.data,
            staff_id=self.staff.chosen,
            for_partners=self.for_partners.data,
        )


class TeamActionForm(SharedForm):
    """One action of the team."""

    what = Text(N_("What is to be done?"), WHAT_LENGTH, one_line=True)
    why = Text(N_("Why does it follow from the event? (optional)"), TEXT_LENGTH)
    under = Chosen(N_("Under which intended outcome?"))

    def __init__(self, event: Event, *others: Any, **more: Any) -> None:
        super().__init__(event, *others, **more)
        self.under.offer(_("None of them"), [(one.id, one.text) for one in event.outcomes])

    def validate_what(self, field: Text) -> None:
        require(field, N_("Write what is to be done, in one sentence."))

    def planned(self, what: str = "") -> Planned:
        return replace(super().planned(what or self.what.data), why=self.why.data, theme_id=self.under.chosen)


@dataclass(frozen=True)
class Line:
    """One line of a pasted list, as it may still be changed before it is saved. `error` says what is wrong with it.

    `known`: it is written down already; `heading`: it looks like no item of the list.
    """

    number: int
    text: str
    taken: bool
    known: bool = False
    heading: bool = False
    error: str = ""


class PastedForm(SharedForm):
    """A list that was pasted, and what becomes of each line. `problem` is what is wrong with the whole of it."""

    pasted = Text(N_("The list"), PASTED_LENGTH)

    def __init__(self, event: Event, *others: Any, **more: Any) -> None:
        super().__init__(event, *others, **more)
        self.lines: list[Line] = []

    def validate_pasted(self, field: Text) -> None:
        require(field, N_("Paste the list first."))

    def look(self, known: set[str]) -> None:
        """Takes the pasted list apart. Headings, and what is written down already, are not ticked."""
        for number, item in enumerate(recommendations.parse(self.pasted.data)[:MOST_ITEMS]):
            twice = item.text.casefold() in known
            taken = item.listed and not twice
            self.lines.append(Line(number, item.text, taken, twice, not item.listed, _too_long(item.text)))

    def read(self, typed: Mapping[str, str], known: set[str]) -> None:
        """Takes the lines as they were shown and changed."""
        for number in range(MOST_ITEMS):
            if (raw := typed.get(f"what-{number}")) is None:
                break
            text, taken = normalise_text(raw, one_line=True), bool(typed.get(f"take-{number}"))
            wrong = (
                (_too_long(text) if text else _("This line is empty: write it, or take its tick away."))
                if taken
                else ""
            )
            self.lines.append(Line(number, text, taken, text.casefold() in known, error=wrong))

    def as_list(self) -> str:
        """The lines as a list to paste, from which the same lines come back."""
        return "\n".join(f"- {line.text}" if line.taken else f"\n{line.text}\n" for line in self.lines).strip()

    @property
    def taken(self) -> list[Line]:
        return [line for line in self.lines if line.taken]

    @property
    def wrong(self) -> dict[str, list[str]]:
        """What is wrong with lines that are ticked, by the name of their field; and that none is."""
        found = {f"what-{line.number}": [line.error] for line in self.taken if line.error}
        if self.lines and not self.taken:
            found["take-0"] = [_("Tick at least one line.")]
        return found


def _too_long(text: str) -> str:
    over = len(text) - WHAT_LENGTH
    if over <= 0:
        return ""
    return str(
        ngettext(
            "This is %(num)d character too long: please use at most %(longest)d.",
            "This is %(num)d characters too long: please use at most %(longest)d.",
            over,
            longest=WHAT_LENGTH,
        )
    )


def _shown(action: PlannedAction | None) -> dict[str, Any]:
    if action is None:
        return {}
    return {
        "staff": action.staff_id.hex if action.staff_id else "",
        "under": action.theme_id.hex if action.theme_id else "",
    }
