"""The pages of an owner of planned actions."""

import re
from collections.abc import Iterator
from datetime import UTC
from datetime import date
from datetime import datetime

import html5lib
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func
from sqlalchemy import select
from werkzeug.test import TestResponse

from mande import clock
from mande import db
from mande.events.models import Event
from mande.followup import links
from mande.followup import operations
from mande.followup.models import ActionOwner
from mande.followup.models import CheckIn
from mande.followup.models import FollowupLink
from mande.followup.models import PlannedAction
from mande.followup.models import Status
from mande.followup.models import Update
from mande.followup.models import Visibility
from mande.followup.operations import Intention
from mande.followup.operations import Report
from mande.mail.models import Message
from mande.models import metadata
from tests import builders

UNKNOWN = "b" * 26
TYPED = {"what": "Train twelve colleagues", "visibility": "partners_without_name"}


@pytest.fixture(autouse=True)
def the_day_after_the_event() -> Iterator[None]:
    clock.move_to(datetime(2021, 6, 10, 10, tzinfo=UTC))
    yield
    clock.move_to(None)


@pytest.fixture
def token(app: Flask) -> str:
    with db.transaction() as session:
        event = builders.make_event(session)
        attendance = builders.attend(session, event, builders.make_person(session, "Ada Owner", country="GB"))
        return links.token_of(builders.link_of(session, attendance))


def add(token: str, what: str = "Write to the minister", **values: object) -> PlannedAction:
    with db.transaction() as session:
        visit = links.visit(session, token)
        assert visit is not None
        return operations.add_action(session, visit.link, Intention(what, consent=True, **values))


def report(token: str, *reports: Report) -> None:
    with db.transaction() as session:
        visit = links.visit(session, token)
        assert visit is not None
        operations.report_progress(session, visit.link, reports)


def stored(model: type) -> list:
    with db.reading() as session:
        return list(session.scalars(select(model)))


def rows() -> dict[str, int]:
    with db.reading() as session:
        return {table.name: session.scalar(select(func.count()).select_from(table)) or 0 for table in
                metadata.sorted_tables}  # fmt: skip


def good(response: TestResponse, status: int = 200) -> str:
    """The page's text, once it is a well-formed page without a cookie or a duplicate id."""
    page = response.get_data(as_text=True)
    assert response.status_code == status, page
    assert "Set-Cookie" not in response.headers
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    html5lib.HTMLParser(strict=True).parse(page)
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    for wanted in re.findall(r'(?:for|aria-labelledby|aria-describedby)="([^"]+)"', page):
        assert set(wanted.split()) <= set(ids)
    return page


def sent_to(response: TestResponse) -> str:
    assert response.status_code == 303
    assert "Set-Cookie" not in response.headers
    return response.headers["Location"]


@pytest.mark.parametrize("path", ["", "/report", "/thanks"])
def test_every_page_is_well_formed_and_sets_no_cookie_and_changes_nothing(
    client: FlaskClient, token: str, path: str
) -> None:
    add(token, by_when=date(2021, 9, 1), with_whom="The ministry", help_needed="A room\nand time")
    done = add(token, "Already done")
    report(token, Report(done.id, Status.DONE, "It happened", None, "See https://example.org/x."))
    before = rows()
    page = good(client.get(f"/a/{token}{path}"))
    assert "Write to the minister" in page
    assert rows() == before


def test_the_edit_and_withdraw_pages_are_well_formed(client: FlaskClient, token: str) -> None:
    action = add(token, by_when=date(2021, 9, 1))
    edit = good(client.get(f"/a/{token}/actions/{action.id}"))
    assert 'value="2021-09-01"' in edit
    assert re.search(r'value="date" checked', edit)
    assert "Write to the minister" in good(client.get(f"/a/{token}/actions/{action.id}/withdraw"))
    assert not stored(PlannedAction)[0].withdrawn


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(
    "path", ["/a/{}", "/a/{}/report", "/a/{}/thanks", "/a/{}/stop", "/a/{}/actions", "/r/{}/actions"]
)
def test_an_unknown_link_is_explained_kindly(client: FlaskClient, token: str, method: str, path: str) -> None:
    response = getattr(client, method)(path.format(UNKNOWN))
    if response.status_code != 405:
        assert "There are two usual reasons" in good(response, 404)


def test_what_was_typed_is_shown_when_the_link_does_not_work(client: FlaskClient, token: str) -> None:
    page = good(
        client.post(f"/a/{UNKNOWN}/actions", data={**TYPED, "what": "A long sentence about <i>my</i> plans"}), 404
    )
    assert "A long sentence about &lt;i&gt;my&lt;/i&gt; plans" in page


def test_an_action_is_added_and_the_browser_sent_on(client: FlaskClient, token: str) -> None:
    response = client.post(
        f"/a/{token}/actions",
        data={
            **TYPED,
            "when": "6",
            "with_whom": " The  ministry ",
            "help_needed": "A room\r\nand time",
            "consent": "y",
        },
    )
    (action,) = stored(PlannedAction)
    assert sent_to(response) == f"/a/{token}?said=added&about={action.short}"
    assert (action.what, action.by_when, action.with_whom) == (
        "Train twelve colleagues",
        date(2021, 12, 10),
        "The ministry",
    )
    assert action.help_needed == "A room\nand time"
    assert stored(ActionOwner)[0].consent
    page = good(client.get(response.headers["Location"]))
    assert "Thank you. What you plan is written down." in page
    assert "We will next ask you how it is going on 9 July 2021." in page


def test_the_defaults_are_no_consent_and_partners_without_a_name(client: FlaskClient, token: str) -> None:
    page = good(client.get(f"/a/{token}"))
    assert re.search(r'value="partners_without_name" checked', page)
    assert not re.search(r'name="consent"[^>]* checked', page)
    client.post(f"/a/{token}/actions", data=TYPED)
    (action,) = stored(PlannedAction)
    (owner,) = stored(ActionOwner)
    assert (owner.visibility, owner.consent, action.by_when) == (Visibility.PARTNERS_WITHOUT_NAME, False, None)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"what": " \r\n\u200b "}, "Write what you will do, in one sentence."),
        ({"what": "x" * 401}, "This is 1 character too long"),
        ({"when": "date", "by_when": ""}, "Write the date, or choose another answer"),
        ({"when": "date", "by_when": "next week"}, "Write the date as year-month-day"),
        ({"by_when": "2021-06-09"}, "This date has passed."),
        ({"by_when": "2221-06-09"}, "more than 10 years away"),
        ({"when": "4"}, "Choose one of the answers."),
        ({"visibility": "everybody"}, "Choose who may see this."),
        ({"visibility": ""}, "Choose who may see this."),
    ],
)
def test_what_is_wrong_is_said_and_all_that_was_typed_is_kept(
    client: FlaskClient, token: str, typed: dict[str, str], words: str
) -> None:
    data = {**TYPED, "with_whom": "Somebody & co", "help_needed": "Advice", "consent": "y", **typed}
    page = good(client.post(f"/a/{token}/actions", data=data), 422)
    assert words in page
    assert "<title>Error: " in page
    assert re.search(r'class="summary" role="alert" tabindex="-1" autofocus', page)
    (target,) = set(re.findall(r'<li><a href="#([a-z_]+)">', page))
    assert f'id="{target}"' in page
    for kept in ("Somebody &amp; co", "Advice", 'name="consent" value="y" aria-describedby="consent-hint" checked'):
        assert kept in page
    assert stored(PlannedAction) == []


def test_a_date_alone_says_by_when(client: FlaskClient, token: str) -> None:
    client.post(f"/a/{token}/actions", data={**TYPED, "by_when": "2021-10-01"})
    assert stored(PlannedAction)[0].by_when == date(2021, 10, 1)


def test_a_quick_choice_wins_over_a_date_that_stood_in_the_form(client: FlaskClient, token: str) -> None:
    action = add(token, by_when=date(2021, 9, 1))
    data = {**TYPED, "by_when": "2021-09-01"}
    client.post(f"/a/{token}/actions/{action.id}", data={**data, "when": "12"})
    assert stored(PlannedAction)[0].by_when == date(2022, 6, 10)
    client.post(f"/a/{token}/actions/{action.id}", data={**data, "when": "none"})
    assert stored(PlannedAction)[0].by_when is None


def test_an_action_whose_date_has_passed_can_be_changed_without_a_new_date(client: FlaskClient, token: str) -> None:
    action = add(token, by_when=date(2021, 6, 20))
    clock.move_to(datetime(2021, 8, 1, 10, tzinfo=UTC))
    data = {**TYPED, "when": "date", "by_when": "2021-06-20"}
    assert sent_to(client.post(f"/a/{token}/actions/{action.id}", data=data)) == f"/a/{token}?said=changed"
    assert stored(PlannedAction)[0].what == "Train twelve colleagues"


def test_html_from_people_is_shown_and_never_run(client: FlaskClient, token: str) -> None:
    action = add(token, "<script>alert(1)</script>", help_needed='"><img src=x>')
    report(token, Report(action.id, Status.SOME_PROGRESS, "<b>bold</b>", None, "javascript:alert(1) <a href=x>"))
    for path in ("", "/report", "/thanks", f"/actions/{action.id}", f"/actions/{action.id}/withdraw"):
        page = good(client.get(f"/a/{token}{path}"))
        assert "<script>" not in page
        assert "<b>bold" not in page
        assert "<img" not in page
        assert 'href="javascript' not in page


def test_only_web_addresses_in_evidence_become_links(client: FlaskClient, token: str) -> None:
    action = add(token)
    evidence = "See https://example.org/a?b=1&c=2, ftp://example.org/x and javascript:alert(1)"
    report(token, Report(action.id, Status.SOME_PROGRESS, "", None, evidence))
    page = good(client.get(f"/a/{token}"))
    assert '<a href="https://example.org/a?b=1&amp;c=2" rel="noopener noreferrer nofollow">' in page
    assert page.count("rel=") - page.count('rel="icon"') - page.count('rel="stylesheet"') == 1


def test_withdrawing_asks_first_and_then_erases(client: FlaskClient, token: str) -> None:
    action = add(token)
    assert sent_to(client.post(f"/a/{token}/actions/{action.id}/withdraw")) == f"/a/{token}?said=withdrawn"
    page = good(client.get(f"/a/{token}?said=withdrawn"))
    assert "its words are deleted" in page
    assert "Write to the minister" not in page
    good(client.get(f"/a/{token}/actions/{action.id}"), 404)


def test_another_persons_action_is_a_dead_end(client: FlaskClient, token: str) -> None:
    action = add(token)
    with db.transaction() as session:
        other = builders.attend(session, session.scalars(select(Event)).one())
        stranger = links.token_of(builders.link_of(session, other))
    for path in (f"/actions/{action.id}", f"/actions/{action.id}/withdraw"):
        good(client.get(f"/a/{stranger}{path}"), 404)
        good(client.post(f"/a/{stranger}{path}", data=TYPED), 404)
    client.post(f"/a/{stranger}/report", data={f"{action.id.hex}-status": "done"})
    assert stored(PlannedAction)[0].status is Status.NOT_STARTED


def test_follow_up_is_stopped_and_taken_up_by_buttons_only(client: FlaskClient, token: str) -> None:
    add(token)
    good(client.get(f"/a/{token}/stop"))
    assert not stored(FollowupLink)[0].stopped
    assert sent_to(client.post(f"/a/{token}/stop?then=show")) == f"/a/{token}?said=stopped"
    assert stored(FollowupLink)[0].stopped
    assert stored(CheckIn) == []
    assert "Follow-up is stopped" in good(client.get(f"/a/{token}?said=stopped"))
    assert sent_to(client.post(f"/a/{token}/resume")) == f"/a/{token}?said=resumed"
    assert not stored(FollowupLink)[0].stopped
    assert len(stored(CheckIn)) == 4


def test_progress_on_several_actions_is_one_form(client: FlaskClient, token: str) -> None:
    first, second, third = (add(token, f"Action {number}") for number in (1, 2, 3))
    data = {
        f"{first.id.hex}-status": "some_progress",
        f"{first.id.hex}-what_changed": "We met\r\ntwice",
        f"{first.id.hex}-contribution": "decisive",
        f"{first.id.hex}-evidence": "https://example.org",
        f"{first.id.hex}-by_when": "2021-12-24",
        f"{second.id.hex}-status": "no_longer_planned",
    }
    assert sent_to(client.post(f"/a/{token}/report", data=data)) == f"/a/{token}/thanks"
    updates = {update.action_id: update for update in stored(Update)}
    assert (updates[first.id].what_changed, updates[first.id].contribution) == ("We met\ntwice", "decisive")
    assert updates[second.id].status is Status.NO_LONGER_PLANNED
    assert third.id not in updates
    page = good(client.get(f"/a/{token}/thanks"))
    assert "Thank you, Ada Owner." in page
    page = good(client.get(f"/a/{token}/report"))
    assert "We met\ntwice" in page
    assert page.index("Action 1") < page.index("Finished") < page.index("Action 2")


def test_an_empty_report_is_asked_for_at_least_one_choice(client: FlaskClient, token: str) -> None:
    action = add(token)
    page = good(client.post(f"/a/{token}/report", data={}), 422)
    assert "Choose how far at least one of your actions has come." in page
    assert f'href="#{action.id.hex}-status"' in page
    assert stored(Update) == []


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"what_changed": "Much"}, "Choose how far “Write to the minister” has come."),
        ({"status": "finished"}, "Choose one of the answers."),
        ({"status": "some_progress", "what_changed": "y" * 2001}, "This is 1 character too long"),
        ({"status": "some_progress", "by_when": "2021-06-01"}, "This date has passed."),
        ({"status": "some_progress", "by_when": "soon"}, "Write the date as year-month-day"),
    ],
)
def test_a_report_with_an_error_keeps_everything_typed_for_every_action(
    client: FlaskClient, token: str, typed: dict[str, str], words: str
) -> None:
    action, other = add(token), add(token, "Another")
    data = {f"{action.id.hex}-{name}": value for name, value in typed.items()}
    data |= {f"{other.id.hex}-status": "done", f"{other.id.hex}-evidence": "A note"}
    page = good(client.post(f"/a/{token}/report", data=data), 422)
    assert words in page
    assert "<title>Error: " in page
    assert f'name="{other.id.hex}-status" value="done" checked' in page
    assert ">\nA note</textarea>" in page
    for name, value in typed.items():
        if name in ("what_changed", "by_when"):
            assert value in page
    (target,) = set(re.findall(r'<li><a href="#([^"]+)">', page))
    assert target.startswith(action.id.hex)
    assert f'id="{target}"' in page
    assert stored(Update) == []


def test_a_date_is_of_no_matter_once_an_action_has_ended(client: FlaskClient, token: str) -> None:
    action = add(token, by_when=date(2021, 6, 30))
    data = {f"{action.id.hex}-status": "done", f"{action.id.hex}-by_when": "2021-06-01"}
    sent_to(client.post(f"/a/{token}/report", data=data))
    assert stored(PlannedAction)[0].by_when == date(2021, 6, 30)


def test_somebody_without_actions_is_led_to_write_one_down(client: FlaskClient, token: str) -> None:
    page = good(client.get(f"/a/{token}/report"))
    assert "There is nothing here to report on." in page
    assert f'href="/a/{token}"' in page


def test_the_holder_of_a_questionnaires_link_is_led_to_their_own_page(client: FlaskClient, app: Flask) -> None:
    with db.transaction() as session:
        event = builders.make_event(session, participants=2)
        first, second = builders.open_survey(session, event)
    before = rows()
    mine = sent_to(client.get(f"/r/{first}/actions?lang=en"))
    theirs = sent_to(client.get(f"/r/{second}/actions"))
    assert mine.endswith("?lang=en")
    assert mine.removesuffix("?lang=en") != theirs
    assert "Participant 1" in good(client.get(mine))
    assert "Participant 2" in good(client.get(theirs))
    assert rows() == before


def test_a_chosen_language_is_carried_along(client: FlaskClient, token: str) -> None:
    page = good(client.get(f"/a/{token}?lang=en"))
    assert f'action="/a/{token}/actions?lang=en"' in page
    response = client.post(f"/a/{token}/actions?lang=en", data=TYPED)
    assert re.fullmatch(rf"/a/{token}\?said=added&about=[0-9a-f]{{8}}&lang=en", sent_to(response))


def test_who_speaks_french_is_spoken_to_in_french(client: FlaskClient, token: str) -> None:
    with db.transaction() as session:
        visit = links.visit(session, token)
        assert visit is not None
        visit.person.language = "fr-CH"
        operations.add_action(session, visit.link, Intention("Écrire au ministre", consent=True))
    page = good(client.get(f"/a/{token}"))
    assert '<html lang="fr"' in page
    for words in ("Noter l’action", "Que ferez-vous\xa0?", "Avec qui\xa0? (facultatif)", "9 juillet 2021"):
        assert words in page
    clock.move_to(datetime(2021, 7, 9, 12, tzinfo=UTC))
    with db.transaction() as session:
        assert operations.queue_due_check_ins(session) == 1
    (message,) = stored(Message)
    assert message.language == "fr"
    assert "- Écrire au ministre" in message.text
    assert "How far" not in message.text + message.subject
    assert '<html lang="en"' in good(client.get(f"/a/{token}?lang=en"))


def test_no_page_speaks_of_answers_or_links_to_the_questionnaire(client: FlaskClient, app: Flask) -> None:
    with db.transaction() as session:
        event = builders.make_event(session, participants=1)
        (answering,) = builders.open_survey(session, event)
    address = client.get(f"/r/{answering}/actions").headers["Location"]
    for path in ("", "/report", "/thanks"):
        page = good(client.get(f"{address}{path}"))
        assert "/r/" not in page
        assert answering not in page


def test_ten_actions_take_no_more_statements_than_one(client: FlaskClient, token: str, app: Flask) -> None:
    from sqlalchemy import event as events_of

    sent: list[str] = []
    add(token, "The first")
    events_of.listen(db.database().engine, "before_cursor_execute", lambda *args: sent.append(args[2]))
    client.get(f"/a/{token}/report")
    one = len(sent)
    for number in range(9):
        action = add(token, f"Action {number}")
        report(token, Report(action.id, Status.SOME_PROGRESS, "Words"))
    sent.clear()
    client.get(f"/a/{token}/report")
    assert len(sent) <= one + 1
