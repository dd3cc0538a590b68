"""Which of a few scenarios is best, with a promise how often that is right: the fully sequential KN procedure.

Source: Kim and Nelson, "A fully sequential procedure for indifference-zone selection in simulation", ACM TOMACS 11 (2001)
251-273, with c = 1. It holds under common random numbers, which make the differences small and the decision quick.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np


@dataclass(frozen=True, slots=True)
class Selected:
    """What a selection came to.

    Args:
        best: index of the scenario kept; of those left when replications ran out, the one with the smallest mean.
        left: indices never excluded; one alone: the promise holds.
        replications: that each of the last ones has.
        sure: only one is left.
    """

    best: int
    left: tuple[int, ...]
    replications: int

    @property
    def sure(self) -> bool:
        """Say whether all others were excluded."""
        return len(self.left) == 1


def eta(rivals: int, first: int, /, *, confidence: float) -> float:
    """Give the constant of KN: 1/2 ((2 alpha / (k - 1))^(-2 / (n0 - 1)) - 1).

    Args:
        rivals: k, at least 2.
        first: n0, replications of each before the first decision, at least 2.
        confidence: 1 - alpha, above 1/k.

    >>> round(eta(2, 10, confidence=0.95), 4)
    0.3341
    """
    alpha = 1 - confidence
    return 0.5 * (float((2 * alpha / (rivals - 1)) ** (-2 / (first - 1))) - 1)


def select(
    draw: Callable[[int, int], float],
    rivals: int,
    /,
    *,
    indifference: float,
    first: int = 10,
    most: int = 10_000,
    confidence: float = 0.95,
) -> Selected:
    """Pick the scenario with the smallest mean; right in `confidence` of cases where it leads by `indifference` or more.

    Args:
        draw: (scenario, replication) -> figure; the same replication has the same random numbers in all scenarios.
        rivals: number of scenarios.
        indifference: a lead below this is worth nothing to the one who asks; above 0.
        first: replications of each before the first decision, at least 2.
        most: replications of each at most; then whoever leads is given, not `sure`.
        confidence: see above.
    """
    assert indifference > 0
    assert first >= 2
    left = list(range(rivals))
    if rivals == 1:
        return Selected(0, (0,), 0)
    seen = [[draw(at, number) for number in range(first)] for at in left]
    begun = np.array(seen)
    h_squared = 2 * eta(rivals, first, confidence=confidence) * (first - 1)
    variance = {(i, j): float(np.var(begun[i] - begun[j], ddof=1)) for i in left for j in left if i != j}
    sums = {at: float(begun[at].sum()) for at in left}
    number = first
    while True:
        mean = {at: sums[at] / number for at in left}
        left = [i for i in left if not _excluded(i, mean, variance, number, indifference, h_squared)]
        if len(left) == 1 or number >= most:
            return Selected(min(left, key=lambda at: (mean[at], at)), tuple(left), number)
        for at in left:
            sums[at] += draw(at, number)
        number += 1


def _excluded(
    i: int,
    mean: dict[int, float],
    variance: dict[tuple[int, int], float],
    number: int,
    indifference: float,
    h_squared: float,
) -> bool:
    """Say whether some rival leads by more than chance still explains after `number` replications."""
    for j, other in mean.items():
        if j == i:
            continue
        width = max(
            0.0, indifference / (2 * number) * (h_squared * variance[i, j] / indifference**2 - number)
        )
        if mean[i] > other + width or (mean[i] == other and width == 0.0 and j < i):
            return True
    return False


def probability_best(means: Sequence[float], errors: Sequence[float], /) -> float:
    """Bound from below the chance that the smallest sample mean is truly the smallest (Slepian, Bonferroni).

    Args:
        means: sample mean of each scenario.
        errors: standard error of the difference of each scenario from the best one; that of the best is not read.
    """
    best = min(range(len(means)), key=lambda at: (means[at], at))
    normal = NormalDist()
    risk = 0.0
    for at, mean in enumerate(means):
        if at != best:
            gap = mean - means[best]
            risk += normal.cdf(-gap / errors[at]) if errors[at] > 0 else (0.0 if gap > 0 else 0.5)
    return max(0.0, 1 - risk)
