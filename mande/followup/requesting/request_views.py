"""The pages on which an owner asks a colleague about an action, and on which the colleague answers.

Each link is the only authority, as on all pages of owners: no session, no cookie, and no GET changes anything.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import Blueprint
from flask import g
from flask import render_template
from flask import request
from flask import url_for
from sqlalchemy.orm import Session

from mande import clock
from mande import db
from mande import languages
from mande.events.discretion import is_discreet
from mande.followup import companions
from mande.followup import links
from mande.followup import wording
from mande.followup.models import ActionOwner
from mande.followup.models import ActionRequest
from mande.followup.models import FollowupLink
from mande.followup.models import PlannedAction
from mande.followup.models import RequestKind
from mande.followup.models import RequestState
from mande.followup.models import Status
from mande.followup.owning import pages
from mande.followup.owning.pages import Page
from mande.followup.requesting import answering_requests as answering
from mande.followup.requesting import request_mail
from mande.followup.requesting import request_words
from mande.followup.requesting import requests
from mande.followup.requesting.request_forms import AgreeForm
from mande.followup.requesting.request_forms import AskForm
from mande.followup.requesting.requests import Asked
from mande.followup.requesting.requests import RefusedError

SAID = ("asked", "withdrawn")

blueprint = Blueprint("requests", __name__)
blueprint.url_defaults(pages.keep_language)


@dataclass(frozen=True)
class CoOwner:
    """Somebody who owns an action too, and what they said last. `name` is None where it must not be exposed."""

    name: str | None
    status: Status | None
    said_at: datetime | None


@dataclass(frozen=True)
class Colleagues:
    """Who owns an action together with the owner of `link`, and what has been asked about it."""

    action: PlannedAction
    link: FollowupLink

    @property
    def owners(self) -> list[CoOwner]:
        return [_co_owner(self.action, one) for one in self.action.owners if one.link_id != self.link.id]

    @property
    def asked(self) -> list[ActionRequest]:
        """What this owner has asked, and who is named. What was asked, and led to an owner, is among the owners."""
        agreed = {RequestKind.JOIN, RequestKind.TAKE_OVER}
        return [one for one in self.action.requests if not (one.state is RequestState.AGREED and one.kind in agreed)
                and (one.from_link_id == self.link.id or requests.may_be_withdrawn(one))]  # fmt: skip

    def may_be_named(self, one: ActionRequest) -> bool:
        """Whether this owner may read who was asked: whoever they have asked, and who has agreed to be named. That is
        also what they may take back.
        """
        return one.from_link_id == self.link.id or companions.is_named(one)


def _co_owner(action: PlannedAction, owner: ActionOwner) -> CoOwner:
    person = owner.link.person
    said = [one.reported_at for one in action.updates if one.link_id == owner.link_id]
    hidden = is_discreet(action.event, person)
    return CoOwner(None if hidden else person.name, owner.status, max(said, default=None))


@blueprint.app_template_global()
def colleagues(action: PlannedAction, link: FollowupLink) -> Colleagues:
    """For the card of an action on its owner's page."""
    return Colleagues(action, link)


@blueprint.app_context_processor
def _words() -> dict[str, object]:
    return {"request_words": request_words, "may_be_withdrawn": requests.may_be_withdrawn}


@blueprint.get("/a/<token>/actions/<uuid:action_id>/colleagues")
def index(token: str, action_id: UUID) -> Page:
    """Who owns an action too, who was asked, and a form to ask somebody."""
    with db.reading() as session:
        visit = pages.visited(session, token)
        action = pages.mine(session, visit, action_id)
        return _index(visit, action, AskForm(chosen=request.args.get("kind", "")))


@blueprint.post("/a/<token>/actions/<uuid:action_id>/colleagues")
def ask(token: str, action_id: UUID) -> Page:
    with db.transaction() as session:
        visit = pages.visited(session, token)
        action = pages.mine(session, visit, action_id)
        form = AskForm(request.form)
        if not form.validate():
            return _index(visit, action, form), 422
        try:
            requests.ask(session, visit.link, action, form.question())
        except RefusedError as refused:
            form.refuse(refused.refusal)
            return _index(visit, action, form), 422
    return pages.to(url_for("requests.index", token=visit.token, action_id=action_id, said="asked"))


@blueprint.post("/a/<token>/actions/<uuid:action_id>/colleagues/<uuid:request_id>/withdraw")
def withdraw(token: str, action_id: UUID, request_id: UUID) -> Page:
    with db.transaction() as session:
        visit = pages.visited(session, token)
        found = requests.find(pages.mine(session, visit, action_id), request_id)
        if found is None or not (found.from_link_id == visit.link.id or companions.is_named(found)):
            raise pages.UnknownLinkError
        requests.withdraw(session, found, visit.link)
    return pages.to(url_for("requests.index", token=visit.token, action_id=action_id, said="withdrawn"))


def _index(visit: links.Visit, action: PlannedAction, form: AskForm) -> str:
    said = request.args.get("said") if request.method == "GET" else None
    return pages.page(
        "requests",
        visit,
        action=action,
        form=form,
        exposing=requests.is_exposing(action),
        said=said if said in SAID else None,
    )


@blueprint.get("/q/<token>")
def show(token: str) -> Page:
    """What a colleague was asked, or what became of it."""
    with db.reading() as session:
        return _shown(_asked(session, token))


@blueprint.post("/q/<token>/agree")
def agree(token: str) -> Page:
    with db.transaction() as session:
        asked = _asked(session, token)
        if asked.request.state is RequestState.ASKED:
            if asked.has_ended(clock.now()):
                return _shown(asked)
            form = AgreeForm(asked.request, asked.known is not None, request.form)
            if not form.validate():
                return _asking(asked, form), 422
            try:
                answering.agree(session, asked, form.given(g.language))
            except answering.TooManyActionsError:
                form.problem = request_words.too_many()
                return _asking(asked, form), 422
    return pages.to(url_for("requests.show", token=asked.token))


@blueprint.get("/q/<token>/decline")
def ask_to_decline(token: str) -> Page:
    """Programs that read mail follow every link: they see this page, and nothing is declined by it."""
    return show(token)


@blueprint.post("/q/<token>/decline")
def decline(token: str) -> Page:
    """The button of the page, or one click in a mail program (RFC 8058), which cannot be sent on to another page."""
    with db.transaction() as session:
        asked = _asked(session, token)
        if request.args.get("then") != "show":
            request_mail.stop(session, asked.request.id)
            return _shown(asked)
        answering.decline(session, asked)
    return pages.to(url_for("requests.show", token=asked.token))


def _asked(session: Session, token: str) -> Asked:
    asked = answering.visit(session, token)
    if asked is None:
        raise pages.UnknownLinkError
    known = asked.known.language if asked.known else None
    pages.speak(known, request.accept_languages.best_match(languages.INTERFACE))
    return asked


def _shown(asked: Asked) -> Page:
    """What was asked; once it has ended, a page that names nobody and nothing."""
    one = asked.request
    if asked.has_ended(clock.now()):
        page = render_template("followup/owning/request_ended.html", asked=asked)
        return page if one.state is RequestState.DECLINED else (page, 410)
    return _asking(asked) if one.state is RequestState.ASKED else _page("request_agreed", asked)


def _asking(asked: Asked, form: AgreeForm | None = None) -> str:
    return _page("request", asked, form=form or AgreeForm(asked.request, asked.known is not None))


def _page(name: str, asked: Asked, **values: object) -> str:
    return render_template(
        f"followup/owning/{name}.html",
        asked=asked,
        one=asked.request,
        action=asked.request.action,
        event=asked.event,
        token=asked.token,
        wording=wording,
        **values,
    )
