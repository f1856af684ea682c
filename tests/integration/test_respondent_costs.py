"""What a respondent's page costs, in statements; and that what is kept to make it quick is never stale or unsafe."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from flask import g
from sqlalchemy import event
from sqlalchemy import update

from mande import db
from mande.events.models import Event
from mande.surveys.answering import drawing
from mande.surveys.answering import forms
from mande.surveys.answering import patterns
from mande.surveys.answering import responding
from mande.surveys.answering.receiving import Received
from tests.integration import respondents
from tests.integration.respondents import EVERY_ANSWER
from tests.integration.respondents import Fields
from tests.integration.respondents import Respondent

HOSTILE = "\"><script>alert(1)</script> {{ token }} <b>&amp;'"


@contextmanager
def statements() -> Iterator[list[str]]:
    """The statements that are sent meanwhile, but for those that begin a transaction."""
    sent: list[str] = []

    def remember(_connection: object, _cursor: object, statement: str, *_others: object) -> None:
        if not statement.startswith("BEGIN"):
            sent.append(statement)

    event.listen(db.database().engine, "before_cursor_execute", remember)
    yield sent
    event.remove(db.database().engine, "before_cursor_execute", remember)


def test_the_page_of_a_section_asks_the_database_one_question(person: Respondent) -> None:
    person.start()
    person.get("/section/1")

    with statements() as sent:
        page = person.get("/section/1")

    assert page.title.startswith("Section 1")
    assert len(sent) == 1


def test_saving_a_section_reads_once_locks_where_it_must_and_writes_once(person: Respondent) -> None:
    person.start()
    lock = 0 if db.database().is_sqlite else 1

    with statements() as sent:
        saved = person.client.post(person.address("/section/1"), data={"route": "full", "q-again": "no"})

    assert saved.status_code == 303
    assert len(sent) == lock + 2
    assert [statement for statement in sent if "FOR UPDATE" in statement] == sent[:lock]
    assert sent[-1].startswith("INSERT INTO ballot_box")


def test_the_first_page_asks_three_questions(person: Respondent) -> None:
    person.get()

    with statements() as sent:
        assert person.get().status == 200

    assert len(sent) == 3


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("number", [1, 2])
@pytest.mark.parametrize(
    "answers",
    [
        {},
        EVERY_ANSWER,
        {**EVERY_ANSWER, "again.other": HOSTILE, "used_for.other": HOSTILE, "in_a_word": HOSTILE, "errors": HOSTILE},
        {"again": "yes", "again.other": "Left over", "used_for.other": "Chosen by its text"},
    ],
    ids=["none", "all", "hostile", "left over"],
)
def test_a_page_that_is_filled_in_is_the_page_that_its_form_draws(
    app: Flask, person: Respondent, answers: Fields, number: int, language: str
) -> None:
    with db.transaction() as session:
        visit = responding.visit(session, person.token)
        assert visit is not None
        responding.save(session, visit, answers, ())

    filled = person.get(f"/section/{number}?lang={language}")

    with app.test_request_context(f"{person.address()}/section/{number}?lang={language}"):
        g.language = g.chosen_language = language
        sheet = forms.sheets(visit.definition, drawing.pages(visit), "full", language)[number - 1]
        # What the form of a page with mistakes draws, were there none.
        received = Received(sheet, sheet.form(answers), {}, (), set())
        assert filled.source == drawing.wrong_section(visit, received, overtaken=False)
    assert respondents.scripts(filled.source) == {"/static/answering.js"}


def test_two_people_never_see_each_others_token_or_answers_on_the_same_page(people: list[Respondent]) -> None:
    first, second = people[:2]
    for who, word in ((first, "Mine"), (second, "Yours")):
        who.start()
        who.fill(who.get("/section/2"), {"in_a_word": word})

    for path in ("", "/section/2", "/check", "/answers", "/withdraw", "/notice"):
        for who, other, word, foreign in ((first, second, "Mine", "Yours"), (second, first, "Yours", "Mine")):
            source = who.get(path).source
            assert who.token in source
            assert other.token not in source
            assert foreign not in source
            assert (word in source) == (path in ("/section/2", "/check", "/answers"))


def test_a_page_that_would_keep_somebodys_token_for_everybody_is_refused(app: Flask) -> None:
    with app.app_context(), pytest.raises(ValueError, match="must not hold somebody's token"):
        patterns.kept("a page", lambda _marks: "<p>secret</p>", token="secret")


def test_what_changes_about_the_event_shows_at_once(person: Respondent) -> None:
    person.start()
    before = person.get("/section/1")
    with db.transaction() as session:
        session.execute(update(Event).values(convenor="Another <House>", manager_name="Kim Lee"))
    after = person.get("/section/1")

    assert "Example House" in before.source
    assert "Another &lt;House&gt;" in after.source
    assert "Kim Lee" in after.source
    assert "Example House" not in after.source
