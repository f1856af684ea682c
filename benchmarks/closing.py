"""Closing one survey with very many responses: time, and how much memory the process comes to hold.

Each closes in a process of its own, so that the memory is that of the closing alone.
"""

import json
import random
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC
from datetime import datetime
from secrets import token_bytes
from typing import Any
from uuid import UUID
from uuid import uuid4

from sqlalchemy import insert

from benchmarks.timing import Line
from benchmarks.world import attend
from benchmarks.world import empty_world
from mande import clock
from mande import db
from mande import tokens
from mande.config import ROOT
from mande.events.describing import files
from mande.events.kinds import Role
from mande.events.models import Attendance
from mande.events.models import AttendanceRole
from mande.events.models import Event
from mande.events.models import Mode
from mande.events.models import Person
from mande.events.models import attendance_meeting
from mande.mail.models import Message
from mande.mail.models import MessageKind
from mande.mail.models import MessageState
from mande.surveys import operations as surveys
from mande.surveys.answering import ballot
from mande.surveys.answering.ballot import Response
from mande.surveys.models import BallotBox
from mande.surveys.models import Invitation
from mande.surveys.models import Survey
from mande.surveys.questionnaires.answers import Answers
from mande.surveys.questionnaires.definition import Definition
from mande.surveys.versions import of_event

RESPONSES = 100_000
ROWS_AT_ONCE = 1000
SECTORS = ("state", "state", "civil_society", "academia", "multilateral", "business", "media")
TABLES = (Person, Attendance, AttendanceRole, attendance_meeting, Invitation, Message, BallotBox)

Row = dict[str, Any]


def measure(responses: int = RESPONSES) -> Iterator[Line]:
    for database in ("SQLite", "PostgreSQL"):
        child = [sys.executable, "-m", "benchmarks.closing", database, str(responses)]
        done = subprocess.run(child, capture_output=True, text=True, check=True, cwd=ROOT)
        told = json.loads(done.stdout.splitlines()[-1])
        each = 1e3 * told["seconds"] / responses
        yield Line(
            f"{database}, closing {responses:,} responses",
            f"{told['seconds']:.0f} s, {each:.2f} ms each; {told['megabytes']:.0f} MB",
            told["seconds"] / told["opening"],
            "the time to decrypt them",
        )


def closed(database: str, responses: int) -> dict[str, float]:
    """Seconds of closing, seconds of decrypting as many boxes, and the most megabytes that the process ever held."""
    with empty_world(database):
        clock.move_to(datetime(2021, 6, 9, 16, tzinfo=UTC))
        event_id, opening = _fill(responses)
        began = time.perf_counter()
        with db.transaction() as session:
            (found,) = surveys.close_surveys(session, session.get_one(Event, event_id))
        seconds = time.perf_counter() - began
        if found.answered != responses:
            raise RuntimeError(f"{found.answered} instead of {responses} responses were counted")
        held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        return {"seconds": seconds, "opening": opening, "megabytes": held}


def _fill(responses: int) -> tuple[UUID, float]:
    """An event of so many people who have answered, and one who has not; and how long their boxes take to decrypt."""
    with db.transaction() as session:
        event = files.load_event(session, ROOT / "demo" / "WP1873v.yaml")
        attend(session, event, 1)
        surveys.open_surveys(session, event)
        (survey,) = surveys.surveys_of(session, event)
        crowd = _Crowd(event, survey, of_event(survey))
        event_id = event.id
    opening = crowd.seconds_to_open() * responses
    for start in range(0, responses, ROWS_AT_ONCE):
        with db.plain_transaction() as connection:
            people = [list(crowd.person(number)) for number in range(start, min(start + ROWS_AT_ONCE, responses))]
            for table in TABLES:
                rows = [row for person in people for kind, row in person if kind is table]
                connection.execute(insert(getattr(table, "__table__", table)), rows)
    return event_id, opening


class _Crowd:
    """People who were invited, all of them reached, and have answered all that has options."""

    def __init__(self, event: Event, survey: Survey, definition: Definition) -> None:
        self.draw = random.Random(1)
        self.event, self.survey, self.strata = event.id, survey.id, list(survey.strata)
        self.meetings = {meeting.code: meeting.id for meeting in event.meetings}
        self.asked = [item for item in definition.items() if item.question.type != "multiple" and item.question.codes]
        assert survey.public_key
        self.public_key = survey.public_key

    def seconds_to_open(self) -> float:
        public, private = ballot.new_survey_key()
        boxes = [ballot.seal(Response(self._answers()), _token(), public) for _ in range(500)]
        opener = ballot.SurveyOpener(private)
        began = time.perf_counter()
        for box in boxes:
            opener.open(box)
        return (time.perf_counter() - began) / len(boxes)

    def person(self, number: int) -> Iterator[tuple[Any, Row]]:
        draw, person, attendance, invitation = self.draw, uuid4(), uuid4(), uuid4()
        sector, mode = draw.choice(SECTORS), draw.choice(list(Mode))
        attended = draw.choice([list(self.meetings), list(self.meetings)[:1], list(self.meetings)[1:]])
        email = f"crowd{number}@example.org"
        yield Person, {"id": person, "name": f"Person {number}", "email": email, "sector": sector}
        yield Attendance, {"id": attendance, "event_id": self.event, "person_id": person, "mode": mode}
        yield AttendanceRole, {"attendance_id": attendance, "role": Role.PARTICIPANT}
        for code in attended:
            yield attendance_meeting, {"attendance_id": attendance, "meeting_id": self.meetings[code]}
        token = _token()
        link = {"nonce": tokens.new_nonce(), "token_digest": tokens.digest(token), "link_key": "key"}
        yield (
            Invitation,
            {"id": invitation, "survey_id": self.survey, "attendance_id": attendance, "answered": True, **link},
        )
        yield Message, self._message(number, invitation, email)
        known = {"role": "participant", "sector": sector, "meeting": attended[0] if len(attended) == 1 else "all"}
        response = Response(self._answers(), {name: known[name] for name in self.strata}, submitted=True)
        yield BallotBox, {**vars(ballot.seal(response, token, self.public_key)), "survey_id": self.survey}

    def _answers(self) -> Answers:
        return {item.code: self.draw.choice(item.question.codes) for item in self.asked}

    def _message(self, number: int, invitation: UUID, email: str) -> Row:
        to = {"to_name": "", "to_address": email, "to_domain": "example.org"}
        by = {"reply_to_name": "", "reply_to_address": "team@example.org", "subject": "What did you think?"}
        what = {"about": invitation, "kind": MessageKind.INVITATION, "state": MessageState.SENT, "due_at": clock.now()}
        return {"id": uuid4(), "event_id": self.event, "message_id": f"<{number}@example.org>", **what, **to, **by}


def _token() -> str:
    return tokens.derive(token_bytes(32), uuid4(), tokens.new_nonce())


if __name__ == "__main__":
    print(json.dumps(closed(sys.argv[1], int(sys.argv[2]))))
