"""Codes for what staff name in words only. Pure."""

import re
import unicodedata
from collections.abc import Collection

from mande.surveys.questionnaires import checking

LONGEST = 38
NAME = re.compile(r"[a-z][a-z0-9_-]{0,79}")
CODE = re.compile(r"[a-z][a-z0-9_]{0,37}")
CHOICE = re.compile(r"[a-z0-9][a-z0-9_-]{0,37}")
RESERVED = frozenset(checking.RESERVED)


def slug(text: str, words: int = 5) -> str:
    """The first words of a text as a code: "How useful was it?" becomes "how_useful_was_it"; "" without letters."""
    apart = unicodedata.normalize("NFKD", text.lower())
    bare = "".join(one for one in apart if not unicodedata.combining(one))
    found = re.findall(r"[a-z0-9]+", bare.replace("'", "").replace("’", ""))
    code = ""
    for word in found[:words]:
        longer = f"{code}_{word}" if code else word
        if len(longer) > LONGEST - 6:
            break
        code = longer
    return code


def fresh(wanted: str, taken: Collection[str], otherwise: str = "question") -> str:
    """A code like `wanted` that is neither taken nor reserved and begins with a letter: "trust", else "trust_2"."""
    stem = wanted if CODE.fullmatch(wanted) else slug(wanted) or otherwise
    stem = stem if stem[0].isalpha() else f"{otherwise}_{stem}"[:LONGEST]
    if stem not in taken and stem not in RESERVED:
        return stem
    base = re.sub(r"_\d+$", "", stem)[: LONGEST - 6]
    number = 2
    while f"{base}_{number}" in taken:
        number += 1
    return f"{base}_{number}"


def fresh_choice(wanted: str, taken: Collection[str]) -> str:
    """A code for an option: as `fresh`, and numbers may be codes too."""
    code = slug(wanted, 3)
    return code if code and code not in taken and code not in RESERVED else fresh(wanted, taken, "option")
