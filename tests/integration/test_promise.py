"""The promise to respondents, line by line, each tried by an attacker who holds a copy of the database.

The lines are those of docs/privacy.md. An attacker has every row of every table, with what the database adds to it (row
numbers, transaction ids), and on SQLite every byte of its files.
"""

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from dataclasses import replace
from datetime import UTC
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID
from uuid import uuid4

import pytest
from flask import Flask
from nacl.exceptions import CryptoError
from nacl.secret import SecretBox
from sqlalchemy import DateTime
from sqlalchemy import inspect
from sqlalchemy import select
from sqlalchemy import text
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from mande import clock
from mande import db
from mande import tokens
from mande.keyring import Keyring
from mande.keyring import KeyringError
from mande.mail.models import Message
from mande.mail.models import MessageState
from mande.models import metadata
from mande.surveys import operations
from mande.surveys.answering import ballot
from mande.surveys.answering import responding
from mande.surveys.answering.ballot import BoxError
from mande.surveys.models import Answer
from mande.surveys.models import BallotBox
from mande.surveys.models import Comment
from mande.surveys.models import Invitation
from mande.surveys.models import Result
from mande.surveys.models import Survey
from mande.surveys.models import SurveyKey
from mande.surveys.results import closing
from mande.web import settings
from tests import builders

pytestmark = pytest.mark.own_database

EVERY_TYPE = Path(__file__).parents[1] / "samples" / "every_type.yaml"
PEOPLE = 11
# Everybody answers in the middle of a night, so that a trace of the time would be easy to find.
ANSWERED_AT = datetime(2021, 6, 12, 3, 17, tzinfo=UTC)


def _secret(number: int) -> str:
    return f"Kestrel-{number:02}-über-the-Sognefjord"


def _word(number: int) -> str:
    return f"Plover-{number:02}"


@dataclass
class Scene:
    """An open survey that eleven people have answered, the first one first, each differently."""

    links: list[str]
    nonces: list[bytes]
    digests: list[bytes]
    boxes: list[bytes]
    wrapped: list[bytes]

    @property
    def destroyed(self) -> list[bytes]:
        """What no file may hold after closing. Of a box, a piece from its middle."""
        pieces = [box[4000:4032] for box in self.boxes]
        return [*self.nonces, *self.digests, *pieces, *self.wrapped]


@pytest.fixture
def scene(app: Flask) -> Iterator[Scene]:
    clock.move_to(datetime(2021, 6, 10, 9, tzinfo=UTC))
    with db.transaction() as session:
        event = builders.make_event(session, participants=PEOPLE)
        links = builders.open_survey(session, event, EVERY_TYPE)
        sent = {"state": MessageState.SENT, "text": None, "html": None, "sent_at": clock.now()}
        session.execute(update(Message).where(Message.to_name != "Participant 1").values(**sent))
    clock.move_to(ANSWERED_AT)
    for number, link in enumerate(links):
        with db.transaction() as session:
            visit = responding.visit(session, link)
            assert visit is not None
            responding.start(session, visit)
            answers: dict[str, Any] = {
                "recommend": str(number), "errors": _secret(number), "in_a_word": _word(number), "again": "yes",
            }  # fmt: skip
            responding.save(session, visit, answers, list(answers))
            responding.submit(session, visit)
    with db.reading() as session:
        invitations = list(session.scalars(select(Invitation)))
        scene = Scene(
            links,
            [invitation.nonce or b"" for invitation in invitations],
            [invitation.token_digest or b"" for invitation in invitations],
            list(session.scalars(select(BallotBox.sealed))),
            list(session.scalars(select(SurveyKey.wrapped))),
        )
    yield scene
    clock.move_to(None)


def _close() -> None:
    with db.transaction() as session:
        operations.close_surveys(session, session.scalars(select(Survey)).one().event)


def _dump() -> dict[str, list[dict[str, Any]]]:
    """Every row of every table, in the order in which it lies there, with what the database itself knows of it."""
    hidden = "" if db.database().is_sqlite else ", ctid::text, xmin::text"
    found = {}
    with db.reading() as session:
        for table in inspect(session.connection()).get_table_names():
            rows = session.execute(text(f'SELECT *{hidden} FROM "{table}"')).mappings()
            found[table] = [dict(row) for row in rows]
    return found


def _values() -> list[Any]:
    return [value for rows in _dump().values() for row in rows for value in row.values() if value is not None]


def _blobs() -> list[bytes]:
    """Everything in the database that might be key material: bytes, and text that could be bytes in disguise."""
    found = []
    for value in _values():
        if isinstance(value, bytes | memoryview):
            found.append(bytes(value))
        elif isinstance(value, str):
            found.append(value.encode())
            with suppress(ValueError):
                found.append(bytes.fromhex(value))
        elif isinstance(value, UUID):
            found.append(value.bytes)
    return found


def _everything() -> bytes:
    """All rows as one text, and on SQLite all bytes of all files."""
    rows = json.dumps(_dump(), default=lambda value: bytes(value).hex() if isinstance(value, bytes) else str(value))
    return b"\n".join([rows.encode(), json.dumps(_dump(), default=str, ensure_ascii=False).encode(), *_files()])


def _files() -> list[bytes]:
    """The bytes of the database's files: on PostgreSQL, of the tables that held what was destroyed."""
    database = db.database()
    if database.is_sqlite:
        path = Path(str(database.engine.url.database))
        return [other.read_bytes() for other in path.parent.glob(f"{path.name}*")]
    with db.reading() as session:
        folder = Path(str(session.scalar(text("SHOW data_directory"))))
        paths = [session.scalar(text("SELECT pg_relation_filepath(:table)"), {"table": table})
                 for table in closing.SCRUBBED]  # fmt: skip
        toast = text("SELECT pg_relation_filepath(reltoastrelid) FROM pg_class WHERE relname = ANY(:tables)")
        paths += [path for path in session.scalars(toast, {"tables": list(closing.SCRUBBED)}) if path]
    _checkpoint()
    return [file.read_bytes() for path in paths for file in [folder / str(path)] if file.exists()]


def _checkpoint() -> None:
    with db.database().engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("CHECKPOINT"))


# 1. The link


def test_no_token_is_anywhere_in_the_database(scene: Scene) -> None:
    everything = _everything()

    for link in scene.links:
        assert link.encode() not in everything
        assert link.upper().encode() not in everything


def test_a_stolen_database_opens_no_questionnaire(scene: Scene) -> None:
    """Nothing in it is a token, and nothing in it, taken for the link key, makes one."""
    digests = set(scene.digests)
    with db.reading() as session:
        invitations = list(session.scalars(select(Invitation)))
        for blob in _blobs():
            assert responding.visit(session, blob.decode(errors="replace")) is None
    guesses = {blob for blob in _blobs() if len(blob) <= 64} | {b"", b"mande"}
    for guess in guesses:
        for invitation in invitations[:2]:
            assert tokens.digest(tokens.derive(guess, invitation.id, invitation.nonce or b"")) not in digests


def test_the_link_key_and_the_nonce_together_make_the_link(scene: Scene) -> None:
    """The other side of the test before this one: with the key it would have found them."""
    with db.reading() as session:
        invitations = list(session.scalars(select(Invitation)))
    found = {tokens.derive(settings().link_keys.newest, one.id, one.nonce or b"") for one in invitations}
    assert found == set(scene.links)


# 2. The ballot box


def test_no_answer_can_be_read_anywhere_while_the_survey_is_open(scene: Scene) -> None:
    everything = _everything().lower()

    for number in range(PEOPLE):
        assert _secret(number).lower().encode() not in everything
        assert _word(number).lower().encode() not in everything
    assert b"sognefjord" not in everything
    assert b"recommend" not in b"".join(scene.boxes)


def test_no_box_opens_with_anything_that_is_in_the_database(scene: Scene) -> None:
    keys = {blob[start : start + 32] for blob in _blobs() if len(blob) < 200 for start in range(max(1, len(blob) - 31))}
    keys = {key for key in keys if len(key) == 32}
    with db.reading() as session:
        box = session.scalars(select(BallotBox)).first()
    assert box is not None
    for key in keys:
        for sealed in (box.sealed, box.key_for_link, scene.wrapped[0]):
            with pytest.raises(CryptoError):
                SecretBox(key).decrypt(sealed)
        with pytest.raises(BoxError):
            ballot.SurveyOpener(key).open(box)


def test_one_respondents_link_opens_no_other_box(scene: Scene) -> None:
    with db.reading() as session:
        boxes = list(session.scalars(select(BallotBox)))

    opened = 0
    for box in boxes:
        try:
            assert ballot.open_with_link(box, scene.links[3]).answers["recommend"] == "3"
            opened += 1
        except BoxError:
            continue
    assert opened == 1


def test_without_the_operators_key_the_surveys_key_stays_shut(scene: Scene) -> None:
    with pytest.raises(BoxError):
        ballot.unwrap(scene.wrapped[0], settings().link_keys.newest)


def test_all_boxes_look_the_same(scene: Scene) -> None:
    with db.reading() as session:
        sizes = {(len(box.sealed), len(box.key_for_link), len(box.key_for_survey))
                 for box in session.scalars(select(BallotBox))}  # fmt: skip

    assert len(sizes) == 1


def test_nothing_in_a_row_of_the_ballot_box_is_in_a_row_about_a_person(scene: Scene) -> None:
    """But the survey, no value occurs both in a box and anywhere else: there is nothing to join them by."""
    dump = _dump()
    boxes = dump.pop("ballot_box")
    in_boxes = {bytes(value) for row in boxes for name, value in row.items()
                if name not in ("survey_id", "ctid", "xmin")}  # fmt: skip
    elsewhere = {bytes(value) for rows in dump.values() for row in rows for value in row.values()
                 if isinstance(value, bytes | memoryview)}  # fmt: skip

    assert len(in_boxes) == 4 * PEOPLE
    assert not in_boxes & elsewhere


# 3. Closing


def test_after_closing_every_link_has_ended_even_for_whoever_has_all_keys(scene: Scene) -> None:
    _close()

    with db.reading() as session:
        for link in scene.links:
            assert responding.visit(session, link) is None
        for invitation in session.scalars(select(Invitation)):
            assert invitation.nonce is None
            token = tokens.derive(settings().link_keys.newest, invitation.id, b"")
            assert token not in scene.links
            assert responding.visit(session, token) is None


def test_after_closing_no_key_or_box_is_left_in_any_row(scene: Scene) -> None:
    _close()

    dump = _dump()
    assert dump["ballot_box"] == dump["survey_key"] == []
    assert not set(_blobs()) & {*scene.nonces, *scene.digests, *scene.wrapped}


def test_after_closing_no_key_or_box_is_left_in_any_file(scene: Scene) -> None:
    before = b"".join(_files())
    assert all(piece in before for piece in scene.nonces), "the attack finds what is there"

    _close()

    after = b"".join(_files())
    assert [piece.hex() for piece in scene.destroyed if piece in after] == []


def test_after_closing_answers_and_comments_carry_nothing_but_what_they_say(scene: Scene) -> None:
    _close()

    assert set(Answer.__table__.columns.keys()) == {"survey_id", "question", "id", "value"}
    assert set(Comment.__table__.columns.keys()) == {"id", "survey_id", "question", "text", "state", "released_text"}
    with db.reading() as session:
        answers, comments = list(session.scalars(select(Answer))), list(session.scalars(select(Comment)))
    assert len(answers) == 2 * PEOPLE
    assert len(comments) == 2 * PEOPLE
    # Random ids, each of its own: no two rows share one, in one table or across tables.
    ids = [row.id for row in (*answers, *comments)]
    assert len(set(ids)) == len(ids)
    assert {identifier.version for identifier in ids} == {4}


def test_after_closing_the_order_of_rows_is_not_the_order_of_people(scene: Scene) -> None:
    """Everybody answered in order, and differently: each column of what is kept must have lost that order, and no two
    may have kept a common one. By chance this fails once in a thousand million times."""
    _close()

    orders = _orders()
    in_order = list(range(PEOPLE))
    assert all(sorted(order) == in_order for order in orders.values())
    assert all(order not in (in_order, in_order[::-1]) for order in orders.values())
    assert len({tuple(order) for order in orders.values()}) == len(orders)


def _orders() -> dict[str, list[int]]:
    """The people behind the answers, and the comments, to each question, as their rows lie in the database."""
    # On SQLite, answers lie in the order of their random ids; they have no row number.
    of_answers, of_comments = ("id", "rowid") if db.database().is_sqlite else ("ctid", "ctid")
    answers = f"SELECT value FROM answer WHERE question = :question ORDER BY {of_answers}"
    comments = f"SELECT text FROM comment WHERE question = :question ORDER BY {of_comments}"
    with db.reading() as session:
        rated = session.scalars(text(answers), {"question": "recommend"})
        orders = {"recommend": [int(value) for value in rated]}
        for question in ("errors", "in_a_word"):
            said = session.scalars(text(comments), {"question": question})
            orders[question] = [int(value.split("-")[1]) for value in said]
    return orders


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_after_closing_no_two_rows_are_told_apart_by_their_transaction(scene: Scene) -> None:
    """PostgreSQL marks rows with the transaction that wrote them (SQLite does not). While a survey is open that joins a
    box to an invitation (see docs/privacy.md); afterwards every row was written by the one that closed it."""
    assert len({row["xmin"] for row in _dump()["invitation"]}) > 1
    _close()

    dump = _dump()
    assert len({row["xmin"] for table in ("invitation", "answer", "comment", "result") for row in dump[table]}) == 1


def test_after_closing_there_is_no_table_about_fewer_than_k(scene: Scene) -> None:
    _close()

    with db.reading() as session:
        assert min(result.n for result in session.scalars(select(Result))) >= 5


def test_after_closing_nothing_tells_who_has_answered(scene: Scene) -> None:
    _close()

    rows = [{name: value for name, value in row.items() if name not in ("id", "attendance_id", "ctid")}
            for row in _dump()["invitation"]]  # fmt: skip
    assert all(row == rows[0] for row in rows)


# 5. No side channel


def test_nothing_tells_when_anybody_answered(scene: Scene) -> None:
    """Everybody answered on 12 June between 03:00 and 04:00. Nothing else happened then, and nothing says so."""
    traces = (b"2021-06-12", b"2021-06-12 03", b"2021-06-12T03")
    everything = _everything()
    assert [trace for trace in traces if trace in everything] == []

    moments = [value for value in _values() if isinstance(value, datetime)]
    assert all(moment.astimezone(UTC).hour != ANSWERED_AT.hour for moment in moments)
    clock.move_to(datetime(2021, 6, 20, 12, tzinfo=UTC))
    _close()
    everything = _everything()
    assert [trace for trace in traces if trace in everything] == []


def test_no_table_about_responses_has_a_column_for_a_time() -> None:
    names = ("ballot_box", "invitation", "answer", "comment", "result", "result_count", "survey_key")
    timed = [column for name in names for column in metadata.tables[name].columns
             if isinstance(getattr(column.type, "impl", column.type), DateTime)]  # fmt: skip

    # Worked out from when messages were due, whatever the person does with them.
    assert [str(column) for column in timed] == ["invitation.expires_at"]


def test_answering_leaves_no_entry_in_the_audit_trail(scene: Scene) -> None:
    assert [row["action"] for row in _dump()["audit_entry"]] == ["surveys opened"]


def test_an_error_of_the_database_does_not_repeat_what_was_written(scene: Scene) -> None:
    with db.reading() as session:
        session.add(Comment(survey_id=uuid4(), question="errors", text=_secret(0)))
        with pytest.raises(IntegrityError) as failed:
            session.flush()

    assert "INSERT INTO comment" in str(failed.value)
    assert _secret(0) not in str(failed.value)


# 6. Anonymous or named


def test_the_box_of_an_anonymous_survey_names_nobody_even_to_its_key(scene: Scene) -> None:
    with db.reading() as session:
        box = session.scalars(select(BallotBox)).first()
        people = [value for invitation in session.scalars(select(Invitation))
                  for person in [invitation.attendance.person]
                  for value in (person.name, person.email, str(invitation.id), invitation.id.hex)]  # fmt: skip
        assert box is not None
        key = ballot.unwrap(scene.wrapped[0], settings().operator_keys.newest)
        opened = repr(ballot.SurveyOpener(key).open(box))

    assert [value for value in people if value in opened] == []


# 8. The key


def test_a_closing_with_the_wrong_key_changes_nothing(app: Flask, scene: Scene) -> None:
    before = _dump()
    right = settings()
    app.extensions["mande.settings"] = replace(right, operator_keys=Keyring("MANDE_OPERATOR_KEYS", (b"w" * 32,)))
    with pytest.raises(KeyringError, match="Put it back"):
        _close()

    after = _dump()
    assert {table: len(rows) for table, rows in before.items()} == {table: len(rows) for table, rows in after.items()}
    app.extensions["mande.settings"] = right
    _close()
