"""Workbooks as tables of text: what is read out of them, and which are refused."""

import io
import zipfile
from datetime import date
from datetime import datetime

import openpyxl
import pytest

from mande import workbooks
from mande.workbooks import WorkbookError


def made(rows: list[list[object]], title: str = "Survey ") -> bytes:
    book = openpyxl.Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def test_every_cell_is_text_whatever_the_spreadsheet_program_made_of_it() -> None:
    moments = [datetime.fromisoformat(text) for text in ("2026-11-22", "2026-11-22T09:30")]
    row = [1, 1.0, 1.5, True, False, date(2026, 11, 22), *moments, "007"]

    assert workbooks.read(made([row])) == {
        "survey": [["1", "1", "1.5", "yes", "no", "2026-11-22", "2026-11-22", "2026-11-22T09:30:00", "007"]]
    }


def test_empty_rows_in_between_keep_their_place_and_those_at_the_end_go() -> None:
    rows: list[list[object]] = [["a", None, None], [], [None, "b"], [], [None]]

    assert workbooks.read(made(rows)) == {"survey": [["a"], [], ["", "b"]]}
    assert workbooks.read(made(rows), wanted=["choices"]) == {}


def test_the_same_sheets_give_the_same_bytes() -> None:
    assert workbooks.write({"a": [["x"]]}) == workbooks.write({"a": [["x"]]})


def test_what_is_no_workbook_or_too_large_is_refused_with_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    empty_zip = io.BytesIO()
    with zipfile.ZipFile(empty_zip, "w") as archive:
        archive.writestr("a", "b")
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (workbooks.MOST_BYTES + 1))

    for content, words in (
        (b"", "no workbook"),
        (b"type,name\n", "no workbook"),
        (empty_zip.getvalue(), "damaged"),
        (bomb.getvalue(), "more than 64 MB"),
    ):
        with pytest.raises(WorkbookError, match=words):
            workbooks.read(content)
    monkeypatch.setattr(workbooks, "MOST_ROWS", 3)
    with pytest.raises(WorkbookError, match="more than 3 rows"):
        workbooks.read(made([["a"]] * 4))
