"""Countries by ISO 3166-1 code or by name, in the languages that lists are written in; languages and zones likewise."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from babel import Locale
from babel.core import get_global

from mande.events.words import key

WRITTEN_IN = ("en", "fr", "es", "de", "ar")

# What CLDR does not name, or names in another way.
_SYNONYMS = {
    "GB": "uk, u k, great britain, britain, england, scotland, wales, northern ireland, royaume uni, "
    "united kingdom of great britain and northern ireland",
    "US": "usa, u s a, u s, united states of america, america, etats unis d amerique, ee uu, eeuu",
    "KR": "korea south, republic of korea, rok, korea republic of, coree du sud, la coree",
    "KP": "dprk, democratic people s republic of korea",
    "CD": "drc, dr congo, democratic republic of congo, democratic republic of the congo, congo kinshasa, rdc",
    "CG": "republic of the congo, congo brazzaville",
    "CI": "ivory coast, cote divoire",
    "RU": "russian federation",
    "IR": "islamic republic of iran, iran islamic republic of",
    "SY": "syrian arab republic",
    "VE": "bolivarian republic of venezuela",
    "BO": "plurinational state of bolivia",
    "TZ": "united republic of tanzania",
    "MD": "republic of moldova",
    "LA": "lao pdr, lao people s democratic republic",
    "VN": "viet nam",
    "MK": "macedonia",
    "CZ": "czech republic",
    "NL": "holland, the netherlands",
    "AE": "uae, emirates",
    "PS": "palestine, state of palestine, opt",
    "MM": "burma",
    "SZ": "swaziland",
    "CV": "cape verde",
    "TL": "east timor, timor leste",
    "TR": "turkey, turkiye",
    "ZA": "rsa, republic of south africa",
    "CN": "people s republic of china, prc",
    "BN": "brunei darussalam",
    "VA": "holy see",
    "HK": "hong kong",
    "MO": "macao, macau",
}


def find_country(text: str) -> str | None:
    """The two-letter code of the country that `text` is a code or a name of, or None: "uk", "KEN", "Corée du Sud"."""
    name = key(text)
    return _countries().get(name) or _countries().get(name.removeprefix("the ").removeprefix("republic of "))


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
                for spelling in {key(name), key(re.sub(r"\(.*?\)", "", name))}:
                    names.setdefault(spelling, code)
    for alias, codes in get_global("territory_aliases").items():
        if re.fullmatch(r"[A-Z]{3}", alias) and len(codes) == 1 and codes[0] in known:
            names.setdefault(key(alias), codes[0])
    for code, synonyms in _SYNONYMS.items():
        names.update(dict.fromkeys(synonyms.split(", "), code))
    # Two countries each: which one is for the list's author to say.
    for ambiguous in ("korea", "congo"):
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
