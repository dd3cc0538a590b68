"""All parts together against what is kept now, and one part worked over its depots."""

from __future__ import annotations

import pytest

from inventory.provision import Provision
from inventory.replenish.assessment import ReviewSettings
from inventory.replenish.demand import DemandMonth
from inventory.replenish.policy import StockPolicy
from inventory.replenish.trace import Formula
from inventory.stock_plan import part_worked, stock_plan
from inventory.why import worked
from kernel.errors import Refusal
from tests.stock_builders import NOW, part, stockroom

PLACES = {"FUZHOU": 6, "XIAMEN": 4, "VAN-1": 1}


def provision(*, kept: int = 2, asked: bool = True) -> Provision:
    """P-1 and P-2 asked for at two depots and a van for a year, kept up to `kept` everywhere."""
    months = [f"{2025 + month // 12}-{month % 12 + 1:02}" for month in range(2, 14)]
    return Provision(
        stockroom(
            parts=(part(), part("P-2", criticality=3)),
            stock_policies=tuple(
                StockPolicy(name, place, 0.9, 0, minimum=kept - 1, maximum=kept)
                for name in ("P-1", "P-2")
                for place in PLACES
            ),
            demand_history=tuple(
                DemandMonth(name, place, month, units)
                for name in ("P-1", "P-2")
                for place, units in PLACES.items()
                for month in months
                if asked
            ),
        ),
        NOW,
        ReviewSettings(),
        homes={"VAN-1": "FUZHOU"},
    )


def test_together_the_same_money_leaves_less_short_and_the_same_shortage_costs_less() -> None:
    """Levels alike everywhere are not where the money does most; more money leaves less short."""
    found = stock_plan(provision())

    assert found.chosen.money <= found.money_now == 2 * 3 * 2 * 100
    assert found.chosen.short < found.short_now
    assert found.cheapest.money <= found.money_now
    assert found.cheapest.short <= found.short_now
    assert stock_plan(provision(), budget=5000).chosen.short < found.chosen.short
    assert sum(row.planned for row in found.levels) == found.chosen.units.sum()


def test_a_part_is_worked_over_all_depots_that_keep_it() -> None:
    """Own shelf, neighbour and outside make one; every calculation is there, and what it was asked with."""
    found = part_worked(provision(), "P-1", taken=(1, 1, 2))

    assert found.depots == found.helping == ("FUZHOU", "XIAMEN")
    assert found.lent is not None
    for own, lateral in zip(found.lent.own, found.lent.lateral, strict=True):
        assert own + lateral + found.lent.emergency == pytest.approx(1)
    formulas = [step.formula for step in found.steps]
    assert formulas == [Formula.SHARES, *[Formula.ORDER_FILL, Formula.ORDER_QUANTITY] * 2]


def test_a_van_is_worked_from_its_history_to_its_windows() -> None:
    """Method, levels, each window, then the models they stand on: what is short, and in time with a full position."""
    stock = provision().stockroom
    found = worked(stock, NOW, "P-1", "VAN-1", homes={"VAN-1": "FUZHOU"})

    assert [step.formula for step in found.steps] == [
        Formula.METHOD_SHORT,
        Formula.LEVELS,
        *[Formula.WINDOW_VAN] * 2,
        Formula.TWO_ECHELON,
        *[Formula.WINDOW_TWO_ECHELON] * 2,
    ]
    assert found.steps[2].result["chance"] == found.row.chances[0]
    shelf = worked(stock, NOW, "P-1", "XIAMEN")
    assert [step.formula for step in shelf.steps][2:] == [*[Formula.WINDOW_LEVELS] * 2, *[Formula.WINDOW] * 2]


def test_what_cannot_be_worked_is_refused() -> None:
    """Nothing asked for; a part nobody keeps; names nobody knows."""
    with pytest.raises(Refusal, match=r"plan_stock\.no_demand"):
        stock_plan(provision(asked=False))
    with pytest.raises(Refusal, match=r"stock\.unknown_part"):
        part_worked(provision(), "P-404")
    with pytest.raises(Refusal, match=r"stock\.unknown_place"):
        worked(provision().stockroom, NOW, "P-1", "NOWHERE")
    with pytest.raises(Refusal, match=r"availability\.not_kept"):
        worked(provision().stockroom, NOW, "P-1", "ONSITE")
