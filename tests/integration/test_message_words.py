"""What each message says, word for word: golden/messages. After a change that is meant:

MANDE_GOLDEN=write pytest tests/integration/test_message_words.py
"""

import os
import re
from collections.abc import Iterator
from datetime import UTC
from datetime import date
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from mande import clock
from mande import db
from mande import languages
from mande.events.kinds import Role
from mande.events.models import Person
from mande.followup.asking import letters
from mande.followup.asking import wordings as followup_wordings
from mande.mail import composing
from mande.mail import own_words
from mande.mail import wordings
from mande.mail.own_words import Words
from mande.surveys import messages
from mande.surveys.mailings import own
from mande.surveys.models import Survey
from mande.surveys.questionnaires.definition import find

GOLDEN = Path(__file__).parent / "golden" / "messages"
NEUTRAL = ("thank_you_discreet", "invitation_discreet", "reminder_discreet", "last_call_discreet", "check_in_discreet",
           "followup_thanks_discreet")  # fmt: skip


@pytest.fixture(autouse=True)
def a_day_after(app: Flask) -> Iterator[None]:
    clock.move_to(datetime(2021, 6, 10, 9, tzinfo=UTC))
    yield
    clock.move_to(None)


def values(name: str, language: str, **changes: Any) -> dict[str, Any]:
    event = own.example()
    event.title, event.manager_name, event.convenor = "Diplomacy online", "Robin Manager", "Example House"
    person = Person(name="Ana “Zoë” O'Neil", language=language)
    with db.reading() as session:
        return {**wordings.known()[name].sample(session, event, person), **changes}


def agree(file: str, content: str) -> None:
    if os.environ.get("MANDE_GOLDEN") == "write":
        (GOLDEN / file).write_text(content)
    assert content == (GOLDEN / file).read_text(), file


def test_every_message_says_what_was_agreed_in_every_language_as_text_and_as_html(app: Flask) -> None:
    for name in wordings.known():
        for language in languages.INTERFACE:
            composed = composing.compose(name, language, **values(name, language))
            agree(f"{name}.{language}.txt", f"Subject: {composed.subject}\n\n{composed.text}")
            agree(f"{name}.{language}.html", composed.html)
    kinds = {path.name.partition(".")[0] for path in GOLDEN.iterdir()}
    assert kinds == {*wordings.known(), "variants"}


def test_what_differs_from_person_to_person_says_what_was_agreed(app: Flask) -> None:
    event = own.example()
    reader = Person(name="Ana")
    plan = [followup_wordings.Example("Write")]
    variants = {
        "partner": ("invitation", values("invitation", "en", role="partner")),
        "speaker, named": ("invitation", values("invitation", "en", role="speaker", anonymous=False)),
        "no short way": ("invitation", values("invitation", "en", has_short_route=False)),
        "not the last, no closing": ("reminder", values("reminder", "en", last=False, closes=None)),
        "a minute, by name": (
            "last_call",
            values("last_call", "en", minutes=1, anonymous=False, has_short_route=False),
        ),
        "own date": ("check_in", letters.values_of(event, reader, "due-2021-09-15", plan)),
        "a month": ("check_in", letters.values_of(event, reader, "month-1", plan)),
    }
    said = [f"##### {what}\n{(found := composing.compose(name, 'en', **known)).subject}\n\n{found.text}"
            for what, (name, known) in variants.items()]  # fmt: skip

    agree("variants.txt", "\n".join(said))


def test_a_discreet_message_says_nothing_of_the_event_in_any_language(app: Flask) -> None:
    assert {name for name, wording in wordings.known().items() if wording.discreet} == set(NEUTRAL)
    for name in NEUTRAL:
        for language in languages.INTERFACE:
            composed = composing.compose(name, language, **values(name, language))
            said = composed.subject + composed.text + composed.html
            assert not re.search("Diplomacy|Example House|Robin|EXAMPLE", said), (name, language)


def test_our_own_words_are_where_staff_begin_and_say_the_same_when_they_are_saved_as_they_are(app: Flask) -> None:
    for name, wording in wordings.known().items():
        for language in languages.INTERFACE:
            words = composing.ours(wording, language)
            assert own_words.check(words, wording.offer) == []
            assert "\u2068" not in words.subject + words.text
            known = values(name, language)
            saved = composing.compose(name, language, {(name, language): words}, **known)
            ours = composing.compose(name, language, **known)
            assert (saved.subject, _bare(saved.text)) == (ours.subject, _bare(ours.text)), (name, language)


def test_every_sentence_that_can_be_put_in_is_one_of_the_message_s_own(app: Flask) -> None:
    for name, wording in wordings.known().items():
        blocks = app.jinja_env.get_template(f"mail/{name}.txt").blocks
        assert set(blocks) == wording.offer.sentences, name


OWN = Words("{event}: <b>", "Dear {name},\n\nuntil {closes}\n\n{link: Go & see}")


def test_own_words_are_used_in_their_language_alone(app: Flask) -> None:
    mine = {("invitation", "en"): OWN}
    english = composing.compose("invitation", "en", mine, **values("invitation", "en"))
    french = composing.compose("invitation", "fr-CH", mine, **values("invitation", "fr"))

    assert (english.subject, english.language) == ("Diplomacy online: <b>", "en")
    assert english.text == "Dear Ana “Zoë” O'Neil,\n\nuntil 1 July 2021\n\nGo & see\n[[link]]\n"
    assert "Go &amp; see</a>" in english.html
    assert french == composing.compose("invitation", "fr", **values("invitation", "fr"))


@pytest.mark.parametrize(
    ("words", "changes"),
    [
        (OWN, {"closes": None}),
        (Words("S", "{nothing}\n{link: Go}"), {}),
        (Words("", "{link: Go}"), {}),
        (Words("S", "Diplomacy online\n{link: Go}"), {}),
    ],
)
def test_own_words_that_cannot_be_said_give_way_to_ours(
    app: Flask, words: Words, changes: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    known = values("invitation", "en", **changes)
    mine = {("invitation", "en"): words}

    assert composing.compose("invitation", "en", mine, ["Diplomacy online"], **known) == composing.compose(
        "invitation", "en", **known
    )


def test_from_right_to_left_what_people_typed_keeps_its_own_direction_in_own_words_too(app: Flask) -> None:
    words = Words("{event}", "{name} {event}\n{link: x}")
    composed = composing.compose("invitation", "ar", {("invitation", "ar"): words}, **values("invitation", "ar"))

    assert composed.subject == "Diplomacy online"
    assert "\u2068Diplomacy online\u2069" in composed.text
    assert 'dir="rtl"' in composed.html


def test_a_check_in_has_a_button_for_each_status_of_each_action_in_own_words_too(app: Flask) -> None:
    plan = [
        followup_wordings.Example("Write [[?b2=done]] & co", short="a1"),
        followup_wordings.Example("Train", short="c3"),
    ]
    known = letters.values_of(own.example(), Person(name="Ana"), "month-1", plan)
    mine = {("check_in", "en"): Words("S", "{actions}\n{link: Go}")}
    ours, theirs = (composing.compose("check_in", "en", words, **known) for words in (wordings.NONE, mine))

    for composed in (ours, theirs):
        asked = re.findall(r'href="\[\[link\]\]([^"]*)" aria-label="([^:"]*)', composed.html)
        statuses = ("not_started", "some_progress", "well_advanced", "done", "no_longer_planned")
        assert [query for query, _label in asked] == [f"?{short}={each}" for short in ("a1", "c3") for each in statuses]
        assert [label for _query, label in asked[:2]] == ["Not started", "Some progress"]
        assert composed.text.count("[[") == 1
        assert "Not started" not in composed.text
    french = composing.compose("check_in", "fr", **known)
    assert "Pas commencé" in french.html


def test_a_discreet_link_that_ends_early_says_its_last_whole_day(app: Flask) -> None:
    event, person = own.example(), Person(name="Ana", language="en")
    survey = Survey(role=Role.PARTICIPANT, anonymous=True, closes_at=datetime(2021, 6, 30, 22, 59, tzinfo=UTC))
    ends = datetime(2021, 6, 17, 9, tzinfo=UTC)

    def closes(expires_at: datetime | None) -> date:
        return messages.values_of(event, survey, find("participants"), person, True, expires_at)["closes"]

    assert closes(ends) == date(2021, 6, 16)
    assert closes(datetime(2021, 7, 4, 9, tzinfo=UTC)) == closes(None) == date(2021, 6, 30)


def _bare(text: str) -> str:
    """Without the marks that keep a value apart, which surround it in own words wherever it stands."""
    return re.sub("[\u2066-\u2069]", "", text)
