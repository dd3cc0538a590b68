"""Today's counting: which parts are due at a place, as a blind list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from inventory.stock.count_plan import USUAL, CountDue, CountRule, count_classes, counts_due
from inventory.stock.counted import last_looked_at
from inventory.stock.counting import sheet
from inventory.stock.ledger import tally
from inventory.stock.move import Cell
from inventory.stockroom import Stockroom

MONTHS = 12
"""How many whole months of demand the classes are made from."""


@dataclass(frozen=True, slots=True)
class CountLine:
    """One part at one place to count: each of `cells` for itself, without a word on how much there should be."""

    due: CountDue
    cells: tuple[Cell, ...]


def count_list(
    stockroom: Stockroom,
    *,
    now: datetime,
    rule: CountRule = USUAL,
    place: str = "",
    most: int = 0,
) -> tuple[CountLine, ...]:
    """List what is due to be counted at `now`, most important first.

    A part at a place was last counted when a count of it is on record, or when the difference of one was posted there,
    whichever is later; of several lots or conditions the one looked at longest ago says.

    Args:
        stockroom: everything there is.
        now: the moment, aware.
        rule: where the classes part, and how often each is counted.
        place: only there; empty: everywhere.
        most: lines at most; 0: all.
    """
    moves = tuple(move for move in stockroom.moves if move.at <= now)
    kinds = {row.id: row.kind for row in stockroom.places}
    totals = tally(kinds, moves)
    last = last_looked_at((row for row in stockroom.stock_counts if row.at <= now), moves, kinds)
    used: dict[str, int] = {}
    first, end = _month(now, back=MONTHS), _month(now, back=0)
    for row in stockroom.demand_history:
        if first <= row.month < end:
            used[row.part] = used.get(row.part, 0) + row.quantity
    classes = count_classes(stockroom.parts, used, rule)
    here = {cell: units for cell, units in totals.items() if place in {"", cell.place}}
    due = counts_due(here, kinds, classes, last, now=now, rule=rule, most=most)
    sheets = {row.place: sheet(here, row.place) for row in due}
    return tuple(
        CountLine(row, tuple(cell for cell in sheets[row.place] if cell.part == row.part)) for row in due
    )


def _month(now: datetime, *, back: int) -> str:
    months = 12 * now.year + now.month - 1 - back
    return f"{months // 12:04d}-{months % 12 + 1:02d}"
