"""What the library holds: tested questions by theme, and the scales that they share. Pure but for `read`.

`library` puts them into questionnaires; docs/questionnaires.md says how the files are written.
"""

import unicodedata
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from mande.surveys.questionnaires import conditions
from mande.surveys.questionnaires import yamlfile
from mande.surveys.questionnaires.checking import DefinitionError
from mande.surveys.questionnaires.matching import fold
from mande.surveys.questionnaires.problems import Problem
from mande.surveys.questionnaires.questions import Text
from mande.surveys.questionnaires.questions import say

ROLES = ("participant", "speaker", "partner")
FORMATS = ("in_person", "virtual", "hybrid")
WAVES = ("event",)
TEXTS = ("text", "hint", "unit", "label")
ABOUT = ("roles", "formats", "waves", "source")
NEEDED = ("code", "type", "text", "why")
LAST = 1000


@dataclass(frozen=True)
class Entry:
    """One question of the library: what a questionnaire would hold of it (`data`), and which roles, formats of meetings
    and waves (event, followup) it suits. `source` names the tradition that it comes from, if it has one.
    """

    code: str
    theme: str
    data: Mapping[str, Any]
    roles: tuple[str, ...] = ROLES
    formats: tuple[str, ...] = FORMATS
    waves: tuple[str, ...] = WAVES
    source: str = ""

    def say(self, language: str) -> str:
        return say(self.data["text"], language)

    @property
    def why(self) -> str:
        return str(self.data["why"])

    @cached_property
    def needs(self) -> tuple[str, ...]:
        """The codes of the questions on whose answers it depends whether this one is asked."""
        if "ask_if" not in self.data:
            return ()
        references = conditions.references(conditions.parse(self.data["ask_if"]))
        return tuple(sorted({reference.partition(".")[0] for reference in references}))


@dataclass(frozen=True)
class Bank:
    """The whole library: the themes' titles in their order, the scales by name, the entries by code, theme by theme.

    `machine_made` says for each theme (and for "scales") which languages nobody has reviewed yet.
    """

    themes: Mapping[str, Text]
    scales: Mapping[str, Sequence[Mapping[str, Any]]]
    entries: Mapping[str, Entry]
    machine_made: Mapping[str, tuple[str, ...]]

    def question(self, code: str, languages: Sequence[str]) -> dict[str, Any]:
        """A question that stands alone, its scale written out: what an editor puts into a draft in `languages`.

        Raises KeyError where there is none of this code.
        """
        data: dict[str, Any] = in_languages(self.entries[code].data, languages)
        if isinstance(data.get("options"), str):
            data["options"] = self.scale(data["options"], languages)
        return data

    def scale(self, name: str, languages: Sequence[str]) -> list[dict[str, Any]]:
        """The options of a scale, in these languages. Raises KeyError where there is none of this name."""
        return [in_languages(option, languages) for option in self.scales[name]]

    def search(
        self,
        words: str = "",
        role: str | None = None,
        theme: str | None = None,
        language: str = "en",
        *,
        wave: str | None = None,
        form: str | None = None,
    ) -> list[Entry]:
        """The entries that hold every one of `words` (parts of words, accents and case aside), the best match first;
        all of them where no word is given. `role`, `theme`, `wave` and `form` (a meeting's format) narrow them down.
        """
        wanted = _plain(words).split()
        found = [
            (weight, entry)
            for entry in self.entries.values()
            if (role is None or role in entry.roles)
            and (theme is None or theme == entry.theme)
            and (wave is None or wave in entry.waves)
            and (form is None or form in entry.formats)
            and (weight := self._weight(entry, wanted, language)) is not None
        ]
        return [entry for _, entry in sorted(found, key=lambda pair: -pair[0])]

    def _weight(self, entry: Entry, wanted: Sequence[str], language: str) -> int | None:
        """How well an entry matches: each word counts where it says most. None where a word is nowhere."""
        options = entry.data.get("options", ())
        listed = self.scales[options] if isinstance(options, str) else options
        parts = [part["label"] for part in (*listed, *entry.data.get("rows", ()))]
        places = (
            (8, entry.say(language)),
            (4, f"{entry.code} {say(self.themes[entry.theme], language)}"),
            (2, " ".join(say(text, language) for text in (entry.data.get("hint", {}), *parts))),
            (1, f"{entry.why} {entry.source} {entry.data.get('criterion', '')} {entry.data.get('level', '')}"),
        )
        said = [(weight, _plain(text)) for weight, text in places]
        total = 0
        for word in wanted:
            weights = [weight for weight, text in said if word in text]
            if not weights:
                return None
            total += max(weights)
        return total


def read(folder: Path) -> Bank:
    """The library in `folder`: a file of scales, and a file for each theme. Raises DefinitionError."""
    scales: Mapping[str, Any] = {}
    machine_made: dict[str, tuple[str, ...]] = {}
    themes: dict[str, Mapping[str, Any]] = {}
    seen: set[str] = set()
    for path in sorted(folder.glob("*.yaml")):
        document = yamlfile.read(path)
        if problems := list(_amiss(document.data, seen)):
            raise DefinitionError(problems, document.name, document.line)
        machine_made[path.stem] = tuple(document.data.get("machine_made", ()))
        if "scales" in document.data:
            scales = document.data["scales"]
        else:
            themes[path.stem] = document.data
    ordered = dict(sorted(themes.items(), key=lambda theme: theme[1].get("order", LAST)))
    entries = [_entry(data, theme) for theme, held in ordered.items() for data in held["questions"]]
    titles = {theme: held["title"] for theme, held in ordered.items()}
    return Bank(titles, scales, {entry.code: entry for entry in entries}, machine_made)


def in_languages(value: Any, languages: Sequence[str]) -> Any:
    """A copy whose texts are in these languages alone."""
    if isinstance(value, Mapping):
        return {
            name: {language: part[language] for language in languages if language in part}
            if name in TEXTS and isinstance(part, Mapping)
            else in_languages(part, languages)
            for name, part in value.items()
        }
    return [in_languages(part, languages) for part in value] if isinstance(value, list) else value


def _entry(data: Mapping[str, Any], theme: str) -> Entry:
    about = {name: tuple(data[name]) for name in ("roles", "formats", "waves") if name in data}
    question = {name: value for name, value in data.items() if name not in ABOUT}
    return Entry(data["code"], theme, question, source=data.get("source", ""), **about)


def _amiss(data: Any, seen: set[str]) -> Iterator[Problem]:
    """What makes a file of the library unreadable; `seen` gathers the codes of all. Whether its questions can be asked,
    the checker finds where they are used.
    """
    if isinstance(data, Mapping) and isinstance(data.get("scales"), Mapping):
        return
    if not isinstance(data, Mapping) or not data.get("title") or not isinstance(data.get("questions"), list):
        yield Problem((), "a file of the library has a title and questions, or scales")
        return
    for number, question in enumerate(data["questions"]):
        if lacking := [key for key in NEEDED if not isinstance(question, Mapping) or not question.get(key)]:
            yield Problem(("questions", number), f"lacks {', '.join(lacking)}")
        elif question["code"] in seen:
            yield Problem(("questions", number, "code"), f"the library has two questions {question['code']!r}")
        else:
            seen.add(question["code"])


def _plain(text: str) -> str:
    """Folded, and without accents and Arabic vowel signs."""
    return "".join(c for c in unicodedata.normalize("NFKD", fold(text)) if not unicodedata.combining(c))
