"""What the pages of an owner of planned actions share: who visits, in which language, and what a dead link is told.

The link is the only authority: no session, no cookie. No GET changes anything; each POST redirects when it is done, and
shows all that was typed again where it is wrong.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint
from flask import g
from flask import redirect
from flask import render_template
from flask import request
from flask_babel import refresh
from sqlalchemy.orm import Session
from werkzeug.exceptions import Gone
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from mande import clock
from mande import languages
from mande.followup import links
from mande.followup import operations
from mande.followup import wording
from mande.followup.evidence import parts
from mande.followup.links import Visit
from mande.followup.models import PlannedAction
from mande.followup.models import Update

Page = str | tuple[str, int] | AnyResponse

blueprint = Blueprint("followup", __name__)


class UnknownLinkError(NotFound):
    """Nobody's link. Whether it ever was one is not said."""


class ExpiredLinkError(Gone):
    """The link of somebody who must not be exposed, after its few days. What they wrote stays."""


@blueprint.url_defaults
def keep_language(_endpoint: str, values: dict[str, Any]) -> None:
    """Carries a chosen language along to every further page."""
    if "chosen_language" in g:
        values.setdefault("lang", g.chosen_language)


@blueprint.app_errorhandler(UnknownLinkError)
def unknown_link(_error: UnknownLinkError) -> Page:
    """One page for every link that does not work; what was typed is shown, so that nothing is lost."""
    speak(request.accept_languages.best_match(languages.INTERFACE))
    return render_template("followup/owning/unknown.html", typed=_typed()), 404


@blueprint.app_errorhandler(ExpiredLinkError)
def expired_link(_error: ExpiredLinkError) -> Page:
    """One page for every link that has ended early: it names nobody and nothing but what was typed just now."""
    return render_template("followup/owning/expired.html", typed=_typed()), 410


def visited(session: Session, token: str) -> Visit:
    """The visit of somebody whose link has not expired. Raises UnknownLinkError or ExpiredLinkError."""
    visit = holder(session, token)
    if visit.has_expired(clock.now()):
        raise ExpiredLinkError
    return visit


def holder(session: Session, token: str) -> Visit:
    """The visit, in the language that was chosen or is the person's own. Raises UnknownLinkError."""
    visit = links.visit(session, token)
    if visit is None:
        raise UnknownLinkError
    speak(visit.person.language, request.accept_languages.best_match(languages.INTERFACE))
    return visit


def speak(*usual: str | None) -> None:
    """Sets the page's language: the one that was asked for, else the first of these that we speak."""
    asked = request.args.get("lang", "")
    if asked in languages.INTERFACE:
        g.chosen_language = asked
    g.language = languages.suitable([asked, *usual]) or languages.SOURCE
    refresh()


def mine(session: Session, visit: Visit, action_id: UUID) -> PlannedAction:
    """One of the visitor's own actions. Raises UnknownLinkError for any other."""
    action = operations.find_action(session, visit.link.id, action_id)
    if action is None:
        raise UnknownLinkError
    return action


def today(visit: Visit) -> date:
    """The date where the visitor is."""
    return clock.today(operations.zone_of(visit.link))


def page(name: str, visit: Visit, **values: Any) -> str:
    """A page of followup/owning/, with what every one of them needs."""
    return render_template(
        f"followup/owning/{name}.html",
        token=visit.token,
        link=visit.link,
        event=visit.event,
        person=visit.person,
        zone=operations.zone_of(visit.link),
        wording=wording,
        parts=parts,
        said_by=said_by,
        owning=operations.owning,
        **values,
    )


def said_by(updates: Sequence[Update], link_id: UUID) -> list[Update]:
    """What one owner has reported, the latest first. `updates` are in order of time."""
    return [one for one in reversed(updates) if one.link_id == link_id]


def to(address: str) -> AnyResponse:
    """Sends the browser on, once something is done."""
    return redirect(address, 303)


def _typed() -> list[str]:
    """What came with a form that can no longer be saved, as far as it is words."""
    return [value for value in request.form.values() if len(value) > len("partners_without_name")]
