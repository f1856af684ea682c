"""The pages about events, as staff see them; on both databases."""

import re
from collections.abc import Iterator
from datetime import UTC
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import Markup
from sqlalchemy import event as sqlalchemy_event

from mande import clock
from mande import db
from mande.events import panels
from mande.events.kinds import Role
from mande.events.kinds import Sector
from mande.events.models import Event
from mande.events.models import StakeholderGroup
from mande.staff.models import StaffRole
from mande.surveys import operations as surveys
from tests.builders import attend
from tests.builders import make_event
from tests.builders import make_partner
from tests.builders import make_person
from tests.builders import make_staff
from tests.builders import open_survey
from tests.builders import sign_in

SEND = "/staff/events/WP1873v/attendees/import"


@pytest.fixture(autouse=True)
def clock_put_right() -> Iterator[None]:
    yield
    clock.move_to(None)


@pytest.fixture
def manager(client: FlaskClient) -> FlaskClient:
    """A client whose user is a manager."""
    with db.transaction() as session:
        sign_in(client, make_staff(session))
    return client


@pytest.fixture
def event(app: Flask) -> Event:
    with db.transaction() as session:
        return make_event(session)


def test_without_an_event_the_list_says_how_to_make_one(manager: FlaskClient) -> None:
    page = manager.get("/staff/").text

    assert "There is no event yet" in page
    assert "mande events load" in page
    assert 'href="/staff/new-event"' in page


def test_the_list_of_events_filters_and_sorts(app: Flask, manager: FlaskClient) -> None:
    with db.transaction() as session:
        make_event(session, code="A1", title="Peace & water", participants=2)
        make_event(session, code="B2", title="Élections")
        unfixed = make_event(session, code="C3", title="Nothing fixed yet")
        unfixed.meetings.clear()

    def codes(query: str) -> list[str]:
        return re.findall(r'href="/staff/events/(\w\d)"', manager.get(f"/staff/?{query}").text)

    assert codes("sort=code") == ["A1", "B2", "C3"]
    assert codes("sort=-code") == ["C3", "B2", "A1"]
    assert codes("sort=title") == ["B2", "C3", "A1"]
    assert codes("sort=-attendees") == ["A1", "B2", "C3"]
    assert codes("sort=nonsense&state=nonsense") == ["A1", "B2", "C3"]
    assert codes("text=elections") == ["B2"]
    assert codes("text=b2&sort=code") == ["B2"]
    assert codes("state=over,+not+asked+yet&sort=code") == ["A1", "B2"]
    assert codes("state=planned") == ["C3"]
    assert "No event is like that." in manager.get("/staff/?text=zebra").text
    assert "Peace &amp; water" in manager.get("/staff/").text


def test_the_list_of_events_is_searched_in_all_that_events_say_and_narrowed_down(
    app: Flask, manager: FlaskClient
) -> None:
    with db.transaction() as session:
        one = make_event(session, code="A1", title="Peace", programme="Water", summary="Ça coule de source")
        one.meetings[0].topics = ["Élections", "100 % trust"]
        two = make_event(session, code="B2", title="War", convenor="Maison d'Été")
        two.partners = [make_partner(session, "Ministère des Affaires")]
        newyear = make_event(session, code="C3", title="New Year", time_zone="Pacific/Auckland")
        newyear.meetings = newyear.meetings[:1]
        newyear.meetings[0].starts_at = datetime(2021, 12, 31, 20, tzinfo=UTC)
        newyear.meetings[0].ends_at = datetime(2021, 12, 31, 22, tzinfo=UTC)

    def codes(**query: str) -> list[str]:
        page = manager.get("/staff/", query_string={"sort": "code", **query}).text
        return re.findall(r'href="/staff/events/(\w\d)"', page)

    for text, found in {
        "ELECTIONS": ["A1"], "élections peace": ["A1"], "coule": ["A1"], "ca source": ["A1"], "ete": ["B2"],
        "ministere war": ["B2"], "water": ["A1"], "100 %": ["A1"], "10_": [], "norway": ["A1", "C3"], "peace war": [],
        "part skills": ["B2", "C3"], "inclusive": ["A1", "B2"],
    }.items():  # fmt: skip
        assert codes(text=text) == found, text
    assert (codes(programme="Water"), codes(partner="Ministère des Affaires")) == (["A1"], ["B2"])
    # Nine in the morning of New Year's Day in Auckland.
    assert (codes(year="2022"), codes(year="2021")) == (["C3"], ["A1", "B2"])


def test_the_list_of_events_is_shown_fifty_at_a_time_and_leaves_discreet_events_out_of_its_file(
    app: Flask, manager: FlaskClient
) -> None:
    with db.transaction() as session:
        for number in range(51):
            session.add(Event(code=f"E{number:02}", title="A title", convenor="A house", manager_name="R",
                              manager_email="r@example.org", discreet=number < 2))  # fmt: skip

    def codes(query: str) -> list[str]:
        return re.findall(r'href="/staff/events/(E\d\d)"', manager.get(f"/staff/?sort=code{query}").text)

    assert (codes(""), codes("&page=2"), codes("&page=99")) == ([f"E{n:02}" for n in range(50)], ["E50"], ["E50"])
    page = " ".join(manager.get("/staff/").text.split())
    assert "51 events, page 1 of 2" in page
    assert "without 2 discreet events" in page
    lines = manager.get("/staff/?format=csv&sort=code").text.splitlines()[1:]
    assert (len(lines), lines[0][:3], lines[-1]) == (50, "E02", ",2 discreet events are left out of this list")


def test_the_calendar_shows_meetings_on_their_own_days(app: Flask, manager: FlaskClient) -> None:
    with db.transaction() as session:
        make_event(session)
    month = " ".join(manager.get("/staff/calendar?month=2021-06").text.split())

    assert "<h1>June 2021</h1>" in month
    assert month.count('href="/staff/events/WP1873v"') == 2
    assert "13:00 BST" in month
    assert 'rel="next" href="/staff/calendar?month=2021-07"' in month
    assert "There is no meeting in this month." in manager.get("/staff/calendar?month=2021-05").text
    year = " ".join(manager.get("/staff/calendar/2021").text.split())
    assert year.count('href="/staff/events/WP1873v"') == 1
    assert "1 event, <a" in year
    assert [manager.get(f"/staff/calendar/{year}").status_code for year in (1, 9999)] == [404, 404]


def test_the_page_of_an_event_says_who_was_sought_and_who_was_missing(app: Flask, manager: FlaskClient) -> None:
    with db.transaction() as session:
        event = make_event(session, participants=1, discreet=True, oda_share=60)
        event.groups = [
            StakeholderGroup(position=position, name=name, sought=sought)
            for position, (name, sought) in enumerate([("Academics", 3), ("Press", 1), ("Others", None)], start=1)
        ]
        for group, number in zip(event.groups, (1, 2, 0), strict=True):
            for _ in range(number):
                attend(session, event).group = group
        event.meetings[0].place = "The old library"
    page = " ".join(manager.get("/staff/events/WP1873v").text.split())

    table = page[page.index("Who was sought") :]
    assert re.findall(r'class="number">([^<]*)</td>', table)[:12] == [*"312", *"120", "–", "0", "–", "", "1", ""]
    assert "60 per cent of its cost" in page
    assert "virtual: The old library" in page
    assert "This event is discreet" in page


def test_the_list_and_the_page_of_an_event_say_until_when_its_survey_is_open_and_then_that_it_is_closed(
    app: Flask, manager: FlaskClient
) -> None:
    clock.move_to(datetime(2021, 6, 10, 9, tzinfo=UTC))
    with db.transaction() as session:
        event = make_event(session, participants=2, speakers=1)
        make_event(session, code="OTHER")

    def badges() -> tuple[list[str], str]:
        found = re.compile(r'class="badge state-[a-z-]+">([^<]+)<')
        (on_page,) = found.findall(manager.get("/staff/events/WP1873v").text)
        return found.findall(manager.get("/staff/?sort=-code").text), on_page

    assert badges() == (["Over, not asked yet"] * 2, "Over, not asked yet")
    with db.transaction() as session:
        open_survey(session, event, closes_at=datetime(2021, 6, 30, 23, 30, tzinfo=UTC))
    # Half an hour after midnight in London.
    assert badges() == (["Survey open until 1 July 2021", "Over, not asked yet"], "Survey open until 1 July 2021")
    (line,) = manager.get("/staff/?format=csv&state=survey+open").text.splitlines()[1:]
    assert ",survey open,2021-07-01,3," in line
    with db.transaction() as session:
        surveys.close_surveys(session, event)
    assert badges() == (["Closed", "Over, not asked yet"], "Closed")


def test_the_list_of_events_can_be_taken_along(app: Flask, manager: FlaskClient) -> None:
    with db.transaction() as session:
        make_event(session, title='=HYPERLINK("x")', participants=2)
        make_event(session, code="B2")
    response = manager.get("/staff/?format=csv&text=1873")

    assert response.data.startswith(b"\xef\xbb\xbfcode,title,first day")
    assert response.data.decode("utf-8-sig").splitlines()[1:] == [
        'WP1873v,"\'=HYPERLINK(""x"")",2021-06-07,2021-06-09,"over, not asked yet",,2,Example House,,'
        '"Federal Department of Foreign Affairs, Switzerland; Ministry of Foreign Affairs, Norway"'
    ]
    assert "attachment; filename=events.csv" in response.headers["Content-Disposition"]


def test_the_list_of_events_takes_as_many_statements_for_many_events(app: Flask, manager: FlaskClient) -> None:
    def statements() -> int:
        made: list[object] = []
        engine = db.database().engine
        watch = lambda *args: made.append(args[2])  # noqa: E731
        sqlalchemy_event.listen(engine, "before_cursor_execute", watch)
        assert manager.get("/staff/").status_code == 200
        sqlalchemy_event.remove(engine, "before_cursor_execute", watch)
        return len(made)

    with db.transaction() as session:
        make_event(session, code="A0", participants=2)
    few = statements()
    with db.transaction() as session:
        for number in range(1, 12):
            make_event(session, code=f"A{number}", participants=2)
    assert statements() == few


def test_the_page_of_an_event_tells_its_facts_and_counts_everybody_once(app: Flask, manager: FlaskClient) -> None:
    with db.transaction() as session:
        event = make_event(session, participants=6, speakers=5, partners=3)
        attend(session, event, roles=[Role.PARTNER, Role.SPEAKER], meetings=event.meetings[:1])
    page = re.sub(r"\s+", " ", manager.get("/staff/events/wp1873V").text)

    for fact in (
        "Monday 7 June 2021, 13:00 to 15:30 (BST), virtual", "Ministry of Foreign Affairs, Norway",
        "A note of recommendations", "ODA-eligible", "DAC 151 Government &amp; Civil Society-general",
        "CRS 15121 Foreign affairs", "robin@example.org", "5 responses",
        "<b>15</b>people", "<b>6</b>participants", "<b>5</b>speakers", "<b>4</b>of the partners",
        "<b>5</b>at both meetings", "1 person holds several roles",
    ):  # fmt: skip
        assert fact in page, fact
    rows = re.findall(r'<tr><th scope="row">Part \w+: .*?</tr>', page)
    assert [re.findall(r">(\d+)<", row) for row in rows] == [["4", "4", "3", "11"], ["4", "3", "2", "9"]]


def test_panels_stand_in_their_order_and_empty_ones_are_left_out(
    app: Flask, manager: FlaskClient, event: Event
) -> None:
    app.extensions["mande.panels"] = []
    panels.register(app, 30, lambda _session, _event: Markup("<p>third</p>"))
    panels.register(app, 10, lambda _session, one: Markup("<p>first of {}</p>").format(one.code))
    panels.register(app, 20, lambda _session, _event: Markup(" \n"))

    page = manager.get("/staff/events/WP1873v").text
    assert page.index("first of WP1873v") < page.index("third")


def test_the_panel_of_messages_is_on_the_page(manager: FlaskClient, event: Event) -> None:
    assert "Messages" in manager.get("/staff/events/WP1873v").text


def test_an_unknown_event_is_not_found(manager: FlaskClient) -> None:
    for address in ("", "/attendees", "/attendees/import"):
        assert manager.get(f"/staff/events/NOPE{address}").status_code == 404


def test_the_attendees_filter_sort_and_can_be_taken_along(app: Flask, manager: FlaskClient) -> None:
    with db.transaction() as session:
        event = make_event(session)
        ada = make_person(session, name="Ada", country="KE", sector=Sector.MEDIA, organisation="Zeta")
        zoe = make_person(session, name="Zoë", country=None, sector=None, organisation="@lpha", position=None)
        attend(session, event, ada, [Role.PARTICIPANT, Role.SPEAKER], event.meetings[:1])
        attend(session, event, zoe, [Role.PARTNER], event.meetings)

    def names(query: str) -> list[str]:
        return re.findall(
            r"data-label=\"Name\"><a [^>]+>(\w+)<", manager.get(f"/staff/events/WP1873v/attendees?{query}").text
        )

    assert names("") == ["Ada", "Zoë"]
    assert names("sort=-name") == names("sort=organisation") == names("sort=country") == ["Zoë", "Ada"]
    assert names("text=kenya") == names("role=speaker") == names("role=participant") == names("sector=media") == ["Ada"]
    assert names("meeting=part-two") == names("sector=unknown") == names("text=zoe") == ["Zoë"]
    assert names("meeting=nonsense&role=nonsense") == ["Ada", "Zoë"]
    assert "Nobody is like that." in manager.get("/staff/events/WP1873v/attendees?text=zebra").text
    lines = manager.get("/staff/events/WP1873v/attendees?format=csv&role=partner").data.decode("utf-8-sig").splitlines()
    assert lines[1:] == [f"Zoë,{zoe.email},'@lpha,,,,{zoe.gender},en,partner,part-one; part-two,online,,"]


def test_a_viewer_sees_lists_and_is_not_offered_the_import(client: FlaskClient, event: Event) -> None:
    with db.transaction() as session:
        sign_in(client, make_staff(session, role=StaffRole.VIEWER))

    assert "Import a list" not in client.get("/staff/events/WP1873v").text
    assert "Import a list" not in client.get("/staff/events/WP1873v/attendees").text
    assert client.get(SEND).status_code == 403
