import csv
import io

import pytest
from hypothesis import example
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from mande.surveys.importing.tables import TableError
from mande.surveys.importing.tables import read


def test_rows_are_numbered_as_a_spreadsheet_numbers_them() -> None:
    table = read(b"a,b\n1,2\n\n , \n5,6\n")

    assert table.header == ("a", "b")
    assert table.rows == ((2, ("1", "2")), (5, ("5", "6")))
    assert table.blank == 2


def test_a_cell_of_several_lines_is_one_row() -> None:
    assert read(b'a,b\n"one\ntwo",2\n3,4\n').rows == ((2, ("one\ntwo", "2")), (3, ("3", "4")))


@pytest.mark.parametrize(
    ("data", "encoding", "delimiter"),
    [
        ("a,b\né,1\n".encode(), "UTF-8", "comma"),
        ("a,b\né,1\n".encode("utf-8-sig"), "UTF-8", "comma"),
        ("a;b\né;1\n".encode("cp1252"), "Windows-1252", "semicolon"),
        ("a\tb\né\t1\n".encode("utf-16"), "UTF-16", "tab"),
        ("a,b\r\né,1\r\n".encode(), "UTF-8", "comma"),
    ],
)
def test_encodings_and_delimiters_are_recognised(data: bytes, encoding: str, delimiter: str) -> None:
    table = read(data)

    assert (table.encoding, table.delimiter) == (encoding, delimiter)
    assert table.header == ("a", "b")
    assert table.rows == ((2, ("é", "1")),)


def test_a_header_in_words_with_commas_does_not_hide_that_semicolons_split() -> None:
    table = read(b"Was it good, useful, or neither;Why, if so\n5;no reason\n4;none\n")

    assert table.header == ("Was it good, useful, or neither", "Why, if so")


def test_several_choices_in_a_cell_do_not_make_the_semicolon_the_delimiter() -> None:
    assert read(b"uses,how\nR;Git;SQL,1\nR;Git,2\n").delimiter == "comma"


def test_a_single_column_is_a_table() -> None:
    assert read(b"usefulness\n5\n4\n").rows == ((2, ("5",)), (3, ("4",)))


def test_empty_columns_at_the_right_are_left_behind() -> None:
    assert read(b"a,b,,\n1,2,,\n").header == ("a", "b")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b"  \n", "empty"),
        (b"\n1,2\n", "The first row is empty"),
        (b"PK\x03\x04 rest of a workbook", "workbook"),
        (b"a,b\n\x81\x8d\n", "neither UTF-8 nor Windows-1252"),
        (b"a,b\n1,\x00\n", "neither UTF-8"),
        (b"a,b\n1,2\n1\n1,2,3\n", "more or fewer cells: 3, 4"),
        (b"a,b,\n1,2,\n1,2,3\n", "columns that the header does not name: 3"),
        (b'a,b\n1,2\n"x"y,2\n', "Row 3 (line 3 of the file) cannot be read"),
        (b'a,b\n1,"open\n2,3\n', "Row 2 (line 3 of the file) cannot be read"),
    ],
)
def test_what_is_no_table_is_refused_with_the_reason(data: bytes, said: str) -> None:
    with pytest.raises(TableError) as caught:
        read(data)

    assert said in str(caught.value)


cells = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=6)


@given(st.lists(st.lists(cells, min_size=3, max_size=3), max_size=6), st.sampled_from(",;\t"))
@example([["\r", "\n", "\r\n"]], ";")
@settings(max_examples=150, deadline=None)
def test_what_a_spreadsheet_writes_is_read_back(rows: list[list[str]], delimiter: str) -> None:
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=delimiter).writerows([["one", "two", "three"], *rows])

    table = read(written.getvalue().encode("utf-8-sig"))

    expected = [tuple(cell.strip() for cell in row) for row in rows]
    assert table.header == ("one", "two", "three")
    assert [row for _, row in table.rows] == [row for row in expected if any(row)]


@given(st.binary(max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_a_table_or_are_refused(data: bytes) -> None:
    try:
        table = read(data)
    except TableError:
        return
    assert all(len(row) == len(table.header) for _, row in table.rows)
