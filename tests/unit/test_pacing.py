from datetime import UTC
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mande.pacing import Limits
from mande.pacing import LimitsError
from mande.pacing import minute_of
from mande.pacing import parse

DOMAINS = st.from_regex(r"[a-z]{1,8}\.(org|com)", fullmatch=True)
NUMBERS = st.integers(0, 999_999)


def test_without_a_setting_every_domain_is_offered_sixty_messages_a_minute() -> None:
    assert parse("") == Limits(60)
    assert parse("").of("example.org") == 60


def test_one_number_is_for_all_domains_and_a_named_one_for_its_own() -> None:
    limits = parse(" 100, gmail.com=20,Example.ORG = 0 ,bücher.example=5")

    assert limits.of("elsewhere.example") == 100
    assert limits.of("gmail.com") == 20
    assert limits.of("example.org") is None
    assert limits.of("xn--bcher-kva.example") == 5
    assert limits.of("mail.gmail.com") == 100


def test_nought_means_no_limit() -> None:
    assert parse("0").of("example.org") is None
    assert parse("0, gmail.com=20").of("gmail.com") == 20


@pytest.mark.parametrize("text", ["many", "-5", "1.5", "gmail.com=", "gmail.com=x", "=5", "60 gmail.com=20", "1234567",
                                  "a..b=5", "²"])  # fmt: skip
def test_what_is_no_number_is_refused_with_what_was_written(text: str) -> None:
    with pytest.raises(LimitsError) as refused:
        parse(text)
    assert repr(text) in str(refused.value)


@given(NUMBERS, st.dictionaries(DOMAINS, NUMBERS, max_size=5))
def test_what_is_written_is_what_is_read(usual: int, own: dict[str, int]) -> None:
    written = ",".join([str(usual), *(f"{domain}={number}" for domain, number in own.items())])

    assert parse(written) == Limits(usual, own)


def test_a_minute_is_the_one_that_the_clock_shows() -> None:
    moment = datetime(2021, 6, 7, 12, 59, 59, 999_999, UTC)

    assert minute_of(moment) == datetime(2021, 6, 7, 12, 59, tzinfo=UTC)
    assert minute_of(minute_of(moment)) == minute_of(moment)
