import pytest
from flask import Flask
from sqlalchemy import select

from mande import db
from mande import migrate
from mande.db import Database
from mande.events import rules
from mande.events.models import Event
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
        event = builders.make_event(session, participants=3, reminder_days=[2, 30])
        links = builders.open_survey(session, event)
    engine = db.database().engine

    migrate.downgrade(engine, "0002")
    migrate.upgrade(engine)

    with db.reading() as session:
        (survey,) = session.scalars(select(Survey))
        assert (survey.wave, survey.sheets, survey.state) == (Wave.EVENT, 0, SurveyState.OPEN)
        (event,) = session.scalars(select(Event))
        assert [rules.reminder_days(event, wave) for wave in Wave] == [(2, 30), (2, 30)]
        assert (event.days_open, event.discreet, event.objectives, event.questionnaires) == (21, False, [], {})
        invitations = session.scalars(select(Invitation)).all()
        assert len({invitation.attendance.person.sector for invitation in invitations}) == 3
        assert {invitation.channel for invitation in invitations} == {Channel.LINK}
        assert sorted(map(builders.token_of, invitations)) == sorted(links)
