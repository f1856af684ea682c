"""Closing: what is counted, what is kept, what is destroyed, and when it refuses."""

import logging
from collections import Counter
from collections.abc import Iterator
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy import update
from sqlalchemy.event import listen
from sqlalchemy.orm import Session

from mande import clock
from mande import db
from mande.events.models import Event
from mande.events.models import Role
from mande.followup import clockwork
from mande.mail.models import Message
from mande.mail.models import MessageState
from mande.staff.models import AuditEntry
from mande.surveys import operations
from mande.surveys.answering import responding
from mande.surveys.models import Answer
from mande.surveys.models import BallotBox
from mande.surveys.models import Comment
from mande.surveys.models import CommentState
from mande.surveys.models import Invitation
from mande.surveys.models import Result
from mande.surveys.models import Survey
from mande.surveys.models import SurveyKey
from mande.surveys.models import SurveyState
from mande.surveys.questionnaires.answers import Answers
from mande.surveys.questionnaires.definition import load
from mande.surveys.results import closing
from mande.surveys.results import counting
from mande.surveys.results import storing
from mande.surveys.results.closing import Closed
from mande.surveys.results.closing import ClosingError
from mande.surveys.versions import keep
from tests import builders

SAMPLES = Path(__file__).parents[1] / "samples"
EVERY_TYPE = SAMPLES / "every_type.yaml"


@pytest.fixture(autouse=True)
def a_day_after(app: Flask) -> Iterator[None]:
    """The clock stands a day after the event, and SQLite does not wait long for a lock."""
    if db.database().is_sqlite:
        listen(db.database().engine, "connect", lambda made, _record: made.execute("PRAGMA busy_timeout = 200"))
    clock.move_to(datetime(2021, 6, 10, 9, tzinfo=UTC))
    yield
    clock.move_to(None)


@pytest.fixture
def event(app: Flask) -> Event:
    with db.transaction() as session:
        return builders.make_event(session, participants=9)


@pytest.fixture
def links(event: Event) -> list[str]:
    with db.transaction() as session:
        return builders.open_survey(session, event, EVERY_TYPE)


def _answer(token: str, answers: Answers, submitted: bool = True) -> None:
    with db.transaction() as session:
        visit = responding.visit(session, token)
        assert visit is not None
        responding.save(session, visit, answers, list(answers))
        if submitted:
            responding.submit(session, visit)


def _close(event: Event, **options: Any) -> Closed:
    with db.transaction() as session:
        [closed] = operations.close_surveys(session, event, **options)
    return closed


def _all(model: type) -> list[Any]:
    with db.reading() as session:
        return list(session.scalars(select(model)))


def _survey() -> Survey:
    [survey] = _all(Survey)
    return survey


def _six_answers(links: list[str]) -> None:
    for number, link in enumerate(links[:6]):
        _answer(link, {"useful": str(number % 2 + 4), "errors": f"Comment {number}", "used_for": ["teach", "brief"]})


def test_submitted_responses_are_counted(event: Event, links: list[str]) -> None:
    _six_answers(links)

    closed = _close(event)

    assert (closed.invited, closed.answered, closed.drafts, closed.left_out) == (9, 6, 0, 0)
    survey = _survey()
    assert (survey.state, survey.invited, survey.answered) == (SurveyState.CLOSED, 9, 6)
    with db.reading() as session:
        whole = session.get_one(Result, (survey.id, "useful", "", ""))
        assert (whole.n, whole.missing, whole.not_applicable) == (6, 0, 0)
        assert {count.option: count.count for count in whole.counts} == {"1": 0, "2": 0, "3": 0, "4": 3, "5": 3}
        assert session.get(Result, (survey.id, "recommend", "", "")) is None


def test_who_was_not_asked_a_question_is_not_among_those_who_left_it_blank(event: Event) -> None:
    with db.transaction() as session:
        links = builders.open_survey(session, event, SAMPLES / "reported_types.yaml")
    # They take turns: both meetings, only the first, only the second.
    for number, link in enumerate(links):
        answers: Answers = {"used": "yes" if number < 7 else "no", "colleagues": "7"}
        if number > 0:
            answers["used_how"] = "4"
        if number > 0 and number % 3 < 2:
            answers["useful@part-one"] = "5"
        _answer(link, answers)
    _close(event)

    found = {result.question: (result.n, result.missing) for result in _all(Result) if not result.stratum}
    assert found["used"] == (9, 0)
    assert found["used_how"] == (6, 1)  # two had answered no, and what they said before is not kept
    assert found["useful@part-one"] == (5, 1)  # three were not there
    assert {answer.value for answer in _all(Answer) if answer.question == "colleagues"} == {"5-9"}


def test_answers_and_comments_are_kept_apart_from_each_other(event: Event, links: list[str]) -> None:
    _six_answers(links)
    _close(event)

    assert Counter((answer.question, answer.value) for answer in _all(Answer)) == {
        ("useful", "4"): 3, ("useful", "5"): 3, ("used_for", "brief teach"): 6,
    }  # fmt: skip
    comments = _all(Comment)
    assert {comment.text for comment in comments} == {f"Comment {number}" for number in range(6)}
    assert {comment.state for comment in comments} == {CommentState.HELD}


def test_drafts_are_destroyed_uncounted(event: Event, links: list[str]) -> None:
    _six_answers(links)
    _answer(links[6], {"useful": "1", "errors": "Never submitted"}, submitted=False)

    closed = _close(event)

    assert (closed.answered, closed.drafts) == (6, 1)
    assert "Never submitted" not in {comment.text for comment in _all(Comment)}


def test_every_key_box_and_nonce_is_destroyed(event: Event, links: list[str]) -> None:
    _six_answers(links)
    _close(event)

    assert _all(BallotBox) == []
    assert _all(SurveyKey) == []
    assert _survey().public_key is None
    for invitation in _all(Invitation):
        assert (invitation.nonce, invitation.token_digest, invitation.link_key) == (None, None, None)
        assert not invitation.answered
    for message in _all(Message):
        assert (message.text, message.html, message.link_nonce, message.link_key) == (None, None, None, None)
        assert message.state is MessageState.CANCELLED


def test_a_closed_surveys_link_leads_nowhere(event: Event, links: list[str]) -> None:
    _close(event)

    with db.reading() as session:
        assert [responding.visit(session, link) for link in links] == [None] * 9


def test_fewer_than_k_responses_leave_the_rate_and_nothing_else(event: Event, links: list[str]) -> None:
    for link in links[:4]:
        _answer(link, {"useful": "5", "errors": "Too few of us"})

    _close(event)

    assert (_survey().invited, _survey().answered) == (9, 4)
    assert [_all(model) for model in (Result, Answer, Comment)] == [[], [], []]


def test_a_survey_that_nobody_answered_closes_too(event: Event, links: list[str]) -> None:
    assert (_close(event).answered, _survey().answered) == (0, 0)


def test_closing_twice_does_nothing_the_second_time(event: Event, links: list[str]) -> None:
    _six_answers(links)
    _close(event)
    before = len(_all(Answer))

    with db.transaction() as session:
        assert operations.close_surveys(session, event) == []
    assert len(_all(Answer)) == before


def test_only_the_roles_that_are_named_are_closed(event: Event) -> None:
    with db.transaction() as session:
        builders.attend(session, session.merge(event), roles=[Role.SPEAKER])
    with db.transaction() as session:
        operations.open_surveys(session, event)
    with db.transaction() as session:
        operations.close_surveys(session, event, [Role.SPEAKER])

    assert {survey.role: survey.state for survey in _all(Survey)} == {
        Role.SPEAKER: SurveyState.CLOSED, Role.PARTICIPANT: SurveyState.OPEN,
    }  # fmt: skip


def _break(session: Session) -> None:
    box = session.scalars(select(BallotBox)).first()
    assert box is not None
    box.sealed = box.sealed[:-1] + bytes([box.sealed[-1] ^ 1])


def _lose(session: Session) -> None:
    session.execute(delete(BallotBox).where(BallotBox.locator == session.scalars(select(BallotBox.locator)).first()))


def _copy(session: Session) -> None:
    box = session.scalars(select(BallotBox)).first()
    assert box is not None
    session.add(BallotBox(locator=b"x" * 32, survey_id=box.survey_id, sealed=box.sealed, key_for_link=box.key_for_link,
                          key_for_survey=box.key_for_survey))  # fmt: skip


@pytest.mark.parametrize(("harm", "counted", "lost"), [(_break, 5, 1), (_lose, 5, 0), (_copy, 6, 1)])
def test_a_ballot_that_was_tampered_with_stops_the_closing(
    event: Event, links: list[str], harm: Any, counted: int, lost: int
) -> None:
    _six_answers(links)
    with db.transaction() as session:
        harm(session)

    with pytest.raises(ClosingError, match="was not closed"):
        _close(event)

    assert _survey().state is SurveyState.OPEN
    assert _all(Result) == []
    assert len(_all(SurveyKey)) == 1
    closed = _close(event, leave_out_broken=True)
    assert (closed.answered, closed.left_out) == (counted, lost)
    [entry] = [entry for entry in _all(AuditEntry) if entry.action == "survey closed"]
    assert entry.detail["left_out"] == lost


def test_one_survey_that_cannot_be_closed_keeps_the_others_of_the_event_open(event: Event) -> None:
    with db.transaction() as session:
        builders.attend(session, session.merge(event), roles=[Role.SPEAKER])
    with db.transaction() as session:
        operations.open_surveys(session, event)
        speakers = session.scalars(select(Survey).filter_by(role=Role.SPEAKER)).one()
        session.execute(delete(SurveyKey).where(SurveyKey.survey_id == speakers.id))

    with pytest.raises(ClosingError, match="speakers has lost its key"), db.transaction() as session:
        operations.close_surveys(session, event)

    assert {survey.state for survey in _all(Survey)} == {SurveyState.OPEN}


def test_surveys_close_by_themselves_on_their_closing_date(event: Event, links: list[str]) -> None:
    _six_answers(links)
    for days, number in ((20, 0), (21, 1), (22, 0)):
        clock.move_to(datetime(2021, 6, 10, 9, 1, tzinfo=UTC) + timedelta(days=days))
        assert clockwork.close_surveys() == number

    assert _survey().answered == 6


def test_closing_is_written_into_the_audit_trail_by_numbers_only(event: Event, links: list[str]) -> None:
    _six_answers(links)
    _close(event, actor="a test")

    [entry] = [entry for entry in _all(AuditEntry) if entry.action == "survey closed"]
    assert (entry.actor, entry.subject) == ("a test", "WP1873v")
    assert entry.detail == {"role": "participant", "invited": 9, "answered": 6, "left_out": 0}


def test_the_response_rate_is_the_same_before_and_after_closing(event: Event, links: list[str]) -> None:
    _six_answers(links)
    with db.reading() as session:
        before = operations.response_rates(session, event)
    _close(event)
    with db.reading() as session:
        after = operations.response_rates(session, event)

    assert before == after == {Role.PARTICIPANT: (6, 9)}


def test_closing_clears_the_files_by_itself(event: Event, links: list[str]) -> None:
    _six_answers(links)
    database = db.database()
    before = _file_numbers(database)
    log = Path(f"{database.engine.url.database}-wal")
    size = log.stat().st_size if database.is_sqlite else 0
    _close(event)

    if database.is_sqlite:
        # It holds again what was written since: that it was emptied.
        assert log.stat().st_size < size / 2
    else:
        assert all(after != before[table] for table, after in _file_numbers(database).items())


def _file_numbers(database: db.Database) -> dict[str, int]:
    """On PostgreSQL, the files in which the tables lie: a table that is written anew gets another."""
    if database.is_sqlite:
        return {}
    with db.reading() as session:
        return {table: session.scalar(select(func.pg_relation_filenode(table))) or 0 for table in closing.SCRUBBED}


def test_scrubbing_says_when_somebody_held_it_up(
    event: Event, links: list[str], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(closing, "LOCK_TIMEOUT", 100)
    database = db.database()
    with db.reading() as reader, caplog.at_level(logging.WARNING):
        reader.execute(select(Survey)).all()
        reader.execute(select(BallotBox)).all()
        with db.transaction() as session:
            session.execute(update(Invitation).values(stopped=True))
        assert closing.scrub(database) is False

    assert closing.scrub(database) is True
    assert len(caplog.messages) == 1


def test_results_of_an_import_are_stored_the_same_way(event: Event) -> None:
    definition = load(EVERY_TYPE)
    with db.transaction() as session:
        questionnaire = keep(session, definition)
        survey = Survey(event_id=event.id, questionnaire_id=questionnaire.id, role=Role.PARTICIPANT, imported=True,
                        state=SurveyState.CLOSED, answered=7)  # fmt: skip
        session.add(survey)
        session.flush()
        responses: list[Answers] = [{"useful": "5", "errors": "None"}] * 7
        storing.store(session, survey, counting.count(definition, responses, [{}] * 7, [], 5))

    assert len(_all(Answer)) == 7
    assert len(_all(Comment)) == 7
    with db.reading() as session:
        assert operations.response_rates(session, event) == {}
