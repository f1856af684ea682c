"""What holds for every page of a respondent: nothing is written by looking, nothing is left behind, little is sent."""

import gzip

from flask import Flask
from flask.testing import FlaskClient

from mande import db
from tests import builders
from tests.integration import respondents
from tests.integration.respondents import Respondent
from tests.integration.respondents import answer_everything

BUDGET = 14 * 1024


def every_address(person: Respondent) -> list[str]:
    paths = ["", "/section/1", "/section/2", "/section/7", "/check", "/done", "/withdraw", "/start", "/submit"]
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
        assert "<script" not in response.get_data(as_text=True)


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


def test_a_first_load_fits_in_14_kilobytes_with_everything(app: Flask, client: FlaskClient) -> None:
    with db.transaction() as session:
        event = builders.make_event(session, participants=1)
        (token,) = builders.open_survey(session, event)
    person = Respondent(client, token)
    person.start()
    asked = [("Accept-Encoding", "gzip, br")]

    for path in ("", "/section/1", "/section/2", "/section/3", "/section/4", "/check"):
        for language in ("en", "fr"):
            page = client.get(f"{person.address(path)}?lang={language}", headers=asked)
            source = gzip.decompress(page.data).decode()
            others = [part for part in source.split('"') if part.startswith("/static/")]
            assert len(others) == 1
            assert "src=" not in source
            style = client.get(others[0], headers=asked, buffered=True)
            assert page.headers["Content-Encoding"] == style.headers["Content-Encoding"] == "gzip"
            assert sum(len(part.data) + len(str(part.headers)) for part in (page, style)) <= BUDGET


def test_the_style_sheet_may_be_kept_for_a_year_because_its_address_changes_with_it(person: Respondent) -> None:
    (address,) = [part for part in person.get().source.split('"') if part.startswith("/static/")]
    style = person.client.get(address, headers={"Accept-Encoding": "gzip"}, buffered=True)
    plain = person.client.get(address, headers={"Accept-Encoding": "identity"}, buffered=True)

    assert "immutable" in style.headers["Cache-Control"]
    assert gzip.decompress(style.data) == plain.data
    assert "Accept-Encoding" in style.vary
    assert "immutable" not in person.client.get("/static/mande.css", buffered=True).headers["Cache-Control"]
    again = person.client.get(address, headers={"If-None-Match": style.headers["ETag"]}, buffered=True)
    assert again.status_code == 304


def test_pages_that_hold_a_csrf_token_are_not_compressed(app: Flask, client: FlaskClient) -> None:
    page = client.get("/staff/sign-in", headers={"Accept-Encoding": "gzip"}, buffered=True)

    assert "csrf_token" in page.get_data(as_text=True)
    assert "Content-Encoding" not in page.headers
