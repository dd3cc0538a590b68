"""Where a part stands at a place: the fold of the ledger beside what is promised and what is coming."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from inventory.catalogue.place import SHELVES, Place, PlaceKind
from inventory.stock.move import Cell, Condition
from inventory.stock.reservation import Reservation
from kernel.ids import natural_key

PartPlace = tuple[str, str]
"""A part id and a place id."""


@dataclass(frozen=True, slots=True)
class Position:
    """One part at one place, in whole units.

    Args:
        part: part id.
        place: place id.
        on_hand: everything that lies there, whatever its condition.
        usable: of that, what may be used (usable condition, on a shelf rather than in quarantine).
        reserved: kept for somebody.
        in_transit: usable units on their way here.
        on_order: ordered from suppliers for here and still to come.
    """

    part: str
    place: str
    on_hand: int = 0
    usable: int = 0
    reserved: int = 0
    in_transit: int = 0
    on_order: int = 0

    @property
    def available(self) -> int:
        """Usable less reserved; below zero when promised goods were lost or found damaged."""
        return self.usable - self.reserved


def positions(
    totals: Mapping[Cell, int],
    places: Iterable[Place],
    *,
    reservations: Iterable[Reservation] = (),
    on_order: Mapping[PartPlace, int] | None = None,
    barred: frozenset[tuple[str, str]] = frozenset(),
) -> dict[PartPlace, Position]:
    """Read balances as positions.

    Args:
        totals: balances, as `ledger.tally` or `Balances.totals` give them.
        places: all places; only shelves and quarantine have positions.
        reservations: what is kept for whom, see `reservation.active`.
        on_order: units still to come from suppliers, by part and place.
        barred: lots out of date, as (part, lot): on hand, not usable.

    Returns:
        A position for every part and place with something to say, in natural order of part, then place.
    """
    kinds = {place.id: place.kind for place in places}
    figures: dict[PartPlace, list[int]] = {}
    for cell, quantity in totals.items():
        kind = kinds.get(cell.place)
        fit = cell.condition is Condition.USABLE and (cell.part, cell.lot) not in barred
        usable = quantity if fit else 0
        if kind is PlaceKind.IN_TRANSIT:
            _add(figures, (cell.part, cell.bound_for), in_transit=usable)
        elif kind in SHELVES:
            _add(figures, (cell.part, cell.place), on_hand=quantity, usable=usable)
        elif kind is PlaceKind.QUARANTINE:
            _add(figures, (cell.part, cell.place), on_hand=quantity)
    for row in reservations:
        _add(figures, (row.part, row.place), reserved=row.left)
    for key, quantity in (on_order or {}).items():
        _add(figures, key, on_order=quantity)
    order = sorted(figures, key=lambda key: (natural_key(key[0]), natural_key(key[1])))
    return {key: Position(*key, *figures[key]) for key in order if any(figures[key])}


def _add(
    figures: dict[PartPlace, list[int]],
    key: PartPlace,
    *,
    on_hand: int = 0,
    usable: int = 0,
    reserved: int = 0,
    in_transit: int = 0,
    on_order: int = 0,
) -> None:
    row = figures.setdefault(key, [0, 0, 0, 0, 0])
    for index, quantity in enumerate((on_hand, usable, reserved, in_transit, on_order)):
        row[index] += quantity
