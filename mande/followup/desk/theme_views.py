"""The page on which staff group an event's actions under its intended outcomes, with one save for all of them."""

from uuid import UUID

from flask import Blueprint
from flask import flash
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from mande import db
from mande.events.wanted import wanted_event
from mande.followup import wording
from mande.followup.desk import themes
from mande.staff import audit
from mande.staff.access import current
from mande.staff.access import needs
from mande.staff.models import StaffRole

CHOSEN = "theme-"
SHOWN = "shown-"

blueprint = Blueprint("themes", __name__, url_prefix="/staff/events/<code>/actions/themes")


@blueprint.get("")
@needs(StaffRole.VIEWER)
def index(code: str) -> str:
    """Each intended outcome with its actions; with `suggested`, what is suggested is chosen, and not saved."""
    with db.reading() as session:
        event = wanted_event(session, code)
        groups = themes.groups(session, event)
        return render_template(
            "followup/tracking/themes.html",
            event=event,
            groups=groups,
            actions=sum(len(group.actions) for group in groups),
            suggestions=themes.suggestions(event, groups[0]),
            filled_in=bool(request.args.get("suggested")),
            wording=wording,
        )


@blueprint.post("")
@needs(StaffRole.MANAGER)
def save(code: str) -> Response:
    with db.transaction() as session:
        event = wanted_event(session, code)
        changed = themes.assign_all(session, event, _wanted(request.form), current().email)
        if changed:
            audit.record(session, "themes changed", event.code, {"actions": changed})
    told = ngettext("%(num)d action is grouped anew.", "%(num)d actions are grouped anew.", changed)
    flash(told if changed else _("Nothing was changed."), "success" if changed else "note")
    return redirect(url_for("themes.index", code=code), 303)


def _wanted(form: MultiDict[str, str]) -> dict[UUID, tuple[str, str]]:
    """What was shown and what was chosen, by action."""
    found = {}
    for name, chosen in form.items():
        try:
            identity = UUID(hex=name.removeprefix(CHOSEN)) if name.startswith(CHOSEN) else None
        except ValueError:
            continue
        if identity is not None:
            found[identity] = (form.get(f"{SHOWN}{identity.hex}", ""), chosen)
    return found
