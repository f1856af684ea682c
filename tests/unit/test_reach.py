from collections import Counter
from itertools import product

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from mande.events.countries import country_names
from mande.events.describing import regions
from mande.reports.reach import barriers
from mande.reports.reach import pillars
from mande.reports.reach import tables
from mande.reports.reach.people import ANOTHER
from mande.reports.reach.people import MAN
from mande.reports.reach.people import UNKNOWN
from mande.reports.reach.people import WOMAN
from mande.reports.reach.people import Attendee
from mande.reports.reach.people import Tally
from mande.reports.reach.people import gender
from mande.reports.reach.people import sought
from mande.reports.reach.people import tally
from mande.reports.reach.tables import Table

K = 5
# Antarctica has no region; the others are codes that CLDR keeps for islands and places without a code of their own.
UNPLACED = {"AQ", "AC", "IC", "EA", "CP", "DG", "CQ", "TA"}
GROUPS = {"Academics": 4, "Diplomats": None}

people = st.lists(
    st.builds(
        Attendee,
        speaks=st.booleans(),
        gender=st.sampled_from([WOMAN, MAN, UNKNOWN]),
        sector=st.sampled_from(["state", "academia", "media", UNKNOWN]),
        region=st.sampled_from(["150", "202"]),
        country=st.sampled_from(["FR", "KE", UNKNOWN]),
        oda=st.sampled_from(["yes", "no"]),
        mode=st.sampled_from(["online", "in_person"]),
        group=st.sampled_from([None, *GROUPS]),
    ),
    min_size=15,
    max_size=40,
).map(Counter)


@pytest.mark.parametrize(
    ("said", "kind"),
    [("Female", WOMAN), ("femme", WOMAN), ("أنثى", WOMAN), ("MALE", MAN), ("", UNKNOWN), (None, UNKNOWN),
     ("non-binary", ANOTHER), ("prefer not to say", UNKNOWN), ("Género fluido", ANOTHER)],
)  # fmt: skip
def test_gender_is_read_in_the_words_of_several_languages(said: str | None, kind: str) -> None:
    assert gender(said) == kind


def test_every_country_is_in_one_region_that_has_a_name() -> None:
    listed = [country for countries in regions.REGIONS.values() for country in countries.split()]

    assert len(listed) == len(set(listed))
    assert {code for code in country_names() if regions.region(code) is None} <= UNPLACED
    assert all(regions.region_name(code) == Locale("en").territories[code] for code in regions.REGIONS)
    assert (regions.region("KE"), regions.region("FR"), regions.region(None)) == ("202", "150", None)


@given(people)
@settings(deadline=None)
def test_outside_the_team_no_group_is_small_and_nobody_is_counted_twice(counted: Counter[Attendee]) -> None:
    shown, came = tables.safe(counted, GROUPS, K)

    for table in shown:
        assert all(count >= K for _members, count in table.groups)
        everybody = counted.total() if table.of == tables.ATTENDEES else sum(n for p, n in counted.items() if p.speaks)
        assert table.total == everybody
    assert all(one.came >= K for one in came)


@given(people)
@settings(deadline=None)
def test_tables_of_speakers_leave_no_small_group_of_those_who_only_listened(counted: Counter[Attendee]) -> None:
    shown, _came = tables.safe(counted, GROUPS, K)
    by = {(table.by, table.of): table for table in shown}
    for name in tables.OF_SPEAKERS:
        if (name, tables.SPEAKERS) in by:
            speaking = by[name, tables.SPEAKERS]
            assert counted.total() - speaking.total in (0, *range(K, 99))
            everybody = by[name, tables.ATTENDEES].groups if (name, tables.ATTENDEES) in by else ()
            for (members, count), (others, among) in product(everybody, speaking.groups):
                if set(others) <= set(members):
                    assert count - among not in range(1, K), "those of the group who do not speak"


def test_the_team_sees_every_group_those_who_did_not_say_last() -> None:
    counted = Counter({Attendee(True, WOMAN): 2, Attendee(False, MAN): 3, Attendee(False): 1})

    found = {(table.by, table.of): table.groups for table in tables.full(counted)}

    assert found["gender", "attendees"] == (((MAN,), 3), ((WOMAN,), 2), ((UNKNOWN,), 1))
    assert found["gender", "speakers"] == (((WOMAN,), 2),)
    assert ("sector", "attendees") not in found, "nobody said"


def test_a_merged_group_leaves_a_share_open_as_far_as_it_does() -> None:
    table = Table("gender", "attendees", (((WOMAN,), 10), ((ANOTHER, UNKNOWN), 5), ((MAN,), 5)))

    assert table.span(WOMAN.__eq__) == (0.5, 0.5)
    assert table.span(ANOTHER.__eq__) == (0, 0.25)
    assert Table("gender", "attendees", (((MAN, WOMAN), 10),)).span(WOMAN.__eq__) is None


def test_shares_are_of_those_who_said_and_gaps_are_between_speakers_and_others() -> None:
    counted = Counter({
        Attendee(True, WOMAN, "state", mode="online", oda="yes"): 1,
        Attendee(True, MAN, "academia", mode="online", oda="no"): 3,
        Attendee(False, WOMAN, "business", mode="in_person"): 2,
        Attendee(False, MAN, "state", mode="in_person"): 2,
        Attendee(False): 4,
    })  # fmt: skip
    figures = {one.code: one for some in pillars.figures(tally(counted)).values() for one in some}

    assert (figures["women"].low, figures["women"].of) == (3 / 8, 8)
    assert (figures["women_speaking"].low, figures["women_speaking"].of) == (0.25, 4)
    assert figures["women_gap"].low == -25
    assert (figures["online"].low, figures["recipients_online"].low) == (0.5, 0.25)
    assert figures["beyond_the_state"].low == 5 / 8
    assert figures["online_without_barriers"].low is None


def test_sums_over_events_are_those_of_all_their_attendees_together() -> None:
    one = Counter({Attendee(True, WOMAN, "state"): 2, Attendee(False, MAN): 1})
    other = Counter({Attendee(True, WOMAN, "state"): 1, Attendee(False, MAN, "media"): 4})

    assert tally(one) + tally(other) == tally(one + other)
    assert Tally() + tally(one) == tally(one)


def test_more_than_were_sought_make_up_for_nobody_else() -> None:
    came = sought([(4, 6), (3, 1), (None, 9), (0, 2)])

    assert (came.sought, came.sought_came, came.groups, came.groups_reached) == (7, 5, 2, 1)


@given(st.dictionaries(st.text(max_size=3), st.integers(1, 50), min_size=1, max_size=8))
def test_the_effective_number_of_groups_lies_between_one_and_all(counts: dict[str, int]) -> None:
    found = pillars.effective_number(counts)

    assert found is not None
    assert 1 - 1e-9 <= found <= len(counts) + 1e-9
    assert pillars.effective_number(dict.fromkeys(counts, 7)) == pytest.approx(len(counts))


def test_barriers_are_what_merged_answers_leave_open() -> None:
    options = [{"code": str(code), "label": ""} for code in range(1, 6)]
    cells = [{"codes": ["1"], "share": 0.1}, {"codes": ["2", "3"], "share": 0.3}, {"codes": ["4", "5"], "share": 0.6}]
    asked = {"code": "platform_ease", "text": "Ease", "n": 20, "options": options, "unfavourable": None,
             "nearly_all": None, "cells": cells, "favourable_range": [0.6, 0.6]}  # fmt: skip

    (found,) = barriers.barriers([asked, asked | {"code": "overall"}])

    assert found["unfavourable"] == [0.1, 0.4]
    nearly = asked | {"cells": [], "nearly_all": {"codes": ["5"]}, "favourable_range": [0.9, 1]}
    assert barriers.unfavourable(nearly) == (0, pytest.approx(0.1))
    assert barriers.could_follow([asked], "platform_ease") == ((0.6, 0.6), 20)
    assert barriers.could_follow([asked], "other") is None
