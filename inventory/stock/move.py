"""The one fact of the ledger: a quantity of a part went from one place to another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import NamedTuple

from inventory.catalogue.place import PHYSICAL, PlaceKind
from kernel.clock import utc
from kernel.errors import Refusal

MOST_UNITS = 1_000_000_000
"""The most one line may say; sums of lines then fit a database's whole numbers."""


class Condition(StrEnum):
    """The state goods are in; only usable goods are ever available."""

    USABLE = "usable"
    QUARANTINED = "quarantined"
    DAMAGED = "damaged"


@dataclass(frozen=True, slots=True)
class Move:
    """`quantity` units of `part` in one condition went from one place to another.

    A receipt comes from a supplier place, opening stock and count differences from an adjustment place, a
    transfer goes to an in-transit place and from there to its destination, parts used go to a customer place.
    A change of condition is two moves through an adjustment place with one source document.

    Args:
        id: natural key.
        at: when it happened, aware.
        part: part id.
        quantity: whole units, at least one; exactly one when it names a serial.
        from_place: place id.
        to_place: place id.
        condition: of the goods, the same at both ends.
        reason: why, in a word of the trade.
        by: who.
        device: from where it was entered.
        source_document: the paper or record it stands on.
        key: idempotency key: the same key has one effect, however often it arrives.
        reverses: id of the move this one takes back; empty: none.
        bound_for: where goods in transit are on their way to; set when one end is an in-transit place, else empty.
        lot: the lot the goods belong to, the same at both ends; empty: of no lot.
        serial: the one unit that moved; empty: the units are not known one by one.

    Raises:
        Refusal: ``stock.not_whole``, ``stock.not_positive``, ``stock.too_many``, ``stock.same_place``, ``stock.serial_not_one``,
            ``clock.naive_time``.
    """

    id: str
    at: datetime
    part: str
    quantity: int
    from_place: str
    to_place: str
    condition: Condition
    reason: str
    by: str
    device: str
    source_document: str
    key: str
    reverses: str = ""
    bound_for: str = ""
    lot: str = ""
    serial: str = ""

    def __post_init__(self) -> None:
        if type(self.quantity) is not int:
            raise Refusal("stock.not_whole", id=self.id, value=str(self.quantity))
        if self.quantity < 1:
            raise Refusal("stock.not_positive", id=self.id, value=self.quantity)
        if self.quantity > MOST_UNITS:
            raise Refusal("stock.too_many", id=self.id, most=MOST_UNITS)
        if self.serial and self.quantity != 1:
            raise Refusal("stock.serial_not_one", move=self.id, serial=self.serial, value=self.quantity)
        if self.from_place == self.to_place:
            raise Refusal("stock.same_place", move=self.id, place=self.from_place)
        if self.at.tzinfo is not UTC:
            object.__setattr__(self, "at", utc(self.at))


class Cell(NamedTuple):
    """What one balance is about. `bound_for` is empty except for goods in transit, `lot` for goods of no lot."""

    part: str
    place: str
    condition: Condition
    bound_for: str = ""
    lot: str = ""


SerialKey = tuple[str, str]
"""A part id and a serial: two makers may give the same number."""


def cells(move: Move, kinds: Mapping[str, PlaceKind]) -> tuple[Cell, Cell]:
    """The balance that loses and the balance that gains by `move`."""
    part, condition, bound_for, lot = move.part, move.condition, move.bound_for, move.lot
    leaving = bound_for if bound_for and kinds[move.from_place] is PlaceKind.IN_TRANSIT else ""
    entering = bound_for if bound_for and kinds[move.to_place] is PlaceKind.IN_TRANSIT else ""
    return (
        Cell(part, move.from_place, condition, leaving, lot),
        Cell(part, move.to_place, condition, entering, lot),
    )


def check_whereabouts(
    move: Move, source: Cell, there: Cell | None, kinds: Mapping[str, PlaceKind], /
) -> None:
    """Refuse to move a serial from where it is not: a unit is in one place at a time.

    Args:
        move: names a serial.
        source: the balance it would leave, see `cells`.
        there: where the unit stands; None: never seen, so it can only come from outside the count.
        kinds: kind by place id.

    Raises:
        Refusal: ``stock.serial_unknown``, ``stock.serial_elsewhere``.
    """
    if there is None:
        if kinds[move.from_place] in PHYSICAL:
            raise Refusal("stock.serial_unknown", part=move.part, serial=move.serial, place=move.from_place)
        return
    # Outside the count a unit has a place but no condition to hold it to: a pump used up comes back damaged.
    same = there == source if kinds[move.from_place] in PHYSICAL else there.place == source.place
    if not same:
        raise Refusal(
            "stock.serial_elsewhere",
            part=move.part,
            serial=move.serial,
            place=there.place,
            condition=there.condition.value,
            wanted=move.from_place,
        )


def whereabouts(there: Cell | None, move: Move, kinds: Mapping[str, PlaceKind], /) -> Cell:
    """Where a unit stands after `move`, having stood at `there` before.

    Raises:
        Refusal: as `check_whereabouts`.
    """
    source, target = cells(move, kinds)
    check_whereabouts(move, source, there, kinds)
    return target


def reversal(move: Move, *, id: str, at: datetime, by: str, device: str, reason: str, key: str) -> Move:  # noqa: A002 the word is the field's own name
    """The move that takes `move` back: a correction is never an edit."""
    return Move(
        id=id,
        at=at,
        part=move.part,
        quantity=move.quantity,
        from_place=move.to_place,
        to_place=move.from_place,
        condition=move.condition,
        reason=reason,
        by=by,
        device=device,
        source_document=move.source_document,
        key=key,
        reverses=move.id,
        bound_for=move.bound_for,
        lot=move.lot,
        serial=move.serial,
    )
