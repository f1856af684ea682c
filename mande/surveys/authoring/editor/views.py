"""The list of questionnaires, one questionnaire with its versions, and how a new one is begun."""

from contextlib import suppress

from flask import abort
from flask import flash
from flask import redirect
from flask import request
from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from mande import db
from mande.exports import csv_response
from mande.staff.access import needs
from mande.staff.models import StaffRole
from mande.surveys import catalogue
from mande.surveys.authoring import held
from mande.surveys.authoring.editor import beginning
from mande.surveys.authoring.editor import drafts
from mande.surveys.authoring.editor import listing
from mande.surveys.authoring.editor import outline
from mande.surveys.authoring.editor import shape
from mande.surveys.authoring.editor import yamltext
from mande.surveys.authoring.editor.beginning import BeginningError
from mande.surveys.authoring.editor.drafts import DraftError
from mande.surveys.authoring.editor.editing import Data
from mande.surveys.authoring.editor.pages import blueprint
from mande.surveys.authoring.editor.pages import page
from mande.surveys.authoring.editor.pages import wanted_draft
from mande.surveys.models import Questionnaire
from mande.surveys.models import Survey
from mande.surveys.questionnaires.checking import DefinitionError


@blueprint.get("")
@needs(StaffRole.VIEWER)
def index() -> Response | str:
    """The list of questionnaires; `?format=csv` is the same list as a file."""
    wanted = listing.Filter.read(request.args)
    with db.reading() as session:
        everything = listing.everything(session)
    lines = listing.selected(everything, wanted)
    if request.args.get("format") == "csv":
        return csv_response("questionnaires.csv", listing.HEADER, map(listing.row, lines))
    return page("index.html", lines=lines, total=len(everything), wanted=wanted)


@blueprint.get("/<code>")
@needs(StaffRole.VIEWER)
def show(code: str) -> Response | str:
    """One questionnaire: what its newest version asks, its versions, and its draft."""
    with db.reading() as session:
        newest = catalogue.newest(session).get(code)
        draft = drafts.get(session, code)
        versions = [one for one in held.everything(session, code) if not one.is_draft]
        used = _used(session, code)
    if newest is None:
        return redirect(url_for("surveys_editor.outline", code=code)) if draft else abort(404)
    sections = outline.lines(shape.normal(newest.definition.to_dict()))
    return page("show.html", newest=newest, versions=versions, draft=draft, used=used, sections=sections)


@blueprint.get("/<code>/questionnaire.yaml")
@needs(StaffRole.VIEWER)
def download(code: str) -> Response:
    """A version as a file, by its name; the newest without."""
    with db.reading() as session:
        versions = [one for one in held.everything(session, code) if not one.is_draft]
    found = held.choose(versions, request.args.get("version")) or abort(404)
    return _file(found.data, f"{code}-{found.name}.yaml")


@blueprint.get("/<code>/draft/questionnaire.yaml")
@needs(StaffRole.VIEWER)
def download_draft(code: str) -> Response:
    """The draft as a file. It carries the number of the version that it would become."""
    with db.reading() as session:
        data = wanted_draft(session, code).definition
        versions = catalogue.versions(session, code)
    number = versions[0].definition.version + 1 if versions else 1
    return _file({**data, "version": number}, f"{code}-draft.yaml")


@blueprint.get("/new")
@needs(StaffRole.MANAGER)
def new() -> str:
    """The form by which a questionnaire is begun; `?from=` names the one to copy."""
    form = beginning.Beginning(how=beginning.COPY if request.args.get("from") else beginning.EMPTY,
                               source=request.args.get("from", ""))  # fmt: skip
    with db.reading() as session:
        known = catalogue.newest(session)
    return page("new.html", form=form, known=known)


@blueprint.post("/new")
@needs(StaffRole.MANAGER)
def create() -> Response | tuple[str, int]:
    """Begins a draft: empty, as a copy, or from a file."""
    form = beginning.read(request.form, request.files.get("file"))
    with db.reading() as session:
        known = catalogue.newest(session)
    try:
        data = beginning.data_of(form, known)
        with db.transaction() as session:
            code = drafts.begin(session, data).code
    except BeginningError as error:
        return page("new.html", form=error.form, known=known), 422
    except DefinitionError as error:
        return page("new.html", form=form.with_error("file", str(error)), known=known), 422
    except DraftError as error:
        return page("new.html", form=form.with_error("code", str(error)), known=known), 422
    flash(_("The draft is begun. Nothing is used before you publish it."), "success")
    return redirect(url_for("surveys_editor.outline", code=code), 303)


@blueprint.post("/<code>/draft")
@needs(StaffRole.MANAGER)
def begin(code: str) -> Response:
    """Begins the next version of a questionnaire, with what the newest one says."""
    with db.reading() as session:
        found = catalogue.newest(session).get(code) or abort(404)
    # Where somebody has begun one already, that is the draft to go on with.
    with suppress(DraftError), db.transaction() as session:
        drafts.begin(session, found.definition.to_dict())
    return redirect(url_for("surveys_editor.outline", code=code), 303)


def _used(session: Session, code: str) -> dict[int, int]:
    """How many surveys use each version, by its number."""
    counted = (
        select(Questionnaire.version, func.count())
        .join(Survey)
        .where(Questionnaire.code == code)
        .group_by(Questionnaire.version)
    )
    return {version: number for version, number in session.execute(counted)}  # noqa: C416 (the same)


def _file(data: Data, name: str) -> Response:
    response = Response(yamltext.dump(shape.normal(data)), mimetype="application/yaml")
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response
