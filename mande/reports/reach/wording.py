"""What groups of attendees and figures about reach are called, in the language of a page or a document."""

from collections.abc import Mapping
from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as N_  # noqa: N812 (a name that the extractor of texts knows)

from mande.events.countries import language_name
from mande.events.describing.regions import region_name
from mande.events.words import capital
from mande.reports.reach import pillars
from mande.reports.reach.people import ANOTHER
from mande.reports.reach.people import MAN
from mande.reports.reach.people import UNKNOWN
from mande.reports.reach.people import WOMAN
from mande.reports.wording import SECTORS

GENDERS = {
    WOMAN: N_("Women"),
    MAN: N_("Men"),
    ANOTHER: N_("Described otherwise"),
}
ODA = {
    "yes": N_("From countries that receive development assistance"),
    "no": N_("From other countries"),
}
MODES = {"in_person": N_("In the room"), "online": N_("Online")}
TABLES = {
    ("gender", "attendees"): N_("Attendees by gender, as they describe it"),
    ("sector", "attendees"): N_("Attendees by sector"),
    ("region", "attendees"): N_("Attendees by region"),
    ("oda", "attendees"): N_("Attendees by development assistance"),
    ("mode", "attendees"): N_("How attendees took part"),
    ("language", "attendees"): N_("Attendees by language"),
    ("gender", "speakers"): N_("Speakers by gender, as they describe it"),
    ("sector", "speakers"): N_("Speakers by sector"),
}
PILLARS = {
    pillars.DIGITAL: N_("Digital capability"),
    pillars.STAKEHOLDERS: N_("Many stakeholders"),
    pillars.WOMEN: N_("Women’s part"),
}
ASKED = {
    pillars.DIGITAL: N_(
        "Does going online bring in those who could not have come, and can they follow and speak once they are there?"
    ),
    pillars.STAKEHOLDERS: N_(
        "Are those who have a stake in the outcome at the table, beyond the state as well as from it?"
    ),
    pillars.WOMEN: N_("Are women present, and are they among those who are listened to?"),
}
FIGURES = {
    "online": N_("took part online"),
    "recipients_online": N_("of those online are from countries that receive development assistance"),
    "online_without_barriers": N_("of those online could follow and speak without trouble"),
    "beyond_the_state": N_("are from beyond the state"),
    "effective_sectors": N_("sectors of equal size would be as diverse"),
    "sought_came": N_("of those who were sought came"),
    "groups_reached": N_("stakeholder groups came in the number sought"),
    "recipients": N_("are from countries that receive development assistance"),
    "countries": N_("countries"),
    "women": N_("of attendees are women"),
    "women_speaking": N_("of speakers are women"),
    "women_gap": N_("points: women’s share among speakers, less that among the others"),
}


def group(by: str, members: Sequence[str], own_sectors: Mapping[str, str], language: str) -> str:
    """A group, or several that are shown as one: “Academia, business or not known”."""
    names = [_member(by, code, own_sectors, language) for code in members if code != UNKNOWN]
    if UNKNOWN in members:
        names.append(_("not said") if names else _("Not said"))
    return capital("; ".join(names))


def _member(by: str, code: str, own_sectors: Mapping[str, str], language: str) -> str:
    if by == "region":
        return region_name(code, language)
    if by == "language":
        return language_name(code, language)
    named: Mapping[str, object] = {"gender": GENDERS, "sector": {**SECTORS, **own_sectors}, "oda": ODA, "mode": MODES}[
        by
    ]
    return str(named.get(code, code))
