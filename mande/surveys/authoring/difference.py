"""What changed from one version of a questionnaire to another, to be read by people. Pure.

Questions are the same where their codes are. Both versions are raw data, so that a draft can be compared before it is
free of mistakes; what is usual and need not be said (limits, bands, a scale written out) makes no difference.
"""

from bisect import bisect_left
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from enum import StrEnum
from typing import Any

from mande.surveys.authoring import changes
from mande.surveys.authoring.changes import Change
from mande.surveys.authoring.changes import Effect
from mande.surveys.authoring.compared import Version
from mande.surveys.questionnaires.checking import Path


class Kind(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True)
class Entry:
    """What happened to the questionnaire itself, to a section or to a question.

    `title` is its text in the first language, `section` the title of the section that it stands in, `moved` says from
    where to where, "" where it stayed. `path` is its place in the new version, in the old one where it was removed.
    """

    kind: Kind
    subject: str
    code: str
    title: str
    section: str = ""
    path: Path = ()
    moved: str = ""
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True)
class Difference:
    """All that changed. `effects` says what becomes of the results of each question that both versions ask; blocks of
    information have none.
    """

    entries: tuple[Entry, ...]
    effects: Mapping[str, Effect]

    def with_effect(self, effect: Effect) -> list[str]:
        """The codes of the questions that both ask, with this effect."""
        return [code for code, found in self.effects.items() if found is effect]

    @property
    def verdict(self) -> str:
        """Whether results stay comparable, in a sentence or two."""
        judged, broken = self.with_effect(Effect.JUDGE), self.with_effect(Effect.BREAKS)
        if not self.effects:
            return "The two have no question in common: no result of one can be set beside one of the other."
        if not judged and not broken:
            number = len(self.effects)
            return f"Results stay comparable: {_questions(number)} stay{'s' * (number == 1)} the same."
        said = []
        if broken:
            said.append(f"Not comparable with earlier results: {', '.join(broken)}.")
        if judged:
            said.append(f"Read and judge whether the same is still asked: {', '.join(judged)}.")
        if left := len(self.effects) - len(judged) - len(broken):
            said.append(f"{_questions(left)} stay{'s' * (left == 1)} comparable.")
        return " ".join(said)

    def lines(self) -> Iterator[str]:
        """The difference for a screen without colours, the verdict last."""
        signs = {Kind.ADDED: "+", Kind.REMOVED: "-", Kind.CHANGED: "~"}
        for entry in self.entries:
            name = " ".join(part for part in (entry.subject, entry.code) if part)
            title = f": {entry.title}" if entry.subject == "question" or entry.kind is not Kind.CHANGED else ""
            yield f"{signs[entry.kind]} {name}{title}"
            if entry.moved:
                yield f"    moved: {entry.moved}"
            yield from (f"    {change}" for change in entry.changes)
        if not self.entries:
            yield "Nothing differs."
        yield self.verdict


def between(old: Mapping[str, Any], new: Mapping[str, Any]) -> Difference:
    """What changed from `old` to `new`, both raw data. Of two questions with one code, only the first is looked at."""
    before, after = Version(old), Version(new)
    kept = {code: _of_kept(before, after, code) for code in after.questions if code in before.questions}
    entries = [*_whole(before, after), *_sections(before, after), *_questions_of(before, after, kept)]
    effects = {
        code: max((change.effect for change in found), default=Effect.NONE)
        for code, found in kept.items()
        if not before.is_information(code) or not after.is_information(code)
    }
    return Difference(tuple(entries), effects)


def _whole(old: Version, new: Version) -> Iterator[Entry]:
    found = [
        *changes.of_text("title", old.said(old.data.get("title")), new.said(new.data.get("title"))),
        *changes.of_text("introduction", old.said(old.data.get("intro")), new.said(new.data.get("intro"))),
        *_settings(old.data, new.data),
    ]
    if found:
        code = str(new.data.get("code", ""))
        yield Entry(Kind.CHANGED, "questionnaire", code, new.title(new.data.get("title")), changes=tuple(found))


def _settings(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    names = {"role": "put to", "wave": "wave", "minutes": "minutes", "source": "source"}
    usual = {"wave": "event"}
    for name, what in names.items():
        was, now = (data.get(name) or usual.get(name) for data in (old, new))
        if was != now:
            yield Change(what, f"{now or 'none'}; before: {was or 'none'}")
    lists = {
        "languages": "languages",
        "machine_made": "translated by machine, not reviewed",
        "strata": "broken down by",
        "formats": "meetings that it suits",
    }
    for name, what in lists.items():
        earlier, later = (_texts(data.get(name)) for data in (old, new))
        if earlier != later:
            yield Change(what, _listed(earlier, later))


def _sections(old: Version, new: Version) -> Iterator[Entry]:
    displaced = moved(list(old.sections), list(new.sections))
    for code, (path, section) in new.sections.items():
        title = new.section_title(code)
        if code not in old.sections:
            yield Entry(Kind.ADDED, "section", code, title, path=path)
            continue
        was = old.sections[code][1]
        found = [
            *changes.of_text("title", old.said(was.get("title")), new.said(section.get("title"))),
            *changes.of_text("introduction", old.said(was.get("intro")), new.said(section.get("intro"))),
            *_of_its_questions(was, section),
        ]
        where = _place(code, list(new.sections), new.section_title) if code in displaced else ""
        if found or where:
            yield Entry(Kind.CHANGED, "section", code, title, path=path, moved=where, changes=tuple(found))
    for code, (path, _section) in old.sections.items():
        if code not in new.sections:
            yield Entry(Kind.REMOVED, "section", code, old.section_title(code), path=path)


def _of_kept(old: Version, new: Version, code: str) -> list[Change]:
    """What changed in a question that both have, in when its section is asked too."""
    was, now = old.questions[code], new.questions[code]
    around = _of_its_questions(old.sections[was.section][1], new.sections[now.section][1])
    return [*changes.of_question(was.data, now.data), *(replace(one, what=f"section {one.what}") for one in around)]


def _questions_of(old: Version, new: Version, kept: Mapping[str, Sequence[Change]]) -> Iterator[Entry]:
    displaced = set().union(*(moved(old.asked_in(code), new.asked_in(code)) for code in new.sections))
    for code, asked in new.questions.items():
        title, section = new.title(asked.data.get("text")), new.section_title(asked.section)
        if code not in old.questions:
            yield Entry(Kind.ADDED, "question", code, title, section, asked.path)
            continue
        was, where = old.questions[code], ""
        # What changed in the section that it stays in is told there, once for all its questions.
        found = [one for one in kept[code] if was.section != asked.section or not one.what.startswith("section ")]
        if was.section != asked.section:
            where = f"from “{old.section_title(was.section)}” to “{section}”"
        elif code in displaced:
            where = _place(code, new.asked_in(asked.section), str)
        if found or where:
            yield Entry(Kind.CHANGED, "question", code, title, section, asked.path, where, tuple(found))
    for code, asked in old.questions.items():
        if code not in new.questions:
            title = old.title(asked.data.get("text"))
            yield Entry(Kind.REMOVED, "question", code, title, old.section_title(asked.section), asked.path)


def _of_its_questions(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    """What changed in a section for all its questions: when it is asked, and how often."""
    found = list(changes.of_condition(old, new))
    if (old.get("repeat") or "") != (new.get("repeat") or ""):
        how = "now once for each meeting" if new.get("repeat") else "now once, not for each meeting"
        found.append(Change("repeated", how, Effect.BREAKS))
    return found


def moved(old: Sequence[str], new: Sequence[str]) -> set[str]:
    """The fewest codes that must have moved, of those that both orders have: all others kept their order."""
    position = {code: number for number, code in enumerate(old)}
    kept = [code for code in new if code in position]
    # The longest increasing run of old positions (patience sorting): what is not in it has moved.
    tops: list[int] = []
    ends: list[str] = []
    before: dict[str, str | None] = {}
    for code in kept:
        pile = bisect_left(tops, position[code])
        before[code] = ends[pile - 1] if pile else None
        tops[pile:] = [position[code], *tops[pile + 1 :]]
        ends[pile:] = [code, *ends[pile + 1 :]]
    stayed: set[str] = set()
    last = ends[-1] if ends else None
    while last is not None:
        stayed.add(last)
        last = before[last]
    return set(kept) - stayed


def _place(code: str, order: Sequence[str], name: Callable[[str], str]) -> str:
    number = order.index(code)
    return f"now after “{name(order[number - 1])}”" if number else "now the first"


def _listed(old: Sequence[str], new: Sequence[str]) -> str:
    added, gone = [one for one in new if one not in old], [one for one in old if one not in new]
    parts = [f"added {', '.join(added)}"] * bool(added) + [f"removed {', '.join(gone)}"] * bool(gone)
    return "; ".join(parts) or f"now in the order {', '.join(new)}"


def _texts(value: Any) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else []


def _questions(number: int) -> str:
    return f"{number} question{'s' * (number != 1)}"
