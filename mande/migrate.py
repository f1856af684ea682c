"""Brings a database to the newest migration, and tells how it differs from the models."""

import re
from collections.abc import Collection
from collections.abc import Iterator
from collections.abc import Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import MappingProxyType
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


@dataclass(frozen=True)
class NewColumn:
    """A column that a table gets: its type in SQL, and the expression (over the table's rows) that fills it."""

    type: str
    filled: str = "NULL"
    needed: bool = False


def replace_constraint(connection: Connection, table: str, name: str, words: str | None) -> None:
    """Gives a table a constraint in other words, such as "CHECK (n > 0)"; None takes it away."""
    change_table(connection, table, constraints={name: words})


def change_table(
    connection: Connection,
    table: str,
    add: Mapping[str, NewColumn] = MappingProxyType({}),
    drop: Collection[str] = (),
    constraints: Mapping[str, str | None] = MappingProxyType({}),
) -> None:
    """Gives a table other columns and constraints (None takes one away), and keeps all else that it holds.

    SQLite can change neither, so that the table is made anew there from its own words. Indexes over a column that goes
    go with it, and so must constraints: name them.
    """
    if connection.dialect.name == "sqlite":
        _remake(connection, table, add, drop, constraints)
        return
    for name, column in add.items():
        connection.execute(text(f"ALTER TABLE {table} ADD COLUMN {name} {column.type}"))
        if column.filled != "NULL":
            connection.execute(text(f"UPDATE {table} SET {name} = {column.filled}"))  # noqa: S608
        if column.needed:
            connection.execute(text(f"ALTER TABLE {table} ALTER COLUMN {name} SET NOT NULL"))
    for name, words in constraints.items():
        connection.execute(text(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}"))
        if words is not None:
            connection.execute(text(f"ALTER TABLE {table} ADD CONSTRAINT {name} {words}"))
    for name in drop:
        connection.execute(text(f"ALTER TABLE {table} DROP COLUMN {name}"))


def _remake(
    connection: Connection,
    table: str,
    add: Mapping[str, NewColumn],
    drop: Collection[str],
    constraints: Mapping[str, str | None],
) -> None:
    made = connection.exec_driver_sql(
        "SELECT type, sql FROM sqlite_master WHERE tbl_name = ? AND sql IS NOT NULL", (table,)
    ).all()
    (creation,) = (sql for kind, sql in made if kind == "table")
    columns, rules = _parts(creation)
    kept = {name: words for name, words in columns.items() if name not in drop}
    new = {name: f"{name} {one.type}{' NOT NULL' if one.needed else ''}" for name, one in add.items()}
    rules = {name: words for name, words in rules.items() if name not in constraints}
    rules |= {name: f"CONSTRAINT {name} {words}" for name, words in constraints.items() if words is not None}
    body = ", ".join([*kept.values(), *new.values(), *rules.values()])
    names, values = ", ".join([*kept, *add]), ", ".join([*kept, *(one.filled for one in add.values())])
    connection.exec_driver_sql(f"CREATE TABLE {table}_anew ({body})")
    connection.exec_driver_sql(f"INSERT INTO {table}_anew ({names}) SELECT {values} FROM {table}")  # noqa: S608
    connection.exec_driver_sql(f"DROP TABLE {table}")
    connection.exec_driver_sql(f"ALTER TABLE {table}_anew RENAME TO {table}")
    for kind, sql in made:
        if kind == "index" and not any(re.search(rf"\b{name}\b", sql.partition("(")[2]) for name in drop):
            connection.exec_driver_sql(sql)


def _parts(creation: str) -> tuple[dict[str, str], dict[str, str]]:
    """The columns and the constraints of a table, by name, in the words of its CREATE TABLE."""
    body = creation[creation.index("(") + 1 : creation.rindex(")")]
    parts, depth, quoted = [""], 0, False
    for sign in body:
        quoted ^= sign == "'"
        depth += 0 if quoted else (sign == "(") - (sign == ")")
        if sign == "," and depth == 0 and not quoted:
            parts.append("")
        else:
            parts[-1] += sign
    columns: dict[str, str] = {}
    rules: dict[str, str] = {}
    for part in (one.strip() for one in parts):
        first, _blank, rest = part.partition(" ")
        if first == "CONSTRAINT":
            rules[rest.partition(" ")[0]] = part
        else:
            columns[first.strip('"')] = part
    return columns, rules


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
