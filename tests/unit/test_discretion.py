from datetime import UTC
from datetime import datetime
from datetime import timedelta

import pytest

from mande.events.discretion import link_ends

DUE = datetime(2021, 6, 10, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("before", "ends"),
    [
        (None, timedelta(days=7)),
        (timedelta(days=3), timedelta(days=7)),
        (timedelta(days=9), timedelta(days=9)),
    ],
)
def test_a_discreet_link_works_for_seven_days_after_its_message_and_never_for_less_than_promised(
    before: timedelta | None, ends: timedelta
) -> None:
    promised = None if before is None else DUE + before

    assert link_ends(True, DUE, promised) == DUE + ends


def test_the_link_of_somebody_who_is_discreet_no_longer_has_no_end() -> None:
    assert link_ends(False, DUE, DUE) is None
