"""A questionnaire that asks each person something else: what comes into the box, and what is recorded as not asked."""

from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from mande import db
from tests import builders
from tests.integration.respondents import Respondent

EVERY_WAY = Path(__file__).parents[1] / "samples" / "every_way.yaml"


def test_what_an_answer_brings_is_asked_at_once_and_what_it_takes_away_is_not_kept(
    app: Flask, client: FlaskClient
) -> None:
    with db.transaction() as session:
        event = builders.make_event(session, participants=2)
        _both, first_only = builders.open_survey(session, event, EVERY_WAY)
    person = Respondent(client, first_only)
    asked = person.fill(person.start(), {"again": "no"})
    assert asked.response.request.path.endswith("/section/1")
    assert asked.response.request.args["new"] == "why_not"
    assert "there is something more to ask" in asked.words
    following = person.fill(asked, {"why_not": "Too far", "home": "KE", "seven.comment": "Well met"})
    assert following.title.startswith("Section 2 of 3")

    person.fill(person.get("/section/1?from=check"), {"again": "yes"})
    held = person.response
    assert held is not None
    assert held.answers == {"again": "yes", "home": "KE", "seven.comment": "Well met"}

    review = person.fill(person.get("/section/1?from=check"), {"when_again": "spring"})
    assert "Kenya" in review.words
    assert "Well met" in review.words
    person.fill(person.get("/section/2"), {"born.day": "1", "born.month": "3", "born.year": "1946"})
    assert person.post("/submit").title.startswith("Thank you")
    held = person.response
    assert held is not None
    assert held.unasked == ["why_not", "missing@part-one", "@part-two"]
