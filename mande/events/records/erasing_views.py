"""Erasing all that is held about a person, for staff whom they have asked."""

from uuid import UUID

from flask import Blueprint
from flask import flash
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from mande import db
from mande.events.models import Person
from mande.events.records import erasing
from mande.events.records.people_views import wanted_person
from mande.staff.access import needs
from mande.staff.models import StaffRole

blueprint = Blueprint("erasing", __name__, url_prefix="/staff/people")


def panel(_session: Session, person: Person) -> Markup:
    """The panel on a person's page that leads here, or says that they are erased."""
    page = render_template("people/erase_panel.html", person=person, erased=erasing.is_erased(person))
    return Markup(page)  # noqa: S704 (Jinja has escaped it)


@blueprint.route("/<uuid:person_id>/erase", methods=["GET", "POST"])
@needs(StaffRole.MANAGER)
def erase(person_id: UUID) -> Response | str | tuple[str, int]:
    """What erasing means, and the button; the person's address has to be typed, so that nobody is erased by mistake."""
    if request.method == "GET":
        with db.reading() as session:
            return _page(wanted_person(session, person_id))
    typed = request.form.get("address", "")
    with db.transaction() as session:
        person = wanted_person(session, person_id)
        if typed.strip().lower() != person.email:
            return _page(person, typed, _("That is not this person's main address. Type it as it stands above.")), 422
        erasing.erase(session, person)
    flash(_("All that was held about this person is erased."), "success")
    return redirect(url_for("people.show", person_id=person_id), 303)


def _page(person: Person, typed: str = "", problem: str = "") -> str:
    erased = erasing.is_erased(person)
    return render_template("people/erase.html", person=person, typed=typed, problem=problem, erased=erased)
