from uuid import UUID

import pytest
from hypothesis import assume
from hypothesis import given
from hypothesis import strategies as st

from mande.mail import verp

KEY = verp.key_of("s" * 64)
BOUNCES = "bounces@example.org"
MESSAGE = UUID("1f0e5a38-92f2-4f3a-9a3e-5c1d2b6a7e90")

messages = st.uuids()
code = st.text("abcdefghijklmnopqrstuvwxyz234567", min_size=36, max_size=36)


@given(messages)
def test_what_comes_back_tells_of_which_message_it_is(message: UUID) -> None:
    address = verp.make(BOUNCES, message, KEY)

    assert verp.read(BOUNCES, address, KEY) == message
    assert verp.read(BOUNCES, f" <{address.upper()}> ", KEY) == message


@given(messages)
def test_a_return_path_is_an_address_that_every_server_takes(message: UUID) -> None:
    longest = verp.make("b" * 24 + "@example.org", message, KEY)

    local, _at, domain = longest.rpartition("@")
    assert len(local) <= 64
    assert domain == "example.org"
    assert set(local) <= set("abcdefghijklmnopqrstuvwxyz234567+")


@given(code)
def test_nobody_can_make_up_an_address_for_a_message(made_up: str) -> None:
    assert verp.read(BOUNCES, f"bounces+{made_up}@example.org", KEY) is None


@given(messages, st.integers(0, 34), st.sampled_from("abcdefghijklmnopqrstuvwxyz234567"))
def test_an_address_with_another_letter_is_nobodys(message: UUID, place: int, letter: str) -> None:
    head, _plus, rest = verp.make(BOUNCES, message, KEY).partition("+")
    assume(rest[place] != letter)

    assert verp.read(BOUNCES, f"{head}+{rest[:place]}{letter}{rest[place + 1 :]}", KEY) is None


def test_the_key_of_another_installation_makes_other_addresses() -> None:
    other = verp.key_of("t" * 64)

    assert verp.read(BOUNCES, verp.make(BOUNCES, MESSAGE, other), KEY) is None


@pytest.mark.parametrize(
    "address",
    [
        "",
        "bounces@example.org",
        "bounces+@example.org",
        "robin@example.org",
        "bounces+" + "1" * 36 + "@example.org",
        verp.make("other@example.org", MESSAGE, KEY),
        verp.make("bounces@example.com", MESSAGE, KEY),
        verp.make(BOUNCES, MESSAGE, KEY).replace("+", "-"),
    ],
)
def test_an_address_that_is_none_of_ours_is_of_no_message(address: str) -> None:
    assert verp.read(BOUNCES, address, KEY) is None
