"""The pages on which somebody sees all that is held about them, takes it with them, and has it deleted.

What they wrote in the follow-up of this event is deleted by a button here. To erase all, a message goes to their own
address first, because the link may lie in other hands: its link leads to /d/<token>, where a button does it.
"""

import json

from flask import Blueprint
from flask import Response
from flask import render_template
from flask import request
from flask import url_for
from sqlalchemy.orm import Session

from mande import clock
from mande import db
from mande import languages
from mande.events.discretion import is_discreet
from mande.followup import operations
from mande.followup.held import holding
from mande.followup.keeping import erasing
from mande.followup.keeping import serving
from mande.followup.keeping import wishes
from mande.followup.keeping.wishes import Asked
from mande.followup.links import Visit
from mande.followup.models import ErasureRequest
from mande.followup.owning.pages import Page
from mande.followup.owning.pages import UnknownLinkError
from mande.followup.owning.pages import keep_language
from mande.followup.owning.pages import page
from mande.followup.owning.pages import speak
from mande.followup.owning.pages import to
from mande.followup.owning.pages import visited

blueprint = Blueprint("held", __name__)
blueprint.url_defaults(keep_language)


@blueprint.get("/a/<token>/held")
def show(token: str) -> Page:
    """All that is held about whoever has this link, as far as this event goes."""
    with db.reading() as session:
        visit = visited(session, token)
        deleted = request.args.get("said") == "deleted"
        return page("held", visit, sections=holding.everything(session, visit), deleted=deleted)


@blueprint.get("/a/<token>/held.json")
def data(token: str) -> Response:
    """The same for a program. It names no event in its own name: it may lie in a folder that others see."""
    with db.reading() as session:
        visit = visited(session, token)
        told = {"held_at": clock.now().isoformat(), **holding.as_data(holding.everything(session, visit))}
    body = json.dumps(told, ensure_ascii=False, indent=2) + "\n"
    response = Response(body, mimetype="application/json", headers=serving.HEADERS)
    response.headers["Content-Disposition"] = serving.disposition("held.json")
    return response


@blueprint.route("/a/<token>/held/delete", methods=["GET", "POST"])
def delete(token: str) -> Page:
    """Deletes what somebody wrote in the follow-up of this event, after they have read what that means."""
    if request.method == "GET":
        with db.reading() as session:
            visit = visited(session, token)
            return page("held_delete", visit, **_left(session, visit))
    with db.transaction() as session:
        visit = visited(session, token)
        erasing.erase_written(session, visit.link)
    return to(url_for("held.show", token=visit.token, said="deleted"))


@blueprint.route("/a/<token>/held/erase", methods=["GET", "POST"])
def erase(token: str) -> Page:
    """Asks whether all is to be erased, by a message to the person's own address."""
    if request.method == "GET":
        with db.reading() as session:
            visit = visited(session, token)
            asked = request.args.get("said", "")
            return page("held_erase", visit, asked=asked if asked in list(Asked) else None)
    with db.transaction() as session:
        visit = visited(session, token)
        asked = wishes.ask(session, visit.link)
    return to(url_for("held.erase", token=visit.token, said=asked.value))


@blueprint.route("/d/<token>", methods=["GET", "POST"])
def confirm(token: str) -> Page:
    """Erases all that is held about a person, once they have pressed the button on this page."""
    if request.method == "GET":
        with db.reading() as session:
            wish = _wished(session, token)
            # Whoever must not be exposed is told of no event by a page that lies in a mailbox.
            named = not is_discreet(wish.event, wish.person)
            return render_template("followup/owning/erase.html", token=token, event=wish.event if named else None)
    with db.transaction() as session:
        wishes.confirm(session, _wished(session, token))
    return to(url_for("held.erased"))


@blueprint.get("/d/erased")
def erased() -> Page:
    """What is said afterwards, to nobody in particular."""
    speak(request.accept_languages.best_match(languages.INTERFACE))
    return render_template("followup/owning/erased.html")


def _left(session: Session, visit: Visit) -> dict[str, int]:
    """How many actions go, and how many stay because others own them too."""
    actions = operations.actions_of(session, visit.link.id)
    alone = sum(len(action.owners) == 1 for action in actions)
    return {"alone": alone, "joint": len(actions) - alone}


def _wished(session: Session, token: str) -> ErasureRequest:
    """The wish that is to be confirmed, and the page in its person's language. Raises UnknownLinkError."""
    wish = wishes.find(session, token)
    if wish is None:
        raise UnknownLinkError
    speak(wish.person.language, request.accept_languages.best_match(languages.INTERFACE))
    return wish
