"""Writes what is left of a survey's responses. Rows are made as they are written: there may be millions of them."""

from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import asdict
from itertools import islice
from secrets import SystemRandom
from secrets import token_bytes
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from mande.db import Model
from mande.surveys.models import Answer
from mande.surveys.models import Comment
from mande.surveys.models import CommentState
from mande.surveys.models import Result
from mande.surveys.models import ResultCount
from mande.surveys.models import Survey
from mande.surveys.models import Turnout
from mande.surveys.results.counting import Counted
from mande.surveys.results.counting import Table
from mande.surveys.results.turnout import Row

AT_ONCE = 10_000

_random = SystemRandom()

_Values = dict[str, Any]


def store(session: Session, survey: Survey, counted: Counted) -> None:
    """Writes the tables, the answers and the comments of a survey.

    An answer's row holds its item and its value, a comment's its question and its text: nothing tells which of them
    came in one response. The answers to an item are written in the order of what they say, comments in random order.
    """
    comments = [(code, said) for code, found in counted.comments.items() for said in found]
    _random.shuffle(comments)
    _write(session, survey, Result, (_table(table) for table in counted.tables))
    _write(
        session,
        survey,
        ResultCount,
        (
            _key(table) | {"option": option, "count": count}
            for table in counted.tables
            for option, count in table.counts.items()
        ),
    )
    _write(
        session,
        survey,
        Answer,
        ({"id": _id(), "question": code, "value": value} for code, found in counted.answers.items() for value in found),
    )
    _write(
        session,
        survey,
        Comment,
        ({"id": _id(), "question": code, "text": said, "state": CommentState.HELD} for code, said in comments),
    )


def store_turnout(session: Session, survey: Survey, rows: Sequence[Row]) -> None:
    """Writes who took part, by group."""
    found = ({"stratum": row.stratum, "members": " ".join(row.members), **asdict(row.numbers)} for row in rows)
    _write(session, survey, Turnout, found)


def _write(session: Session, survey: Survey, model: type[Model], rows: Iterable[_Values]) -> None:
    # Straight into the table: making objects of the model costs more than all else together.
    statement = insert(Model.metadata.tables[model.__tablename__])
    waiting = ({"survey_id": survey.id, **row} for row in rows)
    while some := list(islice(waiting, AT_ONCE)):
        session.execute(statement, some)


def _table(table: Table) -> _Values:
    return {**_key(table), "n": table.n, "missing": table.missing, "not_applicable": table.not_applicable}


def _key(table: Table) -> _Values:
    return {"question": table.question, "stratum": table.stratum, "members": " ".join(table.members)}


def _id() -> UUID:
    return UUID(bytes=token_bytes(16), version=4)
