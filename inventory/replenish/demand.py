"""How a part is asked for at a place: from what went out, or from the equipment installed there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from inventory.replenish.forecast import Method, rate_by
from inventory.replenish.trace import Formula, Trace
from inventory.stock.position import PartPlace
from kernel.errors import Refusal

DAYS_A_MONTH = 365.25 / 12
"""Mean length of a calendar month in days."""

_MONTH = re.compile(r"((?:19|20|21)\d{2})-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True)
class DemandMonth:
    """Units of `part` asked for at `place` in one calendar month (``2026-03``).

    Raises:
        Refusal: ``stock.not_a_month``, ``stock.negative_demand``.
    """

    part: str
    place: str
    month: str
    quantity: int

    def __post_init__(self) -> None:
        if not _MONTH.fullmatch(self.month):
            raise Refusal("stock.not_a_month", value=self.month[:40])
        if self.quantity < 0:
            raise Refusal("stock.negative_demand", part=self.part, value=self.quantity)


@dataclass(frozen=True, slots=True)
class DemandRate:
    """How a part is asked for at a place.

    Args:
        per_month: units a month, as forecast.
        variance: of the monthly quantity, in units squared.
        months: length of the history it was read from.
        method: how it was read from it.
    """

    per_month: float
    variance: float
    months: int
    method: Method = Method.SBA

    @property
    def per_day(self) -> float:
        """Units a day."""
        return self.per_month / DAYS_A_MONTH

    @property
    def variance_per_day(self) -> float:
        """Variance of a day's quantity, days being independent."""
        return self.variance / DAYS_A_MONTH


NO_DEMAND = DemandRate(per_month=0.0, variance=0.0, months=0)
"""Nothing is known to have been asked for."""


def monthly(
    rows: Iterable[DemandMonth], *, now: datetime
) -> tuple[tuple[PartPlace, ...], NDArray[np.float64]]:
    """Lay history out month by month, up to the last month that was whole by `now`.

    A month without a row is a month in which nothing was asked for: this history is read from our own issues,
    which are complete from its first month on.

    Returns:
        The part-places in order, and their demand of shape (part-places, months).
    """
    last = now.year * 12 + now.month - 1
    dated = [(int(row.month[:4]) * 12 + int(row.month[5:]) - 1, row) for row in rows]
    dated = [(month, row) for month, row in dated if month < last]
    keys = tuple(sorted({(row.part, row.place) for _, row in dated}))
    if not dated:
        return keys, np.zeros((0, 0))
    first = min(month for month, _ in dated)
    index = {key: i for i, key in enumerate(keys)}
    history = np.zeros((len(keys), last - first))
    for month, row in dated:
        history[index[row.part, row.place], month - first] += row.quantity
    return keys, history


def rates(
    rows: Iterable[DemandMonth],
    *,
    now: datetime,
    alpha: float = 0.1,
    methods: Mapping[PartPlace, Method] | None = None,
) -> dict[PartPlace, DemandRate]:
    """Demand rate of every part-place with history: the method's mean, sample variance of the months.

    Args:
        rows: the history.
        now: the month it falls in is not whole yet and does not count.
        alpha: smoothing weight of the methods.
        methods: how each is read; one not named, by SBA. See `learnt.methods`.
    """
    keys, history = monthly(rows, now=now)
    if not keys:
        return {}
    by = [(methods or {}).get(key, Method.SBA) for key in keys]
    mean = np.zeros(len(keys))
    for method in sorted(set(by)):
        mine = np.array([one is method for one in by])
        mean[mine] = rate_by(method, history[mine], alpha=alpha)
    months = history.shape[1]
    variance = history.var(axis=1, ddof=1) if months > 1 else np.zeros(len(keys))
    return {
        key: DemandRate(per_month=float(mean[i]), variance=float(variance[i]), months=months, method=by[i])
        for i, key in enumerate(keys)
    }


def installed_base(*, units: int, failures_a_year: float) -> tuple[DemandRate, Trace]:
    """Demand that follows from the equipment in the field: its number times how often the part fails in it.

    Failures of many devices come at random (Poisson), so the variance is the mean. For parts without a history of
    their own; a plan that adds equipment moves it at once.

    Args:
        units: devices installed that have the part, times how many each has.
        failures_a_year: of one such part, on average.

    Source: Dekker, Pince, Zuidwijk and Jalil (2013), International Journal of Production Economics 143(2), 536-545.

    Raises:
        Refusal: ``replenish.negative_base``.

    >>> installed_base(units=240, failures_a_year=0.05)[0]
    DemandRate(per_month=1.0, variance=1.0, months=0, method=<Method.SBA: 'sba'>)
    """
    if units < 0 or failures_a_year < 0:
        raise Refusal("replenish.negative_base", units=units, failures=failures_a_year)
    per_month = units * failures_a_year / 12
    why = Trace(
        Formula.INSTALLED_BASE,
        {"installed": units, "failures": failures_a_year},
        {"per_month": per_month},
    )
    return DemandRate(per_month=per_month, variance=per_month, months=0), why
