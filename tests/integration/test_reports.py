"""Reports as data and as commands and pages, from closed surveys, on both databases."""

import json
import re
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy import update

from mande import db
from mande.config import ROOT
from mande.events.kinds import Role
from mande.events.models import Event
from mande.events.operations import attendees
from mande.followup import operations as followup
from mande.followup.models import Status
from mande.followup.models import Visibility
from mande.followup.operations import Intention
from mande.reports import commands
from mande.reports import comments
from mande.reports import operations
from mande.reports.kinds import EditionKind
from mande.reports.rendering import making
from mande.staff.models import AuditEntry
from mande.staff.models import StaffRole
from mande.surveys.models import Comment
from mande.surveys.models import CommentState
from mande.surveys.models import Survey
from mande.surveys.models import SurveyState
from mande.surveys.questionnaires import definition as definitions
from mande.surveys.questionnaires.definition import Definition
from tests import builders
from tests import report_samples

SCHEMA = json.loads((ROOT / "docs" / "report.schema.json").read_text())


@pytest.fixture
def event(app: Flask) -> Event:
    with db.transaction() as session:
        event = builders.make_event(session, participants=25, speakers=7, partners=4)
        report_samples.wp1873v(session, event)
        report_samples.release_all(session)
        return event


def made(edition: str, code: str = "WP1873v") -> operations.Document:
    with db.reading() as session:
        return operations.document_of(session, code, EditionKind(edition))


def found(document: operations.Document, code: str) -> operations.Document:
    return next(question for question in document["questions"] if question["code"] == code)


def small(*questions: dict[str, object], role: str = "participant") -> Definition:
    """A questionnaire with these questions alone, the first of them core."""
    first, *others = questions
    return definitions.parse(
        {
            "code": f"small-{role}",
            "version": 1,
            "role": role,
            "title": "A few questions",
            "minutes": 1,
            "languages": ["en"],
            "strata": ["meeting"],
            "sections": [{"code": "all", "title": "Questions", "questions": [first | {"core": True}, *others]}],
        }
    )


def scale(code: str = "useful", **more: object) -> dict[str, object]:
    labels = ("Very poor", "Poor", "Fair", "Good", "Very good")
    options = [{"code": str(i), "label": label} for i, label in enumerate(labels, 1)]
    return {"code": code, "type": "scale", "text": "How useful was it?", "options": options, **more}


def answered(*counts: int) -> list[dict[str, str | list[str]]]:
    return [{"useful": str(i)} for i, count in enumerate(counts, 1) for _ in range(count)]


@pytest.mark.parametrize("edition", ["internal", "partner", "public"])
def test_every_edition_is_what_the_documentation_says(event: Event, edition: str) -> None:
    document = made(edition)

    jsonschema.validate(document, SCHEMA)
    assert operations.as_json(document) == operations.as_json(made(edition))


def test_response_is_given_by_role_with_its_margin_of_error(event: Event) -> None:
    response = made("partner")["response"]

    assert (response["invited"], response["answered"], response["rate"]) == (36, 27, 0.75)
    assert response["by_role"]["participant"] == {
        "invited": 25,
        "answered": 18,
        "rate": 0.72,
        "margin_of_error": 0.1247,
        "indicative": False,
        "counted": True,
    }
    assert response["by_role"]["partner"]["counted"] is False


def test_a_question_asked_of_several_roles_is_one_entry_of_those_with_enough_answers(event: Event) -> None:
    document = made("internal")
    question = found(document, "usefulness")
    roles = next(breakdown for breakdown in question["breakdowns"] if breakdown["by"] == "role")

    assert [one["code"] for one in document["questions"]].count("usefulness") == 1
    assert question["asked_of"] == ["participant", "speaker", "partner"]
    assert question["counted"] == ["participant", "speaker"]
    assert sum(group["n"] for group in roles["groups"]) == question["n"] == sum(question["counts"].values())


def test_the_internal_edition_gives_full_counts_and_the_partner_edition_merges_them(app: Flask) -> None:
    with db.transaction() as session:
        report_samples.closed_survey(
            session, builders.make_event(session), small(scale()), answered(0, 1, 2, 8, 7), invited=25
        )
    internal, partner = found(made("internal"), "useful"), found(made("partner"), "useful")

    assert internal["counts"] == {"1": 0, "2": 1, "3": 2, "4": 8, "5": 7}
    assert (internal["mean"], internal["favourable"], internal["unfavourable"]) == (4.1667, 0.8333, 0.0556)
    assert internal["sd"] == 0.8575
    assert internal["band"] == "good"
    assert partner["counts"] == {"1-3": 3, "4": 8, "5": 7}
    assert partner["favourable"] == 0.8333
    assert (partner["mean"], partner["sd"], partner["unfavourable"], partner["mean_interval"]) == (None,) * 4
    assert partner["mean_range"] == [3.8889, 4.2222]


def test_a_unanimous_answer_is_nearly_all_outside_the_team(app: Flask) -> None:
    with db.transaction() as session:
        report_samples.closed_survey(
            session, builders.make_event(session), small(scale()), answered(0, 0, 0, 0, 12), invited=12
        )
    partner = found(made("partner"), "useful")

    assert partner["counts"] == {}
    assert partner["nearly_all"]["codes"] == ["5"]
    assert partner["favourable"] is None
    assert found(made("internal"), "useful")["counts"]["5"] == 12


def test_one_blank_or_not_applicable_is_not_told_apart_outside_the_team(app: Flask) -> None:
    responses = [*answered(3, 3, 3, 3, 3), {"useful": "na"}, {}, {}]
    with db.transaction() as session:
        event = builders.make_event(session)
        report_samples.closed_survey(session, event, small(scale(not_applicable=True)), responses, invited=20)

    internal, partner = found(made("internal"), "useful"), found(made("partner"), "useful")

    assert (internal["n"], internal["missing"], internal["not_applicable"]) == (15, 2, 1)
    assert (partner["n"], partner["missing"], partner["not_applicable"]) == (15, None, None)


def test_partner_and_public_editions_give_the_same_figures(event: Event) -> None:
    assert made("partner")["questions"] == made("public")["questions"]


def test_questions_for_the_team_appear_in_the_internal_edition_only(app: Flask) -> None:
    with db.transaction() as session:
        definition = small(scale(), scale("cost", internal=True))
        responses = [{"useful": "4", "cost": "3"} for _ in range(8)]
        report_samples.closed_survey(session, builders.make_event(session), definition, responses, invited=9)

    assert [question["code"] for question in made("internal")["questions"]] == ["useful", "cost"]
    assert [question["code"] for question in made("partner")["questions"]] == ["useful"]


def test_a_rating_gives_the_net_promoter_score(app: Flask) -> None:
    ends = [{"code": "0", "label": "Not at all likely"}, {"code": "10", "label": "Extremely likely"}]
    rating = {"code": "recommend", "type": "rating", "text": "Would you recommend it?", "options": ends}
    responses = [{"recommend": str(v)} for v in [10] * 60 + [9] * 33 + [8] * 20 + [7] * 12 + [5] * 9]
    with db.transaction() as session:
        report_samples.closed_survey(session, builders.make_event(session), small(rating), responses)
    for edition in ("internal", "partner"):
        nps = found(made(edition), "recommend")["nps"]

        assert round(nps["score"]) == 63
        assert (nps["promoters"], nps["passives"], nps["detractors"]) == (93, 32, 9)


def test_answers_gathered_elsewhere_without_a_number_of_invitations_have_no_rate(app: Flask) -> None:
    with db.transaction() as session:
        event = builders.make_event(session)
        report_samples.closed_survey(session, event, small(scale()), answered(3, 3, 3, 3, 3), imported=True)
    response = made("partner")["response"]

    assert (response["invited"], response["rate"], response["margin_of_error"]) == (None, None, None)
    assert response["answered"] == 15


def test_comments_need_eight_writers_and_a_release(app: Flask) -> None:
    question = {"code": "improve", "type": "long_text", "text": "What should we do better?"}
    with db.transaction() as session:
        event = builders.make_event(session)
        other = {"code": "gap", "type": "short_text", "text": "What was missing?"}
        definition = small(scale(), question, other)
        responses = [{"improve": f"Remark {i}", **({"gap": "A thing"} if i < 7 else {})} for i in range(8)]
        report_samples.closed_survey(session, event, definition, responses, invited=8)
    assert made("internal")["comments"] == []

    with db.transaction() as session:
        report_samples.release_all(session)
        one = session.scalars(select(Comment).where(Comment.text == "Remark 3")).one()
        one.released_text = "Remark […]"
        two = session.scalars(select(Comment).where(Comment.text == "Remark 4")).one()
        two.state, two.released_text = CommentState.WITHHELD, None

    assert made(EditionKind.SUMMARY)["comments"] == [], "a summary has no room for them"
    for edition in set(EditionKind) - {EditionKind.SUMMARY}:
        (remarks,) = made(edition)["comments"]
        assert remarks["question"] == "improve"
        assert len(remarks["released"]) == 7
        assert "Remark […]" in remarks["released"]
        assert not {"Remark 3", "Remark 4"} & set(remarks["released"])


def test_countries_of_few_attendees_are_named_to_the_team_only(app: Flask) -> None:
    with db.transaction() as session:
        event = builders.make_event(session)
        for number in range(12):
            builders.attend(
                session, event, builders.make_person(session, country="NO" if number < 6 else f"K{number}"[:2])
            )
        report_samples.closed_survey(session, event, small(scale()), answered(3, 3, 3, 3, 3), invited=20)
    internal, partner = made("internal")["event"]["attendees"], made("partner")["event"]["attendees"]

    assert len(internal["countries_named"]) == internal["countries"] == partner["countries"]
    assert {country["country"] for country in partner["countries_named"]} <= {"NO", "K1"}
    assert all(country["attendees"] >= 5 for country in partner["countries_named"])


def plan(app: Flask, *actions: tuple[int, Visibility, Status]) -> None:
    """Actions by the number of their owner among the attendees."""
    with db.transaction() as session:
        event = session.scalars(select(Event)).one()
        people = attendees(session, event)
        for number, (owner, visibility, status) in enumerate(actions):
            intention = Intention(f"Action {number}", visibility=visibility, consent=True)
            action = followup.add_action(session, builders.link_of(session, people[owner]), intention)
            action.status = status


def test_partners_see_of_actions_what_their_owners_allow(event: Event, app: Flask) -> None:
    unnamed = [(owner, Visibility.PARTNERS_WITHOUT_NAME, Status.DONE) for owner in range(5)]
    plan(app, *unnamed, (6, Visibility.PARTNERS_BY_NAME, Status.SOME_PROGRESS), (7, Visibility.TEAM, Status.DONE))
    partner, internal, public = made("partner")["actions"], made("internal")["actions"], made("public")["actions"]

    assert (internal["total"], partner["total"], public["total"]) == (7, 6, 6)
    assert sum(bool(example["owner"]) for example in partner["examples"]) == 1
    assert "Action 6" not in json.dumps(partner)
    assert public["examples"] == []
    assert all(cell["count"] == 0 or cell["count"] >= 3 for cell in public["statuses"])


def test_actions_without_a_name_need_k_owners(event: Event, app: Flask) -> None:
    unnamed = [(owner, Visibility.PARTNERS_WITHOUT_NAME, Status.DONE) for owner in (0, 1, 2, 3, 3, 3)]
    plan(app, *unnamed, (6, Visibility.PARTNERS_BY_NAME, Status.SOME_PROGRESS))
    partner = made("partner")["actions"]

    assert [example["what"] for example in partner["examples"]] == ["Action 6"]
    assert partner["total"] == 1
    assert made("public")["actions"]["counted"] is False


@pytest.mark.parametrize("edition", ["partner", "public"])
def test_no_circulated_number_of_a_question_is_one_or_two(event: Event, edition: str) -> None:
    for question in made(edition)["questions"]:
        parts = [question, *(g for breakdown in question["breakdowns"] for g in breakdown["groups"])]
        for part in parts:
            assert not set(part.get("counts", {}).values()) & {1, 2}, question["code"]
            assert part["n"] is None or part["n"] >= 5


def test_a_report_before_closing_says_what_to_wait_for(app: Flask) -> None:
    with db.transaction() as session:
        event = builders.make_event(session)
    with pytest.raises(operations.NothingToReportError, match="open its surveys first"):
        made("internal")
    with db.transaction() as session:
        report_samples.closed_survey(
            session, event, small(scale()), [], state=SurveyState.OPEN, public_key=b"p" * 32, answered=None
        )
    with pytest.raises(operations.NothingToReportError, match="stay sealed"):
        made("internal")


def test_while_a_survey_is_open_only_the_team_gets_a_report(app: Flask) -> None:
    with db.transaction() as session:
        event = builders.make_event(session)
        report_samples.closed_survey(session, event, small(scale()), answered(3, 3, 3, 3, 3), invited=20)
        report_samples.closed_survey(
            session,
            event,
            small(scale(), role="speaker"),
            [],
            state=SurveyState.OPEN,
            public_key=b"p" * 32,
            answered=None,
        )

    assert found(made("internal"), "useful")["n"] == 15
    for edition in ("partner", "public"):
        with pytest.raises(operations.NothingToReportError, match="speakers is still open"):
            made(edition)


def test_reading_the_figures_takes_no_more_statements_for_more_answers(event: Event, app: Flask) -> None:
    from sqlalchemy import event as events

    statements: list[str] = []
    engine = db.database().engine
    listener = lambda *arguments: statements.append(arguments[2])  # noqa: E731
    events.listen(engine, "before_cursor_execute", listener)
    made("partner")
    events.remove(engine, "before_cursor_execute", listener)

    assert len(statements) < 48
    assert not any(re.search(r"FROM answer\b", statement) for statement in statements)


# The command and the pages.


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Keeps the pages that would be rendered; the PDF itself has tests of its own."""
    pages: list[str] = []

    def render(html: str, *_others: object, **_named: object) -> bytes:
        pages.append(html)
        return b"%PDF-1.7 rendered"

    monkeypatch.setattr("mande.pdf.render", render)
    return pages


def run(app: Flask, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> tuple[int, str]:
    monkeypatch.setattr(commands, "create_app", lambda: app)
    done = CliRunner().invoke(commands.report, list(arguments))
    return done.exit_code, done.output


def test_the_command_writes_both_files(
    event: Event, app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, rendered: list[str]
) -> None:
    pdf, data = tmp_path / "new" / "r.pdf", tmp_path / "r.json"
    code, said = run(app, monkeypatch, "wp1873v", "--edition", "partner", "--pdf", str(pdf), "--json", str(data))

    assert code == 0, said
    assert pdf.read_bytes().startswith(b"%PDF")
    assert json.loads(data.read_text()) == made("partner")
    assert "r.pdf" in said


def test_the_command_says_what_is_wrong(
    event: Event, app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    target = str(tmp_path / "r.json")

    assert "--pdf FILE" in run(app, monkeypatch, "WP1873v")[1]
    assert "There are: WP1873v" in run(app, monkeypatch, "WP1", "--json", target)[1]
    code, said = run(app, monkeypatch, "WP1873v", "--json", "/proc/none/r.json")
    assert code == 1
    assert "could not be written" in said


def signed_in(client: FlaskClient, role: StaffRole = StaffRole.MANAGER) -> str:
    with db.transaction() as session:
        member = builders.make_staff(session, email=f"{role.value}@example.org", role=role)
    builders.sign_in(client, member)
    return builders.csrf(client)


def test_staff_choose_an_edition_and_download_it(event: Event, client: FlaskClient, rendered: list[str]) -> None:
    token = signed_in(client, StaffRole.VIEWER)
    page = client.get("/staff/events/WP1873v/report")
    data = {"csrf_token": token, "edition": "public", "format": "pdf"}
    asked = client.post("/staff/events/WP1873v/report", data=data).location
    making.run()
    pdf = client.get(f"{asked}/file")
    data = client.post(
        "/staff/events/WP1873v/report", data={"csrf_token": token, "edition": "internal", "format": "json"}
    )

    assert "Partner edition" in page.text
    assert pdf.mimetype == "application/pdf"
    assert "WP1873v-public-" in pdf.headers["Content-Disposition"]
    assert data.json == made("internal")
    with db.reading() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.action == "report made")).all()
    assert {entry.detail["edition"] for entry in entries} == {"public", "internal"}


def test_an_unknown_edition_is_refused(event: Event, client: FlaskClient) -> None:
    token = signed_in(client)

    answer = client.post("/staff/events/WP1873v/report", data={"csrf_token": token, "edition": "x", "format": "pdf"})

    assert answer.status_code == 400


def test_the_report_pages_need_a_sign_in(event: Event, client: FlaskClient) -> None:
    for path in ("report", "comments"):
        assert client.get(f"/staff/events/WP1873v/{path}").status_code == 302


def test_the_event_page_leads_to_the_report_and_the_comments(event: Event, client: FlaskClient) -> None:
    signed_in(client)
    page = client.get("/staff/events/WP1873v").text

    assert "/staff/events/WP1873v/report" in page
    assert "/staff/events/WP1873v/comments" in page


def test_viewers_do_not_read_comments(event: Event, client: FlaskClient) -> None:
    signed_in(client, StaffRole.VIEWER)

    assert client.get("/staff/events/WP1873v/comments").status_code == 403


def test_a_manager_edits_and_releases_a_comment(event: Event, client: FlaskClient) -> None:
    token = signed_in(client)
    with db.transaction() as session:
        comment = session.scalars(select(Comment).where(Comment.question == "improve")).first()
        assert comment
        comment.state, comment.released_text = CommentState.HELD, None
    page = client.get("/staff/events/WP1873v/comments?question=improve&state=held")
    assert page.text.count("<article") == 1

    path = f"/staff/events/WP1873v/comments/{comment.id}"
    sent = {"csrf_token": token, "state": "released", "text": "Cut\r\nshort ", "shown_question": "improve"}
    assert "/comments?question=improve#c" in client.post(path, data=sent).headers["Location"]
    with db.reading() as session:
        now = session.get(Comment, comment.id)
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "comment released")).one()
    assert now
    assert (now.state, now.released_text) == (CommentState.RELEASED, "Cut\nshort")
    assert entry.detail["edited"] is True
    assert comment.text not in json.dumps(entry.detail)

    client.post(path, data={"csrf_token": token, "state": "withheld"})
    with db.reading() as session:
        again = session.get(Comment, comment.id)
    assert again
    assert (again.state, again.released_text) == (CommentState.WITHHELD, None)


def test_an_empty_text_is_not_released(event: Event, client: FlaskClient) -> None:
    token = signed_in(client)
    with db.transaction() as session:
        comment = session.scalars(select(Comment).where(Comment.question == "improve")).first()
        assert comment
        comment.state, comment.released_text = CommentState.HELD, None

    answer = client.post(
        f"/staff/events/WP1873v/comments/{comment.id}",
        data={"csrf_token": token, "state": "released", "text": " \r\n "},
        follow_redirects=True,
    )

    assert "no text left to release" in answer.text
    with db.reading() as session:
        now = session.get(Comment, comment.id)
    assert now
    assert now.state is CommentState.HELD


def test_comments_of_fewer_than_eight_are_shown_to_nobody(event: Event, client: FlaskClient) -> None:
    token = signed_in(client)
    with db.transaction() as session:
        survey = session.scalars(select(Survey).where(Survey.role == Role.PARTICIPANT)).one()
        lone = Comment(survey_id=survey.id, question="security_detail", text="I alone know this")
        for comment in session.scalars(select(Comment).where(Comment.question == "security_detail")):
            session.delete(comment)
        session.add(lone)
    page = client.get("/staff/events/WP1873v/comments").text
    answer = client.post(
        f"/staff/events/WP1873v/comments/{lone.id}", data={"csrf_token": token, "state": "released", "text": "x"}
    )

    assert "I alone know this" not in page
    assert "fewer than 8 people" in page
    assert answer.status_code == 404


def test_the_event_page_counts_the_comments_that_wait_and_may_be_read(event: Event, client: FlaskClient) -> None:
    signed_in(client)

    def said() -> list[str]:
        page = client.get("/staff/events/WP1873v").text
        return re.findall(r"(\d+) comments? waits? for review", page)

    with db.transaction() as session:
        session.execute(update(Comment).values(state=CommentState.HELD, released_text=None))
        asked = comments.questions(session, event)
        readable = sum(one.total for one in asked if one.readable)
        assert 0 < readable < sum(one.total for one in asked)
    assert said() == [str(readable)]
    with db.transaction() as session:
        first = comments.to_review(session, event)[0]
        comments.decide(session, event, first.id, CommentState.WITHHELD)
    assert said() == [str(readable - 1)]
    with db.transaction() as session:
        for one in comments.to_review(session, event):
            comments.decide(session, event, one.id, CommentState.WITHHELD)
    assert said() == []


def test_what_people_wrote_is_escaped_in_the_report(event: Event, rendered: list[str]) -> None:
    with db.transaction() as session:
        comment = session.scalars(select(Comment).where(Comment.question == "improve")).first()
        assert comment
        comment.state = CommentState.RELEASED
        comment.released_text = "<img src=https://example.org/x> & more"

    html = operations.as_html(made("partner"))

    assert "<img src=https" not in html
    assert "&lt;img src=https://example.org/x&gt; &amp; more" in html
