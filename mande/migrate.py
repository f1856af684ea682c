"""Brings a database to the newest migration, and tells how it differs from the models."""

from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from mande.config import ROOT
from mande.models import metadata


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Runs the migrations that are missing, all of them or none."""
    with engine.execution_options(mande_write=True).begin() as connection:
        command.upgrade(_config(connection), revision)


def downgrade(engine: Engine, revision: str) -> None:
    with engine.execution_options(mande_write=True).begin() as connection:
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
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        return list(compare_metadata(context, metadata))


def write_revision(engine: Engine, message: str) -> None:
    """Writes a new migration from the differences, to be read and corrected by hand."""
    with engine.begin() as connection:
        command.revision(_config(connection), message, autogenerate=True)


def _config(connection: Any = None) -> Config:
    config = Config(ROOT / "alembic.ini")
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.attributes["connection"] = connection
    return config
