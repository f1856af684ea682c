"""A report as it would be published now, as a PDF to look at. It is made of what there is when its turn comes."""

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mande import db
from mande import languages
from mande.events.models import Event
from mande.reports import operations
from mande.reports.document import NothingToReportError
from mande.reports.editions import words
from mande.reports.kinds import EditionKind
from mande.reports.kinds import Paper
from mande.reports.models import Rendering
from mande.reports.rendering import queue
from mande.reports.rendering.works import CannotBeMadeError
from mande.reports.rendering.works import Made
from mande.reports.rendering.works import Told

WORK = "report"
PDF = "application/pdf"


def ask(session: Session, event: Event, kind: EditionKind, language: str, paper: Paper | None = None) -> Rendering:
    """Asks for the PDF of a report; without `paper`, on the one that was composed. Raises NothingToReportError."""
    operations.check(session, event, kind)
    wanted = {"kind": kind.value, "language": language, "paper": paper.value if paper else ""}
    return queue.ask(session, WORK, wanted, event)


def make(rendering: Rendering, told: Told) -> Made:
    """Raises CannotBeMadeError, RenderingError."""
    wanted = rendering.wanted
    kind, paper = EditionKind(wanted["kind"]), Paper(wanted["paper"]) if wanted["paper"] else None
    try:
        with db.reading() as session:
            event = queue.event_of(session, rendering)
            document = operations.document_about(session, event, kind, wanted["language"], paper)
            looks = operations.files_of(session, document)
    except NothingToReportError as problem:
        raise CannotBeMadeError(str(problem)) from problem
    return Made(operations.file_name(document, "pdf"), PDF, operations.as_pdf(document, told, looks))


def called(rendering: Rendering) -> str:
    """What is made: "Partner edition, Français"."""
    kind, language = words.KINDS[EditionKind(rendering.wanted["kind"])], rendering.wanted["language"]
    if language == languages.SOURCE:
        return str(kind)
    return str(_("%(kind)s, %(language)s", kind=kind, language=languages.own_name(language)))
