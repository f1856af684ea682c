"""Runs every measurement, prints the table and keeps it in docs/performance.md."""

import os
import platform
from collections.abc import Iterable

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
from benchmarks.world import world
from mande import clock
from mande.config import ROOT

BEGIN, END = "<!-- measured -->", "<!-- end -->"


def main() -> None:
    sections: dict[str, list[Line]] = {}
    with world(120) as made:
        sections["Pages, in processor time"] = _told(pages.measure(made))
        sections["The same on the real server"] = _told(serving.measure(made))
        sections["Pages, on the wire"] = _told(weighing.measure(made))
    sections["Messages"] = _told(post.measure())
    sections["Import of attendees"] = _told(importing.measure())
    sections["Follow-up"] = _told(following.measure())
    sections["Closing a survey"] = _told([*counting.measure(), *closing.measure()])
    sections["Reports"] = _told(reporting.measure())
    sections["Pages while reports are made"] = _told(queueing.measure())
    sections["The attacker"] = _told(attacking.measure())
    sections["The portfolio"] = _told(portfolio.measure())
    path = ROOT / "docs" / "performance.md"
    before, _, rest = path.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    path.write_text(f"{before}{BEGIN}\n{_table(sections)}\n{END}{after}", encoding="utf-8")
    print(f"Kept in {path.relative_to(ROOT)}.")


def _told(lines: Iterable[Line]) -> list[Line]:
    kept = []
    for line in lines:
        ratio = f"  {line.ratio:.2f} times {line.against}" if line.ratio is not None else ""
        print(f"{line.what}: {line.value}{ratio}", flush=True)
        kept.append(line)
    return kept


def _table(sections: dict[str, list[Line]]) -> str:
    measured = f"Measured on {clock.now():%d %B %Y}, Python {platform.python_version()}, {os.cpu_count()} cores."
    rows = [measured]
    for title, lines in sections.items():
        rows += ["", f"### {title}", "", "| what | measured | ratio | aim |", "|---|---|---|---|"]
        for line in lines:
            ratio = f"{line.ratio:.2f} × {line.against}" if line.ratio is not None else ""
            rows.append(f"| {line.what} | {line.value} | {ratio} | {line.aim} |")
    return "\n".join(rows)


if __name__ == "__main__":
    main()
