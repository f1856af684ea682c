import pytest
from flask import Flask
from sqlalchemy import select

from mande import db
from mande import migrate
from mande.db import Database
from mande.surveys.models import Channel
from mande.surveys.models import Invitation
from mande.surveys.models import Survey
from mande.surveys.models import SurveyState
from mande.surveys.models import Wave
from tests import builders

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


def test_what_is_stored_survives_the_newest_migration(app: Flask) -> None:
    with db.transaction() as session:
        links = builders.open_survey(session, builders.make_event(session, participants=3))
    engine = db.database().engine

    migrate.downgrade(engine, "0001")
    migrate.upgrade(engine)

    with db.reading() as session:
        (survey,) = session.scalars(select(Survey))
        assert (survey.wave, survey.sheets, survey.state) == (Wave.EVENT, 0, SurveyState.OPEN)
        invitations = session.scalars(select(Invitation)).all()
        assert {invitation.channel for invitation in invitations} == {Channel.LINK}
        assert sorted(map(builders.token_of, invitations)) == sorted(links)
