"""What changed in one question, and what that does to its results. Pure.

A question is given as the data that `difference` makes of it: texts by language, options written out.
"""

import json
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from mande.surveys.authoring import rewording
from mande.surveys.authoring.rewording import Piece

Data = Mapping[str, Any]


class Effect(IntEnum):
    """Whether results from before and after may be set side by side: yes; after somebody has judged; no."""

    NONE = 0
    JUDGE = 1
    BREAKS = 2


@dataclass(frozen=True)
class Change:
    """`what` changed ("text", "option 3"), and how: in a few words, or, of a text, as its pieces."""

    what: str
    how: str = ""
    effect: Effect = Effect.NONE
    language: str = ""
    pieces: tuple[Piece, ...] = ()

    def __str__(self) -> str:
        what = f"{self.what} ({self.language})" if self.language else self.what
        return f"{what}: {rewording.plain(self.pieces) or self.how}"


# Types whose answers are counted under the same codes, or not counted at all.
ALIKE = ({"short_text", "long_text"}, {"single", "yes_no"}, {"info"})
FLAGS = {
    "not_applicable": ("answer “not applicable”", Effect.JUDGE),
    "other": ("answer “other”", Effect.JUDGE),
    "comment": ("free comment", Effect.NONE),
    "required": ("has to be answered", Effect.JUDGE),
    "core": ("core: on the two-minute route", Effect.NONE),
    "internal": ("internal only", Effect.NONE),
}
MARKS = {
    "criterion": "criterion",
    "level": "level",
    "display": "display",
    "max_length": "longest answer",
    "why": "why it is asked",
}


def of_question(old: Data, new: Data) -> list[Change]:
    """Everything that differs between two versions of a question."""
    breaks = any(change.effect is Effect.BREAKS for change in _type(old, new))
    return [
        *_type(old, new),
        *of_text("text", old.get("text"), new.get("text"), Effect.JUDGE),
        *of_text("hint", old.get("hint"), new.get("hint")),
        # Of two types that have nothing in common, the options of one are no news beside the other's.
        *([] if breaks else _listed("option", old.get("options"), new.get("options"))),
        *_listed("row", old.get("rows"), new.get("rows")),
        *of_text("unit", old.get("unit"), new.get("unit"), Effect.BREAKS),
        *_bounds(old, new),
        *of_condition(old, new),
        *_flags(old, new),
        *_marks(old, new),
        *_comparable(old, new),
    ]


def of_text(what: str, old: Any, new: Any, effect: Effect = Effect.NONE) -> Iterator[Change]:
    """How a text changed in each language; `effect` is what it does to results where the words themselves changed."""
    before, after = _by_language(old), _by_language(new)
    for language in dict.fromkeys([*after, *before]):
        was, now = before.get(language, ""), after.get(language, "")
        if was == now:
            continue
        # What is said for the first time in a language, or no longer, asks nobody something else than before.
        meant = effect if was and now and rewording.differ_in_words(was, now) else Effect.NONE
        yield Change(what, "", meant, language, rewording.pieces(was, now))


def of_condition(old: Data, new: Data) -> Iterator[Change]:
    """How it changed when a question or a section is asked."""
    was, now = said(old.get("ask_if")), said(new.get("ask_if"))
    if was != now:
        yield Change("asked", f"{now}; before: {was}", Effect.JUDGE)


def said(condition: Any) -> str:
    """A condition in words, with the codes that it names: "if useful is 1 or 2, and the role is speaker"."""
    return f"if {_said(condition)}" if condition else "always"


def _said(condition: Any, inner: bool = False) -> str:
    match condition:
        case {"all": [*parts]} if len(parts) > 1:
            text = " and ".join(_said(part, inner=True) for part in parts)
            return f"({text})" if inner else text
        case {"any": [*parts]} if len(parts) > 1:
            text = " or ".join(_said(part, inner=True) for part in parts)
            return f"({text})" if inner else text
        case {"all": [part]} | {"any": [part]}:
            return _said(part, inner)
        case {"not": part}:
            return f"not ({_said(part)})"
        case {"question": question, "is": code} | {"question": question, "in": [code]}:
            return f"{question} is {code}"
        case {"question": question, "in": [*codes]}:
            return f"{question} is one of {', '.join(map(str, codes))}"
        case {"question": question, "answered": given}:
            return f"{question} is {'' if given else 'not '}answered"
        case {"question": question, "at_least": limit}:
            return f"{question} is at least {limit}"
        case {"question": question, "at_most": limit}:
            return f"{question} is at most {limit}"
        case {"role": [*roles]}:
            return f"the role is {_either(roles)}"
        case {"meeting": [*codes]}:
            return f"the person attended {_either(codes)}"
        case {"mode": [*modes]}:
            return f"the person took part {_either([str(mode).replace('_', ' ') for mode in modes])}"
        case _:
            return json.dumps(condition, ensure_ascii=False)


def _either(values: Sequence[Any]) -> str:
    *first, last = [str(value) for value in values] or ["nothing"]
    return f"{', '.join(first)} or {last}" if first else last


def _type(old: Data, new: Data) -> Iterator[Change]:
    was, now = str(old.get("type")), str(new.get("type"))
    if was != now:
        alike = any({was, now} <= kinds for kinds in ALIKE)
        yield Change("type", f"{now}; before: {was}", Effect.NONE if alike else Effect.BREAKS)


def _listed(what: str, old: Any, new: Any) -> Iterator[Change]:
    """Options or rows: each row is counted for itself, the options of a question share out its answers."""
    effect = Effect.BREAKS if what == "option" else Effect.NONE
    before, after = _by_code(old), _by_code(new)
    for code, holder in before.items():
        if code not in after:
            yield Change(f"{what} {code}", f"removed: “{_first(holder)}”", effect)
    for code, holder in after.items():
        if code not in before:
            yield Change(f"{what} {code}", f"added: “{_first(holder)}”", effect)
    kept = [code for code in before if code in after]
    for code in kept:
        was, now = before[code], after[code]
        yield from of_text(f"{what} {code}", was.get("label"), now.get("label"), Effect.JUDGE)
        if bool(was.get("exclusive")) != bool(now.get("exclusive")):
            how = "now excludes all others" if now.get("exclusive") else "no longer excludes the others"
            yield Change(f"{what} {code}", how, Effect.JUDGE)
        if sorted(was.get("aliases") or ()) != sorted(now.get("aliases") or ()):
            how = ", ".join(map(str, now.get("aliases") or ())) or "none"
            yield Change(f"{what} {code}", f"other spellings that an import understands: {how}")
    if kept != [code for code in after if code in before]:
        yield Change(f"order of {what}s", f"now {', '.join(after)}")


def _bounds(old: Data, new: Data) -> Iterator[Change]:
    for name, what in (("min", "least"), ("max", "most")):
        if old.get(name) != new.get(name):
            yield Change(what, f"{_value(new.get(name))}; before: {_value(old.get(name))}", Effect.JUDGE)
    was, now = list(old.get("bands") or ()), list(new.get("bands") or ())
    if was != now:
        bounds = ", ".join(map(str, now)) or "none"
        yield Change(
            "bands", f"counted from {bounds}; before: from {', '.join(map(str, was)) or 'none'}", Effect.BREAKS
        )


def _flags(old: Data, new: Data) -> Iterator[Change]:
    for name, (what, effect) in FLAGS.items():
        if bool(old.get(name)) != bool(new.get(name)):
            yield Change(what, "now yes" if new.get(name) else "no longer", effect)


def _marks(old: Data, new: Data) -> Iterator[Change]:
    for name, what in MARKS.items():
        if (old.get(name) or None) != (new.get(name) or None):
            yield Change(what, f"{_value(new.get(name))}; before: {_value(old.get(name))}")


def _comparable(old: Data, new: Data) -> Iterator[Change]:
    was, now = compared_as(old), compared_as(new)
    if was != now:
        yield Change("compared as", f"{now}; before: {was}", Effect.BREAKS)


def compared_as(question: Data) -> str:
    """The code under which its results are set beside those of other events."""
    return str(question.get("comparable") or question.get("code"))


def _by_language(text: Any) -> Mapping[str, str]:
    return text if isinstance(text, Mapping) else {}


def _by_code(listed: Any) -> dict[str, Data]:
    return {str(holder.get("code")): holder for holder in listed or () if isinstance(holder, Mapping)}


def _first(holder: Data) -> str:
    return next(iter(_by_language(holder.get("label")).values()), str(holder.get("code")))


def _value(value: Any) -> str:
    return "none" if value in (None, "") else str(value)
