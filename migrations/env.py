"""Runs the migrations on the connection that `mande.migrate` hands over."""

from alembic import context
from sqlalchemy import text

from mande.db import UtcDateTime
from mande.migrate import default_differs
from mande.models import metadata

connection = context.config.attributes["connection"]


def render_item(kind: str, item: object, _context: object) -> str | bool:
    """Migrations name plain column types, so that they run whatever becomes of our own."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


if connection.dialect.name == "postgresql":
    # A migration that cannot get its lock gives up, rather than holding up everyone behind it.
    connection.execute(text("SET lock_timeout = '10s'"))
    connection.execute(text("SET statement_timeout = '10min'"))

context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    render_item=render_item,
    compare_type=True,
    compare_server_default=default_differs,
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
