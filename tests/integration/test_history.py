"""Earlier editions enter the check of the next: the same form, the same groups, actions only by the reports of k."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from jsonschema import Draft202012Validator
from sqlalchemy import select
from sqlalchemy.orm import Session

from mande import clock
from mande import db
from mande.config import ROOT
from mande.events.models import Event
from mande.events.models import Person
from mande.followup import operations as followup
from mande.followup.models import PlannedAction
from mande.followup.models import Status
from mande.followup.operations import Report
from mande.reports.editions import publishing
from mande.reports.kinds import EditionKind
from mande.reports.models import Composition
from mande.reports.models import Edition
from mande.surveys.questionnaires import definition as definitions
from tests import report_samples
from tests.integration import published

Said = dict[str, Any]
SCHEMA = Draft202012Validator(json.loads((ROOT / "docs" / "report.schema.json").read_text()))
PARTNER, PUBLIC, RESPONDENTS = EditionKind.PARTNER, EditionKind.PUBLIC, EditionKind.RESPONDENTS
SCALE = [{"code": str(code), "label": f"Step {code}"} for code in range(1, 6)]
ASKED: Said = {
    "code": "asked", "version": 1, "role": "participant", "title": "A question", "minutes": 1, "languages": ["en"],
    "strata": ["sector", "gender"], "sections": [{"code": "all", "title": "All", "questions": [{
        "code": "useful", "type": "scale", "text": "Was it useful?", "core": True, "options": SCALE}]}],
}  # fmt: skip


@pytest.fixture(autouse=True)
def half_a_year_later() -> Iterator[None]:
    clock.move_to(published.HALF_A_YEAR_LATER)
    yield
    clock.move_to(None)


def close(session: Session, event: Event, role: str, answers: str, groups: str = "") -> None:
    """A survey whose people gave these answers; of each a letter for the sector and one for the gender."""
    names = {"s": "state", "a": "academia", "w": "woman", "m": "man"}
    strata = [{"sector": names[two[0]], "gender": names[two[1]]} for two in groups.split()]
    definition = definitions.parse({**ASKED, "role": role, "code": role})
    given: list[dict[str, str | list[str]]] = [{"useful": answer} for answer in answers]
    report_samples.closed_survey(session, event, definition, given, strata, invited=30)


def publish(kind: EditionKind, language: str = "en", days: int = 10) -> Said:
    """Publishes an edition some days after the one before, and returns its document."""
    clock.move_to(clock.now() + timedelta(days=days))
    with db.transaction() as session:
        event = session.scalars(select(Event)).one()
        prepared = publishing.prepare(session, event, kind, "Once more.", language)
        publishing.store(session, event, prepared, f"%PDF-{clock.now()}".encode(), "sam@example.org")
    SCHEMA.validate(prepared.document)
    return prepared.document


def choose(breakdown: str, kind: EditionKind) -> None:
    with db.transaction() as session:
        event = session.scalars(select(Event)).one()
        session.add(
            Composition(event_id=event.id, kind=kind, language="en", breakdown=breakdown, edited_at=clock.now(),
                        edited_by="sam@example.org")
        )  # fmt: skip


def report(actions: list[UUID], status: Status) -> None:
    with db.transaction() as session:
        for action_id in actions:
            action = session.get_one(PlannedAction, action_id)
            followup.report_progress(session, action.owners[0].link, [Report(action_id, status)])


def groups(document: Said) -> list[str]:
    return [one["by"] for one in document["questions"][0]["breakdowns"]]


def test_a_later_edition_shows_the_form_and_the_groups_of_the_earlier_and_nothing_that_could_be_subtracted(
    app: Flask,
) -> None:
    with db.transaction() as session:
        event, _actions = published.event_with_actions(session)
        close(session, event, "participant", "333444555" * 3, "sw sm aw am sw am aw sm sw " * 3)
    choose("gender", PARTNER)
    first = publish(PARTNER)
    assert (groups(first), first["history"]) == (["gender"], {"previous": [], "sentences": []})

    choose("sector", PUBLIC)
    second = publish(PUBLIC)
    assert groups(second) == ["gender"]
    (told,) = second["history"]["previous"]
    assert (told["edition"], told["language"], told["number"], told["published_on"]) == (
        "partner",
        "en",
        1,
        "2021-12-25",
    )
    assert [part in " ".join(second["history"]["sentences"]) for part in ("published before", "other groups")] == [
        True
    ] * 2

    with db.transaction() as session:
        close(session, session.scalars(select(Event)).one(), "speaker", "33344455")
        session.scalars(select(Event)).one().k = 7
    third = publish(PARTNER, language="fr")
    assert [(one["apart"], one["n"], one["counted"]) for one in third["questions"]] == [
        (0, 27, ["participant"]),
        (1, 8, ["speaker"]),
    ]
    assert third["questions"][0]["counts"] == first["questions"][0]["counts"]
    assert [one["number"] for one in third["history"]["previous"]] == [1, 1]
    with db.reading() as session:
        event = session.scalars(select(Event)).one()
        internal = publishing.prepare(session, event, EditionKind.INTERNAL, "").document
    assert [(one["n"], one["apart"]) for one in internal["questions"]] == [(35, 0)]
    assert internal["history"]["previous"] == []


def test_figures_of_actions_change_by_the_reports_of_k_owners_or_stay_or_are_withheld(app: Flask) -> None:
    with db.transaction() as session:
        event, actions = published.event_with_actions(session, papers=12)
        close(session, event, "participant", "333444555")
    papers = [action_id for words, action_id in actions.items() if "paper" in words]
    first = publish(PUBLIC)["actions"]
    assert (first["total"], first["as_of"], first["withheld"]) == (13, None, False)

    report(papers[:4], Status.DONE)
    second = publish(RESPONDENTS, language="fr")
    assert second["actions"]["as_of"] == "2021-12-25"
    assert [one["count"] for one in second["actions"]["statuses"]] == [one["count"] for one in first["statuses"]]
    report(papers[4:5], Status.DONE)
    third = publish(PUBLIC)["actions"]
    assert (third["as_of"], [one["count"] for one in third["statuses"]]) == (None, [5, 0, 0, 0, 0, 8])

    with db.transaction() as session:
        gone = session.get_one(PlannedAction, papers[11])
        followup.withdraw_action(session, gone, gone.owners[0].link)
    fourth = publish(PUBLIC)
    assert (fourth["actions"]["withheld"], fourth["actions"]["counted"], fourth["actions"]["statuses"]) == (
        True,
        False,
        [],
    )
    assert "consent" in fourth["history"]["sentences"][-1]
    report(papers[6:10], Status.DONE)
    assert publish(PUBLIC)["actions"]["total"] == 12

    with db.reading() as session:
        kept = json.dumps([one.basis for one in session.scalars(select(Edition))])
        persons = [
            word for one in session.scalars(select(Person)) for word in (str(one.id), one.id.hex, one.name, one.email)
        ]
    assert not [word for word in (*persons, *map(str, papers), *(one.hex for one in papers)) if word in kept]
