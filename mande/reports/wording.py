"""What roles, groups and figures are called in a report, in the language of the page or document that is made."""

from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any
from typing import TypeVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as N_  # noqa: N812 (a name that the extractor of texts knows)
from flask_babel import ngettext

from mande.events.kinds import Format
from mande.events.kinds import Role
from mande.events.kinds import Sector
from mande.events.models import Event
from mande.followup.models import Contribution
from mande.followup.models import Source
from mande.followup.models import Status
from mande.followup.models import Verified
from mande.reports import spoken
from mande.surveys import strata
from mande.surveys.models import Survey
from mande.surveys.questionnaires.definition import QuestionType

Key = TypeVar("Key")


class Words(Mapping[Key, str]):
    """What each of some things is called: looked up, it is a text in the language that is spoken then."""

    def __init__(self, texts: Mapping[Key, Any]) -> None:
        self._texts = dict(texts)

    def __getitem__(self, key: Key) -> str:
        return str(self._texts[key])

    def __iter__(self) -> Iterator[Key]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)

    def with_none(self, text: Any) -> "Words[Key | None]":
        """The same, and what is called so where nothing is known."""
        return Words({**self._texts, None: text})


ROLES = Words({Role.PARTICIPANT: N_("Participants"), Role.SPEAKER: N_("Speakers"), Role.PARTNER: N_("Partners")})


class _Strata(Words[str]):
    """The same of two strata together, which are named by both: "sector*gender"."""

    def __getitem__(self, key: str) -> str:
        first, *second = strata.parts(key)
        return both(super().__getitem__(first), super().__getitem__(second[0])) if second else super().__getitem__(key)


STRATA = _Strata(
    {
        "role": N_("role"),
        "meeting": N_("meetings attended"),
        "sector": N_("sector"),
        "gender": N_("gender"),
        "mode": N_("way of taking part"),
        "oda": N_("country eligible for development assistance"),
    }
)

VALUES = Words(
    {
        "all": N_("All meetings"),
        "several": N_("Several meetings"),
        "unknown": N_("Not known"),
        "state": N_("The state"),
        "multilateral": N_("Multilateral body"),
        "civil_society": N_("Civil society"),
        "academia": N_("Academia"),
        "business": N_("Business"),
        "media": N_("Media"),
        "in_person": N_("In the room"),
        "online": N_("Online"),
        "yes": N_("Eligible"),
        "no": N_("Not eligible"),
    }
)

SECTORS = Words({sector.value: VALUES._texts[sector.value] for sector in Sector})

LEVELS = Words(
    {
        "most": N_("Two thirds or more"),
        "divided": N_("One third to two thirds"),
        "few": N_("Less than one third"),
    }
)

BANDS = Words(
    {
        "excellent": N_("excellent"),
        "good": N_("good"),
        "acceptable": N_("acceptable"),
        "below the target": N_("below the target"),
    }
)

FORMATS = Words({Format.IN_PERSON: N_("In person"), Format.VIRTUAL: N_("Virtual"), Format.HYBRID: N_("Hybrid")})

STATUSES = Words(
    {
        Status.NOT_STARTED: N_("Not started"),
        Status.SOME_PROGRESS: N_("Some progress"),
        Status.WELL_ADVANCED: N_("Well advanced"),
        Status.DONE: N_("Done"),
        Status.NO_LONGER_PLANNED: N_("No longer planned"),
    }
)

UNKNOWN = "unknown"
STANDINGS = STATUSES.with_none(N_("Unknown"))
"""Statuses, and None for what nothing was heard of."""

VERIFIED = Words(
    {
        Verified.NO_EVIDENCE: N_("No evidence found"),
        Verified.NOT_STARTED: N_("Not started"),
        Verified.LIMITED: N_("Limited"),
        Verified.SUBSTANTIAL: N_("Substantial"),
        Verified.COMPLETE: N_("Complete"),
    }
)
LEVELS_VERIFIED = VERIFIED.with_none(N_("Not verified yet"))

NOT_KNOWN = Words({"theme": N_("No theme"), "role": N_("Did not attend"), "sector": N_("Sector not known")})
"""What actions are called in a breakdown of which this is not known."""

SOURCES = Words(
    {
        Source.OWNER: N_("Of somebody who attended"),
        Source.TEAM: N_("An action of the team"),
        Source.RECOMMENDATION: N_("A recommendation of the event"),
    }
)

CONTRIBUTIONS = Words(
    {
        Contribution.NOT_AT_ALL: N_("Not at all"),
        Contribution.A_LITTLE: N_("A little"),
        Contribution.SOMEWHAT: N_("Somewhat"),
        Contribution.MUCH: N_("Much"),
        Contribution.DECISIVE: N_("Decisive"),
    }
)

OTHERS = Words({QuestionType.COUNTRY: N_("Other countries"), QuestionType.DATE: N_("Other dates")})

EDITIONS = Words(
    {
        "internal": N_("Internal edition"),
        "partner": N_("Partner edition"),
        "public": N_("Public edition"),
        "summary": N_("Summary on one page"),
        "respondents": N_("What you told us"),
    }
)

CRITERIA = Words(
    {
        "relevance": N_("Relevance"),
        "coherence": N_("Coherence"),
        "effectiveness": N_("Effectiveness"),
        "efficiency": N_("Efficiency"),
        "impact": N_("Impact"),
        "sustainability": N_("Sustainability"),
    }
)
"""The criteria of the OECD's Development Assistance Committee, in their own order."""

_LATER = Words(
    {
        1: N_("One month later"),
        2: N_("Two months later"),
        3: N_("Three months later"),
        6: N_("Six months later"),
        9: N_("Nine months later"),
        12: N_("Twelve months later"),
    }
)


def beside(code: str, text: str) -> str:
    """What free texts beside a question are called; `code` is the end of theirs: ".other" or ".comment"."""
    if code == ".other":
        return str(_("%(question)s (other)", question=text))
    return str(_("%(question)s (comment)", question=text)) if code == ".comment" else text


def unheard() -> str:
    """The standing of an action of which nothing was said since it was written down."""
    return str(_("Nothing heard yet"))


def span(first: str, last: str) -> str:
    """Neighbouring options that are one part: "Poor to fair"."""
    return str(_("%(first)s to %(last)s", first=first, last=_inner(last)))


def nothing_first() -> str:
    """What those chose who put no option of a ranking first."""
    return str(_("none of them"))


def other() -> str:
    """The option beside those that a questionnaire lists."""
    return str(_("Other"))


def later(event: Event, surveys: Sequence[Survey]) -> str:
    """How long after an event surveys were opened: "Six months later"; only "Later" where nobody knows."""
    opened = [survey.opens_at for survey in surveys if survey.opens_at]
    if not opened or not event.meetings:
        return str(_("Later"))
    days = (min(opened) - max(meeting.ends_at for meeting in event.meetings)).days
    months = round(days / 30.44)
    if months < 1:
        return str(_("Later"))
    return _LATER.get(months) or str(ngettext("%(num)d month later", "%(num)d months later", months))


def part(kinds: Sequence[Any], labels: Mapping[Any, str]) -> str:
    """What several kinds are called that are one part: "Done, well advanced or some progress"."""
    if None in labels and len(kinds) == len(labels) - 1 and None not in kinds:
        return str(_("Looked into by the team") if labels is LEVELS_VERIFIED else _("Something was heard"))
    first, *others = (labels[kind] for kind in kinds)
    return spoken.either([first, *map(_small, others)]) if others else first


def group(members: Sequence[str], typed: Mapping[str, str]) -> str:
    """The name of a group: "Academia, business or media". `typed` names meetings and own sectors by their code."""
    names = [typed.get(code) or VALUES.get(code) or _plain(code) for code in members]
    if len(names) == 1:
        return names[0]
    return spoken.either([names[0], *(name if name in typed.values() else _small(name) for name in names[1:])])


def both(one: str, other: str) -> str:
    """Two strata, or the values of a group in both, as one: "sector × gender", "State × woman"."""
    return f"{one} × {other}"


def _small(name: str) -> str:
    """A name as it is in the middle of a phrase."""
    return name[:1].lower() + name[1:]


def _inner(label: str) -> str:
    """The same, save where its first word is an abbreviation or "I"."""
    first, _space, _rest = label.partition(" ")
    return label if first.isupper() and (len(first) > 1 or first == "I") else _small(label)


def _plain(code: str) -> str:
    text = code.replace("-", " ").replace("_", " ")
    return text[:1].upper() + text[1:]
