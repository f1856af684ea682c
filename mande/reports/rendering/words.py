"""How documents in the making stand, on staff's pages."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_babel import ngettext

from mande.reports.kinds import RenderingState
from mande.reports.models import Rendering

STATES = {
    RenderingState.QUEUED: lazy_gettext("Waiting"),
    RenderingState.WORKING: lazy_gettext("Being made"),
    RenderingState.DONE: lazy_gettext("Ready"),
    RenderingState.FAILED: lazy_gettext("Failed"),
}


def said(rendering: Rendering, ahead: int) -> str:
    """How far a document has come, in a sentence. `ahead`: how many come before it, where it waits."""
    if rendering.state is RenderingState.QUEUED and rendering.attempts:
        return str(_("The first attempt did not succeed. It is tried once more."))
    if rendering.state is RenderingState.QUEUED and ahead:
        return str(
            ngettext("%(num)d document comes before this one.", "%(num)d documents come before this one.", ahead)
        )
    if rendering.state is RenderingState.QUEUED:
        return str(_("It is the next to be made."))
    if rendering.state is RenderingState.WORKING and rendering.page:
        return str(_("Being made: page %(page)d.", page=rendering.page))
    if rendering.state is RenderingState.WORKING:
        return str(_("Being made."))
    return str(STATES[rendering.state])
