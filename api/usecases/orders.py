"""Purchase orders: proposed from a review of the stock, taken step by step, listed as they stand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Connection

from dispatch.expected_needs import expected_needs
from dispatch.region import Region
from inventory import scores
from inventory.catalogue.place import SHELVES
from inventory.replenish.reorder import Proposal
from inventory.review import review
from inventory.supply.limits import agreement_for
from inventory.supply.ordering import (
    ALWAYS_ASKED,
    NO_LIMIT,
    Order,
    OrderFact,
    OrderStanding,
    OrderState,
    OrderStep,
    Wanted,
    orders_for,
    orders_from,
    orders_of,
    standing,
)
from inventory.supply.purchasing import PurchaseOrderLine, due_at
from inventory.supply.to_come import still_to_come
from kernel.errors import Refusal
from kernel.ids import natural_key
from kernel.money import cents
from storage.dataset import agreed_tables, quality_tables, supply_tables
from storage.idempotency import Reply
from storage.regional import zone_of
from storage.rows.facts import values_in
from storage.rows.region import load_region
from storage.stock.locks import place_of
from storage.stock.ordering import write_orders
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class OrderThere:
    """An order as it stands, what of it has arrived, by part, and how many were written before it."""

    standing: OrderStanding
    received: Mapping[str, int]
    number: int


def _newest(one: OrderThere) -> tuple[str | int, ...]:
    return -int(one.standing.order.made_at.timestamp()), -one.number


STATES = {state: number for number, state in enumerate(OrderState)}
ORDER_ORDERS: Mapping[str, Callable[[OrderThere], tuple[str | int, ...]]] = {
    "written": lambda one: (one.number,),
    "newest": _newest,
    "order": lambda one: (one.standing.order.id,),
    "supplier": lambda one: (one.standing.order.supplier, one.number),
    "state": lambda one: (STATES[one.standing.state], one.number),
    "dearest": lambda one: (-cents(one.standing.order.cost), one.number),
}
"""Where an order stands in each order of their list; `state`: by how far it is."""


def reviewed(
    region: Region, *, now: datetime, budget: Decimal | None = None, as_delivered: bool = False
) -> tuple[Proposal, ...]:
    """Review the stock of a region: what to move, what to buy, what breaks first first.

    Args:
        region: as read.
        now: the moment, aware.
        budget: money for purchases at most; None: no limit.
        as_delivered: go by the lead times and yields suppliers have shown, not promised.
    """
    homes = {engineer.van: engineer.depot for engineer in region.field.engineers if engineer.van}
    return tuple(
        review(
            region.stock,
            expected_needs(region, now=now),
            now,
            homes=homes,
            zone_name=region.settings.zone,
            delivered=scores.as_delivered(region.stock, now) if as_delivered else None,
            budget=budget,
        )
    )


def propose(
    work: UnitOfWork,
    prefix: str,
    *,
    budget: Decimal | None = None,
    as_delivered: bool = False,
    approval_above: Decimal | None = None,
) -> Reply:
    """Write the orders the purchases of a review ask for; what waits to be sent is counted, nothing is sent yet.

    Args:
        work: of the command.
        prefix: orders are called prefix-1, prefix-2, and so on.
        budget: money to spend at most; None: no limit.
        as_delivered: go by the lead times and yields suppliers have shown, not promised.
        approval_above: what an order may cost without approval; None: as agreed for its supplier.

    Raises:
        Refusal: as `storage.stock.ordering.write_orders` and `inventory.supply.ordering.orders_from`.
    """

    def make() -> tuple[Order, ...]:
        whole = load_region(work.connection, work.region)
        found = reviewed(whole, now=work.now, budget=budget, as_delivered=as_delivered)
        breaks = whole.stock.price_breaks
        return orders_from(found, whole.stock.terms, breaks, prefix=prefix, now=work.now, by=work.actor)

    asked = {
        "prefix": prefix,
        "budget": None if budget is None else str(budget),
        "as_delivered": as_delivered,
    }
    return write_orders(work, make, asked=asked, approval_above=approval_above)


def order_chosen(work: UnitOfWork, prefix: str, wanted: Sequence[Wanted]) -> Reply:
    """Write the orders for lines somebody chose, one a supplier and place; nothing is sent yet.

    Args:
        work: of the command.
        prefix: orders are called prefix-1, prefix-2, and so on.
        wanted: what to buy from whom for which place; minimum, multiple and price breaks are the supplier's.

    Raises:
        Refusal: as `storage.stock.ordering.write_orders` and `inventory.supply.ordering.orders_for`;
            ``stock.not_a_shelf`` for a place nothing can be taken from afterwards.
    """

    def make() -> tuple[Order, ...]:
        terms = values_in(work.connection, supply_tables.SUPPLIER_TERMS, work.region)
        breaks = values_in(work.connection, agreed_tables.PRICE_BREAKS, work.region)
        for name in sorted({one.place for one in wanted}, key=natural_key):
            kind = place_of(work, name).kind
            if kind not in SHELVES:
                raise Refusal("stock.not_a_shelf", place=name, kind=kind.value)
        return orders_for(
            wanted,
            terms,
            breaks,
            prefix=prefix,
            now=work.now,
            by=work.actor,
            zone_name=zone_of(work.connection, work.region),
        )

    asked = {"prefix": prefix, "chosen": [list(one) for one in wanted]}
    return write_orders(work, make, asked=asked)


@dataclass(frozen=True, slots=True)
class Expected:
    """A line of a sent order, the units still to come of it, and when they are due."""

    line: PurchaseOrderLine
    left: int
    due_at: datetime


def still_expected(connection: Connection, region: str) -> list[Expected]:
    """Lines of sent orders of which something is still to come, what is due first first."""
    suppliers = {one.id: one for one in values_in(connection, supply_tables.SUPPLIERS, region)}
    agreed = values_in(connection, agreed_tables.SUPPLIER_AGREEMENTS, region)
    found = [
        Expected(line, left, due_at(line, suppliers[line.supplier]))
        for line in values_in(connection, supply_tables.PURCHASE_ORDERS, region)
        if line.outstanding and line.supplier in suppliers and (left := still_to_come(line, agreed))
    ]
    return sorted(
        found, key=lambda one: (one.due_at, natural_key(one.line.order), natural_key(one.line.part))
    )


def orders_there(connection: Connection, region: str, *, order: str = "") -> list[OrderThere]:
    """Orders as they stand, in the order they were written; all, or one."""
    wanted = {"order_id": order} if order else {}
    drafts = values_in(connection, quality_tables.ORDER_DRAFTS, region, **wanted)
    facts: dict[str, list[OrderFact]] = {}
    for fact in values_in(connection, quality_tables.ORDER_STEPS, region, **wanted):
        facts.setdefault(fact.order, []).append(fact)
    arrived: dict[str, dict[str, int]] = {}
    for line in values_in(connection, supply_tables.PURCHASE_ORDERS, region, **wanted):
        arrived.setdefault(line.order, {})[line.part] = line.received
    agreed = values_in(connection, agreed_tables.SUPPLIER_AGREEMENTS, region)
    found = []
    for number, one in enumerate(orders_of(drafts)):
        own, received = facts.get(one.id, []), arrived.get(one.id, {})
        sent = any(fact.step is OrderStep.SEND for fact in own)
        laid_down = agreement_for(agreed, one.supplier).approval_above
        limit = NO_LIMIT if sent else ALWAYS_ASKED if laid_down is None else laid_down
        found.append(
            OrderThere(standing(one, own, approval_above=limit, received=received), received, number)
        )
    return found
