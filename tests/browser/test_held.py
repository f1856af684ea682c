"""What is held about somebody, and files, in Chromium: on a telephone with scripts off, and under axe."""

from collections.abc import Iterator
from datetime import UTC
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page
from playwright.sync_api import expect
from sqlalchemy import select

from mande import clock
from mande import db
from mande.followup import links
from mande.followup.models import EvidenceFile
from mande.followup.models import FollowupLink
from mande.followup.models import PlannedAction
from tests import builders
from tests import files
from tests.browser import looking
from tests.browser.conftest import Live
from tests.integration.test_held import make

LONG = f"{'a-very-long-name-of-minutes-' * 4}.pdf"


@pytest.fixture(autouse=True)
def the_day_after_the_event() -> Iterator[None]:
    clock.move_to(datetime(2021, 6, 10, 10, tzinfo=UTC))
    yield
    clock.move_to(None)


def test_files_are_added_and_all_that_is_held_is_seen_and_deleted_on_a_telephone(
    live: Live, page_without_scripts: Page, page_with_scripts: Page, tmp_path: Path
) -> None:
    with db.transaction() as session:
        link, _joint = make(session)
        token, person_id = links.token_of(link), link.person_id
        builders.make_staff(session)
        wanted = select(PlannedAction.id).where(PlannedAction.what == "Persuade the cabinet")
        action_id = session.scalars(wanted).one()
    sent = tmp_path / LONG
    sent.write_bytes(files.PDF)
    page, address = page_without_scripts, f"{live.url}/a/{token}"
    page.goto(f"{address}/actions/{action_id}/files?lang=en")
    looking.press_button(page, "Add the files")
    expect(page.get_by_role("alert")).to_contain_text("Choose a file first.")
    page.get_by_label("Files", exact=True).set_input_files(sent)
    looking.press_button(page, "Add the files")
    expect(page.get_by_role("status")).to_contain_text("The file is added.")
    with page.expect_download() as downloading:
        page.get_by_role("link", name="Download").click()
    assert downloading.value.suggested_filename == LONG
    assert Path(downloading.value.path()).read_bytes() == files.PDF

    shown = page_with_scripts
    for path in (f"/actions/{action_id}/files?lang=en", "/held?lang=en", "/held?lang=ar", "/held/delete?lang=en",
                 "/held/erase?lang=en"):  # fmt: skip
        shown.goto(f"{address}{path}")
        assert looking.faults(shown) == []
        assert looking.faults_in_the_dark(shown) == []
        assert not looking.sticks_out(shown, 320)
        assert looking.too_small(shown) == []
    page.goto(f"{address}/held?lang=en")
    looking.press(page, page.get_by_role("link", name="Delete what I wrote here"))
    looking.press_button(page, "Delete what I wrote here")
    expect(page.get_by_role("status")).to_contain_text("is deleted")
    with db.reading() as session:
        assert session.scalars(select(EvidenceFile)).all() == []
        assert session.scalars(select(FollowupLink.stopped).where(FollowupLink.person_id == person_id)).one()
