"""The pages about people over all events: the list, a person's page, their fields and addresses."""

from collections.abc import Callable
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
from mande.events import operations
from mande.events.countries import language_name
from mande.events.models import Person
from mande.events.records import directory
from mande.events.records import merging
from mande.events.records import person_addresses
from mande.events.records import person_panels
from mande.events.records import sectors
from mande.events.records import unmerging
from mande.events.records.directory import PeopleFilter
from mande.events.records.people import change
from mande.events.records.people import number
from mande.events.records.person_addresses import AddressError
from mande.events.records.person_forms import AGES
from mande.events.records.person_forms import MODES
from mande.events.records.person_forms import PersonForm
from mande.events.words import capital
from mande.exports import csv_response
from mande.staff import audit
from mande.staff.access import needs
from mande.staff.models import StaffRole

Page = Response | str | tuple[str, int]

blueprint = Blueprint("people", __name__, url_prefix="/staff/people")


@blueprint.get("")
@needs(StaffRole.VIEWER)
def index() -> str:
    """All people, filtered and sorted as the address says, page by page."""
    wanted = PeopleFilter.read(request.args)
    with db.reading() as session:
        found = directory.find(session, wanted)
        return render_template(
            "people/index.html",
            wanted=wanted,
            found=found,
            number=min(wanted.number, found.pages),
            lines=directory.lines(session, found.page(wanted.number)),
            total=directory.count(session),
            sectors=sectors.known(session),
            countries=directory.countries(session),
            languages=directory.spoken(session),
        )


@blueprint.post("/export")
@needs(StaffRole.MANAGER)
def export() -> Response:
    """The same list as a file, without discreet people. It names people, so that who took it is written down."""
    wanted = PeopleFilter.read(request.form)
    with db.transaction() as session:
        found = directory.find(session, wanted, discreet_too=False)
        known = sectors.known(session)
        rows = [directory.row(line, known) for line in directory.lines(session, found.everybody())]
        audit.record(session, "people exported", "people", {"people": len(rows), "filtered": bool(wanted.asked())})
    return csv_response("people.csv", directory.HEADER, rows)


@blueprint.get("/<uuid:person_id>")
@needs(StaffRole.VIEWER)
def show(person_id: UUID) -> str:
    """All about one person: who they are, where they were, what they plan to do. Never what they have answered."""
    with db.reading() as session:
        return _show(session, wanted_person(session, person_id))


@blueprint.route("/<uuid:person_id>/edit", methods=["GET", "POST"])
@needs(StaffRole.MANAGER)
def edit(person_id: UUID) -> Page:
    """The fields of a person, to be changed."""
    with db.transaction() if request.method == "POST" else db.reading() as session:
        person = wanted_person(session, person_id)
        form = PersonForm(sectors.known(session), person)
        if form.validate_on_submit():
            try:
                person_addresses.correct_main(session, person, form.email.data)
            except AddressError as error:
                form.email.errors = [str(error)]
            else:
                change(session, person, form.values())
                flash(_("What you changed about %(name)s is saved.", name=person.name), "success")
                return _to(person)
        status = 422 if form.is_submitted() else 200
        return render_template("people/edit.html", form=form, person=person), status


@blueprint.post("/<uuid:person_id>/addresses")
@needs(StaffRole.MANAGER)
def add_address(person_id: UUID) -> Page:
    """Gives the person a further address."""
    typed = request.form.get("address", "")
    return _with_addresses(person_id, lambda session, person: person_addresses.add(session, person, typed), typed)


@blueprint.post("/<uuid:person_id>/addresses/remove")
@needs(StaffRole.MANAGER)
def remove_address(person_id: UUID) -> Page:
    """Takes a further address from the person."""
    address = request.form.get("address", "")
    return _with_addresses(person_id, lambda session, person: person_addresses.remove(session, person, address))


@blueprint.post("/<uuid:person_id>/addresses/main")
@needs(StaffRole.MANAGER)
def make_main(person_id: UUID) -> Page:
    """Lets messages go to one of the further addresses."""
    address = request.form.get("address", "")
    return _with_addresses(person_id, lambda session, person: person_addresses.make_main(session, person, address))


def wanted_person(session: Session, person_id: UUID) -> Person:
    """The person of a page's address; 404 where there is none."""
    return session.get(Person, person_id) or abort(404)


def _with_addresses(person_id: UUID, do: Callable[[Session, Person], object], typed: str = "") -> Page:
    with db.transaction() as session:
        person = wanted_person(session, person_id)
        try:
            do(session, person)
        except AddressError as error:
            return _show(session, person, str(error), typed), 422
    return redirect(url_for("people.show", person_id=person_id) + "#addresses", 303)


def _show(session: Session, person: Person, problem: str = "", typed: str = "") -> str:
    merges = unmerging.merges(session, person)
    return render_template(
        "people/show.html",
        person=person,
        number=number(person),
        attendances=list(reversed(merging.attendances(session, person))),
        held=operations.held,
        modes=MODES,
        age=AGES.get(person.age_band) if person.age_band else None,
        sector=sectors.known(session).get(person.sector or "", person.sector),
        panels=person_panels.render_all(session, person),
        merges=[(merge, unmerging.obstacle(session, merge)) for merge in merges],
        problem=problem,
        typed=typed,
    )


def _to(person: Person) -> Response:
    return redirect(url_for("people.show", person_id=person.id), 303)


blueprint.add_app_template_filter(capital)
blueprint.add_app_template_filter(language_name, "language")
