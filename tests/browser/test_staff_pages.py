"""The pages for staff in Chromium: every one under axe and on a telephone, and an event's life by its buttons."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from datetime import date
from datetime import datetime
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Page
from playwright.sync_api import expect
from sqlalchemy import select
from sqlalchemy import update

from mande import clock
from mande import db
from mande.events.models import Event
from mande.followup import operations as followup
from mande.followup.models import PlannedAction
from mande.followup.models import Status
from mande.followup.operations import Intention
from mande.followup.operations import Report
from mande.mail import suppression
from mande.mail.models import Message
from mande.mail.models import MessageState
from mande.mail.models import SuppressionReason
from mande.reports.kinds import RenderingState
from mande.reports.models import Rendering
from mande.reports.rendering import making
from mande.staff.models import StaffRole
from mande.surveys.answering import responding
from mande.surveys.models import Invitation
from tests import builders
from tests import report_samples
from tests.browser import looking
from tests.browser.conftest import Live

WIDE = (1200, 800)
NARROW = 360
WAITING = UUID(int=7)
LIST = """e-mail,name,role,meetings,hat
ada.with.a.long.address@a-ministry-with-a-long-name.example.org,Ada Lovelace,speaker,both,red
person-1@example.org,Somebody Else,participant,1,
nobody,Bob,participant,1,
"""


@pytest.fixture(autouse=True)
def the_day_after_the_event() -> Iterator[None]:
    clock.move_to(datetime(2021, 6, 10, 10, tzinfo=UTC))
    yield
    clock.move_to(None)


@dataclass(frozen=True)
class Stop:
    """A page to look at, and what is pressed on it: the keyboard must get there."""

    path: str
    button: str


@pytest.fixture
def team(live: Live) -> None:
    """Events at every turn of their life: closed with comments and actions, open, over, planned with nobody."""
    with db.transaction() as session:
        builders.make_staff(session, role=StaffRole.ADMINISTRATOR)
        closed = builders.make_event(session, code="CLOSED", participants=25, speakers=7, partners=4)
        builders.make_event(session, code="EMPTY", title="Nobody yet")
        over = builders.make_event(session, code="OVER", title="Not asked", participants=3)
        for event in (closed, over):
            builders.attend(session, event, builders.make_person(session, "O'Neill-" + "Very" * 12, turn=1))
        report_samples.wp1873v(session, closed)
        _plan(session, closed)
        _ask_for_reports(session, closed)
        asked = builders.make_event(session, code="OPEN", title="Asked", participants=6, speakers=2)
        builders.open_survey(session, asked)
        _submit(session, asked, 4)
        refused = {"state": MessageState.FAILED, "text": None, "html": None, "problem": "550 no such user: " + "x" * 80}
        session.execute(update(Message).where(Message.to_name == "Participant 3").values(refused))
        suppression.suppress(
            session, f"{'long-' * 9}address@example.org", SuppressionReason.BY_HAND, "Asked " + "x" * 90
        )


def _ask_for_reports(session, event: Event) -> None:
    """One waits, one has failed."""
    asked = {"event_id": event.id, "work": "report", "asked_at": clock.now(), "asked_by": "manager@example.org",
             "wanted": {"kind": "internal", "language": "en", "paper": ""}}  # fmt: skip
    failed = {"state": RenderingState.FAILED, "problem": "It was not ready after 120 seconds."}
    session.add_all([Rendering(id=WAITING, **asked), Rendering(**asked, **failed)])


def _plan(session, event: Event) -> None:
    clock.move_to(datetime(2021, 6, 10, 10, tzinfo=UTC))
    for name, by_when in (("Ada Owner", date(2021, 6, 9)), ("Ben Owner", date(2022, 1, 31))):
        attendance = builders.attend(session, event, builders.make_person(session, name))
        what = f"Write a note on https://example.org/{'long-' * 12} for all of {name}'s colleagues"
        action = followup.add_action(
            session, builders.link_of(session, attendance), Intention(what, by_when, "All", "Advice", consent=True)
        )
        link = builders.link_of(session, attendance)
        said = Report(action.id, Status.SOME_PROGRESS, "We began", evidence="https://example.org/" + "x" * 90)
        followup.report_progress(session, link, [said])


def _submit(session, event: Event, how_many: int) -> None:
    for invitation in list(session.scalars(select(Invitation)))[:how_many]:
        visit = responding.visit(session, builders.token_of(invitation))
        responding.start(session, visit)
        responding.save(session, visit, {"usefulness": "4"}, ["usefulness"])
        responding.submit(session, visit)


def sign_in(page: Page) -> None:
    page.goto("/staff/")
    page.get_by_label("E-mail address").fill("manager@example.org")
    page.get_by_label("Password").fill(builders.PASSWORD)
    looking.press(page, page.get_by_role("main").get_by_role("button", name="Sign in"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Events")


def send_a_list(page: Page, tmp_path: Path, code: str) -> None:
    file = tmp_path / "list.csv"
    file.write_text(LIST, encoding="utf-8")
    page.goto(f"/staff/events/{code}/attendees/import")
    page.get_by_label("Attendee list").set_input_files(file)
    looking.press_button(page, "Send the list")
    looking.press_button(page, "See what it would do")


def look(page: Page, button: str) -> list[str]:
    """All that is wrong with the page as it stands, wide and narrow. `button` is what one comes to press."""
    page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
    wrong = [f"wide: {fault}" for fault in looking.faults(page)]
    if len(page.title()) < 10:
        wrong.append(f"the title says too little: {page.title()!r}")
    if page.locator("h1").count() != 1:
        wrong.append("there is not one heading of the first level")
    if looking.sticks_out(page, NARROW):
        wrong.append("it is wider than a telephone")
    for opener in page.locator("summary").all():
        opener.click()
    wrong += [f"narrow: {fault}" for fault in looking.faults(page)]
    wrong += [f"in the dark: {fault}" for fault in looking.faults_in_the_dark(page)]
    wrong += [f"too small: {target}" for target in looking.too_small(page)]
    if looking.sticks_out(page, NARROW):
        wrong.append("it is wider than a telephone when all is opened")
    target = page.get_by_role("main").get_by_role("button", name=button, exact=True)
    if not target.count():
        target = page.get_by_role("main").get_by_role("link", name=button, exact=True)
    looking.tab_to(page, target.first)
    return wrong


STOPS = (
    Stop("/staff/", "Show"),
    Stop("/staff/events/CLOSED", "Make the report"),
    Stop("/staff/events/OPEN", "Remind now"),
    Stop("/staff/events/OVER", "Open and invite 4 people"),
    Stop("/staff/events/EMPTY", "Import a list"),
    Stop("/staff/events/CLOSED/attendees", "Import a list"),
    Stop("/staff/events/EMPTY/attendees", "Import a list"),
    Stop("/staff/events/CLOSED/attendees/import", "Send the list"),
    Stop("/staff/events/CLOSED/actions", "Download as CSV"),
    Stop("/staff/events/CLOSED/check-ins", "Download as CSV"),
    Stop("/staff/quiet-periods", "Add the quiet period"),
    Stop("/staff/events/CLOSED/report", "Make the PDF"),
    Stop("/staff/documents", "Internal edition"),
    Stop(f"/staff/documents/{WAITING}", "My documents"),
    Stop("/staff/events/CLOSED/comments?question=improve", "Release"),
    Stop("/staff/events/CLOSED/reports", "Review comments"),
    Stop("/staff/events/CLOSED/reports/partner/fr", "Save"),
    Stop("/staff/events/OPEN/surveys/close", "Close for good"),
    Stop("/staff/events/OPEN/undelivered/", "Show"),
    Stop("/staff/mail/stopped/", "Show"),
    Stop("/staff/events/OPEN/messages/words", "Words for all events"),
    Stop("/staff/events/OPEN/messages/words/invitation/ar", "See it before saving"),
    Stop("/staff/events/OPEN/messages/preview?kind=reminder", "Send a test message to manager@example.org"),
    Stop("/staff/audit", "Show"),
    Stop("/staff/account", "Change password"),
)


def test_every_page_has_no_fault_fits_a_telephone_and_can_be_worked_by_the_keyboard(
    live: Live, team: None, page_with_scripts: Page, tmp_path: Path
) -> None:
    page = page_with_scripts
    wrong: dict[str, list[str]] = {}
    page.goto("/staff/sign-in")
    wrong["signing in"] = look(page, "Sign in")
    looking.press(page, page.get_by_role("main").get_by_role("button", name="Sign in"))
    wrong["signing in with nothing"] = look(page, "Sign in")
    sign_in(page)
    titles = []
    for stop in STOPS:
        answer = page.goto(stop.path)
        assert answer is not None
        assert answer.ok, stop.path
        titles.append(page.title())
        wrong[stop.path] = look(page, stop.button)
    with db.reading() as session:
        action = session.scalars(select(PlannedAction)).first()
    assert action is not None
    page.goto(f"/staff/events/CLOSED/actions/{action.id}")
    wrong["one action"] = look(page, "Planned actions")
    send_a_list(page, tmp_path, "CLOSED")
    expect(page.get_by_role("heading", level=1)).to_contain_text("What the import would do")
    wrong["before the import"] = look(page, "Import the 2 good rows")
    looking.press_button(page, "Import the 2 good rows")
    expect(page.get_by_role("heading", level=1)).to_contain_text("What the import did")
    wrong["after the import"] = look(page, "See the attendees")
    page.goto("/staff/events/NONE")
    wrong["not found"] = look(page, "All events")

    assert {path: found for path, found in wrong.items() if found} == {}
    assert len(set(titles)) == len(titles)


def test_an_event_is_asked_reminded_closed_and_reported_on_by_buttons_alone(
    live: Live, page_without_scripts: Page
) -> None:
    page = page_without_scripts
    with db.transaction() as session:
        event = builders.make_event(session, participants=7)
        builders.make_staff(session)
    sign_in(page)
    expect(page.get_by_text("Over, not asked yet", exact=True).last).to_be_visible()
    looking.press(page, page.get_by_role("link", name=event.title))
    page.get_by_label("Last day to answer").fill("2021-06-30")
    looking.press_button(page, "Open and invite 7 people")
    expect(page.get_by_role("status")).to_contain_text("7 people are invited.")
    expect(page.get_by_text("Survey open until 30 June 2021")).to_be_visible()
    with db.transaction() as session:
        session.execute(update(Message).values(state=MessageState.SENT, text=None, html=None, sent_at=clock.now()))
        _submit(session, event, 6)
    clock.move_to(datetime(2021, 6, 14, 10, tzinfo=UTC))
    page.reload()
    surveys = page.get_by_role("region", name="Questionnaires")
    expect(surveys).to_contain_text("6 of 7")
    expect(surveys).to_contain_text("86%")
    looking.press_button(page, "Remind now")
    expect(page.get_by_role("status")).to_contain_text("1 reminder is on its way.")
    looking.press(page, page.get_by_role("link", name="Close…"))
    expect(page.get_by_role("main")).to_contain_text("This is final.")
    looking.press_button(page, "Close for good")
    expect(page.get_by_role("status")).to_contain_text("Closed and counted: 6 of 7 have answered.")
    expect(page.get_by_role("button", name="Remind now")).to_have_count(0)
    looking.press(page, page.get_by_role("link", name="Make the report"))
    page.get_by_label("Internal edition").check()
    looking.press_button(page, "Make the PDF")
    expect(page.get_by_role("status")).to_have_text("It is the next to be made.")
    assert making.run() == 1
    download = page.get_by_role("link", name="Download WP1873v-internal-2021-06-14.pdf")
    expect(download).to_be_visible()
    with page.expect_download(timeout=120_000) as loading:
        download.click(timeout=120_000)
    assert loading.value.suggested_filename == "WP1873v-internal-2021-06-14.pdf"
    content = Path(loading.value.path()).read_bytes()
    assert content.startswith(b"%PDF-1.")
    assert content.rstrip().endswith(b"%%EOF")
    assert len(content) > 20_000


def test_a_list_is_imported_after_a_look_at_what_it_would_do(
    live: Live, page_without_scripts: Page, tmp_path: Path
) -> None:
    page = page_without_scripts
    with db.transaction() as session:
        builders.make_event(session)
        builders.make_staff(session)
    sign_in(page)
    send_a_list(page, tmp_path, "WP1873v")
    expect(page.get_by_role("main")).to_contain_text("“nobody” is not an e-mail address")
    looking.press_button(page, "Import the 2 good rows")
    expect(page.get_by_role("heading", level=1)).to_contain_text("What the import did")
    page.goto("/staff/events/WP1873v/attendees")
    expect(page.get_by_text("2 people")).to_be_visible()
    expect(page.get_by_role("row", name="Ada Lovelace")).to_contain_text("Speaker")
