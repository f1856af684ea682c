"""One question as the fields of a form, and back. Pure.

The form holds what is typed in the main language; texts in others, and all that the page does not show, stay as they
were. Nothing typed is ever lost: what cannot be taken is given back with a message at its field.
"""

import re
from collections.abc import Callable
from collections.abc import Collection
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from typing import Any

from mande.surveys.authoring.editor import clauses
from mande.surveys.authoring.editor import kinds
from mande.surveys.authoring.editor import lines
from mande.surveys.authoring.editor import naming
from mande.surveys.authoring.editor.clauses import ClauseError
from mande.surveys.authoring.editor.clauses import Clauses
from mande.surveys.authoring.editor.editing import Part
from mande.surveys.authoring.editor.editing import with_text
from mande.surveys.authoring.editor.lines import Line
from mande.surveys.authoring.editor.lines import Posted
from mande.surveys.authoring.editor.lines import Press
from mande.surveys.authoring.editor.references import Renaming
from mande.surveys.authoring.editor.shape import tidy
from mande.surveys.authoring.editor.typed_clauses import read_clauses
from mande.surveys.questionnaires.questions import QuestionType

WORDS = ("code", "text", "hint", "why", "comparable", "criterion", "level", "unit", "min", "max", "bands", "max_length",
         "display")  # fmt: skip
NUMBERS = ("min", "max", "max_length")
NO_NUMBER = "Enter a whole number, or leave it empty."
NO_CODE = "A code has small letters, digits and _, and begins with a letter; at most 38 characters."
NO_CHOICE = "A code has small letters, digits, _ and -; at most 38 characters."
MAKE: Mapping[str, Callable[[str, Collection[str]], str]] = {
    "option": naming.fresh_choice,
    "row": lambda label, used: naming.fresh(label, used, "row"),
}


@dataclass(frozen=True)
class QuestionForm:
    """What the page shows: `said` are the plain fields as typed, `lines` the options and rows by name ("option",
    "row"), `flags` what is ticked, `errors` what is wrong with a field, by its name or "option-2-code".
    """

    type: str
    said: Mapping[str, str]
    flags: frozenset[str]
    lines: Mapping[str, Sequence[Line]]
    condition: Clauses = field(default_factory=Clauses)
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def fields(self) -> frozenset[str]:
        return kinds.fields(self.type)

    @property
    def fixed(self) -> bool:
        """Whether the type says which options there are, so that only their labels are typed."""
        return bool(self.fields & {"steps", "ends", "yes_no"})


class FormError(Exception):
    """Something typed cannot be taken. `form` is what was typed, with a message at each place."""

    def __init__(self, form: Any) -> None:
        self.form = form
        super().__init__("; ".join(form.errors.values()))


def shown(question: Part, language: str) -> QuestionForm:
    """The form of a question as it is."""
    texts = {name: _text(question, name, language) for name in ("text", "hint", "unit")}
    plain = {name: _plain(question.get(name)) for name in WORDS if name not in texts}
    form = QuestionForm(
        type=question["type"],
        said={**plain, **texts},
        flags=frozenset(flag for flag in kinds.FLAGS if question.get(flag)),
        lines={name: [_line(part, language) for part in question.get(f"{name}s", [])] for name in ("option", "row")},
        condition=clauses.lines_of(question.get("ask_if")),
    )
    return _with_given_options(form, len(form.lines["option"]))


def read(form: Posted) -> QuestionForm:
    """The form as it was sent, after the press of a button that changes its lists, if that was one."""
    kind = form.get("type", "")
    typed = QuestionForm(
        type=kind if kind in list(QuestionType) else QuestionType.SHORT_TEXT,
        said={name: form.get(name, "").replace("\r\n", "\n").strip() for name in WORDS},
        flags=frozenset(form.getlist("flags")) & frozenset(kinds.FLAGS),
        lines={name: lines.read(form, name) for name in ("option", "row")},
        condition=read_clauses(form),
    )
    steps = form.get("steps", "")
    typed = _with_given_options(typed, int(steps) if steps in ("5", "7") else len(typed.lines["option"]))
    press = Press.read(form)
    if press is None or press.name not in typed.lines:
        return typed
    changed = press.on(typed.lines[press.name], lambda: Line("", ""))
    return replace(typed, lines={**typed.lines, press.name: changed})


def taken(typed: QuestionForm, question: Part, language: str) -> tuple[Part, Renaming]:
    """The question with what was typed, and what is called otherwise now. Raises FormError."""
    errors = dict(_wrong(typed))
    try:
        condition = clauses.condition_of(typed.condition, question.get("ask_if"))
    except ClauseError as error:
        raise FormError(replace(typed, condition=error.entered, errors=errors)) from None
    if errors:
        raise FormError(replace(typed, errors=errors))
    changed: Part = {**question, "type": typed.type, "ask_if": condition}
    for name in ("text", "hint", "unit"):
        changed[name] = with_text(question.get(name, {}), language, typed.said[name])
    for name in ("why", "comparable", "criterion", "level", "display"):
        changed[name] = typed.said[name]
    for name in NUMBERS:
        changed[name] = int(typed.said[name]) if typed.said[name] and not _is_date(typed, name) else typed.said[name]
    changed["bands"] = [int(bound) for bound in re.findall(r"-?\d+", typed.said["bands"])]
    changed |= {flag: flag in typed.flags for flag in kinds.FLAGS}
    options = _listed(typed, question, "option", language)
    rows = _listed(typed, question, "row", language)
    changed |= {"options": [part for _, part in options], "rows": [part for _, part in rows]}
    kept = kinds.fitting(tidy({**changed, "code": typed.said["code"]}))
    # The options of a ranking are what is referred to; an answer about one of them is a rank.
    named, chosen = (options, []) if typed.type == QuestionType.RANKING else (rows, options)
    return kept, Renaming(question["code"], kept["code"], _renamed(named), _renamed(chosen))


def _wrong(typed: QuestionForm) -> Iterator[tuple[str, str]]:
    if not naming.CODE.fullmatch(typed.said["code"]) or typed.said["code"] in naming.RESERVED:
        yield "code", NO_CODE
    if typed.said["comparable"] and not naming.CODE.fullmatch(typed.said["comparable"]):
        yield "comparable", NO_CODE
    for name in NUMBERS:
        if typed.said[name] and not _is_date(typed, name) and not re.fullmatch(r"-?\d{1,9}", typed.said[name]):
            yield name, NO_NUMBER
    if re.sub(r"-?\d{1,9}|[\s,;]", "", typed.said["bands"]):
        yield "bands", "Enter whole numbers with commas between them."
    for name, pattern in (("option", naming.CHOICE), ("row", naming.CODE)):
        yield from _wrong_codes(typed, name, pattern)


def _wrong_codes(typed: QuestionForm, name: str, pattern: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    if name == "option" and typed.fixed:
        return
    seen: set[str] = set()
    for number, line in enumerate(typed.lines[name]):
        if not line.code:
            continue
        if not pattern.fullmatch(line.code) or line.code in naming.RESERVED:
            yield f"{name}-{number}-code", NO_CHOICE if name == "option" else NO_CODE
        elif line.code in seen:
            yield f"{name}-{number}-code", "There is another line with this code."
        seen.add(line.code)


def _listed(typed: QuestionForm, question: Part, name: str, language: str) -> list[tuple[str, Part]]:
    """The options or rows as they are now, each after the code that it had ("" of a new one)."""
    known = {part["code"]: part for part in question.get(f"{name}s", [])}
    fixed = name == "option" and typed.fixed
    used = {line.code for line in typed.lines[name]}
    found: list[tuple[str, Part]] = []
    for line in typed.lines[name]:
        was = known.get(line.was, {})
        label = with_text(was.get("label", {}), language, line.label)
        if line.is_blank or (fixed and "steps" not in typed.fields and not label):
            continue
        code = line.code or MAKE[name](line.label, used)
        used.add(code)
        part = {**was, "code": code, "label": label, "exclusive": line.exclusive}
        found.append((line.was if was else "", {"code": code, "label": label, **tidy(part)}))
    return found


def _renamed(listed: Sequence[tuple[str, Part]]) -> dict[str, str]:
    return {was: part["code"] for was, part in listed if was and was != part["code"]}


def _with_given_options(form: QuestionForm, how_many: int) -> QuestionForm:
    """The form with the options that its type gives, whatever stood there under another type."""
    if not form.fixed:
        return form
    present = form.lines["option"]
    codes = kinds.given(form.type, ["1"] * how_many if "steps" in form.fields else [line.code for line in present])
    if "steps" in form.fields:
        by_code = dict(zip(codes, present, strict=False))
    else:
        by_code = {line.code: line for line in present}
    options = [replace(by_code.get(code, Line(code, "")), code=code, exclusive=False) for code in codes]
    return replace(form, lines={**form.lines, "option": options})


def _line(part: Mapping[str, Any], language: str) -> Line:
    return Line(part["code"], _text(part, "label", language), part["code"], bool(part.get("exclusive")))


def _text(part: Mapping[str, Any], name: str, language: str) -> str:
    text: Mapping[str, str] = part.get(name, {})
    return text.get(language, "")


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)


def _is_date(typed: QuestionForm, name: str) -> bool:
    return typed.type == QuestionType.DATE and name in ("min", "max")
