"""Demand from what went out, and from the equipment installed."""

from __future__ import annotations

import numpy as np
import pytest

from inventory.replenish.demand import DemandMonth, installed_base, monthly, rates
from inventory.replenish.forecast import sba
from kernel.errors import Refusal
from tests.stock_builders import NOW


def test_history_is_laid_out_to_the_last_whole_month() -> None:
    """A month without a row had no demand; the running month, and any later, does not count yet."""
    rows = (
        DemandMonth("P-1", "FUZHOU", "2025-11", 2),
        DemandMonth("P-1", "FUZHOU", "2026-02", 1),
        DemandMonth("P-1", "FUZHOU", "2026-03", 9),
        DemandMonth("P-2", "XIAMEN", "2026-01", 4),
    )

    keys, history = monthly(rows, now=NOW)

    assert keys == (("P-1", "FUZHOU"), ("P-2", "XIAMEN"))
    assert history.tolist() == [[2, 0, 0, 1], [0, 0, 4, 0]]


def test_a_rate_comes_with_the_variance_of_its_months() -> None:
    """The spread of the months decides between Poisson and negative binomial."""
    rows = tuple(DemandMonth("P-1", "FUZHOU", f"2025-{month:02}", month % 3) for month in range(3, 13))

    found = rates(rows, now=NOW)["P-1", "FUZHOU"]

    series = [month % 3 for month in range(3, 13)] + [0, 0]
    assert found.months == 12
    assert found.per_month == sba([series])[0, -1]
    assert found.variance == pytest.approx(np.var(series, ddof=1))
    assert found.per_day == pytest.approx(found.per_month * 12 / 365.25)


def test_no_history_is_no_rate() -> None:
    """Nothing known is nothing forecast."""
    assert rates((), now=NOW) == {}
    assert rates((DemandMonth("P-1", "FUZHOU", "2026-03", 9),), now=NOW) == {}


def test_installed_equipment_asks_for_parts_before_any_history() -> None:
    """240 units failing once in twenty years: one a month, at random."""
    rate, why = installed_base(units=240, failures_a_year=0.05)

    assert (rate.per_month, rate.variance, rate.months) == (1.0, 1.0, 0)
    assert why.inputs == {"installed": 240, "failures": 0.05}
    with pytest.raises(Refusal, match=r"replenish\.negative_base"):
        installed_base(units=-1, failures_a_year=1)
