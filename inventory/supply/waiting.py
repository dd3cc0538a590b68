"""What lies in quarantine, unit by unit of its delivery, and which decision it waits for since when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from inventory.catalogue.place import SHELVES, PlaceKind
from inventory.stock.move import Condition, Move
from inventory.supply.inspected import LotInspection
from inventory.supply.returned import Disposed, Duty
from kernel.ids import natural_key


class Awaited(StrEnum):
    """Who is asked next: whoever inspects, whoever decides what becomes of it, or the supplier it went back to."""

    INSPECTION = "inspect"
    DISPOSITION = "disposition"
    REMEDY = "remedy"


@dataclass(frozen=True, slots=True)
class Waiting:
    """Goods that are no stock to be had until somebody acts.

    Args:
        part: part id.
        place: where they lie; of what was sent back, where they lay; empty: not known.
        lot: their lot; empty: of no lot.
        quantity: units.
        document: the order, delivery or record they came by; of what was sent back, the record of the return.
        supplier: who sent them; empty: nobody knows, or they are of no delivery.
        awaited: what they wait for.
        since: when they came, failed their inspection, or went back.
        due_at: when the supplier's remedy is expected, by the last date named; None: nothing is laid down.
    """

    part: str
    place: str
    lot: str
    quantity: int
    document: str
    supplier: str
    awaited: Awaited
    since: datetime
    due_at: datetime | None = None


@dataclass(slots=True)
class _Layer:
    """Units of one receipt that still lie somewhere; `sent`: they came from outside."""

    document: str
    at: datetime
    units: int
    sent: bool


_Spot = tuple[str, str, str, Condition]
"""Part, place, lot and condition."""

_Delivered = tuple[str, str, str]
"""Document, part and lot: what an inspection is about."""


def waiting(
    ledger: Iterable[Move],
    kinds: Mapping[str, PlaceKind],
    *,
    inspections: Iterable[LotInspection],
    disposed: Iterable[Disposed],
    owed: Iterable[Duty],
    suppliers: Mapping[_Delivered, str],
    now: datetime,
) -> tuple[Waiting, ...]:
    """Give everything held, the longest waiting first.

    What leaves is of the delivery its document or decision names, else of the oldest there. Of a delivery the units that came
    first are those inspected first. What was found bad on a shelf, came back from a loan or was put there by hand was looked at.

    Args:
        ledger: all moves, in their order.
        kinds: kind by place id.
        inspections: lots inspected that stand.
        disposed: decisions that stand.
        owed: what suppliers still owe, see `inventory.supply.returned.duties`.
        suppliers: who sent what came, by document, part and lot.
        now: the moment, aware.
    """
    moves = _standing(move for move in ledger if move.at <= now)
    layers, came = _lying(moves, kinds, disposed)
    judged: Counter[_Delivered] = Counter()
    last: dict[_Delivered, datetime] = {}
    for row in inspections:
        about = (row.document, row.part, row.lot)
        judged[about] += row.units if row.original else 0
        last[about] = max(row.at, last.get(about, row.at))
    found: dict[tuple[str, str, str, str, Awaited], Waiting] = {}
    for spot, about, units, awaited, since in _split(layers, came, judged, last):
        part, place, lot, _ = spot
        key = (part, place, lot, about[0], awaited)
        before = found.get(key)
        found[key] = Waiting(
            part,
            place,
            lot,
            units + (before.quantity if before else 0),
            about[0],
            suppliers.get(about, ""),
            awaited,
            min(since, before.since) if before else since,
        )
    rows = [*found.values(), *(_sent_back(duty, moves, kinds) for duty in owed)]
    return tuple(sorted(rows, key=_order))


def _order(row: Waiting) -> tuple[object, ...]:
    named = (row.part, row.lot, row.place, row.document)
    return (row.since, *(natural_key(one) for one in named), row.awaited.value)


def _standing(ledger: Iterable[Move]) -> list[Move]:
    """The moves without those that were taken back and those that took them back."""
    back: set[str] = set()
    kept: list[Move] = []
    for move in reversed(tuple(ledger)):
        if move.id in back:
            continue
        if move.reverses:
            back.add(move.reverses)
        else:
            kept.append(move)
    return kept[::-1]


def _lying(
    moves: Iterable[Move], kinds: Mapping[str, PlaceKind], disposed: Iterable[Disposed]
) -> tuple[dict[_Spot, list[_Layer]], Counter[_Delivered]]:
    """What is held, receipt by receipt, and what came from outside to be held."""
    decided = {(row.document, row.part, row.lot): row.delivery for row in disposed}
    layers: dict[_Spot, list[_Layer]] = {}
    # A receipt that was taken back after others had come can leave earlier takings to be met by later receipts.
    missing: Counter[_Spot] = Counter()
    came: Counter[_Delivered] = Counter()
    for move in moves:
        out = (move.part, move.from_place, move.lot, move.condition)
        into = (move.part, move.to_place, move.lot, move.condition)
        taken: list[_Layer] = []
        if _is_held(out, kinds):
            of = decided.get((move.source_document, move.part, move.lot)) or move.source_document
            taken, short = _take(layers.get(out, []), of, move.quantity)
            missing[out] += short
        if not _is_held(into, kinds):
            continue
        rest = move.quantity - sum(layer.units for layer in taken)
        sent = kinds[move.from_place] is PlaceKind.SUPPLIER
        if rest:
            taken.append(_Layer(move.source_document, move.at, rest, sent))
        if sent:
            came[move.source_document, move.part, move.lot] += move.quantity
        for layer in taken:
            met = min(layer.units, missing[into])
            missing[into] -= met
            layer.units -= met
        layers.setdefault(into, []).extend(layer for layer in taken if layer.units)
    return layers, came


def _is_held(spot: _Spot, kinds: Mapping[str, PlaceKind]) -> bool:
    kind, condition = kinds.get(spot[1]), spot[3]
    return kind is PlaceKind.QUARANTINE or (kind in SHELVES and condition is Condition.QUARANTINED)


def _take(layers: list[_Layer], document: str, units: int) -> tuple[list[_Layer], int]:
    """Take units of a document first, then the oldest: what was taken, and how many were not there."""
    taken: list[_Layer] = []
    for layer in sorted(layers, key=lambda layer: layer.document != document):
        if units < 1:
            break
        some = min(units, layer.units)
        layer.units -= some
        units -= some
        taken.append(_Layer(layer.document, layer.at, some, layer.sent))
    layers[:] = [layer for layer in layers if layer.units]
    return taken, units


def _split(
    layers: Mapping[_Spot, list[_Layer]],
    came: Mapping[_Delivered, int],
    judged: Mapping[_Delivered, int],
    last: Mapping[_Delivered, datetime],
) -> Iterator[tuple[_Spot, _Delivered, int, Awaited, datetime]]:
    """Of what lies there of each delivery, the youngest that nobody has inspected yet, and the rest."""
    lying = [
        (spot, (layer.document, spot[0], spot[2]), layer) for spot, some in layers.items() for layer in some
    ]
    unseen = {about: units - judged.get(about, 0) for about, units in came.items()}
    for spot, about, layer in sorted(lying, key=lambda row: row[2].at, reverse=True):
        new = 0
        if layer.sent and spot[3] is Condition.QUARANTINED:
            new = min(layer.units, max(unseen.get(about, 0), 0))
            unseen[about] = unseen.get(about, 0) - new
        if new:
            yield spot, about, new, Awaited.INSPECTION, layer.at
        if layer.units > new:
            since = last.get(about, layer.at) if layer.sent else layer.at
            yield spot, about, layer.units - new, Awaited.DISPOSITION, since


def _sent_back(duty: Duty, moves: Iterable[Move], kinds: Mapping[str, PlaceKind]) -> Waiting:
    """What a supplier still owes for goods that lay here."""
    about = duty.about
    lay = (
        move.from_place
        for move in moves
        if (move.source_document, move.part, move.lot) == (about.document, about.part, about.lot)
        and kinds.get(move.to_place) is PlaceKind.SUPPLIER
    )
    return Waiting(
        about.part,
        next(lay, ""),
        about.lot,
        duty.left,
        about.document,
        about.supplier,
        Awaited.REMEDY,
        about.at,
        duty.expected_at,
    )
