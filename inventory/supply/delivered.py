"""Deliveries as the ledger, the orders and the inspections tell them: what a scorecard adds up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from inventory.catalogue.place import PlaceKind
from inventory.stock.move import Move
from inventory.supply.disposition import Disposition
from inventory.supply.inspected import LotInspection
from inventory.supply.purchasing import PurchaseOrderLine
from inventory.supply.receipt import receipts
from inventory.supply.returned import Disposed
from inventory.supply.supplier import Delivery


def deliveries(
    ledger: Iterable[Move],
    kinds: Mapping[str, PlaceKind],
    lines: Iterable[PurchaseOrderLine],
    inspections: Iterable[LotInspection],
    disposed: Iterable[Disposed],
) -> tuple[Delivery, ...]:
    """Give what came on each order line, units that arrived at one moment together, oldest first.

    Bad are, of a lot that was accepted, the bad units of its sample, and all units of a lot that was not; a lot
    presented again says nothing new. Bad is also what was sent back, scrapped or reworked beyond these, wherever it was found:
    on the shelf, on a device. They belong to the delivery of that order and part last before the inspection or decision, as
    far as it reaches, then to the one before it. Goods that name no order line are in no delivery: nobody knows when they were ordered.

    Args:
        ledger: all moves; receipts that were taken back are no deliveries.
        kinds: kind by place id.
        lines: order lines, with the first date confirmed.
        inspections: lots inspected.
        disposed: decisions on goods in quarantine; goods taken as they are were not bad enough to count.
    """
    ordered = {(line.order, line.part): line for line in lines}
    came: dict[tuple[str, str, datetime], int] = {}
    for move in receipts(ledger, kinds):
        line = ordered.get((move.source_document, move.part))
        if line is None or move.at < line.ordered_at:
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
    told: Counter[tuple[str, str]] = Counter()
    for lot in inspections:
        line = ordered.get((lot.document, lot.part))
        if lot.original and line is not None and line.supplier == lot.supplier:
            bad = lot.bad if lot.judged.accepted else lot.units
            told[lot.document, lot.part] += bad
            _blame(rows, lot.document, lot.part, bad, until=lot.at)
    for one in sorted(disposed, key=lambda row: (row.at, row.id)):
        if one.way is not Disposition.WAIVER:
            named = (one.delivery, one.part)
            known = min(told[named], one.quantity)
            told[named] -= known
            _blame(rows, one.delivery, one.part, one.quantity - known, until=one.at)
    return tuple(rows)


def _blame(rows: list[Delivery], order: str, part: str, bad: int, *, until: datetime) -> None:
    for at in range(len(rows) - 1, -1, -1):
        row = rows[at]
        if (row.order, row.part) == (order, part) and row.arrived_at <= until:
            more = min(bad, row.quantity - row.bad)
            rows[at] = replace(row, bad=row.bad + more)
            bad -= more
