"""What owners say about how far their actions have come, all on one page."""

from collections.abc import Mapping
from collections.abc import Sequence
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as N_  # noqa: N812 (a name that the extractor of texts knows)
from werkzeug.datastructures import FileStorage
from werkzeug.datastructures import MultiDict
from wtforms import Form
from wtforms import ValidationError

from mande.followup import wording
from mande.followup.models import ENDED
from mande.followup.models import Contribution
from mande.followup.models import PlannedAction
from mande.followup.models import Status
from mande.followup.operations import Report
from mande.followup.owning.fields import Choice
from mande.followup.owning.fields import Day
from mande.followup.owning.fields import Text
from mande.followup.owning.fields import check_date

TEXT_LENGTH = 2000
NOTHING: Mapping[str, str] = {}


class ProgressForm(Form):  # type: ignore[misc]
    """How far one action has come. All of it may be left out: then nothing is said about this action.

    `file_errors` are what is wrong with the files that came with it.
    """

    status = Choice(N_("How far has this come?"), coerce=Status)
    what_changed = Text(N_("What has changed, and for whom?"), TEXT_LENGTH)
    significance = Text(N_("Why does it matter?"), TEXT_LENGTH)
    contribution = Choice(N_("How far did the event contribute to this?"), coerce=Contribution)
    factors = Text(N_("What helped, or stood in the way?"), TEXT_LENGTH)
    evidence = Text(N_("Is there something that shows it?"), TEXT_LENGTH)
    by_when = Day(N_("A new date, if it has moved"))

    def __init__(
        self,
        action: PlannedAction,
        today: date,
        typed: MultiDict[str, str] | None = None,
        chosen: Status | None = None,
        uploads: Sequence[FileStorage] = (),
    ) -> None:
        super().__init__(typed, prefix=f"{action.id.hex}-", data={"status": chosen} if chosen else {})
        self.action = action
        self.today = today
        self.chosen = chosen
        self.uploads = uploads
        self.file_errors: list[str] = []
        self.status.choices = [(value, wording.status(value)) for value in Status]
        self.contribution.choices = [(value, wording.contribution(value)) for value in Contribution]

    @property
    def says_more(self) -> bool:
        """Whether anything besides the status was filled in, or is wrong."""
        fields = [field for field in self if field is not self.status]
        return bool(self.uploads or self.file_errors) or any(field.data or field.errors for field in fields)

    @property
    def files_name(self) -> str:
        """The name, and the id, of the field for files."""
        return files_name(self.action)

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
            significance=self.significance.data,
            contribution=self.contribution.data,
            factors=self.factors.data,
            evidence=self.evidence.data,
            by_when=self.by_when.data,
        )


class CheckInForm:
    """Progress on all of somebody's actions, on one page. `problem` is what is wrong with the whole of it.

    `query` is that of a check-in's button, {short: status}: it fills the choice in, and puts that action first.
    """

    def __init__(
        self,
        actions: Sequence[PlannedAction],
        today: date,
        typed: MultiDict[str, str] | None = None,
        query: Mapping[str, str] = NOTHING,
        files: MultiDict[str, FileStorage] | None = None,
    ) -> None:
        self.every = [
            ProgressForm(action, today, typed, _status(query.get(action.short)), _uploads(files, action))
            for action in actions
        ]
        self.every.sort(key=lambda form: (form.chosen is None, form.chosen is None and form.action.status in ENDED))
        self.open = [form for form in self.every if form.chosen or form.action.status not in ENDED]
        self.ended = [form for form in self.every if form not in self.open]
        self.problem: str | None = None

    @property
    def is_chosen(self) -> bool:
        """Whether a button of a check-in has filled something in."""
        return any(form.chosen for form in self.every)

    def validate(self) -> bool:
        verdicts = [form.validate() and not form.file_errors for form in self.every]
        right = all(verdicts)
        if right and not self.reports():
            self.problem = _("Choose how far at least one of your actions has come.")
        return right and self.problem is None

    def reports(self) -> list[Report]:
        """What was said, once it is valid."""
        return [report for form in self.every if (report := form.report())]

    def errors(self) -> list[tuple[str, str]]:
        """Each error with the id of its field, from the top of the page to its end."""
        found: list[tuple[str, str]] = []
        for form in self.every:
            found += [(field.id, message) for field in form for message in field.errors]
            found += [(form.files_name, message) for message in form.file_errors]
        if self.problem and self.every:
            found.insert(0, (self.every[0].status.id, self.problem))
        return found


def files_name(action: PlannedAction) -> str:
    """The name of the field for files about an action."""
    return f"{action.id.hex}-files"


def shortened(text: str, longest: int = 60) -> str:
    """The beginning of a text, for a message about it."""
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def _status(value: str | None) -> Status | None:
    return next((status for status in Status if status == value), None)


def _uploads(files: MultiDict[str, FileStorage] | None, action: PlannedAction) -> list[FileStorage]:
    sent = files.getlist(files_name(action)) if files is not None else []
    return [one for one in sent if one.filename]
