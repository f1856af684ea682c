"""The page about addresses that get no message of any event. It stands here because it has to know the staff."""

from typing import Any

from flask import Blueprint
from flask import flash
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from mande import db
from mande.events.records import person_addresses
from mande.events.records.person_addresses import AddressError
from mande.mail import panel
from mande.mail import suppression
from mande.mail.incoming import receiving
from mande.mail.kinds import IncomingKind
from mande.mail.models import SuppressionReason
from mande.staff import audit
from mande.staff.access import needs
from mande.staff.models import StaffRole

blueprint = Blueprint("stopped", __name__, url_prefix="/staff/mail/stopped")

KINDS = {
    IncomingKind.FAILED: lazy_gettext("came back"),
    IncomingKind.DELAYED: lazy_gettext("delayed"),
    IncomingKind.AUTOMATIC: lazy_gettext("automatic replies"),
    IncomingKind.STOP: lazy_gettext("wishes to get no more"),
    IncomingKind.REPLY: lazy_gettext("written by people"),
    IncomingKind.UNKNOWN: lazy_gettext("about nothing that we know"),
}


@blueprint.get("/")
@needs(StaffRole.MANAGER)
def index() -> str:
    """The addresses, why, and since when. There is no file of them: none of it leaves the house."""
    return _page()


@blueprint.post("/")
@needs(StaffRole.MANAGER)
def add() -> Response | tuple[str, int]:
    """Sends nothing more to an address; what waits for it is taken back."""
    typed = {"address": request.form.get("address", "")[:254], "reason": request.form.get("reason", "").strip()[:200]}
    try:
        address = person_addresses.read(typed["address"])
    except AddressError as error:
        return _page(str(error), typed), 422
    with db.transaction() as session:
        kind = SuppressionReason.BY_HAND
        taken_back = suppression.suppress(session, address, kind, typed["reason"] or _("Stopped by hand"))
        audit.record(session, "address stopped", "mail", {"messages taken back": taken_back})
    flash(_("Nothing more goes to %(address)s.", address=address), "success")
    return redirect(url_for("stopped.index"))


@blueprint.post("/lift")
@needs(StaffRole.MANAGER)
def lift() -> Response:
    """Lets messages go to an address again."""
    address = request.form.get("address", "")
    with db.transaction() as session:
        found = suppression.lift(session, address)
        if found is not None:
            audit.record(session, "address taken off the list", "mail", {"was on it": found.kind.value})
    if found is not None:
        flash(_("Messages may go to %(address)s again. What was not sent meanwhile is on its event's page.",
                address=found.address), "success")  # fmt: skip
    return redirect(url_for("stopped.index"))


def _page(problem: str = "", typed: dict[str, Any] | None = None) -> str:
    wanted = suppression.Filter.read(request.args)
    with db.reading() as session:
        lines, total = suppression.listed(session, wanted)
        everything = total or suppression.listed(session, suppression.Filter())[1]
        came = receiving.counts(session)
    return render_template(
        "mail/stopped.html",
        lines=lines,
        total=total,
        everything=everything,
        wanted=wanted,
        came=came,
        kinds=KINDS,
        stopped=panel.STOPPED,
        problem=problem,
        typed=typed or {"address": "", "reason": ""},
    )
