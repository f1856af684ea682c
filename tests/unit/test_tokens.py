from uuid import uuid4

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


@given(st.text(max_size=40))
def test_what_is_not_a_token_is_refused_without_an_error(text) -> None:
    found = tokens.normalise(text)

    assert found is None or len(found) == 26


def test_digest_locator_and_box_key_differ_and_none_is_the_token() -> None:
    token = tokens.derive(b"k" * 32, uuid4(), tokens.new_nonce())
    derived = [tokens.digest(token), tokens.locator(token), tokens.box_key(token)]

    assert len({*derived, token.encode()}) == 4
    assert all(len(value) == 32 for value in derived)
