"""What an edition says of the earlier ones, in sentences."""

from collections.abc import Collection

from flask_babel import gettext as _
from flask_babel import ngettext

from mande.reports.history import acting
from mande.reports.history import attending
from mande.reports.history import forms

APART, STRATUM_KEPT = "apart", "stratum kept"


def sentences(editions: int, held: Collection[str]) -> list[str]:
    """What the check took into account, and what was held back because of it."""
    first = ngettext(
        "Nothing in this edition can be subtracted from the one that was published before.",
        "Nothing in this edition can be subtracted from the %(num)d that were published before.",
        editions,
    )
    return [first] * bool(editions) + [sentence for note, sentence in _held().items() if note in held]


def _held() -> dict[str, str]:
    return {
        STRATUM_KEPT: _("Groups are those of earlier editions: other groups of the same people could be subtracted."),
        forms.REPEATED: _("Some questions are shown in the form in which an earlier edition showed them."),
        forms.GROUPS_HELD: _("Some groups are left out: they could be subtracted from those of an earlier edition."),
        APART: _("Answers that were counted after an earlier edition are shown apart and not added to it."),
        acting.REPEATED: _("Figures of planned actions are those of an earlier edition: too few reported since."),
        acting.WITHHELD: _("Figures of planned actions are withheld, because consent to them was taken back."),
        acting.MONTHS_HELD: _("Some months of planned actions are left out: too few owners reported in between."),
        acting.GROUPS_HELD: _("Planned actions are not shown by theme: too few owners have reported since."),
        attending.REPEATED: _("Groups of attendees are those of an earlier edition: too few have come or gone since."),
    }
