"""Goods that left quarantine, as facts; what a supplier still owes for what was sent back to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from inventory.catalogue.place import PlaceKind
from inventory.stock.move import Move
from inventory.supply.disposition import Disposition, SupplierRemedy
from inventory.supply.receipt import receipts
from kernel.clock import utc
from kernel.errors import Refusal


@dataclass(frozen=True, slots=True)
class Disposed:
    """Somebody decided what goods in quarantine become.

    Args:
        id: natural key.
        at: when, aware.
        document: the record of the decision; what the supplier sends for a return comes by it.
        part: part id.
        quantity: units.
        way: what became of them.
        by: who decided.
        supplier: who sold them; empty: not known.
        delivery: the order or delivery they had come by; empty: not known.
        lot: their lot; empty: of no lot.
        serial: the one unit; empty: not known one by one.
        remedy: what the supplier owes; for a return only.
        due_at: when it owes it; for a return only.

    Raises:
        Refusal: ``stock.not_positive``, ``supply.remedy_missing``, ``supply.remedy_without_return``,
            ``supply.supplier_missing``, ``supply.due_before_return``, ``clock.naive_time``.
    """

    id: str
    at: datetime
    document: str
    part: str
    quantity: int
    way: Disposition
    by: str
    supplier: str = ""
    delivery: str = ""
    lot: str = ""
    serial: str = ""
    remedy: SupplierRemedy | None = None
    due_at: datetime | None = None

    def __post_init__(self) -> None:
        if self.quantity < 1:
            raise Refusal("stock.not_positive", id=self.id, value=self.quantity)
        object.__setattr__(self, "at", utc(self.at))
        if self.way is not Disposition.RETURN:
            if self.remedy is not None or self.due_at is not None:
                raise Refusal("supply.remedy_without_return", part=self.part, way=self.way.value)
            return
        if self.remedy is not None and not self.supplier:
            raise Refusal("supply.supplier_missing", part=self.part)
        if self.remedy is None or self.due_at is None:
            raise Refusal("supply.remedy_missing", part=self.part)
        object.__setattr__(self, "due_at", utc(self.due_at))
        if utc(self.due_at) < self.at:
            raise Refusal("supply.due_before_return", id=self.id)


@dataclass(frozen=True, slots=True)
class Duty:
    """What a supplier owes for goods sent back.

    Args:
        about: the return.
        due_at: when it has to be there, aware.
        left: units still owed.
        late: it is past due.
    """

    about: Disposed
    due_at: datetime
    left: int
    late: bool


def duties(
    disposed: Iterable[Disposed], ledger: Iterable[Move], kinds: Mapping[str, PlaceKind], *, now: datetime
) -> tuple[Duty, ...]:
    """What suppliers still owe, the earliest due first.

    What comes in from outside by the document of a return settles it, from the moment of the return on; of several by one
    document the oldest first.

    Args:
        disposed: decisions so far.
        ledger: all moves; receipts that were taken back settle nothing.
        kinds: kind by place id.
        now: the moment, aware.
    """
    rows = sorted(
        (row for row in disposed if row.way is Disposition.RETURN and row.at <= now),
        key=lambda row: (row.at, row.id),
    )
    left = [row.quantity for row in rows]
    by_document: dict[tuple[str, str], list[int]] = {}
    for at, row in enumerate(rows):
        by_document.setdefault((row.document, row.part), []).append(at)
    named = [move for move in ledger if (move.source_document, move.part) in by_document and move.at <= now]
    for move in sorted(receipts(named, kinds), key=lambda move: move.at):
        came = move.quantity
        for at in by_document[move.source_document, move.part]:
            if rows[at].at <= move.at:
                settled = min(came, left[at])
                left[at] -= settled
                came -= settled
    found = [
        Duty(row, row.due_at, units, row.due_at < now)
        for row, units in zip(rows, left, strict=True)
        if units and row.due_at is not None
    ]
    return tuple(sorted(found, key=lambda duty: (duty.due_at, duty.about.id)))
