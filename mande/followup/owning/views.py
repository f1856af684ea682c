"""The pages of an owner of planned actions. Their link is the only authority: no session, no cookie.

No GET changes anything; each POST redirects when it is done, and shows all that was typed again where it is wrong.
"""

from typing import Any
from uuid import UUID

from flask import Blueprint
from flask import g
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from flask_babel import gettext as _
from flask_babel import refresh
from sqlalchemy.orm import Session
from werkzeug.exceptions import Gone
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from mande import clock
from mande import db
from mande import languages
from mande.followup import links
from mande.followup import operations
from mande.followup import wording
from mande.followup.asking.checkins import next_check_in
from mande.followup.evidence import parts
from mande.followup.figures import last_said
from mande.followup.links import Visit
from mande.followup.models import ENDED
from mande.followup.models import PlannedAction
from mande.followup.owning.forms import ActionForm
from mande.followup.owning.forms import CheckInForm
from mande.surveys.answering import responding

SAID = ("added", "changed", "withdrawn", "stopped", "resumed")

Page = str | tuple[str, int] | AnyResponse

blueprint = Blueprint("followup", __name__)


class UnknownLinkError(NotFound):
    """Nobody's link. Whether it ever was one is not said."""


class ExpiredLinkError(Gone):
    """The link of somebody who must not be exposed, after its few days. What they wrote stays."""


@blueprint.url_defaults
def _keep_language(_endpoint: str, values: dict[str, Any]) -> None:
    if "chosen_language" in g:
        values.setdefault("lang", g.chosen_language)


@blueprint.errorhandler(UnknownLinkError)
def unknown_link(_error: UnknownLinkError) -> Page:
    """One page for every link that does not work; what was typed is shown, so that nothing is lost."""
    _speak(request.accept_languages.best_match(languages.INTERFACE))
    return render_template("followup/owning/unknown.html", typed=_typed()), 404


@blueprint.errorhandler(ExpiredLinkError)
def expired_link(_error: ExpiredLinkError) -> Page:
    """One page for every link that has ended early: it names nobody and nothing but what was typed just now."""
    return render_template("followup/owning/expired.html", typed=_typed()), 410


@blueprint.get("/r/<token>/actions")
def from_questionnaire(token: str) -> Page:
    """Takes the holder of a questionnaire's link to their own page of actions, which is another envelope."""
    with db.reading() as session:
        answering = responding.visit(session, token)
        if answering and answering.invitation.has_expired(clock.now()):
            raise ExpiredLinkError
        link = links.find_of_attendance(session, answering.invitation.attendance_id) if answering else None
    if link is None:
        raise UnknownLinkError
    _speak()
    return _to(url_for("followup.show", token=links.token_of(link)))


@blueprint.get("/a/<token>")
def show(token: str) -> Page:
    with db.reading() as session:
        visit = _visited(session, token)
        return _overview(session, visit, ActionForm(_today(visit)))


@blueprint.post("/a/<token>/actions")
def add(token: str) -> Page:
    with db.transaction() as session:
        visit = _visited(session, token)
        form = ActionForm(_today(visit), request.form)
        if not form.validate():
            return _overview(session, visit, form), 422
        try:
            operations.add_action(session, visit.link, form.intention())
        except operations.TooManyActionsError:
            form.what.errors = [_("You have as many actions as this page can hold. Change or withdraw one of them.")]
            return _overview(session, visit, form), 422
    return _to(url_for("followup.show", token=visit.token, said="added"))


@blueprint.route("/a/<token>/actions/<uuid:action_id>", methods=["GET", "POST"])
def edit(token: str, action_id: UUID) -> Page:
    if request.method == "GET":
        with db.reading() as session:
            visit = _visited(session, token)
            action = _mine(session, visit, action_id)
            return _page(
                "edit",
                visit,
                form=ActionForm(_today(visit), action=action, mine=operations.owning(action, visit.link.id)),
                action=action,
            )
    with db.transaction() as session:
        visit = _visited(session, token)
        action = _mine(session, visit, action_id)
        form = ActionForm(_today(visit), request.form, action)
        if not form.validate():
            return _page("edit", visit, form=form, action=action), 422
        operations.change_action(session, action, visit.link, form.intention())
    return _to(url_for("followup.show", token=visit.token, said="changed"))


@blueprint.route("/a/<token>/actions/<uuid:action_id>/withdraw", methods=["GET", "POST"])
def withdraw(token: str, action_id: UUID) -> Page:
    if request.method == "GET":
        with db.reading() as session:
            visit = _visited(session, token)
            return _page("withdraw", visit, action=_mine(session, visit, action_id))
    with db.transaction() as session:
        visit = _visited(session, token)
        operations.withdraw_action(session, _mine(session, visit, action_id), visit.link)
    return _to(url_for("followup.show", token=visit.token, said="withdrawn"))


@blueprint.get("/a/<token>/stop")
def ask_to_stop(token: str) -> Page:
    """Programs that read mail follow every link: they see this page, and nothing is stopped by it."""
    with db.reading() as session:
        return _stop_page(_holder(session, token))


@blueprint.post("/a/<token>/stop")
def stop(token: str) -> Page:
    """The button of a page, or one click in a mail program (RFC 8058), which cannot be sent on to another page."""
    with db.transaction() as session:
        visit = _holder(session, token)
        operations.stop(session, visit.link)
        if request.args.get("then") != "show":
            return _stop_page(visit)
    return _to(url_for("followup.show", token=visit.token, said="stopped"))


def _stop_page(visit: Visit) -> str:
    return render_template("followup/owning/stop.html", visit=visit, expired=visit.has_expired(clock.now()))


@blueprint.post("/a/<token>/resume")
def resume(token: str) -> Page:
    with db.transaction() as session:
        visit = _visited(session, token)
        operations.resume(session, visit.link)
    return _to(url_for("followup.show", token=visit.token, said="resumed"))


@blueprint.get("/a/<token>/report")
def report(token: str) -> Page:
    with db.reading() as session:
        visit = _visited(session, token)
        actions = operations.actions_of(session, visit.link.id)
        return _page("report", visit, form=CheckInForm(actions, _today(visit)))


@blueprint.post("/a/<token>/report")
def tell(token: str) -> Page:
    with db.transaction() as session:
        visit = _visited(session, token)
        actions = operations.actions_of(session, visit.link.id)
        form = CheckInForm(actions, _today(visit), request.form)
        if not form.validate():
            return _page("report", visit, form=form), 422
        operations.report_progress(session, visit.link, form.reports())
    return _to(url_for("followup.thanks", token=visit.token))


@blueprint.get("/a/<token>/thanks")
def thanks(token: str) -> Page:
    with db.reading() as session:
        visit = _visited(session, token)
        actions = operations.actions_of(session, visit.link.id)
        return _page("thanks", visit, actions=actions, next_at=next_check_in(session, visit.link.id))


def _visited(session: Session, token: str) -> Visit:
    """The visit of somebody whose link has not expired. Raises UnknownLinkError or ExpiredLinkError."""
    visit = _holder(session, token)
    if visit.has_expired(clock.now()):
        raise ExpiredLinkError
    return visit


def _holder(session: Session, token: str) -> Visit:
    """The visit, in the language that was chosen or is the person's own. Raises UnknownLinkError."""
    visit = links.visit(session, token)
    if visit is None:
        raise UnknownLinkError
    _speak(visit.person.language, request.accept_languages.best_match(languages.INTERFACE))
    return visit


def _typed() -> list[str]:
    """What came with a form that can no longer be saved, as far as it is words."""
    return [value for value in request.form.values() if len(value) > len("partners_without_name")]


def _speak(*usual: str | None) -> None:
    asked = request.args.get("lang", "")
    if asked in languages.INTERFACE:
        g.chosen_language = asked
    g.language = languages.suitable([asked, *usual]) or languages.SOURCE
    refresh()


def _mine(session: Session, visit: Visit, action_id: UUID) -> PlannedAction:
    action = operations.find_action(session, visit.link.id, action_id)
    if action is None:
        raise UnknownLinkError
    return action


def _today(visit: Visit) -> Any:
    return clock.today(operations.zone_of(visit.link))


def _overview(session: Session, visit: Visit, form: ActionForm) -> str:
    actions = operations.actions_of(session, visit.link.id)
    return _page(
        "show",
        visit,
        form=form,
        open=[action for action in actions if action.status not in ENDED],
        ended=[action for action in actions if action.status in ENDED],
        next_at=next_check_in(session, visit.link.id),
        said=request.args.get("said") if request.args.get("said") in SAID and request.method == "GET" else None,
    )


def _page(name: str, visit: Visit, **values: Any) -> str:
    return render_template(
        f"followup/owning/{name}.html",
        token=visit.token,
        link=visit.link,
        event=visit.event,
        person=visit.person,
        zone=operations.zone_of(visit.link),
        wording=wording,
        parts=parts,
        last_said=last_said,
        owning=operations.owning,
        **values,
    )


def _to(address: str) -> AnyResponse:
    return redirect(address, 303)
