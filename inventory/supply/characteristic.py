"""What a sampling plan does with good and with bad lots: the operating characteristic, and plans made from it.

Shares are of all units, 0 to 1. A lot comes from a running process: units of the sample are bad each with the same
chance (binomial); nonconformities, of which a unit may have several, come at a rate (Poisson). A single lot of known
size is counted exactly (hypergeometric).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from inventory.supply.sampling import UNITS_ONLY, SamplingPlan
from kernel.errors import Refusal

CHANCES = (0.99, 0.95, 0.9, 0.75, 0.5, 0.25, 0.1, 0.05, 0.01)
"""Chances of acceptance a curve is usually told at."""

MOST = 100_000
"""Units of the largest sample that is searched for."""


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """Lots of which `share` is bad are accepted with chance `accepted`."""

    share: float
    accepted: float


def binomial_at_most(count: int, *, of: int, share: float) -> float:
    """Chance that at most `count` of `of` units are bad when each is with chance `share`.

    >>> round(binomial_at_most(3, of=10, share=0.10), 7)
    0.9872048
    """
    if share <= 0 or count >= of:
        return 1.0
    if share >= 1 or count < 0:
        return 0.0
    odds = math.log(share) - math.log1p(-share)
    term = of * math.log1p(-share)
    total = math.exp(term)
    for bad in range(1, count + 1):
        term += math.log((of - bad + 1) / bad) + odds
        total += math.exp(term)
    return min(1.0, total)


def poisson_at_most(count: int, *, mean: float) -> float:
    """Chance of at most `count` nonconformities where `mean` are expected.

    >>> round(poisson_at_most(3, mean=5.0), 4)
    0.265
    """
    if mean <= 0:
        return 1.0
    if count < 0:
        return 0.0
    term, total = -mean, math.exp(-mean)
    for found in range(1, count + 1):
        term += math.log(mean / found)
        total += math.exp(term)
    return min(1.0, total)


def hypergeometric_at_most(count: int, *, of: int, lot: int, bad: int) -> float:
    """Chance that at most `count` of `of` units taken from a lot of `lot`, `bad` of them bad, are bad."""
    ways = math.comb(lot, of)
    favourable = sum(
        math.comb(bad, found) * math.comb(lot - bad, of - found) for found in range(min(count, bad, of) + 1)
    )
    return favourable / ways


def acceptance(plan: SamplingPlan, share: float) -> float:
    """Chance that a lot is accepted; `share` bad units, or nonconformities a unit for limits above 10."""
    if plan.aql > UNITS_ONLY:
        return poisson_at_most(plan.reject - 1, mean=plan.size * share)
    return binomial_at_most(plan.reject - 1, of=plan.size, share=share)


def quality_at(plan: SamplingPlan, chance: float) -> float:
    """The share of bad units at which a lot is accepted with that chance.

    Raises:
        Refusal: ``sampling.chance_out_of_range``.

    >>> from decimal import Decimal
    >>> from inventory.supply.sampling import plan
    >>> round(100 * quality_at(plan("J", Decimal(1)), 0.10), 3)
    6.516
    """
    if not 0 < chance < 1:
        raise Refusal("sampling.chance_out_of_range", value=chance)
    low, high = 0.0, 1.0
    if plan.aql > UNITS_ONLY:
        while acceptance(plan, high) > chance:
            low, high = high, high * 2
    # A plan that takes every share of bad units (it may hold as many as it looks at) has no such point below 1.
    while high - low > 1e-12 * max(1.0, high):
        middle = (low + high) / 2
        if acceptance(plan, middle) > chance:
            low = middle
        else:
            high = middle
    return high


def curve(plan: SamplingPlan) -> tuple[CurvePoint, ...]:
    """The operating characteristic at `CHANCES`, best lots first; a chance that no lot gets is left out."""
    most = 0.0 if plan.aql > UNITS_ONLY else acceptance(plan, 1.0)
    return tuple(CurvePoint(quality_at(plan, chance), chance) for chance in CHANCES if chance > most)


def smallest_plan(*, good: float, good_accepted: float, bad: float, bad_accepted: float) -> tuple[int, int]:
    """The smallest (size, accept) that accepts good lots at least, bad lots at most, as often as said.

    Args:
        good: share of bad units in a lot the producer is promised to pass.
        good_accepted: chance with which it does, at least.
        bad: share in a lot the consumer is protected from.
        bad_accepted: chance with which it passes, at most.

    Raises:
        Refusal: ``sampling.no_plan`` when no sample of up to `MOST` units tells them apart.

    >>> smallest_plan(good=0.05, good_accepted=0.95, bad=0.15, bad_accepted=0.075)
    (80, 7)
    """
    if not (0 <= good < bad < 1 and 0 < bad_accepted < good_accepted < 1):
        raise Refusal("sampling.no_plan", good=good, bad=bad, most=MOST)
    for size, accept in _strict_enough(bad, bad_accepted):
        if binomial_at_most(accept, of=size, share=good) >= good_accepted:
            return size, accept
    raise Refusal("sampling.no_plan", good=good, bad=bad, most=MOST)


def _strict_enough(bad: float, chance: float) -> Iterator[tuple[int, int]]:
    """For each number accepted the smallest sample that lets bad lots pass no more often than said."""
    size = accept = 0
    while True:
        step = 1
        low = max(size, accept)
        while binomial_at_most(accept, of=low + step, share=bad) > chance:
            low, step = low + step, step * 2
            if low > MOST:
                return
        high = low + step
        while high - low > 1:
            middle = (low + high) // 2
            if binomial_at_most(accept, of=middle, share=bad) > chance:
                low = middle
            else:
                high = middle
        size = high
        yield size, accept
        accept += 1


def none_accepted(*, tolerated: float, consumer_risk: float = 0.1, lot: int | None = None) -> int:
    """Units to look at, none of them bad, so that a lot at the tolerated limit passes no more often than the risk.

    A running process: the smallest n with ``(1 - LTPD)^n <= risk``. A single lot: exact, with the fewest bad units
    that reach the limit.

    Args:
        tolerated: lot tolerance percent defective, as a share.
        consumer_risk: chance that such a lot passes, at most.
        lot: units of the lot; None: a running process.

    Raises:
        Refusal: ``sampling.chance_out_of_range``, ``sampling.lot_too_small``.

    Source: Schilling and Neubauer (2017), Acceptance Sampling in Quality Control, 3rd ed., ch. 17.

    >>> none_accepted(tolerated=0.05)
    45
    >>> none_accepted(tolerated=0.05, lot=100)
    37
    """
    for value in (tolerated, consumer_risk):
        if not 0 < value < 1:
            raise Refusal("sampling.chance_out_of_range", value=value)
    if lot is None:
        return max(1, math.ceil(math.log(consumer_risk) / math.log1p(-tolerated) - 1e-9))
    if lot < 1:
        raise Refusal("sampling.lot_too_small", lot=lot)
    bad = max(1, math.ceil(lot * tolerated - 1e-9))
    passes, size = 1.0, 0
    while passes > consumer_risk:
        passes *= max(0, lot - bad - size) / (lot - size)
        size += 1
    return size
