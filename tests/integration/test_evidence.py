"""Files that show what came of an action: taken, kept, handed out and removed."""

import io
from collections.abc import Iterator
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete
from sqlalchemy import select
from werkzeug.test import TestResponse

from mande import clock
from mande import create_app
from mande import db
from mande import health
from mande.followup import history
from mande.followup import links
from mande.followup import operations
from mande.followup.keeping import files as keeping
from mande.followup.keeping import store
from mande.followup.keeping.store import StoreError
from mande.followup.models import EvidenceFile
from mande.followup.models import PlannedAction
from mande.followup.operations import Intention
from mande.keyring import Keyring
from mande.keyring import KeyringError
from mande.staff.models import StaffRole
from mande.web import settings
from tests import builders
from tests import files
from tests.conftest import make_settings
from tests.integration.test_followup_pages import good
from tests.integration.test_followup_pages import sent_to

WORDS = b"%PDF-1.7 " + b"The cabinet agreed. " * 20_000


@pytest.fixture(autouse=True)
def the_day_after_the_event() -> Iterator[None]:
    clock.move_to(datetime(2021, 6, 10, 10, tzinfo=UTC))
    yield
    clock.move_to(None)


class Owner:
    """An owner of one action, and what they do with its files."""

    def __init__(self, client: FlaskClient, name: str, code: str = "WP1873v") -> None:
        self.client = client
        with db.transaction() as session:
            event = builders.make_event(session, code=code)
            link = builders.link_of(session, builders.attend(session, event, builders.make_person(session, name)))
            self.action = operations.add_action(session, link, Intention("Persuade the cabinet", consent=True)).id
            self.token = links.token_of(link)
        self.address = f"/a/{self.token}/actions/{self.action}/files"

    def send(self, *sent: tuple[str, bytes]) -> TestResponse:
        named = [(io.BytesIO(content), name) for name, content in sent]
        return self.client.post(f"{self.address}?lang=en", data={"files": named})

    def kept(self) -> list[EvidenceFile]:
        with db.reading() as session:
            return list(session.get_one(PlannedAction, self.action).files)


@pytest.fixture
def owner(app: Flask, client: FlaskClient) -> Owner:
    return Owner(client, "Ada Owner")


def lying() -> list[Path]:
    return list((settings().var / "evidence").glob("*"))


def test_an_owner_adds_files_gets_them_back_unopened_and_deletes_them(owner: Owner, client: FlaskClient) -> None:
    refused = good(owner.send(("ok.pdf", WORDS), ("run.exe", b"MZ"), ("photo.jpg", files.photograph())), 422)
    assert "“run.exe” was not added" in refused
    pdf, photo = sorted(owner.kept(), key=lambda file: file.name)
    assert (pdf.name, pdf.media_type, pdf.size) == ("ok.pdf", "application/pdf", len(WORDS))

    got = client.get(f"{owner.address}/{pdf.id}")
    assert got.data == WORDS
    assert got.headers["Content-Disposition"] == "attachment; filename=\"ok.pdf\"; filename*=UTF-8''ok.pdf"
    assert (got.headers["X-Content-Type-Options"], got.headers["Cache-Control"]) == ("nosniff", "no-store")
    assert "sandbox" in got.headers["Content-Security-Policy"]
    assert "Set-Cookie" not in got.headers
    assert b"Ada Photographer" not in client.get(f"{owner.address}/{photo.id}").data

    # On the disk it lies by its id alone, for the program alone, and tells nothing.
    assert {path.name for path in lying()} == {pdf.id.hex, photo.id.hex}
    assert {path.stat().st_mode & 0o777 for path in lying()} == {0o600}
    assert not [path for path in lying() if b"cabinet" in path.read_bytes()]

    # Somebody else's link opens neither page nor file; nobody's link leads anywhere.
    stranger = Owner(client, "Eve Stranger", "B2")
    for address in (f"{stranger.address}/{pdf.id}", owner.address.replace(owner.token, stranger.token),
                    owner.address.replace(owner.token, "b" * 26), f"{owner.address}/{uuid4()}"):  # fmt: skip
        assert client.get(address).status_code == 404

    page = good(client.get(f"/a/{owner.token}?lang=en"))
    assert "ok.pdf" in page
    location = sent_to(client.post(f"{owner.address}/{pdf.id}/delete?lang=en"))
    assert "The file is deleted." in good(client.get(location))
    assert [path.name for path in lying()] == [photo.id.hex]
    with db.reading() as session:
        told = [(change.what, change.detail) for change in history.of(session, owner.action)]
    assert told[1:] == [("file added", {"file": [None, "PDF, 400 kB"]}),
                        ("file added", {"file": [None, f"JPEG, {photo.size // 1000 or 1} kB"]}),
                        ("file removed", {"file": ["PDF, 400 kB", None]})]  # fmt: skip
    with db.transaction() as session:
        visit = links.visit(session, owner.token)
        assert visit is not None
        operations.withdraw_action(session, session.get_one(PlannedAction, owner.action), visit.link)
    assert not lying()


def test_files_have_a_size_and_a_number_and_other_forms_stay_small(
    owner: Owner, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "most_bytes", lambda: 100_000)
    assert "“big.txt” was not added: it is too large" in good(owner.send(("big.txt", b"x" * 100_001)), 422)
    assert "Choose a file first." in good(owner.send(), 422)
    monkeypatch.setattr(keeping, "MOST_FILES", 2)
    assert "an action can have 2 files" in good(owner.send(*[(f"{number}.txt", b"x") for number in range(3)]), 422)
    assert len(owner.kept()) == 2
    assert "can hold no more files" in good(client.get(f"{owner.address}?lang=en"))

    huge = b"x" * keeping.most_in_a_form()
    assert client.post(owner.address, **files.form("huge.txt", huge)).status_code == 413
    assert client.post(owner.address, **files.form("huge.txt", huge[:-1000])).status_code == 422
    assert client.post(f"/a/{owner.token}/actions", data={"what": "x" * 3_000_000}).status_code == 413
    # Nobody's link may send much: it is refused before it is read.
    nobody = owner.address.replace(owner.token, "b" * 26)
    assert client.post(nobody, **files.form("huge.txt", huge[:-1000])).status_code == 413


def test_the_team_gets_adds_and_deletes_files_on_the_actions_page(owner: Owner, client: FlaskClient) -> None:
    owner.send(("shows.txt", b"It happened"))
    (file,) = owner.kept()
    address = f"/staff/events/WP1873v/actions/{owner.action}"
    assert client.get(f"{address}/files/{file.id}").status_code == 302
    with db.transaction() as session:
        viewer = builders.make_staff(session, "viewer@example.org", StaffRole.VIEWER)
        manager = builders.make_staff(session, "manager@example.org")

    def press(path: str, **data: object) -> TestResponse:
        return client.post(f"{address}/files{path}", data={"csrf_token": builders.csrf(client), **data})

    builders.sign_in(client, viewer)
    page = client.get(address).get_data(as_text=True)
    assert "shows.txt" in page
    assert "Ada Owner" in page
    assert "Add files" not in page
    assert client.get(f"{address}/files/{file.id}").data == b"It happened"
    assert press(f"/{file.id}/delete").status_code == 403
    builders.sign_in(client, manager)
    refused = press("", files=[(io.BytesIO(b"<html>"), "page.txt")])
    assert "page.txt” was not added" in client.get(refused.location).get_data(as_text=True)
    large = files.form("minutes.txt", b"minutes" * 400_000, csrf_token=builders.csrf(client))
    shown = client.get(client.post(f"{address}/files", **large).location).get_data(as_text=True)
    assert "minutes.txt" in shown
    assert "manager@example.org" in shown
    assert client.get(press(f"/{file.id}/delete").location).status_code == 200
    assert [kept.name for kept in owner.kept()] == ["minutes.txt"]
    assert client.get(f"{address}/files/{file.id}").status_code == 404


def test_bytes_without_a_row_are_swept_and_rows_without_bytes_are_told_of(owner: Owner, client: FlaskClient) -> None:
    owner.send(("a.txt", b"a"), ("b.txt", b"b"))
    first, second = owner.kept()
    store.write(uuid4(), b"of a transaction that is not over", store.new_key())
    assert keeping.sweep() == 0
    with db.transaction() as session:
        session.execute(delete(EvidenceFile).where(EvidenceFile.id == first.id))
    clock.move_to(clock.now() + timedelta(hours=2))

    assert keeping.sweep() == 2
    assert [path.name for path in lying()] == [second.id.hex]
    with db.reading() as session:
        assert not [problem for problem in health.problems(session) if "files" in problem]
    changed = bytearray(lying()[0].read_bytes())
    changed[-1] ^= 1
    lying()[0].write_bytes(bytes(changed))
    assert client.get(f"{owner.address}/{second.id}").status_code == 404
    lying()[0].unlink()
    with db.reading() as session:
        assert any("1 of 1 files" in problem for problem in health.problems(session))
    assert client.get(f"{owner.address}/{second.id}").status_code == 404
    assert keeping.sweep() == 0


def test_no_file_opens_without_the_operators_key_which_can_be_rotated(owner: Owner, settings: object) -> None:
    owner.send(("a.txt", b"It happened"))
    newer = Keyring("MANDE_OPERATOR_KEYS", (b"n" * 32, b"o" * 32))
    with db.transaction() as session:
        (file,) = session.scalars(select(EvidenceFile))
        before = file.wrapped_key
        assert keeping.rotate(session, newer) == 1
        assert keeping.rotate(session, newer) == 0
        assert file.wrapped_key != before
        with pytest.raises(KeyringError):
            keeping.read(file)
        with pytest.raises(StoreError):
            store.unwrap(file.wrapped_key, b"o" * 32)
    url = db.database().engine.url.render_as_string(hide_password=False)
    other = create_app(make_settings(url, operator_keys=newer, var=lying()[0].parents[1]))
    with other.app_context(), db.reading() as session:
        assert b"".join(keeping.read(session.scalars(select(EvidenceFile)).one())) == b"It happened"
