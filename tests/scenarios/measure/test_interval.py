"""Intervals, differences and what 100 % proves: printed figures, and coverage counted."""

from __future__ import annotations

from math import isnan, nan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenarios.measure.interval import Verdict, difference, interval, worst_share
from scenarios.measure.student import t_quantile, t_share

TABLE = {  # Law, Simulation Modeling and Analysis, table T.1
    (1, 0.95): 6.314,
    (1, 0.975): 12.706,
    (2, 0.975): 4.303,
    (4, 0.90): 1.533,
    (9, 0.95): 1.833,
    (9, 0.975): 2.262,
    (19, 0.975): 2.093,
    (29, 0.995): 2.756,
    (100, 0.975): 1.984,
}
FIGURES = st.lists(st.integers(-1000, 1000), min_size=2, max_size=30)


@pytest.mark.parametrize(("degrees", "share"), TABLE)
def test_quantiles_are_those_of_the_printed_table(degrees: int, share: float) -> None:
    """A wrong quantile makes every interval of every report wrong."""
    assert t_quantile(share, degrees) == pytest.approx(TABLE[degrees, share], abs=6e-4)


@given(st.floats(0.001, 0.999), st.integers(1, 400))
def test_a_quantile_is_the_inverse_of_its_share(share: float, degrees: int) -> None:
    """The two are computed differently: they agree only where both are right."""
    assert t_share(t_quantile(share, degrees), degrees) == pytest.approx(share, abs=1e-9)


def waits(rng: np.random.Generator, runs: int, customers: int) -> np.ndarray:
    """Mean wait of M/M/1 (0.7, 1) in each run, begun in its steady state, so that the true mean is 7/3."""
    waiting = np.where(rng.random(runs) < 0.7, rng.exponential(1 / 0.3, runs), 0.0)
    total = np.zeros(runs)
    for _ in range(customers):
        total += waiting
        waiting = np.maximum(0.0, waiting + rng.exponential(1.0, runs) - rng.exponential(1 / 0.7, runs))
    return np.asarray(total / customers)


def test_of_400_intervals_of_skewed_waits_at_least_92_percent_hold_the_truth() -> None:
    """Waits are skewed and correlated; an interval that promises 95 % must still nearly keep it."""
    rng = np.random.default_rng(20261122)

    runs = waits(rng, 400 * 20, 300).reshape(400, 20)
    found = [interval(row) for row in runs]
    held = sum(one.low <= 7 / 3 <= one.high for one in found)

    assert held >= 0.92 * 400
    assert held < 400  # intervals that always hold are too wide to be of use


def test_common_random_numbers_narrow_a_difference() -> None:
    """What both scenarios share cancels; that is what pairing is for."""
    rng = np.random.default_rng(5)
    weather = rng.normal(100, 20, 30)

    base = weather + rng.normal(0, 1, 30)
    scenario = weather + 3 + rng.normal(0, 1, 30)
    paired = difference(scenario, base)

    assert paired.verdict is Verdict.MORE
    assert paired.by.half < interval(scenario).half / 5


@given(FIGURES)
def test_a_scenario_compared_with_itself_is_equal(figures: list[int]) -> None:
    """The base beside itself must not look like an effect."""
    found = difference(figures, figures)

    assert found.verdict is Verdict.EQUAL
    assert found.by.mean == found.by.half == 0.0


@given(FIGURES, st.integers(-50, 50))
def test_a_difference_turned_round_changes_its_sign(figures: list[int], lead: int) -> None:
    """A against B and B against A are one comparison."""
    other = [2 * figure + lead for figure in figures]

    one, back = difference(figures, other), difference(other, figures)

    assert one.by.mean == pytest.approx(-back.by.mean)
    assert {one.verdict, back.verdict} in (
        {Verdict.MORE, Verdict.LESS},
        {Verdict.NOT_DETECTED},
        {Verdict.EQUAL},
    )


def test_zero_inside_the_interval_is_said_as_not_detected() -> None:
    """The most common misreading of a simulation is a difference that is not there."""
    assert difference([1.0, 2.0, 3.0, 4.0], [2.0, 1.0, 4.0, 3.0]).verdict is Verdict.NOT_DETECTED


def test_a_replication_without_the_figure_is_left_out_of_both() -> None:
    """A replication where nobody called has no attainment; it must not count as nought."""
    found = difference([1.0, nan, 3.0, 5.0], [0.0, 9.0, nan, 3.0])

    assert found.by.n == 2
    assert found.by.mean == pytest.approx(1.5)


def test_one_replication_has_a_mean_and_no_interval() -> None:
    """One run says nothing about the next one."""
    found = interval([4.0])

    assert found.mean == 4.0
    assert isnan(found.half)
    assert difference([4.0], [3.0]).verdict is Verdict.UNKNOWN


@given(st.integers(1, 100_000))
def test_all_of_few_stays_within_the_rule_of_three(n: int) -> None:
    """The rule of three, 3/n failures, is the safe side of the exact bound."""
    missing = 1 - worst_share(n)

    assert 0 < missing <= min(1.0, 3 / n)
    assert (1 - missing) ** n == pytest.approx(0.05, rel=1e-6)
