"""Tomorrow's vans made ready from a plan's needs: what to pick at which depot for whom, and what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from inventory.catalogue.place import PlaceKind
from inventory.stock.position import PartPlace, Position
from inventory.stock.reservation import PlannedNeed, active, drawn, unreserved
from inventory.stock.staging import PickLine, PickList, Shortage, Staging, stage
from inventory.stockroom import Stockroom, position
from kernel.ids import natural_key


def picking(
    stockroom: Stockroom,
    needs: Iterable[PlannedNeed],
    *,
    before: Iterable[PlannedNeed] = (),
    carriers: Mapping[str, str],
    homes: Mapping[str, str],
    departs_at: Mapping[str, datetime],
    now: datetime,
    zone_name: str = "UTC",
    document: str = "",
) -> Staging:
    """Say what to pick before the vans leave on one day.

    What the plan takes at a depot is picked there first, for the one who will fetch it; then depots bring what is missing
    on the vans. Units that needs before the day will take are not given away: they are gone by then.

    Args:
        stockroom: everything there is.
        needs: what the plan takes on that day, and where.
        before: what it takes until then.
        carriers: who fetches for a need taken at a depot, by what it is for; without an entry nobody does.
        homes: depot by van.
        departs_at: when each van, or who fetches, leaves on that day.
        now: the moment, aware.
        zone_name: whose day it is; lots out of date on it are not picked.
        document: of the moves by which units were staged for this day already; they are not picked again. Empty: none.
    """
    rows = tuple(_unstaged(needs, stockroom, carriers, document)) if document else tuple(needs)
    kept = active(stockroom.reservations, now)
    standing = position(stockroom, now, zone_name=zone_name)
    vans = {place.id for place in stockroom.places if place.kind is PlaceKind.VAN}
    earlier = tuple(before)
    for need in unreserved(earlier, kept):
        standing, _ = _held(standing, need)
    kept = drawn(kept, earlier)
    fetched = tuple(need for need in rows if need.place not in vans and need.demand_ref in carriers)
    shortages: list[Shortage] = []
    lacking: dict[tuple[str, str, str], int] = {}
    for need in unreserved(fetched, kept):
        standing, units = _held(standing, need)
        if units < need.quantity:
            who, short = carriers[need.demand_ref], need.quantity - units
            shortages.append(Shortage(who, need.place, need.part, short, need.at, need.demand_ref))
            key = (need.part, need.place, need.demand_ref)
            lacking[key] = lacking.get(key, 0) + short
    lists: dict[tuple[str, str], dict[str, PickLine]] = {}
    for need in fetched:
        key = (need.part, need.place, need.demand_ref)
        short = min(lacking.get(key, 0), need.quantity)
        lacking[key] = lacking.get(key, 0) - short
        line = PickLine(need.part, need.quantity - short, (need.demand_ref,))
        _add(lists, carriers[need.demand_ref], need.place, line)
    brought = stage(
        (need for need in rows if need.place in vans),
        standing,
        drawn(kept, fetched),
        homes=homes,
        departs_at=departs_at,
        now=now,
    )
    for each in brought.lists:
        for line in each.lines:
            _add(lists, each.van, each.depot, line)
    made = [
        PickList(
            who, depot, departs_at.get(who), tuple(lines[part] for part in sorted(lines, key=natural_key))
        )
        for (who, depot), lines in lists.items()
    ]
    return Staging(
        tuple(sorted(made, key=lambda row: (_leaves(row), natural_key(row.van), natural_key(row.depot)))),
        tuple(
            sorted((*shortages, *brought.shortages), key=lambda row: (row.at, natural_key(row.demand_ref)))
        ),
    )


def _unstaged(
    needs: Iterable[PlannedNeed], stockroom: Stockroom, carriers: Mapping[str, str], document: str
) -> Iterator[PlannedNeed]:
    """Needs less what was brought to their carrier's van for this day already; a van's own needs find it aboard."""
    brought: dict[tuple[str, str, str], int] = {}
    for move in stockroom.moves:
        if move.source_document == document:
            ends, sign = (move.from_place, move.to_place), 1
            if move.reverses:
                ends, sign = (move.to_place, move.from_place), -1
            way = (move.part, *ends)
            brought[way] = brought.get(way, 0) + sign * move.quantity
    for need in needs:
        way = (need.part, need.place, carriers.get(need.demand_ref, ""))
        done = min(need.quantity, brought.get(way, 0))
        brought[way] = brought.get(way, 0) - done
        if need.quantity > done:
            yield replace(need, quantity=need.quantity - done)


def _held(standing: dict[PartPlace, Position], need: PlannedNeed) -> tuple[dict[PartPlace, Position], int]:
    """Positions once what there is for `need` is kept for it, and how many units that is."""
    key = (need.part, need.place)
    there = standing.get(key)
    units = 0 if there is None else max(0, min(there.available, need.quantity))
    if there is None or not units:
        return standing, 0
    return {**standing, key: replace(there, reserved=there.reserved + units)}, units


def _add(lists: dict[tuple[str, str], dict[str, PickLine]], who: str, depot: str, line: PickLine) -> None:
    if not line.quantity:
        return
    lines = lists.setdefault((who, depot), {})
    known = lines.get(line.part, PickLine(line.part, 0, ()))
    demands = tuple(dict.fromkeys((*known.demands, *line.demands)))
    lines[line.part] = PickLine(line.part, known.quantity + line.quantity, demands)


def _leaves(row: PickList) -> float:
    return row.departs_at.timestamp() if row.departs_at is not None else float("inf")
