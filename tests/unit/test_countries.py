"""Countries by their codes and names, as lists from all over the world write them."""

import pytest

from mande.events.countries import country_names
from mande.events.countries import find_country
from mande.events.countries import suggest_countries

KNOWN = {
    "GB": ["UK", "U.K.", "gbr", "Great Britain", "Reino Unido", "Royaume-Uni", "Vereinigtes Königreich",
           "Великобритания", "United Kingdom of Great Britain and Northern Ireland", "المملكة المتحدة"],
    "US": ["U.S.A.", "usa", "United States", "Estados Unidos", "États-Unis", "EE. UU.", "EUA", "Соединенные Штаты"],
    "VN": ["Viet Nam", "Vietnam", "VNM", "Viêt Nam"],
    "KR": ["Korea (Rep. of)", "Korea, Republic of", "South Korea", "Republic of Korea", "Corée du Sud", "ROK"],
    "KP": ["Korea, Dem. People's Rep. of", "DPRK", "North Korea"],
    "CI": ["Côte d'Ivoire", "Cote d’Ivoire", "COTE DIVOIRE", "Ivory Coast", "Costa de Marfil"],
    "CD": ["Congo, Dem. Rep.", "Congo (Democratic Republic of the)", "DRC", "Zaire",
           "République démocratique du Congo"],
    "TZ": ["Tanzania, United Republic of", "United Republic of Tanzania", "Tanzania"],
    "IR": ["Iran (Islamic Republic of)", "Iran"],
    "VE": ["Venezuela (Bolivarian Republic of)", "Venezuela, RB"],
    "FM": ["Micronesia (Federated States of)", "Micronesia"],
    "MD": ["Republic of Moldova", "Moldova (Republic of)"],
    "LA": ["Lao People's Democratic Republic", "Lao PDR"],
    "MK": ["North Macedonia", "The former Yugoslav Republic of Macedonia", "FYROM"],
    "SZ": ["Eswatini", "Swaziland"],
    "MM": ["Burma", "Myanmar"],
    "TR": ["Türkiye", "Turkey", "Turquie"],
    "NL": ["Netherlands (Kingdom of the)", "The Netherlands", "Holland", "Pays-Bas"],
    "GM": ["Gambia (The)", "The Gambia", "Gambia"],
    "LC": ["Saint Lucia", "St. Lucia"],
    "VC": ["St Vincent & the Grenadines", "Saint Vincent and the Grenadines"],
    "BA": ["Bosnia and Herzegovina", "Bosnia & Herzegovina"],
    "PS": ["State of Palestine", "Palestine"],
    "HK": ["China, Hong Kong SAR", "Hong Kong"],
    "RU": ["Russian Federation", "Российская Федерация", "Rússia"],
    "DE": ["Germany", "Allemagne", "Alemanha", "Deutschland", "ألمانيا"],
    "SS": ["Sudan, South", "South Sudan"],
    "XK": ["Kosovo", "XKX"],
    "NE": ["Niger", "Níger"],
    "NG": ["Nigeria"],
    "GN": ["Guinea", "Guinée"],
    "IE": ["Ireland", "Republic of Ireland"],
}  # fmt: skip


@pytest.mark.parametrize(("code", "name"), [(code, name) for code, names in KNOWN.items() for name in names])
def test_a_country_is_found_however_it_is_written(code: str, name: str) -> None:
    assert find_country(name) == code


@pytest.mark.parametrize("language", ["en", "fr", "es", "de", "ar", "pt", "ru"])
def test_every_name_in_the_languages_of_lists_finds_its_own_country(language: str) -> None:
    names = {name: code for code, name in country_names(language).items() if name != "Congo"}

    assert {name: find_country(name) for name in names} == names


@pytest.mark.parametrize(
    ("name", "suggested"),
    [("Germny", ["Germany"]), ("Kenyaa", ["Kenya"]), ("South Korae", ["South Korea"]), ("Narnia", []),
     ("Korea", ["South Korea", "North Korea"]), ("Congo", ["Congo - Kinshasa", "Congo - Brazzaville"]),
     ("Czechoslovakia", ["Czechia", "Slovakia"]), ("USSR", ["Russia"])],
)  # fmt: skip
def test_what_is_no_country_or_several_is_refused_with_what_may_be_meant(name: str, suggested: list[str]) -> None:
    assert find_country(name) is None
    assert suggest_countries(name) == suggested
