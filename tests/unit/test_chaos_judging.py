"""What the chaos run holds against us: each way in which the guarantee could break is noticed."""

from dataclasses import replace

from chaos.judging import Taken
from chaos.judging import Written
from chaos.judging import judge
from chaos.plan import FAILING
from chaos.plan import PACED
from chaos.plan import Fate
from chaos.plan import addresses
from chaos.plan import fate_of

WRITTEN = [
    Written("<1>", "plain-1@a.example", "sent"),
    Written("<2>", "cut-2@a.example", "sent"),
    Written("<3>", "full-3@a.example", "failed"),
    Written("<4>", "plain-4@a.example", "cancelled", withdrawn=50.0),
]
TAKEN = [
    Taken("<1>", "plain-1@a.example", 1.0),
    Taken("<2>", "cut-2@a.example", 2.0, told=False),
    Taken("<2>", "cut-2@a.example", 9.0),
]


def wrong(written: list[Written] = WRITTEN, taken: list[Taken] = TAKEN, kills: int = 0) -> list[str]:
    return list(judge(written, taken, [], kills).wrong)


def test_a_run_that_kept_the_guarantee_is_counted_and_nothing_is_wrong() -> None:
    verdict = judge(WRITTEN, TAKEN, [], kills=3)

    assert (verdict.messages, verdict.sent, verdict.failed, verdict.withdrawn) == (4, 2, 1, 1)
    assert (verdict.untold, verdict.repeated_untold, verdict.repeated_crash, verdict.lost) == (1, 1, 0, 0)
    assert verdict.wrong == ()


def test_what_the_server_never_took_is_lost_whatever_the_database_says() -> None:
    assert wrong(taken=TAKEN[1:]) == ["plain-1@a.example is marked as sent, and the server never took it"]
    for state, words in (("failed", "was given up"), ("queued", "is still queued"), ("sending", "is still sending")):
        (only,) = wrong([replace(WRITTEN[0], state=state), *WRITTEN[1:]])
        assert words in only


def test_a_crash_excuses_one_repeat_and_no_more() -> None:
    once = [*TAKEN, Taken("<1>", "plain-1@a.example", 3.0)]
    twice = [*once, Taken("<2>", "cut-2@a.example", 12.0)]

    assert wrong(taken=once, kills=0) == ["1 messages were repeated for 0 crashes"]
    assert wrong(taken=once, kills=1) == []
    assert wrong(taken=twice, kills=1) == ["2 messages were repeated for 1 crashes"]


def test_a_repeat_under_another_message_id_is_no_repeat_but_a_second_message() -> None:
    assert wrong(taken=[*TAKEN, Taken("<9>", "plain-1@a.example", 3.0)]) == [
        "plain-1@a.example got a message with another Message-ID"
    ]


def test_what_was_cancelled_while_it_waited_may_have_gone_before_but_not_after() -> None:
    assert wrong(taken=[*TAKEN, Taken("<4>", "plain-4@a.example", 49.0, told=False)]) == []
    assert wrong(taken=[*TAKEN, Taken("<4>", "plain-4@a.example", 51.0, told=False)]) == [
        "plain-4@a.example got a message that had been cancelled"
    ]


def test_the_busiest_minute_of_the_domain_with_a_limit_is_found() -> None:
    offered = [(f"plain-{number}@{PACED}", at) for number, at in enumerate((59.0, 60.0, 61.0, 119.9, 120.0))]

    verdict = judge(WRITTEN, TAKEN, [*offered, ("plain-9@a.example", 70.0)], 0, limit=3)
    assert (verdict.paced, verdict.wrong) == (3, ())
    assert judge(WRITTEN, TAKEN, offered, 0).wrong == (f"{PACED} was offered 3 messages in a minute",)


def test_the_plan_is_the_same_for_a_seed_and_holds_every_fate() -> None:
    planned = list(addresses(1000, paced=50, seed=7))

    assert planned == list(addresses(1000, paced=50, seed=7)) != list(addresses(1000, paced=50, seed=8))
    assert len(set(planned)) == 1000
    assert sum(address.endswith(PACED) for address in planned) == 50
    assert {fate_of(address) for address in planned} == set(Fate) > FAILING
