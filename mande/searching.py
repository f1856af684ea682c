"""Comparing text within the database without regard to case and accents, alike on SQLite and on PostgreSQL."""

import re
import unicodedata
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy import String
from sqlalchemy import func
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

ACCENTS = re.compile("[\u0300-\u036f]")
MOST_WORDS = 8


def plain(text: str | None) -> str | None:
    """The text in lower case and without accents, as the database compares it. SQLite calls this for each value."""
    if text is None or text.isascii():
        return text and text.lower()
    return ACCENTS.sub("", unicodedata.normalize("NFKD", text.lower()))


class Plain(FunctionElement[str]):
    """The same of a column, worked out by the database: `Plain(Event.title).contains("elections")`."""

    type = String()
    inherit_cache = True


@compiles(Plain, "sqlite")
def _on_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    return f"mande_plain({compiler.process(element.clauses, **options)})"


@compiles(Plain, "postgresql")
def _on_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    text = compiler.process(element.clauses, **options)
    # Most texts have no accents, and are as long in bytes as in letters: they need not be taken apart.
    apart = f"regexp_replace(normalize(lower({text}), NFKD), '[\\u0300-\\u036f]', '', 'g')"
    return f"CASE WHEN octet_length({text}) = length({text}) THEN lower({text}) ELSE {apart} END"


def words(text: str) -> list[str]:
    """The words that are looked for, each on its own, as the database compares them."""
    return [found for word in text.split()[:MOST_WORDS] if (found := plain(word))]


def holds(column: Any, word: str) -> ColumnElement[bool]:
    """Whether the column holds a word that `words` gave."""
    return func.coalesce(Plain(column), "").contains(word, autoescape=True)
