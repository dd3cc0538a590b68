"""What a count leaves behind, whether or not it differed: who counted what, when, against which figure of the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from inventory.catalogue.place import PlaceKind
from inventory.stock.counting import COUNT_DIFFERENCE, CountedCell
from inventory.stock.ledger import tally
from inventory.stock.move import Cell, Condition, Move, cells
from inventory.stock.position import PartPlace
from kernel.clock import utc
from kernel.errors import Refusal


@dataclass(frozen=True, slots=True)
class StockCount:
    """One balance counted by one person.

    Args:
        document: the count it belongs to.
        part: part id.
        place: place id.
        condition: as found.
        lot: the lot; empty: of no lot.
        at: the moment of counting, aware.
        counted: units found.
        expected: units the ledger had at that moment.
        by: who counted.

    Raises:
        Refusal: ``stock.negative_count``, ``clock.naive_time``.
    """

    document: str
    part: str
    place: str
    condition: Condition
    lot: str
    at: datetime
    counted: int
    expected: int
    by: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "at", utc(self.at))
        if self.counted < 0:
            raise Refusal("stock.negative_count", part=self.part, place=self.place, value=self.counted)

    @property
    def agreed(self) -> bool:
        """Nothing was missing and nothing too many."""
        return self.counted == self.expected


def records(
    document: str, counts: Iterable[CountedCell], ledger: Iterable[Move], kinds: Mapping[str, PlaceKind]
) -> tuple[StockCount, ...]:
    """Give what counts leave behind, each against the ledger of its own moment, in their order.

    Args:
        document: the count they belong to.
        counts: first and second ones; units found in place of each other agree in number and are told by the moves.
        ledger: all moves of the places, as before the differences are posted.
        kinds: kind by place id.
    """
    moves = tuple(ledger)
    return tuple(
        StockCount(
            document,
            row.part,
            row.place,
            row.condition,
            row.lot,
            row.at,
            row.counted,
            tally(kinds, moves, until=row.at).get(row.cell, 0),
            row.by,
        )
        for row in counts
    )


def last_looked_at(
    counts: Iterable[StockCount], ledger: Iterable[Move], kinds: Mapping[str, PlaceKind]
) -> dict[PartPlace, datetime]:
    """When each part at each place was last counted whole: the balance of it that was looked at longest ago says.

    A part one balance of which was there at the last count and has never been counted is absent. What came in after the
    last count was counted at the door; it is as old as that count.

    Args:
        counts: those on record.
        ledger: all moves; a posted difference is a count as well.
        kinds: kind by place id.
    """
    last: dict[Cell, datetime] = {}
    for row in counts:
        _later(last, Cell(row.part, row.place, row.condition, "", row.lot), row.at)
    held: dict[Cell, int] = {}
    came: dict[Cell, datetime] = {}
    for move in ledger:
        from_cell, to_cell = cells(move, kinds)
        held[from_cell] = held.get(from_cell, 0) - move.quantity
        before = held.get(to_cell, 0)
        held[to_cell] = before + move.quantity
        if before <= 0 < held[to_cell]:
            came[to_cell] = move.at
        if move.reason == COUNT_DIFFERENCE:
            _later(last, from_cell, move.at)
            _later(last, to_cell, move.at)
    newest: dict[PartPlace, datetime] = {}
    for cell, at in last.items():
        _later(newest, (cell.part, cell.place), at)
    oldest = dict(newest)
    for cell, units in held.items():
        key = (cell.part, cell.place)
        if units <= 0 or key not in newest:
            continue
        if cell not in last and came[cell] <= newest[key]:
            oldest.pop(key, None)
        elif key in oldest:
            oldest[key] = min(oldest[key], last.get(cell, newest[key]))
    return oldest


_Of = TypeVar("_Of")


def _later(known: dict[_Of, datetime], key: _Of, at: datetime) -> None:
    known[key] = max(at, known.get(key, at))
