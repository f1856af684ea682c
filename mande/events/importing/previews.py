"""The rows of an import as its page shows them: by outcome, some at a time. Pure."""

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

PAGE = 100
OUTCOMES = ("refused", "made", "changed", "merged", "unchanged", "left_out", "remarks")

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Preview:
    """Some of the rows. `counts` are how many there are to see by what they can be narrowed down to; `outcome` is what
    they are narrowed down to, if anything."""

    rows: Sequence[Row]
    counts: Mapping[str, int]
    outcome: str
    page: int
    pages: int
    total: int

    def asked(self, **changes: Any) -> dict[str, Any]:
        """What to put into the address of the same list, changed."""
        values = {"outcome": self.outcome, "page": self.page, **changes}
        return {name: value for name, value in values.items() if value and (name, value) != ("page", 1)}


def preview(rows: Sequence[Row], args: Mapping[str, str]) -> Preview:
    """The rows that are asked for; refused ones come first."""
    outcome = args.get("outcome", "")
    outcome = outcome if outcome in OUTCOMES else ""
    wanted = [row for row in rows if not outcome or outcome in _kinds(row)]
    if not outcome:
        wanted.sort(key=lambda row: row["outcome"] != "refused")
    counts = dict.fromkeys(OUTCOMES, 0)
    for row in rows:
        for kind in _kinds(row):
            counts[kind] += 1
    pages = max(1, -(-len(wanted) // PAGE))
    asked = args.get("page", "1")
    page = min(max(int(asked), 1), pages) if asked.isdecimal() and len(asked) < 9 else 1
    return Preview(wanted[(page - 1) * PAGE : page * PAGE], counts, outcome, page, pages, len(wanted))


def _kinds(row: Row) -> list[str]:
    """What a row can be found under: its outcome, and beside that what was put together and what is remarked."""
    kinds = ["merged" if row["outcome"] == "joined" else row["outcome"]]
    if row["known_as"]:
        kinds.append("merged")
    if row["notices"] and row["outcome"] != "joined":
        kinds.append("remarks")
    return kinds
