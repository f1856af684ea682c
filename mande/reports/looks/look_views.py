"""Staff pages: how the reports of each convenor look."""

from flask import Blueprint
from flask import Response
from flask import abort
from flask import flash
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as WerkzeugResponse

from mande import db
from mande.pdf import fonts
from mande.reports.kinds import Paper
from mande.reports.looks import HOUSE
from mande.reports.looks import keeping
from mande.reports.looks import lettering
from mande.reports.looks import logos
from mande.reports.looks import look_form
from mande.reports.looks import palette
from mande.reports.looks.look_form import OWN
from mande.reports.looks.look_form import Typed
from mande.reports.models import Look
from mande.staff.access import needs
from mande.staff.models import StaffRole

blueprint = Blueprint("looks", __name__, url_prefix="/staff/looks")

Page = str | tuple[str, int] | WerkzeugResponse


@blueprint.get("")
@needs(StaffRole.VIEWER)
def index() -> str:
    with db.reading() as session:
        return render_template(
            "reports/looks/index.html",
            house=session.get(Look, HOUSE),
            convenors=keeping.convenors(session),
            palette=palette,
        )


@blueprint.get("/look")
@needs(StaffRole.VIEWER)
def show() -> str:
    """One look. Who has none of its own begins with the house's."""
    with db.reading() as session:
        convenor = _wanted(session)
        own = session.get(Look, convenor)
        typed = look_form.of(own or session.get(Look, HOUSE))
        return _page(session, convenor, typed, own is not None)


@blueprint.post("/look")
@needs(StaffRole.MANAGER)
def save() -> Page:
    """Sets a look, or only shows what it would be. Files that were sent are kept, so that nobody sends them twice."""
    typed = look_form.read(request.form)
    sent = _sent(typed)
    with db.transaction() as session:
        convenor = _wanted(session)
        if "logo" in sent:
            typed.logo = keeping.keep(session, sent["logo"][1], keeping.LOGO, sent["logo"][0])
        if "font_file" in sent:
            typed.font, typed.font_file = (
                OWN,
                keeping.keep(session, sent["font_file"][1], keeping.FONT, sent["font_file"][0]),
            )
            typed.problems.pop("font", None)
        _check(session, typed)
        if typed.problems or "preview" in request.form:
            page = _page(session, convenor, typed, session.get(Look, convenor) is not None)
            return page, 400 if typed.problems else 200
        keeping.save(session, convenor, typed.chosen)
    flash(_("Saved. Reports that are made from now on look like this; published editions stay as they are."), "success")
    return redirect(url_for("looks.show", convenor=convenor), 303)


@blueprint.post("/look/remove")
@needs(StaffRole.MANAGER)
def remove() -> Page:
    with db.transaction() as session:
        convenor = _wanted(session)
        removed = keeping.remove(session, convenor)
    if removed:
        flash(_("Taken away. Published editions stay as they are."), "success")
    return redirect(url_for("looks.index"), 303)


@blueprint.get("/logo/<digest>")
@needs(StaffRole.VIEWER)
def logo(digest: str) -> Response:
    with db.reading() as session:
        found = keeping.file(session, digest, keeping.LOGO)
        if found is None:
            abort(404)
        return Response(found.data, mimetype=found.media_type)


def _wanted(session: Session) -> str:
    """The convenor that the address names. Aborts where no event and no look has it."""
    convenor = request.args.get("convenor", "")
    if convenor != HOUSE and convenor not in [one.name for one in keeping.convenors(session)]:
        abort(404)
    return convenor


def _sent(typed: Typed) -> dict[str, tuple[str, bytes]]:
    """The files that were sent and can be used, by field: their name and their bytes. Says what is wrong else."""
    found: dict[str, tuple[str, bytes]] = {}
    image, font = request.files.get("logo"), request.files.get("font_file")
    if image and image.filename:
        try:
            found["logo"] = image.filename[:200], logos.redrawn(image.read(logos.MOST_BYTES + 1))
        except logos.LogoError as problem:
            typed.problems["logo"] = str(problem)
    if font and font.filename:
        try:
            found["font_file"] = lettering.checked(font.read(lettering.MOST_BYTES + 1))
        except lettering.FontError as problem:
            typed.problems["font_file"] = str(problem)
    return found


def _check(session: Session, typed: Typed) -> None:
    """That the files which the page carried along are kept ones."""
    if typed.logo and keeping.file(session, typed.logo, keeping.LOGO) is None:
        typed.logo = ""
    if typed.font_file and keeping.file(session, typed.font_file, keeping.FONT) is None:
        typed.font_file = ""
    if typed.font == OWN and not typed.font_file:
        typed.problems.setdefault("font_file", _("Choose the file of your font."))


def _page(session: Session, convenor: str, typed: Typed, own: bool) -> str:
    typed.font_name = keeping.name_of(session, typed.font_file)
    return render_template(
        "reports/looks/look.html",
        convenor=convenor,
        typed=typed,
        own=own,
        families=fonts.FAMILIES,
        papers={Paper.A4.value: "A4", Paper.LETTER.value: "Letter"},
        own_font=OWN,
    )
