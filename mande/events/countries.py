"""Countries by ISO 3166-1 code or by name, in the languages that lists are written in; languages and zones likewise."""

import re
from collections.abc import Iterator
from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache
from functools import lru_cache
from typing import Any
from zoneinfo import available_timezones

from babel import Locale
from babel.core import get_global

from mande.events.words import key

WRITTEN_IN = ("en", "fr", "es", "de", "ar", "pt", "ru")

# What CLDR does not name, or names in another way: official names of the United Nations, old names, short forms.
_SYNONYMS = {
    "AE": "uae, emirates, e a u, eau",
    "BA": "bosnia, bih",
    "BF": "upper volta, haute volta",
    "BJ": "dahomey",
    "BN": "brunei darussalam",
    "BO": "plurinational state of bolivia",
    "BY": "byelorussia, white russia",
    "CD": "drc, dr congo, d r congo, democratic republic of congo, democratic republic of the congo, congo kinshasa, "
    "congo dem rep, congo the democratic republic of the, rdc, rd congo, zaire, republique democratique du congo",
    "CF": "car, rca",
    "CG": "republic of the congo, republic of congo, congo brazzaville, republique du congo",
    "CI": "ivory coast, costa de marfil, elfenbeinkuste, costa do marfim, cote divoire, cote d ivoire, "
    "republic of cote d ivoire",
    "CN": "people s republic of china, peoples republic of china, prc, china mainland, mainland china",
    "CV": "cape verde, cabo verde",
    "CZ": "czech republic, czech rep",
    "DE": "west germany, federal republic of germany, brd, rfa, allemagne federale",
    "EH": "western sahara, sahrawi arab democratic republic",
    "FK": "malvinas, islas malvinas, falkland islands malvinas, falklands",
    "FM": "federated states of micronesia, micronesia fed states of",
    "GB": "uk, u k, great britain, britain, england, scotland, wales, northern ireland, royaume uni, "
    "united kingdom of great britain and northern ireland, uk of great britain and northern ireland",
    "GM": "republic of the gambia, gambie",
    "HK": "hong kong, hong kong china, china hong kong sar, hong kong sar",
    "IR": "islamic republic of iran, iran islamic rep, persia",
    "KH": "kampuchea, kingdom of cambodia",
    "KN": "st kitts and nevis, st kitts",
    "KP": "dprk, democratic people s republic of korea, dem people s republic of korea, korea dem people s rep",
    "KR": "korea south, republic of korea, rok, korea rep, coree du sud, la coree, republique de coree",
    "LA": "lao pdr, lao people s democratic republic, lao people s dem republic, lao",
    "LC": "st lucia",
    "LK": "ceylon",
    "LY": "libyan arab jamahiriya, state of libya",
    "MD": "republic of moldova, moldavia",
    "MK": "macedonia, the former yugoslav republic of macedonia, former yugoslav republic of macedonia, fyrom, "
    "republic of north macedonia, macedonia fyr",
    "MM": "burma, union of myanmar",
    "MO": "macao, macau, china macao sar, macao sar",
    "NL": "holland, the netherlands, kingdom of the netherlands, netherlands kingdom of the",
    "PG": "png",
    "PS": "palestine, state of palestine, opt, occupied palestinian territory, west bank and gaza, gaza",
    "RO": "rom",
    "RU": "russian federation, russia federation, russian fed, российская федерация, федерация россии",
    "SA": "ksa, kingdom of saudi arabia",
    "ST": "sao tome, democratic republic of sao tome and principe",
    "SY": "syrian arab republic, syrian arab rep",
    "SZ": "swaziland, kingdom of eswatini",
    "TH": "siam",
    "TL": "east timor, timor leste, democratic republic of timor leste",
    "TR": "turkey, turkiye, republic of turkiye",
    "TW": "chinese taipei, taiwan province of china, taiwan china",
    "TZ": "united republic of tanzania, tanzania united rep",
    "US": "usa, u s a, u s, united states of america, the united states, america, etats unis d amerique, ee uu, eeuu, "
    "estados unidos de america, eua, estados unidos da america",
    "VA": "holy see, the holy see, vatican, vatican city state",
    "VC": "st vincent and the grenadines, st vincent",
    "VE": "bolivarian republic of venezuela, venezuela rb",
    "VN": "viet nam, socialist republic of viet nam",
    "XK": "xkx, kosovo under unscr 1244",
    "ZA": "rsa, republic of south africa, south african republic",
    "ZW": "rhodesia, southern rhodesia",
}
# Names of several countries, or of what became several: which one is for the list's author to say.
_SEVERAL = {
    "korea": ("KR", "KP"),
    "congo": ("CD", "CG"),
    "virgin islands": ("VG", "VI"),
    "yugoslavia": ("BA", "HR", "ME", "MK", "RS", "SI"),
    "serbia and montenegro": ("RS", "ME"),
    "czechoslovakia": ("CZ", "SK"),
    "soviet union": ("RU",),
    "ussr": ("RU",),
    "netherlands antilles": ("CW", "SX", "BQ"),
}
_LONG = {"rep": "republic", "dem": "democratic", "fed": "federated", "st": "saint", "is": "islands", "isl": "islands"}


@lru_cache(maxsize=4096)
def find_country(text: str) -> str | None:
    """The two-letter code of the country that `text` is a code or a name of, or None.

    Takes codes of two and three letters and names in the languages of WRITTEN_IN, as they are spoken, as the United
    Nations write them and as they were: "uk", "KEN", "Corée du Sud", "Korea (Rep. of)", "Tanzania, United Republic of".
    """
    known = _countries()
    return next((known[name] for name in _spellings(text) if name in known), None)


def suggest_countries(text: str) -> list[str]:
    """The names, in English, of up to six countries that may be meant by what `find_country` does not know."""
    several = next((_SEVERAL[name] for name in _spellings(text) if name in _SEVERAL), ())
    close = () if several else get_close_matches(key(text), _countries(), n=8, cutoff=0.78)
    codes = [*several, *(_countries()[name] for name in close if len(name) > 3)]
    return [country_name(code) for code in list(dict.fromkeys(codes))[: 6 if several else 3]]


def country_name(code: str | None, language: str = "en") -> str:
    """The country's name in a language; empty for None, the code itself where there is no name."""
    if not code:
        return ""
    name: str = Locale.parse(language, sep="-").territories.get(code, code)
    return name


def country_names(language: str = "en") -> dict[str, str]:
    """Every country's name by its code, in the alphabetical order of the names, accents aside."""
    named = _named(Locale.parse(language, sep="-").territories)
    return dict(sorted(((c, n) for c, n in named if c in _country_codes()), key=lambda one: key(one[1])))


def find_language(text: str) -> str | None:
    """The two- or three-letter code of the language that `text` is a code or a name of, or None: "FR", "anglais"."""
    name = key(text)
    whole = _languages().get(name)
    tag = re.fullmatch(r"([a-z]{2,3}) [a-z0-9 ]{2,11}", name)
    return whole or (_languages().get(tag[1]) if tag and tag[1] in _language_codes() else None)


def language_name(code: str | None, language: str = "en") -> str:
    """The language's name in a language; empty for None, the code itself where there is no name."""
    if not code:
        return ""
    name: str = Locale.parse(language, sep="-").languages.get(code, code)
    return name


def find_zone(text: str) -> str | None:
    """The IANA time zone that `text` means, or None: "europe/oslo", "Africa/Nairobi", "UTC+3" (Etc/GMT-3), "GMT"."""
    wanted = text.strip().replace(" ", "_").lower()
    offset = re.fullmatch(r"(?:utc|gmt)_?([+-])_?0?(\d{1,2})(?::?00)?", wanted)
    if offset:
        # IANA counts these westward, everybody else eastward.
        sign = "-" if offset[1] == "+" else "+"
        return _zones().get("utc" if int(offset[2]) == 0 else f"etc/gmt{sign}{int(offset[2])}")
    return _zones().get(wanted)


def _spellings(text: str) -> Iterator[str]:
    """Ways to compare a name: as it is, without article, its parts in the order of speech, short words in full."""
    name = key(text)
    yield name
    yield name.removeprefix("the ").removeprefix("republic of ")
    yield _in_full(name)
    turned = re.fullmatch(r"([^(,]+)[(,]\s*([^)]+?)\s*\)?\s*", text)
    if turned:
        first, then = key(turned[1]), _in_full(key(turned[2]))
        yield f"{then} {first}"
        yield f"{then} of {first}"
        if not {first, f"{then} {first}"} & _SEVERAL.keys():
            yield first


def _in_full(name: str) -> str:
    """Short words in full, without the small words that one list writes and another does not."""
    return " ".join(_LONG.get(word, word) for word in name.split() if word not in ("and", "the", "et", "y", "und", "e"))


def _named(names: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Babel's names by code, as the text that they are."""
    return [(str(code), str(name)) for code, name in names.items()]


@cache
def _country_codes() -> frozenset[str]:
    known = {code for code, _name in _named(Locale("en").territories) if re.fullmatch(r"[A-Z]{2}", code)}
    return frozenset(known - {"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"})


@cache
def _countries() -> dict[str, str]:
    known = _country_codes()
    names = {key(code): code for code in known}
    for language in WRITTEN_IN:
        for code, name in _named(Locale(language).territories):
            if code in known:
                for spelling in {key(name), _in_full(key(name)), key(re.sub(r"\(.*?\)", "", name))}:
                    names.setdefault(spelling, code)
    for alias, codes in get_global("territory_aliases").items():
        if re.fullmatch(r"[A-Z]{3}", alias) and len(codes) == 1 and codes[0] in known:
            names.setdefault(key(alias), codes[0])
    for code, synonyms in _SYNONYMS.items():
        names.update({key(name): code for name in synonyms.split(", ")})
    for ambiguous in _SEVERAL:
        names.pop(ambiguous, None)
    return names


@cache
def _language_codes() -> frozenset[str]:
    return frozenset(
        code for code, _name in _named(Locale("en").languages) if re.fullmatch(r"[a-z]{2,3}", code) and code != "und"
    )


@cache
def _languages() -> dict[str, str]:
    names: dict[str, str] = {}
    for locale in WRITTEN_IN:
        for code, name in _named(Locale(locale).languages):
            if code in _language_codes():
                names.setdefault(key(name), code)
    for code in ("ru", "zh", "pt", "it", "uk", "fa", "tr", "nl", "no", "et", "ko", "ja", "sw", "rw"):
        names.setdefault(key(str(Locale(code).languages.get(code, code))), code)
    names.update({code: code for code in _language_codes()})
    return names


@cache
def _zones() -> dict[str, str]:
    return {name.lower(): name for name in sorted(available_timezones()) if name not in ("localtime", "posixrules")}
