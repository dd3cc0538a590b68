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
    *,
    now: datetime,
) -> tuple[HeldLot, ...]:
    """Give the lots not accepted that are still in quarantine, newest first.

    What lies in quarantine of a part and lot number belongs to the lot inspected last, as far as that reaches, then to the
    one before it. A lot that names no order line is nobody's shortage and is not given.

    Args:
        ledger: all moves.
        kinds: kind by place id.
        inspections: lots inspected, in the order they were.
        lines: order lines; they say for which place a lot was meant.
        now: the moment, aware.
    """
    last = {
        (row.supplier, row.part, row.document, row.lot): row for row in inspections if row.at <= now
    }  # presented again, a lot is judged by that
    failed = [row for row in last.values() if not row.judged.accepted]
    if not failed:
        return ()
    named = {row.part for row in failed}
    there: dict[tuple[str, str], int] = {}
    for cell, units in tally(kinds, (move for move in ledger if move.part in named), until=now).items():
        if kinds.get(cell.place) is PlaceKind.QUARANTINE and cell.condition is Condition.QUARANTINED:
            there[cell.part, cell.lot] = there.get((cell.part, cell.lot), 0) + units
    meant_for = {(line.order, line.part): line.to_place for line in lines}
    found = []
    for row in sorted(failed, key=lambda row: row.at, reverse=True):
        units = min(row.units, there.get((row.part, row.lot), 0))
        place = meant_for.get((row.document, row.part))
        if units and place is not None:
            there[row.part, row.lot] -= units
            found.append(HeldLot(row, place, units))
    return tuple(found)
