"""From proposals to orders, and from an order to the shelf."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.catalogue.price import PriceBreak, cheapest
from inventory.catalogue.supplier import SupplierTerms
from inventory.review import review
from inventory.supply.inspection import Arrival
from inventory.supply.limits import Agreement
from inventory.supply.ordering import (
    Order,
    OrderFact,
    OrderLine,
    OrderStanding,
    OrderState,
    OrderStep,
    Wanted,
    drafted,
    orders_for,
    orders_from,
    orders_of,
    standing,
    waiting,
)
from inventory.supply.purchasing import PurchaseOrderLine
from inventory.supply.shipment import Shipment, is_complete, on_the_way, room, turned_away
from kernel.errors import Refusal
from tests.stock_builders import NOW, need, stockroom

DAY = timedelta(days=1)
ORDER = Order(
    "PO-1",
    "S-1",
    "FUZHOU",
    (OrderLine("P-1", 10, Decimal(90)), OrderLine("P-2", 5, Decimal(20))),
    NOW,
    "keeper",
)


def done(step: OrderStep, by: str = "head", *, day: float = 0, **changes: Any) -> OrderFact:
    """A step of the order so many days from now."""
    return OrderFact("PO-1", step, NOW + day * DAY, by, **changes)


def after(*facts: OrderFact, limit: int = 1000, received: dict[str, int] | None = None) -> OrderStanding:
    """The order of 1000.00 after these facts."""
    return standing(ORDER, facts, approval_above=Decimal(limit), received=received)


def test_proposals_become_orders_by_supplier_and_place() -> None:
    """Five are missing in Fuzhou and two in Xiamen: two orders, each with its place, at the terms' price."""
    terms = (SupplierTerms("S-1", "P-1", Decimal(90), minimum=4),)
    room = stockroom(terms=terms)
    proposals = review(room, [need(5), need(2, place="XIAMEN", demand_ref="V-2")], NOW)

    orders = orders_from(proposals, terms, prefix="PO", now=NOW, by="keeper")

    assert [(order.id, order.to_place, order.lines) for order in orders] == [
        ("PO-1", "FUZHOU", (OrderLine("P-1", 5, Decimal(90)),)),
        ("PO-2", "XIAMEN", (OrderLine("P-1", 4, Decimal(90)),)),
    ]
    assert orders[0].cost == Decimal(450)
    with pytest.raises(Refusal, match=r"supply\.no_terms"):
        orders_from(proposals, (), prefix="PO", now=NOW, by="keeper")


@given(
    st.integers(1, 60),
    st.integers(1, 20),
    st.integers(1, 7),
    st.lists(st.tuples(st.integers(1, 80), st.integers(1, 12)), max_size=3),
)
def test_no_order_that_brings_enough_costs_less(
    wanted: int, minimum: int, multiple: int, steps: list[tuple[int, int]]
) -> None:
    """Every order up to twice the largest break, tried."""
    terms = SupplierTerms("S", "P", Decimal(10), minimum=minimum, multiple=multiple)
    breaks = [PriceBreak("S", "P", units, Decimal(price)) for units, price in steps]

    found = cheapest(terms, [*breaks, PriceBreak("S", "P-2", 1, Decimal(0))], wanted)

    def cost(units: int) -> Decimal:
        return units * min([Decimal(10), *(row.price for row in breaks if row.minimum <= units)])

    tried = [units for units in range(wanted, 200) if units >= minimum and units % multiple == 0]
    assert found.quantity in tried
    assert found.cost == min(map(cost, tried)) == cost(found.quantity)


@given(
    st.lists(
        st.tuples(st.sampled_from(["S-1", "S-2"]), st.sampled_from(["D1", "D2"]), st.integers(1, 40)),
        max_size=8,
    )
)
def test_what_somebody_chose_is_ordered_once_and_never_less(chosen: list[tuple[str, str, int]]) -> None:
    """Every unit chosen stands on one order of its supplier for its place; a minimum may make it more."""
    terms = [SupplierTerms(one, "P-1", Decimal(10), minimum=5, multiple=5) for one in ("S-1", "S-2")]
    wanted = [Wanted(supplier, place, "P-1", units) for supplier, place, units in chosen]

    orders = orders_for(wanted, terms, prefix="A", now=NOW, by="keeper", zone_name="UTC")

    asked: dict[tuple[str, str], int] = {}
    for supplier, place, units in chosen:
        asked[supplier, place] = asked.get((supplier, place), 0) + units
    got = {(one.supplier, one.to_place): one.lines[0].quantity for one in orders}
    assert set(got) == set(asked)
    assert all(got[key] >= asked[key] and got[key] - asked[key] < 5 and got[key] % 5 == 0 for key in asked)
    assert [one.id for one in orders] == [f"A-{number}" for number in range(1, len(orders) + 1)]


def test_what_nobody_sells_or_nobody_wants_is_not_ordered() -> None:
    """A supplier without terms for the part is refused, and so is a quantity of none."""
    terms = [SupplierTerms("S-1", "P-1", Decimal(10))]
    for wanted, code in (
        (Wanted("S-2", "D1", "P-1", 1), "supply.no_terms"),
        (Wanted("S-1", "D1", "P-1", 0), "stock.not_positive"),
    ):
        with pytest.raises(Refusal, match=code.replace(".", r"\.")):
            orders_for([wanted], terms, prefix="A", now=NOW, by="keeper", zone_name="UTC")


def test_on_the_last_day_an_order_is_taken_and_on_the_next_it_is_refused() -> None:
    """The day is the region's own: it has begun there before it has in Greenwich."""
    late = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    terms = [SupplierTerms("S-1", "P-1", Decimal(10), last_order_on=late.date())]
    wanted = [Wanted("S-1", "D1", "P-1", 1)]

    taken = orders_for(wanted, terms, prefix="A", now=late, by="keeper", zone_name="UTC")

    assert [one.lines[0].part for one in taken] == ["P-1"]
    with pytest.raises(Refusal, match=r"supply\.sells_no_more"):
        orders_for(wanted, terms, prefix="A", now=late, by="keeper", zone_name="Asia/Shanghai")


def test_an_order_over_the_limit_waits_for_somebody_else() -> None:
    """At the limit nobody is asked; above it, not the one who wrote it."""
    assert after().state is OrderState.TO_SEND
    assert after(limit=999).state is OrderState.AWAITING_APPROVAL
    with pytest.raises(Refusal, match=r"supply\.not_approved"):
        after(done(OrderStep.SEND, "keeper"), limit=999)
    with pytest.raises(Refusal, match=r"supply\.approved_by_maker"):
        after(done(OrderStep.APPROVE, "keeper"), limit=999)
    approved = after(done(OrderStep.APPROVE), done(OrderStep.SEND, "keeper"), limit=999)
    assert (approved.state, approved.approved_by) == (OrderState.SENT, "head")


def test_the_first_date_confirmed_is_kept() -> None:
    """A second confirmation moves what is expected, not what is measured."""
    found = after(
        done(OrderStep.SEND),
        done(OrderStep.CONFIRM, promised_at=NOW + 10 * DAY),
        done(OrderStep.CONFIRM, part="P-1", promised_at=NOW + 20 * DAY),
    )

    assert found.state is OrderState.CONFIRMED
    assert found.promises == {"P-1": (NOW + 10 * DAY, NOW + 20 * DAY), "P-2": (NOW + 10 * DAY,)}
    assert [line.promised_at for line in found.lines({})] == [NOW + 10 * DAY] * 2


def test_what_arrives_moves_the_order_on() -> None:
    """Part of it, all of it; a line confirmed alone leaves the order unconfirmed."""
    sent = done(OrderStep.SEND)
    one = done(OrderStep.CONFIRM, part="P-1", promised_at=NOW + 10 * DAY)

    assert after(sent, one).state is OrderState.SENT
    assert after(sent, received={"P-1": 3}).state is OrderState.PARTLY_RECEIVED
    assert after(sent, received={"P-1": 10}).state is OrderState.PARTLY_RECEIVED
    full = after(sent, received={"P-1": 10, "P-2": 6})
    assert full.state is OrderState.RECEIVED
    assert [line.outstanding for line in full.lines({"P-1": 4})] == [6, 5]


def test_nothing_is_on_order_before_it_is_sent_or_after_it_is_cancelled() -> None:
    """A draft brings no goods."""
    assert after(done(OrderStep.APPROVE)).lines({}) == ()
    cancelled = after(done(OrderStep.SEND), done(OrderStep.CANCEL))
    assert (cancelled.state, cancelled.lines({})) == (OrderState.CANCELLED, ())


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ([done(OrderStep.CONFIRM, promised_at=NOW)], "supply.order_step"),
        ([done(OrderStep.SEND), done(OrderStep.SEND)], "supply.order_step"),
        ([done(OrderStep.SEND), done(OrderStep.APPROVE)], "supply.order_step"),
        ([done(OrderStep.CANCEL), done(OrderStep.SEND)], "supply.order_step"),
        (
            [done(OrderStep.SEND), done(OrderStep.CONFIRM, part="P-9", promised_at=NOW)],
            "supply.not_on_order",
        ),
    ],
)
def test_steps_that_cannot_follow_are_refused(facts: list[OrderFact], code: str) -> None:
    """Each with its own code."""
    with pytest.raises(Refusal) as caught:
        after(*facts)

    assert caught.value.code == code


def test_an_order_that_makes_no_sense_is_refused() -> None:
    """No line, a part twice, nothing of a part, a date where none belongs, goods received cannot be cancelled."""
    with pytest.raises(Refusal, match=r"supply\.order_empty"):
        Order("PO-2", "S-1", "FUZHOU", (), NOW, "keeper")
    with pytest.raises(Refusal, match=r"stock\.duplicate"):
        Order("PO-2", "S-1", "FUZHOU", ORDER.lines[:1] * 2, NOW, "keeper")
    with pytest.raises(Refusal, match=r"stock\.not_positive"):
        OrderLine("P-1", 0, Decimal(1))
    with pytest.raises(Refusal, match=r"supply\.promise_missing"):
        done(OrderStep.SEND, promised_at=NOW)
    with pytest.raises(Refusal, match=r"supply\.promise_missing"):
        done(OrderStep.CONFIRM)
    with pytest.raises(Refusal, match=r"supply\.cancel_received"):
        after(done(OrderStep.SEND), done(OrderStep.CANCEL), received={"P-1": 1})


def line(received: int = 0, quantity: int = 20) -> PurchaseOrderLine:
    """Twenty ordered, some of them received."""
    return PurchaseOrderLine("PO-1", "S-1", "P-1", quantity, "FUZHOU", NOW, received=received)


def test_a_shipment_is_followed_until_it_has_arrived() -> None:
    """Twelve of the twenty in two shipments came: the first is settled, two are missing of the second."""
    first = Shipment("W-1", "PO-1", "P-1", 10, NOW - 5 * DAY, NOW - DAY)
    second = Shipment("W-2", "PO-1", "P-1", 4, NOW - 4 * DAY, NOW + DAY)
    third = Shipment("W-3", "PO-1", "P-1", 6, NOW + DAY, NOW + 3 * DAY)

    found = on_the_way([third, second, first], [line(12)], now=NOW, agreements=())

    assert [(row.shipment.id, row.left, row.late) for row in found] == [("W-2", 2, False)]
    nothing = on_the_way([third, second, first], [line()], now=NOW, agreements=())
    assert [(row.shipment.id, row.left, row.late) for row in nothing] == [
        ("W-1", 10, True),
        ("W-2", 4, False),
    ]
    with pytest.raises(Refusal, match=r"supply\.expected_before_sent"):
        Shipment("W-4", "PO-1", "P-1", 1, NOW, NOW - DAY)


@given(st.integers(1, 50), st.integers(0, 80), st.integers(1, 80), st.integers(0, 50))
def test_what_is_taken_never_exceeds_the_order_and_its_tolerance(
    ordered: int, received: int, came: int, over: int
) -> None:
    """Beyond it everything is turned away, up to it nothing."""
    share = Decimal(over) / 100
    most = ordered + int(ordered * share)

    _, turned = turned_away(Arrival("P-1", came), room(line(received, ordered), over_share=share))

    assert 0 <= turned <= came
    assert received + came - turned <= max(most, received)
    assert turned == 0 or received + came - turned >= most


@pytest.mark.parametrize(
    ("received", "under", "left"),
    [(20, "0", []), (22, "0", []), (19, "0.05", []), (19, "0", [3])],
)
def test_of_a_complete_line_nothing_is_on_the_way(received: int, under: str, left: list[int]) -> None:
    """Two of twenty-two shipped were turned away, or one stays away and is tolerated: neither is late for ever."""
    shipped = Shipment("W-1", "PO-1", "P-1", 22, NOW - 5 * DAY, NOW - DAY)
    agreed = [Agreement("S-1", under_share=Decimal(under))]

    found = on_the_way([shipped], [line(received)], now=NOW, agreements=agreed)

    assert [row.left for row in found] == left


def test_a_little_less_may_be_enough() -> None:
    """One of twenty is within a twentieth, two are not."""
    assert not is_complete(line(19))
    assert is_complete(line(19), under_share=Decimal("0.05"))
    assert not is_complete(line(18), under_share=Decimal("0.05"))
    assert is_complete(line(21))


def test_an_order_read_line_by_line_is_the_order() -> None:
    """And what waits to be sent is known by part and place, until it is sent or cancelled."""
    rows = drafted(ORDER)

    assert orders_of(rows) == (ORDER,)
    with pytest.raises(Refusal, match=r"supply\.order_differs"):
        orders_of([rows[0], replace(rows[1], made_by="other")])
    assert waiting(rows, [done(OrderStep.APPROVE)], now=NOW) == tuple(rows)
    assert waiting(rows, [done(OrderStep.SEND, day=1)], now=NOW) == tuple(rows)
    for over in (OrderStep.SEND, OrderStep.CANCEL):
        assert waiting(rows, [done(over)], now=NOW) == ()
    assert waiting(rows, [], now=NOW - DAY) == ()


def test_closing_gives_up_what_has_not_come_and_says_why() -> None:
    """Seven of ten came, none of five: seven stay, nothing is to come; taken back later, the rest is given up again."""
    sent = (done(OrderStep.APPROVE), done(OrderStep.SEND))
    closed = done(OrderStep.CLOSE, reason="stopped")

    found = after(*sent, closed, received={"P-1": 7})

    assert found.state is OrderState.CLOSED
    assert [(row.part, row.quantity, row.outstanding) for row in found.lines({"P-1": 7})] == [("P-1", 7, 0)]
    assert after(*sent, closed, closed, received={"P-1": 5}).state is OrderState.CLOSED
    for reason in ("", " "):
        with pytest.raises(Refusal, match=r"supply\.reason_of_closing"):
            done(OrderStep.CLOSE, reason=reason)
    with pytest.raises(Refusal, match=r"supply\.reason_of_closing"):
        done(OrderStep.CANCEL, reason="stopped")
