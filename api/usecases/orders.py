"""Purchase orders: proposed from a review of the stock, taken step by step, listed as they stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Connection

from dispatch.desk.practice import ApprovalKind
from dispatch.expected_needs import expected_needs
from dispatch.region import Region
from inventory import scores
from inventory.replenish.reorder import Proposal
from inventory.review import review
from inventory.supply.ordering import (
    Order,
    OrderFact,
    OrderStanding,
    OrderStep,
    orders_from,
    orders_of,
    standing,
    waiting,
)
from kernel.money import from_cents
from storage.dataset import quality_tables, supply_tables
from storage.idempotency import Reply
from storage.rows.facts import values_in
from storage.rows.region import load_region
from storage.rows.schemes import practice_in
from storage.stock.ordering import take_step, write_orders
from storage.unit_of_work import UnitOfWork

ANYTHING = Decimal("Infinity")
"""The limit of what was sent: it was sent."""


@dataclass(frozen=True, slots=True)
class OrderThere:
    """An order as it stands, and what of it has arrived, by part."""

    standing: OrderStanding
    received: Mapping[str, int]


def approval_limit(connection: Connection, region: str) -> Decimal:
    """What an order may cost without somebody else's approval: just below what the desk's practice lets pass."""
    return from_cents(practice_in(connection, region).free_below[ApprovalKind.PURCHASE] - 1)


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


def propose(work: UnitOfWork, prefix: str, *, budget: Decimal | None) -> Reply:
    """Write the orders the purchases of a review ask for, without what waits to be sent; nothing is sent yet.

    Args:
        work: of the command.
        prefix: orders are called prefix-1, prefix-2, and so on.
        budget: money to spend at most; None: no limit.

    Raises:
        Refusal: as `storage.stock.ordering.write_orders` and `inventory.supply.ordering.orders_from`.
    """

    def make() -> tuple[Order, ...]:
        whole = load_region(work.connection, work.region)
        # What waits to be sent is on no order yet: without this the next look would buy it again.
        known = waiting(whole.stock.order_drafts, whole.stock.order_steps)
        found = reviewed(whole, now=work.now, budget=budget)
        new = (row for row in found if (row.part, row.place) not in known)
        return orders_from(new, whole.stock.terms, prefix=prefix, now=work.now, by=work.actor)

    asked = {"prefix": prefix, "budget": None if budget is None else str(budget)}
    return write_orders(work, make, asked=asked)


def take(
    work: UnitOfWork, order: str, step: OrderStep, *, part: str = "", promised_at: datetime | None = None
) -> Reply:
    """Take one step of an order: ``{"order": id, "state": word}``.

    Raises:
        Refusal: as `storage.stock.ordering.take_step`.
    """
    judged = step in {OrderStep.APPROVE, OrderStep.SEND}
    limit = approval_limit(work.connection, work.region) if judged else ANYTHING
    return take_step(work, order, step, approval_above=limit, part=part, promised_at=promised_at)


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
    found = []
    for one in orders_of(drafts):
        own, received = facts.get(one.id, []), arrived.get(one.id, {})
        sent = any(fact.step is OrderStep.SEND for fact in own)
        limit = ANYTHING if sent else approval_limit(connection, region)
        found.append(OrderThere(standing(one, own, approval_above=limit, received=received), received))
    return found
