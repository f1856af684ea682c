"""Translations that nobody whose language it is has read yet: the interface's and the questionnaires', in one list.

A translation awaits review until somebody's name stands beside it in mande/translations/reviewed.csv. Beside it means:
beside this text and this translation; when either changes, the tick no longer counts. Pure, but for reading files.
"""

import csv
import io
import re
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from hashlib import blake2b
from typing import Any

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.catalog import Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.messages.pofile import write_po

from mande import languages
from mande.cells import csv_text
from mande.cells import plain
from mande.config import ROOT
from mande.surveys.authoring import texts
from mande.surveys.questionnaires import yamlfile
from mande.surveys.questionnaires.standard import YES_NO

CATALOGUES = ROOT / "mande" / "translations"
QUESTIONNAIRES = ROOT / "questionnaires"
INTERFACE = "interface"
PLURALS = ("zero", "one", "two", "few", "many", "other")
COLUMNS = ("language", "place", "text", "translation", "reviewed_by", "reviewed_on")
_VALUE = re.compile(r"%\(\w+\)[sd]|\{\w+\}")
_TICKS = ("language", "digest", "reviewed_by", "reviewed_on")


class ListError(ValueError):
    """A list that came back cannot be read. The text says why."""


@dataclass(frozen=True)
class Entry:
    """One text and what it is in `language`. `place` says where it stands: "interface", or a file and a key in it.

    `message` and `form` find a text of the interface again: its msgid, and which of its plural forms it is.
    """

    language: str
    place: str
    text: str
    translation: str
    message: str = ""
    form: int = 0

    @property
    def digest(self) -> str:
        """Names this text with this translation, and no other."""
        parts = "\0".join((self.language, self.text, self.translation))
        return blake2b(parts.encode(), digest_size=8).hexdigest()


@dataclass(frozen=True)
class Tick:
    """Who has found a translation right, and when (2027-03-31)."""

    by: str
    on: str


Ticks = dict[tuple[str, str], Tick]


def entries() -> Iterator[Entry]:
    """Every translation that was not written by somebody whose language it is."""
    for language in languages.INTERFACE[1:]:
        yield from _of_interface(language)
        for code, said in YES_NO.items():
            yield Entry(language, f"every questionnaire: {code}", said[languages.SOURCE], said[language])
    for path in sorted(QUESTIONNAIRES.rglob("*.yaml")):
        yield from of_questionnaire(path.relative_to(ROOT).as_posix(), yamlfile.read(path).data)


def _of_interface(language: str) -> Iterator[Entry]:
    numbers = [Locale(language).plural_form(number) for number in range(200)]
    kinds = [kind for kind in PLURALS if kind in numbers]
    for message in catalogue(language):
        single, *several = _forms(message.id)
        if not several and single:
            yield Entry(language, INTERFACE, single, _forms(message.string)[0], single)
        for form, (kind, translation) in enumerate(zip(kinds, _forms(message.string), strict=False) if several else ()):
            text = single if kind == "one" else several[0]
            yield Entry(language, f"{INTERFACE}, {kind}", text, translation, single, form)


def of_questionnaire(name: str, data: Any) -> Iterator[Entry]:
    """The machine-made translations of a questionnaire, or of a file of the library, as YAML gives it."""
    made = data.get("machine_made", []) if isinstance(data, Mapping) else []
    # A file of the library is a list of questions, which stand in no section yet.
    whole = (
        data
        if not made or "sections" in data
        else {**data, "sections": [{"code": "library", "questions": data.get("questions")}]}
    )
    for place in texts.places(whole) if made else ():
        source = next(iter(place.said.values()))
        text = place.said.get(languages.SOURCE, source)
        yield from (Entry(language, f"{name}: {place.key}", text, place.said[language])
                    for language in made if language in place.said)  # fmt: skip


def finished(found: Iterable[Entry], ticked: Ticks) -> list[tuple[str, str]]:
    """The files, each with a language, of which a machine made every text and somebody has reviewed every one."""
    left: dict[tuple[str, str], int] = {}
    for entry in found:
        name, _colon, key = entry.place.partition(": ")
        if key and name.endswith(".yaml"):
            awaits = (entry.language, entry.digest) not in ticked
            left[name, entry.language] = left.get((name, entry.language), 0) + awaits
    return [place for place, number in left.items() if number == 0]


def catalogue(language: str) -> Catalog:
    """The interface's texts in this language."""
    with (CATALOGUES / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=language)


def correct(language: str, corrections: Iterable[tuple[Entry, str]]) -> None:
    """Puts other words into a catalogue, and compiles it."""
    changed = catalogue(language)
    for entry, translation in corrections:
        message = changed.get(entry.message)
        if isinstance(message, Message):
            forms = list(_forms(message.string))
            forms[entry.form] = translation
            message.string = tuple(forms) if message.pluralizable else translation
    readable = CATALOGUES / language / "LC_MESSAGES" / "messages.po"
    with readable.open("wb") as file:
        write_po(file, changed, sort_output=True)
    with readable.with_suffix(".mo").open("wb") as file:
        write_mo(file, changed)


def ticks() -> Ticks:
    """What has been reviewed, by language and digest."""
    path = CATALOGUES / "reviewed.csv"
    if not path.exists():
        return {}
    found = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"), newline=""))
    return {(row["language"], row["digest"]): Tick(row["reviewed_by"], row["reviewed_on"]) for row in found}


def keep(kept: Ticks) -> None:
    """Writes down what has been reviewed."""
    rows = ((language, digest, tick.by, tick.on) for (language, digest), tick in sorted(kept.items()))
    (CATALOGUES / "reviewed.csv").write_text(csv_text(_TICKS, rows), encoding="utf-8", newline="")


def listed(found: Iterable[Entry], ticked: Ticks) -> str:
    """The list as it goes to a reviewer, for a spreadsheet program."""
    rows = []
    for entry in found:
        tick = ticked.get((entry.language, entry.digest), Tick("", ""))
        rows.append((entry.language, entry.place, entry.text, entry.translation, tick.by, tick.on))
    return csv_text(COLUMNS, rows)


@dataclass
class Outcome:
    """What comes of a list that a reviewer has sent back.

    `corrected` are translations of the interface with their new words; `elsewhere` those of questionnaires, whose files
    are written by hand, with theirs; `refused` are lines whose new words have lost or gained a value that is filled in,
    such as %(name)s; `unknown` are lines whose text is no longer there.
    """

    ticks: Ticks
    corrected: list[tuple[Entry, str]]
    elsewhere: list[tuple[Entry, str]]
    refused: list[Mapping[str, str]]
    unknown: list[Mapping[str, str]]


def compared(found: Iterable[Entry], rows: Iterable[Mapping[str, str]], today: str) -> Outcome:
    """Compares the lines that carry a reviewer's name with what there is now. `today` dates what they did not date."""
    known = {(entry.language, entry.place, entry.text.strip()): entry for entry in found}
    outcome = Outcome({}, [], [], [], [])
    for row in rows:
        if not row["reviewed_by"]:
            continue
        entry, translation = known.get((row["language"], row["place"], row["text"])), row["translation"]
        if entry is None or not translation:
            outcome.unknown.append(row)
            continue
        if sorted(_VALUE.findall(translation)) != sorted(_VALUE.findall(entry.translation)):
            outcome.refused.append(row)
            continue
        if translation != entry.translation.strip():
            (outcome.corrected if entry.message else outcome.elsewhere).append((entry, translation))
            entry = replace(entry, translation=translation)
        outcome.ticks[entry.language, entry.digest] = Tick(row["reviewed_by"], row["reviewed_on"] or today)
    return outcome


def read(content: str) -> list[Mapping[str, str]]:
    """The lines of a list that came back. Raises ListError where a column is missing."""
    found = csv.DictReader(io.StringIO(content.removeprefix("\ufeff"), newline=""))
    if missing := [name for name in COLUMNS if name not in (found.fieldnames or ())]:
        raise ListError(f"The list has no column {missing[0]!r}. Its columns are {', '.join(COLUMNS)}.")
    return [{name: plain(row[name] or "").replace("\r\n", "\n").strip() for name in COLUMNS} for row in found]


def _forms(text: str | Sequence[str] | None) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text or ("",))
