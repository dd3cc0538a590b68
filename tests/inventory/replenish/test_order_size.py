"""Orders of several units: three ways of being served, against the reference and against plain sums."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.replenish.lead_time_demand import chances
from inventory.replenish.order_size import OrderedDemand, order_fill, order_sizes
from kernel.errors import Refusal

SIZES = st.lists(st.integers(0, 5), min_size=1, max_size=4).filter(any)


def of(orders: float, weights: list[int]) -> OrderedDemand:
    """Demand with order sizes in proportion to weights."""
    return OrderedDemand(orders, tuple(weight / sum(weights) for weight in weights))


def test_the_reference_is_met(reference: dict[str, Any]) -> None:
    """Unit fill, order fill, ready rate and units short for eight stock levels, as printed to five decimals."""
    given_case = reference["compound_poisson_fill"]
    sizes = tuple(float(given_case["sizes"].get(str(size), 0.0)) for size in range(1, 5))

    found = order_fill(OrderedDemand(given_case["lam"] * given_case["L"], sizes), highest=8)

    for stock, *figures in given_case["S_unit_order_ready_ebo"]:
        ours = [
            found.unit_fill[stock],
            found.order_fill[stock],
            found.ready_rate[stock],
            found.backorders[stock],
        ]
        np.testing.assert_allclose(ours, figures, rtol=0, atol=5.1e-6)


@given(st.floats(0.1, 8), SIZES)
def test_mean_and_variance_are_those_of_a_random_number_of_orders(orders: float, weights: list[int]) -> None:
    """Mean a E[Z], variance a E[Z²]."""
    demand = of(orders, weights)
    sizes = np.arange(1, len(weights) + 1)

    chance = demand.pmf(300)
    count = np.arange(301)

    assert chance.sum() == pytest.approx(1)
    assert float(chance @ count) == pytest.approx(demand.mean)
    variance = float(chance @ (count - demand.mean) ** 2)
    assert variance == pytest.approx(orders * float(sizes**2 @ np.asarray(demand.sizes)), rel=1e-6)


def test_many_orders_do_not_underflow() -> None:
    """exp(-3000) is zero; the chances are not."""
    found = OrderedDemand(3000.0, (1.0,)).pmf(3200)

    np.testing.assert_allclose(found, chances(3000.0, 3000.0, highest=3200), rtol=1e-6, atol=1e-15)


@given(st.floats(0.1, 6), SIZES, st.integers(0, 12))
def test_fills_are_what_their_definitions_say(orders: float, weights: list[int], stock: int) -> None:
    """Summed over every demand and every size."""
    demand = of(orders, weights)
    chance = demand.pmf(200)

    found = order_fill(demand, highest=stock)

    unit = whole = ready = 0.0
    for size, share in enumerate(demand.sizes, start=1):
        for asked in range(stock + 1):
            left = stock - asked
            unit += share * chance[asked] * min(size, left) / demand.mean_size
            whole += share * chance[asked] * (left >= size)
    ready = float(chance[:stock].sum())
    short = float(np.maximum(np.arange(201) - stock, 0) @ chance)
    assert found.unit_fill[stock] == pytest.approx(unit, abs=1e-9)
    assert found.order_fill[stock] == pytest.approx(whole, abs=1e-9)
    assert found.ready_rate[stock] == pytest.approx(ready, abs=1e-9)
    assert found.backorders[stock] == pytest.approx(short, abs=1e-6)


def test_half_of_the_units_is_not_half_of_the_jobs() -> None:
    """Orders for two only: one unit on the shelf serves units and no order."""
    found = order_fill(OrderedDemand(0.1, (0.0, 1.0)), highest=2)

    assert found.unit_fill[1] == pytest.approx(0.5 * np.exp(-0.1))
    assert found.order_fill[1] == 0
    assert found.lowest(order_fill=0.9) == 2
    assert found.lowest(order_fill=0.95) is None


def test_wrong_sizes_are_refused() -> None:
    """Chances that do not add up would serve more than everything, or lose demand."""
    with pytest.raises(Refusal, match=r"replenish\.order_sizes"):
        OrderedDemand(1.0, (0.5, 0.4))
    with pytest.raises(Refusal, match=r"replenish\.no_orders"):
        order_sizes([2, 0])
