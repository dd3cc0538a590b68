"""Where the next replications teach most: optimal computing budget allocation (OCBA).

Source: Chen, Lin, Yucesan and Chick, Discrete Event Dynamic Systems 10 (2000) 251-270, theorem 1; the rounding is that
of Chen and Lee, Stochastic Simulation Optimization (2011), appendix A, whose example is the doctest.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

_LEAST_GAP = 1e-12


def more_runs(
    means: Sequence[float], variances: Sequence[float], done: Sequence[int], /, *, more: int
) -> tuple[int, ...]:
    """Share `more` replications over rival scenarios so that the smallest mean is picked out most surely.

    Args:
        means: sample mean of each scenario; the smallest is best (pass negatives where more is better).
        variances: sample variance of each, above 0 for the ones that vary.
        done: replications each has.
        more: replications to share out, not negative.

    Returns:
        Replications to add to each; they sum to `more`.

    >>> more_runs([1.2, 2.1, 3.4, 4.87, 6.05], [3.3, 2.0, 4.5, 5.3, 6.9], [12, 6, 5, 5, 4], more=100)
    (48, 38, 11, 2, 1)
    """
    if len(means) == 1:
        return (more,)
    ratio, best = _ratios(means, variances)
    total = more + sum(done)
    given = list(done)
    running = [True] * len(means)
    left = total
    while any(running):
        weight = sum(part for part, on in zip(ratio, running, strict=True) if on)
        low = []
        for at, on in enumerate(running):
            if on:
                given[at] = int(left / weight * ratio[at])
                if given[at] < done[at]:
                    low.append(at)
        if not low:
            break
        # Those that already have more than their share keep it; the rest is shared anew among the others.
        for at in low:
            given[at] = done[at]
            running[at] = False
        left = total - sum(runs for runs, on in zip(given, running, strict=True) if not on)
    given[best] += total - sum(given)
    return _without_debt(given, done, best)


def _ratios(means: Sequence[float], variances: Sequence[float]) -> tuple[list[float], int]:
    """How many replications each scenario should have, in proportion, and which one is best."""
    by_mean = sorted(range(len(means)), key=lambda at: (means[at], at))
    best, second = by_mean[0], by_mean[1]
    least = max(max(variances) * _LEAST_GAP, _LEAST_GAP)
    spread = [max(variance, least) for variance in variances]
    gap = [max(mean - means[best], _LEAST_GAP) for mean in means]
    ratio = [(gap[second] / gap[at]) ** 2 * spread[at] / spread[second] for at in range(len(means))]
    others = sum(ratio[at] ** 2 / spread[at] for at in range(len(means)) if at != best)
    ratio[best] = sqrt(spread[best] * others)
    return ratio, best


def _without_debt(given: list[int], done: Sequence[int], best: int) -> tuple[int, ...]:
    """The additions; where rounding left the best one short, those with most give."""
    added = [now - then for now, then in zip(given, done, strict=True)]
    while added[best] < 0:
        richest = max(range(len(added)), key=lambda at: (added[at], -at))
        added[richest] -= 1
        added[best] += 1
    return tuple(added)
