"""How two spellings of a word are compared."""

import unicodedata
from functools import lru_cache


@lru_cache(maxsize=8192)
def key(text: str) -> str:
    """What two spellings of a header or a word have in common: lower case, no accents, single spaces."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(" " if not one.isalnum() else one for one in apart if not unicodedata.combining(one))
    return " ".join(bare.split())
