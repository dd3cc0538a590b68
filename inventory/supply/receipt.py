"""What suppliers brought, as the ledger tells it: receipts that stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from inventory.catalogue.place import PHYSICAL, PlaceKind
from inventory.stock.move import Move
from kernel.clock import utc


def receipts(ledger: Iterable[Move], kinds: Mapping[str, PlaceKind]) -> tuple[Move, ...]:
    """Moves that brought goods from outside into our places and were not taken back, in their order.

    Args:
        ledger: moves, those that take others back among them.
        kinds: kind by place id.
    """
    moves = tuple(ledger)
    taken_back = {move.reverses for move in moves if move.reverses}
    return tuple(
        move
        for move in moves
        if kinds.get(move.from_place) is PlaceKind.SUPPLIER
        and kinds.get(move.to_place) in PHYSICAL
        and not move.reverses
        and move.id not in taken_back
    )


@dataclass(frozen=True, slots=True)
class DeliveryNote:
    """Goods came by a paper of the supplier's own, and who it is was said at the door.

    Args:
        document: the paper's number.
        supplier: supplier id.
        at: when, aware.
        by: who took them in.

    Raises:
        Refusal: ``clock.naive_time``.
    """

    document: str
    supplier: str
    at: datetime
    by: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "at", utc(self.at))


def brought(
    ledger: Iterable[Move], kinds: Mapping[str, PlaceKind], document: str
) -> Counter[tuple[str, str]]:
    """Units that came by a document, by part and lot; none by one that nobody knows."""
    found: Counter[tuple[str, str]] = Counter()
    for move in receipts(ledger, kinds):
        if move.source_document == document:
            found[move.part, move.lot] += move.quantity
    return found
