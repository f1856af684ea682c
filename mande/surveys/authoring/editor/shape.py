"""The form of a draft: that of a questionnaire, of which much may still be lacking. Pure.

A draft always has what the editor goes by: sections, questions, options and rows with codes, a type for each question.
All else is for the check to ask for, so that work may be put down at any moment.
"""

import copy
import json
from collections.abc import Iterator
from collections.abc import Sequence
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator

from mande.surveys.authoring.editor.editing import TEXTS
from mande.surveys.authoring.editor.editing import Data
from mande.surveys.questionnaires import checking
from mande.surveys.questionnaires.checking import DefinitionError
from mande.surveys.questionnaires.checking import Path
from mande.surveys.questionnaires.checking import Problem

LEAST = ("minItems", "minLength", "minProperties")
NEEDED = {"section": ["code"], "question": ["code", "type"], "option": ["code"], "row": ["code"], "text": []}
ORDER = (
    "code", "version", "type", "role", "wave", "formats", "languages", "machine_made", "strata", "minutes", "title",
    "text", "label", "intro", "hint", "repeat", "ask_if", "source", "display", "rows", "options", "min", "max", "unit",
    "bands", "max_length", "not_applicable", "other", "comment", "exclusive", "aliases", "required", "core", "internal",
    "criterion", "level", "comparable", "why", "questions", "sections",
)  # fmt: skip


def normal(data: Any) -> Data:
    """The draft that `data`, read from a file or made from a definition, describes; its codes are text, each of its
    texts is by language, and options stand with their questions.

    Raises DefinitionError where it is not in the form of a draft.
    """
    if found := problems(data):
        raise DefinitionError(found)
    languages = list(data.get("languages") or ["en"])
    whole = _named({"strata": [], "sections": [], **data, "languages": languages}, languages[0])
    scales = whole.pop("scales", {})
    for section in whole["sections"]:
        section.setdefault("questions", [])
        for question in section["questions"]:
            if isinstance(question.get("options"), str):
                question["options"] = copy.deepcopy(scales[question["options"]])
    tidied: Data = tidy(whole)
    return {**tidied, "strata": whole["strata"], "sections": [
        {**tidy(section), "questions": [tidy(question) for question in section["questions"]]}
        for section in whole["sections"]
    ]}  # fmt: skip


def problems(data: Any) -> list[Problem]:
    """Why `data` cannot be a draft: what the form forbids, codes used twice, options that are nowhere."""
    found = [Problem(tuple(error.absolute_path), checking.explain(error)) for error in _validator().iter_errors(data)]
    return found or list(_repeated(data)) + list(_nowhere(data))


def tidy(part: dict[str, Any]) -> dict[str, Any]:
    """A part without what is empty or false, its keys in their usual order. Nought is not empty."""
    kept = {name: value for name, value in part.items() if value or (value == 0 and value is not False)}
    return {name: kept[name] for name in (*ORDER, *kept) if name in kept}


def _schema() -> dict[str, Any]:
    schema: dict[str, Any] = json.loads(checking.SCHEMA.read_text(encoding="utf-8"))
    return schema


@cache
def _validator() -> Draft202012Validator:
    schema = _schema()
    _relax(schema, [])
    for name, needed in NEEDED.items():
        _relax(schema["$defs"][name], needed)
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def _relax(part: dict[str, Any], needed: list[str]) -> None:
    """Lets a part of the schema be empty, and lack what is not needed."""
    part["required"] = needed
    for holder in (part, *part.get("properties", {}).values(), part.get("additionalProperties")):
        if isinstance(holder, dict):
            for bound in LEAST:
                holder.pop(bound, None)


def _repeated(data: Data) -> Iterator[Problem]:
    """Codes of sections, questions, options and rows that are used twice."""
    holders = [(("sections", s), section) for s, section in enumerate(data.get("sections", []))]
    asked = [
        ((*path, "questions", q), question)
        for path, section in holders
        for q, question in enumerate(section.get("questions", []))
    ]
    yield from _twice(holders, "section")
    yield from _twice(asked, "question")
    for path, question in asked:
        for name in ("options", "rows"):
            listed = question.get(name, [])
            if not isinstance(listed, str):
                yield from _twice([((*path, name, n), one) for n, one in enumerate(listed)], name.removesuffix("s"))


def _twice(holders: Sequence[tuple[Path, Data]], what: str) -> Iterator[Problem]:
    seen: set[str] = set()
    for path, holder in holders:
        code = str(holder["code"])
        if code in seen:
            yield Problem((*path, "code"), f"the {what} code {code!r} is used twice")
        seen.add(code)


def _nowhere(data: Data) -> Iterator[Problem]:
    scales = data.get("scales", {})
    for s, section in enumerate(data.get("sections", [])):
        for q, question in enumerate(section.get("questions", [])):
            named = question.get("options")
            if isinstance(named, str) and named not in scales:
                path = ("sections", s, "questions", q, "options")
                yield Problem(path, f"there is no scale {named!r}; there is: {', '.join(scales) or 'none'}")


def _named(value: Any, language: str, name: str = "") -> Any:
    """A copy in which each text is by language, and the codes of options are text."""
    if name in TEXTS:
        return {language: value} if isinstance(value, str) else dict(value)
    if isinstance(value, dict):
        copied = {key: part if key == "ask_if" else _named(part, language, key) for key, part in value.items()}
        return {**copied, "code": str(copied["code"])} if "code" in copied else copied
    return [_named(part, language) for part in value] if isinstance(value, list) else value


def condition_problems(data: Any) -> list[Problem]:
    """Why `data` is not in the form of a condition. Whether it can mean anything, the check tells."""
    whole = _schema()
    validator = Draft202012Validator({"$defs": whole["$defs"], "$ref": "#/$defs/condition"})
    return [Problem((), checking.explain(error)) for error in validator.iter_errors(data)]
