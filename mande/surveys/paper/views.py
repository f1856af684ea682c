"""Questionnaires to print, for staff: for anybody, or for the people of a survey."""

from flask import Blueprint
from flask import Response
from flask import abort
from flask import request
from sqlalchemy.orm import Session

from mande import db
from mande import pdf
from mande.events import operations as events
from mande.staff.access import needs
from mande.staff.models import StaffRole
from mande.surveys import catalogue
from mande.surveys import operations
from mande.surveys.models import Survey
from mande.surveys.models import Wave
from mande.surveys.paper import printing
from mande.surveys.paper import printouts
from mande.surveys.paper.printing import Asking
from mande.surveys.questionnaires.definition import Definition

blueprint = Blueprint("surveys_paper", __name__, url_prefix="/staff")


@blueprint.get("/questionnaires/<code>/paper.pdf")
@needs(StaffRole.VIEWER)
def of_questionnaire(code: str) -> Response:
    """The newest version in `?language=`, with lines for what an event would fill in."""
    with db.reading() as session:
        found = catalogue.newest(session).get(code) or abort(404)
        asking = printouts.of_nobody(session)
    return _sent(found.definition, asking, code)


@blueprint.get("/events/<code>/surveys/<role>/paper.pdf")
@needs(StaffRole.VIEWER)
def of_survey(code: str, role: str) -> Response:
    """What those in a role are asked about the event, months later with `?wave=followup`, in `?language=`."""
    with db.reading() as session:
        definition, asking = printouts.of_survey(session, wanted_survey(session, code, role))
    return _sent(definition, asking, f"{code}-{definition.code}")


def wanted_survey(session: Session, code: str, role: str) -> Survey:
    """The survey of a page's address; 404 where there is none."""
    event = events.get(session, code) or abort(404)
    wave = request.args.get("wave", Wave.EVENT.value)
    for survey in operations.surveys_of(session, event):
        if (survey.role.value, survey.wave.value) == (role, wave):
            return survey
    return abort(404)


def _sent(definition: Definition, asking: Asking, name: str) -> Response:
    language = request.args.get("language") or definition.languages[0]
    if language not in definition.languages:
        abort(404)
    try:
        made = printing.render(definition, language, asking)
    except pdf.RenderingError as error:
        abort(503, str(error))
    response = Response(made, mimetype="application/pdf")
    response.headers.set("Content-Disposition", "attachment", filename=f"{name}-{language}.pdf")
    return response
