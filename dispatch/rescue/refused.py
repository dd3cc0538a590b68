"""A part that would do, and the scheme forbids: known to the board, kept out of every problem."""

from __future__ import annotations

from dataclasses import dataclass

from dispatch.board import Board
from dispatch.parts import supplies
from kernel.money import cents


@dataclass(frozen=True, slots=True)
class RefusedPart:
    """A stand-in the ticket's scheme rules out because it promises original parts.

    Args:
        part, price: what is promised, and the price of a unit in cents.
        other, other_price: the stand-in.
        scheme: id of the scheme.
    """

    part: str
    price: int
    other: str
    other_price: int
    scheme: str

    @property
    def saved(self) -> int:
        """What the stand-in would save by its price alone; negative when it is dearer."""
        return self.price - self.other_price


def refused_parts(board: Board, visit: str) -> tuple[RefusedPart, ...]:
    """The stand-ins ruled out for the parts a visit (the desk's id) needs, in the order of its needs.

    Raises:
        KeyError: the board has no such open visit.
    """
    ticket = board.ticket(board.visits[visit].ticket)
    scheme = board.scheme(ticket)
    needs = board.part_needs.get(visit, ())
    if not scheme.original_only or not needs:
        return ()
    there = supplies(board.region.stock, now=board.now, zone_name=board.region.settings.zone)
    return tuple(
        RefusedPart(need.part, cents(there.prices[need.part]), other, cents(there.prices[other]), scheme.id)
        for need in needs
        for other in there.stand_ins.get(need.part, ())
    )
