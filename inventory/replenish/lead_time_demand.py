"""Demand over a stretch of days: its chances and the units short on average, for one part-place or many at once.

Arrays of means and variances give tables with one axis more: the last one counts units 0, 1, ... `highest`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from inventory.replenish.demand import DemandRate
from kernel.errors import Refusal

Floats = NDArray[np.float64]

WIDER = 1 + 1e-9
"""A variance above the mean by more than this factor is negative binomial: below, rounding would decide."""


NOTHING = 1e-100
"""A mean up to this is no demand: its square, and so the negative binomial's parameters, would vanish in rounding."""


@dataclass(frozen=True, slots=True)
class LeadTimeDemand:
    """Demand over a stretch of days: Poisson where variance does not exceed the mean, else negative binomial.

    Args:
        mean: units.
        variance: units squared.

    Source: Sherbrooke (2004), Optimal Inventory Modeling of Systems, 2nd ed., ch. 2 and 3.
    """

    mean: float
    variance: float

    @property
    def distribution(self) -> str:
        """``poisson`` or ``negative_binomial``."""
        return "negative_binomial" if self.variance > self.mean * WIDER else "poisson"

    def pmf(self, highest: int) -> Floats:
        """Chance of exactly 0, 1, ... `highest` units."""
        return chances(self.mean, self.variance, highest=highest)


def lead_time_demand(
    rate: DemandRate, *, lead_time_days: float, lead_time_sd_days: float, review_period_days: float = 0.0
) -> LeadTimeDemand:
    """Demand over the protection interval: from one look to the arrival of what the next look orders.

    ``mean = d (L + T)``, ``variance = v (L + T) + d² s²`` with d units a day, v their variance, L and s the mean
    and standard deviation of the lead time, T the review period, in days.

    Source: Silver, Pyke and Thomas (2017), Inventory and Production Management in Supply Chains, 4th ed., ch. 6.

    >>> lead_time_demand(DemandRate(30.4375, 30.4375, 24), lead_time_days=7, lead_time_sd_days=2)
    LeadTimeDemand(mean=7.0, variance=11.0)
    """
    interval = lead_time_days + review_period_days
    mean = rate.per_day * interval
    variance = rate.variance_per_day * interval + (rate.per_day * lead_time_sd_days) ** 2
    return LeadTimeDemand(mean=mean, variance=variance)


def checked(mean: ArrayLike, variance: ArrayLike) -> tuple[Floats, Floats]:
    """Means and variances as arrays of one shape: a figure that is none would count as no demand.

    Raises:
        Refusal: ``replenish.demand_figures`` where one is below zero, infinite or not a number.
    """
    centre, spread = np.broadcast_arrays(
        np.asarray(mean, dtype=np.float64), np.asarray(variance, dtype=np.float64)
    )
    if not (np.isfinite(centre) & np.isfinite(spread) & (centre >= 0) & (spread >= 0)).all():
        raise Refusal("replenish.demand_figures")
    return centre, spread


def chances(mean: ArrayLike, variance: ArrayLike, *, highest: int) -> Floats:
    """Chance of exactly 0, 1, ... `highest` units, by recurrence in logarithms (no underflow).

    Args:
        mean: units, any shape.
        variance: units squared, of the same shape; not above the mean: Poisson, else negative binomial.
        highest: last count.

    Returns:
        Shape of `mean` with an axis of ``highest + 1`` counts behind it.

    >>> chances([1.0, 4.0], [1.0, 8.0], highest=2).round(4).tolist()
    [[0.3679, 0.3679, 0.1839], [0.0625, 0.125, 0.1563]]
    """
    centre = np.asarray(mean, dtype=np.float64)[..., None]
    spread = np.asarray(variance, dtype=np.float64)[..., None]
    asked = centre > NOTHING
    safe = np.where(asked, centre, 1.0)
    wide = asked & (spread > centre * WIDER)
    count = np.arange(1, highest + 1, dtype=np.float64)
    # r successes, p their chance: mean r(1-p)/p, variance r(1-p)/p².
    p = np.where(wide, safe / np.where(wide, spread, 1.0), 0.5)
    r = np.where(wide, safe * p / (1 - p), 1.0)
    log_first = np.where(wide, r * np.log(p), -safe)
    log_steps = np.where(wide, np.log(count - 1 + r) + np.log1p(-p), np.log(safe)) - np.log(count)
    logs = np.concatenate((log_first, log_first + np.cumsum(log_steps, axis=-1)), axis=-1)
    none = np.concatenate(([1.0], np.zeros(highest)))
    return np.asarray(np.where(asked, np.exp(logs), none), dtype=np.float64)


def backorders(mean: ArrayLike, variance: ArrayLike, *, highest: int) -> Floats:
    """Units short on average with stock level S = 0, 1, ... `highest`; shapes as in `chances`.

    ``EBO(S) = Σ_{x > S} (x - S) P(x)``, computed as ``EBO(0) = mean``, ``EBO(S+1) = EBO(S) - P(X > S)``.

    Source: Sherbrooke (2004), eq. 2.6 and its table for Poisson demand.

    >>> backorders(1.0, 1.0, highest=3).round(4).tolist()
    [1.0, 0.3679, 0.1036, 0.0233]
    """
    centre = np.asarray(mean, dtype=np.float64)[..., None]
    if highest == 0:
        return centre.copy()
    above = 1 - np.cumsum(chances(mean, variance, highest=highest - 1), axis=-1)
    short = np.concatenate((centre, centre - np.cumsum(above, axis=-1)), axis=-1)
    return np.asarray(np.clip(short, 0.0, None), dtype=np.float64)


def reach(mean: ArrayLike, variance: ArrayLike) -> NDArray[np.int64]:
    """A level that nearly always covers the demand: eight standard deviations and eight units above the mean."""
    centre = np.asarray(mean, dtype=np.float64)
    spread = np.maximum(np.asarray(variance, dtype=np.float64), centre)
    return np.asarray(np.ceil(centre + 8 * np.sqrt(spread)) + 8, dtype=np.int64)


CELLS = 400_000
"""Cells of one block of a table: small enough for the processor's cache, large enough for few blocks."""


def blocks(widths: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    """Rows of similar width together, so that a table wide enough for all of them stays small.

    Args:
        widths: columns each row needs, shape (rows,).

    Yields:
        Row indices, narrow rows first; every row exactly once.
    """
    order = np.argsort(widths, kind="stable")
    start = 0
    while start < len(order):
        first = int(widths[order[start]])
        stop = int(np.searchsorted(widths[order], first + max(16, first // 4), side="right"))
        stop = min(stop, start + max(1, CELLS // max(1, int(widths[order[stop - 1]]))))
        yield order[start:stop]
        start = stop
