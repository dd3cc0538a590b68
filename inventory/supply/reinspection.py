"""Stock that has lain too long is looked at again: due dates by class of part, counted from the oldest unit there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from inventory.catalogue.place import PHYSICAL, SHELVES, PlaceKind
from inventory.stock.ledger import tally
from inventory.stock.lot import day_of
from inventory.stock.move import Condition, Move
from kernel.clock import utc
from kernel.errors import Refusal
from kernel.ids import natural_key


@dataclass(frozen=True, slots=True)
class ReinspectionRule:
    """Parts of a class are looked at again every so many days.

    Raises:
        Refusal: ``supply.days_not_positive``.
    """

    part_class: str
    every_days: int

    def __post_init__(self) -> None:
        if self.every_days < 1:
            raise Refusal("supply.days_not_positive", part_class=self.part_class, value=self.every_days)


@dataclass(frozen=True, slots=True)
class LookedAt:
    """Stock of a part and lot was inspected again where it lay.

    Args:
        part: part id.
        lot: their lot; empty: of no lot.
        at: when, aware.
        place: where it lay.
        units: usable units there, all of them looked at.
        bad: of these, quarantined.
        id: natural key.
        by: who looked.

    Raises:
        Refusal: ``stock.not_positive``, ``supply.bad_out_of_range``, ``clock.naive_time``.
    """

    part: str
    lot: str
    at: datetime
    place: str
    units: int
    bad: int = 0
    id: str = ""
    by: str = ""

    def __post_init__(self) -> None:
        if self.units < 1:
            raise Refusal("stock.not_positive", id=self.id, value=self.units)
        if not 0 <= self.bad <= self.units:
            raise Refusal("supply.bad_more_than_looked_at", part=self.part, bad=self.bad, units=self.units)
        object.__setattr__(self, "at", utc(self.at))


@dataclass(frozen=True, slots=True)
class Due:
    """Units to look at again.

    Args:
        part: part id.
        lot: their lot; empty: of no lot.
        place: where they lie.
        quantity: usable units there.
        since: the day they came, or were last looked at.
        due_on: the last day to look at them in time.
        late_days: days past that; 0: in time.
    """

    part: str
    lot: str
    place: str
    quantity: int
    since: date
    due_on: date
    late_days: int


def due_for_inspection(
    ledger: Iterable[Move],
    kinds: Mapping[str, PlaceKind],
    *,
    classes: Mapping[str, str],
    rules: Iterable[ReinspectionRule],
    looked_at: Iterable[LookedAt],
    now: datetime,
    ahead_days: int = 0,
    zone_name: str = "UTC",
) -> tuple[Due, ...]:
    """What has to be looked at again by now, or within so many days; latest first, then natural order.

    Units of one part and lot leave in the order they came, so the oldest there are the last that came in. What moves
    between our places grows no younger by it, and what was looked at in one place was not looked at in another: what
    was brought there after the last look keeps its own day, in a line of its own.

    Args:
        ledger: all moves.
        kinds: kind by place id.
        classes: class by part id; a part without one is never due.
        rules: one a class.
        looked_at: inspections of stock so far.
        now: the moment, aware.
        ahead_days: days to look ahead.
        zone_name: whose calendar says what day it is.
    """
    moves = tuple(
        move for move in ledger if move.at <= now and move.from_place in kinds and move.to_place in kinds
    )
    every = {rule.part_class: rule.every_days for rule in rules}
    today = day_of(now, zone_name=zone_name)
    seen: dict[tuple[str, str, str], datetime] = {}
    for row in looked_at:
        if row.at <= now:
            there = (row.part, row.lot, row.place)
            seen[there] = max(row.at, seen.get(there, row.at))
    brought = _brought(moves, kinds, seen)
    totals = tally(kinds, moves)
    ours: dict[tuple[str, str], int] = {}
    for cell, units in totals.items():
        if kinds[cell.place] in PHYSICAL:
            ours[cell.part, cell.lot] = ours.get((cell.part, cell.lot), 0) + units
    came = _oldest(moves, kinds, ours, zone_name)
    found: list[Due] = []
    for cell, units in totals.items():
        wanted = every.get(classes.get(cell.part, ""))
        on_shelf = kinds[cell.place] in SHELVES and cell.condition is Condition.USABLE
        if wanted is None or not on_shelf or units < 1:
            continue
        there = (cell.part, cell.lot, cell.place)
        oldest = came[cell.part, cell.lot]
        later = min(units, brought.get(there, 0))
        looked = max(oldest, day_of(seen[there], zone_name=zone_name)) if there in seen else oldest
        for count, since in ((units - later, looked), (later, oldest)):
            due_on = since + timedelta(days=wanted)
            if count and due_on <= today + timedelta(days=ahead_days):
                late = max(0, (today - due_on).days)
                found.append(Due(*there, count, since, due_on, late))
    return tuple(
        sorted(
            found,
            key=lambda row: (row.due_on, natural_key(row.part), natural_key(row.lot), natural_key(row.place)),
        )
    )


def _brought(
    moves: tuple[Move, ...], kinds: Mapping[str, PlaceKind], seen: Mapping[tuple[str, str, str], datetime]
) -> dict[tuple[str, str, str], int]:
    """Units brought to a place from another of ours since it was last looked at; a way taken back brought none."""
    at_of = {move.id: move.at for move in moves}
    brought: dict[tuple[str, str, str], int] = {}
    for move in moves:
        there = (move.part, move.lot, move.to_place)
        ours = kinds[move.from_place] in PHYSICAL and move.condition is Condition.USABLE
        if there not in seen or not ours or move.at <= seen[there]:
            continue
        # What had left after the look and came back was looked at.
        if not move.reverses or at_of.get(move.reverses, move.at) <= seen[there]:
            brought[there] = brought.get(there, 0) + move.quantity
    return brought


def _oldest(
    moves: tuple[Move, ...],
    kinds: Mapping[str, PlaceKind],
    ours: Mapping[tuple[str, str], int],
    zone_name: str,
) -> dict[tuple[str, str], date]:
    """The day on which the oldest unit still ours came, by part and lot."""
    left = dict(ours)
    oldest: dict[tuple[str, str], date] = {}
    for move in sorted(moves, key=lambda move: move.at, reverse=True):
        key = (move.part, move.lot)
        inwards = kinds[move.from_place] not in PHYSICAL and kinds[move.to_place] in PHYSICAL
        # A change of condition leaves the count and comes back in one document: those units did not come anew.
        if not inwards or left.get(key, 0) <= 0 or kinds[move.from_place] is PlaceKind.ADJUSTMENT:
            continue
        left[key] -= move.quantity
        oldest[key] = day_of(move.at, zone_name=zone_name)
    # Opening stock and what a count found came through adjustment: no older receipt accounts for it.
    for move in moves:
        key = (move.part, move.lot)
        if left.get(key, 0) > 0 and kinds[move.to_place] in PHYSICAL:
            day = day_of(move.at, zone_name=zone_name)
            oldest[key] = min(day, oldest.get(key, day))
    return oldest
