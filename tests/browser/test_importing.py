"""A list is taken in by hand, without scripts, as on a telephone and on a desk."""

from pathlib import Path

from playwright.sync_api import Page
from playwright.sync_api import expect

from mande import db
from tests import builders
from tests.browser import looking
from tests.browser.conftest import Live
from tests.browser.test_staff_pages import sign_in

LIST = """Participants of the conference;;;
Delegate;E-Mail;Pays;Came
"EXAMPLE, Ada";ada@example.org;Côte d'Ivoire;both
Brook Sample;brook@example.org;Germny;1
Carmen Prueba;carmen@example.org;España;2
Total;3;;
"""


def test_a_list_is_mapped_looked_at_and_its_good_rows_are_taken(
    live: Live, page_without_scripts: Page, tmp_path: Path
) -> None:
    with db.transaction() as session:
        builders.make_event(session)
        builders.make_staff(session, email="manager@example.org")
    (tmp_path / "list.csv").write_bytes(LIST.encode("cp1252"))
    page = page_without_scripts
    sign_in(page)
    page.goto("/staff/events/WP1873v/attendees/import")
    page.get_by_label("Attendee list").set_input_files(tmp_path / "list.csv")
    looking.press_button(page, "Send the list")
    expect(page.get_by_role("heading", level=1)).to_have_text("What the columns mean")
    expect(page.get_by_role("main")).to_contain_text("No column is taken for the name")
    assert not looking.sticks_out(page, 320)
    assert looking.too_small(page) == []
    page.get_by_label("Delegate").select_option("Name")
    page.get_by_label("Came").select_option("Meetings")
    looking.press_button(page, "See what it would do")
    expect(page.get_by_role("main")).to_contain_text("did you mean Germany?")
    looking.press(page, page.get_by_role("link", name="Left out (1)"))
    expect(page.get_by_role("main")).to_contain_text("A total")
    looking.press_button(page, "Import the 2 good rows")
    expect(page.get_by_role("heading", level=1)).to_contain_text("What the import did")
    expect(page.get_by_role("main")).to_contain_text("Ada Example")
