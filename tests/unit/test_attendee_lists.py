"""Whole lists as conferences and registration systems keep them: where they begin and end, and what columns mean."""

from dataclasses import replace
from pathlib import Path

import pytest

from mande import workbooks
from mande.events.importing import asides
from mande.events.importing import layouts
from mande.events.importing import previews
from mande.events.importing import rows
from mande.events.importing import sheets
from mande.events.importing.joining import join
from mande.events.importing.layouts import Layout
from mande.events.importing.layouts import Wish
from mande.events.importing.rows import Attendee
from mande.events.importing.rows import Known
from mande.events.importing.sheets import SheetError

DATA = Path(__file__).resolve().parents[1] / "data" / "attendees"
KNOWN = Known(
    [("part-one", "Part One: the art of diplomacy"), ("part-two", "Part Two: inclusive engagement")],
    ["Ministry of Foreign Affairs, Norway"],
    ["Young diplomats", "Host communities"],
    {"state": "government", "faith": "Faith communities"},
)
MESSY = Wish(columns={"Delegate": "name"})
Remembered = dict[str, dict[str, str | None]]


def lay_out(data: bytes, wish: Wish = MESSY, remembered: Remembered | None = None) -> Layout:
    mean = rows.meaning(KNOWN)
    found = sheets.tables(data, lambda name: mean(name) is not None)
    return layouts.lay_out(found, mean, wish, remembered or {}, KNOWN.columns)


def read(layout: Layout) -> tuple[dict[int, Attendee], dict[int, str], str]:
    """The people by row, the rows that are nobody, and what there is to say of the list."""
    found = sheets.records(layout.table, layout.start, layout.columns)
    people, others = asides.apart(found, layout.labels)
    attendees, told = rows.without_no_shows([rows.interpret(record, KNOWN) for record in people])
    return {one.number: one for one in attendees}, {record.number: reason for record, reason in others}, told


def sample(name: str, wish: Wish = Wish()) -> dict[int, Attendee]:  # noqa: B008 (it is frozen)
    return read(lay_out((DATA / name).read_bytes(), wish))[0]


def as_workbook(text: str) -> bytes:
    lines = sheets.tables(text.encode(), lambda name: name == "E-Mail")[0].rows
    return workbooks.write({"Cover": [["Conference office"]], "Participants": [list(line) for line in lines]})


def test_a_messy_list_gives_its_people_and_says_what_is_wrong_with_the_others() -> None:
    people, others, _told = read(lay_out((DATA / "messy.csv").read_bytes()))
    kept, joined = join(list(people.values()))
    by_row = {one.number: one for one in kept}

    assert others == {38: "the names of the columns once more", 42: "a total", 43: "a note below the list"}
    assert joined == {17: 16, 40: 6}
    assert {one.number: one.left_out for one in kept if one.left_out} == {
        20: "the list says “declined”", 21: "the list says “waitlist”",
    }  # fmt: skip
    wrong = {one.number: " ".join(one.problems) for one in kept if one.problems}
    said = {18: "row 16 has this address with another name", 22: "Narnia", 23: "did you mean Germany?",
            24: "Congo - Kinshasa or Congo - Brazzaville", 25: "there is no e-mail address", 26: "bad at x.example",
            27: "king", 28: "Young diplomats, Host communities", 29: "25-34", 30: "VIP lounge"}  # fmt: skip
    assert {number: told in wrong[number] for number, told in said.items()} == dict.fromkeys(said, True)
    assert wrong.keys() == said.keys()
    assert [by_row[number].person["name"] for number in (5, 6, 7, 9, 12, 13, 31, 32, 33)] == [
        "Ada Example", "Brook Sample", "Carmen Prueba de la Torre", "Éloïse D'Exemple", "Siobhán O'Beispiel",
        "ليلى المثال", "Zoë Müller", "Jan van der Voorbeeld", "Sam Sample",
    ]  # fmt: skip
    assert by_row[6].addresses == ("brook@un.example", "brook@home.example")
    assert by_row[9].addresses == ("eloise@asso.example", "eloise.d@perso.example")
    assert [number for number, one in by_row.items() if one.discreet] == [9, 13]
    assert (by_row[5].group, by_row[34].person["sector"]) == ("Young diplomats", "faith")
    assert by_row[6].person["accessibility"] == "Large print"
    assert "accessibility" not in by_row[5].person
    assert (by_row[7].meetings, by_row[37].meetings) == (("part-one",), ())


@pytest.mark.parametrize("form", ["utf-16", "utf-16-le", "utf-8-sig", "xlsx"])
def test_a_messy_list_is_the_same_list_in_any_form(form: str) -> None:
    text = (DATA / "messy.csv").read_text(encoding="utf-8")
    data = as_workbook(text) if form == "xlsx" else text.encode(form)

    assert read(lay_out(data)) == read(lay_out(text.encode()))


def test_the_row_with_the_names_is_told() -> None:
    layout = lay_out((DATA / "messy.csv").read_bytes())

    assert (layout.row, layout.start, layout.system) == (4, 4, "")
    assert layout.ignored == ["No.", "Tel."]
    assert dict(zip(layout.labels, layout.samples, strict=True))["Sex"] == ("F", "m", "Mujer")


@pytest.mark.parametrize(
    ("name", "system", "taken", "left_out"),
    [("indico.csv", "Indico", [2, 6],
      {3: "not checked in", 4: "the list says “Withdrawn”", 5: "the list says “Rejected”"}),
     ("pretix.csv", "pretix", [2, 3, 6], {4: "the list says “canceled”", 5: "the list says “expired”"}),
     ("pretix-checkin.csv", "pretix", [2], {3: "not checked in"}),
     ("eventbrite.csv", "Eventbrite", [2, 3, 6], {4: "the list says “Not Attending”", 5: "the list says “Deleted”"}),
     ("eventbrite-uk.csv", "Eventbrite", [2], {3: "not checked in"})],
)  # fmt: skip
def test_exports_of_registration_systems_are_recognised_and_who_is_not_coming_is_left_out(
    name: str, system: str, taken: list[int], left_out: dict[int, str]
) -> None:
    people = sample(name)

    assert lay_out((DATA / name).read_bytes(), Wish()).system == system
    assert [number for number, one in people.items() if not one.left_out] == taken
    assert {number: one.left_out for number, one in people.items() if one.left_out} == left_out
    assert people[2].person["name"] == "Ada Example"
    assert all(people[number].person.get("country") for number in (2,) if name != "pretix-checkin.csv")


def test_of_an_order_for_several_people_the_address_of_whoever_ordered_is_taken_only_where_there_is_no_other() -> None:
    people = sample("pretix.csv")

    assert (people[2].email, people[2].notices) == ("ada@pretix.example", ())
    assert people[3].email == "office@pretix.example"
    assert "ordered" in people[3].notices[0]


def test_where_nobody_is_checked_in_the_door_kept_no_list() -> None:
    text = "email,name,checked in\na@x.org,Ada,no\nb@x.org,Bob,\n"
    people, _others, told = read(lay_out(text.encode(), Wish()))

    assert [one.left_out for one in people.values()] == ["", ""]
    assert "Nobody is checked in" in told


def test_what_was_said_of_such_columns_before_holds_for_the_next_list_however_they_are_spelt() -> None:
    first = lay_out((DATA / "messy.csv").read_bytes())
    text = (DATA / "messy.csv").read_text(encoding="utf-8").replace(";Delegate;E-Mail;", "; DELEGATE ;e mail;")
    again = lay_out(text.encode(), Wish(), {first.digest: first.meant})

    assert (again.remembered, again.columns) == (True, first.columns)
    assert not lay_out(text.encode(), Wish(), {first.digest[::-1]: {}}).remembered


def test_refused_rows_that_were_put_right_are_of_the_kind_of_the_list_they_come_from() -> None:
    assert layouts.digest(["what is wrong", "Delegate", "Mail", ""]) == layouts.digest(["delegate", "MAIL"])


def test_a_meeting_of_another_event_is_no_meaning_here() -> None:
    layout = lay_out(b"email,Who\na@x.org,Ada\n", Wish())
    again = lay_out(b"email,Who\na@x.org,Ada\n", Wish(), {layout.digest: {"email": "email", "Who": "meeting:other"}})

    assert again.columns == ("email", None)


def test_what_staff_say_takes_a_meaning_from_the_column_that_it_was_guessed_for() -> None:
    layout = lay_out(b"email,name,Delegate\na@x.org,Official,Ada\n", Wish(columns={"Delegate": "name"}))

    assert layout.columns == ("email", None, "name")


@pytest.mark.parametrize(
    ("columns", "said"),
    [({"Nobody": "name"}, "There is no column “Nobody”. The columns are: email, name, Delegate"),
     ({"Delegate": "shoe_size"}, "cannot be taken for “shoe_size”"),
     ({"Delegate": "name", "name": "name"}, "“Delegate” and “name” are both taken for the name")],
)  # fmt: skip
def test_what_cannot_be_said_of_columns_is_refused(columns: dict[str, str | None], said: str) -> None:
    with pytest.raises(SheetError, match=said):
        lay_out(b"email,name,Delegate\na@x.org,Official,Ada\n", Wish(columns=columns))


def test_a_list_without_names_is_told_by_its_addresses() -> None:
    layout = lay_out(b"Ada,ada@x.org\nBob,bob@x.org\n", Wish(columns={"column A": "name"}))

    assert (layout.row, layout.labels, layout.columns) == (0, ("column A", "column B"), ("name", "email"))
    assert [one.person["name"] for one in read(layout)[0].values()] == ["Ada", "Bob"]


def test_a_second_column_of_addresses_holds_further_ones_and_twins_are_told_apart() -> None:
    layout = lay_out(b"E-mail,Mail,Company,Company\na@x.org,b@x.org,One,Two\n", Wish())

    assert layout.meant == {
        "E-mail": "email", "Mail": "further_addresses", "Company": "organisation", "Company (2)": None,
    }  # fmt: skip


def test_a_column_named_status_that_is_about_something_else_is_left_out() -> None:
    assert lay_out(b"email,Status\na@x.org,VIP\nb@x.org,Gold\n", Wish()).columns == ("email", None)
    assert lay_out(b"email,Status\na@x.org,Confirmed\nb@x.org,Gold\n", Wish()).columns == ("email", "status")


def test_of_several_sheets_that_hold_lists_the_one_that_is_wished_is_read() -> None:
    people = [["name", "email"], ["Ada", "a@x.org"], ["Bob", "b@x.org"]]
    book = workbooks.write({"Invited": people, "Came": [*people[:2], ["Zoë", "z@x.org"]], "Notes": [["Call Bob"]]})

    assert lay_out(book, Wish()).sheets == ("Invited", "Came")
    assert [one.person["name"] for one in read(lay_out(book, Wish(sheet="came")))[0].values()] == ["Ada", "Zoë"]
    with pytest.raises(SheetError, match="“Invited”, “Came”, “Notes”"):
        lay_out(book, Wish(sheet="Others"))


def test_the_row_with_the_names_can_be_said() -> None:
    data = b"name,email\nWho,Where\nAda,a@x.org\n"

    assert lay_out(data, Wish(row=2, columns={"Where": "email"})).meant == {"Who": None, "Where": "email"}
    with pytest.raises(SheetError, match="cannot be in row 3"):
        lay_out(data, Wish(row=3))


def test_tables_that_were_kept_are_the_same_again() -> None:
    book = workbooks.write({"A": [["name", "email"], ["Zoë", "z@x.org"]]})
    tables = sheets.tables(book, bool)

    assert sheets.unpack(sheets.pack(tables)) == tables


ROWS = [
    {"outcome": "made", "known_as": "", "notices": ()},
    {"outcome": "changed", "known_as": "x@y.org", "notices": ("known as x@y.org",)},
    {"outcome": "joined", "known_as": "", "notices": ("taken together",)},
    {"outcome": "refused", "known_as": "", "notices": ()},
]


def test_a_preview_shows_refused_rows_first_narrows_down_and_turns_pages() -> None:
    every = previews.preview(ROWS, {})
    merged = previews.preview(ROWS, {"outcome": "merged"})

    assert [row["outcome"] for row in every.rows] == ["refused", "made", "changed", "joined"]
    assert {kind: number for kind, number in every.counts.items() if number} == {
        "refused": 1, "made": 1, "changed": 1, "merged": 2, "remarks": 1,
    }  # fmt: skip
    assert [row["outcome"] for row in merged.rows] == ["changed", "joined"]
    many = previews.preview(ROWS * 60, {"page": "2"})
    assert (len(many.rows), many.pages, many.page, many.asked(page=3)) == (100, 3, 2, {"page": 3})
    assert [previews.preview(ROWS, {"page": page}).page for page in ("0", "99", "x", "²")] == [1, 1, 1, 1]
    assert replace(every, outcome="made").asked(outcome="") == {}
