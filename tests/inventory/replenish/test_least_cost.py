"""Levels of least cost against published instances and against trying everything."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.replenish.lead_time_demand import LeadTimeDemand, backorders, chances
from inventory.replenish.least_cost import Prices, order_quantity, order_quantity_normal, order_up_to
from kernel.errors import Refusal


def poisson(mean: float) -> LeadTimeDemand:
    """Poisson demand."""
    return LeadTimeDemand(mean, mean)


def test_all_instances_of_zheng_and_federgruen_are_met(reference: dict[str, Any]) -> None:
    """Both levels, and the cost to three decimals, in all 24."""
    published = reference["zheng_federgruen_1991"]
    prices = Prices(published["h"], published["p"], published["K"])

    found = [order_up_to(poisson(row[0]), poisson(row[0]), prices) for row in published["rows"]]

    assert len(found) == 24
    assert [[best.point, best.level] for best in found] == [row[1:3] for row in published["rows"]]
    for best, row in zip(found, published["rows"], strict=True):
        assert best.cost == pytest.approx(row[3], abs=5.1e-4)


def test_the_textbook_examples_of_least_cost_are_met(reference: dict[str, Any]) -> None:
    """Snyder and Shen: (s, S), exact (R, Q), and the two approximations for normal demand."""
    met = 0
    for row in reference["fosct"]:
        prices = Prices(row["h"], row["p"], row["K"])
        if row["model"] == "(s,S) Poisson":
            best = order_up_to(poisson(row["mu"]), poisson(row["mu"]), prices)
            assert (best.point, best.level) == (row["s"], row["S"])
            assert best.cost == pytest.approx(row["cost"], rel=1e-9)
        elif row["model"] == "(r,Q) Poisson":
            exact = order_quantity(poisson(row["lam"] * row["L"]), prices, demand_a_period=row["lam"])
            assert (exact.point, exact.quantity) == (row["r"], row["Q"])
            assert exact.cost == pytest.approx(row["cost"], rel=1e-9)
        else:
            near = order_quantity_normal(
                demand_a_year=row["D"],
                lead_mean=row["D"] * row["L"],
                lead_sd=row["sd"] * row["L"] ** 0.5,
                prices=prices,
                rough="loss-function" in row["model"],
            )
            assert near.point == pytest.approx(row["r"], rel=1e-6)
            assert near.quantity == pytest.approx(row["Q"], rel=1e-6)
            if "cost" in row:
                assert near.cost == pytest.approx(row["cost"], rel=1e-6)
        met += 1
    assert met == 6


def expected(demand: LeadTimeDemand, prices: Prices, level: int) -> float:
    """Holding and shortage cost of a position, by its definition."""
    count = np.arange(400)
    chance = chances(demand.mean, demand.variance, highest=399)
    lying = np.maximum(level - count, 0) @ chance
    owed = np.maximum(count - level, 0) @ chance
    return float(prices.holding * lying + prices.shortage * owed)


DEMANDS = st.builds(
    lambda mean, spread: LeadTimeDemand(mean, mean * spread), st.floats(0.3, 6), st.floats(1, 3)
)
PRICES = st.builds(Prices, st.floats(0.5, 3), st.floats(2, 30), st.floats(0, 40))


@settings(max_examples=30)
@given(DEMANDS, PRICES, st.floats(0.2, 4))
def test_no_reorder_point_and_quantity_cost_less(demand: LeadTimeDemand, prices: Prices, rate: float) -> None:
    """Every (R, Q) in reach tried, each priced by its definition."""
    best = order_quantity(demand, prices, demand_a_period=rate)
    position = [expected(demand, prices, level) for level in range(-20, 61)]

    tried = {
        (point, quantity): (prices.order_cost * rate + sum(position[point + 21 : point + 21 + quantity]))
        / quantity
        for point in range(-20, 30)
        for quantity in range(1, 30)
    }

    assert best.cost <= min(tried.values()) + 1e-6
    if (best.point, best.quantity) in tried:
        assert best.cost == pytest.approx(tried[int(best.point), int(best.quantity)], abs=1e-6)


def long_run(
    period: LeadTimeDemand, protection: LeadTimeDemand, prices: Prices, point: int, level: int
) -> float:
    """Cost a period of (s, S) from the chain of positions after ordering, without any renewal function."""
    size = level - point
    chance = chances(period.mean, period.variance, highest=400)
    step = np.zeros((size, size))  # state k: the position is S - k
    for state in range(size):
        for down in range(size - state):
            step[state, state + down] += chance[down]
        step[state, 0] += 1 - chance[: size - state].sum()
    system = step.T - np.eye(size)
    system[-1] = 1
    often = np.linalg.solve(system, np.eye(size)[-1])
    orders = sum(often[state] * (1 - chance[: size - state].sum()) for state in range(size))
    held = sum(often[state] * expected(protection, prices, level - state) for state in range(size))
    return float(prices.order_cost * orders + held)


@settings(max_examples=15)
@given(DEMANDS, PRICES)
def test_no_order_up_to_costs_less_nearby(period: LeadTimeDemand, prices: Prices) -> None:
    """Its cost is that of the chain it describes, and no pair of levels within six of it is cheaper."""
    protection = LeadTimeDemand(2 * period.mean, 2 * period.variance)

    best = order_up_to(period, protection, prices)

    assert best.cost == pytest.approx(long_run(period, protection, prices, best.point, best.level), abs=1e-6)
    for point in range(best.point - 6, best.point + 7):
        for level in range(max(point + 1, best.level - 6), best.level + 7):
            assert best.cost <= long_run(period, protection, prices, point, level) + 1e-6


def test_the_trace_names_the_prices_and_the_bound() -> None:
    """What the level would be without order cost is the limit it is held against."""
    why = order_up_to(poisson(6), poisson(6), Prices(1, 4, 5)).why

    assert why.inputs == {"mean": 6, "variance": 6, "holding": 1, "shortage": 4, "order_cost": 5}
    assert why.result["level"] == 10
    assert why.bounds == {"cheapest_without_order_cost": 8}


def test_what_cannot_be_priced_is_refused() -> None:
    """No demand, no price, or a shortage so cheap that nothing is worth keeping."""
    with pytest.raises(Refusal, match=r"replenish\.no_demand"):
        order_up_to(poisson(0), poisson(0), Prices(1, 1, 1))
    with pytest.raises(Refusal, match=r"replenish\.no_demand"):
        order_quantity(poisson(1), Prices(1, 1, 1), demand_a_period=0)
    with pytest.raises(Refusal, match=r"replenish\.price_not_positive"):
        Prices(0, 1, 1)
    with pytest.raises(Refusal, match=r"replenish\.shortage_too_cheap"):
        order_quantity_normal(demand_a_year=10, lead_mean=1, lead_sd=1, prices=Prices(5, 0.1, 50))


def test_backorders_beyond_the_table_are_looked_up_further_out() -> None:
    """A dear order makes the quantity long: the table grows with it."""
    best = order_quantity(poisson(2), Prices(0.01, 5, 100), demand_a_period=2)

    short = backorders(2.0, 2.0, highest=400)
    assert best.quantity > 150
    assert float(short[int(best.point + best.quantity)]) < 1e-9
