"""Levels against reference figures and first principles."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.replenish.demand import DemandRate
from inventory.replenish.lead_time_demand import LeadTimeDemand, backorders, lead_time_demand
from inventory.replenish.policy import StockPolicy, base_stock, fill_rate, levels, reorder_point
from kernel.errors import Refusal

POISSON = {
    1.0: [1.0, 0.36787944117144233, 0.10363832351432696, 0.023336926442932775, 0.004348769566778961],
    2.0: [2.0, 1.1353352832366124, 0.5413411329464508, 0.21801754912951415, 0.0751410096280613],
    4.0: [4.0, 3.0183156388887347, 2.109893833332405, 1.3479971388859493, 0.7814672592526581],
    10.0: [10.0, 9.000045399929762, 8.000544799157149, 7.003314194872662, 6.013650245548587],
}
POISSON_AT_12 = {
    1.0: 6.843746343213654e-11,
    2.0: 2.410668215860828e-07,
    4.0: 0.00037631471481421605,
    10.0: 0.5309162537074292,
}
NEGATIVE_BINOMIAL = {
    (4.0, 8.0): [4.0, 3.0625, 2.25, 1.59375, 1.09375, 0.73046875, 0.4765625, 0.3046875, 0.19140625],
    (2.0, 6.0): [2.0, 1.33333333333, 0.88888888889, 0.59259259259, 0.39506172839, 0.26337448560],
}

demands = st.builds(
    lambda mean, spread: LeadTimeDemand(mean, mean * spread), st.floats(0.01, 60), st.floats(0.5, 10)
)


@pytest.mark.parametrize("mean", sorted(POISSON))
def test_poisson_backorders_meet_the_reference(mean: float) -> None:
    """Stock 0 to 4, and 12, against figures computed independently."""
    found = backorders(mean, mean, highest=12)

    np.testing.assert_allclose(found[:5], POISSON[mean], rtol=0, atol=1e-6)
    assert found[12] == pytest.approx(POISSON_AT_12[mean], abs=1e-6)


@pytest.mark.parametrize(("mean", "variance"), sorted(NEGATIVE_BINOMIAL))
def test_negative_binomial_backorders_meet_the_reference(mean: float, variance: float) -> None:
    """The same with a variance above the mean."""
    expected = NEGATIVE_BINOMIAL[mean, variance]

    found = backorders(mean, variance, highest=len(expected) - 1)

    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-6)


@given(demands)
def test_chances_have_the_mean_and_variance_asked_for(demand: LeadTimeDemand) -> None:
    """Whatever the distribution chosen: it sums to one and has the mean; the variance never below the mean."""
    highest = 4000
    chance = demand.pmf(highest)
    count = np.arange(highest + 1)

    assert chance.sum() == pytest.approx(1)
    mean = float(chance @ count)
    assert mean == pytest.approx(demand.mean)
    wanted = max(demand.variance, demand.mean)
    assert float(chance @ (count - mean) ** 2) == pytest.approx(wanted, rel=1e-6)


@given(demands, st.integers(0, 40))
def test_backorders_are_what_their_definition_says(demand: LeadTimeDemand, level: int) -> None:
    """The recurrence equals the sum over everything above the level."""
    count = np.arange(4001)
    defined = float(np.maximum(count - level, 0) @ demand.pmf(4000))

    assert backorders(demand.mean, demand.variance, highest=level)[level] == pytest.approx(defined, abs=1e-6)


@given(demands, st.integers(1, 12), st.sampled_from([0.5, 0.8, 0.9, 0.95, 0.99]))
def test_a_reorder_point_reaches_its_target_and_none_lower_does(
    demand: LeadTimeDemand, quantity: int, target: float
) -> None:
    """The lowest is the one asked for: one less would be too little."""
    point = reorder_point(demand, quantity=quantity, target_fill_rate=target)

    assert fill_rate(demand, reorder_point=point, quantity=quantity) >= target - 1e-9
    if point > -1:
        assert fill_rate(demand, reorder_point=point - 1, quantity=quantity) < target


@given(demands, st.sampled_from([0.5, 0.9, 0.99]))
def test_a_base_stock_reaches_its_level_and_none_lower_does(demand: LeadTimeDemand, target: float) -> None:
    """The cycle service level is the chance of no shortage at all."""
    level = base_stock(demand, cycle_service_level=target)
    chance = np.cumsum(demand.pmf(level + 1))

    assert chance[level] >= target - 1e-9
    if level:
        assert chance[level - 1] < target


def test_fill_rate_and_cycle_service_level_are_not_the_same_number() -> None:
    """The same stock, mean 4: one judges units, the other whole cycles."""
    demand = LeadTimeDemand(4.0, 4.0)

    cycle = float(np.cumsum(demand.pmf(6))[6])
    units = fill_rate(demand, reorder_point=6, quantity=4)

    assert cycle == pytest.approx(0.8893, abs=1e-4)
    assert units == pytest.approx(1 - (0.19543458146 - 0.00413130998) / 4, abs=1e-6)


def test_spread_of_the_lead_time_is_part_of_the_variance() -> None:
    """An unreliable supplier costs stock: d² s² is added, and the target asks for more."""
    rate = DemandRate(per_month=30.4375, variance=30.4375, months=24)

    sure = lead_time_demand(rate, lead_time_days=10, lead_time_sd_days=0, review_period_days=5)
    unsure = lead_time_demand(rate, lead_time_days=10, lead_time_sd_days=4, review_period_days=5)

    assert (sure.mean, sure.variance) == (15, 15)
    assert (unsure.mean, unsure.variance) == (15, 31)
    assert unsure.distribution == "negative_binomial"
    assert reorder_point(unsure, quantity=1, target_fill_rate=0.95) > reorder_point(
        sure, quantity=1, target_fill_rate=0.95
    )


def test_large_means_do_not_underflow() -> None:
    """exp(-5000) is zero in floating point; the level is not."""
    point = reorder_point(LeadTimeDemand(5000, 5000), quantity=1, target_fill_rate=0.95)

    assert 5000 < point < 5000 + 3 * math.sqrt(5000)


def test_impossible_levels_are_refused() -> None:
    """A thousand million units a lead time is a mistake in the figures."""
    with pytest.raises(Refusal, match=r"stock\.level_too_high"):
        reorder_point(LeadTimeDemand(1e9, 1e9), quantity=1, target_fill_rate=0.95)
    with pytest.raises(Refusal, match=r"stock\.level_too_high"):
        base_stock(LeadTimeDemand(1e9, 1e9), cycle_service_level=0.95)


def test_without_demand_nothing_is_kept() -> None:
    """Reorder point -1: only a known need below zero calls for an order."""
    marks = levels(LeadTimeDemand(0, 0), StockPolicy("P", "D", 0.95, 7), quantity=3)

    assert marks.reorder_point == -1
    assert marks.fill_rate == 1


def test_marks_set_by_hand_stand() -> None:
    """A minimum for one part at one place was refused elsewhere; here it replaces the formula."""
    demand = LeadTimeDemand(1.0, 1.0)

    by_hand = levels(demand, StockPolicy("P", "D", 0.95, 7, minimum=4, maximum=9), quantity=1)
    low_only = levels(demand, StockPolicy("P", "D", 0.95, 7, minimum=4), quantity=3)
    high_only = levels(demand, StockPolicy("P", "D", 0.95, 7, maximum=1), quantity=3)

    assert (by_hand.reorder_point, by_hand.order_up_to, by_hand.by_hand) == (4, 9, True)
    assert (low_only.reorder_point, low_only.order_up_to) == (4, 7)
    assert (high_only.reorder_point, high_only.order_up_to) == (0, 1)
