import pytest
from flask import Flask
from sqlalchemy import select

from mande import db
from mande import migrate
from mande.db import Database
from mande.events import rules
from mande.events.models import Event
from mande.followup import operations as followup
from mande.followup.kinds import Channel as FollowupChannel
from mande.followup.models import CheckIn
from mande.followup.models import FollowupLink
from mande.followup.models import PlannedAction
from mande.followup.models import Source
from mande.followup.models import Status
from mande.followup.operations import Intention
from mande.followup.operations import Report
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
        owner = session.scalars(select(FollowupLink).order_by(FollowupLink.id).limit(1)).one()
        planned = followup.add_action(session, owner, Intention("Train colleagues", consent=True))
        followup.report_progress(session, owner, [Report(planned.id, Status.SOME_PROGRESS, "Begun")])
        steps = {(one.link_id, one.step) for one in session.scalars(select(CheckIn))}
    engine = db.database().engine

    migrate.downgrade(engine, "0002")
    migrate.upgrade(engine)

    with db.reading() as session:
        (action,) = session.scalars(select(PlannedAction))
        (mine,) = action.owners
        assert (action.event_id, action.source, action.heard_at) == (event.id, Source.OWNER, planned.heard_at)
        assert (mine.link_id, mine.consent, mine.status) == (owner.id, True, Status.SOME_PROGRESS)
        assert (mine.link.person_id, mine.link.token_digest) == (owner.person_id, owner.token_digest)
        assert [(one.link_id, one.channel, one.what_changed) for one in action.updates] == [
            (owner.id, FollowupChannel.LINK, "Begun")
        ]
        assert {(one.link_id, one.step) for one in session.scalars(select(CheckIn))} == steps
        (survey,) = session.scalars(select(Survey))
        assert (survey.wave, survey.sheets, survey.state) == (Wave.EVENT, 0, SurveyState.OPEN)
        (event,) = session.scalars(select(Event))
        assert [rules.reminder_days(event, wave) for wave in Wave] == [(2, 30), (2, 30)]
        assert (event.days_open, event.discreet, event.objectives, event.questionnaires) == (21, False, [], {})
        invitations = session.scalars(select(Invitation)).all()
        assert len({invitation.attendance.person.sector for invitation in invitations}) == 3
        assert {invitation.channel for invitation in invitations} == {Channel.LINK}
        assert sorted(map(builders.token_of, invitations)) == sorted(links)
