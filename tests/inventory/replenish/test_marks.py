"""Marks of many part-places at once are those of each alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.replenish.lead_time_demand import LeadTimeDemand
from inventory.replenish.marks import NOT_SET, base_stocks, marks
from inventory.replenish.policy import StockPolicy, base_stock, levels
from kernel.errors import Refusal

ROWS = st.tuples(
    st.floats(0, 80),
    st.floats(0.5, 12),
    st.integers(1, 30),
    st.sampled_from([0.5, 0.9, 0.99]),
    st.none() | st.integers(0, 6),
    st.none() | st.integers(7, 12),
)


@given(st.lists(ROWS, min_size=1, max_size=8))
def test_marks_of_many_are_those_of_each(
    rows: list[tuple[float, float, int, float, int | None, int | None]],
) -> None:
    """By the formula, by hand, or half and half: what stands in the next row changes nothing."""
    mean = np.array([row[0] for row in rows])
    variance = mean * np.array([row[1] for row in rows])

    found = marks(
        mean,
        variance,
        quantity=[row[2] for row in rows],
        target=[row[3] for row in rows],
        minimum=[NOT_SET if row[4] is None else row[4] for row in rows],
        maximum=[NOT_SET if row[5] is None else row[5] for row in rows],
    )

    for place, (_, _, quantity, target, low, high) in enumerate(rows):
        policy = StockPolicy("P", "D", target, 7, minimum=low, maximum=high)
        demand = LeadTimeDemand(float(mean[place]), float(variance[place]))
        alone = levels(demand, policy, quantity=quantity)
        assert found.each()[place] == alone


@given(st.lists(st.tuples(st.floats(0, 200), st.floats(0.5, 40)), min_size=1, max_size=8))
def test_base_stocks_of_many_are_those_of_each(rows: list[tuple[float, float]]) -> None:
    """Long tails are looked for further out, for their own row only."""
    mean = np.array([row[0] for row in rows])
    variance = mean * np.array([row[1] for row in rows])

    found = base_stocks(mean, variance, cycle_service_level=np.full(len(rows), 0.999))

    for place in range(len(rows)):
        demand = LeadTimeDemand(float(mean[place]), float(variance[place]))
        assert found[place] == base_stock(demand, cycle_service_level=0.999)


def test_the_trace_of_a_row_holds_what_went_in_and_what_came_out() -> None:
    """A suggested level is only as good as what can be said for it."""
    found = marks([1.0, 4.0], [1.0, 8.0], quantity=[1, 3], target=[0.9, 0.95])

    why = found.why(1)

    assert why.inputs == {"mean": 4.0, "variance": 8.0, "quantity": 3, "target": 0.95}
    assert why.result["reorder_point"] == found.each()[1].reorder_point
    assert why.result["reached"] == found.each()[1].fill_rate
    assert why.bounds == {"by_hand": False}


def test_one_impossible_row_is_refused_with_its_own_mean() -> None:
    """Among a hundred thousand the wrong one has to be findable."""
    with pytest.raises(Refusal, match=r"stock\.level_too_high") as refused:
        marks([1.0, 1e9], [1.0, 1e9], quantity=[1, 1], target=[0.9, 0.9])

    assert refused.value.message.params["mean"] == 1e9


@pytest.mark.parametrize("wrong", [float("nan"), float("inf"), -1.0])
def test_a_figure_that_is_none_is_refused(wrong: float) -> None:
    """It would pass for a part nobody asks for, and nothing would be kept."""
    with pytest.raises(Refusal, match=r"replenish\.demand_figures"):
        marks([1.0, wrong], [1.0, 1.0], quantity=[1, 1], target=[0.9, 0.9])
    with pytest.raises(Refusal, match=r"replenish\.demand_figures"):
        base_stocks([1.0], [wrong], cycle_service_level=[0.9])


def test_an_order_of_nothing_is_refused() -> None:
    """It would never bring the stock above its mark."""
    with pytest.raises(Refusal, match=r"replenish\.order_below_one"):
        marks([1.0], [1.0], quantity=[0], target=[0.9])
