from urllib.parse import unquote
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mande import tokens

keys = st.binary(min_size=32, max_size=32)
nonces = st.binary(min_size=16, max_size=16)
subjects = st.uuids()


@given(keys, subjects, nonces)
def test_the_same_key_subject_and_nonce_always_give_the_same_token(key, subject, nonce) -> None:
    assert tokens.derive(key, subject, nonce) == tokens.derive(key, subject, nonce)


@given(keys, keys, subjects, nonces)
def test_another_key_gives_another_token(one, other, subject, nonce) -> None:
    assert (tokens.derive(one, subject, nonce) == tokens.derive(other, subject, nonce)) == (one == other)


@given(keys, subjects, nonces)
def test_a_token_is_128_bits_in_26_letters_and_digits_that_survive_a_mail_program(key, subject, nonce) -> None:
    token = tokens.derive(key, subject, nonce)

    assert len(token) == 26
    assert token.isalnum()
    assert token == token.lower()


@given(keys, subjects, nonces)
def test_a_token_is_recognised_in_capitals_and_with_a_line_broken_into_it(key, subject, nonce) -> None:
    token = tokens.derive(key, subject, nonce)

    assert tokens.normalise(f" {token[:9].upper()}\r\n {token[9:]} ") == token


@pytest.mark.parametrize(
    "spoilt",
    [
        "{}.", "{}>", "<{}>", "“{}”,", "({}).", "{}\u00a0", "{}/", "{}=", "{}%3E",
        "{0:.10}=\r\n{1}", "{0:.10}= {1}", "{0:.10}\u00ad{1}", "{0:.10}\u200b{1}", "{0:.10}-{1}",
    ],
)  # fmt: skip
def test_what_a_mail_program_does_to_a_token_is_forgiven(spoilt: str) -> None:
    token = tokens.derive(b"k" * 32, uuid4(), tokens.new_nonce())

    assert tokens.normalise(unquote(spoilt).format(token, token[10:])) == token


def test_letters_that_a_hand_mistakes_or_a_telephone_widens_are_forgiven() -> None:
    token = "abcdefghijklmnopqrstuvwob2"

    assert tokens.normalise("ABCDEFGHIJKLMNOPQRSTUVW082") == token
    assert tokens.normalise("ａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｏｂ２") == token


@pytest.mark.parametrize("length", [0, 1, 25, 27, 52])
def test_a_token_that_was_cut_or_doubled_is_none(length: int) -> None:
    assert tokens.normalise("a" * length) is None


@given(st.text(max_size=40))
def test_what_is_not_a_token_is_refused_without_an_error(text) -> None:
    found = tokens.normalise(text)

    assert found is None or len(found) == 26


def test_digest_locator_and_box_key_differ_and_none_is_the_token() -> None:
    token = tokens.derive(b"k" * 32, uuid4(), tokens.new_nonce())
    derived = [tokens.digest(token), tokens.locator(token), tokens.box_key(token)]

    assert len({*derived, token.encode()}) == 4
    assert all(len(value) == 32 for value in derived)
