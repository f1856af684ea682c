"""The page on which an owner reports, and what they are told then."""

from flask import request
from flask import url_for

from mande import db
from mande.followup import operations
from mande.followup.asking.checkins import next_check_in
from mande.followup.keeping import filetypes
from mande.followup.links import Visit
from mande.followup.models import ENDED
from mande.followup.owning import files
from mande.followup.owning import pages
from mande.followup.owning.forms import still_paused
from mande.followup.owning.pages import Page
from mande.followup.owning.pages import blueprint
from mande.followup.owning.progress import CheckInForm


@blueprint.get("/a/<token>/report")
def report(token: str) -> Page:
    """A button of a check-in fills a choice in by the address; nothing is saved before the form is sent."""
    with db.reading() as session:
        visit = pages.visited(session, token)
        actions = operations.actions_of(session, visit.link.id)
        return _form(visit, CheckInForm(actions, pages.today(visit), query=request.args))


@blueprint.post("/a/<token>/report")
def tell(token: str) -> Page:
    """Files that are good are kept even where something else is wrong: a browser does not send them again by itself."""
    with db.transaction() as session:
        visit = pages.visited(session, token)
        actions = operations.actions_of(session, visit.link.id)
        form = CheckInForm(actions, pages.today(visit), request.form, files=request.files)
        for one in form.every:
            one.file_errors = files.receive(session, visit.link, one.action, one.uploads)
        if not form.validate():
            return _form(visit, form), 422
        operations.report_progress(session, visit.link, form.reports())
    return pages.to(url_for("followup.thanks", token=visit.token))


@blueprint.get("/a/<token>/thanks")
def thanks(token: str) -> Page:
    with db.reading() as session:
        visit = pages.visited(session, token)
        actions = operations.actions_of(session, visit.link.id)
        open_ones = [action for action in actions if action.status not in ENDED]
        return pages.page(
            "thanks",
            visit,
            actions=actions,
            open=open_ones,
            may_ask=any(operations.owning(action, visit.link.id).consent for action in open_ones),
            paused=still_paused(visit.link.snoozed_until, pages.today(visit)),
            next_at=next_check_in(session, visit.link.id),
        )


def _form(visit: Visit, form: CheckInForm) -> str:
    return pages.page("report", visit, form=form, accept=filetypes.ACCEPT, limits=files.limits())
