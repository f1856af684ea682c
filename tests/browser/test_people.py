"""The pages about people in Chromium: under axe and on a telephone, and a duplicate from suggestion to undoing."""

import pytest
from playwright.sync_api import Page
from playwright.sync_api import expect

from mande import db
from mande.events.models import AgeBand
from mande.events.models import OwnSector
from mande.events.models import PersonAddress
from mande.events.models import StakeholderGroup
from mande.followup import operations as followup
from mande.followup.operations import Intention
from mande.staff.models import StaffRole
from mande.surveys import operations as surveys
from tests import builders
from tests.browser import looking
from tests.browser.conftest import Live
from tests.browser.test_staff_pages import look
from tests.browser.test_staff_pages import sign_in

LIST = "/staff/events/OPEN/attendees"


@pytest.fixture
def people(live: Live) -> dict[str, str]:
    """Somebody with all that can be known of a person, twice; two who are asked at once; the paths of their pages."""
    with db.transaction() as session:
        builders.make_staff(session, role=StaffRole.ADMINISTRATOR)
        session.add(OwnSector(code="faith", name="Faith & belief"))
        event = builders.make_event(session, code="OPEN")
        event.groups.append(StakeholderGroup(position=1, name="Those whom it concerns", sought=4))
        ada = builders.make_person(
            session, "Ada Example-" + "Very" * 9, email="ada.example@" + "long-" * 9 + "name.example.org",
            discreet=True, sector="faith", age_band=AgeBand.FROM_60, accessibility="A ramp",
            position="Director for " + "many " * 9,
        )  # fmt: skip
        ada.addresses = [PersonAddress(address="ada@" + "other-" * 8 + "name.example.org")]
        again = builders.make_person(session, ada.name, email="ada.example@b.example.org", organisation="Before")
        attended = builders.attend(session, event, ada)
        attended.group = event.groups[0]
        jon, john = (
            builders.make_person(session, name, email=email, organisation="Body")
            for name, email in (("Jon Smith", "a@example.org"), ("John Smith", "b@example.org"))
        )
        asked = [builders.attend(session, event, one) for one in (jon, john)]
        surveys.open_surveys(session, event, even_before_the_end=True)
        late = builders.attend(session, event, builders.make_person(session, "Late Comer"))
        followup.add_action(session, builders.link_of(session, late), Intention("Write a note"))
        return {
            "ada": f"/staff/people/{ada.id}",
            "edit": f"/staff/people/{ada.id}/edit",
            "merge": f"/staff/people/{ada.id}/merge/{again.id}",
            "refused": f"/staff/people/{jon.id}/merge/{john.id}",
            "change": f"{LIST}/{attended.id}",
            "stays": f"{LIST}/{asked[0].id}/remove",
            "goes": f"{LIST}/{late.id}/remove",
            "late": f"/staff/people/{late.person_id}",
        }


def test_every_page_about_people_can_be_read_and_used_by_everybody(
    page_with_scripts: Page, people: dict[str, str]
) -> None:
    page = page_with_scripts
    sign_in(page)
    wrong = {}
    for path, button in (
        ("/staff/people", "Download as CSV"),
        (people["ada"], "Add the address"),
        (people["late"], "Change"),
        (people["edit"], "Save"),
        ("/staff/people/duplicates", "Jon Smith"),
        (people["merge"], "Merge into one record"),
        (people["refused"], "These are two people: do not suggest them again"),
        ("/staff/people/sectors", "Add the sector"),
        ("/staff/people/sectors/faith/remove", "Remove the sector"),
        (LIST, "Add one person"),
        (f"{LIST}/new", "Add to the list"),
        (people["change"], "Save"),
        (people["stays"], "Back to the list"),
        (people["goes"], "Take off the list"),
    ):
        page.goto(path)
        if found := look(page, button):
            wrong[path] = found

    assert wrong == {}


def test_a_duplicate_is_found_merged_and_parted_again_without_scripts(
    page_without_scripts: Page, people: dict[str, str]
) -> None:
    page = page_without_scripts
    sign_in(page)
    looking.press(page, page.get_by_role("link", name="People", exact=True))
    looking.press(page, page.get_by_role("link", name="Find duplicates"))
    looking.press(page, page.get_by_role("link", name="Compare and merge").first)
    expect(page.get_by_role("radio", name="ada.example@b.example.org")).to_be_checked()
    page.get_by_role("radio", name="name.example.org").check()
    page.get_by_role("radio", name="An Organisation").check()
    looking.press_button(page, "Merge into one record")
    expect(page.get_by_text("The two records are one now.")).to_be_visible()
    expect(page.locator("#addresses li").first).to_contain_text("name.example.org")
    expect(page.get_by_text("An Organisation", exact=True)).to_be_visible()
    looking.press(page, page.get_by_role("button", name="Undo: make two records again"))
    expect(page.get_by_text("The merge is undone.")).to_be_visible()
    expect(page.locator("#addresses li")).to_have_count(1)
    expect(page.locator("#addresses li").first).to_contain_text("ada.example@b.example.org")
    expect(page.get_by_text("Before", exact=True)).to_be_visible()
