"""The attacker has read every edition of an event, puts all that was published into solvers, and finds out nothing."""

import random

import pytest

from tests.attacking import actions
from tests.attacking import equations
from tests.attacking import solving
from tests.attacking import worlds
from tests.attacking.worlds import World

QUESTIONS = ("q1", "q2")


def found(world: World) -> list[str]:
    return [one for code in QUESTIONS for one in solving.solved(equations.Equations(world, code), world.k)]


@pytest.mark.parametrize("first", range(0, 75, 25))
def test_all_editions_together_give_away_no_rare_option_and_no_small_group(first: int) -> None:
    for seed in range(first, first + 25):
        assert not found(worlds.world(seed).publish_all()), f"event {seed}"


def test_had_each_edition_been_made_as_if_it_were_the_first_the_attacker_would_win() -> None:
    beaten = [seed for seed in (21, 37, 60, 62) if found(worlds.world(seed).publish_all(remembering=False))]

    assert beaten == [21, 37, 60, 62]


def test_later_editions_still_tell_something() -> None:
    # To hide everything would be safe as well.
    latest = [worlds.world(seed).publish_all().editions[-1]["questions"] for seed in range(30)]
    told = [one for said in latest for one in said]

    assert sum(bool(one["cells"] or one["nearly_all"]) for one in told) > 0.7 * len(told)
    assert sum(bool(one["breakdowns"]) for one in told) > 0.05 * len(told)


@pytest.mark.parametrize("first", range(0, 120, 40))
def test_no_combination_of_figures_of_actions_over_time_rests_on_few_owners(first: int) -> None:
    for seed in range(first, first + 40):
        assert not actions.followed(seed).found(), f"event {seed}"


def test_had_figures_of_actions_been_given_anew_each_time_the_attacker_would_win() -> None:
    seeds = random.Random(1).sample(range(200), 12)

    assert sum(bool(actions.followed(seed, remembering=False).found()) for seed in seeds) > 6


def test_figures_of_actions_are_given_anew_where_enough_owners_have_reported() -> None:
    told = [said for seed in range(40) for said, _courses in actions.followed(seed).told if said["counted"]]

    assert sum(said["as_of"] is None for said in told) > 0.7 * len(told)
    assert sum(bool(said["standing"]) for said in told) > 0.3 * len(told)
