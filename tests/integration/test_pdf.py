"""The child process that makes PDFs: what it may load, and what it may use."""

import subprocess
import sys
from datetime import UTC
from datetime import datetime
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from PIL import ImageOps
from pypdf import PdfReader

from mande import pdf
from mande.config import ROOT
from mande.pdf import loading


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        ('<img src="http://127.0.0.1:9/x.png">', "may not load"),
        ('<link rel="stylesheet" href="file:///etc/passwd">', "may not load"),
        ('<img src="file:///etc/hostname">', "may not load"),
        ('<img src="kept:1">', "may not load"),
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


def test_files_inside_a_pdf_say_what_they_are_and_the_same_input_gives_the_same_bytes() -> None:
    at, told = datetime(2021, 6, 14, 9, tzinfo=UTC), []
    attached = [
        pdf.Attached("report.json", "application/json", b"{}", at, "The report as data"),
        pdf.Attached("figures.csv", "text/csv", b"a,b\n", at, relationship="Alternative"),
    ]
    page = '<html lang="en"><title>x</title><p>One</p><p style="break-before: page">Two</p><img alt="A" src="kept:1">'
    files = {"kept:1": drawing()}
    first = pdf.render(page, attached, told.append, files=files)
    pdf.end_presses()
    reader = PdfReader(BytesIO(first))
    root = reader.trailer["/Root"]
    names = [one.get_object() for one in root["/AF"]]

    assert pdf.render(page, attached, files=files) == first
    assert {(one["/UF"], one["/AFRelationship"], one["/Desc"]) for one in names} == {
        ("report.json", "/Data", "The report as data"),
        ("figures.csv", "/Alternative", ""),
    }
    assert {name: data for name, (data,) in reader.attachments.items()} == {
        "report.json": b"{}",
        "figures.csv": b"a,b\n",
    }
    assert {one["/EF"]["/F"]["/Params"]["/CreationDate"] for one in names} == {"D:20210614090000Z"}
    assert [one.step for one in told] == sorted(one.step for one in told)
    assert max(one.page for one in told) == len(reader.pages) == 2
    (picture,) = (one.get_object() for one in reader.pages[1]["/Resources"]["/XObject"].values())
    assert picture["/Interpolate"].value is False


def test_what_cannot_listen_ends_the_work_and_the_next_document_is_whole() -> None:
    def told(_progress: pdf.Progress) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        pdf.render("<title>x</title><p>One</p>", told=told)

    assert pdf.render("<title>x</title><p>Two</p>").startswith(b"%PDF-")


def test_a_drawing_becomes_a_picture_in_which_arabic_letters_join_from_right_to_left() -> None:
    def inked(words: str) -> tuple[int, int]:
        """Where the ink of a text begins and ends, in pixels from the left."""
        svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 40"><text x="20" y="30">{words}</text></svg>'
        with Image.open(BytesIO(pdf.picture(svg, 600))) as image:
            assert image.size == (600, 80)
            box = ImageOps.invert(image.convert("L")).getbbox()
        assert box is not None
        return box[0], box[2]

    joined, apart = inked("\u0643\u0643\u0643"), inked("\u0643\u200c\u0643\u200c\u0643")
    assert joined[1] - joined[0] < apart[1] - apart[0]
    assert inked("ab")[0] in range(38, 46)
    with pytest.raises(pdf.RenderingError, match="no view box"):
        pdf.picture("<svg/>", 100)
    with pytest.raises(ValueError, match="pixels wide"):
        pdf.picture("<svg/>", 0)


def drawing() -> bytes:
    made = BytesIO()
    Image.new("RGB", (40, 40), "#0f5c6e").save(made, "PNG")
    return made.getvalue()


def test_the_child_limits_its_own_memory() -> None:
    greedy = "from mande.pdf import child as c; c.limit(); bytearray(c.MEMORY)"
    done = subprocess.run(
        [sys.executable, "-c", greedy], capture_output=True, text=True, cwd=ROOT, timeout=60, check=False
    )

    assert done.returncode == 1
    assert "MemoryError" in done.stderr


def test_only_our_fonts_and_data_within_the_page_are_allowed(tmp_path: Path) -> None:
    folders = (tmp_path,)

    assert loading.allowed("data:image/png;base64,AA==", folders)
    assert loading.allowed(f"file://{tmp_path}/a%5Bb%5D.ttf", folders)
    for url in ("file:///etc/passwd", f"file://{tmp_path}/../x", f"file://host{tmp_path}/a", "http://x/", "ftp://x/"):
        assert not loading.allowed(url, folders)


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "paper.pdf"
    pdf.write(target, BytesIO(b"%PDF-").getvalue())

    assert [path.name for path in target.parent.iterdir()] == ["paper.pdf"]
