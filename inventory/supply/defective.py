"""Broken units on shelves and in vans: what came out of a device, or was found bad, and goes back, to the bench or to scrap."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from inventory.catalogue.place import SHELVES, PlaceKind
from inventory.stock.ledger import tally, traced
from inventory.stock.move import Condition, Move
from kernel.ids import natural_key


class NextStep(StrEnum):
    """What is done with it next: brought to the van's depot, or put into quarantine, where it is decided on."""

    BRING = "bring"
    QUARANTINE = "quarantine"


@dataclass(frozen=True, slots=True)
class Defective:
    """Damaged units that lie somewhere and have not been decided on.

    Args:
        part: part id.
        place: where they lie.
        lot: their lot; empty: of no lot.
        serial: the one unit; empty: not known one by one.
        quantity: units.
        since: when the oldest of them came there; who takes out takes the oldest.
        next: what is done with them next.
        to_place: the depot a van's units are brought to; empty: they lie where they are decided on, or nobody knows.
    """

    part: str
    place: str
    lot: str
    serial: str
    quantity: int
    since: datetime
    next: NextStep
    to_place: str = ""


def defectives(
    ledger: Iterable[Move], kinds: Mapping[str, PlaceKind], homes: Mapping[str, str], *, now: datetime
) -> tuple[Defective, ...]:
    """Give everything damaged on shelves and in vans, what lies longest first.

    Args:
        ledger: all moves, in their order.
        kinds: kind by place id.
        homes: the depot a van leaves from, by van.
        now: the moment, aware.
    """
    moves = [move for move in ledger if move.at <= now]
    standing = traced(kinds, moves)
    lying: dict[tuple[str, str, str, str], int] = {}
    for cell, units in tally(kinds, moves).items():
        if units > 0 and cell.condition is Condition.DAMAGED and kinds.get(cell.place) in SHELVES:
            lying[cell.part, cell.place, cell.lot, ""] = units
    for (part, serial), cell in standing.items():
        known = (part, cell.place, cell.lot, "")
        if cell.condition is Condition.DAMAGED and lying.get(known, 0) > 0:
            lying[known] -= 1
            lying[part, cell.place, cell.lot, serial] = 1
    came = _came(moves)
    found = [
        Defective(
            part,
            place,
            lot,
            serial,
            units,
            _oldest(came.get((part, place, lot, serial), ()), units, now),
            NextStep.BRING if kinds[place] is PlaceKind.VAN else NextStep.QUARANTINE,
            homes.get(place, "") if kinds[place] is PlaceKind.VAN else "",
        )
        for (part, place, lot, serial), units in lying.items()
        if units
    ]
    return tuple(
        sorted(found, key=lambda one: (one.since, natural_key(one.part), one.place, one.lot, one.serial))
    )


def _came(moves: Iterable[Move]) -> dict[tuple[str, str, str, str], list[tuple[datetime, int]]]:
    """Damaged units as they came, by part, place, lot and serial."""
    found: dict[tuple[str, str, str, str], list[tuple[datetime, int]]] = {}
    for move in moves:
        if move.condition is Condition.DAMAGED:
            key = (move.part, move.to_place, move.lot, move.serial)
            found.setdefault(key, []).append((move.at, move.quantity))
    return found


def _oldest(came: Sequence[tuple[datetime, int]], units: int, now: datetime) -> datetime:
    """When the oldest of the last `units` that came did; `now` where none is known to have come."""
    since = now
    for at, some in reversed(came):
        since, units = at, units - some
        if units <= 0:
            break
    return since
