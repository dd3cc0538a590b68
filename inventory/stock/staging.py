"""Getting tomorrow's vans ready: what to pick for each before it leaves, and what is missing, as values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from inventory.stock.position import PartPlace, Position
from inventory.stock.reservation import PlannedNeed, Reservation, active, unreserved
from kernel.ids import natural_key

_Key = TypeVar("_Key", bound=tuple[str, ...])


@dataclass(frozen=True, slots=True)
class PickLine:
    """`quantity` units of `part` for the demands named."""

    part: str
    quantity: int
    demands: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PickList:
    """What is picked at a depot for one van.

    Args:
        van: place id of the van.
        depot: place id the units are taken from.
        departs_at: when it has to be on board; None: when the van leaves is not known.
        lines: by part, in natural order.
    """

    van: str
    depot: str
    departs_at: datetime | None
    lines: tuple[PickLine, ...]


@dataclass(frozen=True, slots=True)
class Shortage:
    """`quantity` units that a van will need at `at` are neither on it, nor on their way to it, nor free at its depot."""

    van: str
    depot: str
    part: str
    quantity: int
    at: datetime
    demand_ref: str


@dataclass(frozen=True, slots=True)
class Staging:
    """What there is to do before the vans leave: lists by departure, shortages by the moment they hurt."""

    lists: tuple[PickList, ...]
    shortages: tuple[Shortage, ...]


def stage(
    needs: Iterable[PlannedNeed],
    positions: Mapping[PartPlace, Position],
    reservations: Iterable[Reservation],
    *,
    homes: Mapping[str, str],
    departs_at: Mapping[str, datetime],
    now: datetime,
) -> Staging:
    """Say what to bring to each van for the needs of the day.

    What is kept for a need or free on its van serves it first, then what is on its way there, then its depot. Where
    units do not go round the earliest need is served, of two at one moment the van first in natural order.

    Args:
        needs: what the day's plan takes, and where; those at places that are no van are passed over.
        positions: see `position.positions`.
        reservations: what is kept for whom; units kept at a depot for one of the needs are brought for it.
        homes: depot by van.
        departs_at: when each van leaves.
        now: the moment, aware.
    """
    kept = active(reservations, now)
    wanted = unreserved(tuple(need for need in needs if need.place in homes), kept)
    at_depot: dict[tuple[str, str, str], int] = {}
    for row in kept:
        key = (row.part, row.place, row.demand_ref)
        at_depot[key] = at_depot.get(key, 0) + row.left
    free = {key: max(0, row.available) for key, row in positions.items()}
    coming = {key: row.in_transit for key, row in positions.items()}
    picked: dict[tuple[str, str], list[tuple[str, int]]] = {}
    shortages: list[Shortage] = []
    for need in sorted(wanted, key=lambda row: (row.at, natural_key(row.place), natural_key(row.part))):
        van, depot = (need.part, need.place), (need.part, homes[need.place])
        left = need.quantity
        left -= _take(free, van, left)
        left -= _take(coming, van, left)
        brought = _take(at_depot, (*depot, need.demand_ref), left)
        brought += _take(free, depot, left - brought)
        if brought:
            picked.setdefault((need.place, need.part), []).append((need.demand_ref, brought))
        if left > brought:
            shortages.append(
                Shortage(need.place, homes[need.place], need.part, left - brought, need.at, need.demand_ref)
            )
    return Staging(_lists(picked, homes, departs_at), tuple(shortages))


def _take(left: dict[_Key, int], key: _Key, wanted: int) -> int:
    """Take up to `wanted` of what is left under a key; says how many."""
    taken = min(left.get(key, 0), wanted)
    if taken:
        left[key] -= taken
    return taken


def _lists(
    picked: Mapping[tuple[str, str], list[tuple[str, int]]],
    homes: Mapping[str, str],
    departs_at: Mapping[str, datetime],
) -> tuple[PickList, ...]:
    lines: dict[str, list[PickLine]] = {}
    for van, part in sorted(picked, key=lambda key: (natural_key(key[0]), natural_key(key[1]))):
        rows = picked[van, part]
        demands = tuple(dict.fromkeys(demand for demand, _ in rows))
        lines.setdefault(van, []).append(PickLine(part, sum(units for _, units in rows), demands))
    made = [PickList(van, homes[van], departs_at.get(van), tuple(rows)) for van, rows in lines.items()]
    return tuple(sorted(made, key=lambda row: row.departs_at.timestamp() if row.departs_at else float("inf")))
