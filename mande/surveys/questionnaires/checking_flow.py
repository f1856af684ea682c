"""Whether conditions, repeated sections and placeholders can mean anything where they stand. Pure."""

from collections.abc import Iterator
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from mande.surveys.questionnaires import placeholders
from mande.surveys.questionnaires.problems import Path
from mande.surveys.questionnaires.problems import Problem
from mande.surveys.questionnaires.standard import YES_NO
from mande.surveys.questionnaires.standard import is_country

TESTS = ("is", "in", "answered", "at_least", "at_most")
ONLY_ANSWERED = ("short_text", "long_text", "date")
NUMBERS = ("scale", "matrix", "rating", "number", "ranking")
LONGEST_REPEATED = 38


def problems(data: Mapping[str, Any]) -> Iterator[Problem]:
    """Everything of this kind that is wrong with a questionnaire that has the right form."""
    yield from _Flow(data).problems()
    yield from _braces(data)


class _Flow:
    """Walks through a questionnaire as somebody answers it: a condition can only look back."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.data = data
        self.later = {question["code"] for section in data["sections"] for question in section["questions"]}
        self.earlier: dict[str, tuple[Mapping[str, Any], int]] = {}

    def problems(self) -> Iterator[Problem]:
        for number, section in enumerate(self.data["sections"]):
            path: Path = ("sections", number)
            if "ask_if" in section:
                yield from self.condition(section["ask_if"], (*path, "ask_if"), number)
            for place, question in enumerate(section["questions"]):
                inner: Path = (*path, "questions", place)
                if "ask_if" in question:
                    yield from self.condition(question["ask_if"], (*inner, "ask_if"), number)
                if section.get("repeat") and any(len(key) > LONGEST_REPEATED for key in _keys(question)):
                    yield Problem(
                        (*inner, "code"),
                        f"is too long in a repeated section: with a row, “.other” or “.comment” it may have "
                        f"{LONGEST_REPEATED} characters",
                    )
                self.earlier[question["code"]] = (question, number)

    def condition(self, data: Mapping[str, Any], path: Path, here: int) -> Iterator[Problem]:
        for operator in ("all", "any"):
            for number, part in enumerate(data.get(operator, ())):
                yield from self.condition(part, (*path, operator, number), here)
        if "not" in data:
            yield from self.condition(data["not"], (*path, "not"), here)
        if "question" in data:
            yield from self.reference(data, path, here)

    def reference(self, data: Mapping[str, Any], path: Path, here: int) -> Iterator[Problem]:
        code, _, row = data["question"].partition(".")
        path = (*path, "question")
        if code not in self.earlier:
            yield Problem(path, self.unknown(code))
            return
        question, there = self.earlier[code]
        if self.data["sections"][there].get("repeat") and there != here:
            yield Problem(path, f"{code!r} is asked for each meeting, so that only its own section can look back at it")
        elif (problem := _row(question, row)) or (problem := self.test(question, data)):
            yield Problem(path, problem)

    def unknown(self, code: str) -> str:
        if code in self.later:
            return f"{code!r} is asked later; a condition can only look back"
        near = get_close_matches(code, self.earlier, n=1)
        return f"there is no question {code!r}" + (f"; is it {near[0]!r}?" if near else "")

    def test(self, question: Mapping[str, Any], data: Mapping[str, Any]) -> str:
        kind = question["type"]
        name = next(name for name in TESTS if name in data)
        if kind == "info":
            return f"{question['code']!r} is information, which has no answer"
        if name in ("at_least", "at_most"):
            return "" if kind in NUMBERS else f"an answer to {question['code']!r} is no number to compare"
        if name == "answered":
            return ""
        if kind in ONLY_ANSWERED or kind == "number":
            better = "at_least and at_most" if kind == "number" else "answered: true"
            return f"{question['code']!r} has no options; use {better}"
        wanted = {str(value) for value in (data["in"] if name == "in" else [data["is"]])}
        unknown = sorted(code for code in wanted - self.codes(question) if kind != "country" or not is_country(code))
        return f"{question['code']!r} has no option {', '.join(unknown)}" if unknown else ""

    def codes(self, question: Mapping[str, Any]) -> set[str]:
        kind, options = question["type"], question.get("options", [])
        if isinstance(options, str):
            options = self.data.get("scales", {}).get(options, [])
        codes = {str(option["code"]) for option in options}
        if kind == "rating":
            codes = {str(number) for number in range(11)}
        if kind == "ranking":
            codes = {str(number) for number in range(1, question.get("max", len(codes)) + 1)}
        if kind == "yes_no":
            codes = set(YES_NO)
        return codes | _extra(question)


def _extra(question: Mapping[str, Any]) -> set[str]:
    marks = {"other": "other", "not_applicable": "na"}
    return {code for flag, code in marks.items() if question.get(flag)}


def _row(question: Mapping[str, Any], row: str) -> str:
    kind, code = question["type"], question["code"]
    listed = question.get("rows") if kind == "matrix" else question.get("options") if kind == "ranking" else None
    if not isinstance(listed, list):
        return f"{code!r} has no rows" if row else ""
    rows = [str(one["code"]) for one in listed]
    if row in rows:
        return ""
    return f"name a row of {code!r}: {', '.join(f'{code}.{one}' for one in rows)}"


def _keys(question: Mapping[str, Any]) -> list[str]:
    """Every code under which something about a question is kept."""
    code = question["code"]
    inner = [str(one["code"]) for one in question.get("rows", [])]
    options = question.get("options")
    if question["type"] == "ranking" and isinstance(options, list):
        inner += [str(one["code"]) for one in options]
    inner += [name for name in ("other", "comment") if question.get(name)]
    return [code, *(f"{code}.{name}" for name in inner)]


def _braces(data: Mapping[str, Any]) -> Iterator[Problem]:
    event = set(placeholders.OF_EVENT)
    yield from _texts(data, ("title",), (), event)
    yield from _texts(data, ("intro",), (), event | {placeholders.NAME})
    for name, options in data.get("scales", {}).items():
        for place, option in enumerate(options):
            yield from _texts(option, ("label",), ("scales", name, place), event)
    for number, section in enumerate(data["sections"]):
        path: Path = ("sections", number)
        known = event | ({placeholders.MEETING} if section.get("repeat") else set())
        yield from _texts(section, ("title",), path, known)
        yield from _texts(section, ("intro",), path, known | {placeholders.NAME})
        for place, question in enumerate(section["questions"]):
            inner: Path = (*path, "questions", place)
            own = {placeholders.NAME} if question["type"] == "info" else set()
            yield from _texts(question, ("text",), inner, known | own)
            yield from _texts(question, ("hint", "unit"), inner, known)
            for holder in ("options", "rows"):
                listed = question.get(holder, [])
                for line, option in enumerate(listed if isinstance(listed, list) else []):
                    yield from _texts(option, ("label",), (*inner, holder, line), known)


def _texts(holder: Mapping[str, Any], names: tuple[str, ...], path: Path, known: set[str]) -> Iterator[Problem]:
    for name in names:
        text = holder.get(name, "")
        said = [text] if isinstance(text, str) else list(text.values())
        for unknown in sorted(set().union(*map(placeholders.names, said)) - known):
            yield Problem((*path, name), _explain(unknown, known))


def _explain(name: str, known: set[str]) -> str:
    if not name:
        return "has a lone brace; write {{ or }} for one that is meant"
    if name in placeholders.ALL:
        return f"cannot say {{{name}}} here: " + (
            "only a repeated section is about one meeting"
            if name == placeholders.MEETING
            else "a name belongs in an introduction or a block of information alone"
        )
    return f"has an unknown placeholder {{{name}}}; there is {', '.join(f'{{{one}}}' for one in sorted(known))}"
