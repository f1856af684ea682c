"""Gathers the advice on a questionnaire. Pure."""

from collections.abc import Iterator
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from mande.surveys.authoring import changes
from mande.surveys.authoring import texts
from mande.surveys.authoring.advice import anonymity
from mande.surveys.authoring.advice import effort
from mande.surveys.authoring.advice import reach
from mande.surveys.authoring.advice import wording
from mande.surveys.authoring.advice.audience import TYPICAL
from mande.surveys.authoring.advice.audience import Audience
from mande.surveys.authoring.advice.notes import Advice
from mande.surveys.authoring.advice.notes import Topic
from mande.surveys.authoring.advice.notes import hint
from mande.surveys.authoring.advice.notes import warning
from mande.surveys.authoring.advice.reach import Reach
from mande.surveys.questionnaires import conditions
from mande.surveys.questionnaires import definition as definitions
from mande.surveys.questionnaires.conditions import Condition
from mande.surveys.questionnaires.definition import Definition
from mande.surveys.questionnaires.definition import DefinitionError
from mande.surveys.questionnaires.problems import Path

CORE_SECONDS = 120
MOST_TEXTS = 4
SLACK = 1.25
"""By so much may an estimate by rules of thumb exceed what the first page says."""


def advise(data: Mapping[str, Any], audience: Audience = TYPICAL) -> list[Advice]:
    """All advice on raw data, in the order of the questionnaire, whether or not it can be used yet. What only a
    questionnaire without mistakes can tell, such as what is never asked, comes once there are none.
    """
    found = [*_languages(data), *anonymity.advise(data, audience), *_effort(data), *wording.advise(data)]
    with suppress(DefinitionError):  # `checking` tells what is wrong
        found += _reach(definitions.parse(data), audience)
    return sorted(found, key=_order)


def _order(advice: Advice) -> tuple[bool, list[tuple[bool, str]]]:
    """What is about the whole first, then the sections in order."""
    path = advice.path
    return path[:1] == ("sections",), [(isinstance(part, str), str(part).zfill(4)) for part in path]


def _languages(data: Mapping[str, Any]) -> Iterator[Advice]:
    places = texts.places(data)
    path: Path = ("languages",)
    for language in texts.languages(data)[1:]:
        missing = sum(language not in place.said for place in places)
        if missing:
            yield warning(
                path,
                Topic.LANGUAGES,
                f"{language}: {missing} of {len(places)} texts are lacking. Write them in the translator's view, or "
                "take the language out",
            )
    made = data.get("machine_made")
    for language in made if isinstance(made, list) else []:
        yield hint(
            ("machine_made",),
            Topic.LANGUAGES,
            f"{language} was translated by machine and nobody has read it since. Let somebody at home in it go through "
            "the translator's view and mark it as reviewed",
        )


def _effort(data: Mapping[str, Any]) -> Iterator[Advice]:
    stated, taken = data.get("minutes"), effort.seconds(data)
    if isinstance(stated, int) and taken > stated * 60 * SLACK:
        yield warning(
            ("minutes",),
            Topic.EFFORT,
            f"takes about {_minutes(taken)} and says {_minutes(stated * 60)}. Cut questions, or say how long it "
            "really takes",
        )
    core = effort.seconds(data, core=True)
    if core > CORE_SECONDS:
        yield warning(
            ("sections",),
            Topic.EFFORT,
            f"the questions marked core take about {round(core / 10) * 10} seconds, and people are promised two "
            "minutes. Take the mark off some",
        )
    kinds = [question.get("type") for _path, question in texts.questions(data)]
    open_questions = kinds.count("long_text")
    if open_questions > MOST_TEXTS:
        yield warning(
            ("sections",),
            Topic.EFFORT,
            f"asks for {open_questions} longer texts. After the third most people write nothing, or leave: keep the "
            "few that somebody will read and act on",
        )


def _minutes(seconds: float) -> str:
    minutes = max(1, round(seconds / 60))
    return f"{minutes} minute{'s' * (minutes != 1)}"


def _reach(definition: Definition, audience: Audience) -> Iterator[Advice]:
    short = definition.abridged()
    core = {
        question.code: reach.of_question(short, number, place, audience.meetings)
        for number, section in enumerate(short.sections)
        for place, question in enumerate(section.questions)
    }
    for number, section in enumerate(definition.sections):
        path: Path = ("sections", number)
        whole = reach.of_section(definition, number, audience.meetings)
        yield from _condition(section.ask_if, whole, path, "section")
        if whole.asked is False:
            continue  # the questions in it are not asked for the same reason
        for place, question in enumerate(section.questions):
            found = reach.of_question(definition, number, place, audience.meetings)
            yield from _condition(question.ask_if, found, (*path, "questions", place), "question")
            if question.core and found.asked and core[question.code].asked is False:
                yield warning(
                    (*path, "questions", place, "core"),
                    Topic.REACH,
                    "is marked core, but on the two-minute route it is never asked, since its condition looks at what "
                    "is not core. Mark that as core too, or take the mark off",
                )
    yield from _unknown_meetings(definition, audience)


def _condition(condition: Condition | None, found: Reach, path: Path, what: str) -> Iterator[Advice]:
    if found.asked is False:
        said = f" ({changes.said(conditions.to_dict(condition))})" if condition else ""
        yield warning(
            (*path, "ask_if") if condition else path,
            Topic.REACH,
            f"this {what} can never be asked: no answers and nobody's part in the event fulfil its condition{said}. "
            f"Correct the condition, or take the {what} out",
        )
    elif condition and found.skipped is False:
        yield hint(
            (*path, "ask_if"),
            Topic.REACH,
            f"this condition always holds ({changes.said(conditions.to_dict(condition))}). Leave it out, or correct it",
        )


def _unknown_meetings(definition: Definition, audience: Audience) -> Iterator[Advice]:
    for number, section in enumerate(definition.sections):
        parts: list[tuple[Path, Condition | None]] = [(("sections", number), section.ask_if)]
        parts += [(("sections", number, "questions", n), q.ask_if) for n, q in enumerate(section.questions)]
        for path, condition in parts:
            unknown = [code for code in dict.fromkeys(reach.meetings(condition)) if code not in audience.meetings]
            if unknown and audience.meetings:
                yield warning(
                    (*path, "ask_if"),
                    Topic.REACH,
                    f"names the meeting {', '.join(unknown)}, which {audience.event or 'the event'} does not have; it "
                    f"has {', '.join(audience.meetings)}",
                )
