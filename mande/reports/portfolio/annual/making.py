"""Makes a year's report in the queue."""

from flask_babel import gettext as _

from mande import db
from mande import workbooks
from mande.exports import XLSX
from mande.reports import looks
from mande.reports.kinds import Level
from mande.reports.models import Rendering
from mande.reports.portfolio.annual import document
from mande.reports.portfolio.annual import printing
from mande.reports.portfolio.annual import tables
from mande.reports.portfolio.annual.document import NothingToReportError
from mande.reports.portfolio.annual.wanted import Wanted
from mande.reports.rendering.works import CannotBeMadeError
from mande.reports.rendering.works import Made
from mande.reports.rendering.works import Told


def make(rendering: Rendering, told: Told) -> Made:
    """The file that was asked for. Raises CannotBeMadeError, and RenderingError."""
    wanted = Wanted.read(rendering.wanted)
    if wanted is None:
        raise CannotBeMadeError(_("Nobody said which year’s report was wanted."))
    with db.reading() as session:
        try:
            said = document.build(session, wanted)
        except NothingToReportError as problem:
            raise CannotBeMadeError(str(problem)) from problem
        said["look"] = looks.of(session, said["convenor"], wanted.paper)
        files = looks.files(session, said["look"])
    if wanted.form == "xlsx":
        return Made(wanted.file_name, XLSX, workbooks.write(tables.sheets(said)))
    return Made(wanted.file_name, "application/pdf", printing.as_pdf(said, told, files))


def called(rendering: Rendering) -> str:
    """What it is, on staff's pages: "Annual report 2021, for the team"."""
    wanted = Wanted.read(rendering.wanted)
    if wanted is None:
        return str(_("Annual report"))
    if wanted.level is Level.INTERNAL:
        return str(_("Annual report %(year)s, for the team", year=wanted.year))
    return str(_("Annual report %(year)s, for everybody", year=wanted.year))
