"""A report's PDF, in its child process, against WeasyPrint making the same PDF of the same HTML in this process."""

from collections.abc import Iterator

from weasyprint import HTML

from benchmarks.counting import fill
from benchmarks.timing import Line
from benchmarks.timing import wall_seconds
from benchmarks.world import world
from mande import db
from mande.events import operations as events
from mande.reports import operations as reports
from mande.reports.kinds import EditionKind
from mande.surveys import operations as surveys


def measure() -> Iterator[Line]:
    with world(200) as made:
        fill()
        with db.transaction() as session:
            surveys.close_surveys(session, events.find(session, made.code))
        with db.reading() as session:
            reading = wall_seconds(lambda: reports.document_of(session, made.code, EditionKind.INTERNAL), rounds=5)
            document = reports.document_of(session, made.code, EditionKind.INTERNAL)
        html = reports.as_html(document)
        floor = wall_seconds(lambda: HTML(string=html).write_pdf(pdf_variant="pdf/ua-1"))
        pages = len(HTML(string=html).render().pages)
        child = wall_seconds(lambda: reports.as_pdf(document))
        yield Line("The document, from the result tables of 200 responses", f"{1e3 * reading:.0f} ms")
        yield Line("WeasyPrint's own floor", f"{floor:.2f} s for {pages} pages")
        yield Line("The PDF, in its child process", f"{child:.2f} s", child / floor, "the floor", "at most 1.3")
