"""What groups of attendees and figures about reach are called, in the language of a page or a document."""

from collections.abc import Mapping
from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from mande.events.countries import language_name
from mande.events.describing.regions import region_name
from mande.events.kinds import Sector
from mande.reports.reach import pillars
from mande.reports.reach.people import ANOTHER
from mande.reports.reach.people import MAN
from mande.reports.reach.people import UNKNOWN
from mande.reports.reach.people import WOMAN

GENDERS = {
    WOMAN: lazy_gettext("Women"),
    MAN: lazy_gettext("Men"),
    ANOTHER: lazy_gettext("Described otherwise"),
}
SECTORS = {
    Sector.STATE.value: lazy_gettext("State"),
    Sector.MULTILATERAL.value: lazy_gettext("Multilateral body"),
    Sector.CIVIL_SOCIETY.value: lazy_gettext("Civil society"),
    Sector.ACADEMIA.value: lazy_gettext("Academia"),
    Sector.BUSINESS.value: lazy_gettext("Business"),
    Sector.MEDIA.value: lazy_gettext("Media"),
}
ODA = {
    "yes": lazy_gettext("From countries that receive development assistance"),
    "no": lazy_gettext("From other countries"),
}
MODES = {"in_person": lazy_gettext("In the room"), "online": lazy_gettext("Online")}
TABLES = {
    ("gender", "attendees"): lazy_gettext("Attendees by gender, as they describe it"),
    ("sector", "attendees"): lazy_gettext("Attendees by sector"),
    ("region", "attendees"): lazy_gettext("Attendees by region"),
    ("oda", "attendees"): lazy_gettext("Attendees by development assistance"),
    ("mode", "attendees"): lazy_gettext("How attendees took part"),
    ("language", "attendees"): lazy_gettext("Attendees by language"),
    ("gender", "speakers"): lazy_gettext("Speakers by gender, as they describe it"),
    ("sector", "speakers"): lazy_gettext("Speakers by sector"),
}
PILLARS = {
    pillars.DIGITAL: lazy_gettext("Digital capability"),
    pillars.STAKEHOLDERS: lazy_gettext("Many stakeholders"),
    pillars.WOMEN: lazy_gettext("Women’s part"),
}
ASKED = {
    pillars.DIGITAL: lazy_gettext(
        "Does going online bring in those who could not have come, and can they follow and speak once they are there?"
    ),
    pillars.STAKEHOLDERS: lazy_gettext(
        "Are those who have a stake in the outcome at the table, beyond the state as well as from it?"
    ),
    pillars.WOMEN: lazy_gettext("Are women present, and are they among those who are listened to?"),
}
FIGURES = {
    "online": lazy_gettext("took part online"),
    "recipients_online": lazy_gettext("of those online are from countries that receive development assistance"),
    "online_without_barriers": lazy_gettext("of those online could follow and speak without trouble"),
    "beyond_the_state": lazy_gettext("are from beyond the state"),
    "effective_sectors": lazy_gettext("sectors of equal size would be as diverse"),
    "sought_came": lazy_gettext("of those who were sought came"),
    "groups_reached": lazy_gettext("stakeholder groups came in the number sought"),
    "recipients": lazy_gettext("are from countries that receive development assistance"),
    "countries": lazy_gettext("countries"),
    "women": lazy_gettext("of attendees are women"),
    "women_speaking": lazy_gettext("of speakers are women"),
    "women_gap": lazy_gettext("points: women’s share among speakers, less that among the others"),
}


def group(by: str, members: Sequence[str], own_sectors: Mapping[str, str], language: str) -> str:
    """A group, or several that are shown as one: “Academia, business or not known”."""
    names = [_member(by, code, own_sectors, language) for code in members if code != UNKNOWN]
    if UNKNOWN in members:
        names.append(_("not said") if names else _("Not said"))
    return "; ".join(names)


def _member(by: str, code: str, own_sectors: Mapping[str, str], language: str) -> str:
    if by == "region":
        return region_name(code, language)
    if by == "language":
        return language_name(code, language)
    named: Mapping[str, object] = {"gender": GENDERS, "sector": {**SECTORS, **own_sectors}, "oda": ODA, "mode": MODES}[
        by
    ]
    return str(named.get(code, code))
