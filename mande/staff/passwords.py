"""Passwords: what is accepted, how one is made up, and checking that takes as long for an unknown address."""

import secrets
from functools import cache

from werkzeug.security import check_password_hash
from werkzeug.security import generate_password_hash

SHORTEST = 12
LONGEST = 200
# No letters or digits that are taken for each other when read out or typed from paper.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def hashed(password: str) -> str:
    """The scrypt hash to be stored."""
    return generate_password_hash(password)


def matches(stored: str | None, password: str) -> bool:
    """Whether the password is the one that was hashed; for None (nobody has that address) False, in the same time."""
    fits = check_password_hash(stored or _nobodys(), password)
    return fits and stored is not None


def made_up() -> str:
    """A password of 99 random bits in groups that can be read out: abcd-efgh-jkmn-pqrs-tuvw."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(5))


def problem_with(password: str, *known: str) -> str | None:
    """Why the password is not accepted, in a sentence, or None. `known` is what others know of the person."""
    if len(password) < SHORTEST:
        return f"Choose at least {SHORTEST} characters. Four words in a row are long and easy to keep in mind."
    if len(password) > LONGEST:
        return f"Choose at most {LONGEST} characters."
    if len(set(password)) < 5:
        return "Choose something less repetitive."
    lowered = password.lower()
    if any(len(word) >= 5 and lowered.strip() == word.lower() for word in known):
        return "Choose something other than your name or address."
    return None


@cache
def _nobodys() -> str:
    return hashed(secrets.token_hex(16))
