"""What the holder of a link can do, as seen from the database."""

from collections.abc import Callable
from collections.abc import Iterator
from datetime import UTC
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy import update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from mande import clock
from mande import db
from mande import tokens
from mande.events.models import Person
from mande.events.models import Sector
from mande.mail.models import Message
from mande.mail.models import MessageState
from mande.surveys import operations
from mande.surveys.answering import responding
from mande.surveys.answering import stopping
from mande.surveys.answering.responding import Visit
from mande.surveys.models import BallotBox
from mande.surveys.models import Invitation
from mande.surveys.models import Survey
from tests import builders

EVERY_TYPE = Path(__file__).parents[1] / "samples" / "every_type.yaml"


@pytest.fixture(autouse=True)
def a_day_after(app: Flask) -> Iterator[None]:
    """The clock stands a day after the event, and SQLite does not wait long for a lock."""
    if db.database().is_sqlite:
        event.listen(db.database().engine, "connect", lambda made, _record: made.execute("PRAGMA busy_timeout = 200"))
    clock.move_to(datetime(2021, 6, 10, 9, tzinfo=UTC))
    yield
    clock.move_to(None)


@pytest.fixture
def links(app: Flask) -> list[str]:
    """The links of three participants: of both meetings, of Part One, of Part Two."""
    with db.transaction() as session:
        return builders.open_survey(session, builders.make_event(session, participants=3), EVERY_TYPE)


def _do(token: str, what: Callable[[Session, Visit], None]) -> None:
    with db.transaction() as session:
        visit = responding.visit(session, token)
        assert visit is not None
        what(session, visit)


def _look(token: str) -> Visit:
    with db.reading() as session:
        visit = responding.visit(session, token)
    assert visit is not None
    return visit


def _invitation(token: str) -> Invitation:
    with db.reading() as session:
        return session.scalars(select(Invitation).filter_by(token_digest=tokens.digest(token))).one()


def test_a_visit_brings_everything_that_a_page_needs(links: list[str]) -> None:
    visit = _look(links[0])

    assert visit.response is None
    assert visit.definition.code == "every-type"
    assert visit.invitation.survey.event.meetings[0].code == "part-one"
    assert visit.invitation.survey.event.partners[0].name
    assert visit.invitation.attendance.person.name == "Participant 1"
    assert visit.strata == {"role": "participant", "meeting": "all", "sector": "state"}


def test_the_strata_say_which_meeting_was_attended(links: list[str]) -> None:
    assert [_look(link).strata["meeting"] for link in links] == ["all", "part-one", "part-two"]
    assert [_look(link).strata["sector"] for link in links] == ["state", "civil_society", "unknown"]


def test_a_stratum_says_who_comes_from_a_country_that_may_receive_aid_in_the_events_year(links: list[str]) -> None:
    with db.transaction() as session:
        session.execute(update(Survey).values(strata=["oda"]))

    # From the United Kingdom, Kenya and Switzerland.
    assert [_look(link).strata for link in links] == [{"oda": "no"}, {"oda": "yes"}, {"oda": "no"}]


def test_a_link_is_recognised_however_it_was_copied(links: list[str]) -> None:
    assert _look(f" {links[0][:13].upper()}\n{links[0][13:]} ").token == links[0]


@pytest.mark.parametrize("token", ["", "nonsense", "a" * 26, "é" * 26, "a" * 5000])
def test_a_link_that_was_never_sent_leads_nowhere(links: list[str], token: str) -> None:
    with db.reading() as session:
        assert responding.visit(session, token) is None


def test_starting_makes_an_empty_box(links: list[str]) -> None:
    _do(links[0], lambda session, visit: responding.start(session, visit, "short"))

    response = _look(links[0]).response
    assert response is not None
    assert (response.answers, response.route, response.submitted) == ({}, "short", False)
    assert response.invitation is None


def test_starting_again_keeps_the_answers_and_takes_the_new_route(links: list[str]) -> None:
    _do(links[0], lambda session, visit: responding.start(session, visit, "short"))
    _do(links[0], lambda session, visit: responding.save(session, visit, {"useful": "4"}, ["useful"]))
    _do(links[0], lambda session, visit: responding.start(session, visit, "full"))

    response = _look(links[0]).response
    assert response is not None
    assert (response.answers, response.route) == ({"useful": "4"}, "full")


def test_saving_replaces_what_its_page_asked_and_keeps_the_rest(links: list[str]) -> None:
    _do(links[0], lambda session, visit: responding.start(session, visit))
    first = {"useful": "4", "again": "yes"}
    _do(links[0], lambda session, visit: responding.save(session, visit, first, ["useful", "again"]))
    _do(links[0], lambda session, visit: responding.save(session, visit, {"errors": "é"}, ["again", "errors"]))

    response = _look(links[0]).response
    assert response is not None
    assert response.answers == {"useful": "4", "errors": "é"}


def test_a_person_has_one_box_however_often_they_save(links: list[str]) -> None:
    for _time in range(3):
        _do(links[0], lambda session, visit: responding.save(session, visit, {"useful": "4"}, ["useful"]))

    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(BallotBox)) == 1


def test_strata_stay_what_they_were_when_the_response_was_begun(links: list[str]) -> None:
    _do(links[0], lambda session, visit: responding.start(session, visit))
    with db.transaction() as session:
        session.execute(update(Person).values(sector=Sector.MEDIA))
    _do(links[0], lambda session, visit: responding.save(session, visit, {"useful": "4"}, ["useful"]))

    response = _look(links[0]).response
    assert response is not None
    assert response.strata["sector"] == "state"


def test_submitting_says_that_it_was_answered_and_takes_back_what_was_not_sent(links: list[str]) -> None:
    _do(links[0], lambda session, visit: responding.save(session, visit, {"useful": "4"}, ["useful"]))
    assert not _invitation(links[0]).answered
    _do(links[0], responding.submit)

    assert _invitation(links[0]).answered
    assert not _invitation(links[1]).answered
    with db.reading() as session:
        states = {message.about: message.state for message in session.scalars(select(Message))}
    assert states[_invitation(links[0]).id] is MessageState.CANCELLED
    assert states[_invitation(links[1]).id] is MessageState.QUEUED


def test_a_submitted_response_can_be_changed_and_stays_submitted(links: list[str]) -> None:
    _do(links[0], responding.submit)
    _do(links[0], lambda session, visit: responding.save(session, visit, {"useful": "2"}, ["useful"]))
    _do(links[0], responding.submit)

    response = _look(links[0]).response
    assert response is not None
    assert response.submitted
    assert response.answers == {"useful": "2"}


def test_withdrawing_destroys_the_response_and_ends_the_reminders(links: list[str]) -> None:
    _do(links[0], responding.submit)
    _do(links[0], responding.withdraw)

    assert _look(links[0]).response is None
    assert not _invitation(links[0]).answered
    assert _invitation(links[0]).stopped
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(BallotBox)) == 0


def test_whoever_withdrew_may_answer_after_all(links: list[str]) -> None:
    _do(links[0], responding.submit)
    _do(links[0], responding.withdraw)
    _do(links[0], responding.submit)

    assert _invitation(links[0]).answered


def test_stopping_the_reminders_leaves_the_link_open(links: list[str]) -> None:
    _do(links[0], lambda session, visit: stopping.stop(session, visit.invitation.id))

    assert _invitation(links[0]).stopped
    assert _look(links[0]).response is None


def test_a_named_survey_keeps_the_invitation_in_the_box(links: list[str]) -> None:
    with db.transaction() as session:
        session.execute(update(Survey).values(anonymous=False))
    _do(links[0], lambda session, visit: responding.start(session, visit))

    response = _look(links[0]).response
    assert response is not None
    assert response.invitation == _invitation(links[0]).id


def test_reading_a_visit_writes_nothing(app: Flask, links: list[str]) -> None:
    engine = db.database().engine
    if engine.dialect.name == "sqlite":
        with db.reading() as session:
            session.connection().exec_driver_sql("PRAGMA query_only = ON")
            assert responding.visit(session, links[0])
            session.connection().exec_driver_sql("PRAGMA query_only = OFF")
        return
    with db.reading() as session:
        session.connection().exec_driver_sql("SET TRANSACTION READ ONLY")
        assert responding.visit(session, links[0])


def test_an_answer_under_way_holds_up_the_closing_and_is_not_lost(app: Flask, links: list[str]) -> None:
    """Two connections at once: who answers holds the invitation, so the closing must wait, whatever the database."""
    for link in links[1:]:
        _do(link, responding.submit)
    clock.move_to(datetime(2021, 7, 1, tzinfo=UTC))
    with db.transaction() as answering:
        visit = responding.visit(answering, links[0])
        assert visit is not None
        responding.submit(answering, visit)
        with pytest.raises(OperationalError):
            _close_without_waiting(visit.invitation.survey)
    with db.transaction() as session:
        [closed] = operations.close_surveys(session, visit.invitation.survey.event)

    assert (closed.answered, closed.invited) == (3, 3)


def _close_without_waiting(survey: Survey) -> None:
    with db.transaction() as session:
        if not db.database().is_sqlite:
            session.connection().exec_driver_sql("SET LOCAL lock_timeout = '200ms'")
        operations.close_surveys(session, survey.event)
