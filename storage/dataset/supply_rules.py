"""What rows about orders and inspections have to keep together."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from inventory.supply.corrective import StepDone, report
from inventory.supply.inspected import after
from inventory.supply.ordering import NO_LIMIT, OrderFact, orders_of, standing
from inventory.supply.switching import Standing
from kernel.errors import Refusal
from storage.dataset.draft import Accepted, Draft, Found


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
                approval_above=NO_LIMIT,
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


def breaks_of_terms(accepted: Accepted) -> Iterator[Found]:
    """A price breaks only where the supplier sells the part at all."""
    sold = {(draft.value.supplier, draft.value.part) for draft in accepted["supplier_terms"]}
    for draft in accepted["price_breaks"]:
        row = draft.value
        if (row.supplier, row.part) not in sold:
            yield (
                "price_breaks",
                draft,
                "supplier_id",
                Refusal("supply.no_terms", supplier=row.supplier, part=row.part),
            )


def shipments_of_orders(accepted: Accepted) -> Iterator[Found]:
    """What is on its way was ordered; the order may have been cancelled since."""
    rows = (*accepted["purchase_orders"], *accepted["order_drafts"])
    ordered = {(draft.value.order, draft.value.part) for draft in rows}
    for draft in accepted["shipments"]:
        row = draft.value
        if (row.order, row.part) not in ordered:
            yield (
                "shipments",
                draft,
                "order_id",
                Refusal("supply.not_on_order", order=row.order, part=row.part),
            )


def readings_that_agree(accepted: Accepted) -> Iterator[Found]:
    """The readings of an inspection name as many bad units as the inspection counts."""
    read: dict[str, list[Draft]] = {}
    for draft in accepted["lot_readings"]:
        read.setdefault(draft.value.inspection, []).append(draft)
    for draft in accepted["lot_inspections"]:
        own = read.get(draft.value.id, [])
        bad = {row.value.unit for row in own if not row.value.is_right}
        if len(bad) == draft.value.bad:
            continue
        for row in own:
            refusal = Refusal(
                "supply.readings_disagree", inspection=draft.value.id, read=len(bad), counted=draft.value.bad
            )
            yield "lot_readings", row, "inspection_id", refusal


def reports_step_by_step(accepted: Accepted) -> Iterator[Found]:
    """Steps of an 8D report follow one another as they may; one that is refused has no effect on those after it."""
    about = {draft.value.id: draft.value for draft in accepted["nonconformances"]}
    done: dict[str, list[StepDone]] = {}
    for draft in accepted["corrective_steps"]:
        fact = draft.value
        before = done.setdefault(fact.report, [])
        try:
            report(about[fact.report], [*before, fact], now=max(row.at for row in (*before, fact)))
        except Refusal as refusal:
            yield "corrective_steps", draft, "discipline", refusal
        else:
            before.append(fact)


RULES: tuple[Callable[[Accepted], Iterator[Found]], ...] = (
    orders_hold_together,
    steps_that_can_follow,
    inspected_by_the_table_in_force,
    breaks_of_terms,
    shipments_of_orders,
    readings_that_agree,
    reports_step_by_step,
)
"""In this order."""
