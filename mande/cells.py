"""Lists as text for a spreadsheet program, in which no cell can run as a formula. Pure."""

import csv
import io
from collections.abc import Iterable
from collections.abc import Sequence
from typing import Any

# What makes a spreadsheet program take a cell for a formula, or for the start of one.
RISKY = ("=", "+", "-", "@", "\t", "\r")


def neutral(value: Any) -> str:
    """The cell's text, with an apostrophe before it where a spreadsheet program would calculate."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(RISKY) else text


def plain(cell: str) -> str:
    """What `neutral` was given, up to a stray apostrophe that somebody typed: for reading such a file back."""
    return cell[1:] if cell[:1] == "'" and cell[1:].startswith(RISKY) else cell


def csv_text(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Comma-separated lines ending in CRLF, every cell neutral."""
    lines = io.StringIO(newline="")
    writer = csv.writer(lines)
    writer.writerow([neutral(name) for name in header])
    writer.writerows([neutral(value) for value in row] for row in rows)
    return lines.getvalue()
