"""A partner's reader on a telephone: from the link in their message to a report."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page
from playwright.sync_api import expect
from sqlalchemy import select

from mande import clock
from mande import db
from mande import tokens
from mande.events.models import Partner
from mande.mail.models import Message
from mande.mail.models import MessageKind
from mande.reports import operations
from mande.reports.kinds import EditionKind
from mande.reports.partners import readers
from mande.reports.partners.readers import Wanted
from mande.web import settings
from tests.browser import looking
from tests.browser.conftest import Live
from tests.integration import published


@pytest.fixture(autouse=True)
def half_a_year_later() -> Iterator[None]:
    clock.move_to(published.HALF_A_YEAR_LATER)
    yield
    clock.move_to(None)


def code() -> str:
    """The code that a message carries once it is sent."""
    with db.reading() as session:
        message = session.scalars(select(Message).where(Message.kind == MessageKind.PARTNER_CODE)).one()
    assert message.link_subject is not None
    assert message.link_nonce is not None
    return tokens.code(tokens.derive(settings().link_keys.newest, message.link_subject, message.link_nonce))


def test_a_reader_comes_from_the_link_to_a_report_on_a_telephone(live: Live, page_with_scripts: Page) -> None:
    page = page_with_scripts
    with db.transaction() as session:
        event, _actions = published.event_with_actions(session)
        published.close_survey(session, event)
        document = operations.document_about(session, event, EditionKind.PARTNER)
        published.put(session, event, EditionKind.PARTNER, document=document)
        norway = session.scalars(select(Partner).where(Partner.country == "NO")).one()
        door = f"/p/{readers.token_of(readers.add(session, norway, Wanted('Nora Reader', 'nora@example.org')))}"

    def is_fit(heading: str) -> None:
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        assert not looking.faults(page)
        assert not looking.too_small(page)
        assert not looking.sticks_out(page, 320)

    page.goto(door)
    is_fit("Reports for you")
    looking.press_button(page, "Send me a code")
    page.get_by_label("The code").fill("1234")
    looking.press_button(page, "Show the reports")
    expect(page).to_have_title("Error: Reports for you")
    is_fit("Reports for you")
    page.get_by_label("The code").fill(code())
    looking.press_button(page, "Show the reports")
    is_fit("Events and reports")
    looking.press(page, page.get_by_role("button", name="Open the reports and actions"))
    is_fit("The future of international diplomacy in an online world")
    expect(page.get_by_text("Train my colleagues", exact=True)).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the report (PDF)").click()
    assert download.value.suggested_filename == "WP1873v-partner-1.pdf"
    looking.press_button(page, "Read the report here")
    is_fit("The future of international diplomacy in an online world")
    looking.press(page, page.get_by_role("link", name="Charts for slides (SVG, PNG)"))
    is_fit("Charts for slides")
    looking.press_button(page, "Sign out")
    expect(page.get_by_role("heading", level=1)).to_have_text("You are signed out")
