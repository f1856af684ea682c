"""What many events come to, on screen, in files, in a report on one of them and in a year's report."""

import io
import re
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy import true
from sqlalchemy.orm import Session

from mande import clock
from mande import db
from mande.events.models import Event
from mande.reports import document
from mande.reports import looks
from mande.reports.kinds import EditionKind
from mande.reports.kinds import Level
from mande.reports.kinds import Measure
from mande.reports.models import Rendering
from mande.reports.models import Score
from mande.reports.models import Target
from mande.reports.portfolio import overview
from mande.reports.portfolio import questions
from mande.reports.portfolio import reading
from mande.reports.portfolio import scores
from mande.reports.portfolio.annual import document as annual
from mande.reports.portfolio.annual import making
from mande.reports.portfolio.annual import printing
from mande.reports.portfolio.annual import tables
from mande.reports.portfolio.annual.document import NothingToReportError
from mande.reports.portfolio.annual.wanted import Wanted
from mande.reports.portfolio.chosen import Chosen
from mande.reports.portfolio.periods import Step
from mande.reports.portfolio.periods import period
from mande.staff.models import AuditEntry
from mande.staff.models import StaffMember
from mande.surveys.models import Survey
from mande.surveys.models import SurveyState
from mande.surveys.questionnaires import definition as definitions
from mande.surveys.questionnaires.answers import Answers
from tests import builders
from tests import report_samples
from tests.integration import published

AGREE = ["1", "2", "3", "4", "5"]
ASKED = {
    "version": 1, "title": "Questions", "minutes": 1, "languages": ["en"], "strata": [],
    "sections": [{"code": "all", "title": "All in all", "questions": [
        {"code": "useful", "type": "scale", "text": "Was it useful?", "core": True,
         "options": [{"code": code, "label": f"Agree {code}"} for code in AGREE]},
        {"code": "recommend", "type": "rating", "text": "Would you recommend it?",
         "options": [{"code": "0", "label": "No"}, {"code": "10", "label": "Yes"}]},
        {"code": "again", "type": "yes_no", "text": "Would you come again?"},
        {"code": "ours", "type": "yes_no", "text": "For the team?", "internal": True},
        {"code": "why", "type": "yes_no", "text": "Because of the talks?",
         "ask_if": {"question": "again", "is": "yes"}},
    ]}],
}  # fmt: skip


def hold(
    session: Session, number: int, year: int, programme: str = "Peace", speakers: int = 0, **changes: Any
) -> Event:
    """An event of which twelve participants of fifteen, and so many speakers, have answered."""
    event = builders.make_event(session, f"WP{number}", participants=6, speakers=3, programme=programme)
    for meeting in event.meetings:
        meeting.starts_at = datetime(year, 1 + number, meeting.position, 12, tzinfo=UTC)
        meeting.ends_at = meeting.starts_at + timedelta(hours=2)
    for role, many in (("participant", 12), ("speaker", speakers)):
        if many:
            definition = definitions.parse({**ASKED, "code": f"{role}s", "role": role})
            answers: list[Answers] = [_answers(number % 2, one) for one in range(many)]
            report_samples.closed_survey(session, event, definition, answers, invited=many + 3)
    return event


def _answers(number: int, one: int) -> Answers:
    again = "yes" if one % 3 else "no"
    said: Answers = {"useful": AGREE[-1 - (one + number) % 3], "recommend": str(10 - one % 6), "again": again}
    return said | {"ours": again} | ({"why": again} if again == "yes" else {})


@pytest.fixture
def member(app: Flask) -> StaffMember:
    """Four events of two programmes in 2021, one of them discreet and one followed up, and one of the year before."""
    clock.move_to(datetime(2022, 6, 1, 10, tzinfo=UTC))
    with db.transaction() as session:
        programmes = ("Peace", "Peace", "Peace", "Water")
        events = [hold(session, number, 2021, its, 7 * (number == 1)) for number, its in enumerate(programmes, 1)]
        hold(session, 5, 2020)
        events[1].discreet = True
        report_samples.followed_up(session, events[0])
        member = builders.make_staff(session)
        session.add(Target(measure=Measure.RESPONSE, value=0.9, set_at=clock.now(), set_by="sam@example.org"))
        session.add(
            Target(measure=Measure.MEAN, question="useful", programme="Peace", value=3.9, set_at=clock.now(),
                   set_by="sam@example.org")
        )  # fmt: skip
    assert scores.run() == 5
    return member


def test_events_are_scored_added_up_and_set_beside_each_other(member: StaffMember, client: FlaskClient) -> None:
    _scored_once_and_anew_when_another_survey_closes()
    _added_up_by_year_and_programme()
    _set_beside_the_others_from_what_public_editions_tell()
    _shown_on_pages_and_in_files(member, client)


def _scored_once_and_anew_when_another_survey_closes() -> None:
    with db.reading() as session:
        rows = session.execute(
            select(Score.question, Survey.role, Score.n, Score.public_n)
            .join(Survey, Survey.id == Score.survey_id).join(Event).where(Event.code == "WP1")
        ).all()  # fmt: skip
    told = {(row.question, row.role.value): (row.n, row.public_n) for row in rows}
    assert scores.run() == 0
    assert told["useful", "participant"] == (12, 19)
    assert told["useful", "speaker"] == (7, None)
    assert told["ours", "participant"] == (12, None)

    with db.transaction() as session:
        event = session.scalars(select(Event).where(Event.code == "WP2")).one()
        definition = definitions.parse({**ASKED, "code": "speakers", "role": "speaker"})
        report_samples.closed_survey(session, event, definition, [_answers(0, one) for one in range(6)], invited=6)

    assert scores.run() == 1
    with db.reading() as session:
        public = select(func.sum(Score.public_n)).join(Survey).join(Event)
        assert session.scalar(public.where(Event.code == "WP2", Score.question == "useful")) == 18


def _added_up_by_year_and_programme() -> None:
    with db.reading() as session:
        found = overview.overview(session, Chosen(step=Step.YEAR, programme="Peace"))
    assert [span.label for span in found.by_period] == ["2020", "2021"]
    assert (found.whole.events, found.whole.responses, found.whole.asked) == (4, 61, 76)
    assert (found.whole.actions, found.whole.done, found.whole.unheard, found.whole.outcomes) == (9, 2, 0, 1)
    assert (sum(one.written for one in found.months), sum(one.done for one in found.months)) == (9, 2)
    useful = next(line for line in found.lines if line.asked.code == "useful")
    assert (useful.pool.n_events, useful.pool.n) == (4, 61)
    assert useful.pool.mean == pytest.approx(4.0, abs=0.05)
    assert useful.gap == pytest.approx(useful.pool.mean - 3.9)


def _shown_on_pages_and_in_files(member: StaffMember, client: FlaskClient) -> None:
    builders.sign_in(client, member)
    page = client.get("/staff/portfolio?since=2021&sort=-mean").text
    assert "<b>4</b>events that are over" in page
    address = re.search(r"/staff/portfolio/questions/[0-9a-f]{64}", page)
    assert address is not None
    one = client.get(address.group())
    assert [f"WP{number}" in one.text for number in (1, 2, 4)] == [True] * 3
    assert client.get("/staff/portfolio/questions/none").status_code == 404
    assert "No event is like that" in client.get("/staff/portfolio?since=2050").text

    sent = {"csrf_token": builders.csrf(client), "programme": "Peace"}
    text = client.post("/staff/portfolio/export", data={**sent, "format": "csv"}).text
    assert "period,2021,response,,0.8033,0.8033,0.8033,49,61,3,0.9" in text
    book = client.post("/staff/portfolio/export", data={**sent, "format": "xlsx"}).data
    rows = openpyxl.load_workbook(io.BytesIO(book))["Events"].iter_rows(min_row=2, values_only=True)
    assert [row[0] for row in rows] == ["WP3", "WP1", "WP5"]  # WP2 is discreet


def _set_beside_the_others_from_what_public_editions_tell() -> None:
    with db.reading() as session:
        events = {one.code: one for one in session.scalars(select(Event))}
        made = {code: document.whole(session, one, EditionKind.PUBLIC) for code, one in events.items()}
        internal = document.whole(session, events["WP1"], EditionKind.INTERNAL)["comparison"]
    public = made["WP1"]["comparison"]

    assert [one["code"] for one in public] == ["useful", "recommend", "again"]
    assert {one["code"] for one in internal} == {"useful", "recommend", "again", "ours", "why"}
    others = [_told(made[code], "useful") for code in made if code != "WP1"]
    for low_or_high in (0, 1):
        # The pool is nothing but the sum of what the other editions print.
        printed = sum(one["n"] * one["mean_range"][low_or_high] for one in others) / sum(one["n"] for one in others)
        assert public[0]["portfolio"]["mean_range"][low_or_high] == pytest.approx(printed, abs=1e-3)
    assert public[0]["portfolio"]["n_events"] == 4
    assert internal[0]["target"] == {"measure": "mean", "value": 3.9, "programme": "Peace", "met": True}
    assert internal[0]["difference"] == pytest.approx(
        _told(made["WP1"], "useful")["mean"] - internal[0]["portfolio"]["mean"], abs=0.01
    )
    assert internal[1]["portfolio"]["nps"] is not None


def _told(said: dict[str, Any], code: str) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in said["questions"] if one["code"] == code)
    return found


def test_a_year_is_reported_and_measured_against_targets(member: StaffMember, client: FlaskClient) -> None:
    _reported_to_the_team_and_to_everybody()
    _waits_until_all_surveys_of_an_event_are_closed()
    _set_changed_and_taken_away(member, client)


def _reported_to_the_team_and_to_everybody() -> None:
    with db.transaction() as session:
        for code, done in (("WP1", 2), ("WP3", 3), ("WP4", 4)):
            event = session.scalars(select(Event).where(Event.code == code)).one()
            statuses = [{"codes": ["done"], "count": done}, {"codes": ["not_started", "unknown"], "count": 6}]
            actions = {"counted": True, "total": done + 6, "statuses": statuses}
            published.put(session, event, EditionKind.PUBLIC, document={"event": {"code": code}, "actions": actions})
    with db.reading() as session:
        team = annual.build(session, Wanted(2021))
        everybody = annual.build(session, Wanted(2021, Level.PUBLIC))
        with pytest.raises(NothingToReportError):
            annual.build(session, Wanted(2020, Level.PUBLIC))
        with pytest.raises(NothingToReportError):
            annual.build(session, Wanted(2019))

    shares = {one["code"]: one for one in team["measures"]}
    assert (shares["response"]["before"], shares["response"]["met"]) == ([0.8, 0.8], False)
    assert [one["code"] for one in team["events"]] == ["WP1", "WP3", "WP4"]
    assert (team["unlisted"], team["totals"]["actions"], len(team["outcomes"])) == (1, 9, 1)
    assert {one["name"]: one["events"] for one in team["programmes"]} == {"Peace": 3, "Water": 1}

    told = {one["code"]: one for one in everybody["measures"]}
    assert told["actions_done"]["share"] == [0.3333, 0.3333]
    assert told["response"]["share"] == shares["response"]["share"]
    assert "ours" not in {one["code"] for one in everybody["questions"]}
    assert everybody["programmes"] == []  # of one of the two there are too few events
    assert [one["code"] for one in everybody["events"]] == ["WP1", "WP3", "WP4"]
    assert (everybody["months"], everybody["outcomes"], everybody["totals"]["actions"]) == ([], [], None)
    for question in everybody["questions"]:
        exact = next(one for one in team["questions"] if one["code"] == question["code"])
        assert question["mean_range"][0] <= exact["mean_range"][0] <= question["mean_range"][1]

    sheets = tables.sheets(team)
    assert {"Measures", "Questions", "Trends", "Months", "Outcomes"} <= sheets.keys()
    assert all(len({len(row) for row in rows}) == 1 for rows in sheets.values())
    assert "Outcomes" not in tables.sheets(everybody)


def _waits_until_all_surveys_of_an_event_are_closed() -> None:
    with db.transaction() as session:
        event = session.scalars(select(Event).where(Event.code == "WP3")).one()
        definition = definitions.parse({**ASKED, "code": "speakers", "role": "speaker"})
        still_open = report_samples.closed_survey(session, event, definition, [], invited=3)
        still_open.state, still_open.public_key = SurveyState.OPEN, b"k" * 32
        session.flush()
        told = {one.event for one in reading.scores(session, true()) if one.seen}
        lines = questions.lines_for_all(session, true(), {event.id: period(clock.today("UTC"), Step.YEAR)}, {}, "en")

        assert event.id not in told
        assert len(told) == 4
        assert lines == []


def _set_changed_and_taken_away(member: StaffMember, client: FlaskClient) -> None:
    builders.sign_in(client, member)
    token = {"csrf_token": builders.csrf(client)}

    wrong = client.post("/staff/portfolio/targets", data={**token, "measure": "women", "amount": "half"})
    assert wrong.status_code == 422
    assert 'value="half"' in wrong.text
    again = client.post("/staff/portfolio/targets", data={**token, "measure": "response", "amount": "80"})
    assert "There is a target for this already." in again.text
    client.post("/staff/portfolio/targets", data={**token, "measure": "women", "amount": "50"})
    with db.reading() as session:
        kept = {one.measure: one for one in session.scalars(select(Target))}
    assert (kept[Measure.WOMEN].value, kept[Measure.WOMEN].set_by) == (0.5, member.email)

    client.post(f"/staff/portfolio/targets/{kept[Measure.WOMEN].id}", data={**token, "amount": "45"})
    client.post(f"/staff/portfolio/targets/{kept[Measure.MEAN].id}", data={**token, "remove": "1"})
    refused = client.post(f"/staff/portfolio/targets/{kept[Measure.WOMEN].id}", data={**token, "amount": "-1"})
    assert refused.status_code == 422
    with db.reading() as session:
        left = {one.measure: one.value for one in session.scalars(select(Target))}
        done = session.scalars(select(AuditEntry.action).where(AuditEntry.subject == "targets")).all()
    assert left == {Measure.RESPONSE: 0.9, Measure.WOMEN: 0.45}
    assert sorted(done) == ["target changed", "target removed", "target set"]

    assert "2021 (4 events)" in client.get("/staff/portfolio/annual").text
    asked = client.post("/staff/portfolio/annual", data={**token, "year": "2021", "level": "public"})
    assert asked.status_code == 302
    with db.reading() as session:
        rendering = session.scalars(select(Rendering)).one()
    assert Wanted.read(rendering.wanted) == Wanted(2021, Level.PUBLIC)
    rendering.wanted = Wanted(2021, language="ar", form="xlsx").told()
    assert "Outcomes" in openpyxl.load_workbook(io.BytesIO(making.make(rendering, print).data)).sheetnames
    with db.reading() as session:
        said = annual.build(session, Wanted(2021, Level.PUBLIC, language="ar"))
        page = printing.as_html(said | {"look": looks.of(session, said["convenor"])})
    assert 'dir="rtl"' in page
    assert page.count("Was it useful?") == 1
