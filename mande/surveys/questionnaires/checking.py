"""What can be wrong with a questionnaire: first its form (the JSON schema), then its meaning. All problems at once."""

import json
from collections import Counter
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from functools import cache
from pathlib import Path as FilePath
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from mande.surveys.questionnaires import checking_flow
from mande.surveys.questionnaires import checking_types
from mande.surveys.questionnaires.matching import fold
from mande.surveys.questionnaires.problems import Path
from mande.surveys.questionnaires.problems import Problem
from mande.surveys.questionnaires.standard import YES_NO

__all__ = ["DefinitionError", "Path", "Problem", "problems"]

SCHEMA = FilePath(__file__).with_name("questionnaire.schema.json")
RESERVED = ("na", "other", "comment")
SCALE_CODES = ([str(number) for number in range(1, 6)], [str(number) for number in range(1, 8)])
MOST_RANKED = 10
RATING_ENDS = {"0", "10"}
RATING_CODES = {str(number) for number in range(11)}


class DefinitionError(Exception):
    """A questionnaire that cannot be used. The text lists every problem with its place, and its line if known."""

    def __init__(
        self, problems: Sequence[Problem], name: str | None = None, line: Callable[[Path], int] | None = None
    ) -> None:
        self.problems = tuple(problems)
        self.name = name
        lines = [f"line {line(problem.path)}: {problem}" if line else str(problem) for problem in self.problems]
        if name or len(lines) > 1:
            lines = [f"The questionnaire {name or 'definition'} cannot be used:", *(f"  - {text}" for text in lines)]
        super().__init__("\n".join(lines))

    @classmethod
    def of(cls, message: str) -> "DefinitionError":
        return cls([Problem((), message)])


def problems(data: Any) -> list[Problem]:
    """Every problem of `data`, in the order of the file; empty where it can be used. Meaning is looked at once the
    form is right."""
    found = [Problem(tuple(error.absolute_path), explain(error)) for error in _validator().iter_errors(data)]
    if not found:
        found = list(_Meaning(data).problems())
    return sorted(found, key=lambda problem: [(isinstance(part, str), str(part).zfill(4)) for part in problem.path])


@cache
def _validator() -> Draft202012Validator:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def explain(error: ValidationError) -> str:
    """What the schema forbids, in words for whoever writes questionnaires."""
    value: Any = error.validator_value
    schema: Any = error.schema
    instance: Any = error.instance
    match error.validator:
        case "required":
            missing = [name for name in value if name not in instance]
            return f"lacks {', '.join(missing)}"
        case "additionalProperties":
            unknown = [name for name in instance if name not in schema.get("properties", {})]
            return f"has unknown keys: {', '.join(map(str, unknown))}"
        case "pattern":
            return f"{instance!r} is not {schema['description']}"
        case "enum":
            return f"{instance!r} is unknown; it is one of {', '.join(map(str, value))}"
        case "type":
            return f"{instance!r} should be {' or '.join([value] if isinstance(value, str) else value)}"
        case "uniqueItems":
            return "holds the same thing twice"
        case "maxLength":
            return f"{instance!r} is longer than {value} characters"
        case "minItems" | "minLength" | "minProperties":
            return "is empty"
        case "oneOf":
            return f"is not {schema['description']}"
        case _:
            return error.message


class _Meaning:
    """The checks that a schema cannot make."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.data = data
        self.languages: list[str] = data["languages"]
        self.scales: Mapping[str, Any] = data.get("scales", {})
        self.questions: list[tuple[Path, Mapping[str, Any]]] = [
            (("sections", s, "questions", q), question)
            for s, section in enumerate(data["sections"])
            for q, question in enumerate(section["questions"])
        ]

    def problems(self) -> Iterator[Problem]:
        yield from self.texts(self.data, ("title", "intro"), ())
        for number, section in enumerate(self.data["sections"]):
            yield from self.texts(section, ("title", "intro"), ("sections", number))
        yield from _codes([(("sections", n), s["code"]) for n, s in enumerate(self.data["sections"])], "section")
        yield from _codes([(path, question["code"]) for path, question in self.questions], "question")
        for name, options in self.scales.items():
            yield from self.options(options, ("scales", name))
            if not any(question.get("options") == name for _, question in self.questions):
                yield Problem(("scales", name), "no question uses this scale")
        for path, question in self.questions:
            yield from self.question(question, path)
        yield from checking_flow.problems(self.data)
        yield from self.machine_made()
        if not any(question.get("core") for _, question in self.questions):
            yield Problem(("sections",), "no question is marked core, so that the two-minute route would be empty")

    def question(self, question: Mapping[str, Any], path: Path) -> Iterator[Problem]:
        kind = question["type"]
        yield from self.texts(question, ("text", "hint", "unit"), path)
        yield from checking_types.problems(question, path)
        yield from self.yes_no(question, path)
        options = question.get("options", [])
        if isinstance(options, str):
            if options not in self.scales:
                known = ", ".join(self.scales) or "none"
                yield Problem((*path, "options"), f"there is no scale {options!r}; there is: {known}")
                return
            options = self.scales[options]
        else:
            yield from self.options(options, (*path, "options"))
        if question.get("other") and any(fold(text) == "other" for option in options for text in _spellings(option)):
            yield Problem((*path, "options"), "an option is called other, which other: true brings already")
        if kind != "multiple" and any(option.get("exclusive") for option in options):
            yield Problem((*path, "options"), "only a multiple choice has exclusive options")
        yield from _options_of(kind, [str(option["code"]) for option in options], question.get("other", False), path)
        rows = question.get("rows", [])
        yield from _codes([((*path, "rows", n), row["code"]) for n, row in enumerate(rows)], "row")
        for number, row in enumerate(rows):
            yield from self.texts(row, ("label",), (*path, "rows", number))

    def yes_no(self, question: Mapping[str, Any], path: Path) -> Iterator[Problem]:
        unknown = [language for language in self.languages if language not in YES_NO["yes"]]
        if question["type"] == "yes_no" and not question.get("options") and unknown:
            yield Problem(path, f"give options, since yes and no are not known in {', '.join(unknown)}")

    def machine_made(self) -> Iterator[Problem]:
        unknown = [language for language in self.data.get("machine_made", ()) if language not in self.languages]
        if unknown:
            yield Problem(("machine_made",), f"names {', '.join(unknown)}, which is not among the languages")

    def options(self, options: Sequence[Mapping[str, Any]], path: Path) -> Iterator[Problem]:
        yield from _codes([((*path, n), str(option["code"])) for n, option in enumerate(options)], "option")
        owners: dict[str, int] = {}
        for number, option in enumerate(options):
            yield from self.texts(option, ("label",), (*path, number))
            for spelling in sorted({fold(text) for text in _spellings(option)}):
                if owners.setdefault(spelling, number) != number:
                    yield Problem((*path, number), f"{spelling!r} is also what option {owners[spelling]} is called")

    def texts(self, holder: Mapping[str, Any], names: Iterable[str], path: Path) -> Iterator[Problem]:
        for name in names:
            if name in holder:
                yield from self.text(holder[name], (*path, name))

    def text(self, text: str | Mapping[str, str], path: Path) -> Iterator[Problem]:
        if isinstance(text, str):
            if not text.strip():
                yield Problem(path, "is empty")
            if len(self.languages) > 1:
                yield Problem(path, f"give a text for each language: {', '.join(self.languages)}")
            return
        if missing := [language for language in self.languages if not text.get(language, "").strip()]:
            yield Problem(path, f"is missing in {', '.join(missing)}")
        if unknown := [language for language in text if language not in self.languages]:
            yield Problem(path, f"is in {', '.join(unknown)}, which the questionnaire's languages do not name")


def _options_of(kind: str, codes: list[str], other: bool, path: Path) -> Iterator[Problem]:
    path = (*path, "options")
    if kind in ("scale", "matrix") and codes and codes not in SCALE_CODES:
        yield Problem(path, f"a {kind} has the codes 1 to 5 or 1 to 7, the worst first, not {', '.join(codes)}")
    if kind == "yes_no" and codes and codes != list(YES_NO):
        yield Problem(path, f"a question of type yes_no has the codes yes and no, not {', '.join(codes)}")
    if kind == "rating" and codes and not RATING_ENDS <= set(codes) <= RATING_CODES:
        yield Problem(path, "a rating has the codes 0 to 10, of which at least 0 and 10 have labels")
    if kind == "ranking" and len(codes) > MOST_RANKED:
        yield Problem(path, f"nobody ranks more than {MOST_RANKED} things: offer fewer")
    if kind in ("single", "multiple", "ranking") and len(codes) + other == 1:
        yield Problem(path, f"a question of type {kind} needs a second option")


def _codes(codes: Sequence[tuple[Path, str]], what: str) -> Iterator[Problem]:
    times = Counter(code for _, code in codes)
    for path, code in codes:
        if times[code] > 1:
            yield Problem((*path, "code"), f"the {what} code {code!r} is used {times[code]} times")
        if code in RESERVED:
            yield Problem(
                (*path, "code"), f"{code!r} is reserved: use not_applicable: true, other: true or comment: true"
            )


def _spellings(option: Mapping[str, Any]) -> Iterator[str]:
    label = option["label"]
    yield str(option["code"])
    yield from [label] if isinstance(label, str) else label.values()
    yield from option.get("aliases", ())
