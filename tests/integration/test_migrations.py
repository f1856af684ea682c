import pytest

from mande import migrate
from mande.db import Database

pytestmark = pytest.mark.own_database


def test_the_migrations_make_exactly_what_the_models_say(database_url: str) -> None:
    database = Database(database_url)

    assert migrate.differences(database.engine) == []
    database.engine.dispose()


def test_the_migrations_can_be_undone_and_done_again(database_url: str) -> None:
    database = Database(database_url)

    migrate.downgrade(database.engine, "base")
    assert migrate.current(database.engine) is None
    migrate.upgrade(database.engine)

    assert migrate.current(database.engine) == migrate.newest()
    database.engine.dispose()
