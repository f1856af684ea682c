"""The guarantee of docs/delivery.md, with workers killed at random. `make chaos` does the same with thousands."""

from pathlib import Path

from chaos.run import Run
from chaos.run import go


def test_no_message_is_lost_and_none_repeated_but_for_a_crash(database_url: str, tmp_path: Path) -> None:
    workers = 2 if database_url.startswith("postgresql") else 1

    verdict = go(Run(database_url, workers, messages=60, kills=2, seed=11, lease=4.0, patience=240.0), tmp_path)

    assert verdict.wrong == ()
    assert (verdict.messages, verdict.kills, verdict.lost) == (60, 2, 0)
    assert verdict.sent > 40
    assert verdict.failed > 0
