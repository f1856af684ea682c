import pytest

from mande import keyring
from mande.keyring import Keyring
from mande.keyring import KeyringError


def test_the_newest_key_comes_first_and_the_older_ones_are_still_found() -> None:
    old, new = keyring.new_key(), keyring.new_key()
    ring = Keyring.parse("MANDE_LINK_KEYS", f"{new}, {old}")

    assert ring.newest == bytes.fromhex(new)
    assert ring.find(keyring.fingerprint(bytes.fromhex(old))) == bytes.fromhex(old)


@pytest.mark.parametrize("text", ["", " , ", "not hexadecimal", "abcd"])
def test_a_malformed_ring_is_refused_with_the_cure(text: str) -> None:
    with pytest.raises(KeyringError, match="mande keys new"):
        Keyring.parse("MANDE_LINK_KEYS", text)


def test_a_key_that_is_gone_is_asked_for_by_its_fingerprint() -> None:
    with pytest.raises(KeyringError, match="0123456789abcdef"):
        Keyring("MANDE_LINK_KEYS", (b"k" * 32,)).find("0123456789abcdef")


def test_a_ring_never_shows_its_keys() -> None:
    key = keyring.new_key()

    assert key not in repr(Keyring.parse("MANDE_LINK_KEYS", key))
    assert "\\x" not in repr(Keyring.parse("MANDE_LINK_KEYS", key))
