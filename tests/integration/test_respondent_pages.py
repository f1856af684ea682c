"""The respondent's pages, as a browser without JavaScript uses them."""

from flask import Flask
from flask.testing import FlaskClient

from mande import db
from mande.surveys.models import Survey
from tests import builders
from tests.integration import respondents
from tests.integration.respondents import EVERY_ANSWER
from tests.integration.respondents import SAMPLE
from tests.integration.respondents import Page
from tests.integration.respondents import Respondent
from tests.integration.respondents import answer_everything


def test_the_first_page_says_who_asks_how_long_it_takes_and_what_is_stored_before_any_question(
    person: Respondent,
) -> None:
    page = person.get()

    assert page.status == 200
    for said in ("Example House", "About 4 minutes", "robin@example.org", "This questionnaire is anonymous.",
                 "Why we ask.", "groups of 5 people or more", "Ministry of Foreign Affairs, Norway"):  # fmt: skip
        assert said in page.words
    assert "Your role participant Meetings you attended both Sector government" in page.words
    assert "q-" not in page.source


def test_a_named_survey_says_that_it_is_not_anonymous(person: Respondent) -> None:
    with db.transaction() as session:
        session.query(Survey).one().anonymous = False

    page = person.get()

    assert "This questionnaire is not anonymous." in page.words
    assert "is anonymous" not in page.words


def test_every_type_of_answer_goes_into_the_ballot_box_and_counts_once_submitted(person: Respondent) -> None:
    review = answer_everything(person)
    before = person.response
    thanks = Page(person.client.post(person.address("/submit"), follow_redirects=True))

    assert review.title.startswith("Check your answers")
    assert before is not None
    assert not before.submitted
    assert thanks.response.request.path == person.address("/done")
    assert person.response is not None
    assert person.response.answers == EVERY_ANSWER
    assert person.response.submitted
    assert person.response.strata == {"role": "participant", "meeting": "all", "sector": "state"}


def test_the_review_shows_labels_and_texts_and_leads_back_to_each_question(person: Respondent) -> None:
    review = answer_everything(person)

    for said in ("Agree", "Strongly agree", "Not applicable", "Other: Only in spring", "To brief colleagues",
                 "Other: A speech", "The calm", "First. Second."):  # fmt: skip
        assert said in review.words
    change = review.links()["Change: Would you recommend it?"]
    page = person.open(change)
    assert change.endswith("#q-recommend")
    assert page.forms()[f"{person.address('/section/2')}?from=check"]["q-recommend"] == "10"
    assert person.fill(page, {"recommend": "3"}).title.startswith("Check your answers")
    assert person.response is not None
    assert person.response.answers["recommend"] == "3"


def test_somebody_who_comes_back_finds_their_answers_and_goes_on_where_they_stopped(person: Respondent) -> None:
    left = person.fill(person.start(), {"useful": "2", "again": "yes"}, {"then": "leave"})
    again = person.get()
    second = person.open(again.links()["Continue where you stopped"])

    assert "What you answered is saved" in left.words
    assert "You have answered 2 of 7 questions." in again.words
    assert second.response.request.path == person.address("/section/1")
    fields = second.forms()[person.address("/section/1")]
    assert (fields["q-useful"], fields["q-again"]) == ("2", "yes")
    assert person.fill(second, {"access.time": "1", "access.line": "1"}).title.startswith("Section 2 of 2")
    assert "/section/2" in person.get().links()["Continue where you stopped"]


def test_answers_can_be_changed_after_submitting_and_stay_submitted(person: Respondent) -> None:
    answer_everything(person)
    person.post("/submit")
    welcome = person.get()
    section = person.get("/section/1?from=check")
    person.fill(section, {"useful": "1"})

    assert "You have submitted your answers" in welcome.words
    assert person.response is not None
    assert person.response.submitted
    assert person.response.answers == {**EVERY_ANSWER, "useful": "1"}


def test_going_back_saves_what_the_page_holds(person: Respondent) -> None:
    person.fill(person.start(), {"again": "no"})
    page = person.fill(person.get("/section/2"), {"in_a_word": "Half"}, {"then": "back"})

    assert page.title.startswith("Section 1 of 2")
    assert person.response is not None
    assert person.response.answers == {"again": "no", "in_a_word": "Half"}


def test_the_two_minute_route_asks_only_what_is_core_and_the_rest_may_follow(person: Respondent) -> None:
    page = person.start("short")
    review = person.fill(page, {"useful": "5"})
    done = Page(person.client.post(person.address("/submit"), follow_redirects=True))
    longer = person.post("/start", done.forms()[person.address("/start")])

    assert page.title.startswith("Section 1 of 1")
    assert page.forms()[person.address("/section/1")].keys() == {"route", "drawn"}
    assert page.source.count("<fieldset") == 1
    assert review.title.startswith("Check your answers")
    assert longer.title.startswith("Section 1 of 2")
    assert person.response is not None
    assert (person.response.route, person.response.submitted) == ("full", True)
    assert person.response.answers == {"useful": "5"}


def test_a_page_that_another_window_overtook_erases_nothing(person: Respondent) -> None:
    short = person.start("short")
    person.start("full")
    person.fill(person.get("/section/1"), {"useful": "2", "again": "yes"})

    person.fill(short, {"useful": "4"})

    assert person.response is not None
    assert person.response.answers == {"useful": "4", "again": "yes"}


def test_a_chosen_answer_can_be_cleared_and_nothing_else_on_the_page_is_lost(person: Respondent) -> None:
    page = person.fill(person.start(), {"useful": "2", "again": "yes", "access.time": "3"}, {"clear": "useful"})

    assert page.title.startswith("Section 1 of 2")
    assert person.response is not None
    assert person.response.answers == {"again": "yes", "access.time": "3"}


def test_too_long_a_text_is_refused_kept_on_the_page_and_the_rest_is_saved(person: Respondent) -> None:
    person.start()
    text = "x" * 101
    page = person.fill(person.get("/section/2"), {"errors": text, "in_a_word": "Fine", "recommend": "7"})

    assert page.status == 422
    assert page.title.startswith("Error: Section 2 of 2")
    ((address, problem),) = page.problems
    assert address == "#q-errors"
    assert "1 character too long" in problem
    assert "100" in problem
    assert page.forms()[person.address("/section/2")]["q-errors"] == text
    assert 'aria-describedby="q-errors-hint q-errors-error"' in page.source
    assert " autofocus" in page.source
    assert person.response is not None
    assert person.response.answers == {"in_a_word": "Fine", "recommend": "7"}


def test_a_limit_counts_characters_and_takes_a_line_end_for_one(person: Respondent) -> None:
    person.start()
    text = "é😀" * 49 + "\r\n\u00e9"
    page = person.fill(person.get("/section/2"), {"errors": text})

    assert page.title.startswith("Check your answers")
    assert person.response is not None
    assert person.response.answers["errors"] == text.replace("\r\n", "\n")
    assert len(str(person.response.answers["errors"])) == 100


def test_a_question_that_must_be_answered_holds_up_its_page_and_the_submission(person: Respondent) -> None:
    page = person.fill(person.start(), {"useful": "3"})
    refused = person.post("/submit")
    person.fill(person.get("/section/1"), {"again": "yes"})

    assert page.status == 422
    assert [address for address, _ in page.problems] == ["#q-again"]
    assert refused.status == 422
    assert refused.title.startswith("Error: Check your answers")
    assert [address for address, _ in refused.problems] == [f"{person.address('/section/1')}?from=check#q-again"]
    assert person.post("/submit").response.request.path == person.address("/done")


def test_nothing_at_all_cannot_be_submitted(app: Flask, client: FlaskClient) -> None:
    with db.transaction() as session:
        event = builders.make_event(session, participants=1)
        (token,) = builders.open_survey(session, event)
    person = Respondent(client, token)
    person.start()

    refused = person.post("/submit")

    assert refused.status == 422
    assert "You have not answered any question yet" in refused.problems[0][1]
    assert person.response is not None
    assert not person.response.submitted


def test_the_text_beside_other_follows_what_was_chosen(person: Respondent) -> None:
    typed_and_kept: list[tuple[respondents.Fields, respondents.Fields]] = [
        ({"again": "other", "again.other": " Maybe "}, {"again": "other", "again.other": "Maybe"}),
        ({"again": "", "again.other": "Maybe"}, {"again": "other", "again.other": "Maybe"}),
        ({"again": "another_day", "again.other": "Maybe"}, {"again": "another_day"}),
        ({"again": "another_day", "again.other": "x" * 5000}, {"again": "another_day"}),
        ({"again": "other", "again.other": "\u200b \x00"}, {"again": "other"}),
    ]
    person.start()

    for typed, kept in typed_and_kept:
        page = person.fill(person.get("/section/1"), typed)
        assert page.title.startswith("Section 2 of 2")
        assert person.response is not None
        assert person.response.answers == kept


def test_none_of_these_goes_where_something_else_is_ticked(person: Respondent) -> None:
    person.start()
    person.fill(person.get("/section/2"), {"used_for": ["nothing", "teach"]})

    assert person.response is not None
    assert person.response.answers == {"used_for": ["teach"]}


def test_what_no_button_offers_is_refused_and_not_stored(person: Respondent) -> None:
    nonsense: list[respondents.Fields] = [
        {"useful": "6"},
        {"useful": "<script>"},
        {"useful": "other"},
        {"access.time": "\x00"},
        {"again": "na"},
        {"again": ["yes", "no"], "useful": "99"},
    ]
    person.start()

    for posted in nonsense:
        page = person.fill(person.get("/section/1"), {"again": "yes", **posted})
        assert page.status == 422
        assert "Please choose one of the answers shown." in page.words
        assert person.response is not None
        assert person.response.answers in ({}, {"again": "yes"})


def test_hostile_texts_are_shown_as_they_were_typed_and_run_nowhere(person: Respondent) -> None:
    person.start()
    attack = '"><script>alert(1)</script>'
    long = "</textarea><img src=x onerror=alert(1)> {{ 1234567 * 9 }} " + attack
    review = person.fill(person.get("/section/2"), {"in_a_word": attack, "errors": long})
    page = person.get("/section/2")

    for shown in (review, page):
        assert respondents.scripts(shown.source) == {"/static/answering.js"}
        assert "<img" not in shown.source
        assert "11111103" not in shown.words
    assert long in review.words
    fields = page.forms()[person.address("/section/2")]
    assert (fields["q-in_a_word"], fields["q-errors"]) == (attack, long)
    assert "Telling <script>alert(1)</script>" in page.title


def test_withdrawing_asks_first_and_then_leaves_nothing(person: Respondent) -> None:
    answer_everything(person)
    person.post("/submit")
    asked = person.get("/withdraw")
    still = person.response
    gone = person.post("/withdraw")

    assert "Delete your answers?" in asked.title
    assert still is not None
    assert "Your answers have been deleted." in gone.words
    assert person.response is None
    assert respondents.boxes() == 0
    assert person.address("/start") in gone.forms()


def test_pressing_a_button_twice_does_no_harm(person: Respondent) -> None:
    person.start()
    answer_everything(person)
    for _ in range(2):
        assert person.post("/submit").response.request.path == person.address("/done")
    assert respondents.boxes() == 1

    for _ in range(2):
        assert person.post("/withdraw").status == 200
    assert respondents.boxes() == 0


def test_a_page_that_comes_too_early_leads_to_the_first_one(person: Respondent) -> None:
    for path in ("/section/1", "/section/99", "/check", "/done", "/withdraw", "/start", "/submit"):
        page = person.get(f"{path}?lang=fr")
        assert page.status == 200
        assert page.response.request.path == person.address()
        assert page.language == "fr"


def test_answers_that_arrive_before_the_start_are_kept(person: Respondent) -> None:
    page = person.post("/section/1", {"route": "full", "q-again": "no"})

    assert page.title.startswith("Section 2 of 2")
    assert person.response is not None
    assert person.response.answers == {"again": "no"}


def test_a_link_typed_in_capitals_works(person: Respondent) -> None:
    assert Respondent(person.client, person.token.upper()).get().status == 200


def test_links_that_are_invented_or_closed_get_the_same_answer(people: list[Respondent]) -> None:
    invented = Respondent(people[0].client, "a" * 26)
    answers = [invented.get(path) for path in ("", "/section/2", "/check", "/done")]
    with db.transaction() as session:
        session.query(Survey).one().state = "draft"
    answers += [person.get(path) for person in people for path in ("", "/section/1", "/withdraw")]

    assert {page.status for page in answers} == {404}
    assert len({page.source for page in answers}) == 1
    assert "The questionnaire has closed." in answers[0].words
    assert "The link was cut." in answers[0].words
    assert "programme manager" in answers[0].words


def test_a_link_that_lacks_letters_says_how_many(person: Respondent) -> None:
    one, three = (Respondent(person.client, person.token[:-lacking]).get() for lacking in (1, 3))

    assert (one.status, three.status) == (404, 404)
    assert "The link was cut. One letter is missing at its end." in one.words
    assert "The link was cut. 3 letters are missing at its end." in three.words


def test_what_is_sent_to_a_closed_questionnaire_is_shown_to_be_copied_and_not_stored(person: Respondent) -> None:
    page = person.start()
    with db.transaction() as session:
        session.query(Survey).one().state = "draft"
    before = respondents.dump()

    refused = person.fill(page, {"again": "other", "again.other": "Not <b>lost</b>"})

    assert refused.status == 404
    assert "What you just wrote was not saved" in refused.words
    assert "Not <b>lost</b>" in refused.words
    assert "<b>" not in refused.source
    assert respondents.dump() == before


def test_french_is_chosen_once_and_kept_on_every_page_and_redirect(person: Respondent) -> None:
    welcome = person.open(person.get().links()["Français"])
    section = person.post("/start?lang=fr", {"route": "full"})
    second = person.fill(section, {"again": "no"})
    review = person.fill(second, {"errors": "y" * 10})
    refused = person.fill(person.get("/section/2?lang=fr"), {"errors": "y" * 103})
    done = Page(person.client.post(person.address("/submit?lang=fr"), follow_redirects=True))

    assert "Ce questionnaire est anonyme." in welcome.words
    assert person.address("/start?lang=fr") in welcome.forms()
    assert section.title.startswith("Partie 1 sur 2")
    assert "Tout à fait d’accord" in section.words
    assert "Sans objet" in section.words
    assert "3 caractères de trop" in refused.problems[0][1]
    for page in (welcome, section, second, review, refused, done):
        assert page.language == "fr"
        ours = [address for address in (*page.forms(), *page.links().values()) if address.startswith("/r/")]
        assert all("lang=" in address for address in ours)
        assert page.links().get("English", "lang=en").endswith("lang=en")


def test_changing_the_language_in_the_middle_of_a_page_keeps_what_was_answered(person: Respondent) -> None:
    page = person.fill(person.start(), {"again": "yes", "useful": "4"}, {"language": "fr"})

    assert page.title.startswith("Partie 1 sur 2")
    assert page.forms()[f"{person.address('/section/1')}?lang=fr"]["q-useful"] == "4"


def test_the_language_is_the_persons_own_then_the_browsers_then_the_first(app: Flask, client: FlaskClient) -> None:
    own_browser_expected = [("fr", "en", "fr"), ("fr-CH", "en", "fr"), ("en", "fr", "en"), ("sw", "de", "en"),
                            (None, "fr-CH,fr;q=0.9,en;q=0.5", "fr"), (None, "", "en")]  # fmt: skip
    with db.transaction() as session:
        event = builders.make_event(session)
        for number, (own, _, _) in enumerate(own_browser_expected):
            builders.attend(session, event, builders.make_person(session, name=f"Person {number}", language=own))
        found = builders.open_survey(session, event, SAMPLE)

    for token, (_, browser, expected) in zip(found, own_browser_expected, strict=True):
        page = Respondent(client, token).get(headers={"Accept-Language": browser})
        assert page.language == expected


def test_the_first_and_the_last_page_lead_to_planned_actions_in_the_language_of_the_page(person: Respondent) -> None:
    answer_everything(person)
    person.post("/submit")

    english, french = "See, change or withdraw what you planned", "Voir, modifier ou retirer ce que vous avez prévu"
    for path, label in (("", "Tell us what you plan to do"), ("/done", english), ("/done?lang=fr", french)):
        page = person.get(path)
        actions = person.open(page.links()[label])
        assert actions.status == 200
        assert actions.language == page.language
        assert actions.response.request.path.startswith("/a/")
