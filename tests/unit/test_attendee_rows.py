"""What a row of an attendee list means, whatever program and language it was written in."""

import csv
import io
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from mande.cells import RISKY
from mande.cells import csv_text
from mande.cells import neutral
from mande.cells import plain
from mande.events.importing import layouts
from mande.events.importing import sheets
from mande.events.importing.joining import join
from mande.events.importing.layouts import Layout
from mande.events.importing.layouts import Wish
from mande.events.importing.rows import Attendee
from mande.events.importing.rows import Known
from mande.events.importing.rows import interpret
from mande.events.importing.rows import meaning
from mande.events.importing.sheets import SheetError
from mande.events.kinds import Mode
from mande.events.kinds import Role

KNOWN = Known(
    [("part-one", "Part One: the art, and the craft"), ("part-two", "Part Two: inclusion")],
    ["Ministry of Foreign Affairs, Norway"],
    ["Young diplomats", "Host communities"],
    {"state": "government", "faith": "Faith communities"},
)
WISH = Wish()


def laid_out(data: bytes, wish: Wish = WISH) -> Layout:
    mean = meaning(KNOWN)
    return layouts.lay_out(sheets.tables(data, lambda name: mean(name) is not None), mean, wish, {}, KNOWN.columns)


def read(text: str | bytes) -> list[Attendee]:
    layout = laid_out(text if isinstance(text, bytes) else text.encode())
    return [interpret(record, KNOWN) for record in sheets.records(layout.table, layout.start, layout.columns)]


def one(**cells: str) -> Attendee:
    cells = {"email": "ada@example.org", **cells}
    return read(csv_text(list(cells), [list(cells.values())]))[0]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_any_usual_encoding_separator_and_line_ending_is_read(encoding: str, separator: str, newline: str) -> None:
    lines = [["E-mail address", " FULL  NAME", "Pays"], ["zoë@example.org".replace("ë", "e"), "Zoë Müller", "Suisse"]]
    text = newline.join(separator.join(line) for line in lines)

    assert read(text.encode(encoding)) == [
        Attendee(2, "zoe@example.org", person={"name": "Zoë Müller", "country": "CH"}),
    ]


@pytest.mark.parametrize(
    ("header", "column"),
    [("E-mail address", "email"), ("COURRIEL", "email"), ("Correo electrónico", "email"), ("Rôle(s)", "role"),
     ("Role(s)", "role"), ("Organization", "organisation"), ("Prénom", "given_name"), ("Surname", "family_name"),
     ("Time zone", "time_zone"), ("timezone", "time_zone"), ("Part One", "meeting:part-one"),
     ("part-two", "meeting:part-two"), ("Shoe size", None), ("Title", None)],
)  # fmt: skip
def test_header_names_are_forgiven_their_spelling(header: str, column: str | None) -> None:
    assert meaning(KNOWN)(header) == column


def test_columns_that_mean_nothing_are_named() -> None:
    assert laid_out(b"Shoe size,email,\n44,ada@example.org,\n").ignored == ["Shoe size"]


@pytest.mark.parametrize(
    ("data", "said"),
    [(b"", "empty"), (b"email\n", "no row"), (b"\n \n,,\n", "empty"),
     (b"PK\x03\x04....", "no workbook"), (b"\xd0\xcf\x11\xe0", "xls"),
     (b"\x00\x01\x02", "not a text file"), (b"%PDF-1.7", "PDF"), (b'email\n"a@b.co\n', "quotation mark"),
     (b"email\n\x81\x8d\n", "letters"), (b"\xff\xfea\x00b", "letters")],
)  # fmt: skip
def test_a_file_that_is_no_list_is_refused_in_a_sentence(data: bytes, said: str) -> None:
    with pytest.raises(SheetError, match=said):
        laid_out(data)


def test_a_separator_declared_in_the_first_line_counts_and_rows_keep_their_numbers() -> None:
    assert read("sep=;\nemail;name\nada@example.org;Ada, the first\n") == [
        Attendee(3, "ada@example.org", person={"name": "Ada, the first"})
    ]


@pytest.mark.parametrize(
    ("cell", "roles"),
    [("Speaker", (Role.SPEAKER,)), ("participant; speaker", (Role.SPEAKER, Role.PARTICIPANT)),
     ("Participant and Speaker", (Role.SPEAKER, Role.PARTICIPANT)), ("speaker/partner", (Role.PARTNER, Role.SPEAKER)),
     ("intervenante, partenaire", (Role.PARTNER, Role.SPEAKER)), ("", None), ("tbc", None)],
)  # fmt: skip
def test_roles_are_split_however_they_are_written(cell: str, roles: tuple[Role, ...] | None) -> None:
    found = one(role=cell)

    assert (found.roles, found.problems) == (roles, ())


@pytest.mark.parametrize(
    ("cell", "meetings"),
    [("both", ("part-one", "part-two")), ("ALL", ("part-one", "part-two")), ("part-one", ("part-one",)),
     ("Part two", ("part-two",)), ("2", ("part-two",)), ("2 and 1", ("part-one", "part-two")),
     ("Part One: the art, and the craft", ("part-one",)), ("Part Two: inclusion; Part One", ("part-one", "part-two")),
     ("none", ()), ("", None)],
)  # fmt: skip
def test_meetings_are_found_by_code_title_beginning_or_number(cell: str, meetings: tuple[str, ...] | None) -> None:
    found = one(meetings=cell)

    assert (found.meetings, found.problems) == (meetings, ())


def test_a_column_for_each_meeting_may_hold_ticks() -> None:
    first, second, third, fourth = read(
        "email,Part One,Part Two\na@x.org,x,no\nb@x.org,✓,Yes\nc@x.org,no,\nd@x.org,,\n"
    )

    assert [first.meetings, second.meetings] == [("part-one",), ("part-one", "part-two")]
    assert third.meetings == ()
    assert fourth.meetings is None


def test_a_partners_name_in_the_partner_column_makes_a_person_of_the_partners() -> None:
    found = one(partner="ministry of foreign affairs Norway", role="participant")

    assert found.roles == (Role.PARTNER, Role.PARTICIPANT)
    assert found.person["organisation"] == "Ministry of Foreign Affairs, Norway"


def test_everything_wrong_with_a_row_is_told_at_once() -> None:
    found = one(email="nobody", country="Narnia", sector="wizardry", role="king", meetings="part-nine",
                mode="astral", language="Entish", **{"time zone": "Mars"})  # fmt: skip

    for said in ("nobody", "Narnia", "wizardry", "king", "part-nine", "astral", "Entish", "Mars"):
        assert any(said in problem for problem in found.problems), said
    assert "participant, speaker, partner" in " ".join(found.problems)


def test_a_word_for_unknown_is_as_good_as_an_empty_cell() -> None:
    found = one(country="n/a", sector="Unknown", gender="prefer not to say", mode="-", language="?")

    assert (found.person, found.mode, found.problems) == ({}, None, ())


def test_the_name_na_is_a_name_and_the_country_na_is_asked_about() -> None:
    found = one(name="Na", country="NA")

    assert found.person["name"] == "Na"
    assert "Namibia" in found.problems[0]


@pytest.mark.parametrize(
    ("cell", "code"),
    [("UK", "GB"), ("U.S.A.", "US"), ("ken", "KE"), ("Corée du Sud", "KR"), ("South Korea", "KR"), ("Norwegen", "NO"),
     ("كينيا", "KE"), ("Côte d’Ivoire", "CI"), ("Reino Unido", "GB"), ("The Gambia", "GM"), ("no", "NO")],
)  # fmt: skip
def test_countries_are_found_by_code_and_in_several_languages(cell: str, code: str) -> None:
    assert one(country=cell).person["country"] == code


@pytest.mark.parametrize("cell", ["Korea", "Congo"])
def test_a_name_that_two_countries_share_is_refused(cell: str) -> None:
    assert one(country=cell).problems


def test_a_long_name_is_refused_and_not_cut() -> None:
    assert "201 characters" in one(name="x" * 201).problems[0]


def test_cells_beyond_the_header_refuse_the_row() -> None:
    found = read("email,organisation\na@x.org,Ministry of Trade, Kenya\n")[0]

    assert "quotation marks" in found.problems[0]


def test_control_characters_never_reach_a_name() -> None:
    assert one(name="Ada\r\nBcc: b@x.org\x1b\x07").person["name"] == "Ada Bcc: b@x.org"


def test_rows_of_one_person_are_joined_where_they_agree() -> None:
    kept, joined = join(read(
        "email,name,role,meetings,country\n"
        "a@x.org,Ada,participant,1,\nb@x.org,Bob,speaker,1,\na@x.org,Ada,speaker,2,KE\n"
    ))  # fmt: skip

    assert joined == {4: 2}
    assert kept[0].roles == (Role.SPEAKER, Role.PARTICIPANT)
    assert kept[0].meetings == ("part-one", "part-two")
    assert kept[0].person["country"] == "KE"
    assert kept[1].roles == (Role.SPEAKER,)


def test_rows_of_one_address_that_contradict_each_other_are_told_apart() -> None:
    kept, joined = join(read("email,name,mode\na@x.org,Ada,online\na@x.org,Bob,in person\n"))

    assert joined == {}
    assert kept[0].problems == ()
    assert kept[0].mode is Mode.ONLINE
    assert kept[1].problems == ("row 2 has this address with another name and mode",)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(st.text(max_size=12), min_size=2, max_size=2), min_size=1, max_size=5))
def test_no_exported_cell_can_run_as_a_formula(rows: list[list[str]]) -> None:
    cells = [cell for line in csv.reader(io.StringIO(csv_text(["a", "b"], rows), newline="")) for cell in line]

    assert not any(cell.startswith(RISKY) for cell in cells)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=20).filter(lambda text: text[:1] != "'"))
def test_what_was_made_neutral_can_be_had_back(text: str) -> None:
    assert plain(neutral(text)) == text


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200))
def test_no_file_whatever_breaks_the_reader(data: bytes) -> None:
    with suppress(SheetError):
        for known in (b"email,name,country\n", b""):
            layout = laid_out(known + data)
            records = sheets.records(layout.table, layout.start, layout.columns)
            assert [interpret(record, KNOWN).number for record in records] == [record.number for record in records]
