"""The PDF itself: made in a child process, in the right order, and what the reference validator says of it."""

from pathlib import Path

import pytest
from pypdf import PdfReader
from pypdfium2 import PdfDocument

from mande import create_app
from mande import db
from mande.events import operations as events
from mande.reports import operations
from mande.reports.composing.composed import Composed
from mande.reports.document import build
from mande.reports.kinds import EditionKind
from mande.reports.kinds import Paper
from tests import builders
from tests import report_samples
from tests import verapdf
from tests.conftest import make_settings

SUMMARY = "Most people found the event **useful**. " * 6
FINDINGS = "".join(f"- Finding {number}: what was prepared together was used more.\n" for number in range(1, 7))


@pytest.fixture(scope="module")
def reports(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Editions of the reference meeting, each rendered once: its kind, its language."""
    folder = tmp_path_factory.mktemp("report")
    database = folder / "mande.db"
    database.write_bytes(sqlite_template.read_bytes())
    app = create_app(make_settings(f"sqlite:///{database}"))
    made = {}
    with app.app_context():
        with db.transaction() as session:
            event = builders.make_event(session, participants=25, speakers=7, partners=4)
            report_samples.wp1873v(session, event)
            report_samples.release_all(session)
            report_samples.followed_up(session, event)
        wanted = {
            "partner-en": (EditionKind.PARTNER, Composed(summary=SUMMARY, findings=FINDINGS)),
            "respondents-ar": (EditionKind.RESPONDENTS, Composed(language="ar", paper=Paper.LETTER)),
            "summary-fr": (
                EditionKind.SUMMARY,
                Composed(language="fr", summary=SUMMARY, findings=FINDINGS, recommendations=FINDINGS),
            ),
        }
        for name, (kind, composed) in wanted.items():
            with db.reading() as session:
                document = build(session, events.find(session, "WP1873v"), kind, composed)
            made[name] = folder / f"{name}.pdf"
            operations.write(document, made[name], None)
        db.database().engine.dispose()
    return made


@pytest.fixture(scope="module")
def report(reports: dict[str, Path]) -> Path:
    return reports["partner-en"]


@pytest.mark.verapdf
def test_reports_of_any_kind_and_language_are_valid_pdf_ua_1(reports: dict[str, Path]) -> None:
    assert verapdf.failures(*reports.values()) == []


def test_the_summary_is_one_page(reports: dict[str, Path]) -> None:
    reader = PdfReader(reports["summary-fr"])

    assert len(reader.pages) == 1
    assert "Finding 6" in reader.pages[0].extract_text()
    assert reader.trailer["/Root"]["/Lang"] == "fr"


def test_from_right_to_left_the_words_are_read_as_they_were_written(reports: dict[str, Path]) -> None:
    document = PdfDocument(reports["respondents-ar"])
    pages = [" ".join(page.get_textpage().get_text_range().split()) for page in document]
    sizes = {tuple(round(side) for side in page.get_size()) for page in document}
    document.close()

    assert sizes == {(612, 792)}
    assert "ما مدى فائدة اللقاء لعملكم؟" in " ".join(pages)


def test_the_validator_finds_what_is_wrong(tmp_path: Path) -> None:
    from weasyprint import HTML

    plain = tmp_path / "plain.pdf"
    HTML(string="<h3>No title, no language, a heading out of order</h3>").write_pdf(plain)

    assert verapdf.failures(plain)


def test_its_text_reads_in_order_and_its_title_and_language_are_set(report: Path) -> None:
    reader = PdfReader(report)
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    order = ["Non-attributable.", "Contents", "Key figures", "Who answered", "18 25", "What they said",
             "In their own words", "Planned actions and how far", "12 months",
             "How long they take", "Months since the action", "By intended outcome", "What has changed",
             "Intended outcomes", "Margin of error"]  # fmt: skip
    places = []
    for words in order:
        places.append(text.index(words, places[-1] if places else 0))

    assert places == sorted(places)
    assert reader.metadata is not None
    assert "WP1873v" in str(reader.metadata.title)
    assert reader.trailer["/Root"]["/Lang"] == "en"


def test_it_has_bookmarks_and_page_numbers_on_a4_and_its_fonts_inside(report: Path) -> None:
    reader = PdfReader(report)
    titles = [entry["/Title"] for entry in reader.outline if not isinstance(entry, list)]
    fonts = {
        str(font.get_object()["/BaseFont"])
        for page in reader.pages
        for font in page["/Resources"]["/Font"].values()  # type: ignore[index, union-attr]
    }

    assert titles[:5] == ["Contents", "Summary", "Key figures", "Findings", "Who answered"]
    assert [round(float(side)) for side in reader.pages[0].mediabox[2:]] == [595, 842]
    assert reader.pages[2].extract_text().rstrip().endswith("3")
    assert fonts
    assert all("Noto-Sans" in font for font in fonts)
