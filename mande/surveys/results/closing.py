"""Closing a survey, once and for all: its boxes are opened, shuffled and counted, and every key to them destroyed."""

import logging
from dataclasses import dataclass
from dataclasses import replace
from secrets import SystemRandom
from sys import intern
from typing import Any

from sqlalchemy import delete
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy import text
from sqlalchemy import update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from mande import clock
from mande.db import Database
from mande.keyring import Keyring
from mande.mail import outbox
from mande.surveys.answering import ballot
from mande.surveys.answering.ballot import BoxError
from mande.surveys.answering.ballot import Response
from mande.surveys.models import BallotBox
from mande.surveys.models import Channel
from mande.surveys.models import Invitation
from mande.surveys.models import Survey
from mande.surveys.models import SurveyKey
from mande.surveys.models import SurveyState
from mande.surveys.results import asked
from mande.surveys.results import counting
from mande.surveys.results import storing
from mande.surveys.results import turnout
from mande.surveys.results.counting import CountingError
from mande.surveys.versions import of_event

# What held keys, boxes or nonces, and must not linger in the files of the database.
SCRUBBED = ("ballot_box", "survey_key", "invitation", "message")
BOXES_AT_ONCE = 500
# An answer that is no longer than this may be an option, which others have chosen too.
SHORT = 80
# How long clearing the files waits for others, in milliseconds.
LOCK_TIMEOUT = 2000

_random = SystemRandom()
_log = logging.getLogger(__name__)


class ClosingError(Exception):
    """A survey could not be closed, and nothing was changed. The text says why, and nothing about any person."""


@dataclass(frozen=True)
class Closed:
    """What closing a survey found. `left_out` counts boxes that did not open."""

    survey: Survey
    invited: int
    answered: int
    drafts: int
    left_out: int = 0


def close(session: Session, survey: Survey, keyring: Keyring, leave_out_broken: bool = False) -> Closed | None:
    """Closes an open survey; None if somebody else has just closed it. Raises ClosingError, KeyringError.

    A box that does not open, or that is lacking, stops the closing, unless `leave_out_broken` gives it up for lost.
    The caller commits, and then calls `clearing.clear`.
    """
    if not _lock(session, survey):
        return None
    responses, broken = _open_boxes(session, survey, keyring)
    submitted = [response for response in responses if response.submitted]
    told = session.scalar(select(func.count()).where(_of(survey), Invitation.answered)) or 0
    if not leave_out_broken:
        _refuse_losses(survey, broken, len(submitted), told + survey.sheets)
    _random.shuffle(submitted)
    try:
        counted = counting.count(
            of_event(survey, [code for response in submitted for code in response.answers]),
            [response.answers for response in submitted],
            [response.strata for response in submitted],
            survey.strata,
            survey.k,
            [response.unasked for response in submitted],
        )
    except CountingError as error:
        raise ClosingError(f"The survey of {survey.role.value}s was not closed: {error}") from error
    storing.store(session, survey, counted)
    took_part = asked.people(session, survey, responses)
    storing.store_turnout(session, survey, turnout.rows(took_part, survey.strata, survey.k))
    invited = session.scalar(select(func.count()).where(_of(survey))) or 0
    _destroy(session, survey)
    survey.state, survey.public_key = SurveyState.CLOSED, None
    now = clock.now()
    if survey.opens_at and survey.closes_at and survey.opens_at < now < survey.closes_at:
        survey.closes_at = now  # it was closed early: thanks are counted from here
    # Sheets without a name are counted beside the people who answered; where boxes were left out, they may be fewer.
    survey.sheets = min(survey.sheets, len(submitted))
    survey.invited, survey.answered = invited, len(submitted) - survey.sheets
    session.flush()
    return Closed(survey, invited, len(submitted), len(responses) - len(submitted), broken)


def scrub(database: Database) -> bool:
    """Clears what was destroyed out of the database's files, outside any transaction; False if others held it up.

    SQLite overwrites deleted rows at once (secure_delete) and here empties its write-ahead log; PostgreSQL rewrites the
    tables. Where a table is busy for too long, PostgreSQL at least frees its dead rows.
    """
    return _empty_log(database) if database.is_sqlite else _rewrite_tables(database)


def _empty_log(database: Database) -> bool:
    # Straight to the driver: a checkpoint must not stand in a transaction, and our connections begin one by themselves.
    connection = database.engine.raw_connection()
    try:
        cursor = connection.cursor()
        (patience,) = cursor.execute("PRAGMA busy_timeout").fetchone()
        cursor.execute(f"PRAGMA busy_timeout={LOCK_TIMEOUT}")
        busy, _frames, _moved = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        cursor.execute(f"PRAGMA busy_timeout={patience}")
    finally:
        connection.close()
    if busy:
        _log.warning(
            "The write-ahead log could not be emptied after closing: somebody was reading. The worker tries again."
        )
    return not busy


def _rewrite_tables(database: Database) -> bool:
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"SET lock_timeout = '{LOCK_TIMEOUT}ms'"))
        done = [_rewrite(connection, table) for table in SCRUBBED]
        connection.execute(text("RESET lock_timeout"))
    return all(done)


def _rewrite(connection: Any, table: str) -> bool:
    try:
        connection.execute(text(f"VACUUM FULL {table}"))
    except DBAPIError:
        _log.warning(
            "The table %s was busy and could only be vacuumed after closing, not rewritten. The worker tries again.",
            table,
        )
        connection.execute(text(f"VACUUM {table}"))
        return False
    return True


def _of(survey: Survey) -> Any:
    return Invitation.survey_id == survey.id


def _lock(session: Session, survey: Survey) -> bool:
    """Makes respondents and other closings wait for this one. False if the survey is not open any more."""
    # FOR NO KEY UPDATE: an answer on its way holds its invitation and refers to the survey's key; it goes first.
    locked = select(Survey).where(Survey.id == survey.id).with_for_update(key_share=True)
    session.scalars(locked.execution_options(populate_existing=True)).one()
    session.execute(select(Invitation.id).where(_of(survey)).order_by(Invitation.id).with_for_update())
    return survey.state is SurveyState.OPEN


def _open_boxes(session: Session, survey: Survey, keyring: Keyring) -> tuple[list[Response], int]:
    """The responses in no order that tells anything, and how many boxes did not open."""
    opener = ballot.SurveyOpener(_private_key(session, survey, keyring))
    responses: list[Response] = []
    broken = 0
    boxes = select(BallotBox.__table__).where(BallotBox.survey_id == survey.id).order_by(BallotBox.locator)
    for box in session.execute(boxes, execution_options={"yield_per": BOXES_AT_ONCE}):
        try:
            responses.append(_sharing(opener.open(box)))
        except BoxError:
            broken += 1
    return responses, broken


def _sharing(response: Response) -> Response:
    """The same, its codes and options kept once for all responses: there may be very many."""
    answers = {
        intern(code): intern(value) if isinstance(value, str) and len(value) < SHORT else value
        for code, value in response.answers.items()
    }
    strata = {intern(name): intern(value) for name, value in response.strata.items()}
    return replace(response, answers=answers, strata=strata, unasked=[intern(code) for code in response.unasked])


def _private_key(session: Session, survey: Survey, keyring: Keyring) -> bytes:
    wrapped = session.get(SurveyKey, survey.id)
    if wrapped is None:
        raise ClosingError(f"The survey of {survey.role.value}s has lost its key, and its answers with it.")
    try:
        return ballot.unwrap(wrapped.wrapped, keyring.find(wrapped.operator_key))
    except BoxError as error:
        raise ClosingError(f"The survey of {survey.role.value}s was not closed: {error}") from error


def _refuse_losses(survey: Survey, broken: int, submitted: int, told: int) -> None:
    """A response must not vanish silently, nor appear from nowhere."""
    if broken:
        raise ClosingError(
            f"The survey of {survey.role.value}s was not closed: {broken} of its boxes did not open. Restore the table "
            "ballot_box from a backup, or close without these responses (`mande survey close --leave-out-broken`)."
        )
    if submitted != told:
        raise ClosingError(
            f"The survey of {survey.role.value}s was not closed: {told} people have answered, but {submitted} "
            "submitted responses were found. Somebody has changed the database. Restore it from a backup, or close "
            "with what there is (`mande survey close --leave-out-broken`)."
        )


def _destroy(session: Session, survey: Survey) -> None:
    about = list(session.scalars(select(Invitation.id).where(_of(survey))))
    session.execute(delete(BallotBox).where(BallotBox.survey_id == survey.id))
    session.execute(delete(SurveyKey).where(SurveyKey.survey_id == survey.id))
    session.execute(
        update(Invitation)
        .where(_of(survey))
        .values(nonce=None, token_digest=None, link_key=None, card_digest=None, answered=False, channel=Channel.LINK)
        .execution_options(synchronize_session="fetch")
    )
    outbox.forget(session, about)
