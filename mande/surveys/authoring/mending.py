"""A draft made good enough to be looked at: what is lacking is filled in, what cannot be shown is left out. Pure."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from mande.surveys.authoring import texts
from mande.surveys.questionnaires.checking import DefinitionError
from mande.surveys.questionnaires.checking import Path
from mande.surveys.questionnaires.checking import Problem
from mande.surveys.questionnaires.definition import Definition
from mande.surveys.questionnaires.definition import parse

USUAL: Mapping[str, Any] = {"code": "draft", "version": 1, "role": "participant", "minutes": 5, "strata": []}
NOTHING_YET = "…"


@dataclass(frozen=True)
class Mended:
    """`definition` is None where nothing can be shown. `problems` are those of the draft as it is."""

    definition: Definition | None
    problems: tuple[Problem, ...] = ()


def mended(data: Mapping[str, Any]) -> Mended:
    """What of a draft can be looked at: lacking texts stand in another language, mistaken questions are left out."""
    try:
        return Mended(parse({"version": 1, **data}))
    except DefinitionError as error:
        problems = error.problems
    tried = _filled(data)
    while True:
        try:
            return Mended(parse(tried), problems)
        except DefinitionError as error:
            if not _leave_out(tried, {problem.path for problem in error.problems}):
                return Mended(None, problems)


def _filled(data: Mapping[str, Any]) -> dict[str, Any]:
    """A copy with every text in every language, and with what a questionnaire must say."""
    tried = {**USUAL, **deepcopy(dict(data))}
    languages = tried["languages"] = texts.languages(tried)
    _fill(tried, "title", "", languages)
    for _path, section in texts.sections(tried):
        _fill(section, "title", "", languages)
    for _place, question in texts.questions(tried):
        _fill(question, "text", question.get("code"), languages)
        for part in (*texts.options(tried, question), *texts.rows(question)):
            _fill(part, "label", part.get("code"), languages)
    lacking = [
        (place.path, language, next(iter(place.said.values())))
        for place in texts.places(tried)
        for language in languages
        if language not in place.said
    ]
    return texts.put(tried, lacking)


def _fill(holder: Any, name: str, otherwise: Any, languages: list[str]) -> None:
    if not texts.said(holder.get(name), languages[0]):
        holder[name] = {languages[0]: str(otherwise or NOTHING_YET)}


def _leave_out(tried: dict[str, Any], wrong: set[Path]) -> bool:
    """Takes out the questions that are wrong; where none is, whatever else is. False where there is nothing to."""
    if wrong == {("sections",)}:
        return _mark_core(tried)
    questions = {path[:4] for path in wrong if len(path) >= 4 and path[2] == "questions"}
    parts = questions or {path[:2] for path in wrong if path[:1] and path != ("sections",)}
    for path in sorted(parts, key=lambda path: [(isinstance(step, str), step) for step in path], reverse=True):
        holder: Any = tried
        for step in path[:-1]:
            holder = holder[step]
        holder.pop(path[-1])
    return bool(parts)


def _mark_core(tried: dict[str, Any]) -> bool:
    """A questionnaire has to have a core question: for looking at it, the first will do."""
    for _path, question in texts.questions(tried):
        if question.get("type") != "info" and not question.get("core"):
            question["core"] = True  # type: ignore[index]
            return True
    return False
