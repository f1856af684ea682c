"""Reports of several lengths as PDFs, in their child process, against WeasyPrint making PDFs of the same pages.

Each is measured in a process of its own, which has made a short document before: seconds, pages and, of WeasyPrint
alone, the most memory that it held.
"""

import time
from collections.abc import Callable
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from resource import RUSAGE_SELF
from resource import getrusage

from benchmarks.counting import fill
from benchmarks.timing import Line
from benchmarks.timing import wall_seconds
from benchmarks.world import world
from mande import clock
from mande import db
from mande import pdf
from mande.events import operations as events
from mande.reports import operations as reports
from mande.reports.kinds import EditionKind
from mande.surveys import operations as surveys

PAGES = (10, 50, 200)
SHORT = '<html lang="en"><title>Short</title><p>Short</p>'

Measured = tuple[float, int, float]
Document = dict[str, object]


def measure() -> Iterator[Line]:
    with world(200) as made:
        fill()
        with db.transaction() as session:
            surveys.close_surveys(session, events.find(session, made.code))
        with db.reading() as session:
            reading = wall_seconds(lambda: reports.document_of(session, made.code, EditionKind.INTERNAL), rounds=5)
            document = reports.document_of(session, made.code, EditionKind.INTERNAL)
        yield Line("The document, from the result tables of 200 responses", f"{1e3 * reading:.0f} ms")
        once, thrice = (apart(floor, reports.as_html(stretched(document, times)), b"")[1] for times in (1, 3))
        for wanted in PAGES:
            long = stretched(document, 1 + 2 * (wanted - once) / (thrice - once))
            html, data = reports.as_html(long), reports.as_json(long).encode()
            seconds, pages, memory = apart(floor, html, data)
            ours, _pages, _unseen = apart(press, html, data)
            yield Line(f"WeasyPrint alone, {pages} pages", f"{seconds:.1f} s, {memory:.0f} MB")
            yield Line(
                f"The PDF of {pages} pages in its child process, PDF/UA-1 and PDF/A-3a, its data attached",
                f"{ours:.1f} s", ours / seconds, "WeasyPrint alone", "at most 1.3",
            )  # fmt: skip


def stretched(document: Document, times: float) -> Document:
    """The same report with so many times as many questions, each as it is."""
    questions = document["questions"]
    assert isinstance(questions, list)
    many = max(1, round(times * len(questions)))
    return document | {
        "questions": [
            question | {"section": f"{question['section']} {turn + 1}" if turn else question["section"]}
            for turn in range(many // len(questions) + 1)
            for question in questions
        ][:many]
    }


def apart(work: Callable[[str, bytes], Measured], html: str, data: bytes) -> Measured:
    """What `work` measures in a process that begins anew."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(work, html, data).result()


def floor(html: str, _data: bytes) -> Measured:
    """WeasyPrint by itself, as it is called in its manual."""
    from weasyprint import HTML

    HTML(string=SHORT).write_pdf(pdf_variant="pdf/ua-1")
    began = time.perf_counter()
    document = HTML(string=html).render()
    document.write_pdf(pdf_variant="pdf/ua-1")
    return time.perf_counter() - began, len(document.pages), getrusage(RUSAGE_SELF).ru_maxrss / 1024


def press(html: str, data: bytes) -> Measured:
    """Ours, with the data attached. How much memory a child of the press takes is not seen from here."""
    told: list[pdf.Progress] = []
    pdf.render(SHORT)
    attached = pdf.Attached("report.json", "application/json", data, clock.now(), "The report as data")
    began = time.perf_counter()
    pdf.render(html, [attached], told.append)
    seconds = time.perf_counter() - began
    pdf.end_presses()
    return seconds, max(one.page for one in told), 0.0
