"""Questionnaires on paper: accessible in every language, complete, and saying what becomes of a sheet."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader

from mande import create_app
from mande import db
from mande.staff.models import StaffRole
from mande.surveys.authoring import preview
from mande.surveys.paper import blanks
from mande.surveys.paper import printing
from mande.surveys.paper.printing import Asking
from mande.surveys.questionnaires import definition
from mande.surveys.questionnaires.definition import Definition
from tests import builders
from tests import verapdf
from tests.conftest import make_settings

SAMPLES = Path(__file__).parent.parent / "samples"


@pytest.fixture(scope="module")
def quiet_app() -> Iterator[Flask]:
    """An application that is asked for no data."""
    app = create_app(make_settings("sqlite://"))
    with app.app_context():
        yield app
        db.database().engine.dispose()


@pytest.fixture(scope="module")
def every_way() -> Definition:
    return definition.load(SAMPLES / "every_way.yaml")


@pytest.fixture(scope="module")
def printed(quiet_app: Flask, every_way: Definition, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Every way of asking, in English with lines to fill in, in Arabic for an event."""
    folder = tmp_path_factory.mktemp("paper")
    askings = {"en": Asking(), "ar": Asking(preview.invented(every_way))}
    for language, asking in askings.items():
        (folder / f"{language}.pdf").write_bytes(printing.render(every_way, language, asking))
    return {language: folder / f"{language}.pdf" for language in askings}


@pytest.mark.verapdf
def test_sheets_are_valid_pdf_ua_1_in_both_directions(printed: dict[str, Path]) -> None:
    assert verapdf.failures(*printed.values()) == []


def test_a_sheet_says_its_language_and_title_on_a4_with_page_numbers(printed: dict[str, Path]) -> None:
    for language, path in printed.items():
        reader = PdfReader(path)

        assert reader.trailer["/Root"]["/Lang"] == language
        assert reader.metadata is not None
        assert reader.metadata.title
        assert [round(float(side)) for side in reader.pages[0].mediabox[2:]] == [595, 842]
    assert "Page 2 of" in PdfReader(printed["en"]).pages[1].extract_text()


def test_a_sheet_reads_in_order_and_holds_every_question(printed: dict[str, Path], every_way: Definition) -> None:
    text = " ".join(" ".join(page.extract_text() for page in PdfReader(printed["en"]).pages).split())
    questions = [one for block in blanks.blocks(every_way) for one in block.questions if one.number]
    order = ["Before you begin", "This questionnaire is anonymous", "How you took part"]
    order += [f"{one.number}. {one.question.text['en'].partition('{')[0].strip()}" for one in questions]
    places = []
    for words in order:
        assert words in text, words
        places.append(text.index(words))

    assert places == sorted(places)
    assert "Only if you answered “No” to “3. Would you come again?”." in text
    assert "Rank up to 3 of these" in text


def test_a_repeated_section_stands_once_for_each_meeting_of_an_event(quiet_app: Flask, every_way: Definition) -> None:
    event = preview.invented(every_way)
    page = printing.page(every_way, "en", Asking(event))

    for meeting in event.meetings:
        assert f"Only if you attended “{meeting.title}”." in page
    assert event.title in page
    assert event.manager_email in page
    assert blanks.LINE in page  # the person's name


@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
def test_the_words_around_the_questions_are_in_the_language_of_the_sheet(quiet_app: Flask, language: str) -> None:
    page = printing.page(definition.find("participants"), language, Asking())

    assert f'lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}"' in page
    assert ("Before you begin" in page) is (language == "en")


def test_what_people_typed_stays_text_on_paper(quiet_app: Flask) -> None:
    every_type = definition.load(SAMPLES / "every_type.yaml")
    page = printing.page(every_type, "en", Asking())

    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_a_named_questionnaire_asks_for_the_name_and_says_who_sees_it(quiet_app: Flask, every_way: Definition) -> None:
    page = printing.page(every_way, "en", Asking(anonymous=False))

    assert "Please write your name:" in page
    assert "This questionnaire is not anonymous." in page
    assert "Do not write your name" not in page


def test_staff_print_a_questionnaire_or_what_a_survey_asks(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mande.pdf.render", lambda page: b"%PDF-" + page.encode())
    with db.transaction() as session:
        event = builders.make_event(session, participants=1)
        builders.open_survey(session, event, SAMPLES / "every_way.yaml")
        builders.sign_in(client, builders.make_staff(session, role=StaffRole.VIEWER))

    sheet = client.get("/staff/events/WP1873v/surveys/participant/paper.pdf?language=ar")

    assert sheet.data.startswith(b"%PDF-")
    assert 'lang="ar"' in sheet.text
    assert "The future of international diplomacy" in sheet.text
    assert "WP1873v" not in client.get("/staff/questionnaires/participants/paper.pdf").text
    assert "WP1873v-every-way-ar.pdf" in sheet.headers["Content-Disposition"]
    for missing in (
        "/staff/events/WP1873v/surveys/participant/paper.pdf?language=xx",
        "/staff/events/WP1873v/surveys/participant/paper.pdf?wave=followup",
        "/staff/events/WP1873v/surveys/speaker/paper.pdf",
        "/staff/events/nothing/surveys/speaker/paper.pdf",
        "/staff/questionnaires/nothing/paper.pdf",
        "/staff/questionnaires/participants/paper.pdf?language=xx",
    ):
        assert client.get(missing).status_code == 404
