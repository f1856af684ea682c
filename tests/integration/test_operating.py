"""What whoever runs Mande does by command: settings, migrations, keys, and asking what is wrong."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from click.testing import Result
from sqlalchemy import select

from mande import db
from mande import migrate
from mande import startup
from mande.cli import mande
from mande.config import SettingsError
from mande.db import Database
from mande.keyring import fingerprint
from mande.mail.workers import Presence
from mande.staff.models import KnownKey
from mande.surveys.models import SurveyKey
from tests.builders import make_event
from tests.builders import open_survey
from tests.smtp import StubServer

pytestmark = pytest.mark.own_database

OLD, NEW = "a" * 64, "b" * 64
Command = Callable[..., Result]


@pytest.fixture
def command(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Runs `mande` in an empty folder with the settings of a development machine."""
    monkeypatch.chdir(tmp_path)
    settings = {
        "ENVIRONMENT": "development", "SECRET_KEY": "t" * 64, "LINK_KEYS": "c" * 64, "OPERATOR_KEYS": OLD,
        "DATABASE_URL": database_url, "SMTP_SECURITY": "none", "SMTP_PORT": "1",
    }  # fmt: skip
    for name, value in settings.items():
        monkeypatch.setenv(f"MANDE_{name}", value)

    def run(*arguments: str, **changes: str) -> Result:
        for name, value in changes.items():
            monkeypatch.setenv(name, value)
        return CliRunner().invoke(mande, arguments)

    return run


def test_init_writes_settings_once_and_never_over_keys_that_may_be_in_use(command: Command, tmp_path: Path) -> None:
    arguments = ("init", "--base-url", "https://surveys.example.org", "--sender", "surveys@example.org")

    first = command(*arguments)
    written = (tmp_path / ".env").read_text()
    second = command(*arguments)

    assert first.exit_code == 0
    assert (tmp_path / ".env").stat().st_mode & 0o077 == 0
    assert second.exit_code == 1
    assert "already there" in second.output
    assert (tmp_path / ".env").read_text() == written


def test_upgrade_brings_an_empty_database_to_the_newest_migration(command: Command, database_url: str) -> None:
    database = Database(database_url)
    migrate.downgrade(database.engine, "base")

    assert command("db", "upgrade").exit_code == 0
    assert command("db", "upgrade").exit_code == 0
    assert migrate.current(database.engine) == migrate.newest()


def test_check_says_that_nothing_is_wrong_or_what_is(command: Command) -> None:
    nobody = command("check")
    with startup.application():
        Presence().beat()
    with StubServer() as server:
        well = command("check", MANDE_SMTP_PORT=str(server.port))

    assert nobody.exit_code == 1
    assert "127.0.0.1:1" in nobody.output
    assert "no worker has ever reported. Start one with `mande worker`." in nobody.output
    assert well.exit_code == 0, well.output
    assert "Nothing is wrong." in well.output


def test_rotating_puts_open_surveys_under_the_new_key_and_lets_the_old_one_go(command: Command) -> None:
    with startup.application(), db.transaction() as session:
        open_survey(session, make_event(session, participants=1))

    rotated = command("keys", "rotate", MANDE_OPERATOR_KEYS=f"{NEW},{OLD}")

    assert rotated.exit_code == 0, rotated.output
    assert f"{fingerprint(bytes.fromhex(NEW))}: 1 open surveys" in rotated.output
    command("keys", "list", MANDE_OPERATOR_KEYS=NEW)
    with startup.application(), db.reading() as session:
        assert session.scalars(select(SurveyKey.operator_key)).all() == [fingerprint(bytes.fromhex(NEW))]
        assert session.scalars(select(KnownKey.fingerprint)).all() == [fingerprint(bytes.fromhex(NEW))]


def test_a_link_key_that_people_need_cannot_be_left_out(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    with startup.application(), db.transaction() as session:
        open_survey(session, make_event(session, participants=1))

    monkeypatch.setenv("MANDE_LINK_KEYS", NEW)

    with pytest.raises(SettingsError, match=fingerprint(bytes.fromhex("c" * 64))):
        startup.ready_app()


def test_keys_are_listed_by_fingerprint_and_never_shown(command: Command) -> None:
    listed = command("keys", "list").output

    assert fingerprint(bytes.fromhex(OLD)) in listed
    assert OLD not in listed
