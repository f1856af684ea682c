"""What closing costs: opening, counting, merging and storing, by the number of responses."""

import random
import time
from collections.abc import Iterator

from sqlalchemy import select

from benchmarks.timing import Line
from benchmarks.world import world
from mande import db
from mande import tokens
from mande.events import operations as events
from mande.surveys import operations as surveys
from mande.surveys.answering import responding
from mande.surveys.answering.ballot import Answers
from mande.surveys.models import Invitation
from mande.surveys.questionnaires.definition import Definition

SIZES = (100, 1000)


def measure() -> Iterator[Line]:
    for size in SIZES:
        with world(size) as made:
            filling = fill()
            yield Line(f"Sealing and storing {size} responses", f"{1e3 * filling / size:.2f} ms each")
            began = time.perf_counter()
            with db.transaction() as session:
                surveys.close_surveys(session, events.find(session, made.code))
            seconds = time.perf_counter() - began
            yield Line(f"Closing {size} responses", f"{seconds:.2f} s, {1e3 * seconds / size:.2f} ms each")


def fill() -> float:
    """Answers every invitation of the event; returns how many seconds that took."""
    draw = random.Random(1)
    with db.reading() as session:
        links = [(one.id, one.nonce) for one in session.scalars(select(Invitation))]
    began = time.perf_counter()
    for subject, nonce in links:
        assert nonce is not None
        with db.transaction() as session:
            visit = responding.visit(session, tokens.derive(b"l" * 32, subject, nonce))
            assert visit is not None
            responding.save(session, visit, _answers(visit.definition, draw), ())
            responding.submit(session, visit)
    return time.perf_counter() - began


def _answers(definition: Definition, draw: random.Random) -> Answers:
    counted = [item for item in definition.items() if item.question.type != "multiple"]
    return {item.code: draw.choice(item.question.codes) for item in counted}
