"""Translating a questionnaire: what is said in which language, and what a translation would change. Pure.

It reads raw data, so that drafts can be translated while they are written.
"""

import re
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b
from typing import Any

from mande.surveys.authoring import texts
from mande.surveys.authoring.texts import Place
from mande.surveys.questionnaires import placeholders
from mande.surveys.questionnaires.answers import normalise_text
from mande.surveys.questionnaires.checking import Path

_BLANKS = re.compile(r"[ \n]+")


@dataclass(frozen=True)
class Line:
    """A text to translate, in all places where it has to be the same: a scale stands with each question that uses it.

    `key` names the first of these places, `keys` all of them; `where` says it in words, `best` up to how many
    characters a telephone shows well (0: as many as are needed), `said` is the text by language.
    """

    key: str
    keys: tuple[str, ...]
    paths: tuple[Path, ...]
    where: str
    best: int
    said: Mapping[str, str]

    def source(self, language: str) -> str:
        """The text to translate from: in `language`, else in the first language that has it."""
        return self.said.get(language) or next(iter(self.said.values()), "")

    @property
    def placeholders(self) -> list[str]:
        """What every translation has to keep, as it is written: "{event}"."""
        return [f"{{{name}}}" for name in sorted(placeholders.names(next(iter(self.said.values()), "")))]


class State(StrEnum):
    """What a translation would do."""

    NEW = "new"
    CHANGED = "changed"
    REMOVED = "removed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True)
class Wish:
    """A translation as it comes: the name of its place, its language and the text.

    `source` is what it was made from, where that is known; `row` where it stands in a file, from 1.
    """

    key: str
    language: str
    text: str
    source: str | None = None
    row: int = 0


@dataclass(frozen=True)
class Change:
    """What a wish would do; `reason` says why it is refused."""

    state: State
    wish: Wish
    where: str = ""
    old: str = ""
    new: str = ""
    reason: str = ""
    paths: tuple[Path, ...] = ()


@dataclass(frozen=True)
class Plan:
    """What all wishes together would do. Nothing is carried out where one is refused."""

    changes: tuple[Change, ...]

    @property
    def refused(self) -> list[Change]:
        return [change for change in self.changes if change.state is State.REFUSED]

    @property
    def effective(self) -> list[Change]:
        """Those that change something."""
        return [change for change in self.changes if change.state not in (State.REFUSED, State.UNCHANGED)]

    @property
    def counts(self) -> dict[State, int]:
        """How many there are of each state, in the order of `State`."""
        return {state: sum(change.state is state for change in self.changes) for state in State}

    @property
    def languages(self) -> list[str]:
        """The languages in which something changes."""
        return list(dict.fromkeys(change.wish.language for change in self.effective))


def lines(data: Mapping[str, Any]) -> list[Line]:
    """Every text, in the order of the questionnaire; of lists of options that are the same, one."""
    titles = dict(_titles(data))
    leaders = _leaders(data)
    grouped: dict[tuple[Path, str], list[Place]] = {}
    for place in texts.places(data):
        inside = place.path[:-3] if place.kind == "option" else ()
        leader = leaders.get(inside, inside)
        # The same option of the list that comes first; anything else stands for itself.
        grouped.setdefault((leader, f"option {place.path[-2]}") if inside else ((), place.key), []).append(place)
    return [_line(places, titles) for places in grouped.values()]


def progress(data: Mapping[str, Any], language: str) -> tuple[int, int]:
    """How many texts there are in a language, of how many."""
    found = lines(data)
    return sum(language in line.said for line in found), len(found)


def plan(data: Mapping[str, Any], wishes: Iterable[Wish], emptying: bool = False) -> Plan:
    """What these wishes would do to the questionnaire. An empty text takes a translation out only if `emptying`."""
    known = {key: line for line in lines(data) for key in line.keys}
    languages = texts.languages(data)
    found: list[Change] = []
    seen: dict[tuple[str, str], str] = {}
    for wish in wishes:
        if not wish.text.strip() and not emptying:
            continue
        change = _change(wish, known.get(wish.key), languages)
        before = seen.setdefault((wish.key, wish.language), change.new)
        if change.state is not State.REFUSED and before != change.new:
            change = _refused(wish, change.where, change.old, "this text comes twice, in different words")
        found.append(change)
    return Plan(tuple(found))


def carried_out(data: Mapping[str, Any], planned: Plan) -> dict[str, Any]:
    """The questionnaire with all that is planned. Raises ValueError where something is refused."""
    if planned.refused:
        raise ValueError("a plan with refused translations is not carried out")
    wanted = [(path, one.wish.language, one.new) for one in planned.effective for path in one.paths]
    return texts.put(data, wanted)


def mark(text: str) -> str:
    """A few letters by which one can tell whether a text is still the same."""
    return blake2b(normalise_text(text).encode(), digest_size=6).hexdigest()


def machine_made(data: Mapping[str, Any]) -> list[str]:
    """The languages that were translated by machine and that nobody has reviewed."""
    made = data.get("machine_made")
    return [language for language in made if isinstance(language, str)] if isinstance(made, list) else []


def reviewed(data: Mapping[str, Any], language: str) -> dict[str, Any]:
    """The questionnaire once somebody has read through its translation into `language`."""
    left = [one for one in machine_made(data) if one != language]
    others = {name: value for name, value in data.items() if name != "machine_made"}
    return {**others, "machine_made": left} if left else others


def _change(wish: Wish, line: Line | None, languages: Sequence[str]) -> Change:
    if line is None:
        return _refused(wish, "", "", "the questionnaire has no such text any more")
    old = line.said.get(wish.language, "")
    new = _tidy(wish.text, "\n" in line.source(languages[0]))
    if new == _tidy(old, "\n" in old):
        return Change(State.UNCHANGED, wish, line.where, old, old, paths=line.paths)
    if reason := _wrong(wish, line, new, languages):
        return _refused(wish, line.where, old, reason)
    state = State.REMOVED if not new else State.CHANGED if old else State.NEW
    return Change(state, wish, line.where, old, new, paths=line.paths)


def _wrong(wish: Wish, line: Line, new: str, languages: Sequence[str]) -> str:
    """Why a text cannot be taken; "" where it can."""
    if wish.language not in languages:
        return f"{wish.language} is not among the questionnaire's languages: {', '.join(languages)}"
    if wish.source is not None and _tidy(wish.source) not in map(_tidy, line.said.values()):
        return f"the text to translate has changed meanwhile: it reads “{line.source(languages[0])}” now"
    if not new:
        return "" if len(line.said) > 1 else "this is the only language that says it"
    wanted, there = placeholders.names(line.source(languages[0])), placeholders.names(new)
    if "" in there:
        return "has a lone brace; write {{ or }} for one that is meant"
    if lost := wanted - there:
        return f"lacks {_listed(lost)}, which stands for something that is filled in: keep it as it is, untranslated"
    if added := there - wanted:
        return f"has {_listed(added)}, which the text to translate has not"
    return ""


def _tidy(text: str, paragraphs: bool = False) -> str:
    """The text as it is kept; unbreakable spaces stay, on which French insists."""
    kept = normalise_text(text)
    return kept if paragraphs else _BLANKS.sub(" ", kept)


def _refused(wish: Wish, where: str, old: str, reason: str) -> Change:
    return Change(State.REFUSED, wish, where, old, wish.text, reason)


def _listed(names: Iterable[str]) -> str:
    return " and ".join(f"{{{name}}}" for name in sorted(names))


def _line(places: Sequence[Place], titles: Mapping[Path, str]) -> Line:
    first = places[0]
    where = _where(first, titles)
    if len(places) > 1:
        where += f", and of {len(places) - 1} other question{'s' * (len(places) > 2)} with the same answers"
    return Line(
        key=first.key,
        keys=tuple(place.key for place in places),
        paths=tuple(place.path for place in places),
        where=where,
        best=texts.best_length(first),
        said=first.said,
    )


def _where(place: Place, titles: Mapping[Path, str]) -> str:
    """The place in words: "The discussion: option 3 of the question usefulness (scale)"."""
    kinds = {"text": "question", "intro": "introduction"}
    kind = kinds.get(place.kind, place.kind)
    section = titles.get(place.path[:2], "")
    part = place.key.rpartition(".")[2]
    match place.subject:
        case "questionnaire":
            return f"{kind} of the questionnaire"
        case "named scale":
            return f"answer {part} of the scale {place.code}"
        case "section":
            return f"{kind} of the section" if place.kind == "title" else f"{section}: {kind}"
        case "info":
            return f"{section}: information {place.code}"
    of = f"{place.code} ({place.subject.replace('_', ' ')})"
    if place.kind in ("option", "row"):
        return f"{section}: {'answer' if place.kind == 'option' else 'row'} {part} of the question {of}"
    return f"{section}: question {of}" if place.kind == "text" else f"{section}: {kind} of the question {of}"


def _titles(data: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    first = texts.languages(data)[0]
    for path, section in texts.sections(data):
        yield path, next(iter(texts.said(section.get("title"), first).values()), str(section.get("code", "")))


def _leaders(data: Mapping[str, Any]) -> dict[Path, Path]:
    """For each question, the first question with the same options in all languages, itself or an earlier one."""
    first = texts.languages(data)[0]
    by_options: dict[tuple[tuple[str, tuple[tuple[str, str], ...]], ...], Path] = {}
    found: dict[Path, Path] = {}
    for path, question in texts.questions(data):
        options = texts.options(data, question)
        labels = [(str(one.get("code")), tuple(sorted(texts.said(one.get("label"), first).items()))) for one in options]
        found[path] = by_options.setdefault(tuple(labels), path)
    return found
