"""Reading people's names as lists have them: "EXAMPLE, Ada", "Dr Ada EXAMPLE", "Ada Example, PhD". Pure.

A name is kept as a letter would have it, given name first, without titles and with capitals at the beginnings only.
What might be something else than a family name with a given name after a comma is left as it stands.
"""

import re
from functools import lru_cache

from mande.events.importing.vocabulary import listed
from mande.events.words import key

TITLES = listed(
    "mr, mrs, ms, miss, mx, dr, prof, professor, sir, dame, lord, lady, rev, he, hrh, amb, ambassador, hon, "
    "honourable, honorable, m, mme, mlle, me, sr, sra, srta, dra, don, dona, herr, frau, ing, dipl, mag"
)
AFTER = listed(
    "phd, dphil, md, mp, mep, msc, ma, ba, mba, mpa, llm, llb, llm, jd, esq, kc, qc, cmg, kcmg, gcmg, cbe, obe, "
    "mbe, kbe, dbe, frs, rn, cpa, facp"
)
GENERATIONS = {"jr": "Jr", "sr": "Sr", "ii": "II", "iii": "III", "iv": "IV"}
PARTICLES = listed(
    "de, del, della, delle, degli, di, da, das, do, dos, du, des, la, las, le, les, los, van, von, vom, zu, zum, "
    "der, den, ten, ter, af, av, bin, bint, ibn, el, al, e, y"
)
VOWELS = frozenset("aeiouy")
NO_NAME_WITH = listed(
    "ministry, ministere, ministerio, ministerium, university, universite, universidad, embassy, ambassade, "
    "institute, institut, council, commission, committee, department, office, agency, centre, center, foundation, "
    "society, union, bank, group, ltd, inc, gmbh, of, for, the, and"
)


@lru_cache(maxsize=32768)
def read(cell: str) -> str:
    """The whole name that a cell holds; what is no name with a comma comes back as it is."""
    text = " ".join(cell.split()).strip('"“”„« »')
    parts = [part.strip() for part in re.split("[,،]", text)]
    kept, generation = _without_endings(parts)
    if len(kept) == 2 and _may_be_surname_first(kept):
        kept = [f"{_untitled(kept[1])} {_untitled(kept[0])}"]
    if len(kept) != 1:
        return text
    whole = recased(_untitled(kept[0]))
    return f"{whole} {generation}".strip() if whole else text


def given(cell: str) -> str:
    """A cell with given names, without the title before them."""
    text = " ".join(cell.split())
    return recased(_untitled(text)) or text


def recased(name: str) -> str:
    """The name with capitals at the beginnings only: "Ada EXAMPLE", "ADA EXAMPLE", "Juan DE LA CRUZ"."""
    words = name.split()
    shouted = [_is_shouted(word) for word in words]
    if not any(shouted) or len(words) == 1:
        return name
    if not all(shouted) and shouted[0] and len(words[0]) <= 3 and not VOWELS & set(key(words[0])):
        shouted[0] = False
    calm = [_calm(words[place], place > 0) if loud else words[place] for place, loud in enumerate(shouted)]
    return " ".join(calm)


def _without_endings(parts: list[str]) -> tuple[list[str], str]:
    """What is before and after the comma, without degrees and honours, and the generation (Jr)."""
    kept, generation = parts[:1], ""
    for part in parts[1:]:
        words = key(part.replace(".", "")).split()
        if len(words) == 1 and words[0] in GENERATIONS:
            generation = GENERATIONS[words[0]]
        elif part and not all(word in AFTER for word in words):
            kept.append(part)
    return kept, generation


def _may_be_surname_first(parts: list[str]) -> bool:
    return all(0 < len(part.split()) <= 4 and not NO_NAME_WITH & set(key(part).split()) for part in parts)


def _untitled(name: str) -> str:
    words = name.split()
    while len(words) > 1 and key(words[0].replace(".", "")) in TITLES and _is_title(words[0], words[1:]):
        words.pop(0)
    return " ".join(words)


def _is_title(word: str, rest: list[str]) -> bool:
    """Whether a word that may be a title is one: what is as short as an initial or a name needs to be written so."""
    bare = key(word.replace(".", ""))
    if bare in ("he", "m", "me", "don", "mag", "ing"):
        return len(rest) > 1 and (bare not in ("he", "don") or word.replace(".", "").isupper())
    return True


def _is_shouted(word: str) -> bool:
    letters = [one for one in word.removeprefix("Mc").removeprefix("Mac") if one.isalpha()]
    return len(letters) > 1 and all(one.isupper() for one in letters) and "." not in word


def _calm(word: str, inside: bool) -> str:
    if inside and key(word) in PARTICLES:
        return word.lower()
    calm, start = "", True
    for place, one in enumerate(word):
        calm += one if start else one.lower()
        start = not one.isalpha() and not (one in "'’" and len(word) - place <= 2)
        start = start or (calm in ("Mc", "Mac") and len(word) > 4 and word[:3] != "MAC")
    return calm
