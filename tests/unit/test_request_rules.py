"""What may be asked of a colleague, how often, and what of an owner's words a message repeats."""

from dataclasses import replace
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from mande.followup.companions import named_companions
from mande.followup.models import ActionRequest
from mande.followup.models import PlannedAction
from mande.followup.models import RequestKind
from mande.followup.models import RequestState
from mande.followup.requesting import request_rules
from mande.followup.requesting.request_rules import LASTS
from mande.followup.requesting.request_rules import Circumstances
from mande.followup.requesting.request_rules import Earlier
from mande.followup.requesting.request_rules import Refusal

NOW = datetime(2021, 7, 1, 9, tzinfo=UTC)
FREE = Circumstances(exposing=False, own=False, open_now=0, asked_by_one=0)


@pytest.mark.parametrize(
    ("given_are", "refusal"),
    [
        ({}, None),
        ({"open_now": 2, "asked_by_one": 9}, None),
        ({"exposing": True, "own": True}, Refusal.DISCREET),
        ({"own": True}, Refusal.OWN_ADDRESS),
        ({"open_now": 3}, Refusal.MANY_OPEN),
        ({"asked_by_one": 10}, Refusal.MANY_ASKED),
    ],
)
def test_who_may_be_asked_depends_on_discretion_and_on_how_many_were_asked(
    given_are: dict[str, object], refusal: Refusal | None
) -> None:
    assert request_rules.refusal(RequestKind.JOIN, replace(FREE, **given_are), NOW) is refusal


@pytest.mark.parametrize(
    ("kind", "state", "days", "refusal"),
    [
        (RequestKind.JOIN, RequestState.ASKED, 29, Refusal.ASKED_ALREADY),
        (RequestKind.JOIN, RequestState.AGREED, 400, Refusal.ASKED_ALREADY),
        (RequestKind.JOIN, RequestState.WITHDRAWN, 29, Refusal.ASKED_ALREADY),
        (RequestKind.JOIN, RequestState.EXPIRED, 30, None),
        (RequestKind.NAME, RequestState.ASKED, 1, None),
        (RequestKind.NAME, RequestState.DECLINED, 400, Refusal.DECLINED),
        (RequestKind.JOIN, RequestState.DECLINED, 400, Refusal.DECLINED),
    ],
)
def test_nobody_is_asked_the_same_twice_in_thirty_days_nor_anything_after_a_no(
    kind: RequestKind, state: RequestState, days: int, refusal: Refusal | None
) -> None:
    earlier = Earlier(kind, state, NOW - timedelta(days=days))
    assert request_rules.refusal(RequestKind.JOIN, replace(FREE, earlier=[earlier]), NOW) is refusal


@settings(max_examples=60)
@given(
    st.lists(st.builds(Earlier, st.sampled_from(RequestKind), st.sampled_from(RequestState),
                       st.integers(0, 60).map(lambda days: NOW - timedelta(days=days)))),
    st.sampled_from(RequestKind),
)  # fmt: skip
def test_whatever_happened_before_nobody_gets_a_second_such_message_within_thirty_days(
    earlier: list[Earlier], kind: RequestKind
) -> None:
    if request_rules.refusal(kind, replace(FREE, earlier=earlier), NOW) is None:
        assert all(one.asked_at <= NOW - LASTS for one in earlier if one.kind is kind)
        assert RequestState.DECLINED not in {one.state for one in earlier}


def test_an_address_is_known_again_by_a_digest_that_only_this_house_and_this_action_make() -> None:
    one, other = UUID(int=1), UUID(int=2)
    digest = request_rules.address_digest("secret", one, "ada@example.org")
    assert digest == request_rules.address_digest("secret", one, "ada@example.org")
    assert len({digest, request_rules.address_digest("secret", other, "ada@example.org"),
                request_rules.address_digest("another", one, "ada@example.org"),
                request_rules.address_digest("secret", one, "ben@example.org")}) == 4  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("Train five mediators", "Train five mediators"),
        ("Read http://example.org/x?y now", "Read … now"),
        ("Buy at WWW.example.org", "Buy at …"),
        ("javascript://x", "…"),
        ("Two: one/two, 1:1 talks", "Two: one/two, 1:1 talks"),
    ],
)
def test_a_message_repeats_an_owners_words_but_no_web_address(typed: str, told: str) -> None:
    assert request_rules.without_links(typed) == told


@pytest.mark.parametrize("name", ["http://example.org", "www.example.org", "ada@example.org"])
def test_a_name_holds_no_address(name: str) -> None:
    assert request_rules.has_link(name)
    assert not request_rules.has_link("Ada Example-O’Neill, Jr.")


def test_only_who_agreed_to_be_named_is_a_companion() -> None:
    requests = [ActionRequest(kind=kind, state=state, to_name=f"{kind.value} {state.value}")
                for kind in RequestKind for state in RequestState]  # fmt: skip
    assert named_companions(PlannedAction(requests=requests)) == ["name agreed"]
