"""What can be done to the parts of a draft. Every function returns a new draft and leaves its own untouched. Pure.

A draft is the data of a questionnaire in the form that `shape.normal` gives it. Sections and questions go by their
codes, which a draft never holds twice. What is not there raises KeyError.
"""

import copy
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from typing import Any

from mande.surveys.authoring.editor import naming
from mande.surveys.authoring.editor import references
from mande.surveys.authoring.editor.references import Renaming

Data = dict[str, Any]
Part = dict[str, Any]

TEXTS = frozenset({"title", "intro", "text", "hint", "label", "unit"})
"""The names of what is said, by language, in a questionnaire, a section, a question, an option or a row."""


def sections(data: Data) -> list[Part]:
    found: list[Part] = data["sections"]
    return found


def questions(data: Data) -> Iterator[Part]:
    return (question for section in sections(data) for question in section["questions"])


def section(data: Data, code: str) -> Part:
    """Raises KeyError where there is none."""
    return sections(data)[_section_at(data, code)]


def question(data: Data, code: str) -> Part:
    """Raises KeyError where there is none."""
    number, place = _place(data, code)
    found: Part = sections(data)[number]["questions"][place]
    return found


def section_of(data: Data, code: str) -> Part:
    """The section in which the question of this code stands."""
    return sections(data)[_place(data, code)[0]]


def before(data: Data, part: Part) -> list[Part]:
    """The questions before a section or a question, to whose answers its condition may refer."""
    found: list[Part] = []
    for one in sections(data):
        if one is part:
            break
        for asked in one["questions"]:
            if asked is part:
                return found
            found.append(asked)
    return found


def dependants(data: Data, code: str) -> list[str]:
    """The codes of the sections and questions whose condition refers to this question."""
    parts = [part for one in sections(data) for part in (one, *one["questions"])]
    return [part["code"] for part in parts if code in references.questions_in(part.get("ask_if"))]


def add_section(data: Data, title: str) -> tuple[Data, str]:
    """A section without questions at the end, and its code. `title` is in the main language."""
    new = copy.deepcopy(data)
    code = naming.fresh(naming.slug(title), [one["code"] for one in sections(new)], "section")
    sections(new).append({"code": code, "title": {data["languages"][0]: title} if title else {}, "questions": []})
    return new, code


def move_section(data: Data, code: str, steps: int) -> Data:
    """Further up (negative) or down by so many places, at most to the end."""
    new = copy.deepcopy(data)
    place = _section_at(new, code)
    moved = sections(new).pop(place)
    sections(new).insert(max(0, place + steps), moved)
    return new


def copy_section(data: Data, code: str) -> tuple[Data, str]:
    """A copy right after the section, and its code. Conditions within the copy refer to the copies."""
    new = copy.deepcopy(data)
    place = _section_at(new, code)
    twin = copy.deepcopy(sections(new)[place])
    twin["code"] = naming.fresh(code, [one["code"] for one in sections(new)])
    taken = {one["code"] for one in questions(new)}
    for asked in twin["questions"]:
        renaming = Renaming(asked["code"], naming.fresh(asked["code"], taken))
        asked["code"] = renaming.to
        taken.add(renaming.to)
        _follow([twin, *twin["questions"]], renaming)
    sections(new).insert(place + 1, twin)
    return new, twin["code"]


def remove_section(data: Data, code: str) -> Data:
    """Without the section and its questions."""
    new = copy.deepcopy(data)
    del sections(new)[_section_at(new, code)]
    return new


def change_section(data: Data, code: str, changed: Part) -> Data:
    """`changed` holds everything of the section but its questions."""
    new = copy.deepcopy(data)
    place = _section_at(new, code)
    if changed["code"] != code and any(one["code"] == changed["code"] for one in sections(new)):
        raise ValueError(f"There is a section {changed['code']!r} already.")
    sections(new)[place] = {**copy.deepcopy(changed), "questions": sections(new)[place]["questions"]}
    return new


def add_question(data: Data, section_code: str, added: Part, after: str | None = None) -> tuple[Data, str]:
    """The question at the end of a section, or after another one of it, and the code that it got."""
    new = copy.deepcopy(data)
    code = naming.fresh(added["code"], {one["code"] for one in questions(new)})
    asked: list[Part] = section(new, section_code)["questions"]
    codes = [one["code"] for one in asked]
    place = codes.index(after) + 1 if after in codes else len(asked)
    asked.insert(place, {**copy.deepcopy(added), "code": code})
    return new, code


def move_question(data: Data, code: str, down: bool) -> Data:
    """One place further. Beyond the first or last of its section it goes over into the section next to it."""
    new = copy.deepcopy(data)
    number, place = _place(new, code)
    asked = sections(new)[number]["questions"]
    if 0 <= (onward := place + (1 if down else -1)) < len(asked):
        asked[place], asked[onward] = asked[onward], asked[place]
    elif 0 <= (neighbour := number + (1 if down else -1)) < len(sections(new)):
        others = sections(new)[neighbour]["questions"]
        others.insert(0 if down else len(others), asked.pop(place))
    return new


def put_question(data: Data, code: str, section_code: str, place: int | None = None) -> Data:
    """The question in another section (or the same), before the one that stands at `place`; at the end without."""
    new = copy.deepcopy(data)
    number, present = _place(new, code)
    target: list[Part] = section(new, section_code)["questions"]
    moved = sections(new)[number]["questions"].pop(present)
    target.insert(len(target) if place is None else place, moved)
    return new


def copy_question(data: Data, code: str) -> tuple[Data, str]:
    """A copy right after the question, and its code."""
    return add_question(data, section_of(data, code)["code"], question(data, code), after=code)


def remove_question(data: Data, code: str) -> Data:
    new = copy.deepcopy(data)
    number, place = _place(new, code)
    del sections(new)[number]["questions"][place]
    return new


def change_question(data: Data, renaming: Renaming, changed: Part) -> Data:
    """`changed` in the place of the question `renaming.question`. Conditions follow what is called otherwise."""
    new = copy.deepcopy(data)
    number, place = _place(new, renaming.question)
    if renaming.to != renaming.question and any(one["code"] == renaming.to for one in questions(new)):
        raise ValueError(f"There is a question {renaming.to!r} already.")
    sections(new)[number]["questions"][place] = {**copy.deepcopy(changed), "code": renaming.to}
    if renaming.is_needed:
        _follow([part for one in sections(new) for part in (one, *one["questions"])], renaming)
    return new


def change_settings(data: Data, changes: Mapping[str, Any]) -> Data:
    """Everything but the sections. What is said in a language that is left out goes; but a text that would be lost
    altogether counts as said in the new main language."""
    new = copy.deepcopy(data)
    new.update(copy.deepcopy(dict(changes)))
    main, kept = data["languages"][0], new["languages"]

    def cut(text: dict[str, str]) -> dict[str, str]:
        staying = {language: said for language, said in text.items() if language in kept}
        return staying or ({kept[0]: text[main]} if main in text else {})

    whole: Data = _with_texts(new, cut)
    return whole


def with_text(text: Mapping[str, str], language: str, said: str) -> dict[str, str]:
    """The text with `said` in one language; a language in which nothing is said has no place in it."""
    changed = {**text, language: said} if language in text else {language: said, **text}
    return {key: one for key, one in changed.items() if one}


def _with_texts(value: Any, change: Callable[[dict[str, str]], dict[str, str]], name: str = "") -> Any:
    if name in TEXTS:
        return change(value)
    if isinstance(value, dict):
        return {key: _with_texts(part, change, key) for key, part in value.items()}
    return [_with_texts(part, change) for part in value] if isinstance(value, list) else value


def _follow(parts: list[Part], renaming: Renaming) -> None:
    for part in parts:
        if "ask_if" in part:
            part["ask_if"] = references.followed(part["ask_if"], renaming)


def _section_at(data: Data, code: str) -> int:
    for number, one in enumerate(sections(data)):
        if one["code"] == code:
            return number
    raise KeyError(code)


def _place(data: Data, code: str) -> tuple[int, int]:
    for number, one in enumerate(sections(data)):
        for place, asked in enumerate(one["questions"]):
            if asked["code"] == code:
                return number, place
    raise KeyError(code)
