"""Puts questions of the library into questionnaires, where `use: usefulness` stands for the whole question.

Texts of the library are in four languages, of which a questionnaire takes those that it is in.
"""

from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any

from mande.config import ROOT
from mande.surveys.questionnaires.bank import Bank
from mande.surveys.questionnaires.bank import Entry
from mande.surveys.questionnaires.bank import in_languages
from mande.surveys.questionnaires.bank import read
from mande.surveys.questionnaires.checking import DefinitionError
from mande.surveys.questionnaires.problems import Path as Place
from mande.surveys.questionnaires.problems import Problem

__all__ = ["Bank", "Entry", "bank", "expand"]

FOLDER = ROOT / "questionnaires" / "library"
ANSWERS = ("type", "options", "rows", "bands")
"""What two questions must have in common for their answers to be compared."""


def bank() -> Bank:
    """The library that is shipped, read once. Raises DefinitionError where a file of it cannot be used."""
    return _bank(FOLDER)


def expand(data: Any, bank: Bank) -> Any:
    """A questionnaire's data with every `use` turned into the question meant, and with the library's scales that its
    questions name. What it takes over in a language that nobody has reviewed, it is marked with itself.

    Raises DefinitionError, which lists every `use` that cannot be followed. What else may be wrong with the data is
    left to the checker.
    """
    if not isinstance(data, Mapping) or not isinstance(data.get("sections"), list):
        return data
    listed = data.get("languages")
    languages = [one for one in listed if isinstance(one, str)] if isinstance(listed, list) else []
    problems: list[Problem] = []
    unreviewed: set[str] = set()

    def question(written: Any, place: Place) -> Any:
        if not isinstance(written, Mapping) or "use" not in written:
            return written
        if found := list(_unusable(written, place, bank)):
            problems.extend(found)
            return written
        unreviewed.update(bank.machine_made.get(bank.entries[written["use"]].theme, ()))
        return _used(written, bank, languages)

    sections = [
        {**section, "questions": [question(one, ("sections", s, "questions", q)) for q, one in enumerate(asked)]}
        if isinstance(section, Mapping) and isinstance(asked := section.get("questions"), list)
        else section
        for s, section in enumerate(data["sections"])
    ]
    scales, taken = _scales(data, sections, bank, languages)
    problems += taken
    if problems:
        raise DefinitionError(problems)
    if scales:
        unreviewed.update(bank.machine_made.get("scales", ()))
    return {**data, "sections": sections} | _with_scales(data, scales) | _marked(data, languages, unreviewed)


def _unusable(question: Mapping[str, Any], place: Place, bank: Bank) -> Iterator[Problem]:
    code = question["use"]
    if not isinstance(code, str) or code not in bank.entries:
        near = get_close_matches(str(code), bank.entries, n=1)
        advice = f"did you mean {near[0]!r}?" if near else "its questions are in questionnaires/library/"
        yield Problem((*place, "use"), f"there is no question {code!r} in the library; {advice}")
    elif question.get("code", code) == code:
        for name in ANSWERS:
            if name in question:
                yield Problem(
                    (*place, name), f"changes what can be answered to {code!r}; give the question a code of its own"
                )


def _used(question: Mapping[str, Any], bank: Bank, languages: Sequence[str]) -> dict[str, Any]:
    """The library's question with what the questionnaire says otherwise; what it sets to null is taken away. Under
    another code it is still compared as the library's, unless what can be answered has changed.
    """
    base = in_languages(bank.entries[question["use"]].data, languages)
    own = {name: value for name, value in question.items() if name != "use"}
    if own.get("code", base["code"]) != base["code"] and not any(name in own for name in ANSWERS):
        base.setdefault("comparable", base["code"])
    return {name: value for name, value in {**base, **own}.items() if value is not None}


def _scales(
    data: Mapping[str, Any], sections: Sequence[Any], bank: Bank, languages: Sequence[str]
) -> tuple[dict[str, Any], list[Problem]]:
    """The scales of the library that questions name, and what is wrong with the questionnaire's own scales: they may
    not be called as one that a question of the library has, and say something else.
    """
    own = data.get("scales", {})
    own = own if isinstance(own, Mapping) else {}
    scales: dict[str, Any] = {}
    problems: list[Problem] = []
    for written, question in _pairs(data["sections"], sections):
        name = question.get("options")
        if not isinstance(name, str) or name not in bank.scales or name in scales:
            continue
        if "use" in written or name not in own:
            scales[name] = bank.scale(name, languages)
            if own.get(name, scales[name]) != scales[name]:
                problems.append(
                    Problem(("scales", name), "is called as a scale of the library that is used here; rename it")
                )
    return scales, problems


def _pairs(written: Sequence[Any], expanded: Sequence[Any]) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """Every question as it is written, and as it is with what the library says of it."""
    for before, after in zip(written, expanded, strict=True):
        if isinstance(before, Mapping) and isinstance(before.get("questions"), list):
            for one, two in zip(before["questions"], after["questions"], strict=True):
                if isinstance(one, Mapping):
                    yield one, two


def _with_scales(data: Mapping[str, Any], scales: Mapping[str, Any]) -> dict[str, Any]:
    own = data.get("scales", {})
    return {"scales": {**own, **scales}} if scales and isinstance(own, Mapping) else {}


def _marked(data: Mapping[str, Any], languages: Sequence[str], unreviewed: set[str]) -> dict[str, Any]:
    own = data.get("machine_made", [])
    if not isinstance(own, list):
        return {}
    marked = [*own, *(language for language in languages if language in unreviewed and language not in own)]
    return {"machine_made": marked} if marked else {}


@lru_cache(maxsize=4)
def _bank(folder: Path) -> Bank:
    return read(folder)
