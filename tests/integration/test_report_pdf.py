"""The PDF itself: made in a child process, in the right order, and what the reference validator says of it."""

from pathlib import Path

import pytest
from pypdf import PdfReader

from mande import create_app
from mande import db
from mande.reports import operations
from mande.reports.kinds import EditionKind
from tests import builders
from tests import report_samples
from tests import verapdf
from tests.conftest import make_settings


@pytest.fixture(scope="module")
def report(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The partner edition of the reference meeting, rendered once."""
    folder = tmp_path_factory.mktemp("report")
    database = folder / "mande.db"
    database.write_bytes(sqlite_template.read_bytes())
    app = create_app(make_settings(f"sqlite:///{database}"))
    with app.app_context():
        with db.transaction() as session:
            event = builders.make_event(session, participants=25, speakers=7, partners=4)
            report_samples.wp1873v(session, event)
            report_samples.release_all(session)
            report_samples.followed_up(session, event)
        with db.reading() as session:
            document = operations.document_of(session, "WP1873v", EditionKind.PARTNER)
        operations.write(document, folder / "report.pdf", None)
        db.database().engine.dispose()
    return folder / "report.pdf"


@pytest.mark.verapdf
def test_the_report_is_valid_pdf_ua_1(report: Path) -> None:
    assert verapdf.failures(report) == []


def test_the_validator_finds_what_is_wrong(tmp_path: Path) -> None:
    from weasyprint import HTML

    plain = tmp_path / "plain.pdf"
    HTML(string="<h3>No title, no language, a heading out of order</h3>").write_pdf(plain)

    assert verapdf.failures(plain)


def test_its_text_reads_in_order_and_its_title_and_language_are_set(report: Path) -> None:
    reader = PdfReader(report)
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    order = ["Non-attributable.", "Contents", "Key figures", "Who answered", "18 25", "What they said",
             "In their own words", "Planned actions and how far", "After 12 months: 12 actions",
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

    assert titles[:3] == ["Contents", "Key figures", "Who answered"]
    assert [round(float(side)) for side in reader.pages[0].mediabox[2:]] == [595, 842]
    assert reader.pages[2].extract_text().rstrip().endswith("3")
    assert fonts
    assert all("Noto-Sans" in font for font in fonts)
