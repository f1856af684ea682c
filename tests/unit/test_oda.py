"""Which countries are on the list of aid recipients, year by year, and what aid is for by the official codes."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from mande.events.countries import country_names
from mande.events.describing import oda
from mande.events.describing import purposes
from mande.events.describing.oda import Group


@pytest.mark.parametrize(
    ("country", "on", "eligible"),
    [("KE", date(2021, 6, 7), True), ("ke", date(2021, 6, 7), True), ("NO", date(2021, 6, 7), False),
     ("CL", date(2017, 12, 31), True), ("CL", date(2018, 1, 1), False),
     ("CK", date(2019, 12, 31), True), ("CK", date(2020, 1, 1), False),
     ("AG", date(2021, 12, 31), True), ("AG", date(2022, 1, 1), False),
     ("NR", date(2026, 1, 1), True), (None, date(2021, 6, 7), None), ("", date(2021, 6, 7), None)],
)  # fmt: skip
def test_a_country_is_looked_up_in_the_list_of_the_year(country: str | None, on: date, eligible: bool | None) -> None:
    assert oda.is_recipient(country, on) is eligible


def test_a_country_stands_in_the_income_group_of_the_year() -> None:
    assert oda.group("VU", date(2020, 6, 1)) is Group.LEAST_DEVELOPED
    assert oda.group("VU", date(2021, 6, 1)) is Group.LOWER_MIDDLE_INCOME
    assert oda.group("NO", date(2021, 6, 1)) is None


def test_each_list_holds_as_many_as_the_oecd_says_and_lists_follow_one_another() -> None:
    assert [len(one.groups) for one in oda.lists()] == [146, 143, 142, 142, 141, 141, 141, 141]
    years = [(one.first_year, one.last_year) for one in oda.lists()]
    assert all(first <= last for first, last in years)
    assert all(before[1] + 1 == after[0] for before, after in pairwise(years))


def test_every_recipient_is_a_country_that_is_known_by_name() -> None:
    assert set().union(*(one.groups for one in oda.lists())) <= country_names().keys()


@settings(max_examples=40)
@given(st.integers(1, 9999))
def test_every_year_has_a_list_and_says_where_it_is_not_its_own(year: int) -> None:
    assert oda.recipients(year)
    used = oda.list_of(year)
    own = used.first_year <= year <= used.last_year
    assert (oda.note(year) == "") == (own and used.verified)


def test_purposes_belong_to_sectors_and_have_their_official_names() -> None:
    assert purposes.name("15121") == "Foreign affairs"
    assert purposes.name("151", "fr") == "Gouvernement & Société Civile-général"
    assert purposes.name("15120", "fr") == "Public sector financial management"
    assert (purposes.name("00000"), purposes.name(None)) == ("", "")
    assert {one.sector for one in purposes.purposes().values()} <= purposes.sectors().keys()
    assert all(one.name_en for one in (*purposes.sectors().values(), *purposes.purposes().values()))
