"""One line judged and proposed: figures, sources and the trace."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from inventory.catalogue.price import PriceBreak
from inventory.catalogue.supplier import Supplier, SupplierTerms
from inventory.replenish.assessment import (
    Assessment,
    Delivered,
    Lead,
    ReviewSettings,
    Urgency,
    assess,
    supplies,
    usual_order,
)
from inventory.replenish.demand import NO_DEMAND, DemandRate
from inventory.replenish.policy import StockPolicy
from inventory.replenish.reorder import Proposal, Source, calculation, purchase
from inventory.stock.position import Position
from kernel.errors import Refusal
from tests.stock_builders import NOW, need, part

ONE_A_MONTH = DemandRate(per_month=1.0, variance=1.0, months=24)
POLICY = StockPolicy("P-1", "FUZHOU", 0.95, 7)


def judged(**changes: Any) -> Assessment:
    """P-1 in Fuzhou: one a month, ten days' lead time, three on hand."""
    plain: dict[str, Any] = {
        "position": Position("P-1", "FUZHOU", on_hand=3, usable=3),
        "rate": ONE_A_MONTH,
        "policy": POLICY,
        "lead": Lead(10, 2, 7),
        "order_size": 2,
        "needs": (),
        "arrivals": (),
        "now": NOW,
    }
    return assess(part(), **(plain | changes))


def codes(proposal: Proposal) -> list[str]:
    """The steps of a trace by their code."""
    return [step.code for step in proposal.why]


def test_what_is_coming_counts_and_what_is_planned_does_not() -> None:
    """Available + in transit + on order - planned; a need after the protection interval waits its turn."""
    stock = Position("P-1", "FUZHOU", on_hand=6, usable=5, reserved=1, in_transit=2, on_order=3)

    line = judged(position=stock, needs=(need(2), need(9, hours=24 * 17)))

    assert line.projected == 4 + 2 + 3 - 2
    assert line.planned_quantity == 2


@pytest.mark.parametrize(("usable", "due"), [(0, True), (1, True), (2, False)])
def test_an_order_is_due_at_the_reorder_point(usable: int, *, due: bool) -> None:
    """At or under it, not only below."""
    line = judged(
        position=Position("P-1", "FUZHOU", on_hand=usable, usable=usable),
        policy=StockPolicy("P-1", "FUZHOU", 0.95, 7, minimum=1, maximum=5),
    )

    assert line.is_due is due
    assert line.wanted == 5 - usable


def test_a_need_that_nothing_arrives_for_breaks_at_its_time() -> None:
    """The moment and the missing units are those of the first need nothing covers in time."""
    line = judged(
        needs=(need(2, hours=5), need(2, hours=9), need(1, hours=20)),
        arrivals=((NOW + timedelta(hours=12), 4),),
    )

    assert line.breaks_at == NOW + timedelta(hours=9)
    assert line.short == 1
    assert line.urgency is Urgency.NEED_BREAKS


def test_what_arrives_in_time_saves_the_need() -> None:
    """Even at the same moment: it is there when it is needed."""
    line = judged(needs=(need(4, hours=9),), arrivals=((NOW + timedelta(hours=9), 1),))

    assert line.breaks_at is None


def test_more_promised_than_there_breaks_now() -> None:
    """Available below zero is a promise that is broken already."""
    line = judged(position=Position("P-1", "FUZHOU", on_hand=1, usable=1, reserved=3))

    assert line.breaks_at == NOW
    assert line.short == 2


def test_stock_that_ends_before_an_order_arrives_runs_out() -> None:
    """Between a broken need and a low mark: at the usual rate it does not last."""
    short = judged(rate=DemandRate(30.4375, 30.4375, 24))
    enough = judged()

    assert short.urgency is Urgency.RUNS_OUT
    assert short.runs_out_at == NOW + timedelta(days=3)
    assert enough.urgency is Urgency.BELOW_POINT


def test_a_place_spares_nothing_it_needs_itself() -> None:
    """What is left stays above its own mark and covers its own plan."""
    policy = StockPolicy("P-1", "FUZHOU", 0.95, 7, minimum=2, maximum=8)
    stock = Position("P-1", "FUZHOU", on_hand=9, usable=9, reserved=1)

    assert judged(position=stock, policy=policy).spare == 8 - 3
    assert judged(position=stock, policy=policy, needs=(need(4),)).spare == 8 - 4 - 3
    assert judged(position=stock, policy=None, rate=NO_DEMAND, needs=(need(4),)).spare == 4


def test_a_purchase_takes_the_cheapest_and_says_its_bounds() -> None:
    """Minimum and multiple bound the quantity, and the trace says so."""
    ways = supplies(
        "P-1",
        [Supplier("S-1", "maker", 10, 2), Supplier("S-2", "trader", 3, 1)],
        [
            SupplierTerms("S-2", "P-1", Decimal(99)),
            SupplierTerms("S-1", "P-1", Decimal(90), minimum=5, multiple=4),
            SupplierTerms("S-1", "P-2", Decimal(1)),
        ],
    )

    made = purchase(judged(), ways, wanted=3, now=NOW)

    assert (made.supplier, made.quantity, made.cost) == ("S-1", 8, Decimal(720))
    assert made.arrives_at == NOW + timedelta(days=10)
    bounded = next(step for step in made.why if step.code == "reorder.bounded")
    assert bounded.params == {"wanted": 3, "minimum": 5, "multiple": 4, "quantity": 8}


def test_a_price_break_moves_the_order_and_the_reason_says_so() -> None:
    """Seventeen at 10 cost more than twenty at 8; the trader is cheaper for one, not for seventeen."""
    ways = supplies(
        "P-1",
        [Supplier("S-1", "maker", 10, 2), Supplier("S-2", "trader", 3, 1)],
        [SupplierTerms("S-1", "P-1", Decimal(10)), SupplierTerms("S-2", "P-1", Decimal(9))],
        breaks=[
            PriceBreak("S-1", "P-1", 20, Decimal(7)),
            PriceBreak("S-1", "P-1", 500, Decimal(1)),
            PriceBreak("S-2", "P-2", 1, Decimal(1)),
        ],
    )

    one, many = (purchase(judged(), ways, wanted=wanted, now=NOW) for wanted in (1, 17))

    assert (one.supplier, one.quantity, one.cost) == ("S-2", 1, Decimal(9))
    assert not any(step.code == "reorder.price_break" for step in one.why)
    assert (many.supplier, many.quantity, many.cost) == ("S-1", 20, Decimal(140))
    said = {step.code: step.params for step in many.why}
    assert said["reorder.price_break"] == {"minimum": 20, "price": "7", "single": "10"}
    assert said["reorder.bought_up"] == {"quantity": 20, "cost": "140", "least": 17, "least_cost": "170"}


def test_a_purchase_that_would_be_late_takes_the_fastest() -> None:
    """Money is saved only where no known need pays for it."""
    ways = supplies(
        "P-1",
        [Supplier("S-1", "maker", 10, 2), Supplier("S-2", "trader", 9, 1)],
        [
            SupplierTerms("S-1", "P-1", Decimal(90)),
            SupplierTerms("S-2", "P-1", Decimal(99), lead_time_days=3),
        ],
    )

    late = purchase(judged(needs=(need(9, hours=24 * 5),)), ways, wanted=3, now=NOW)
    in_time = purchase(judged(needs=(need(9, hours=24 * 12),)), ways, wanted=3, now=NOW)

    assert (late.supplier, in_time.supplier) == ("S-2", "S-1")
    assert "reorder.fastest" in codes(late)
    assert "reorder.arrives_late" not in codes(late)


def test_a_purchase_that_is_late_anyway_says_so() -> None:
    """Nothing is hidden: the need breaks although the part is ordered."""
    ways = supplies("P-1", [Supplier("S-1", "m", 10, 2)], [SupplierTerms("S-1", "P-1", Decimal(90))])

    made = purchase(judged(needs=(need(9, hours=30),)), ways, wanted=3, now=NOW)

    assert codes(made)[-1] == "reorder.arrives_late"


def test_what_a_supplier_has_shown_counts_more_than_what_it_promised() -> None:
    """Measured lead time and spread replace the promise; what is rejected is ordered on top, and said."""
    suppliers = (Supplier("S-1", "maker", 10, 2), Supplier("S-2", "dealer", 10, 2))
    terms = (SupplierTerms("S-1", "P-1", Decimal(90)), SupplierTerms("S-2", "P-1", Decimal(95)))
    shown = {("S-1", "P-1"): Delivered(lead_time_days=14.0, lead_time_sd_days=5.0, accepted=0.9)}

    as_promised = supplies("P-1", suppliers, terms)
    ways = supplies("P-1", suppliers, terms, delivered=shown)

    assert [way.supplier for way in as_promised] == ["S-1", "S-2"]
    # 90.00 for nine in ten is dearer than 95.00 for ten in ten.
    assert [way.supplier for way in ways] == ["S-2", "S-1"]
    assert (ways[1].lead_time_days, ways[1].lead_time_sd_days) == (14.0, 5.0)
    made = purchase(judged(), ways[1:], wanted=9, now=NOW)
    assert made.quantity == 10
    assert made.cost == 900
    step = next(step for step in made.why if step.code == "reorder.accepted")
    assert step.params == {"supplier": "S-1", "accepted": 0.9, "wanted": 9, "ordered": 10}
    with pytest.raises(Refusal, match=r"replenish\.accepted_out_of_range"):
        Delivered(accepted=0)
    with pytest.raises(Refusal, match=r"replenish\.lead_time_negative"):
        Delivered(lead_time_days=-1)


def test_nobody_sells_it_is_a_proposal_too() -> None:
    """What is missing without a source is shown, never dropped."""
    made = purchase(judged(), (), wanted=3, now=NOW)

    assert (made.source, made.quantity, made.arrives_at) == (Source.NONE, 3, None)
    assert codes(made)[-1] == "reorder.nobody_sells"


def test_the_trace_names_every_input_and_result() -> None:
    """Demand rate, lead time and spread, review period, stock, promises, plan, projection, marks, quantity."""
    stock = Position("P-1", "FUZHOU", on_hand=4, usable=3, reserved=1, in_transit=1, on_order=2)
    steps = calculation(judged(position=stock, needs=(need(7),)))

    values = {name: value for step in steps for name, value in step.params.items()}

    expected = {
        "rate": 1.0,
        "months": 24,
        "sd": 2,
        "review": 7,
        "target": 0.95,
        "on_hand": 4,
        "usable": 3,
        "reserved": 1,
        "available": 2,
        "in_transit": 1,
        "on_order": 2,
        "projected": -2,
        "order_size": 2,
        "first": "V-1",
        "short": 5,
    }
    assert {name: values[name] for name in expected} == expected
    assert values["wanted"] == int(values["order_up_to"]) + 2
    assert values["at_arrival"] == pytest.approx(-2 - 10 * 12 / 365.25)


def test_the_usual_order_is_economic_within_reason() -> None:
    """At least the supplier's minimum, at most a year's demand; one where nothing is asked for."""
    settings = ReviewSettings(order_cost=Decimal(80), holding_rate=0.25)

    assert (
        usual_order(part(price=Decimal(1000)), ONE_A_MONTH, settings) == 3
    )  # sqrt(2 * 80 * 12 / 250) = 2.77
    assert usual_order(part(price=Decimal(1)), ONE_A_MONTH, settings) == 12
    assert usual_order(part(), ONE_A_MONTH, settings, minimum=50) == 50
    assert usual_order(part(), NO_DEMAND, settings) == 1
