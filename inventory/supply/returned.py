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
class RemedyPromise:
    """A supplier named another date for what it owes.

    Args:
        disposition: id of the return.
        at: when it said so, aware.
        promised_at: the date it named, aware.
        by: who wrote it down.

    Raises:
        Refusal: ``supply.remedy_date_past``, ``clock.naive_time``.
    """

    disposition: str
    at: datetime
    promised_at: datetime
    by: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "at", utc(self.at))
        object.__setattr__(self, "promised_at", utc(self.promised_at))
        if self.promised_at < self.at:
            raise Refusal("supply.remedy_date_past", disposition=self.disposition)


@dataclass(frozen=True, slots=True)
class Duty:
    """What a supplier owes for goods sent back.

    Args:
        about: the return.
        due_at: when it had to be there by what was agreed: this date is judged, aware.
        left: units still owed.
        late: the last date named has passed.
        promised: dates named since, as they came.
    """

    about: Disposed
    due_at: datetime
    left: int
    late: bool
    promised: tuple[datetime, ...] = ()

    @property
    def expected_at(self) -> datetime:
        """When it is expected: the last date named, else the one agreed."""
        return self.promised[-1] if self.promised else self.due_at


def duties(
    disposed: Iterable[Disposed],
    ledger: Iterable[Move],
    kinds: Mapping[str, PlaceKind],
    promises: Iterable[RemedyPromise] = (),
    *,
    now: datetime,
) -> tuple[Duty, ...]:
    """What suppliers still owe, the earliest expected first.

    What comes in from outside by the document of a return settles it, from the moment of the return on; of several by one
    document the oldest first.

    Args:
        disposed: decisions so far.
        ledger: all moves; receipts that were taken back settle nothing.
        kinds: kind by place id.
        promises: later dates named, in their order.
        now: the moment, aware.
    """
    named_for: dict[str, list[datetime]] = {}
    for one in promises:
        if one.at <= now:
            named_for.setdefault(one.disposition, []).append(one.promised_at)
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
    found = []
    for row, units in zip(rows, left, strict=True):
        if units and row.due_at is not None:
            promised = tuple(named_for.get(row.id, ()))
            late = (promised[-1] if promised else row.due_at) < now
            found.append(Duty(row, row.due_at, units, late, promised))
    return tuple(sorted(found, key=lambda duty: (duty.expected_at, duty.about.id)))
