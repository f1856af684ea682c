"""Every text of a questionnaire that people read, with the place where it stands. Pure.

It reads raw data, as YAML or JSON gives it and as a draft holds it: what has not the form of a questionnaire is passed
over here, and is for `checking` to tell.
"""

from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from mande.surveys.questionnaires.checking import Path

OF_QUESTION = ("text", "hint", "unit")
OF_WHOLE = ("title", "intro")


BEST: Mapping[str, int] = {"title": 60, "intro": 600, "text": 160, "hint": 200, "unit": 20, "option": 60, "row": 110}
"""Up to how many characters each kind of text is read at a glance on a telephone."""


@dataclass(frozen=True)
class Place:
    """One text. `key` names it by codes, so that it is found again after questions have been moved.

    `kind` is title, intro, text, hint, unit, option or row; `subject` is the type of the question that it belongs to,
    else "questionnaire", "section" or "named scale", and `code` the question's, section's or scale's. `said` is the
    text by language.
    """

    key: str
    path: Path
    kind: str
    subject: str
    code: str
    said: Mapping[str, str]


def best_length(place: Place) -> int:
    """Up to how many characters the text is best; 0 where it may be as long as it needs."""
    return 0 if place.subject == "info" and place.kind == "text" else BEST[place.kind]


def languages(data: Any) -> list[str]:
    """The languages that a questionnaire declares, the first of which it is written in; English where it says none."""
    declared = data.get("languages") if isinstance(data, Mapping) else None
    named = [language for language in _list(declared) if isinstance(language, str)]
    return list(dict.fromkeys(named)) or ["en"]


def sections(data: Any) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """The sections that have the form of one, each with its place."""
    yield from _holders(data.get("sections") if isinstance(data, Mapping) else None, ("sections",))


def questions(data: Any) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """The questions that have the form of one, each with its place."""
    for path, section in sections(data):
        yield from _holders(section.get("questions"), (*path, "questions"))


def options(data: Any, question: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The options of a question, those of a named scale included."""
    listed = question.get("options")
    if isinstance(listed, str):
        scales = data.get("scales") if isinstance(data, Mapping) else None
        listed = scales.get(listed) if isinstance(scales, Mapping) else None
    return [option for _path, option in _holders(listed, ())]


def rows(question: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The rows of a matrix."""
    return [row for _path, row in _holders(question.get("rows"), ())]


def said(text: Any, first: str) -> dict[str, str]:
    """A text by language; where it is written without one, in the `first` language of the questionnaire."""
    if isinstance(text, str):
        return {first: text} if text.strip() else {}
    if not isinstance(text, Mapping):
        return {}
    return {language: one for language, one in text.items() if isinstance(one, str) and one.strip()}


def places(data: Any) -> list[Place]:
    """Every text that is there in any language, in the order of the questionnaire."""
    if not isinstance(data, Mapping):
        return []
    return list(_Walk(languages(data)[0]).whole(data))


def put(data: Mapping[str, Any], wanted: Iterable[tuple[Path, str, str]]) -> dict[str, Any]:
    """A copy of the questionnaire with other words: each of `wanted` is where, in which language, and the text, or ""
    to take it out. Raises KeyError or IndexError where nothing stands at a place.
    """
    copied: dict[str, Any] = deepcopy(dict(data))
    known = languages(data)
    for path, language, text in wanted:
        holder: Any = copied
        for step in path[:-1]:
            holder = holder[step]
        by_language = {**said(holder[path[-1]], known[0]), language: text}
        order = [*known, *(other for other in by_language if other not in known)]
        holder[path[-1]] = {one: by_language[one] for one in order if by_language.get(one)}
    return copied


class _Walk:
    def __init__(self, first: str) -> None:
        self.first = first
        self.keys: dict[str, int] = {}

    def whole(self, data: Mapping[str, Any]) -> Iterator[Place]:
        yield from self.texts(data, OF_WHOLE, (), "", "questionnaire", "")
        scales = data.get("scales")
        for name, listed in scales.items() if isinstance(scales, Mapping) else ():
            yield from self.labels(listed, ("scales", name), f"scale.{name}", "option", "named scale", str(name))
        for path, section in sections(data):
            code = _code(section, path)
            yield from self.texts(section, OF_WHOLE, path, f"section.{code}.", "section", code)
            for place, question in _holders(section.get("questions"), (*path, "questions")):
                yield from self.question(question, place)

    def question(self, question: Mapping[str, Any], path: Path) -> Iterator[Place]:
        code, kind = _code(question, path), str(question.get("type", ""))
        prefix = f"question.{code}."
        yield from self.texts(question, OF_QUESTION, path, prefix, kind, code)
        for name, part in (("options", "option"), ("rows", "row")):
            yield from self.labels(question.get(name), (*path, name), prefix + part, part, kind, code)

    def labels(self, listed: Any, path: Path, prefix: str, part: str, subject: str, code: str) -> Iterator[Place]:
        for place, holder in _holders(listed, path):
            key = f"{prefix}.{_code(holder, place)}"
            yield from self.text(holder, "label", place, key, part, subject, code)

    def texts(
        self, holder: Mapping[str, Any], names: Sequence[str], path: Path, prefix: str, subject: str, code: str
    ) -> Iterator[Place]:
        for name in names:
            yield from self.text(holder, name, path, prefix + name, name, subject, code)

    def text(
        self, holder: Mapping[str, Any], name: str, path: Path, key: str, kind: str, subject: str, code: str
    ) -> Iterator[Place]:
        if by_language := said(holder.get(name), self.first):
            self.keys[key] = self.keys.get(key, 0) + 1
            # Two of one code are a mistake, but a draft may hold it for a while.
            own = key if self.keys[key] == 1 else f"{key} ({self.keys[key]})"
            yield Place(own, (*path, name), kind, subject, code, by_language)


def _code(holder: Mapping[str, Any], path: Path) -> str:
    """The code, or, before there is one, the number."""
    code = holder.get("code")
    return str(code) if isinstance(code, str | int) and str(code) else f"#{int(path[-1]) + 1}"


def _holders(listed: Any, path: Path) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    for number, holder in enumerate(_list(listed)):
        if isinstance(holder, Mapping):
            yield (*path, number), holder


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
