"""Measure what the search's rule for breaks costs where a break may begin at many moments: ``python -m tests.dispatch.oracle.gap``.

The search takes a break as soon as waiting covers it, else at the last moment it can begin; the oracle takes it at
the best one. Where a break has one moment only the two are equal, which `test_oracle` asserts; elsewhere they need
not be, and this says how often and by how much.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass

from dispatch.solve import Budget, solve
from dispatch.verify import violations
from tests.dispatch.oracle.model import optimum
from tests.dispatch.oracle.worlds import tiny


@dataclass(frozen=True, slots=True)
class Gap:
    """Our cost above the optimum on problems with breaks that may begin within `within_s`.

    Args:
        within_s: length of the interval a break may begin in.
        problems: how many were compared.
        dearer: the seeds of those where our plan costs more.
        worst: largest excess, in parts of the optimum.
        mean: mean excess.
    """

    within_s: int
    problems: int
    dearer: tuple[int, ...]
    worst: float
    mean: float


def gap(*, within_s: int, problems: int, work: int = 20_000) -> Gap:
    """Compare `problems` problems that have breaks; the same numbers give the same answer."""
    excess: dict[int, float] = {}
    seed = 0
    while len(excess) < problems:
        problem = tiny(seed, rest_within_s=within_s)
        if any(shift.breaks for shift in problem.shifts):
            plan = solve(problem, Budget(seed=1, work=work))
            assert violations(problem, plan) == ()
            best = optimum(problem).cost
            excess[seed] = (plan.claimed.total - best) / max(1, best)
        seed += 1
    dearer = tuple(seed for seed, above in excess.items() if above > 0)
    return Gap(within_s, problems, dearer, max(excess.values()), sum(excess.values()) / problems)


if __name__ == "__main__":
    for within_s in (1, 1800, 3600, 7200):
        sys.stdout.write(f"{gap(within_s=within_s, problems=100)}\n")
