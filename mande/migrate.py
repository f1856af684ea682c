"""Brings a database to the newest migration, and tells how it differs from the models."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import JSON
from sqlalchemy import Connection
from sqlalchemy import Engine
from sqlalchemy import text

from mande.config import ROOT
from mande.models import metadata


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Runs the migrations that are missing, all of them or none."""
    with _writing(engine) as connection:
        command.upgrade(_config(connection), revision)


def downgrade(engine: Engine, revision: str) -> None:
    with _writing(engine) as connection:
        command.downgrade(_config(connection), revision)


def current(engine: Engine) -> str | None:
    """The revision that the database is at; None where nothing was ever run."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest() -> str | None:
    return ScriptDirectory.from_config(_config()).get_current_head()


def differences(engine: Engine) -> list[Any]:
    """What Alembic would still change to make the database what the models say. Empty when they agree."""
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": default_differs}
        )
        return list(compare_metadata(context, metadata))


def default_differs(_context: Any, _found: Any, column: Any, *_defaults: Any) -> bool | None:
    """For Alembic: whether a column's default is another. PostgreSQL cannot compare two JSON values: False for them."""
    return False if isinstance(column.type, JSON) else None


def write_revision(engine: Engine, message: str) -> None:
    """Writes a new migration from the differences, to be read and corrected by hand."""
    with engine.begin() as connection:
        command.revision(_config(connection), message, autogenerate=True)


def replace_constraint(connection: Connection, table: str, name: str, words: str | None) -> None:
    """Gives a table a constraint in other words, such as "CHECK (n > 0)"; None takes it away.

    SQLite cannot change a constraint, so that the table is made anew from its own words, with all that it holds.
    """
    if connection.dialect.name != "sqlite":
        connection.execute(text(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}"))
        if words is not None:
            connection.execute(text(f"ALTER TABLE {table} ADD CONSTRAINT {name} {words}"))
        return
    made = connection.exec_driver_sql(
        "SELECT type, sql FROM sqlite_master WHERE tbl_name = ? AND sql IS NOT NULL", (table,)
    ).all()
    (creation,) = (sql for kind, sql in made if kind == "table")
    _before, _bracket, inside = _with_constraint(creation, name, words).partition("(")
    columns = ", ".join(row[1] for row in connection.exec_driver_sql(f"PRAGMA table_info({table})"))
    connection.exec_driver_sql(f"CREATE TABLE {table}_anew ({inside}")
    connection.exec_driver_sql(f"INSERT INTO {table}_anew ({columns}) SELECT {columns} FROM {table}")  # noqa: S608
    connection.exec_driver_sql(f"DROP TABLE {table}")
    connection.exec_driver_sql(f"ALTER TABLE {table}_anew RENAME TO {table}")
    for kind, sql in made:
        if kind == "index":
            connection.exec_driver_sql(sql)


def _with_constraint(creation: str, name: str, words: str | None) -> str:
    """The words of CREATE TABLE without the table's constraint of this name, and with it in other words at the end."""
    found = re.search(rf",\s*CONSTRAINT {name}\b", creation)
    if found:
        depth, end = 0, found.end()
        while creation[end] != "," or depth:
            depth += (creation[end] == "(") - (creation[end] == ")")
            if depth < 0:
                break
            end += 1
        creation = creation[: found.start()] + creation[end:]
    last = creation.rindex(")")
    return creation if words is None else f"{creation[:last]}, CONSTRAINT {name} {words}{creation[last:]}"


@contextmanager
def _writing(engine: Engine) -> Iterator[Connection]:
    """A transaction. On SQLite references are checked at its end only: else no table could be made anew."""
    with engine.execution_options(mande_write=True).connect() as connection:
        if connection.dialect.name != "sqlite":
            with connection.begin():
                yield connection
            return
        driver = connection.connection.dbapi_connection
        driver.execute("PRAGMA foreign_keys=OFF")  # type: ignore[union-attr]
        try:
            with connection.begin():
                yield connection
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
                if broken:
                    raise RuntimeError(f"The migration would break references: {broken[:3]}. Nothing was changed.")
        finally:
            driver.execute("PRAGMA foreign_keys=ON")  # type: ignore[union-attr]


def _config(connection: Any = None) -> Config:
    config = Config(ROOT / "alembic.ini")
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.attributes["connection"] = connection
    return config
