"""The pages on which an owner sees, adds, changes and withdraws planned actions, and stops all questions about them."""

from uuid import UUID

from flask import g
from flask import render_template
from flask import request
from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mande import clock
from mande import db
from mande.followup import links
from mande.followup import operations
from mande.followup.asking.checkins import next_check_in
from mande.followup.links import Visit
from mande.followup.models import ENDED
from mande.followup.models import PlannedAction
from mande.followup.owning import dates as dates
from mande.followup.owning import nudges
from mande.followup.owning import pages
from mande.followup.owning import reporting as reporting
from mande.followup.owning.examples import examples
from mande.followup.owning.forms import ActionForm
from mande.followup.owning.forms import still_paused
from mande.followup.owning.nudges import Nudge
from mande.followup.owning.pages import ExpiredLinkError as ExpiredLinkError
from mande.followup.owning.pages import Page
from mande.followup.owning.pages import UnknownLinkError as UnknownLinkError
from mande.followup.owning.pages import blueprint as blueprint
from mande.surveys.answering import responding

SAID = ("added", "changed", "moved", "withdrawn", "left", "stopped", "resumed", "paused", "unpaused")


@blueprint.get("/r/<token>/actions")
def from_questionnaire(token: str) -> Page:
    """Takes the holder of a questionnaire's link to their own page of actions, which is another envelope."""
    own = _own_token(token)
    pages.speak()
    return pages.to(url_for("followup.show", token=own))


@blueprint.post("/r/<token>/actions")
def add_from_questionnaire(token: str) -> Page:
    """Adds what somebody wrote on the last page of a questionnaire. Nothing of it is kept with their answers."""
    return _add(_own_token(token))


@blueprint.get("/a/<token>")
def show(token: str) -> Page:
    with db.reading() as session:
        visit = pages.visited(session, token)
        return _overview(session, visit, ActionForm(pages.today(visit)))


@blueprint.post("/a/<token>/actions")
def add(token: str) -> Page:
    return _add(token)


def _own_token(token: str) -> str:
    """The token of the follow-up link of whoever holds a questionnaire's. Raises UnknownLinkError, ExpiredLinkError."""
    with db.reading() as session:
        answering = responding.visit(session, token)
        if answering and answering.invitation.has_expired(clock.now()):
            raise ExpiredLinkError
        link = links.find_of_attendance(session, answering.invitation.attendance_id) if answering else None
        if link is None:
            raise UnknownLinkError
        return links.token_of(link)


def _add(token: str) -> Page:
    with db.transaction() as session:
        visit = pages.visited(session, token)
        form = ActionForm(pages.today(visit), request.form)
        if not form.validate():
            return _overview(session, visit, form), 422
        try:
            action = operations.add_action(session, visit.link, form.intention())
        except operations.TooManyActionsError:
            form.what.errors = [_("You have as many actions as this page can hold. Change or withdraw one of them.")]
            return _overview(session, visit, form), 422
    return pages.to(url_for("followup.show", token=visit.token, said="added", about=action.short))


@blueprint.route("/a/<token>/actions/<uuid:action_id>", methods=["GET", "POST"])
def edit(token: str, action_id: UUID) -> Page:
    if request.method == "GET":
        with db.reading() as session:
            visit = pages.visited(session, token)
            action = pages.mine(session, visit, action_id)
            form = ActionForm(pages.today(visit), action=action, mine=operations.owning(action, visit.link.id))
            return _edit(visit, action, form)
    with db.transaction() as session:
        visit = pages.visited(session, token)
        action = pages.mine(session, visit, action_id)
        form = ActionForm(pages.today(visit), request.form, action)
        if not form.validate():
            return _edit(visit, action, form), 422
        operations.change_action(session, action, visit.link, form.intention())
    return pages.to(url_for("followup.show", token=visit.token, said="changed"))


@blueprint.route("/a/<token>/actions/<uuid:action_id>/withdraw", methods=["GET", "POST"])
def withdraw(token: str, action_id: UUID) -> Page:
    if request.method == "GET":
        with db.reading() as session:
            visit = pages.visited(session, token)
            return pages.page("withdraw", visit, action=pages.mine(session, visit, action_id))
    with db.transaction() as session:
        visit = pages.visited(session, token)
        action = pages.mine(session, visit, action_id)
        said = "left" if len(action.owners) > 1 else "withdrawn"
        operations.withdraw_action(session, action, visit.link)
    return pages.to(url_for("followup.show", token=visit.token, said=said))


@blueprint.get("/a/<token>/stop")
def ask_to_stop(token: str) -> Page:
    """Programs that read mail follow every link: they see this page, and nothing is stopped by it."""
    with db.reading() as session:
        return _stop_page(pages.holder(session, token))


@blueprint.post("/a/<token>/stop")
def stop(token: str) -> Page:
    """The button of a page, or one click in a mail program (RFC 8058), which cannot be sent on to another page."""
    with db.transaction() as session:
        visit = pages.holder(session, token)
        operations.stop(session, visit.link)
        if request.args.get("then") != "show":
            return _stop_page(visit)
    return pages.to(url_for("followup.show", token=visit.token, said="stopped"))


@blueprint.post("/a/<token>/resume")
def resume(token: str) -> Page:
    with db.transaction() as session:
        visit = pages.visited(session, token)
        operations.resume(session, visit.link)
    return pages.to(url_for("followup.show", token=visit.token, said="resumed"))


def _stop_page(visit: Visit) -> str:
    return render_template("followup/owning/stop.html", visit=visit, expired=visit.has_expired(clock.now()))


def _edit(visit: Visit, action: PlannedAction, form: ActionForm) -> str:
    return pages.page("edit", visit, action=action, form=form, examples=_examples(visit))


def _overview(session: Session, visit: Visit, form: ActionForm) -> str:
    actions = operations.actions_of(session, visit.link.id)
    said = request.args.get("said") if request.method == "GET" else None
    about = next((one for one in actions if one.short == request.args.get("about")), None)
    return pages.page(
        "show",
        visit,
        form=form,
        examples=_examples(visit),
        open=[action for action in actions if action.status not in ENDED],
        ended=[action for action in actions if action.status in ENDED],
        next_at=next_check_in(session, visit.link.id),
        paused=still_paused(visit.link.snoozed_until, pages.today(visit)),
        said=said if said in SAID else None,
        about=about,
        nudge=_nudge(about) if said == "added" and about else None,
    )


def _nudge(action: PlannedAction) -> Nudge | None:
    return nudges.suggest(action.what, str(g.language))


def _examples(visit: Visit) -> list[str]:
    attended = visit.link.attendance
    topics = [topic for meeting in visit.event.meetings for topic in meeting.topics]
    return examples({held.role for held in attended.roles} if attended else (), topics)
