"""How two spellings of a word are compared."""

import unicodedata
from functools import lru_cache

_APART = {code: " " for code in range(128) if not chr(code).isalnum()}


@lru_cache(maxsize=8192)
def key(text: str) -> str:
    """What two spellings of a header or a word have in common: lower case, no accents, single spaces."""
    return plain_key(text)


def capital(text: str) -> str:
    """A text that begins with a capital, and is otherwise as it was typed."""
    return text[:1].upper() + text[1:]


def plain_key(text: str) -> str:
    """The same as `key`, remembering nothing: for what is compared once, and for more texts than can be remembered."""
    if text.isascii():
        return " ".join(text.lower().translate(_APART).split())
    apart = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(" " if not one.isalnum() else one for one in apart if not unicodedata.combining(one))
    return " ".join(bare.split())
