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


def test_only_declared_strata_are_kept() -> None:
    assert strata.declared(["sector"], {"sector": "state", "gender": "female"}) == {"sector": "state"}


def test_a_stratum_that_nobody_can_work_out_is_refused() -> None:
    with pytest.raises(ValueError, match="shoe-size"):
        strata.declared(["shoe-size"], {"sector": "state"})
