"""Cards to print, and a page for whoever stands at the door: look somebody up, and let them scan their code."""

from uuid import UUID

from flask import Blueprint
from flask import Response
from flask import abort
from flask import render_template
from flask import request

from mande import db
from mande import pdf
from mande.events.wanted import wanted_event
from mande.events.words import key
from mande.staff import audit
from mande.staff.access import needs_right
from mande.surveys.room import cards
from mande.surveys.room import codes

blueprint = Blueprint("surveys_room", __name__, url_prefix="/staff/events/<code>/room")


@blueprint.get("")
@needs_right
def door(code: str) -> str:
    """Those who have not answered, `?text=` among them, each with a button that shows their code."""
    text = request.args.get("text", "").strip()[:200]
    with db.reading() as session:
        event = wanted_event(session, code)
        waiting = codes.waiting(session, event)
        named = cards.may_be_named(event, waiting)
        found = [one for one in waiting if key(text) in key(f"{_about(one.attendance.person)}")]
        return render_template(
            "surveys/room/door.html", event=event, found=found, text=text, waiting=len(waiting), named=len(named)
        )


@blueprint.post("/cards.pdf")
@needs_right
def print_cards(code: str) -> Response:
    """The cards of all who have not answered and may be named. Made again, the same cards, as long as none was used."""
    with db.transaction() as session:
        event = wanted_event(session, code)
        named = cards.may_be_named(event, codes.waiting(session, event)) or abort(404)
        given = codes.give(session, named)
        audit.record(session, "cards made", event.code, {"cards": len(named)})
    try:
        made = cards.render(event, named, given)
    except pdf.RenderingError as error:
        abort(503, str(error))
    response = Response(made, mimetype="application/pdf")
    response.headers.set("Content-Disposition", "attachment", filename=f"{event.code}-cards.pdf")
    return response


@blueprint.post("/<uuid:invitation>")
@needs_right
def show_code(code: str, invitation: UUID) -> str:
    """One person's code, large, for them to scan from this screen."""
    with db.transaction() as session:
        event = wanted_event(session, code)
        found = codes.find(session, event, invitation) or abort(404)
        given = codes.give(session, [found])
        audit.record(session, "code shown at the door", event.code, {"person": found.attendance.person.name})
        shown = cards.card(found, given[found.id])
    return render_template("surveys/room/code.html", event=event, card=shown)


def _about(person: object) -> str:
    return " ".join(getattr(person, name) or "" for name in ("name", "email", "organisation"))
