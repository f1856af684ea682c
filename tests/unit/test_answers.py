import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from mande.surveys.questionnaires import answers
from mande.surveys.questionnaires.answers import clean
from mande.surveys.questionnaires.answers import normalise_text
from mande.surveys.questionnaires.definition import find
from mande.surveys.questionnaires.definition import load
from mande.surveys.questionnaires.definition import parse

PARTICIPANTS = find("participants")
LONGTERM = find("carpentries-longterm-2019")
EVERY_WAY = load(Path(__file__).parents[1] / "samples" / "every_way.yaml")
SMALL = parse(
    {
        "code": "small",
        "version": 1,
        "role": "partner",
        "title": "Small",
        "minutes": 1,
        "languages": ["en"],
        "strata": [],
        "sections": [
            {
                "code": "only",
                "title": "Only",
                "questions": [
                    {
                        "code": "kind",
                        "type": "single",
                        "text": "Kind?",
                        "options": [{"code": "another", "label": "Another"}, {"code": "same", "label": "Same"}],
                        "other": True,
                        "core": True,
                        "max_length": 10,
                    }
                ],
            }
        ],
    }
)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  one\r\ntwo\rthree ", "one\ntwo\nthree"),
        ("tab\there", "tab here"),
        ("bell\x07 nul\x00 escape\x1b[31m", "bell nul escape[31m"),
        ("safe\u202egpj.exe", "safegpj.exe"),
        ("\u2066isolated\u2069", "isolated"),
        ("cafe\u0301", "café"),
        (" \t\r\n\u00a0\u2003", ""),
        ("\u200b\u200d\u2060\ufeff", ""),
        ("line  \nends   ", "line\nends"),
        ("a\n\n\n\n\n\nb", "a\n\n\nb"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("lone \ud800 surrogate", "lone  surrogate"),
        ("<b>&amp; 'quoted'", "<b>&amp; 'quoted'"),
    ],
)
def test_text_is_kept_as_it_reads_without_what_cannot_be_seen(typed: str, kept: str) -> None:
    assert normalise_text(typed) == kept


def test_a_short_text_is_one_line() -> None:
    assert normalise_text(" two\r\n  lines\u2028three ", one_line=True) == "two lines three"


@given(st.text(max_size=80))
@settings(max_examples=300)
def test_normalising_twice_changes_nothing_and_leaves_nothing_that_can_mislead(typed: str) -> None:
    once = normalise_text(typed)

    assert normalise_text(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert once == once.strip()
    assert not any(unicodedata.category(sign) in ("Cc", "Cs") and sign != "\n" for sign in once)
    assert not any(unicodedata.bidirectional(sign) in ("LRO", "RLO", "LRE", "RLE", "PDF", "RLI") for sign in once)
    once.encode()


def test_codes_of_texts_come_with_their_questions() -> None:
    assert {code: question.code for code, question in answers.text_codes(PARTICIPANTS).items()} == {
        "security_detail": "security_detail",
        "intended_use.other": "intended_use",
        "what_will_change": "what_will_change",
        "most_valuable": "most_valuable",
        "improve": "improve",
    }


def test_unknown_codes_are_found() -> None:
    given_codes = ["usefulness", "inclusion_access", "inclusion_access.language", "usefulness.other", "shoe_size"]

    assert answers.unknown(PARTICIPANTS, given_codes) == ["inclusion_access", "usefulness.other", "shoe_size"]


def test_what_can_be_is_kept_in_the_order_of_the_questionnaire() -> None:
    given_answers = {
        "improve": " Shorter\r\nbreaks ",
        "inclusion_access.language": "na",
        "recommend": "10",
        "intended_use": ["joint_work", "other", "brief"],
        "intended_use.other": " a\nfilm ",
        "usefulness": "5",
    }

    kept = clean(PARTICIPANTS, given_answers)

    assert list(kept.items()) == [
        ("usefulness", "5"),
        ("inclusion_access.language", "na"),
        ("intended_use", ["brief", "joint_work", "other"]),
        ("intended_use.other", "a film"),
        ("recommend", "10"),
        ("improve", "Shorter\nbreaks"),
    ]


@pytest.mark.parametrize(
    "impossible",
    [
        {"usefulness": "6"},
        {"usefulness": 5},
        {"usefulness": ["5"]},
        {"recommend": "na"},
        {"security_concerns": "other"},
        {"inclusion_access": "5"},
        {"intended_use": ["film"]},
        {"intended_use": None},
        {"intended_use": []},
        {"improve": " \u200b "},
        {"improve": ["text"]},
        {"shoe_size": "44"},
    ],
)
def test_what_cannot_be_is_dropped(impossible: dict[str, object]) -> None:
    assert clean(PARTICIPANTS, impossible) == {}


def test_text_beside_an_other_that_is_not_chosen_is_dropped() -> None:
    assert clean(PARTICIPANTS, {"intended_use": ["brief"], "intended_use.other": "a film"}) == {
        "intended_use": ["brief"]
    }
    assert clean(SMALL, {"kind": "another", "kind.other": "a film"}) == {"kind": "another"}
    assert clean(SMALL, {"kind.other": "a film"}) == {}


def test_other_may_stand_without_a_text_and_its_text_is_cut_to_its_limit() -> None:
    assert clean(SMALL, {"kind": "other", "kind.other": " "}) == {"kind": "other"}
    assert clean(SMALL, {"kind": "other", "kind.other": "0123456789 and more"})["kind.other"] == "0123456789"


def test_none_of_these_goes_where_one_of_these_is_chosen() -> None:
    assert clean(PARTICIPANTS, {"intended_use": ["none", "brief"]}) == {"intended_use": ["brief"]}
    assert clean(PARTICIPANTS, {"intended_use": ["none"]}) == {"intended_use": ["none"]}
    assert clean(PARTICIPANTS, {"intended_use": ["none", "other"], "intended_use.other": "x"}) == {
        "intended_use": ["other"],
        "intended_use.other": "x",
    }


values = st.one_of(
    st.sampled_from(["1", "5", "na", "other", "none", "brief", "held_back", "10", ""]),
    st.lists(st.sampled_from(["brief", "none", "other", "na", "film"]), max_size=4),
    st.text(max_size=30),
    st.none(),
)


@given(st.dictionaries(st.sampled_from([*answers.codes(PARTICIPANTS), "shoe_size"]), values))
@settings(max_examples=200)
def test_cleaning_twice_changes_nothing_and_knows_every_code(given_answers: dict[str, object]) -> None:
    kept = clean(PARTICIPANTS, given_answers)

    assert clean(PARTICIPANTS, kept) == kept
    assert answers.unknown(PARTICIPANTS, kept) == []
    assert all(kept.values())


@pytest.mark.parametrize(
    ("code", "given_answer", "kept"),
    [
        ("hours", "1,200", "1200"),
        ("hours", "١٬٢٠٠", "1200"),
        ("hours", "2001", None),
        ("hours", "12.5", None),
        ("warmth", "−7", "-7"),
        ("warmth", "+7", "7"),
        ("arrived", "2021-06-30", "2021-06-30"),
        ("arrived", "2021-07-01", None),
        ("arrived", "2021-06-31", None),
        ("born", "1899-12-31", None),
        ("home", "NO", "NO"),
        ("home", "no", None),
        ("home", "EU", None),
        ("again", "yes", "yes"),
        ("again", "na", None),
        ("heard", "na", "na"),
        ("seven", "7", "7"),
        ("seven", "8", None),
        ("ranks.food", "3", "3"),
        ("ranks.food", "4", None),
        ("ranks", "1", None),
        ("before", "Read", None),
        ("used_for", ["write", "brief", "teach", "plan"], ["brief", "teach", "write"]),
        ("seven.comment", " Two \r\nlines ", "Two\nlines"),
        ("seven.comment", "x" * 1001, "x" * 1000),
        ("again.comment", "None was asked for", None),
    ],
)
def test_each_type_keeps_what_can_be(code: str, given_answer: object, kept: object) -> None:
    assert clean(EVERY_WAY, {code: given_answer}).get(code) == kept


def test_a_rank_is_given_once() -> None:
    assert clean(EVERY_WAY, {"ranks.people": "1", "ranks.calm": "1", "ranks.food": "2"}) == {
        "ranks.people": "1",
        "ranks.food": "2",
    }


def test_every_code_under_which_something_about_a_question_is_kept_is_known() -> None:
    ranks, heard = EVERY_WAY.question("ranks"), EVERY_WAY.question("heard")

    assert answers.question_codes(ranks) == ["ranks.people", "ranks.ideas", "ranks.calm", "ranks.food", "ranks.comment"]
    assert answers.question_codes(heard) == ["heard", "heard.other", "heard.comment"]
    assert answers.question_codes(EVERY_WAY.question("before")) == []


@pytest.mark.parametrize("sign", ["\ufdd0", "\ufffe", "\U0001ffff", "\ue000", "\U000e0041", "\x00"])
def test_characters_that_are_none_or_that_nobody_sees_are_not_kept(sign: str) -> None:
    assert normalise_text(f"a{sign}b") == "ab"
