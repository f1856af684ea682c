"""Taking somebody's names and addresses out of whatever others have written, in every table.

What is somebody's own is erased by the folder that keeps it. This is for the rest: a note that names them, another
person's "with whom", the detail of an entry in the audit trail, a message that waits.
"""

import html
import json
import re
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from typing import Any

from sqlalchemy import JSON
from sqlalchemy import Column
from sqlalchemy import Enum
from sqlalchemy import String
from sqlalchemy import Table
from sqlalchemy import cast
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy import update
from sqlalchemy.orm import Session

from mande import searching
from mande.db import Model

INSTEAD = "–"
# A published edition never changes, and an account of the team is no record of an attendee. Of questionnaires, results
# and keys none is about anybody.
LEFT_ALONE = frozenset(
    ("edition", "staff_member", "questionnaire", "questionnaire_draft", "questionnaire_draft_state", "result",
     "result_count", "answer", "worker", "known_key", "mail_pace", "import_layout", "own_sector")
)  # fmt: skip
# Who of the team did something, or answers for it.
OF_THE_TEAM = re.compile(r".*_by(_name)?|by|actor|manager_(name|email)|reply_to_(name|address)|sender_name")
# What says who another person is: somebody of the same name keeps it.
OF_OTHERS = frozenset(
    (("person", "name"), ("reader", "name"), ("message", "to_name"), ("partner", "name"), ("event", "convenor"))
)

Rewrite = Callable[[str], str]


def redact(session: Session, names: Iterable[str], addresses: Iterable[str]) -> int:
    """Puts a dash wherever one of the names or addresses stands; returns in how many fields.

    A name of one word is taken out only where it stands alone: it is too likely to be part of something else.
    """
    session.flush()
    whole = {name for name in names if name.strip() and name != INSTEAD}
    within = {name for name in whole if len(name.split()) > 1}
    known = {address for address in addresses if address}
    changed = 0
    for table, column in _columns():
        words = known | (within if _may_name(table, column) else set())
        alone = whole if _may_name(table, column) else set()
        changed += _clean(session, table, column, words, alone)
    session.expire_all()
    return changed


def rewriting(words: Iterable[str], alone: Iterable[str] = ()) -> Rewrite:
    """A function that takes each of the words out of a text, and a text away that is nothing but one of `alone`."""
    spelt = sorted({form for word in words for form in (word, html.escape(word))}, key=len, reverse=True)
    found = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, spelt))})(?!\w)", re.IGNORECASE) if spelt else None
    lonely = {word.casefold() for word in alone}

    def rewrite(text: str) -> str:
        if text.strip().casefold() in lonely:
            return INSTEAD
        return found.sub(INSTEAD, text) if found else text

    return rewrite


def _columns() -> Iterator[tuple[Table, Column[Any]]]:
    """Every column in which somebody may have written something."""
    for table in Model.metadata.sorted_tables:
        for column in table.columns:
            wordy = isinstance(column.type, String | JSON) and not isinstance(column.type, Enum)
            short = isinstance(column.type, String) and (column.type.length or 1000) < 40
            held = bool(column.foreign_keys) or table.name in LEFT_ALONE or OF_THE_TEAM.fullmatch(column.name)
            if wordy and not short and not held and not column.primary_key:
                yield table, column


def _may_name(table: Table, column: Column[Any]) -> bool:
    return (table.name, column.name) not in OF_OTHERS


def _clean(session: Session, table: Table, column: Column[Any], words: set[str], alone: set[str]) -> int:
    sought = words | alone
    if not sought:
        return 0
    rewrite = rewriting(words, alone)
    keys = list(table.primary_key.columns)
    changed = 0
    for *identity, value in session.execute(select(*keys, column).where(_holds(column, sought))).all():
        cleaned = _walk(value, rewrite)
        if cleaned != value:
            this = [key == part for key, part in zip(keys, identity, strict=True)]
            session.execute(update(table).where(*this).values({column.name: cleaned}))
            changed += 1
    return changed


def _holds(column: Column[Any], words: Iterable[str]) -> Any:
    """Whether a column may hold one of the words. JSON is kept with its letters escaped, HTML with its marks."""
    text = cast(column, String) if isinstance(column.type, JSON) else column
    forms = {form for word in words for form in (word, html.escape(word), *map(_escaped, (word, word.upper())))}
    return or_(*(searching.holds(text, form) for form in sorted({searching.plain(form) or "" for form in forms})))


def _escaped(word: str) -> str:
    return json.dumps(word)[1:-1]


def _walk(value: Any, rewrite: Rewrite) -> Any:
    if isinstance(value, str):
        return rewrite(value)
    if isinstance(value, dict):
        return {name: _walk(one, rewrite) for name, one in value.items()}
    if isinstance(value, list):
        return [_walk(one, rewrite) for one in value]
    return value
