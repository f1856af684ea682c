"""Rows of a sheet that are nobody: totals and notes below the list, the names of the columns once more. Pure."""

import re
from collections.abc import Sequence

from mande.events.importing import vocabulary
from mande.events.importing.sheets import Record
from mande.events.importing.sheets import clean
from mande.events.words import key

_NOTE = re.compile(r"(?:\*|source|note|nb|exported|generated|printed|created|page|last updated|as of|remarks?)\b")


def apart(records: Sequence[Record], labels: Sequence[str]) -> tuple[list[Record], list[tuple[Record, str]]]:
    """The rows that are people, and those that are not, with what they are taken for."""
    names = tuple(key(label) for label in labels)
    last = max((place for place, record in enumerate(records) if _has_address(record)), default=-1)
    people: list[Record] = []
    others: list[tuple[Record, str]] = []
    for place, record in enumerate(records):
        reason = "" if _has_address(record) else _nobody(record, names, below=place > last)
        if reason:
            others.append((record, reason))
        else:
            people.append(record)
    return people, others


def _has_address(record: Record) -> bool:
    return any("@" in cell for cell in record.raw)


def _nobody(record: Record, names: Sequence[str], below: bool) -> str:
    filled = [value for cell in record.raw if (value := clean(cell))]
    if sum(key(clean(cell)) == name for cell, name in zip(record.raw, names, strict=False) if clean(cell)) > 1 and all(
        key(value) in names for value in filled
    ):
        return "the names of the columns once more"
    words = key(filled[0])
    if words in vocabulary.TOTALS or words.partition(" ")[0] in ("total", "totals"):
        return "a total"
    if below and len(filled) == 1 and (len(filled[0]) > 60 or _NOTE.match(filled[0].casefold())):
        return "a note below the list"
    return ""
