"""What equations settle: by linear algebra over all numbers, and by integer programming over whole ones."""

import random

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds
from scipy.optimize import LinearConstraint
from scipy.optimize import milp

from tests.attacking.equations import ANSWERED
from tests.attacking.equations import Equations
from tests.attacking.equations import Target

Vector = NDArray[np.float64]


def solved(equations: Equations, k: int) -> list[str]:
    """What the attacker finds out that nobody may: a rare option, or anything of a group of fewer than k."""
    if not equations.rows:
        return []
    wanted = [one for one in equations.targets() if _is_secret(one, k)]
    found = _by_elimination(equations, wanted)
    return [*found, *_by_whole_numbers(equations, wanted)]


def _is_secret(target: Target, k: int) -> bool:
    few = 0 < target.people < k
    return target.truth > 0 and (few or (target.option != ANSWERED and target.truth in (1, 2)))


def _by_elimination(equations: Equations, wanted: list[Target]) -> list[str]:
    """Targets that a combination of equations gives."""
    exact = [row for row, low, high in zip(equations.rows, equations.low, equations.high, strict=True) if low == high]
    if not exact or not wanted:
        return []
    basis, spread, _ = np.linalg.svd(np.array(exact).T, full_matrices=False)
    basis = basis[:, spread > 1e-9 * spread[0]]
    vectors = np.array([one.vector for one in wanted]).T
    left = np.linalg.norm(vectors - basis @ (basis.T @ vectors), axis=0)
    return [f"by elimination: {_named(one)}" for one, rest in zip(wanted, left, strict=True) if rest < 1e-6]


def _by_whole_numbers(equations: Equations, wanted: list[Target]) -> list[str]:
    """Targets that are the same in all whole numbers which satisfy everything (or one or two in all of them)."""
    rows, low, high = np.array(equations.rows), np.array(equations.low), np.array(equations.high)
    constraint = LinearConstraint(rows, low, high)
    truth = equations.truth
    assert np.all(rows @ truth >= low - 1e-6), "what is published contradicts the truth"
    assert np.all(rows @ truth <= high + 1e-6), "what is published contradicts the truth"

    def solution(objective: Vector) -> Vector:
        found = milp(objective, constraints=constraint, integrality=np.ones(len(truth)), bounds=Bounds(0, 60))
        assert found.success, "what is published contradicts itself"
        return np.round(found.x)

    chance = random.Random(len(truth))
    left = list(wanted)
    for _ in range(4):
        if not left:
            return []
        objective = sum((chance.choice((-1, 1)) * one.vector for one in left), start=np.zeros(len(truth)))
        found = solution(objective)
        left = [one for one in left if not _is_open(one, [found])]
    return [
        f"by whole numbers: {_named(one)}"
        for one in left
        if not _is_open(one, [solution(one.vector), solution(-one.vector)])
    ]


def _is_open(target: Target, found: list[Vector]) -> bool:
    values = {round(float(target.vector @ one)) for one in found}
    return bool(values - {1, 2}) if target.truth in (1, 2) else bool(values - {target.truth})


def _named(target: Target) -> str:
    return f"{target.truth} of {target.people} of {target.group} chose {target.option or 'something'}"
