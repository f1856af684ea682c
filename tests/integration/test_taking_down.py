"""Answers taken down by the team, by telephone and from paper: what is kept, who may, and what nobody gets to see."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete
from sqlalchemy import select
from werkzeug.test import TestResponse

from mande import db
from mande import tokens
from mande.events.models import Event
from mande.mail.models import Message
from mande.mail.models import MessageState
from mande.staff.models import AuditEntry
from mande.staff.models import StaffRole
from mande.surveys import operations
from mande.surveys.answering import ballot
from mande.surveys.answering.ballot import BoxError
from mande.surveys.models import BallotBox
from mande.surveys.models import Channel
from mande.surveys.models import Invitation
from mande.surveys.models import Survey
from mande.surveys.results.closing import ClosingError
from tests import builders
from tests.integration.respondents import SAMPLE
from tests.integration.respondents import Respondent

DESK = "/staff/events/WP1873v/surveys/participant/event"
ANSWERS = {
    "q-useful": "4",
    "q-access.time": "5",
    "q-again": "other",
    "q-again.other": "Only in spring",
    "q-errors": "A\r\nB",
}
KEPT = {"useful": "4", "access.time": "5", "again": "other", "again.other": "Only in spring", "errors": "A\nB"}


@pytest.fixture
def links(app: Flask, client: FlaskClient) -> list[str]:
    """The links of six participants; a manager is signed in."""
    with db.transaction() as session:
        event = builders.make_event(session, participants=6, k=3)
        found = builders.open_survey(session, event, SAMPLE)
        builders.sign_in(client, builders.make_staff(session))
    return found


def invitation(link: str) -> Invitation:
    with db.reading() as session:
        return session.scalars(select(Invitation).where(Invitation.token_digest == tokens.digest(link))).one()


def post(client: FlaskClient, address: str, **fields: str) -> TestResponse:
    return client.post(address, data={"csrf_token": builders.csrf(client), **fields})


def open_form(client: FlaskClient, link: str, channel: str = "telephone") -> TestResponse:
    return post(client, f"{DESK}/people/{invitation(link).id}", channel=channel)


def take_down(client: FlaskClient, link: str, **fields: str) -> TestResponse:
    return post(client, f"{DESK}/people/{invitation(link).id}/answers", **fields)


def boxes() -> list[BallotBox]:
    with db.reading() as session:
        return list(session.scalars(select(BallotBox)))


def survey() -> Survey:
    with db.reading() as session:
        return session.scalars(select(Survey)).one()


def opened(link: str) -> ballot.Response:
    with db.reading() as session:
        return ballot.open_with_link(session.get_one(BallotBox, tokens.locator(link)), link)


def close() -> Survey:
    with db.transaction() as session:
        operations.close_surveys(session, session.scalars(select(Event)).one())
    return survey()


def test_what_is_said_by_telephone_is_the_persons_own_answer(links: list[str], client: FlaskClient) -> None:
    listed = client.get(f"{DESK}/people?text=person")
    form = client.get(open_form(client, links[0]).location)
    done = take_down(client, links[0], **ANSWERS)

    assert listed.status_code == 200
    assert "Would you come again?" in form.text
    assert done.location == f"{DESK}/people"
    assert opened(links[0]).answers == KEPT
    assert opened(links[0]).submitted
    assert (invitation(links[0]).answered, invitation(links[0]).channel) == (True, Channel.TELEPHONE)
    person = Respondent(client, links[0])
    assert "Only in spring" in person.get("/check").source
    with db.reading() as session:
        waiting = select(Message).where(Message.about == invitation(links[0]).id, Message.state == MessageState.QUEUED)
        assert session.scalars(waiting).all() == []


def test_staff_never_see_a_link_nor_what_somebody_began_alone(links: list[str], client: FlaskClient) -> None:
    person = Respondent(client, links[0])
    person.start()
    person.post("/section/1", {"q-again": "other", "q-again.other": "Nobody shall read this"})

    pages = [client.get(f"{DESK}/people"), open_form(client, links[0]), client.get(f"{DESK}/people")]
    pages += [open_form(client, links[1]), client.get(f"{DESK}/people/{invitation(links[1]).id}")]
    pages += [take_down(client, links[1], **ANSWERS), client.get("/staff/events/WP1873v")]

    seen = "".join(page.text + str(page.headers) for page in pages)
    assert "has begun to answer by the link" in seen
    assert "Nobody shall read this" not in seen
    assert not any(link in seen for link in links)
    assert opened(links[0]).answers["again.other"] == "Nobody shall read this"


def test_a_form_that_was_begun_meanwhile_is_not_overwritten(links: list[str], client: FlaskClient) -> None:
    open_form(client, links[0])
    Respondent(client, links[0]).start()

    refused = take_down(client, links[0], **ANSWERS)

    assert refused.status_code == 409
    assert "has begun to answer by the link" in refused.text
    assert "Only in spring" in refused.text
    assert opened(links[0]).answers == {}
    assert not invitation(links[0]).answered


def test_somebody_who_has_answered_is_not_rung_again(links: list[str], client: FlaskClient) -> None:
    open_form(client, links[0])
    take_down(client, links[0], **ANSWERS)
    assert str(invitation(links[0]).id) not in client.get(f"{DESK}/people").text
    open_form(client, links[0])
    assert take_down(client, links[0], **{"q-useful": "1"}).status_code == 303  # nobody has opened it anew
    assert opened(links[0]).answers == KEPT


def test_the_person_can_take_back_what_was_written_down(links: list[str], client: FlaskClient) -> None:
    open_form(client, links[0])
    take_down(client, links[0], **ANSWERS)
    Respondent(client, links[0]).post("/withdraw")

    assert boxes() == []
    assert (invitation(links[0]).answered, invitation(links[0]).channel) == (False, Channel.LINK)


def test_the_audit_trail_says_whose_form_was_opened_and_not_what_was_answered(
    links: list[str], client: FlaskClient
) -> None:
    open_form(client, links[0], "paper")
    take_down(client, links[0], **ANSWERS)

    with db.reading() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.action.contains("form"))).all()
    assert [entry.detail["channel"] for entry in entries] == ["paper"]
    assert "spring" not in str([entry.detail for entry in entries])
    assert invitation(links[0]).channel is Channel.PAPER


def test_nothing_is_taken_down_for_anybody_whose_form_was_not_opened(links: list[str], client: FlaskClient) -> None:
    address = f"{DESK}/people/{invitation(links[0]).id}"

    assert client.get(address).location == f"{DESK}/people"
    assert take_down(client, links[0], **ANSWERS).location == f"{DESK}/people"
    open_form(client, links[1])
    assert take_down(client, links[0], **ANSWERS).location == f"{DESK}/people"
    assert boxes() == []


def test_only_whoever_has_the_right_takes_answers_down(links: list[str], client: FlaskClient) -> None:
    with db.transaction() as session:
        viewer = builders.make_staff(session, "viewer@example.org", StaffRole.VIEWER)
        builders.sign_in(client, viewer)
    addresses = [f"{DESK}/people", f"{DESK}/sheet"]

    assert {client.get(address).status_code for address in addresses} == {403}
    assert open_form(client, links[0]).status_code == 403
    assert post(client, f"{DESK}/sheet", **ANSWERS).status_code == 403
    with db.transaction() as session:
        session.merge(viewer).takes_answers = True
    assert {client.get(address).status_code for address in addresses} == {200}


def test_what_cannot_be_kept_is_shown_again_with_all_that_was_typed(links: list[str], client: FlaskClient) -> None:
    open_form(client, links[0])
    wrong = take_down(client, links[0], **{**ANSWERS, "q-in_a_word": "x" * 31})

    assert wrong.status_code == 422
    assert "Only in spring" in wrong.text
    assert "x" * 31 in wrong.text
    assert boxes() == []
    cleared = take_down(client, links[0], **ANSWERS, clear="again")
    assert "Only in spring" not in cleared.text
    assert boxes() == []


def test_a_sheet_without_a_name_goes_into_a_box_that_no_link_opens(links: list[str], client: FlaskClient) -> None:
    form = client.get(f"{DESK}/sheet")
    done = post(client, f"{DESK}/sheet", **ANSWERS, meeting="part_one", sector="academia")

    (box,) = boxes()
    assert "A sheet without a name" in form.text
    assert done.location == f"{DESK}/people"
    assert survey().sheets == 1
    assert box.locator not in {tokens.locator(link) for link in links}
    for link in links:
        with pytest.raises(BoxError):
            ballot.open_with_link(box, link)
    assert not any(invitation(link).answered for link in links)


def test_there_are_never_more_sheets_than_people_who_have_not_answered(links: list[str], client: FlaskClient) -> None:
    for link in links[:4]:
        open_form(client, link)
        take_down(client, link, **ANSWERS)
    for _sheet in range(2):
        post(client, f"{DESK}/sheet", **ANSWERS)

    refused = post(client, f"{DESK}/sheet", **ANSWERS)

    assert refused.status_code == 422
    assert "one too many" in refused.text
    assert (survey().sheets, len(boxes())) == (2, 6)


def test_an_empty_sheet_is_no_answer(links: list[str], client: FlaskClient) -> None:
    assert "Nothing was answered" in post(client, f"{DESK}/sheet").text
    assert boxes() == []


def test_closing_counts_sheets_and_forgets_how_answers_came(links: list[str], client: FlaskClient) -> None:
    open_form(client, links[0])
    take_down(client, links[0], **ANSWERS)
    for _sheet in range(3):
        post(client, f"{DESK}/sheet", **ANSWERS)

    closed = close()

    late = post(client, f"{DESK}/sheet", **ANSWERS)
    assert (late.status_code, "Only in spring" in late.text) == (409, True)
    assert (closed.invited, closed.answered, closed.sheets, closed.responses) == (6, 1, 3, 4)
    assert boxes() == []
    with db.reading() as session:
        assert set(session.scalars(select(Invitation.channel))) == {Channel.LINK}


def test_closing_notices_a_sheet_that_was_taken_out_or_put_in(links: list[str], client: FlaskClient) -> None:
    for _sheet in range(3):
        post(client, f"{DESK}/sheet", **ANSWERS)
    with db.transaction() as session:
        session.execute(delete(BallotBox).where(BallotBox.locator == boxes()[0].locator))

    with pytest.raises(ClosingError, match="Somebody has changed the database"):
        close()


def test_a_survey_with_names_takes_no_sheet_without_one(app: Flask, client: FlaskClient) -> None:
    with db.transaction() as session:
        event = builders.make_event(session, participants=3)
        builders.open_survey(session, event, SAMPLE, anonymous=False)
        builders.sign_in(client, builders.make_staff(session))

    assert "find the person whose name the sheet bears" in post(client, f"{DESK}/sheet", **ANSWERS).text
    assert boxes() == []
