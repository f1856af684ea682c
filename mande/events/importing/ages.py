"""Age bands as lists write them. Pure."""

import re

from mande.events.kinds import AgeBand
from mande.events.words import key

OLDEST = 120
BOUNDS = {
    AgeBand.UNDER_30: range(30),
    AgeBand.FROM_30_TO_44: range(30, 45),
    AgeBand.FROM_45_TO_59: range(45, 60),
    AgeBand.FROM_60: range(60, OLDEST + 1),
}
_UNDER = re.compile(r"(?:<|under|below|less than|younger than|up to|moins de|menos de|unter)\s*(\d+)")
_OVER = re.compile(r"(?:>=?|≥|over|from|above|older than|plus de|mas de|uber)?\s*(\d+)\s*(?:\+|plus|and over|and above|"
                   r"or over|or above|ans et plus|o mas|und alter|years and over)?")  # fmt: skip
_RANGE = re.compile(r"(\d+)\s*(?:-|–|—|to|a|bis|/)\s*(\d+)(?:\s*(?:years|ans|anos|jahre))?")


def find(text: str) -> AgeBand | None:
    """The band that a cell means, or None: "30-44", "under 30", "60+", an age such as "37".

    Another list's band is taken where it lies within one of ours: "18-25" does, "25-34" does not.
    """
    plain = " ".join(text.casefold().split())
    for band in AgeBand:
        if key(plain) == key(band.value):
            return band
    within = _RANGE.fullmatch(plain) or _RANGE.fullmatch(key(plain))
    if within:
        return _holding(int(within[1]), int(within[2]))
    under = _UNDER.fullmatch(plain) or _UNDER.fullmatch(key(plain))
    if under:
        return AgeBand.UNDER_30 if 0 < int(under[1]) <= 30 else None
    over = _OVER.fullmatch(plain) or _OVER.fullmatch(key(plain))
    if over is None:
        return None
    age = int(over[1])
    return _holding(age, age if plain.isdigit() else OLDEST)


def _holding(first: int, last: int) -> AgeBand | None:
    return next((band for band, ages in BOUNDS.items() if first <= last and first in ages and last in ages), None)
