"""The child process that makes PDFs: what it may load, and what it may use."""

import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest

from mande import pdf
from mande.config import ROOT
from mande.pdf import child


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        ('<img src="http://127.0.0.1:9/x.png">', "may not load"),
        ('<link rel="stylesheet" href="file:///etc/passwd">', "may not load"),
        ('<img src="file:///etc/hostname">', "may not load"),
    ],
)
def test_the_child_loads_nothing_from_the_network_or_the_machine(page: str, reason: str) -> None:
    with pytest.raises(pdf.RenderingError, match=reason):
        pdf.render(f"<title>x</title>{page}")


def test_a_page_that_takes_too_long_is_given_up() -> None:
    with pytest.raises(pdf.RenderingError, match="not ready after"):
        pdf.render("<p>late</p>", seconds=0.05)

    assert pdf.render("<title>x</title><p>The next one</p>").startswith(b"%PDF-")


def test_a_press_prints_page_after_page_and_one_that_was_killed_is_replaced() -> None:
    pdf.end_presses()
    pdf.render("<title>x</title><p>One</p>")
    (press,) = pdf._idle
    pdf.render("<title>x</title><p>Two</p>")
    assert pdf._idle == [press]
    press.kill()
    press.process.wait()

    assert pdf.render("<title>x</title><p>Three</p>").startswith(b"%PDF-")
    assert press not in pdf._idle
    press.end()
    pdf.end_presses()
    assert pdf._idle == []


def test_the_child_limits_its_own_memory() -> None:
    greedy = "from mande.pdf import child as c; c.limit(); bytearray(c.MEMORY)"
    done = subprocess.run(
        [sys.executable, "-c", greedy], capture_output=True, text=True, cwd=ROOT, timeout=60, check=False
    )

    assert done.returncode == 1
    assert "MemoryError" in done.stderr


def test_only_our_fonts_and_data_within_the_page_are_allowed(tmp_path: Path) -> None:
    folders = (tmp_path,)

    assert child.allowed("data:image/png;base64,AA==", folders)
    assert child.allowed(f"file://{tmp_path}/a%5Bb%5D.ttf", folders)
    for url in ("file:///etc/passwd", f"file://{tmp_path}/../x", f"file://host{tmp_path}/a", "http://x/", "ftp://x/"):
        assert not child.allowed(url, folders)


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "paper.pdf"
    pdf.write(target, BytesIO(b"%PDF-").getvalue())

    assert [path.name for path in target.parent.iterdir()] == ["paper.pdf"]
