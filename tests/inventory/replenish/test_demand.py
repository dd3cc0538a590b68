"""Demand rates against published figures and their own laws."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.replenish.demand import DemandMonth, croston, monthly, rates, sba, tsb
from kernel.errors import Refusal
from tests.stock_builders import NOW

SERIES = [0, 0, 0, 3, 0, 0, 2, 0, 5]
COUNTS = st.lists(st.integers(0, 5), min_size=1, max_size=20)


def test_croston_meets_the_reference() -> None:
    """The worked series of the forecast package, change 1126: fitted values of periods 5 to 9."""
    known_after = croston([SERIES], alpha=0.1)[0, 3:8]

    expected = [0.75, 0.75, 0.75, 0.7435897435897436, 0.7435897435897436]
    np.testing.assert_allclose(known_after, expected, rtol=0, atol=1e-12)


def test_sba_is_croston_less_half_of_alpha() -> None:
    """The correction of Syntetos and Boylan is one factor."""
    np.testing.assert_allclose(sba([SERIES], alpha=0.2), 0.9 * croston([SERIES], alpha=0.2))


def test_tsb_forgets_a_part_nobody_asks_for_and_croston_does_not() -> None:
    """What sets the two apart: an obsolete part's rate decays every period without demand."""
    history = [[2, 1, 2, *[0] * 30]]

    assert tsb(history, beta=0.2)[0, -1] < 0.01
    assert croston(history)[0, -1] == croston(history)[0, 2]


def test_a_missing_period_is_not_one_without_demand() -> None:
    """Where nothing is known no time passes: an unknown month lowers no rate."""
    known = croston([[0, 3, 0, 2]])[0, -1]
    with_gap = croston([[0, np.nan, 3, np.nan, 0, 2]])[0, -1]

    assert with_gap == known
    assert croston([[0, 0, 3, 0, 0, 2]])[0, -1] < known
    assert tsb([[3, np.nan, np.nan]])[0, -1] == tsb([[3]])[0, -1]


@given(st.lists(COUNTS, min_size=2, max_size=4))
def test_series_do_not_touch_each_other(series: list[list[int]]) -> None:
    """Vectorised over series means: as if each stood alone."""
    length = min(len(row) for row in series)
    table = np.array([row[:length] for row in series], dtype=float)

    for method in (croston, sba, tsb):
        alone = np.concatenate([method(row[None, :]) for row in table])
        np.testing.assert_allclose(method(table), alone, rtol=0, atol=0)


@given(COUNTS, st.integers(2, 5))
def test_rates_scale_with_demand(series: list[int], factor: int) -> None:
    """Twice as much asked for is twice the rate, whatever the unit of issue."""
    for method in (croston, sba, tsb):
        np.testing.assert_allclose(
            method([[count * factor for count in series]]), factor * method([series]), atol=1e-9
        )


def test_a_flat_table_is_asked_for() -> None:
    """One series is a table of one row; anything else is refused, not guessed."""
    with pytest.raises(Refusal, match=r"stock\.demand_shape"):
        croston([1.0, 2.0])


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
