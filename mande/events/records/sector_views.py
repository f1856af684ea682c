"""The page on which administrators keep the installation's own sectors."""

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
from mande.events.models import OwnSector
from mande.events.records import sectors
from mande.events.records.sectors import SectorError
from mande.staff.access import needs
from mande.staff.models import StaffRole

Page = Response | str | tuple[str, int]

blueprint = Blueprint("sectors", __name__, url_prefix="/staff/people/sectors")


@blueprint.get("")
@needs(StaffRole.ADMINISTRATOR)
def index() -> Page:
    """All sectors, and the forms for one's own."""
    with db.reading() as session:
        return _page(session)


@blueprint.post("")
@needs(StaffRole.ADMINISTRATOR)
def add() -> Page:
    """Adds a sector."""
    name = request.form.get("name", "")
    try:
        with db.transaction() as session:
            added = sectors.add(session, name)
    except SectorError as error:
        return _wrong(str(error), name)
    flash(_("%(name)s can be chosen now.", name=added.name), "success")
    return redirect(url_for("sectors.index"), 303)


@blueprint.post("/<sector>")
@needs(StaffRole.ADMINISTRATOR)
def rename(sector: str) -> Page:
    """Gives a sector another name, everywhere."""
    name = request.form.get("name", "")
    try:
        with db.transaction() as session:
            sectors.rename(session, _wanted(session, sector), name)
    except SectorError as error:
        return _wrong(str(error), name, sector)
    flash(_("The sector is renamed."), "success")
    return redirect(url_for("sectors.index"), 303)


@blueprint.route("/<sector>/remove", methods=["GET", "POST"])
@needs(StaffRole.ADMINISTRATOR)
def remove(sector: str) -> Page:
    """What removing a sector means, and the button."""
    if request.method == "GET":
        with db.reading() as session:
            return render_template(
                "people/sector_remove.html",
                sector=_wanted(session, sector),
                people=sectors.people(session).get(sector, 0),
                others={other: name for other, name in sectors.known(session).items() if other != sector},
            )
    try:
        with db.transaction() as session:
            sectors.remove(session, _wanted(session, sector), request.form.get("instead") or None)
    except SectorError as error:
        flash(str(error), "warning")
        return redirect(url_for("sectors.remove", sector=sector), 303)
    flash(_("The sector is removed."), "success")
    return redirect(url_for("sectors.index"), 303)


def _wanted(session: Session, code: str) -> OwnSector:
    return session.get(OwnSector, code) or abort(404)


def _wrong(problem: str, typed: str, code: str = "") -> Page:
    with db.reading() as session:
        return _page(session, problem, typed, code), 422


def _page(session: Session, problem: str = "", typed: str = "", code: str = "") -> str:
    return render_template(
        "people/sectors.html",
        standard=sectors.standard(),
        own=sectors.own(session),
        people=sectors.people(session),
        problem=problem,
        typed=typed,
        code=code,
    )
