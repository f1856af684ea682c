"""What editions, and what was taken back of them, are called on staff's pages and in messages to the team."""

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_babel import ngettext

from mande.languages import SOURCE
from mande.languages import own_name
from mande.reports.editions.holding import Held
from mande.reports.editions.withdrawn import TakenBack
from mande.reports.kinds import EditionKind
from mande.reports.models import Edition

KINDS = {
    EditionKind.INTERNAL: lazy_gettext("Internal edition"),
    EditionKind.PARTNER: lazy_gettext("Partner edition"),
    EditionKind.PUBLIC: lazy_gettext("Public edition"),
    EditionKind.SUMMARY: lazy_gettext("Summary on one page"),
    EditionKind.RESPONDENTS: lazy_gettext("What you told us"),
}
TAKEN_BACK = {
    TakenBack.WITHDRAWN: lazy_gettext("an action that its owner has withdrawn or erased since"),
    TakenBack.FOR_TEAM: lazy_gettext("now for the team only"),
    TakenBack.WITHOUT_NAME: lazy_gettext("now without its owner’s name"),
    TakenBack.LEFT: lazy_gettext("an owner who is named has left it"),
}


def called(edition: Edition) -> str:
    """An edition by kind and number, and by its language where that is not English: Partner edition 2."""
    return named(edition.kind, edition.number, edition.language)


def named(kind: EditionKind, number: int, language: str) -> str:
    """The same, of an edition that need not exist yet: Partner edition 2 (Français)."""
    said = f"{KINDS[kind]} {number}"
    return said if language == SOURCE else f"{said} ({own_name(language)})"


def suggested_note(taken_back: Iterable[Held]) -> str:
    """What the note of the next edition may say of what it leaves out; empty where that is nothing."""
    held = list(taken_back)
    gone = {one.action_id for one in held if one.taken_back in (TakenBack.WITHDRAWN, TakenBack.FOR_TEAM)}
    named = {one.action_id for one in held} - gone
    sentences = [
        ngettext("An action was omitted at its owner’s wish.",
                 "%(num)d actions were omitted at their owners’ wish.", len(gone)) if gone else "",
        _("Names were taken out at the wish of those who bear them.") if named else "",
    ]  # fmt: skip
    return " ".join(filter(None, sentences))
