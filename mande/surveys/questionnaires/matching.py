"""When two spellings are the same: case, white space and the shape of apostrophes, quotes and dashes aside."""

import unicodedata
from functools import lru_cache

_SHAPES = str.maketrans(
    dict.fromkeys("‘’‚‛ʼʹ`´′", "'") | dict.fromkeys("“”„‟″«»", '"') | dict.fromkeys("‐‑‒–—―−", "-") | {"…": "..."}
)


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """What all spellings of one thing have in common."""
    return " ".join(unicodedata.normalize("NFC", text.translate(_SHAPES)).casefold().split())
