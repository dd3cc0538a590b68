"""Goods that left quarantine, as facts; what a supplier still owes for what was sent back to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from inventory.catalogue.place import PHYSICAL, PlaceKind
from inventory.stock.move import Move
from inventory.supply.disposition import Disposition, SupplierRemedy
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

    What comes in from outside by the document of a return settles it; of several by one document the oldest first.

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
    documents = {row.document for row in rows}
    moves = [move for move in ledger if move.source_document in documents and move.at <= now]
    taken_back = {move.reverses for move in moves if move.reverses}
    came: dict[tuple[str, str], int] = {}
    for move in moves:
        inwards = kinds.get(move.from_place) is PlaceKind.SUPPLIER and kinds.get(move.to_place) in PHYSICAL
        if inwards and not move.reverses and move.id not in taken_back:
            key = (move.source_document, move.part)
            came[key] = came.get(key, 0) + move.quantity
    found: list[Duty] = []
    for row in rows:
        key = (row.document, row.part)
        settled = min(came.get(key, 0), row.quantity)
        came[key] = came.get(key, 0) - settled
        if settled < row.quantity and row.due_at is not None:
            found.append(Duty(row, row.due_at, row.quantity - settled, row.due_at < now))
    return tuple(sorted(found, key=lambda duty: (duty.due_at, duty.about.id)))
