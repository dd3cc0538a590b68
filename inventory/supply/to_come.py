"""What is still to come: units on order, units that wait for their inspection, units a supplier owes for goods sent back."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from inventory.catalogue.place import PHYSICAL, PlaceKind
from inventory.stock.ledger import tally
from inventory.stock.move import Condition, Move
from inventory.supply.inspected import LotInspection
from inventory.supply.limits import Agreement, agreement_for
from inventory.supply.purchasing import PurchaseOrderLine
from inventory.supply.returned import Disposed, RemedyPromise, duties
from inventory.supply.shipment import is_complete
from kernel.errors import Message, Value

A_DAY = timedelta(days=1)
"""How long what waits for its inspection is thought to take yet: nobody has said when."""


def still_to_come(line: PurchaseOrderLine, agreements: Iterable[Agreement]) -> int:
    """Units of an order line that are still expected: none where enough has come by the supplier's agreement.

    >>> from datetime import UTC
    >>> from decimal import Decimal
    >>> line = PurchaseOrderLine("O", "S", "P", 20, "D", datetime(2026, 3, 2, tzinfo=UTC), received=19)
    >>> still_to_come(line, ()), still_to_come(line, [Agreement("S", under_share=Decimal("0.05"))])
    (1, 0)
    """
    under = agreement_for(agreements, line.supplier).under_share
    return 0 if is_complete(line, under_share=under) else line.outstanding


def on_order(
    lines: Iterable[PurchaseOrderLine], *, now: datetime, agreements: Iterable[Agreement]
) -> dict[tuple[str, str], int]:
    """Units ordered by `now` and still to come, by part and place; see `still_to_come`."""
    agreed = tuple(agreements)
    totals: dict[tuple[str, str], int] = {}
    for line in lines:
        if line.ordered_at <= now and line.outstanding and (units := still_to_come(line, agreed)):
            key = (line.part, line.to_place)
            totals[key] = totals.get(key, 0) + units
    return totals


@dataclass(frozen=True, slots=True)
class Expected:
    """Units that are neither usable nor on order and are expected all the same.

    Args:
        part: part id.
        place: where their order was to bring them.
        at: when they are expected, aware.
        quantity: units expected to be accepted; 0: they are owed and past their date, nobody counts on them.
        why: the reason as a review gives it.
    """

    part: str
    place: str
    at: datetime
    quantity: int
    why: Message


def expected(
    ledger: Iterable[Move],
    kinds: Mapping[str, PlaceKind],
    lines: Iterable[PurchaseOrderLine],
    inspections: Iterable[LotInspection],
    disposed: Iterable[Disposed],
    promises: Iterable[RemedyPromise] = (),
    *,
    accepted: Callable[[str, str], float],
    now: datetime,
) -> tuple[Expected, ...]:
    """Give what waits for its first inspection, and what suppliers owe for returns, as far as it will be accepted.

    Goods that came into quarantine by an order, or by a return's document, and were neither inspected nor decided on, are
    expected a day from now; what is owed, on its due date. Once that has passed nobody has said when it comes: it is told with
    no unit counted. What names no order line of ours is expected nowhere: nobody knows where it belongs. Of each the share
    that is usually accepted counts, rounded down.

    Args:
        ledger: all moves.
        kinds: kind by place id.
        lines: order lines; they say for which place goods are meant.
        inspections: lots inspected.
        disposed: decisions on goods in quarantine.
        promises: later dates named for what is owed.
        accepted: by supplier and part, the share that is accepted.
        now: the moment, aware.
    """
    moves, decided = tuple(ledger), [row for row in disposed if row.at <= now]
    meant = {(row.order, row.part): (row.to_place, row.supplier) for row in lines}
    for row in decided:
        if row.remedy is not None and (row.delivery, row.part) in meant:
            meant[row.document, row.part] = (meant[row.delivery, row.part][0], row.supplier)
    found = []
    waiting = _waiting(moves, kinds, meant, inspections, decided, now=now)
    for (document, part), units in waiting.items():
        place, supplier = meant[document, part]
        count = math.floor(units * accepted(supplier, part) + 1e-9)
        said: dict[str, Value] = {"quantity": count, "units": units, "document": document}
        if count:
            found.append(Expected(part, place, now + A_DAY, count, Message("reorder.waits_inspection", said)))
    for duty in duties(decided, moves, kinds, promises, now=now):
        about = duty.about
        if (about.delivery, about.part) not in meant:
            continue
        late = duty.expected_at <= now
        count = 0 if late else math.floor(duty.left * accepted(about.supplier, about.part) + 1e-9)
        told: dict[str, Value] = {
            "units": duty.left,
            "supplier": about.supplier,
            "document": about.document,
            "due_at": duty.expected_at.isoformat(),
        }
        why = (
            Message("reorder.owed_late", told)
            if late
            else Message("reorder.owed", {**told, "quantity": count})
        )
        if count or late:
            place = meant[about.delivery, about.part][0]
            found.append(Expected(about.part, place, duty.expected_at, count, why))
    return tuple(found)


def _waiting(
    moves: tuple[Move, ...],
    kinds: Mapping[str, PlaceKind],
    meant: Mapping[tuple[str, str], tuple[str, str]],
    inspections: Iterable[LotInspection],
    decided: Iterable[Disposed],
    *,
    now: datetime,
) -> dict[tuple[str, str], int]:
    """Units by document and part that came into quarantine and were not looked at, never more than lie there."""
    came: dict[tuple[str, str], int] = {}
    for move in moves:
        key = (move.source_document, move.part)
        if key in meant and move.at <= now and move.condition is Condition.QUARANTINED:
            into, out = kinds.get(move.to_place), kinds.get(move.from_place)
            arrived = (out is PlaceKind.SUPPLIER and into in PHYSICAL and not move.reverses) - (
                into is PlaceKind.SUPPLIER and out in PHYSICAL and bool(move.reverses)
            )
            came[key] = came.get(key, 0) + arrived * move.quantity
    if not came:
        return {}
    looked_at: dict[tuple[str, str], int] = {}
    for row in inspections:
        if row.original and row.at <= now:
            looked_at[row.document, row.part] = looked_at.get((row.document, row.part), 0) + row.units
    gone: dict[tuple[str, str], int] = {}
    for one in decided:
        gone[one.delivery, one.part] = gone.get((one.delivery, one.part), 0) + one.quantity
    parts = {part for _, part in came}
    there: dict[str, int] = {}
    for cell, units in tally(kinds, (move for move in moves if move.part in parts), until=now).items():
        if kinds.get(cell.place) is PlaceKind.QUARANTINE and cell.condition is Condition.QUARANTINED:
            there[cell.part] = there.get(cell.part, 0) + units
    found: dict[tuple[str, str], int] = {}
    for key, units in reversed(came.items()):
        done = max(looked_at.get(key, 0), gone.get(key, 0))
        left = min(max(0, units - done), there.get(key[1], 0))
        if left:
            there[key[1]] -= left
            found[key] = left
    return found
