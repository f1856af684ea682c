"""Questionnaires as XLSForms in the browser: take one in as a draft, and take one along.

A form that is sent is kept for a day and shown as what it would become; a draft is begun only by the button there.
"""

import re
from pathlib import PurePath

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
from mande import workbooks
from mande.events.importing import uploads
from mande.events.importing.uploads import Upload
from mande.events.kinds import Role
from mande.staff.access import current
from mande.staff.access import needs
from mande.staff.models import StaffRole
from mande.surveys import catalogue
from mande.surveys.authoring.editor import drafts
from mande.surveys.authoring.editor.beginning import TAKEN
from mande.surveys.authoring.editor.drafts import DraftError
from mande.surveys.authoring.editor.naming import NAME
from mande.surveys.authoring.xlsform import reading
from mande.surveys.authoring.xlsform import writing
from mande.surveys.authoring.xlsform.reading import FormError
from mande.surveys.authoring.xlsform.reading import Imported
from mande.surveys.questionnaires.checking import DefinitionError
from mande.surveys.questionnaires.definition import Definition
from mande.workbooks import WorkbookError

blueprint = Blueprint("surveys_xlsform", __name__, url_prefix="/staff/questionnaires")

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Under which uploads are kept, in the place of an event's code: none has one of this form.
KEPT_AS = "xlsform:{role}"


@blueprint.route("/new/xlsform", methods=["GET", "POST"])
@needs(StaffRole.MANAGER)
def send() -> WerkzeugResponse | str | tuple[str, int]:
    """The form for sending an XLSForm. Nothing is made of it before that is confirmed on the next page."""
    if request.method == "GET":
        return render_template("surveys/xlsform/send.html", roles=list(Role), role=Role.PARTICIPANT, problem=None)
    role = request.form.get("role", "")
    file = request.files.get("file")
    try:
        if role not in list(Role):
            raise FormError(_("Choose whom it asks."))
        if file is None or not file.filename:
            raise FormError(_("Choose a file."))
        content = file.read()
        _read(content, file.filename, role)
    except (FormError, WorkbookError) as error:
        page = render_template("surveys/xlsform/send.html", roles=list(Role), role=role, problem=str(error))
        return page, 422
    kept = uploads.keep(KEPT_AS.format(role=role), current().id, file.filename[:120], content)
    return redirect(url_for("surveys_xlsform.check", role=role, upload=kept.id), 303)


@blueprint.get("/new/xlsform/<role>/<upload>")
@needs(StaffRole.MANAGER)
def check(role: str, upload: str) -> WerkzeugResponse | str:
    """What the form would become, what cannot be carried over, and what would still be to do."""
    sent = _sent(role, upload)
    if sent is None:
        return _gone()
    return _checked(sent, role)


@blueprint.post("/new/xlsform/<role>/<upload>")
@needs(StaffRole.MANAGER)
def begin(role: str, upload: str) -> WerkzeugResponse | str | tuple[str, int]:
    """Begins a draft with it."""
    sent = _sent(role, upload)
    if sent is None:
        return _gone()
    imported = _read(sent.content, sent.filename, role)
    try:
        with db.transaction() as session:
            code = request.form.get("code", "").strip()
            problem = _taken(session, code)
            if problem is None:
                draft = drafts.begin(session, {**imported.data, "code": code})
    except (DraftError, DefinitionError) as error:
        problem = str(error)
    if problem:
        return _checked(sent, role, problem), 422
    uploads.remove(sent)
    flash(_("The draft is begun. Nothing is used before you publish it."), "success")
    return redirect(url_for("surveys_editor.outline", code=draft.code), 303)


@blueprint.get("/<code>/xlsform")
@needs(StaffRole.VIEWER)
def offer(code: str) -> str:
    """The questionnaire's newest version as an XLSForm, and what other programs will not do with it as Mande does."""
    definition = _newest(code)
    _tables, differences = writing.write(definition)
    return render_template("surveys/xlsform/offer.html", definition=definition, differences=differences)


@blueprint.get("/<code>/questionnaire.xlsx")
@needs(StaffRole.VIEWER)
def download(code: str) -> Response:
    definition = _newest(code)
    tables, _differences = writing.write(definition)
    response = Response(workbooks.write(tables), mimetype=WORKBOOK)
    name = f"{definition.code}-{definition.version}.xlsx"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _read(content: bytes, filename: str, role: str) -> Imported:
    return reading.read(workbooks.read(content), PurePath(filename).stem, role)


def _sent(role: str, upload: str) -> Upload | None:
    return uploads.find(upload, KEPT_AS.format(role=role), current().id)


def _gone() -> WerkzeugResponse:
    flash(_("That form is no longer here: forms are kept for a day. Please send it again."), "warning")
    return redirect(url_for("surveys_xlsform.send"))


def _checked(sent: Upload, role: str, problem: str | None = None) -> str:
    imported = _read(sent.content, sent.filename, role)
    code = request.form.get("code", imported.data["code"])
    return render_template(
        "surveys/xlsform/check.html", sent=sent, role=role, imported=imported, code=code, problem=problem
    )


def _taken(session: Session, code: str) -> str | None:
    """Why a questionnaire cannot have this code; None where it can."""
    if not re.fullmatch(NAME, code) or code in TAKEN:
        return str(_("A code has small letters, digits, _ and -, and begins with a letter; at most 80 characters."))
    if code in catalogue.newest(session):
        return str(_("There is a questionnaire %(code)s already. Choose another code.", code=code))
    return None


def _newest(code: str) -> Definition:
    with db.reading() as session:
        found = catalogue.newest(session).get(code)
    return found.definition if found else abort(404)
