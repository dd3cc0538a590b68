"""Everything inventory knows, as one frozen value: what a dataset or a database loads into."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from inventory.catalogue.loaner import LoanerClass, LoanerUnit
from inventory.catalogue.part import Alternate, Part
from inventory.catalogue.place import Place
from inventory.catalogue.price import PriceBreak
from inventory.catalogue.supplier import Supplier, SupplierTerms
from inventory.replenish.demand import DemandMonth
from inventory.replenish.policy import StockPolicy
from inventory.replenish.snooze import Snooze
from inventory.stock.counted import StockCount
from inventory.stock.ledger import Balances, Move, apply, tally
from inventory.stock.loan import Loan, LoanCheck, checked_in, with_check
from inventory.stock.lot import Lot, day_of, out_of_date
from inventory.stock.position import PartPlace, Position, positions
from inventory.stock.reservation import Reservation, active
from inventory.stock.sourcing import OfferKind, SupplyOffer
from inventory.supply.corrective import NonConformance, StepDone
from inventory.supply.inspected import LotInspection
from inventory.supply.inspection import Check
from inventory.supply.limits import Agreement, InspectionLimit, PartClass
from inventory.supply.measured import LotReading
from inventory.supply.ordering import DraftLine, OrderFact
from inventory.supply.purchasing import PurchaseOrderLine
from inventory.supply.receipt import DeliveryNote
from inventory.supply.reinspection import LookedAt, ReinspectionRule
from inventory.supply.returned import Disposed, RemedyPromise
from inventory.supply.shipment import Shipment
from inventory.supply.skipped import LotSkipped
from inventory.supply.to_come import on_order
from inventory.supply.undone import Undoable, Undone, standing
from kernel.errors import Refusal, Value


@dataclass(frozen=True, slots=True)
class Stockroom:
    """Parts, places, moves and everything around them, as tuples in the order they were given.

    `moves` stand in the order they were posted. `supply_offers` and `loans` name what they serve by an opaque
    reference.
    """

    parts: tuple[Part, ...] = ()
    alternates: tuple[Alternate, ...] = ()
    places: tuple[Place, ...] = ()
    lots: tuple[Lot, ...] = ()
    moves: tuple[Move, ...] = ()
    reservations: tuple[Reservation, ...] = ()
    suppliers: tuple[Supplier, ...] = ()
    terms: tuple[SupplierTerms, ...] = ()
    purchase_orders: tuple[PurchaseOrderLine, ...] = ()
    lot_inspections: tuple[LotInspection, ...] = ()
    order_drafts: tuple[DraftLine, ...] = ()
    order_steps: tuple[OrderFact, ...] = ()
    price_breaks: tuple[PriceBreak, ...] = ()
    agreements: tuple[Agreement, ...] = ()
    shipments: tuple[Shipment, ...] = ()
    part_classes: tuple[PartClass, ...] = ()
    inspection_limits: tuple[InspectionLimit, ...] = ()
    part_checks: tuple[Check, ...] = ()
    reinspection_rules: tuple[ReinspectionRule, ...] = ()
    lot_readings: tuple[LotReading, ...] = ()
    lots_skipped: tuple[LotSkipped, ...] = ()
    stock_inspections: tuple[LookedAt, ...] = ()
    dispositions: tuple[Disposed, ...] = ()
    nonconformances: tuple[NonConformance, ...] = ()
    corrective_steps: tuple[StepDone, ...] = ()
    undone: tuple[Undone, ...] = ()
    remedy_promises: tuple[RemedyPromise, ...] = ()
    delivery_notes: tuple[DeliveryNote, ...] = ()
    loaner_classes: tuple[LoanerClass, ...] = ()
    loaner_units: tuple[LoanerUnit, ...] = ()
    loans: tuple[Loan, ...] = ()
    loan_checks: tuple[LoanCheck, ...] = ()
    stock_counts: tuple[StockCount, ...] = ()
    demand_history: tuple[DemandMonth, ...] = ()
    stock_policies: tuple[StockPolicy, ...] = ()
    snoozes: tuple[Snooze, ...] = ()
    supply_offers: tuple[SupplyOffer, ...] = ()


@dataclass(frozen=True, slots=True)
class Flaw:
    """One row that cannot stand: which, where, why.

    Args:
        table: field of `Stockroom`.
        row: index in that tuple, from 0.
        column: field of the row; empty: the row as a whole.
        refusal: code and values.
    """

    table: str
    row: int
    column: str
    refusal: Refusal


def position(stockroom: Stockroom, now: datetime, *, zone_name: str = "UTC") -> dict[PartPlace, Position]:
    """Every part's position at every place, from what had happened by `now`; see `stock.position.positions`.

    Args:
        stockroom: everything there is.
        now: the moment, aware.
        zone_name: whose calendar says what day `now` is; lots out of date on it are on hand and not usable.
    """
    kinds = {place.id: place.kind for place in stockroom.places}
    return positions(
        tally(kinds, stockroom.moves, until=now),
        stockroom.places,
        reservations=active(stockroom.reservations, now),
        on_order=on_order(stockroom.purchase_orders, now=now, agreements=stockroom.agreements),
        barred=out_of_date(stockroom.lots, on=day_of(now, zone_name=zone_name)),
    )


def loans_of(stockroom: Stockroom) -> tuple[Loan, ...]:
    """The loans of the pool with what was found at the counter since; see `stock.loaner_pool.checked_in`."""
    return checked_in(stockroom.loans, stockroom.loan_checks) if stockroom.loan_checks else stockroom.loans


def lots_inspected(stockroom: Stockroom, *, now: datetime) -> tuple[LotInspection, ...]:
    """Lots inspected by `now` whose inspection was not taken back, in their order."""
    rows = (row for row in stockroom.lot_inspections if row.at <= now)
    return standing(rows, stockroom.undone, Undoable.INSPECTION, now=now)


def decided(stockroom: Stockroom, *, now: datetime) -> tuple[Disposed, ...]:
    """Decisions on goods in quarantine by `now` that were not taken back, in their order."""
    rows = (row for row in stockroom.dispositions if row.at <= now)
    return standing(rows, stockroom.undone, Undoable.DISPOSITION, now=now)


def looked_again(stockroom: Stockroom, *, now: datetime) -> tuple[LookedAt, ...]:
    """Stock looked at again by `now`, without what was taken back, in its order."""
    rows = (row for row in stockroom.stock_inspections if row.at <= now)
    return standing(rows, stockroom.undone, Undoable.REINSPECTION, now=now)


def opening(stockroom: Stockroom) -> Balances:
    """Balances before any move, knowing the stockroom's parts, places and lots."""
    tracking = {part.id: part.tracking for part in stockroom.parts}
    lots = {(lot.part, lot.id) for lot in stockroom.lots}
    return Balances.opening(tracking, stockroom.places, tracking=tracking, lots=lots)


def checked(stockroom: Stockroom) -> tuple[Flaw, ...]:
    """Find rows that name something unknown, say something twice, or move what is not there.

    Rows are judged in order and independently, except moves: a refused move has no effect on those after it.

    Returns:
        One `Flaw` a problem, in the order of the tables and rows; empty when all stands. Codes:
        ``stock.duplicate``, ``stock.unknown_part``, ``stock.unknown_place``, ``stock.unknown_supplier``,
        ``stock.unknown_loaner_class``, ``stock.unknown_loaner_unit``, ``stock.lent_twice``, and those of
        `ledger.apply`.
    """
    return tuple(_flaws(stockroom))


_KEYS: dict[str, tuple[str, ...]] = {
    "parts": ("id",),
    "alternates": ("part", "alternate"),
    "places": ("id",),
    "lots": ("part", "id"),
    "moves": ("id",),
    "suppliers": ("id",),
    "terms": ("supplier", "part"),
    "purchase_orders": ("order", "part"),
    "lot_inspections": ("id",),
    "order_drafts": ("order", "part"),
    "price_breaks": ("supplier", "part", "minimum"),
    "agreements": ("supplier",),
    "part_classes": ("part",),
    "inspection_limits": ("supplier", "part", "part_class"),
    "part_checks": ("part", "id"),
    "reinspection_rules": ("part_class",),
    "lot_readings": ("inspection", "check", "unit"),
    "stock_inspections": ("id",),
    "dispositions": ("id",),
    "nonconformances": ("id",),
    "undone": ("kind", "fact"),
    "loaner_classes": ("id",),
    "loaner_units": ("id",),
    "loans": ("id",),
    "demand_history": ("part", "place", "month"),
    "stock_policies": ("part", "place"),
    "supply_offers": ("id",),
}
"""What may stand once in a table. Reservations without an id may repeat: each keeps its own units."""

_REFERENCES: dict[str, dict[str, str]] = {
    "alternates": {"part": "part", "alternate": "part"},
    "lots": {"part": "part", "supplier": "supplier"},
    "reservations": {"part": "part", "place": "place"},
    "terms": {"supplier": "supplier", "part": "part"},
    "purchase_orders": {"supplier": "supplier", "part": "part", "to_place": "place"},
    "lot_inspections": {"supplier": "supplier", "part": "part"},
    "order_drafts": {"supplier": "supplier", "part": "part", "to_place": "place"},
    "price_breaks": {"supplier": "supplier", "part": "part"},
    "agreements": {"supplier": "supplier"},
    "shipments": {"part": "part"},
    "part_classes": {"part": "part"},
    "inspection_limits": {"supplier": "supplier", "part": "part"},
    "part_checks": {"part": "part"},
    "lots_skipped": {"supplier": "supplier", "part": "part"},
    "stock_inspections": {"part": "part", "place": "place"},
    "dispositions": {"supplier": "supplier", "part": "part"},
    "nonconformances": {"supplier": "supplier", "part": "part"},
    "delivery_notes": {"supplier": "supplier"},
    "loaner_classes": {"substitutes": "loaner_class"},
    "loaner_units": {"loaner_class": "loaner_class", "place": "place"},
    "loans": {"unit": "loaner_unit"},
    "loan_checks": {"loan": "loan"},
    "stock_counts": {"part": "part", "place": "place"},
    "demand_history": {"part": "part", "place": "place"},
    "stock_policies": {"part": "part", "place": "place"},
    "snoozes": {"part": "part", "place": "place"},
    "supply_offers": {"part": "part"},
}
"""Which field of a table names what; moves are judged by the ledger itself."""

_LEAVES_OPEN = frozenset({"lots", "agreements", "inspection_limits", "dispositions"})
"""Tables whose rows may name nobody: it is not known, or any is meant."""


def _flaws(stockroom: Stockroom) -> Iterator[Flaw]:
    known: dict[str, set[str]] = {
        "part": {row.id for row in stockroom.parts},
        "place": {row.id for row in stockroom.places},
        "supplier": {row.id for row in stockroom.suppliers},
        "loaner_class": {row.id for row in stockroom.loaner_classes},
        "loaner_unit": {row.id for row in stockroom.loaner_units},
        "loan": {row.id for row in stockroom.loans},
    }
    for table in (field.name for field in fields(stockroom)):
        rows: tuple[Any, ...] = getattr(stockroom, table)
        yield from _repeated(table, rows)
        if table == "reservations":
            yield from _reserved_again(rows)
        for column, what in _REFERENCES.get(table, {}).items():
            yield from _dangling(table, rows, column, what, known[what])
    yield from _offers(stockroom, known)
    yield from _undone(stockroom)
    yield from _lent_twice(stockroom)
    yield from _moves(stockroom)


def _repeated(table: str, rows: Iterable[Any]) -> Iterator[Flaw]:
    columns = _KEYS.get(table)
    if columns is None:
        return
    seen: set[tuple[str, ...]] = set()
    for index, row in enumerate(rows):
        key = tuple(str(getattr(row, column)) for column in columns)
        if key in seen:
            yield Flaw(table, index, columns[0], Refusal("stock.duplicate", id=" / ".join(key)))
        seen.add(key)


def _reserved_again(rows: tuple[Reservation, ...]) -> Iterator[Flaw]:
    seen: set[str] = set()
    for index, row in enumerate(rows):
        if row.id in seen:
            yield Flaw("reservations", index, "id", Refusal("stock.duplicate", id=row.id))
        seen.update(filter(None, (row.id,)))


def _dangling(table: str, rows: Iterable[Any], column: str, what: str, known: set[str]) -> Iterator[Flaw]:
    for index, row in enumerate(rows):
        named = getattr(row, column)
        for name in named if isinstance(named, tuple) else (named,):
            if name not in known and (name or table not in _LEAVES_OPEN):
                yield Flaw(table, index, column, _unknown(what, name))


def _unknown(what: str, name: str) -> Refusal:
    named: dict[str, Value] = {what: name}
    return Refusal(f"stock.unknown_{what}", at=None, **named)


def _offers(stockroom: Stockroom, known: dict[str, set[str]]) -> Iterator[Flaw]:
    for index, offer in enumerate(stockroom.supply_offers):
        what = "supplier" if offer.kind is OfferKind.PURCHASE else "place"
        if offer.source not in known[what]:
            yield Flaw("supply_offers", index, "source", _unknown(what, offer.source))


def _undone(stockroom: Stockroom) -> Iterator[Flaw]:
    known = {
        Undoable.INSPECTION: {row.id for row in stockroom.lot_inspections},
        Undoable.DISPOSITION: {row.id for row in stockroom.dispositions},
        Undoable.REINSPECTION: {row.id for row in stockroom.stock_inspections},
    }
    for index, row in enumerate(stockroom.undone):
        if row.fact not in known[row.kind]:
            refusal = Refusal("supply.undo_unknown", kind=row.kind.value, fact=row.fact)
            yield Flaw("undone", index, "fact", refusal)


def _lent_twice(stockroom: Stockroom) -> Iterator[Flaw]:
    known = {loan.id: loan for loan in stockroom.loans}
    for index, check in enumerate(stockroom.loan_checks):
        try:
            if check.loan in known:
                known[check.loan] = with_check(known[check.loan], check)
        except Refusal as refusal:
            yield Flaw("loan_checks", index, "", refusal)
    out: dict[str, str] = {}
    for index, loan in enumerate(known[loan.id] for loan in stockroom.loans):
        if loan.back_at is None:
            if loan.unit in out:
                yield Flaw(
                    "loans",
                    index,
                    "unit",
                    Refusal("stock.lent_twice", unit=loan.unit, loan=out[loan.unit]),
                )
            out[loan.unit] = loan.id


_COLUMN_OF_CODE = {
    "stock.unknown_part": "part",
    "stock.not_enough": "quantity",
    "stock.lot_not_enough": "quantity",
    "stock.lot_missing": "lot",
    "stock.unknown_lot": "lot",
    "stock.serial_missing": "serial",
    "stock.serial_not_tracked": "serial",
    "stock.serial_unknown": "serial",
    "stock.serial_elsewhere": "serial",
    "stock.key_reused": "key",
    "stock.transit_without_destination": "bound_for",
    "stock.not_a_destination": "bound_for",
    "stock.destination_without_transit": "bound_for",
    "stock.reverses_unknown": "reverses",
    "stock.reverses_reversal": "reverses",
    "stock.reversed_already": "reverses",
    "stock.reversal_differs": "reverses",
}


def _moves(stockroom: Stockroom) -> Iterator[Flaw]:
    balances = opening(stockroom)
    repeated: set[str] = set()
    for index, move in enumerate(stockroom.moves):
        if move.id in repeated:
            continue  # said as a duplicate already
        repeated.add(move.id)
        try:
            balances = apply(balances, move)
        except Refusal as refusal:
            column = _COLUMN_OF_CODE.get(refusal.code, "")
            if refusal.code == "stock.unknown_place":
                column = "from_place" if refusal.message.params["place"] == move.from_place else "to_place"
            yield Flaw("moves", index, column, refusal)
