"""What owners of planned actions are suggested, and the dates that they take along: pure, without pages."""

import re
from datetime import UTC
from datetime import date
from datetime import datetime
from uuid import UUID
from uuid import uuid4

import pytest
from flask import Flask
from flask_babel import Babel
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from mande.events.kinds import Role
from mande.followup.owning import nudges
from mande.followup.owning.calendar import Entry
from mande.followup.owning.calendar import calendar
from mande.followup.owning.examples import examples
from mande.followup.owning.nudges import Kind

NOW = datetime(2021, 6, 10, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("sentence", "language", "kind", "words"),
    [
        ("Train twelve colleagues in hosting hybrid talks", "en", None, ""),
        ("Write to both ministries", "en", None, ""),
        ("Support our embassy", "en", Kind.VAGUE, "Support"),
        ("I'll think about the role of trust", "en", Kind.VAGUE, "think"),
        ("We plan to follow up with those we met", "en", Kind.VAGUE, "follow up"),
        ("I will try to improve our hybrid meetings", "en", Kind.VAGUE, "try to"),
        ("Support the ministry by training diplomats", "en", None, ""),
        ("Support 12 young colleagues", "en", None, ""),
        ("Supporting documents go to the ministry", "en", None, ""),
        ("Train staff", "en", Kind.SHORT, ""),
        ("", "en", Kind.SHORT, ""),
        ("Write to the minister and organise a seminar", "en", Kind.SEVERAL, ""),
        ("Train ten colleagues; write them a guide", "en", Kind.SEVERAL, ""),
        ("Train colleagues in Paris. Then all others", "en", Kind.SEVERAL, ""),
        ("Send Dr. Smith the note from Part One", "en", None, ""),
        ("Hold a workshop on trust and reporting", "en", None, ""),
        ("Write a paper " + "on this and that " * 12, "en", Kind.LONG, ""),
        ("Réfléchir à la place du numérique", "fr", Kind.VAGUE, "Réfléchir"),
        ("Je vais soutenir les collègues du ministère", "fr", Kind.VAGUE, "soutenir"),
        ("Former dix collègues et publier un guide", "fr", Kind.SEVERAL, ""),
        ("Former dix collègues à la médiation", "fr", None, ""),
        ("Apoyar a la embajada", "es", Kind.VAGUE, "Apoyar"),
        ("Redactar una nota y enviar una carta", "es", Kind.SEVERAL, ""),
        ("Redactar una nota para el ministerio", "es", None, ""),
        ("سأحاول تحسين الاجتماعات", "ar", Kind.VAGUE, "سأحاول"),
        ("سأحاول تحسين الاجتماعات", "en", Kind.VAGUE, "سأحاول"),
        ("تدريب الزملاء على الوساطة وكتابة مقال", "ar", Kind.SEVERAL, ""),
        ("تدريب عشرة زملاء على الوساطة", "ar", None, ""),
        ("Support our embassy", "fr", Kind.VAGUE, "Support"),
        ("Support our embassy", "ar", Kind.VAGUE, "Support"),
        ("Apoyar a la embajada", "sw", None, ""),
    ],
)
def test_a_sentence_is_nudged_towards_what_others_can_see(sentence, language, kind, words) -> None:
    nudge = nudges.suggest(sentence, language)

    assert (nudge and nudge.kind) == kind
    assert (nudge.words if nudge else "") == words


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=400), st.sampled_from(["en", "fr", "es", "ar", "xx"]))
def test_whatever_is_typed_there_is_one_suggestion_at_most_and_its_words_are_the_owners(text: str, language: str):
    nudge = nudges.suggest(text, language)

    assert nudge is None or nudge.words in text


@pytest.mark.parametrize("roles", [{Role.PARTICIPANT}, {Role.SPEAKER, Role.PARTICIPANT}, {Role.PARTNER}, set()])
def test_examples_suit_topics_and_role_and_are_none_that_would_be_nudged(roles: set[Role]) -> None:
    app = Flask(__name__)
    Babel(app)
    with app.test_request_context():
        with_topic, without = examples(roles, ["", "x" * 90, "Trust"]), examples(roles, [])

    assert with_topic[0] == "Hold a workshop on “Trust” for ten colleagues"
    assert without[1:] == with_topic[1:]
    assert {nudges.suggest(one, "en") for one in [*with_topic, *without]} == {None}


def unfolded(file: bytes) -> list[str]:
    """The content lines, read as RFC 5545 says."""
    assert file.endswith(b"\r\n")
    return file.decode().replace("\r\n ", "").removesuffix("\r\n").split("\r\n")


def text_of(lines: list[str], name: str) -> list[str]:
    marks = {"\\n": "\n", "\\N": "\n", "\\,": ",", "\\;": ";", "\\\\": "\\"}
    found = [line.partition(":")[2] for line in lines if line.startswith(f"{name}:")]
    return [re.sub(r"\\.", lambda mark: marks[mark.group()], one) for one in found]


def test_a_calendar_file_holds_whole_days_that_are_private_and_take_no_time() -> None:
    subject = UUID(int=7)
    file = calendar([Entry(subject, date(2021, 12, 31), "Train, and write; a\\b", "Line\r\nand line")], NOW)

    lines = unfolded(file)
    assert lines[:4] == ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Mande//Planned actions//EN", "CALSCALE:GREGORIAN"]
    assert lines[4] == "BEGIN:VEVENT"
    assert lines[6:] == [
        "DTSTAMP:20210610T093000Z",
        "DTSTART;VALUE=DATE:20211231",
        "DTEND;VALUE=DATE:20220101",
        r"SUMMARY:Train\, and write\; a\\b",
        r"DESCRIPTION:Line\nand line",
        "CLASS:PRIVATE",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    assert subject.hex not in lines[5].replace("-", "")


def test_an_action_keeps_its_uid_and_no_other_has_it() -> None:
    one, other = uuid4(), uuid4()
    first = unfolded(calendar([Entry(one, date(2021, 7, 1), "x"), Entry(other, date(2021, 7, 1), "x")], NOW))
    again = unfolded(calendar([Entry(one, date(2022, 1, 1), "y")], NOW))

    uids = text_of(first, "UID")
    assert len(set(uids)) == 2
    assert text_of(again, "UID") == uids[:1]


ANY_TEXT = st.text(st.characters(codec="utf-8") | st.sampled_from("\r\n\\;,:é€😀\u2028"), max_size=200)


@settings(max_examples=150, deadline=None)
@given(ANY_TEXT, ANY_TEXT, st.dates())
def test_whatever_people_typed_a_calendar_file_keeps_its_shape(summary: str, description: str, day: date) -> None:
    file = calendar([Entry(UUID(int=1), day, summary, description)], NOW)

    for line in file.split(b"\r\n"):
        assert len(line) <= 75
        line.decode()
    assert b"\n" not in file.replace(b"\r\n", b"")
    assert b"\r" not in file.replace(b"\r\n", b"")
    lines = unfolded(file)
    assert [line for line in lines if line.startswith("BEGIN:")] == ["BEGIN:VCALENDAR", "BEGIN:VEVENT"]
    assert [line.partition(":")[0] for line in lines].count("SUMMARY") == 1
    plain = re.sub("\r\n|[\r\x0b\x0c\x85\u2028\u2029]", "\n", summary)
    assert text_of(lines, "SUMMARY") == [re.sub("[\x00-\x09\x0b-\x1f\x7f]", "", plain)]
