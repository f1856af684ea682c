"""The engine, the session and the column types that both databases share.

    with db.transaction() as session:   # writes; commits at the end, rolls back on any error
    with db.reading() as session:       # reads; never writes

and the same as plain connections, for the few pages that are asked for all the time: a session of the ORM costs them
more than the database does.

    with db.plain_transaction() as connection:
    with db.plain_reading() as connection:

On SQLite a writing transaction begins with BEGIN IMMEDIATE, so that two writers queue instead of failing half-way.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any
from uuid import UUID
from uuid import uuid4

from flask import Flask
from flask import current_app
from sqlalchemy import Connection
from sqlalchemy import DateTime
from sqlalchemy import Dialect
from sqlalchemy import Engine
from sqlalchemy import Enum
from sqlalchemy import MetaData
from sqlalchemy import TypeDecorator
from sqlalchemy import Uuid
from sqlalchemy import create_engine
from sqlalchemy import event
from sqlalchemy import make_url
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import Session
from sqlalchemy.orm import mapped_column

from mande.searching import plain

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, in and out, kept in UTC. A naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone; the database keeps moments in UTC")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Model(DeclarativeBase):
    """The base of every table. Constraints have names, so that migrations can speak of them."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {datetime: UtcDateTime(), UUID: Uuid()}  # noqa: RUF012 (SQLAlchemy's own spelling)


def random_id() -> Mapped[UUID]:
    """A primary key that says nothing: not when a row was made, nor after which other one."""
    return mapped_column(Uuid(), primary_key=True, default=uuid4)


def enum_column(kind: type[StrEnum], name: str) -> Enum:
    """A column of the enumeration's values, as text, with a CHECK constraint called `name`."""
    return Enum(
        kind,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=32,
        values_callable=lambda members: [member.value for member in members],
    )


class Database:
    """One engine, and the two ways to use it."""

    def __init__(self, url: str) -> None:
        self.engine = _engine(url)
        self._writer = self.engine.execution_options(mande_write=True)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        with Session(self._writer, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        with Session(self.engine, expire_on_commit=False, autoflush=False) as session:
            yield session

    @contextmanager
    def plain_transaction(self) -> Iterator[Connection]:
        with self._writer.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def plain_transactions(self) -> Iterator[Connection]:
        with self._writer.connect() as connection:
            yield connection

    @contextmanager
    def plain_reading(self) -> Iterator[Connection]:
        with self.engine.connect() as connection:
            yield connection

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"


def _engine(url: str) -> Engine:
    # An error names its statement but not the values (hide_parameters): they could be answers, and errors are logged.
    parsed = make_url(url)
    if parsed.get_backend_name() == "postgresql":
        return create_engine(parsed.set(drivername="postgresql+psycopg"), pool_pre_ping=True, hide_parameters=True)
    if parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(parsed, connect_args={"check_same_thread": False, "timeout": 10}, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # What is deleted is overwritten (secure_delete): closing a survey destroys keys and boxes for good.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "secure_delete=ON", "synchronous=FULL", "busy_timeout=10000"):
        connection.execute(f"PRAGMA {pragma}")
    connection.create_function("mande_plain", 1, plain, deterministic=True)


def _begin_sqlite(connection: Any) -> None:
    writes = connection.get_execution_options().get("mande_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def init_app(app: Flask, url: str) -> None:
    app.extensions["mande.db"] = Database(url)


def database() -> Database:
    """The database of the current application."""
    found: Database = current_app.extensions["mande.db"]
    return found


@contextmanager
def transaction() -> Iterator[Session]:
    """A session that writes. All of it is kept, or none."""
    with database().transaction() as session:
        yield session


@contextmanager
def reading() -> Iterator[Session]:
    """A session that reads."""
    with database().reading() as session:
        yield session


@contextmanager
def plain_transaction() -> Iterator[Connection]:
    """A connection that writes, without the ORM. All of it is kept, or none."""
    with database().plain_transaction() as connection:
        yield connection


@contextmanager
def plain_transactions() -> Iterator[Connection]:
    """A connection for many small transactions one after another, each `with connection.begin():`."""
    with database().plain_transactions() as connection:
        yield connection


@contextmanager
def plain_reading() -> Iterator[Connection]:
    """A connection that reads, without the ORM."""
    with database().plain_reading() as connection:
        yield connection
