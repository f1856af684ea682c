"""What every questionnaire can say without being told: "yes" and "no", and the countries. Pure."""

from collections.abc import Mapping
from functools import lru_cache

from mande.events import countries

YES, NO = "yes", "no"

YES_NO: Mapping[str, Mapping[str, str]] = {
    YES: {"en": "Yes", "fr": "Oui", "es": "Sí", "ar": "نعم"},
    NO: {"en": "No", "fr": "Non", "es": "No", "ar": "لا"},
}


@lru_cache(maxsize=32)
def country_names(language: str) -> Mapping[str, str]:
    """Every country's name by its code (ISO 3166-1, two letters), in alphabetical order in `language`."""
    return countries.country_names(language)


def is_country(code: str) -> bool:
    return code in country_names("en")
