"""Staff pages: comments under review. What is released may be edited first; what was cut is in no edition."""

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
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
from mande.events.models import Event
from mande.events.wanted import wanted_event
from mande.exports import csv_response
from mande.exports import xlsx_response
from mande.reports import comments
from mande.reports.comments import Asked
from mande.reports.document import COMMENTS_FROM
from mande.reports.reviewing import known
from mande.reports.reviewing import listing
from mande.reports.reviewing.listing import PAGE_LENGTH
from mande.reports.reviewing.listing import Shown
from mande.reports.reviewing.listing import Wanted
from mande.reports.reviewing.mentions import Known
from mande.staff.access import needs
from mande.staff.models import StaffRole
from mande.surveys.models import CommentState

HEADER = ("question", "state", "original", "as printed")
LOOK = "look"

blueprint = Blueprint("comments", __name__, url_prefix="/staff/events/<code>/comments")


@dataclass(frozen=True)
class Found:
    """All that the page of an event's comments is made of."""

    event: Event
    asked: Sequence[Asked]
    wanted: Wanted
    there: Known
    shown: list[Shown]


@blueprint.get("")
@needs(StaffRole.MANAGER)
def index(code: str) -> str | Response:
    with db.reading() as session:
        found = _find(session, code, request.args)
        form, rows = request.args.get("format"), listing.rows(found.shown)
        if form == "csv":
            return csv_response(f"{found.event.code}-comments.csv", HEADER, rows)
        if form == "xlsx":
            return xlsx_response(f"{found.event.code}-comments.xlsx", {"comments": [HEADER, *rows]})
        return _page(found)


@blueprint.post("/<uuid:comment_id>")
@needs(StaffRole.MANAGER)
def decide(code: str, comment_id: UUID) -> Response | tuple[str, int] | str:
    """Releases, withholds or holds a comment; or (`state=look`) shows what was changed in it, and keeps nothing."""
    text = request.form.get("text", "")
    shown = {name.removeprefix("shown_"): value for name, value in request.form.items() if name.startswith("shown_")}
    state = next((state for state in CommentState if state.value == request.form.get("state")), None)
    if state is None and request.form.get("state") != LOOK:
        abort(400, _("Release the comment, withhold it, or hold it for later."))
    if state is None:
        with db.reading() as session:
            return _page(_find(session, code, shown, comment_id), comment_id, text)
    with db.transaction() as session:
        found = _find(session, code, shown, comment_id)
        if _overtaken(found, comment_id):
            problem = _("Somebody else has decided on this comment meanwhile. If yours is to hold, decide once more.")
            return _page(found, comment_id, text, problem), 409
        try:
            decided = comments.decide(session, found.event, comment_id, state, text)
        except comments.CommentNotFoundError:
            abort(404)
        except comments.ReleaseError as error:
            return _page(found, comment_id, text, str(error)), 422
    told = {"released": _("Released."), "withheld": _("Withheld."), "held": _("Held for later.")}
    flash(told[decided.state.value], "success")
    return redirect(_next(found, comment_id, decided.state), 303)


def _find(session: Session, code: str, args: Mapping[str, str], needed: UUID | None = None) -> Found:
    """The comments that are wanted; all of them where the one that is `needed` is not among those."""
    event = wanted_event(session, code)
    asked = comments.questions(session, event)
    wanted = Wanted.read(args, [one.key for one in asked])
    there = known.read(session, event)
    to_review = comments.to_review(session, event, wanted.question or None, wanted.state)
    shown = listing.select(to_review, asked, wanted, there)
    if args and needed and needed not in [one.comment.id for one in shown]:
        return _find(session, code, {}, needed)
    return Found(event, asked, wanted, there, shown)


def _overtaken(found: Found, comment_id: UUID) -> bool:
    """Whether the comment is no longer as the form has shown it."""
    seen = request.form.get("seen")
    return any(one.comment.id == comment_id and seen not in (None, one.seen) for one in found.shown)


def _next(found: Found, decided: UUID, state: CommentState) -> str:
    """The address of the comment that stands after this one in the list, or of the list after its last one."""
    ids = [one.comment.id for one in found.shown]
    following = ids[ids.index(decided) + 1 :] if decided in ids else []
    stays = found.wanted.state in (None, state)
    place = len(ids) - len(following) - (0 if stays else 1)
    page = str(place // PAGE_LENGTH + 1) if following and place >= PAGE_LENGTH else ""
    anchor = f"c{following[0].hex}" if following else None
    asked: dict[str, Any] = {**found.wanted.asked(page=page), "_anchor": anchor}
    return url_for("comments.index", code=found.event.code, **asked)


def _page(found: Found, tried: UUID | None = None, text: str = "", problem: str = "") -> str:
    """The page; of the comment `tried` with the text that was typed, and what is wrong with it."""
    shown = [
        one.typed(text.replace("\r\n", "\n"), found.there, problem) if one.comment.id == tried else one
        for one in found.shown
    ]
    place = next((place for place, one in enumerate(shown) if one.comment.id == tried), None)
    number = found.wanted.number if place is None else place // PAGE_LENGTH + 1
    return render_template(
        "reports/reviewing/comments.html",
        event=found.event,
        asked=found.asked,
        wanted=found.wanted,
        page=listing.page(shown, number),
        counts=listing.states(found.asked, found.wanted.question),
        states={
            CommentState.HELD: _("held"),
            CommentState.RELEASED: _("released"),
            CommentState.WITHHELD: _("withheld"),
        },
        tried=tried,
        problem=problem,
        least=COMMENTS_FROM,
    )
