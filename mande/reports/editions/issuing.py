"""Publishing by the queue: the edition is checked and put together when somebody asks for it, and once more when it is
stored, so that what is published is what was asked for, or nothing.
"""

from uuid import UUID

from flask import Flask
from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mande import db
from mande.events.models import Event
from mande.reports import operations
from mande.reports.document import NothingToReportError
from mande.reports.editions import files
from mande.reports.editions import publishing
from mande.reports.editions import words
from mande.reports.editions.publishing import OVERTAKEN
from mande.reports.editions.publishing import NoteMissingError
from mande.reports.editions.publishing import OvertakenError
from mande.reports.kinds import EditionKind
from mande.reports.models import Rendering
from mande.reports.rendering import queue
from mande.reports.rendering import works
from mande.reports.rendering.works import CannotBeMadeError
from mande.reports.rendering.works import Made
from mande.reports.rendering.works import Told

WORK = "edition"


def ask(session: Session, event: Event, kind: EditionKind, note: str, language: str) -> Rendering:
    """Asks for the next edition to be published. Raises NothingToReportError, NoteMissingError."""
    prepared = publishing.prepare(session, event, kind, note, language)
    wanted = {"kind": kind.value, "language": language, "number": prepared.number, "note": note}
    return queue.ask(session, WORK, {**wanted, "figures_sha256": prepared.figures_sha256}, event)


def make(rendering: Rendering, told: Told) -> Made:
    """Publishes what was asked for. Raises CannotBeMadeError where it is no longer so, and RenderingError."""
    wanted = rendering.wanted
    kind = EditionKind(wanted["kind"])
    try:
        with db.reading() as session:
            event = queue.event_of(session, rendering)
            prepared = publishing.prepare(session, event, kind, wanted["note"], wanted["language"])
            looks = operations.files_of(session, prepared.document)
    except (NothingToReportError, NoteMissingError) as problem:
        raise CannotBeMadeError(str(problem) or OVERTAKEN) from problem
    if prepared.figures_sha256 != wanted["figures_sha256"]:
        raise CannotBeMadeError(OVERTAKEN)
    pdf = operations.as_pdf(prepared.document, told, looks)

    def keep(session: Session) -> UUID:
        try:
            return publishing.store(session, queue.event_of(session, rendering), prepared, pdf, rendering.asked_by).id
        except OvertakenError as problem:
            raise CannotBeMadeError(str(problem)) from problem

    return Made(operations.file_name(prepared.document, "pdf"), files.TYPES["pdf"], pdf, keep)


def called(rendering: Rendering) -> str:
    """What is being published: "Publishing: Partner edition 2"."""
    wanted = rendering.wanted
    what = words.named(EditionKind(wanted["kind"]), wanted["number"], wanted["language"])
    return str(_("Publishing: %(edition)s", edition=what))


def init_app(app: Flask) -> None:
    works.register(app, WORK, make, called, _asked_at)


def _asked_at(rendering: Rendering, code: str) -> str:
    """The page of editions, with what was typed there."""
    return url_for("editions.index", code=code, asked=rendering.id, _anchor="publish")
