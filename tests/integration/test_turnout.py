"""Who took part, counted at closing and told in reports; and two strata counted together, from the first page on."""

import json
from collections.abc import Iterator
from datetime import UTC
from datetime import datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy import update

from mande import clock
from mande import db
from mande.config import ROOT
from mande.events.models import Attendance
from mande.events.models import Person
from mande.mail.models import Message
from mande.mail.models import MessageState
from mande.reports import operations as reports
from mande.reports.kinds import EditionKind
from mande.surveys import operations
from mande.surveys.answering import responding
from mande.surveys.models import Invitation
from mande.surveys.models import Result
from mande.surveys.models import Turnout
from tests import builders

SCHEMA = json.loads((ROOT / "docs" / "report.schema.json").read_text())
QUESTION = {
    "code": "useful", "type": "scale", "text": "How useful was it?", "core": True,
    "options": [{"code": str(i), "label": label} for i, label in enumerate("ABCDE", 1)],
}  # fmt: skip
DEFINITION = {
    "code": "crossed", "version": 1, "role": "participant", "title": "Crossed", "minutes": 2, "languages": ["en"],
    "strata": ["role", "sector*gender", "meeting"],
    "sections": [{"code": "all", "title": "All", "questions": [QUESTION]}],
}  # fmt: skip


@pytest.fixture(autouse=True)
def a_day_after() -> Iterator[None]:
    clock.move_to(datetime(2021, 6, 10, 9, tzinfo=UTC))
    yield
    clock.move_to(None)


def test_who_took_part_is_counted_by_group_at_closing_and_told_in_the_report(
    app: Flask, client: FlaskClient, tmp_path: Path
) -> None:
    (tmp_path / "crossed.yaml").write_text(yaml.safe_dump(DEFINITION))
    with db.transaction() as session:
        event = builders.make_event(session, participants=36)
        links = builders.open_survey(session, event, tmp_path / "crossed.yaml")
        session.execute(update(Message).values(state=MessageState.SENT, text=None, html=None))
        # One whose message came back, and who never answered.
        address = session.scalars(
            select(Invitation.id).join(Attendance).join(Person).where(Person.name == "Participant 36")
        ).one()
        session.execute(update(Message).where(Message.about == address).values(state=MessageState.BOUNCED))

    first = client.get(f"/r/{links[0]}").text
    assert "Sector + Gender" in first
    assert "government, female" in first
    for number, link in enumerate(links[:28]):
        with db.transaction() as session:
            visit = responding.visit(session, link)
            assert visit is not None
            liked = number % 3 == 0  # Those who attended both meetings.
            responding.save(
                session, visit, {"useful": ("5" if number % 2 else "4") if liked else str(number % 5 + 1)}, ()
            )
            if number % 9 != 8:
                responding.submit(session, visit)
    with db.transaction() as session:
        operations.close_surveys(session, event)

    with db.reading() as session:
        rows = {(row.stratum, row.members): row for row in session.scalars(select(Turnout))}
        crossed = session.scalars(select(Result.members).where(Result.stratum == "sector*gender")).all()
    whole = rows["", ""]
    assert (whole.asked, whole.reached, whole.started, whole.answered) == (36, 35, 28, 25)
    assert all("*female" in members or "*male" in members for members in crossed)
    assert {stratum for stratum, _members in rows} >= {"", "sector*gender"}
    assert sum(row.asked for (stratum, _), row in rows.items() if stratum == "sector*gender") == 36
    assert all(row.asked >= 5 and 0 < row.answered < row.asked for row in rows.values())

    internal, partner = (_document(kind) for kind in (EditionKind.INTERNAL, EditionKind.PARTNER))
    assert internal["turnout"]["sentences"][0] == (
        "Of 36 people who were asked, 35 could be reached, 28 began and 25 answered."
    )
    assert [one["stratum"] for one in internal["turnout"]["by"]][:2] == ["role", "sector*gender"]
    assert [one["stratum"] for one in partner["turnout"]["by"]] == ["role"]
    assert partner["turnout"]["reached"] is None
    (question,) = internal["questions"]
    crossing, *_others = question["breakdowns"]
    assert crossing["by"] == "sector*gender"
    assert any("The state × Female" in group["label"] for group in crossing["groups"])
    assert crossing["differences"]
    for difference in crossing["differences"]:
        one, other = (crossing["groups"][place][difference["of"]] for place in difference["between"])
        assert abs(difference["value"] - (one - other)) < 1e-3
        assert difference["interval"][0] <= difference["value"] <= difference["interval"][1]


def _document(kind: EditionKind) -> dict[str, Any]:
    with db.reading() as session:
        document = reports.document_of(session, "WP1873v", kind)
    for part in ("turnout", "meetings_compared"):
        jsonschema.validate(document[part], {**SCHEMA["properties"][part], "$defs": SCHEMA["$defs"]})
    return document
