"""Every formula says what it did, in both languages."""

from __future__ import annotations

import re

import pytest

from api.text import LANGUAGES, Lang, catalogue, say
from inventory.availability import availability
from inventory.replenish.demand import DemandMonth, installed_base
from inventory.replenish.echelon import two_echelon, why_two_echelon
from inventory.replenish.kit import KitPart, kit
from inventory.replenish.lead_time_demand import LeadTimeDemand
from inventory.replenish.learnt import learnt
from inventory.replenish.least_cost import Prices, order_quantity, order_quantity_normal, order_up_to
from inventory.replenish.marks import marks
from inventory.replenish.method import choose
from inventory.replenish.order_size import OrderedDemand, order_fill
from inventory.replenish.policy import StockPolicy
from inventory.replenish.pooling import pool_size, shares
from inventory.replenish.system import down_to, place_steps, within_budget
from inventory.replenish.trace import Formula, Trace
from inventory.replenish.window import why_within, why_within_two_echelon
from tests.stock_builders import NOW, stockroom


def traces() -> list[Trace]:
    """One of each."""
    demand = LeadTimeDemand(4.0, 6.0)
    kept = stockroom(
        stock_policies=tuple(StockPolicy("P-1", place, 0.9, 7) for place in ("FUZHOU", "VAN-1")),
        demand_history=(
            DemandMonth("P-1", "FUZHOU", "2025-11", 3),
            DemandMonth("P-1", "VAN-1", "2025-12", 1),
        ),
    )
    steps = place_steps([1.0, 2.0], [1.0, 3.0], price=[2.0, 5.0])
    return [
        installed_base(units=100, failures_a_year=0.5)[1],
        choose([[1, 0, 2, 1, 0, 1], [0, 0, 3, 0, 1, 1]], fitted=4, lead=1, price=2.0).why,
        learnt(kept.demand_history, now=NOW, lead_days=lambda _: 9.0, price={"P-1": 20.0})[
            "P-1", "FUZHOU"
        ].why,
        marks([4.0], [6.0], quantity=[2], target=[0.9]).why(0),
        order_fill(OrderedDemand(1.0, (0.5, 0.5)), highest=3).why(2),
        order_quantity(demand, Prices(1, 9, 20), demand_a_period=2).why,
        order_quantity_normal(
            demand_a_year=1300, lead_mean=108, lead_sd=43, prices=Prices(0.225, 7.5, 8)
        ).why,
        order_up_to(demand, demand, Prices(1, 9, 20)).why,
        why_two_echelon(
            two_echelon([[1.0, 0.5]], depot_lead=2, base_lead=1), part=0, base=1, depot_stock=2, base_stock=1
        ),
        why_within(1.0, lead=2.0, stock=2, window=1 / 6),
        why_within_two_echelon(
            [1.0, 0.5], base=0, depot_lead=2.0, base_lead=1.0, depot_stock=2, base_stock=[1, 1], window=1.0
        ),
        within_budget(steps, money=11.0).why,
        down_to(steps, short=0.5).why,
        shares([1, 2], [0.5, 0.7]).why,
        kit([KitPart("P-1", 2.0, (0.8, 0.2))], budget=3.0).why,
        pool_size(requests_a_day=0.5, days_out=4, days_made_ready=1, refused_at_most=0.05).why,
        *(row.why[0] for row in availability(kept, NOW)),
    ]


def test_every_formula_leaves_a_trace() -> None:
    """A formula nobody can look into is a number out of thin air."""
    assert sorted(one.formula for one in traces()) == sorted(Formula)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_trace_is_a_sentence_with_its_figures(lang: Lang) -> None:
    """Inputs, result and bounds are all named: none is kept back, none is asked for that is not there."""
    for one in traces():
        named = set(re.findall(r"\{(\w+)", catalogue(lang)[one.message.code]))

        assert named == set(one.message.params), one.formula
        assert say(one.message, lang)
