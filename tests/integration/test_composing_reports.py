"""An edition is composed on its page, and is published as it was composed; nothing that was typed is lost."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from mande import clock
from mande import db
from mande.events.models import Event
from mande.reports import document
from mande.reports.actions import progress
from mande.reports.composing import kept
from mande.reports.composing.composed import Composed
from mande.reports.composing.composed import sections_of
from mande.reports.kinds import EditionKind
from mande.reports.kinds import Paper
from mande.reports.models import Composition
from mande.reports.models import Edition
from mande.reports.models import EditionAction
from mande.staff.models import AuditEntry
from mande.staff.models import StaffRole
from mande.surveys.models import Comment
from mande.surveys.models import CommentState
from mande.surveys.questionnaires import definition as definitions
from mande.surveys.questionnaires.answers import Answers
from tests import builders
from tests import report_samples
from tests.integration import published

REPORTS = "/staff/events/WP1873v/reports"
PARTNER = f"{REPORTS}/partner/en"
WRITTEN = {
    "code": "written", "version": 1, "role": "participant", "title": "A question", "minutes": 1, "languages": ["en"],
    "strata": [], "sections": [{"code": "all", "title": "All", "questions": [{
        "code": "improve", "type": "long_text", "text": "What should change?", "core": True}]}],
}  # fmt: skip


@pytest.fixture(autouse=True)
def half_a_year_later(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    published.made_at_once(monkeypatch)
    clock.move_to(published.HALF_A_YEAR_LATER)
    yield
    clock.move_to(None)


@pytest.fixture
def actions(app: Flask, client: FlaskClient) -> dict[str, UUID]:
    """The actions of a closed event, by their words. Somebody of the team is signed in."""
    with db.transaction() as session:
        builders.sign_in(client, builders.make_staff(session, role=StaffRole.MANAGER))
        event, actions = published.event_with_actions(session)
        published.close_survey(session, event)
        return actions


def send(client: FlaskClient, address: str = PARTNER, do: str = "save", **typed: Any) -> TestResponse:
    """What the form sends: as it stands where nobody has changed anything, with what is `typed`."""
    usual = {"section": list(sections_of(EditionKind.PARTNER)), "offered": "useful", "question": "useful"}
    data = {**usual, "examples": "all", "paper": "a4", "revision": "0", "do": do, **typed}
    return client.post(address, data={**data, "csrf_token": builders.csrf(client)})


def composed(kind: EditionKind = EditionKind.PARTNER, language: str = "en") -> Composed:
    with db.reading() as session:
        return kept.composed(session, session.scalars(select(Event)).one(), kind, language)


def test_an_edition_is_written_looked_at_saved_and_published_as_it_was_composed(
    client: FlaskClient, actions: dict[str, UUID]
) -> None:
    page = client.get(PARTNER).text
    assert "Was it useful?" in page
    assert "Train my colleagues" in page
    assert "Speak to the minister" not in page, "its owner keeps it for the team"
    assert "Owner of Write paper" not in page, "partners are not told whose it is"

    words = {"summary": "**Useful**, said Train.\r\n\r\n[x](http://x.y)", "findings": "<script>alert(1)</script>"}
    looked_at = send(client, do="look", **words)
    assert looked_at.status_code == 200
    assert [part in looked_at.text for part in ("<strong>Useful</strong>", "“http://x.y” is no link")] == [True, True]
    assert "This may name Owner of Train my colleagues" in looked_at.text
    assert "<script>alert" not in looked_at.text
    assert composed() == Composed()

    sections = ["summary", "key_figures", "questions", "actions"]
    chosen = [str(actions["Write paper 1"]), str(actions["Train my colleagues"])]
    sent = send(client, section=sections, examples="some", action=chosen, paper="letter", **words)
    assert sent.status_code == 303
    wanted = composed()
    assert (wanted.sections, wanted.paper, wanted.summary) == (
        tuple(sections), Paper.LETTER, "**Useful**, said Train.\n\n[x](http://x.y)",
    )  # fmt: skip
    page = client.get(PARTNER).text
    assert "said Train." in page
    assert "so that its text is not shown" in page

    assert published.publish(client, "partner").status_code == 303
    edition = published.edition(EditionKind.PARTNER)
    told = json.loads(edition_text(edition.id))
    assert (edition.paper, told["sections"]) == (Paper.LETTER, sections)
    assert told["text"] == {"summary": wanted.summary, "findings": "", "recommendations": "", "next_steps": ""}
    assert {one["what"] for one in told["actions"]["examples"]} == {"Write paper 1", "Train my colleagues"}
    assert told["actions"]["total"] == 6, "figures count all that partners may see"
    assert [told[key] for key in ("followup", "comparison", "reach", "comments")] == [None, None, None, []]
    with db.reading() as session:
        held = session.scalars(select(EditionAction.action_id)).all()
        entries = session.scalars(select(AuditEntry).where(AuditEntry.action == "edition composed")).all()
        event = session.scalars(select(Event)).one()
        assert progress.held(session, event, EditionKind.SUMMARY, Composed()) == {}
        brief = document.build(session, event, EditionKind.SUMMARY)["actions"]
        assert (brief["total"], brief["examples"], brief["breakdowns"]) == (6, [], [])
    assert {str(one) for one in held} == set(chosen)
    assert [one.detail for one in entries] == [{"edition": "partner", "language": "en", "revision": 1}]

    send(client, question=[], revision="1", **words)
    with db.reading() as session:
        event = session.scalars(select(Event)).one()
        without = document.build(
            session, event, EditionKind.PARTNER, kept.composed(session, event, EditionKind.PARTNER)
        )
    assert (without["questions"], without["method"]["left_out"]) == ([], 1)


def edition_text(edition_id: UUID) -> str:
    with db.reading() as session:
        return session.get_one(Edition, edition_id).document


def test_nothing_typed_is_lost_to_a_clash_or_a_mistake_and_texts_can_be_taken_from_another_edition(
    client: FlaskClient, actions: dict[str, UUID]
) -> None:
    send(client, summary="By the first", next_steps="Theirs alone")
    clash = send(client, summary="By the second", findings="Kept all the same", section=["summary"])
    assert clash.status_code == 409
    shown = ("manager@example.org has saved this edition", "By the first", "By the second", "Kept all the same")
    assert [one in clash.text for one in shown] == [True] * 4
    assert 'name="revision" value="1"' in clash.text
    assert composed().summary == "By the first"
    assert send(client, summary="By the second", revision="1").status_code == 303
    assert (composed().summary, composed().next_steps) == ("By the second", "")
    assert send(client, summary="By the second", revision="2").status_code == 303
    with db.reading() as session:
        assert session.scalars(select(Composition.revision)).all() == [2], "what is the same is no other revision"

    wrong = send(client, section=[], recommendations="Still here", revision="2")
    assert wrong.status_code == 422
    assert [one in wrong.text for one in ("Choose a section at least", "Still here", "<title>Error:")] == [True] * 3
    long = send(client, f"{REPORTS}/summary/en", summary="Too long. " * 400, section=["summary"])
    assert long.status_code == 422
    assert [one in long.text for one in ("does not fit on the one page", "Too long. " * 399)] == [True, True]

    send(client, f"{REPORTS}/summary/fr", summary="En français", findings="Constats", section=["summary", "findings"])
    filled = send(client, do="copy", findings="Mine", **{"from": "summary fr"})
    assert filled.status_code == 200
    assert [one in filled.text for one in ("En français", "Mine", "Constats")] == [True, True, False]
    assert composed().summary == "By the second"
    for source, said in (("summary ar", "Choose an edition."), ("summary fr", "stays as it is")):
        refused = send(client, do="copy", summary="Mine", findings="Mine", **{"from": source})
        assert (refused.status_code, said in refused.text) == (422, True)


def test_the_reports_of_an_event_are_listed_with_what_is_to_be_done_next(
    client: FlaskClient, actions: dict[str, UUID]
) -> None:
    page = client.get(REPORTS).text
    assert "Partner edition: no word of yours is in it yet." in page
    send(client, summary="A beginning")
    page = client.get(REPORTS).text
    assert "Partner edition: written, and not published yet." in page
    published.publish(client, "partner")
    page = client.get(REPORTS).text
    assert "Partner edition 1" in page
    assert f'href="{REPORTS}"' in client.get("/staff/events/WP1873v").text
    waiting = send(client, do="pdf", revision="1", summary="A beginning, changed")
    assert waiting.location.startswith("/staff/documents/")
    seen = send(client, do="page", revision="2", summary="As the report has it")
    assert seen.location == "/staff/events/WP1873v/results?kind=partner&language=en"

    for missing in ("partner/de", "nonsense/en"):
        assert client.get(f"{REPORTS}/{missing}").status_code == 404
    with db.transaction() as session:
        viewer = builders.make_staff(session, "viewer@example.org", role=StaffRole.VIEWER)
        builders.make_event(session, code="EARLY")
        builders.sign_in(client, viewer)
    assert client.get(PARTNER).status_code == 403
    page = client.get(REPORTS).text
    assert "Partner edition 1" in page
    assert "Write its texts" not in page
    assert "Nobody has been asked about EARLY yet" in client.get("/staff/events/EARLY/reports").text


def test_comments_are_reviewed_one_after_the_other_beside_what_is_printed(app: Flask, client: FlaskClient) -> None:
    with db.transaction() as session:
        builders.sign_in(client, builders.make_staff(session, role=StaffRole.MANAGER))
        event = builders.make_event(session, participants=2)
        texts = ["Aa: ask Participant 1 and her office", "Aa: keep it small", *("More time",) * 7]
        answers: list[Answers] = [{"improve": text} for text in texts]
        report_samples.closed_survey(session, event, definitions.parse(WRITTEN), answers, invited=12)
        found = session.scalars(select(Comment)).all()
        first, second, *_others = sorted(found, key=lambda one: (one.text.casefold(), one.id))
    listed = "/staff/events/WP1873v/comments"
    page = client.get(f"{listed}?question=improve&state=held").text
    assert page.index("her office") < page.index("keep it small")
    assert f"<b>{len(found)}</b>held" in page

    def decide(comment: Comment, state: str, text: str, **more: str) -> TestResponse:
        shown = {"shown_question": "improve", "shown_state": "held", "csrf_token": builders.csrf(client)}
        return client.post(f"{listed}/{comment.id}", data={"state": state, "text": text, **shown, **more})

    looked_at = decide(first, "look", "Aa: ask her office").text
    assert '<del><span class="vh">taken out: </span>Participant 1 and </del>' in looked_at
    assert "names nobody any more" in looked_at
    refused = decide(first, "released", "x" * 4001)
    assert (refused.status_code, "x" * 4001 in refused.text) == (422, True)
    after = decide(first, "released", "Aa: ask her office")
    assert after.location == f"{listed}?question=improve&state=held#c{second.id.hex}"
    again = decide(first, "withheld", "Aa: mine", seen="somebody saw it otherwise")
    assert (again.status_code, "Aa: mine" in again.text) == (409, True)
    with db.reading() as session:
        kept_comment = session.get_one(Comment, first.id)
    assert (kept_comment.state, kept_comment.released_text) == (CommentState.RELEASED, "Aa: ask her office")
    only = client.get(f"{listed}?state=released&text=OFFICE").text
    assert only.count("<article") == 1
    assert client.get(f"{listed}?naming=yes").text.count("<article") == 1
    rows = client.get(f"{listed}?state=released&format=csv").text
    assert rows.splitlines()[1].endswith("released,Aa: ask Participant 1 and her office,Aa: ask her office")
    assert client.get(f"{listed}?format=xlsx").data.startswith(b"PK")
