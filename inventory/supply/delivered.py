"""Deliveries as the ledger, the orders and the inspections tell them: what a scorecard adds up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from inventory.catalogue.place import PHYSICAL, PlaceKind
from inventory.stock.move import Move
from inventory.supply.inspected import LotInspection
from inventory.supply.purchasing import PurchaseOrderLine
from inventory.supply.supplier import Delivery


def deliveries(
    ledger: Iterable[Move],
    kinds: Mapping[str, PlaceKind],
    lines: Iterable[PurchaseOrderLine],
    inspections: Iterable[LotInspection],
) -> tuple[Delivery, ...]:
    """Give what came on each order line, units that arrived at one moment together, oldest first.

    Bad are, of a lot that was accepted, the bad units of its sample, and all units of a lot that was not; a lot
    presented again says nothing new. They belong to the delivery of that order and part last before the inspection, as far as it
    reaches, then to the one before it. Goods that name no order line are in no delivery: nobody knows when they were ordered.

    Args:
        ledger: all moves; receipts that were taken back are no deliveries.
        kinds: kind by place id.
        lines: order lines, with the first date confirmed.
        inspections: lots inspected.
    """
    moves = tuple(ledger)
    taken_back = {move.reverses for move in moves if move.reverses}
    ordered = {(line.order, line.part): line for line in lines}
    came: dict[tuple[str, str, datetime], int] = {}
    for move in moves:
        line = ordered.get((move.source_document, move.part))
        inwards = kinds.get(move.from_place) is PlaceKind.SUPPLIER and kinds.get(move.to_place) in PHYSICAL
        if line is None or not inwards or move.reverses or move.id in taken_back or move.at < line.ordered_at:
            continue
        key = (move.source_document, move.part, move.at)
        came[key] = came.get(key, 0) + move.quantity
    rows = [
        Delivery(
            ordered[order, part].supplier,
            part,
            order,
            ordered[order, part].ordered_at,
            ordered[order, part].promised_at,
            at,
            units,
        )
        for (order, part, at), units in sorted(came.items(), key=lambda item: (item[0][2], item[0][:2]))
    ]
    for lot in inspections:
        if lot.original:
            _blame(rows, lot, lot.bad if lot.judged.accepted else lot.units)
    return tuple(rows)


def _blame(rows: list[Delivery], lot: LotInspection, bad: int) -> None:
    for at in range(len(rows) - 1, -1, -1):
        row = rows[at]
        named = (row.supplier, row.part, row.order) == (lot.supplier, lot.part, lot.document)
        if named and row.arrived_at <= lot.at:
            more = min(bad, row.quantity - row.bad)
            rows[at] = replace(row, bad=row.bad + more)
            bad -= more
