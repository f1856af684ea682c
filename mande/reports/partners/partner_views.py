"""Staff pages: partners, those who read for them, and what these have opened."""

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

from mande import clock
from mande import db
from mande.events.models import Partner
from mande.exports import csv_response
from mande.languages import INTERFACE
from mande.mail import panel
from mande.reports.editions import words
from mande.reports.models import Reader
from mande.reports.partners import listing
from mande.reports.partners import readers
from mande.reports.partners.readers import ReaderError
from mande.reports.partners.readers import Wanted
from mande.staff.access import needs
from mande.staff.models import StaffRole

blueprint = Blueprint("partner_readers", __name__, url_prefix="/staff/partners")


@blueprint.get("")
@needs(StaffRole.VIEWER)
def index() -> str | Response:
    wanted = listing.Wanted.read(request.args)
    with db.reading() as session:
        everybody = listing.partners(session)
    lines = listing.select_from(everybody, wanted)
    if request.args.get("format") == "csv":
        return csv_response("partners.csv", listing.HEADER, [listing.row(one) for one in lines])
    return render_template("reports/readers/index.html", lines=lines, total=len(everybody), wanted=wanted)


@blueprint.get("/<uuid:partner_id>")
@needs(StaffRole.VIEWER)
def show(partner_id: UUID) -> str:
    with db.reading() as session:
        return _page(session, _partner(session, partner_id))


@blueprint.post("/<uuid:partner_id>/readers")
@needs(StaffRole.MANAGER)
def add(partner_id: UUID) -> Response | tuple[str, int]:
    typed = Wanted(
        name=request.form.get("name", "")[:400],
        email=request.form.get("email", "")[:400],
        language=request.form.get("language", "")[:8],
        months=_months(),
    )
    try:
        with db.transaction() as session:
            reader = readers.add(session, _partner(session, partner_id), typed)
    except ReaderError as error:
        with db.reading() as session:
            return _page(session, _partner(session, partner_id), typed, error.problems), 422
    flash(_("%(name)s can read. The link is on its way to %(email)s.", name=reader.name, email=reader.email), "success")
    return _back(partner_id)


@blueprint.post("/<uuid:partner_id>/readers/<uuid:reader_id>/renew")
@needs(StaffRole.MANAGER)
def renew(partner_id: UUID, reader_id: UUID) -> Response:
    try:
        with db.transaction() as session:
            reader = _reader(session, partner_id, reader_id)
            readers.renew(session, reader, _months())
    except ReaderError as error:
        flash(str(error), "warning")
    else:
        flash(_("%(name)s can read. The link is on its way to %(email)s.", name=reader.name, email=reader.email),
              "success")  # fmt: skip
    return _back(partner_id)


@blueprint.post("/<uuid:partner_id>/readers/<uuid:reader_id>/send")
@needs(StaffRole.MANAGER)
def send(partner_id: UUID, reader_id: UUID) -> Response:
    with db.transaction() as session:
        reader = _reader(session, partner_id, reader_id)
        readers.send_again(session, reader)
    flash(_("The link is on its way to %(email)s.", email=reader.email), "success")
    return _back(partner_id)


@blueprint.post("/<uuid:partner_id>/readers/<uuid:reader_id>/revoke")
@needs(StaffRole.MANAGER)
def revoke(partner_id: UUID, reader_id: UUID) -> Response:
    with db.transaction() as session:
        reader = _reader(session, partner_id, reader_id)
        readers.revoke(session, reader)
    flash(_("%(name)s can read nothing any more.", name=reader.name), "success")
    return _back(partner_id)


def _page(
    session: Session, partner: Partner, typed: Wanted | None = None, problems: dict[str, str] | None = None
) -> str:
    known = listing.readers_of(session, partner)
    now = clock.now()
    return render_template(
        "reports/readers/show.html",
        partner=partner,
        readers=known,
        valid={one.id for one in known if readers.is_valid(one, now)},
        opened=listing.opened(session, partner),
        links=listing.links_sent(session, known),
        events=listing.events_of(session, partner),
        visits=listing.visits(session, partner),
        most_visits=listing.VISITS_SHOWN,
        typed=typed or Wanted("", ""),
        problems=problems or {},
        languages=INTERFACE,
        months=readers.MONTHS,
        states=panel.STATES,
        words=words,
    )


def _partner(session: Session, partner_id: UUID) -> Partner:
    return listing.wanted_partner(session, partner_id) or abort(404)


def _reader(session: Session, partner_id: UUID, reader_id: UUID) -> Reader:
    return listing.wanted_reader(session, _partner(session, partner_id), reader_id) or abort(404)


def _months() -> int:
    typed = request.form.get("months", "")
    return int(typed) if typed.isdecimal() and typed.isascii() and len(typed) < 4 else 0


def _back(partner_id: UUID) -> Response:
    return redirect(url_for("partner_readers.show", partner_id=partner_id), 303)
