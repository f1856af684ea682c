"""Where the size of a group, or a question, makes the promise of anonymity hollow. Pure."""

import re
from collections.abc import Iterator
from collections.abc import Mapping
from math import prod
from typing import Any

from mande.surveys import strata
from mande.surveys.authoring import texts
from mande.surveys.authoring.advice.audience import ANSWERING
from mande.surveys.authoring.advice.audience import Audience
from mande.surveys.authoring.advice.notes import Advice
from mande.surveys.authoring.advice.notes import Topic
from mande.surveys.authoring.advice.notes import hint
from mande.surveys.authoring.advice.notes import warning
from mande.surveys.questionnaires.problems import Path

_IN_TEN = f"{round(ANSWERING * 10)} in 10"
MOST_STRATA = 3
_CROSSED = (
    "Results are shown that way only by two that are declared together, but the sealed answers carry it until closing: "
    "keep only what a report will use"
)

# What a person can be found by, in the languages in which questionnaires are written.
_IDENTIFYING = re.compile(
    r"\b(your (full )?name|e-?mail|phone number|job title|your (position|age)|how old are you|date of birth|nationality"
    r"|citizenship|ethnic\w*|religion|years of (service|experience)"
    r"|(which|what (is|are)|name of)\b[^.?!]{0,25}\b(organi[sz]ation|institution|employer|ministry|embassy|country)"
    r"|votre (nom|âge|poste|fonction)|courriel|date de naissance|nationalité|ancienneté"
    r"|(quel(le)?s?|nom de)\b[^.?!]{0,25}\b(organisation|institution|employeur|ministère|ambassade|pays)"
    r"|su (nombre|edad|cargo|puesto)|correo electrónico|fecha de nacimiento|nacionalidad"
    r"|(cuál|qué|nombre de)\b[^.?!]{0,25}\b(organización|institución|ministerio|embajada|país))\b"
    r"|اسمك|بريدك|رقم هاتف|منصبك|عمرك|تاريخ ميلاد|جنسيتك"
    r"|(ما|أي|اسم) (المنظمة|المؤسسة|الوزارة|السفارة|الجهة|البلد|بلدك)",
    re.IGNORECASE,
)


def advise(data: Any, audience: Audience) -> Iterator[Advice]:
    """What about strata and questions could give people away among an audience of this size."""
    yield from _size(audience)
    said = data.get("strata")
    declared = [name for name in said if isinstance(name, str)] if isinstance(said, list) else []
    for number, name in enumerate(declared):
        yield from _stratum(name, ("strata", number), audience)
    yield from _crossed(declared, audience)
    for path, question in texts.questions(data):
        yield from _question(data, question, path, audience)


def _size(audience: Audience) -> Iterator[Advice]:
    if audience.people < audience.k:
        yield warning(
            (),
            Topic.ANONYMITY,
            f"is put to {_people(audience.people)}: fewer than {audience.k} answers can come, of which nothing but "
            "their number is kept. Ask these people in conversation instead",
        )
    elif audience.answers < audience.k:
        yield warning(
            (),
            Topic.ANONYMITY,
            f"is put to {_people(audience.people)}: if {_IN_TEN} answer, fewer than {audience.k} do, and nothing but "
            "their number is kept. Ask each of them in person to answer",
        )


def _stratum(name: str, path: Path, audience: Audience) -> Iterator[Advice]:
    groups = {group: size for group, size in audience.groups.get(name, {}).items() if size}
    if not groups or audience.people < audience.k:
        return
    # The split of a typical event is only an example.
    certain = warning if audience.event else hint
    large, small = audience.large_enough(name), audience.too_small(name)
    if len(groups) == 1:
        yield certain(
            path,
            Topic.ANONYMITY,
            f"“{name}” divides nobody {_at(audience)}: all are in one group. Leave it out, so that less is stored with "
            "the answers",
        )
    elif len(large) < 2:
        yield certain(
            path,
            Topic.ANONYMITY,
            f"“{name}” has {len(groups)} groups {_at(audience)}, and if {_IN_TEN} answer, "
            f"{'only one' if large else 'none'} of them reaches {audience.k}: hardly anything could be shown by it. "
            "Leave it out",
        )
    elif small:
        yield hint(
            path,
            Topic.ANONYMITY,
            f"“{name}” has {len(groups)} groups {_at(audience)}, of which {_list(small)} will hardly reach "
            f"{audience.k} answers and be merged with others. Keep it only if the larger groups are worth knowing",
        )


def _crossed(declared: list[str], audience: Audience) -> Iterator[Advice]:
    names = [name for name in strata.needed(declared) if name != "role"]  # which the survey itself has
    cells = prod(max(1, len(audience.groups.get(name, ()))) for name in names)
    if len(names) > MOST_STRATA:
        yield warning(
            ("strata",),
            Topic.ANONYMITY,
            f"{len(names)} things are stored with each answer until the questionnaire closes. Together they fit nearly "
            f"everybody alone, and people read that on the first page: keep at most {MOST_STRATA}",
        )
    elif audience.alone is not None and audience.alone > audience.people / 2:
        yield hint(
            ("strata",),
            Topic.ANONYMITY,
            f"by {_list(names)} together, {audience.alone} of {_people(audience.people)} differ from all others. "
            + _CROSSED,
        )
    elif audience.alone is None and cells > 2 * audience.people:
        yield hint(
            ("strata",),
            Topic.ANONYMITY,
            f"{_list(names)} make {cells} combinations {_at(audience)}, where most people would be alone in theirs. "
            + _CROSSED,
        )


def _question(data: Any, question: Mapping[str, Any], path: Path, audience: Audience) -> Iterator[Advice]:
    kind, first = question.get("type"), texts.languages(data)[0]
    by_language = texts.said(question.get("text"), first)
    options = len(texts.options(data, question))
    telling = any(_IDENTIFYING.search(text) for text in by_language.values())
    if kind == "country":
        yield warning(
            path,
            Topic.ANONYMITY,
            f"asks for the country: of {_people(audience.people)} most are the only one from theirs, so that the table "
            "tells who answered. Leave it out; the list of attendees knows it already",
        )
    elif kind == "date":
        yield hint(
            path,
            Topic.ANONYMITY,
            "a date can be somebody's own (of an appointment, a birth). Ask for it only where many would give the "
            "same quarter, or offer spans of time to choose from",
        )
    elif kind in ("short_text", "long_text") and telling:
        yield warning(
            path,
            Topic.ANONYMITY,
            "asks for something that says who somebody is. Leave it out: what is needed stands in the list of "
            "attendees, and follow-up has the signed actions",
        )
    elif kind == "number" and telling:
        yield warning(
            path,
            Topic.ANONYMITY,
            "asks for a number by which people can be told apart. Leave it out, or give bands so wide that each "
            f"holds {audience.k} people",
        )
    elif kind in ("single", "multiple") and telling and options > audience.people / audience.k:
        yield warning(
            path,
            Topic.ANONYMITY,
            f"offers {options} answers by which {_people(audience.people)} can be told apart. Leave it out, or offer "
            "fewer and wider ones",
        )
    elif question.get("other") and telling:
        yield warning(
            path,
            Topic.ANONYMITY,
            "lets people say in their own words (“other”) what tells them apart. Leave “other” out",
        )
    if kind == "long_text" and not telling and not texts.said(question.get("hint"), first):
        yield hint(
            path,
            Topic.ANONYMITY,
            "people forget here that words give them away. Add the hint “Please write nothing that could tell who "
            "you or others are.”",
        )


def _people(number: int) -> str:
    return f"{number} {'person' if number == 1 else 'people'}"


def _at(audience: Audience) -> str:
    """The audience in words."""
    event = audience.event or "a typical event"
    return f"among the {_people(audience.people)} asked at {event}"


def _list(names: list[str]) -> str:
    said = [name.replace("_", " ") for name in names]
    return f"{', '.join(said[:-1])} and {said[-1]}" if len(said) > 1 else "".join(said)
