"""The names of a form as codes of ours. Pure."""

import re
import unicodedata
from collections.abc import Iterable

from mande.surveys.questionnaires.checking import RESERVED

LONGEST = 38
LONGEST_FORM = 80


class Codes:
    """Gives each name a code of its own."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self.taken = {*RESERVED, *taken}

    def give(self, name: str, fallback: str) -> str:
        """`name` where it is a code that nothing has, or else something like it."""
        wanted = _bare(name, LONGEST) or fallback
        wanted = wanted if wanted[0].isalpha() else f"{fallback[:1]}{wanted}"[:LONGEST]
        return self._first_free(wanted)

    def choice(self, name: str, fallback: str) -> str:
        """The same of a choice, whose code may begin with a digit and hold a hyphen."""
        wanted = _bare(name, LONGEST, "-") or fallback
        return self._first_free(wanted)

    def _first_free(self, wanted: str) -> str:
        code, number = wanted, 2
        while code in self.taken:
            tail = f"_{number}"
            code, number = wanted[: LONGEST - len(tail)] + tail, number + 1
        self.taken.add(code)
        return code


def of_form(name: str) -> str:
    """A whole questionnaire's code, which may hold hyphens."""
    wanted = _bare(name, LONGEST_FORM, "-").lstrip("-_0123456789")
    return wanted or "form"


def _bare(name: str, longest: int, also: str = "") -> str:
    plain = "".join(one for one in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(one))
    kept = re.sub(rf"[^a-z0-9_{also}]+", "_", plain)
    return (kept if kept == name else kept.strip("_-"))[:longest]
