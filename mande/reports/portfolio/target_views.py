"""Staff pages: what is to be reached, over all events or in a programme."""

from uuid import UUID

from flask import Blueprint
from flask import abort
from flask import flash
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from mande import db
from mande.events.browsing.event_list import choices
from mande.reports.kinds import Measure
from mande.reports.models import Target
from mande.reports.portfolio import questions
from mande.reports.portfolio import target_form
from mande.reports.portfolio import targets
from mande.reports.portfolio import wording
from mande.reports.portfolio.target_form import Typed
from mande.reports.portfolio.targets import TargetExistsError
from mande.staff.access import needs
from mande.staff.models import StaffRole

blueprint = Blueprint("targets", __name__, url_prefix="/staff/portfolio/targets")


@blueprint.get("")
@needs(StaffRole.VIEWER)
def index() -> str:
    """All targets, and a form for another one."""
    with db.reading() as session:
        return _page(session, Typed())


@blueprint.post("")
@needs(StaffRole.MANAGER)
def add() -> Response | str | tuple[str, int]:
    """Sets a target for something that has none."""
    with db.transaction() as session:
        typed = target_form.read(request.form, choices(session).programmes)
        if not typed.problems:
            try:
                targets.set_target(session, typed.kind, typed.question, typed.programme, typed.value)
            except TargetExistsError:
                typed.problems["measure"] = _("There is a target for this already. Change it in the list below.")
        if typed.problems:
            return _page(session, typed), 422
    flash(_("The target is set."), "success")
    return redirect(url_for("targets.index"))


@blueprint.post("/<uuid:target_id>")
@needs(StaffRole.MANAGER)
def change(target_id: UUID) -> Response | tuple[str, int]:
    """Changes a target, or takes it away (button `remove`)."""
    with db.transaction() as session:
        if "remove" in request.form:
            found = targets.remove(session, target_id)
            flash(_("The target is taken away.") if found else _("The target was gone already."), "success")
            return redirect(url_for("targets.index"))
        target = session.get(Target, target_id)
        if target is None:
            abort(404)
        typed = Typed(amount=request.form.get("amount", "").strip()[:20])
        target_form.value(typed, target.measure)
        if typed.problems:
            return _page(session, Typed(), {target_id: typed}), 422
        targets.change(session, target_id, typed.value)
    flash(_("The target is changed."), "success")
    return redirect(url_for("targets.index"))


def _page(session: Session, typed: Typed, changed: dict[UUID, Typed] | None = None) -> str:
    texts: dict[str, str] = {}
    for asked in questions.known(session):
        texts.setdefault(asked.code, asked.text)
    return render_template(
        "reports/portfolio/targets.html",
        typed=typed,
        changed=changed or {},
        targets=targets.all_targets(session),
        programmes=choices(session).programmes,
        texts=texts,
        measures=list(Measure),
        of_questions=targets.OF_QUESTIONS,
        amount=target_form.amount,
        wording=wording,
    )
