import pytest
from flask import Flask
from sqlalchemy import select

from mande import db
from mande import migrate
from mande import startup
from mande.config import Settings
from mande.config import SettingsError
from mande.keyring import Keyring
from mande.keyring import fingerprint
from mande.staff.models import KnownKey
from tests.conftest import make_settings

pytestmark = pytest.mark.own_database

OLD, NEW = b"o" * 32, b"n" * 32


def operators(*keys: bytes) -> Keyring:
    return Keyring("MANDE_OPERATOR_KEYS", keys)


def test_the_first_start_remembers_the_fingerprint_of_the_operators_key(settings: Settings) -> None:
    app = startup.ready_app(settings)

    with app.app_context(), db.reading() as session:
        assert session.scalars(select(KnownKey.fingerprint)).all() == [fingerprint(OLD)]


def test_another_operators_key_is_refused_by_fingerprint(settings: Settings, database_url: str) -> None:
    startup.ready_app(settings)

    with pytest.raises(SettingsError, match=fingerprint(OLD)):
        startup.ready_app(make_settings(database_url, operator_keys=operators(NEW)))


def test_a_new_key_before_the_old_one_is_accepted_and_remembered(settings: Settings, database_url: str) -> None:
    startup.ready_app(settings)

    app = startup.ready_app(make_settings(database_url, operator_keys=operators(NEW, OLD)))

    with app.app_context(), db.reading() as session:
        assert set(session.scalars(select(KnownKey.fingerprint))) == {fingerprint(OLD), fingerprint(NEW)}


def test_a_database_that_lacks_a_migration_is_refused_with_the_cure(app: Flask, settings: Settings) -> None:
    migrate.downgrade(db.database().engine, "base")

    with pytest.raises(SettingsError, match="mande db upgrade"):
        startup.ready_app(settings)
