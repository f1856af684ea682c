"""The sheet "choices" as it is read, and what its choices mean to a question. Pure."""

import json
import re
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mande.surveys.authoring.xlsform import words
from mande.surveys.authoring.xlsform.carried import Carried
from mande.surveys.authoring.xlsform.columns import Row
from mande.surveys.authoring.xlsform.lists import ALIASES
from mande.surveys.authoring.xlsform.naming import Codes
from mande.surveys.authoring.xlsform.speech import Speech
from mande.surveys.questionnaires.answers import NOT_APPLICABLE
from mande.surveys.questionnaires.answers import OTHER
from mande.surveys.questionnaires.matching import fold
from mande.surveys.questionnaires.standard import NO
from mande.surveys.questionnaires.standard import YES
from mande.surveys.questionnaires.standard import YES_NO

_OTHER = re.compile(
    r"(others?|autres?|otr[oa]s?|outros?|غير ذلك|أخرى)\b\W*"
    r"(please|pls)?\s*(specify|say|state|describe|(à |veuillez )?préciser|précisez|especifi\w+|indi\w+)?\W*"
)
ONE, SEVERAL, RANK = "select_one", "select_multiple", "rank"

_KNOWN = ("list_name", "name", "label", ALIASES)


@dataclass(frozen=True)
class Choice:
    """One line of the sheet."""

    row: Row
    name: str
    label: Mapping[str, str]
    aliases: tuple[str, ...]

    @property
    def is_other(self) -> bool:
        return any(_OTHER.fullmatch(fold(said)) for said in (self.name, *self.label.values()))

    @property
    def is_not_applicable(self) -> bool:
        return any(fold(said) in words.LIKE_NOT_APPLICABLE for said in (self.name, *self.label.values()))

    @property
    def as_yes_or_no(self) -> str:
        """ "yes" or "no" if it means that; else ""."""
        said = {fold(text) for text in (self.name, *self.label.values())}
        return next((code for code in (YES, NO) if {fold(one) for one in YES_NO[code].values()} & said), "")

    @property
    def option(self) -> dict[str, Any]:
        return {"label": dict(self.label), **({"aliases": list(self.aliases)} if self.aliases else {})}


@dataclass(frozen=True)
class Offer:
    """What a question offers: `plain` choices, each with its code, and whether there is "other" or "not applicable".

    `codes` leads from every name on the list to our code.
    """

    plain: tuple[tuple[str, Choice], ...]
    codes: Mapping[str, str]
    other: bool
    not_applicable: bool

    def coded(self) -> tuple[str, ...]:
        return tuple(code for code, _choice in self.plain)


def read(rows: Sequence[Row], speech: Speech, carried: Carried) -> dict[str, list[Choice]]:
    """The lists, by name."""
    lists: dict[str, list[Choice]] = {}
    for row in rows:
        listed, name = row.get("list_name"), row.get("name")
        if not listed or not name:
            carried.note("choices", row.number, "", "the row names no list, or no choice", "it was left out")
            continue
        for column, _cell in row.filled():
            if column.name not in _KNOWN:
                carried.note("choices", row.number, column.header, *_reason(column.name))
        label = speech.text("choices", row, "label")
        if not label:
            carried.note("choices", row.number, "label", "the choice has no label", "its name stands for it")
        known = lists.setdefault(listed, [])
        if any(choice.name == name for choice in known):
            carried.note("choices", row.number, "name", f"{name!r} is twice on the list", "the second was left out")
            continue
        known.append(Choice(row, name, label or speech.everywhere(name), _aliases(row.get(ALIASES))))
    return lists


def offer(choices: Sequence[Choice], kind: str, ours: bool, carried: Carried) -> Offer:
    """What choices mean to a select_one, a select_multiple or a rank. In a form that we wrote codes say what they are;
    elsewhere "other", "not applicable", yes and no are known by their labels too.
    """
    names: dict[str, str] = {}
    for choice in choices:
        if kind != RANK and OTHER not in names.values() and _is(choice, OTHER, choice.is_other, ours):
            names[choice.name] = OTHER
        elif kind == ONE and _is(choice, NOT_APPLICABLE, choice.is_not_applicable, ours):
            names.setdefault(choice.name, "" if NOT_APPLICABLE in names.values() else NOT_APPLICABLE)
    names = {name: code for name, code in names.items() if code}
    plain = [choice for choice in choices if choice.name not in names]
    codes = Codes()
    yes_no = kind == ONE and not ours and sorted(choice.as_yes_or_no for choice in plain) == [NO, YES]
    for choice in plain:
        wanted = choice.as_yes_or_no if yes_no else choice.name
        names[choice.name] = codes.choice(wanted, f"choice_{choice.row.number}")
    for choice in choices:
        if (code := names[choice.name]) != choice.name:
            carried.note(
                "choices", choice.row.number, "name", f"{choice.name!r} is another code here", f"it is {code!r}"
            )
    return Offer(
        plain=tuple((names[choice.name], choice) for choice in plain),
        codes=names,
        other=OTHER in names.values(),
        not_applicable=NOT_APPLICABLE in names.values(),
    )


def _is(choice: Choice, code: str, looks: bool, ours: bool) -> bool:
    return choice.name == code or (looks and not ours)


def _aliases(cell: str) -> tuple[str, ...]:
    if cell.startswith("["):
        try:
            return tuple(map(str, json.loads(cell)))
        except (ValueError, TypeError):
            return (cell,)
    return tuple(line.strip() for line in cell.split("\n") if line.strip())


def _reason(column: str) -> tuple[str, str]:
    if column in ("image", "big_image", "audio", "video"):
        return "the choice comes with a picture or a sound", "its label alone was taken"
    return "this is used to filter choices, or by another program", "it was left out"
