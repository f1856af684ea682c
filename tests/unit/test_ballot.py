import json
from dataclasses import replace
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from mande import tokens
from mande.surveys.answering import ballot
from mande.surveys.answering.ballot import Box
from mande.surveys.answering.ballot import BoxError
from mande.surveys.answering.ballot import Response

PUBLIC, PRIVATE = ballot.new_survey_key()
TOKEN = tokens.derive(b"l" * 32, uuid4(), b"n" * 16)
OTHER_TOKEN = tokens.derive(b"l" * 32, uuid4(), b"n" * 16)

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
responses = st.builds(
    Response,
    answers=st.dictionaries(texts, texts | st.lists(texts, max_size=3), max_size=5),
    strata=st.dictionaries(texts, texts, max_size=3),
    submitted=st.booleans(),
    route=st.sampled_from(["full", "short"]),
    invitation=st.none() | st.uuids(),
)


@given(response=responses)
@settings(max_examples=60, deadline=None)
def test_a_box_gives_back_what_was_put_in_to_the_link_and_to_the_survey(response: Response) -> None:
    box = ballot.seal(response, TOKEN, PUBLIC)

    assert ballot.open_with_link(box, TOKEN) == response
    assert ballot.SurveyOpener(PRIVATE).open(box) == response


def test_another_link_does_not_open_a_box() -> None:
    box = ballot.seal(Response(), TOKEN, PUBLIC)

    with pytest.raises(BoxError, match="link"):
        ballot.open_with_link(box, OTHER_TOKEN)


def test_another_surveys_key_does_not_open_a_box() -> None:
    box = ballot.seal(Response(), TOKEN, PUBLIC)

    with pytest.raises(BoxError, match="key"):
        ballot.SurveyOpener(ballot.new_survey_key()[1]).open(box)


def test_a_box_copied_to_another_place_does_not_open() -> None:
    box = replace(ballot.seal(Response(), TOKEN, PUBLIC), locator=tokens.locator(OTHER_TOKEN))

    with pytest.raises(BoxError, match="another's place"):
        ballot.SurveyOpener(PRIVATE).open(box)


@pytest.mark.parametrize("part", ["sealed", "key_for_link", "key_for_survey"])
def test_a_box_with_one_bit_changed_does_not_open(part: str) -> None:
    box = ballot.seal(Response(answers={"useful": "5"}), TOKEN, PUBLIC)
    content = bytearray(getattr(box, part))
    content[len(content) // 2] ^= 1
    box = replace(box, **{part: bytes(content)})

    with pytest.raises(BoxError):
        _open_both_ways(box)


def _open_both_ways(box: Box) -> None:
    ballot.open_with_link(box, TOKEN)
    ballot.SurveyOpener(PRIVATE).open(box)


def test_a_box_has_the_same_size_whether_much_or_nothing_was_answered() -> None:
    full = Response(answers={"errors": "x" * 4000, "useful": "5"}, submitted=True)

    assert len(ballot.seal(full, TOKEN, PUBLIC).sealed) == len(ballot.seal(Response(), TOKEN, PUBLIC).sealed)


def test_a_response_of_more_than_about_seven_thousand_characters_is_seen_to_be_long() -> None:
    shown = [len(ballot.seal(Response(answers={"errors": "x" * length}), TOKEN, PUBLIC).sealed) // ballot.BLOCK
             for length in (0, 7000, 8200)]  # fmt: skip

    assert shown == [1, 1, 2]


def test_sealing_the_same_response_twice_gives_nothing_in_common() -> None:
    one, other = (ballot.seal(Response(answers={"useful": "5"}), TOKEN, PUBLIC) for _ in range(2))

    assert one.locator == other.locator
    assert one.sealed[:64] != other.sealed[:64]
    assert one.key_for_link != other.key_for_link
    assert one.key_for_survey != other.key_for_survey


def test_what_is_sealed_holds_no_time() -> None:
    written = json.loads(ballot._write(Response(submitted=True), b"place"))

    assert set(written) == {"answers", "box", "invitation", "route", "strata", "submitted", "unasked"}


def test_a_surveys_key_opens_only_with_the_operators_key() -> None:
    wrapped = ballot.wrap(PRIVATE, b"o" * 32)

    assert PRIVATE not in wrapped
    assert ballot.unwrap(wrapped, b"o" * 32) == PRIVATE
    with pytest.raises(BoxError, match="operator"):
        ballot.unwrap(wrapped, b"p" * 32)
