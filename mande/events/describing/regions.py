"""Which region of the world a country is in. Pure.

Source: United Nations Statistics Division, Standard country or area codes for statistical use (M49), sub-regions, with
Europe and Oceania each as one. What M49 does not list (Kosovo, Taiwan) stands where CLDR puts it.
"""

from functools import cache

from babel import Locale

REGIONS = {
    "015": "DZ EG LY MA SD TN EH",
    "202": "IO BI KM DJ ER ET TF KE MG MW MU YT MZ RE RW SC SO SS UG TZ ZM ZW AO CM CF TD CG CD GQ GA ST BW SZ "
    "LS NA ZA BJ BF CV CI GM GH GN GW LR ML MR NE NG SH SN SL TG",
    "021": "BM CA GL PM US",
    "419": "AI AG AW BS BB BQ VG KY CU CW DM DO GD GP HT JM MQ MS PR BL KN LC MF VC SX TT TC VI BZ CR SV GT HN "
    "MX NI PA AR BO BV BR CL CO EC FK GF GY PY PE GS SR UY VE",
    "143": "KZ KG TJ TM UZ",
    "030": "CN HK MO KP JP MN KR TW",
    "035": "BN KH ID LA MY MM PH SG TH TL VN",
    "034": "AF BD BT IN IR MV NP PK LK",
    "145": "AM AZ BH CY GE IQ IL JO KW LB OM QA SA PS SY TR AE YE",
    "150": "BY BG CZ HU PL MD RO RU SK UA AX GG JE IM DK EE FO FI IS IE LV LT NO SJ SE GB AL AD BA HR GI GR VA "
    "IT MT ME MK PT SM RS SI ES XK AT BE FR DE LI LU MC NL CH",
    "009": "AU CX CC HM NF NZ FJ NC PG SB VU GU KI MH FM NR MP PW UM AS CK PF NU PN WS TK TO TV WF",
}
"""Countries and territories by the M49 code of their region."""


def region(country: str | None) -> str | None:
    """The M49 code of the region of a country (two letters); None where that is not known."""
    return _by_country().get(country or "")


def region_name(code: str, language: str = "en") -> str:
    """What a region is called: Sub-Saharan Africa."""
    return str(Locale.parse(language.replace("-", "_")).territories.get(code, code))


@cache
def _by_country() -> dict[str, str]:
    return {country: code for code, countries in REGIONS.items() for country in countries.split()}
