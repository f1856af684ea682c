"""All figures of a document as a data file of SPSS (.sav), which R, Stata, PSPP and Python read too.

It is written by pyreadstat, which an installation may go without: install Mande with the extra "spss" to have it.
"""

from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from mande.reports.exporting import tidy

Said = Mapping[str, Any]

_NUMBERS = ("n", "count", "share", "value", "low", "high")
_LABELS: dict[str, str] = {
    "event": "Code of the event",
    "edition": "Kind of edition",
    "level": "Whose eyes it is for",
    "wave": "Of the event itself, or months later",
    "subject": "What the figure is about",
    "code": "Code of the question",
    "text": "Question",
    "group_by": "What groups differ in",
    "group_within": "Role within which they are groups",
    "group": "Group",
    "group_label": "Group, in words",
    "option": "Option",
    "label": "Option, in words",
    "figure": "Which figure",
    "n": "Number that the figure is about",
    "count": "Count",
    "share": "Share, 0 to 1",
    "value": "Value",
    "low": "Lower end",
    "high": "Upper end",
    "span": "What the ends are",
    "note": "Note",
}


class NotInstalledError(Exception):
    """The extra "spss" is not installed. The text says what to do."""


def is_installed() -> bool:
    """Whether such files can be made here."""
    return all(find_spec(name) for name in ("pandas", "pyreadstat"))


def sav_of(document: Said) -> bytes:
    """All figures as a system file, one case for each line of `tidy`. Raises NotInstalledError."""
    if not is_installed():
        raise NotInstalledError("Files for SPSS need the extra “spss”: pip install 'mande[spss]'.")
    import pandas
    import pyreadstat

    # Their types are told to pandas, which would take a column without any value for one of no type.
    table: Any = pandas.DataFrame([vars(line) for line in tidy.lines(document)], columns=list(tidy.HEADER))
    table = table.astype({name: "float64" if name in _NUMBERS else "str" for name in tidy.HEADER})
    with TemporaryDirectory() as folder:
        path = Path(folder) / "figures.sav"
        label = f"{document['event']['code']}, {document['edition']}"[:60]
        pyreadstat.write_sav(table, path, file_label=label, column_labels=[_LABELS[name] for name in tidy.HEADER])
        return path.read_bytes()
