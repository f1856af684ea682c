"""The pages on which two records of one person are made one: suggestions, the preview side by side, and the undoing."""

from collections.abc import Mapping
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
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm import selectinload
from werkzeug.wrappers import Response

from mande import db
from mande.events import leaving
from mande.events.countries import country_name
from mande.events.countries import language_name
from mande.events.models import Attendance
from mande.events.models import Person
from mande.events.models import PersonMerge
from mande.events.records import merging
from mande.events.records import sectors
from mande.events.records import suggestions
from mande.events.records import unmerging
from mande.events.records.merging import MergeError
from mande.events.records.people_views import wanted_person
from mande.events.records.person_forms import AGES
from mande.events.records.snapshots import FIELDS
from mande.events.words import capital
from mande.staff.access import needs
from mande.staff.models import StaffRole

SHOWN = 50
LABELS = {
    "email": "Main e-mail address",
    "name": "Name",
    "organisation": "Organisation",
    "position": "Position",
    "country": "Country",
    "sector": "Sector",
    "gender": "Gender",
    "age_band": "Age",
    "language": "Language",
    "time_zone": "Time zone",
    "accessibility": "Accessibility needs",
    "discreet": "Discreet",
}

blueprint = Blueprint("merging", __name__, url_prefix="/staff/people")


@blueprint.get("/duplicates")
@needs(StaffRole.MANAGER)
def suggested() -> str:
    """Pairs of records that may be of one person."""
    with db.reading() as session:
        found = suggestions.find(session)
        shown = found[:SHOWN]
        ids = [UUID(one) for pair in shown for one in (pair.one, pair.other)]
        loaded = session.scalars(select(Person).where(Person.id.in_(ids)).options(selectinload(Person.addresses)))
        people = {person.id.hex: person for person in loaded}
        pairs = [(people[pair.one], people[pair.other], pair.reasons) for pair in shown]
        return render_template("people/suggestions.html", pairs=pairs, total=len(found))


@blueprint.get("/<uuid:person_id>/merge/<uuid:other_id>")
@needs(StaffRole.MANAGER)
def preview(person_id: UUID, other_id: UUID) -> Response | str:
    """Two records side by side, what merging the second into the first would do, and which values to keep."""
    with db.reading() as session:
        return _preview(session, wanted_person(session, person_id), wanted_person(session, other_id))


@blueprint.post("/<uuid:person_id>/merge/<uuid:other_id>")
@needs(StaffRole.MANAGER)
def merge(person_id: UUID, other_id: UUID) -> Response:
    """Makes one record of two, with the values that were chosen."""
    try:
        with db.transaction() as session:
            kept, dropped = wanted_person(session, person_id), wanted_person(session, other_id)
            merging.merge(session, kept, dropped, _chosen(kept, dropped))
    except MergeError as error:
        flash(str(error), "warning")
        return _to_preview(person_id, other_id)
    flash(_("The two records are one now. This can be undone on this page."), "success")
    return redirect(url_for("people.show", person_id=person_id), 303)


@blueprint.post("/<uuid:person_id>/distinct/<uuid:other_id>")
@needs(StaffRole.MANAGER)
def tell_apart(person_id: UUID, other_id: UUID) -> Response:
    """These are two people: they are suggested no more."""
    with db.transaction() as session:
        suggestions.tell_apart(session, wanted_person(session, person_id), wanted_person(session, other_id))
    flash(_("They are two people, and will not be suggested again."), "success")
    return redirect(url_for("merging.suggested"), 303)


@blueprint.post("/<uuid:person_id>/merge/<uuid:other_id>/stop-mail/<uuid:attendance_id>")
@needs(StaffRole.MANAGER)
def stop_mail(person_id: UUID, other_id: UUID, attendance_id: UUID) -> Response:
    """Nothing more is sent to one of the two records about an event, while they cannot be made one."""
    with db.transaction() as session:
        attendance = session.get(Attendance, attendance_id)
        if attendance is None or attendance.person_id not in (person_id, other_id):
            abort(404)
        leaving.stop_mail(session, attendance)
        told = _("Nothing more is sent to %(address)s about %(code)s. Its links go on working.",
                 address=attendance.person.email, code=attendance.event.code)  # fmt: skip
    flash(told, "success")
    return _to_preview(person_id, other_id)


@blueprint.post("/merges/<uuid:merge_id>/undo")
@needs(StaffRole.MANAGER)
def undo(merge_id: UUID) -> Response:
    """Makes two records again of one."""
    with db.reading() as session:
        done = session.get(PersonMerge, merge_id) or abort(404)
    try:
        with db.transaction() as session:
            again = unmerging.undo(session, session.get_one(PersonMerge, merge_id))
    except MergeError as error:
        flash(str(error), "warning")
    else:
        told = _("The merge is undone. The other record is back: %(name)s, %(address)s.",
                 name=again.name, address=again.email)  # fmt: skip
        flash(told, "success")
    return redirect(url_for("people.show", person_id=done.kept_id), 303)


def _preview(session: Session, kept: Person, dropped: Person) -> Response | str:
    try:
        planned = merging.preview(session, kept, dropped)
    except MergeError as error:
        flash(str(error), "warning")
        return redirect(url_for("people.show", person_id=kept.id))
    return render_template(
        "people/merge.html",
        planned=planned,
        kept=kept,
        dropped=dropped,
        fields=_side_by_side(session, kept, dropped),
        held={one.id: sum(1 for _ in merging.attendances(session, one)) for one in (kept, dropped)},
    )


def _side_by_side(session: Session, kept: Person, dropped: Person) -> list[dict[str, Any]]:
    """Each field of which either record says something: both values as they are read, and which is proposed."""
    known, lines = sectors.known(session), []
    for name, label in LABELS.items():
        values = [getattr(person, name) for person in (kept, dropped)]
        if any(values):
            told = [_told(name, value, known) for value in values]
            proposed = "dropped" if values[1] and not values[0] else "kept"
            lines.append({"name": name, "label": label, "told": told, "same": told[0] == told[1], "proposed": proposed})
    return lines


def _told(name: str, value: Any, known: Mapping[str, str]) -> str:
    if name == "discreet":
        return str(_("yes") if value else _("no"))
    if not value:
        return ""
    match name:
        case "country":
            return country_name(value)
        case "language":
            return language_name(value)
        case "sector":
            return capital(known.get(value, value))
        case "age_band":
            return AGES[value]
    return str(value)


def _chosen(kept: Person, dropped: Person) -> dict[str, Any]:
    """The values that were chosen, each of one of the two records; of what is not said, the first one's."""
    sides = {name: dropped if request.form.get(name) == "dropped" else kept for name in ("email", *FIELDS)}
    return {name: getattr(person, name) for name, person in sides.items()}


def _to_preview(person_id: UUID, other_id: UUID) -> Response:
    return redirect(url_for("merging.preview", person_id=person_id, other_id=other_id), 303)
