"""Runs measurements, prints the table and keeps it in docs/performance.md.

python -m benchmarks                        everything
python -m benchmarks reports attacker       these sections; the others keep what was measured last
"""

import os
import platform
import re
import sys
from collections.abc import Callable
from collections.abc import Iterable
from itertools import chain

from benchmarks import attacking
from benchmarks import closing
from benchmarks import counting
from benchmarks import following
from benchmarks import importing
from benchmarks import pages
from benchmarks import portfolio
from benchmarks import post
from benchmarks import queueing
from benchmarks import reporting
from benchmarks import serving
from benchmarks import weighing
from benchmarks.timing import Line
from benchmarks.world import World
from benchmarks.world import world
from mande import clock
from mande.config import ROOT

BEGIN, END = "<!-- measured -->", "<!-- end -->"
PATH = ROOT / "docs" / "performance.md"


def _of_a_world(measure: Callable[[World], Iterable[Line]]) -> Iterable[Line]:
    with world(120) as made:
        yield from measure(made)


SECTIONS: dict[str, tuple[str, Callable[[], Iterable[Line]]]] = {
    "pages": ("Pages, in processor time", lambda: _of_a_world(pages.measure)),
    "serving": ("The same on the real server", lambda: _of_a_world(serving.measure)),
    "weight": ("Pages, on the wire", lambda: _of_a_world(weighing.measure)),
    "messages": ("Messages", post.measure),
    "import": ("Import of attendees", importing.measure),
    "followup": ("Follow-up", following.measure),
    "closing": ("Closing a survey", lambda: chain(counting.measure(), closing.measure())),
    "reports": ("Reports", reporting.measure),
    "queue": ("Pages while reports are made", queueing.measure),
    "attacker": ("The attacker", attacking.measure),
    "portfolio": ("The portfolio", portfolio.measure),
}


def main(wanted: list[str]) -> None:
    if unknown := set(wanted) - SECTIONS.keys():
        sys.exit(f"There is no section {', '.join(sorted(unknown))}. There are: {', '.join(SECTIONS)}.")
    before, _, rest = PATH.read_text(encoding="utf-8").partition(BEGIN)
    measured, _, after = rest.partition(END)
    kept = _kept(measured)
    for name in wanted or SECTIONS:
        title, measure = SECTIONS[name]
        kept[title] = _section(title, _told(measure()))
        # Each section is kept as soon as it is measured: the last ones take minutes.
        parts = [kept[one] for one, _measure in SECTIONS.values() if one in kept]
        whole = "\n\n".join(parts)
        PATH.write_text(f"{before}{BEGIN}\n{whole}\n{END}{after}", encoding="utf-8")
    print(f"Kept in {PATH.relative_to(ROOT)}.")


def _kept(measured: str) -> dict[str, str]:
    """What was measured before, by the titles of its sections."""
    return {part.partition("\n")[0]: f"### {part.strip()}" for part in re.split(r"^### ", measured, flags=re.M)[1:]}


def _told(lines: Iterable[Line]) -> list[Line]:
    kept = []
    for line in lines:
        ratio = f"  {line.ratio:.2f} times {line.against}" if line.ratio is not None else ""
        print(f"{line.what}: {line.value}{ratio}", flush=True)
        kept.append(line)
    return kept


def _section(title: str, lines: list[Line]) -> str:
    measured = f"Measured on {clock.now():%d %B %Y}, Python {platform.python_version()}, {os.cpu_count()} cores."
    rows = [f"### {title}", "", measured, "", "| what | measured | ratio | aim |", "|---|---|---|---|"]
    for line in lines:
        ratio = f"{line.ratio:.2f} × {line.against}" if line.ratio is not None else ""
        rows.append(f"| {line.what} | {line.value} | {ratio} | {line.aim} |")
    return "\n".join(rows)


if __name__ == "__main__":
    main(sys.argv[1:])
