"""Lots that did not pass and still lie in quarantine: why a place is short although its goods came."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from inventory.catalogue.place import PlaceKind
from inventory.stock.ledger import tally
from inventory.stock.move import Condition, Move
from inventory.supply.inspected import LotInspection
from inventory.supply.purchasing import PurchaseOrderLine
from inventory.supply.returned import Disposed
from kernel.errors import Message


@dataclass(frozen=True, slots=True)
class HeldLot:
    """A lot that was not accepted, as far as it is still held.

    Args:
        lot: its last inspection.
        place: where its order should have brought it.
        quantity: units of it in quarantine.
    """

    lot: LotInspection
    place: str
    quantity: int

    @property
    def why(self) -> Message:
        """The reason as a review gives it."""
        plan = self.lot.plan
        return Message(
            "reorder.held_back",
            {
                "quantity": self.quantity,
                "document": self.lot.document,
                "bad": self.lot.bad,
                "size": plan.size,
                "accept": plan.accept,
            },
        )


def held_back(
    ledger: Iterable[Move],
    kinds: Mapping[str, PlaceKind],
    inspections: Iterable[LotInspection],
    lines: Iterable[PurchaseOrderLine],
    disposed: Iterable[Disposed] = (),
    *,
    now: datetime,
) -> tuple[HeldLot, ...]:
    """Give the lots not accepted that are still in quarantine, newest first.

    Of a lot of which some units were presented again and accepted, or were decided on after they failed, the others are still held. What lies in quarantine of a
    part and lot number belongs to the lot that failed last, as far as that reaches, then to the one before it. A lot that
    names no order line is nobody's shortage and is not given.

    Args:
        ledger: all moves.
        kinds: kind by place id.
        inspections: lots inspected, in the order they were.
        lines: order lines; they say for which place a lot was meant.
        disposed: decisions on goods in quarantine that stand.
        now: the moment, aware.
    """
    failed = _failed(row for row in inspections if row.at <= now)
    if not failed:
        return ()
    gone: dict[tuple[str, str, str], list[Disposed]] = {}
    for one in disposed:
        if one.at <= now:
            gone.setdefault((one.delivery, one.part, one.lot), []).append(one)
    named = {row.part for row, _ in failed}
    there: dict[tuple[str, str], int] = {}
    for cell, units in tally(kinds, (move for move in ledger if move.part in named), until=now).items():
        if kinds.get(cell.place) is PlaceKind.QUARANTINE and cell.condition is Condition.QUARANTINED:
            there[cell.part, cell.lot] = there.get((cell.part, cell.lot), 0) + units
    meant_for = {(line.order, line.part): line.to_place for line in lines}
    found = []
    for row, left in sorted(failed, key=lambda found: found[0].at, reverse=True):
        decided = sum(
            one.quantity for one in gone.get((row.document, row.part, row.lot), ()) if one.at >= row.at
        )
        units = min(max(left - decided, 0), there.get((row.part, row.lot), 0))
        place = meant_for.get((row.document, row.part))
        if units and place is not None:
            there[row.part, row.lot] -= units
            found.append(HeldLot(row, place, units))
    return tuple(found)


def _failed(inspections: Iterable[LotInspection]) -> list[tuple[LotInspection, int]]:
    """The last inspection each lot failed, with the units that failed and were not accepted afterwards."""
    last: dict[tuple[str, str, str, str], LotInspection] = {}
    units: dict[tuple[str, str, str, str], int] = {}
    for row in inspections:
        key = (row.supplier, row.part, row.document, row.lot)
        if not row.judged.accepted:
            last[key] = row
            # Presented again and failed, they are units that had failed before: counted once.
            units[key] = units.get(key, 0) + row.units if row.original else max(units.get(key, 0), row.units)
        elif not row.original and key in units:
            units[key] -= row.units - row.bad
    return [(row, units[key]) for key, row in last.items() if units[key] > 0]
