"""What holds for every page for staff: looking at it changes nothing, whoever looks and whatever there is to see."""

import io
from collections.abc import Iterator
from datetime import UTC
from datetime import datetime
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.routing import Rule

from mande import clock
from mande import db
from mande.events.models import OwnSector
from mande.followup import operations as followup
from mande.followup.desk import notes
from mande.followup.desk import team_actions
from mande.followup.harvest import outcomes
from mande.followup.keeping import files as evidence
from mande.followup.models import Status
from mande.followup.operations import Intention
from mande.followup.operations import Report
from mande.reports.editions import publishing
from mande.reports.kinds import EditionKind
from mande.reports.kinds import RenderingState
from mande.reports.looks import keeping as looks
from mande.reports.models import Score
from mande.reports.portfolio import scores
from mande.reports.rendering import queue
from mande.staff.models import StaffRole
from mande.surveys.authoring.editor import drafts
from mande.surveys.models import Comment
from mande.surveys.models import Invitation
from mande.surveys.models import Survey
from mande.surveys.questionnaires import definition
from mande.web import settings
from tests import builders
from tests import report_samples
from tests.integration import respondents

LIST = b"e-mail,name,meetings,hat\nada@example.org,Ada,both,red\nnobody,Bob,1,\n"
CODES = ("OPEN", "CLOSED")


@pytest.fixture(autouse=True)
def a_day_after() -> Iterator[None]:
    clock.move_to(datetime(2021, 6, 10, 9, tzinfo=UTC))
    yield
    clock.move_to(None)


@pytest.fixture
def ids(app: Flask, client: FlaskClient) -> dict[str, dict[str, str | UUID]]:
    """What there is to look at: an open event and a closed one, each with an action, a comment and an upload; a
    questionnaire with a draft; a form in a spreadsheet."""
    found: dict[str, dict[str, str | UUID]] = {}
    with db.transaction() as session:
        builders.sign_in(client, builders.make_staff(session, role=StaffRole.ADMINISTRATOR))
        for code in CODES:
            event = builders.make_event(session, code=code, participants=5, speakers=2)
            attendance = builders.attend(session, event)
            action = followup.add_action(
                session, builders.link_of(session, attendance), Intention("Train colleagues", consent=True)
            )
            link = builders.link_of(session, attendance)
            followup.report_progress(session, link, [Report(action.id, Status.SOME_PROGRESS, "We began")])
            if code == "OPEN":
                builders.open_survey(session, event)
            else:
                report_samples.wp1873v(session, event)
            found[code] = {"code": code, "action_id": action.id, "attendance_id": attendance.id}
            found[code] |= {"file_id": evidence.add(session, action, upload(), link_id=link.id).id}
            found[code] |= {"note_id": notes.add(session, action, "A note", "manager@example.org").id}
            own = team_actions.add(session, event, team_actions.Planned("Meet again"), "manager@example.org")
            found[f"the team at {code}"] = {"code": code, "action_id": own.id}
            found[code] |= {"person_id": attendance.person_id, "other_id": builders.make_person(session).id}
            found[code] |= {"partner_id": event.partners[0].id}
        session.add(OwnSector(code="faith", name="Faith groups"))
        told = outcomes.Told("The academy teaches mediation", "The academy")
        written = outcomes.add(session, event, told, [], "manager@example.org")
        found["outcome"] = {"outcome_id": written.id}
        prepared = publishing.prepare(session, event, EditionKind.INTERNAL, "")
        edition = publishing.store(session, event, prepared, b"%PDF-")
        waiting = queue.ask(session, "report", {"kind": "internal", "language": "en", "paper": ""}, event)
        found["document"] = {"rendering_id": waiting.id}
        made = queue.ask(session, "report", {"kind": "public", "language": "en", "paper": ""}, event)
        made.state, made.file, made.file_name, made.media_type = (
            RenderingState.DONE,
            b"%PDF-",
            "r.pdf",
            "application/pdf",
        )
        found["made"] = {"rendering_id": made.id}
        found["composition"] = {"code": event.code, "kind": "partner", "language": "en"}
        scores.score(session, event.id)
        comparable = session.scalars(select(Score.comparable).where(Score.comparable != "")).first()
        assert comparable is not None
        found["question"] = {"comparable": comparable}
        found["logo"] = {"digest": looks.keep(session, b"\x89PNG", looks.LOGO, "logo.png")}
        found["edition"] = {"code": event.code, "edition_id": edition.id, "form": "json"}
        found["chart"] = {"code": event.code, "key": "response", "image": "svg"}
        found["figures"] = {"code": event.code, "table": "csv"}
        comment = session.scalars(select(Comment)).first()
        assert comment is not None
    for code in CODES:
        data = {"file": (io.BytesIO(LIST), "list.csv"), "csrf_token": builders.csrf(client)}
        sent = client.post(f"/staff/events/{code}/attendees/import", data=data)
        client.post(sent.location, data={"csrf_token": builders.csrf(client)})
        found[code] |= {"comment_id": comment.id, "upload": sent.location.split("/")[-2]}
    with db.transaction() as session:
        invitation = session.scalars(select(Invitation.id).join(Survey).where(Survey.state == "open")).first()
        assert invitation is not None
        found["OPEN"] |= {"role": "participant", "wave": "event", "invitation": invitation}
        drafts.begin(session, definition.find("participants").to_dict())
    address = f"/staff/events/OPEN/surveys/participant/event/people/{invitation}"
    client.post(address, data={"csrf_token": builders.csrf(client)})
    found["questionnaire"] = {"code": "participants", "section": "discussion", "question": "usefulness"}
    form = client.get("/staff/questionnaires/participants/questionnaire.xlsx").data
    data = {"file": (io.BytesIO(form), "form.xlsx"), "role": "participant", "csrf_token": builders.csrf(client)}
    sent = client.post("/staff/questionnaires/new/xlsform", data=data)
    found["sector"] = {"sector": "faith"}
    found["calendar"] = {"year": "2021"}
    found["words"] = {"code": "OPEN", "wording": "reminder", "language": "fr"}
    found["form"] = {"role": "participant", "upload": sent.location.rpartition("/")[2]}
    return found


def upload() -> FileStorage:
    return FileStorage(io.BytesIO(b"It happened"), filename="shows.txt")


def rules(app: Flask) -> list[Rule]:
    """Every rule under /staff, those too that only take a POST: a scanner follows any address."""
    return [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/staff")]


def addresses(app: Flask, ids: dict[str, dict[str, str | UUID]]) -> list[str]:
    adapter = app.url_map.bind("localhost")
    built = [
        adapter.build(rule.endpoint, {name: values[name] for name in rule.arguments}, method=method)
        for rule in rules(app)
        for values in ids.values()
        if rule.arguments <= values.keys()
        for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"})
    ]
    queries = ("", "?format=csv&sort=-name&text=a&state=held&question=improve&edition=partner&lang=fr")
    # A PDF takes seconds to make, and has no query to heed.
    return [
        address + query for address in dict.fromkeys(built) for query in queries if not (query and ".pdf" in address)
    ]


def files() -> dict[str, bytes]:
    """Every file that the application keeps beside its database."""
    return {str(path): path.read_bytes() for path in settings().var.rglob("*") if path.is_file()}


def test_no_get_under_staff_changes_a_row_or_a_file(
    app: Flask, client: FlaskClient, ids: dict[str, dict[str, str | UUID]]
) -> None:
    before, kept = respondents.dump(), files()
    shown: set[str] = set()
    for address in addresses(app, ids):
        if client.get(address).status_code == 200:
            shown.add(address.partition("?")[0])

    assert respondents.dump() == before
    assert files() == kept
    looked_at = {rule.endpoint for rule in rules(app) if "GET" in (rule.methods or ())} - {"staff.sign_in"}
    adapter = app.url_map.bind("localhost")
    # Every page was seen: a rule with a new kind of id brings one that exists to `ids`.
    assert looked_at == {adapter.match(address)[0] for address in shown}
    for table in (
        "event",
        "invitation",
        "comment",
        "planned_action",
        "action_update",
        "audit_entry",
        "survey_key",
        "questionnaire_draft",
    ):
        assert before[table], table
    assert len(kept) == 5 + len(CODES)


def test_looking_as_a_stranger_changes_nothing_either(app: Flask, ids: dict[str, dict[str, str | UUID]]) -> None:
    before, kept = respondents.dump(), files()
    stranger = app.test_client()
    for address in addresses(app, ids):
        assert stranger.get(address).status_code in (200, 302, 404, 405), address

    assert (respondents.dump(), files()) == (before, kept)
