"""Who was at an event, and over the years, as the team sees it and as documents tell it."""

from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient

from mande import clock
from mande import db
from mande.events.kinds import Mode
from mande.events.kinds import Role
from mande.events.models import StakeholderGroup
from mande.events.operations import attendees
from mande.events.operations import find
from mande.reports.kinds import Level
from mande.reports.kinds import Measure
from mande.reports.models import Target
from mande.reports.reach import saying
from tests import builders


def described(code: str, women_speaking: int) -> None:
    """An event of twelve, eight of them women, of whom so many are among its four speakers."""
    with db.transaction() as session:
        event = builders.make_event(session, code=code, participants=8, speakers=4)
        event.groups.append(StakeholderGroup(name="Academics", sought=6, position=1))
        session.flush()
        people = attendees(session, event)
        speaking = [one for one in people if Role.SPEAKER in {held.role for held in one.roles}]
        listening = [one for one in people if one not in speaking]
        for number, one in enumerate([*speaking, *reversed(listening)]):
            is_woman = number < women_speaking or 4 <= number < 12 - women_speaking
            one.person.gender = "female" if is_woman else "male"
            one.person.sector = "academia" if number % 2 else "state"
            one.person.country = "KE" if number % 3 else "FR"
            one.person.language = "en"
            one.mode = Mode.ONLINE
            one.group = event.groups[0] if number % 2 else None
        session.add(Target(measure=Measure.WOMEN, value=0.5, set_at=clock.now(), set_by="manager@example.org"))


def test_the_team_sees_who_was_there_and_how_that_changes_over_the_years(app: Flask, client: FlaskClient) -> None:
    described("FIRST", women_speaking=1)
    with db.transaction() as session:
        builders.sign_in(client, builders.make_staff(session))
        later = builders.make_event(session, code="LATER", participants=3)
        for meeting in later.meetings:
            meeting.starts_at += timedelta(days=400)
            meeting.ends_at += timedelta(days=400)

    page = client.get("/staff/events/FIRST/reach").text
    assert "of speakers are women" in page
    assert ">25%<" in page
    assert "target 50%: reached" in page
    listed = client.get("/staff/events/FIRST/reach?format=csv").text
    assert "gender,attendees,Women,8,0.6667" in listed
    assert '"stakeholder group, sought",attendees,Academics,6,' in listed
    assert '"stakeholder group, came",attendees,Academics,6,' in listed

    years = client.get("/staff/reach").text
    assert "2 events" in years
    assert years.index(">2022<") < years.index(">2021<")
    table = client.get("/staff/reach?format=csv").text
    assert "of speakers are women,0.25,4," in table
    assert "LATER" in client.get("/staff/events/LATER/reach").text
    assert "Who was there" in client.get("/staff/events/FIRST").text


def test_partners_are_told_of_groups_of_k_people_at_least(app: Flask) -> None:
    described("FIRST", women_speaking=1)

    with db.reading() as session, app.test_request_context():
        event = find(session, "FIRST")
        inside = saying.reach(session, event, Level.INTERNAL, 5, "en", [])
        outside = saying.reach(session, event, Level.PARTNER, 5, "en", [])
        french = saying.reach(session, event, Level.PUBLIC, 5, "fr", [])

    assert {group["count"] for table in inside["by"] for group in table["groups"]} >= {4, 8}
    assert outside["by"]
    assert all(group["count"] >= 5 for table in outside["by"] for group in table["groups"])
    (women,) = [one for one in outside["pillars"][2]["figures"] if one["code"] == "women_speaking"]
    assert women["low"] is None, "three of the four speakers would be known to be men"
    assert french["by"][0]["groups"][0]["members"] == outside["by"][0]["groups"][0]["members"]
