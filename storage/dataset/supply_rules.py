"""What rows about orders and inspections have to keep together."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

from inventory.supply.inspected import after
from inventory.supply.ordering import OrderFact, orders_of, standing
from inventory.supply.switching import Standing
from kernel.errors import Refusal
from storage.dataset.draft import Accepted, Draft, Found

_NO_LIMIT = Decimal(10) ** 30
"""Who may spend how much is the company's to say, not the file's: what was sent was sent."""


def orders_hold_together(accepted: Accepted) -> Iterator[Found]:
    """Lines of one order agree in supplier, place, moment and writer with its first."""
    first: dict[str, Draft] = {}
    for draft in accepted["order_drafts"]:
        kept = first.setdefault(draft.value.order, draft)
        try:
            orders_of((kept.value, draft.value) if kept is not draft else (kept.value,))
        except Refusal as refusal:
            yield "order_drafts", draft, "order_id", refusal


def steps_that_can_follow(accepted: Accepted) -> Iterator[Found]:
    """Steps of an order follow one another as they may; one that is refused has no effect on those after it."""
    orders = {order.id: order for order in orders_of(draft.value for draft in accepted["order_drafts"])}
    received: dict[str, dict[str, int]] = {}
    for draft in accepted["purchase_orders"]:
        line = draft.value
        received.setdefault(line.order, {})[line.part] = line.received
    done: dict[str, list[OrderFact]] = {}
    for draft in accepted["order_steps"]:
        fact = draft.value
        if fact.order not in orders:
            yield "order_steps", draft, "order_id", Refusal("supply.order_unknown", order=fact.order)
            continue
        before = done.setdefault(fact.order, [])
        try:
            standing(
                orders[fact.order],
                [*before, fact],
                approval_above=_NO_LIMIT,
                received=received.get(fact.order),
            )
        except Refusal as refusal:
            yield "order_steps", draft, "step", refusal
        else:
            before.append(fact)


def inspected_by_the_table_in_force(accepted: Accepted) -> Iterator[Found]:
    """Each lot was inspected as strictly as those before it ask for."""
    standings: dict[tuple[str, str], Standing] = {}
    for draft in accepted["lot_inspections"]:
        lot = draft.value
        key = (lot.supplier, lot.part)
        try:
            standings[key] = after(standings.get(key, Standing()), lot)
        except Refusal as refusal:
            column = "put_right" if refusal.code == "sampling.not_discontinued" else "severity"
            yield "lot_inspections", draft, column, refusal


RULES: tuple[Callable[[Accepted], Iterator[Found]], ...] = (
    orders_hold_together,
    steps_that_can_follow,
    inspected_by_the_table_in_force,
)
"""In this order."""
