"""What a count leaves behind, whether or not it differed: who counted what, when, against which figure of the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from inventory.catalogue.place import PlaceKind
from inventory.stock.counting import CountedCell
from inventory.stock.ledger import tally
from inventory.stock.move import Condition, Move
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


def last_recorded(counts: Iterable[StockCount]) -> dict[PartPlace, datetime]:
    """When each part at each place was last counted."""
    last: dict[PartPlace, datetime] = {}
    for row in counts:
        key = (row.part, row.place)
        last[key] = max(row.at, last.get(key, row.at))
    return last
