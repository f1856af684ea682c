"""What holds for every page of a respondent: nothing is written by looking, nothing is left behind, little is sent."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from benchmarks.weighing import weigh
from mande import db
from mande import languages
from tests import builders
from tests.integration import respondents
from tests.integration.respondents import SAMPLE
from tests.integration.respondents import Respondent
from tests.integration.respondents import answer_everything

BUDGET = 14 * 1024


def every_address(person: Respondent) -> list[str]:
    paths = ["", "/notice", "/section/1", "/section/2", "/section/7", "/check", "/answers", "/done", "/withdraw",
             "/start", "/submit"]  # fmt: skip
    return [f"{person.address(path)}{language}" for path in paths for language in ("", "?lang=fr", "?lang=xx")]


def test_no_get_ever_changes_the_database(person: Respondent) -> None:
    for step in (None, answer_everything, lambda who: who.post("/submit")):
        if step:
            step(person)
        before = respondents.dump()
        for address in every_address(person):
            person.client.get(address)
            person.client.head(address)
            person.client.get(address.replace(person.token, person.token[:-1]))
        assert respondents.dump() == before
        assert before["invitation"]
        assert bool(before["ballot_box"]) == bool(step)


def test_no_page_sets_a_cookie_or_may_be_kept_or_tells_where_it_was(person: Respondent) -> None:
    client = person.client
    answers = [client.get(address) for address in every_address(person)]
    answers += [client.post(person.address(path), data={"route": "full", "q-again": "yes", "q-useful": "8"})
                for path in ("/start", "/section/1", "/section/2", "/submit", "/withdraw")]  # fmt: skip
    answers += [client.get("/r/short"), client.post("/r/short/start"), client.get(person.address("/none"))]

    for response in answers:
        assert "Set-Cookie" not in response.headers
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert respondents.scripts(response.get_data(as_text=True)) <= {"/static/answering.js"}


def test_every_page_is_valid_html_with_one_heading_and_ids_used_once(person: Respondent) -> None:
    pages = [person.get(), person.start(), person.fill(person.get("/section/1"), {"useful": "9"})]
    answer_everything(person)
    pages += [person.get("/section/2"), person.get("/check"), person.get("/withdraw"), person.get()]
    person.post("/submit")
    pages += [person.get("/done"), person.get(), Respondent(person.client, "x").get()]

    for page in pages:
        assert len(page.root.findall(".//h1")) == 1
        assert len(set(respondents.ids(page.source))) == len(respondents.ids(page.source))
        described = [place for field in page.root.iter() for place in (field.get("aria-describedby") or "").split()]
        assert set(described) <= set(respondents.ids(page.source))
        for field in page.root.findall(".//fieldset"):
            assert respondents.words(field.find("legend"))


@pytest.mark.parametrize("questionnaire", [None, SAMPLE], ids=["participants", "every type"])
def test_a_first_load_fits_in_14_kilobytes_with_everything_and_later_pages_are_smaller(
    app: Flask, client: FlaskClient, questionnaire: Path | None
) -> None:
    with db.transaction() as session:
        event = builders.make_event(session, participants=1)
        (token,) = builders.open_survey(session, event, questionnaire)
    person = Respondent(client, token)
    answer_everything(person) if questionnaire else person.start()
    sections = [path for number in range(1, 9) if person.get(path := f"/section/{number}").title.startswith("Section")]

    for language in languages.INTERFACE:
        first = weigh(client, f"{person.address()}?lang={language}")
        assert first.whole <= BUDGET
        for path in (*sections, "/check", "/answers", "/notice", "/withdraw"):
            page = weigh(client, f"{person.address(path)}?lang={language}")
            assert page.whole <= BUDGET, path
            assert page.page < first.whole
    assert len(sections) >= 2


def test_pages_that_hold_a_csrf_token_are_not_compressed(app: Flask, client: FlaskClient) -> None:
    page = client.get("/staff/sign-in", headers={"Accept-Encoding": "gzip"}, buffered=True)

    assert "csrf_token" in page.get_data(as_text=True)
    assert "Content-Encoding" not in page.headers
