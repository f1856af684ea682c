from datetime import UTC
from datetime import datetime

import pytest

from mande.surveys import strata


@pytest.mark.parametrize(
    ("attended", "group"),
    [(["one"], "one"), (["one", "two", "three"], "all"), (["one", "three"], "several"), ([], "unknown")],
)
def test_meetings_attended_make_one_group(attended: list[str], group: str) -> None:
    assert strata.meeting(attended, ["one", "two", "three"]) == group


def test_the_only_meeting_of_an_event_goes_by_its_code() -> None:
    assert strata.meeting(["one"], ["one"]) == "one"


@pytest.mark.parametrize(
    ("said", "group"), [("Female", "female"), (" Non  binary ", "non-binary"), (None, "unknown"), ("  ", "unknown")]
)
def test_a_self_described_gender_is_one_word(said: str | None, group: str) -> None:
    assert strata.gender(said) == group


@pytest.mark.parametrize(
    ("country", "year", "group"),
    [("KE", 2021, "yes"), ("NO", 2021, "no"), (None, 2021, "unknown"), ("AG", 2021, "yes"), ("AG", 2022, "no")],
)
def test_a_country_is_eligible_by_the_list_of_the_events_own_year(country: str | None, year: int, group: str) -> None:
    assert strata.oda(country, [datetime(year, 6, 9, tzinfo=UTC), datetime(year, 6, 7, tzinfo=UTC)], "UTC") == group


def test_the_year_is_that_of_the_events_own_clocks() -> None:
    new_years_eve = [datetime(2021, 12, 31, 20, tzinfo=UTC)]
    assert strata.oda("AG", new_years_eve, "Pacific/Auckland") == "no"
    assert strata.oda("AG", new_years_eve, "America/Antigua") == "yes"
    assert strata.oda("AG", [], "UTC") == "unknown"


def test_only_declared_strata_are_kept() -> None:
    assert strata.declared(["sector"], {"sector": "state", "gender": "female"}) == {"sector": "state"}


def test_a_stratum_that_nobody_can_work_out_is_refused() -> None:
    with pytest.raises(ValueError, match="shoe-size"):
        strata.declared(["shoe-size"], {"sector": "state"})
