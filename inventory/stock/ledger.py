"""The ledger of moves: append-only facts, and the one function that says what a move does.

`apply(balances, move)` is the only way a quantity changes, in the simulated world and in storage alike.
A `Balances` is a value: `apply` gives a new one and leaves the old one readable. Behind it stands the journal
itself. Values that follow one another share it, each reads as much of it as was written when it was made, and
only the newest is kept added up: going forward costs two dictionary writes a move and copies nothing; going on
from an older value replays the journal up to it once. One thread at a time may go forward from a value.
Storage makes a small `Balances.opening` of the rows it has locked and applies to that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import NamedTuple

from inventory.catalogue.place import PHYSICAL, SHELVES, Place, PlaceKind
from kernel.clock import utc
from kernel.errors import Refusal


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
        quantity: whole units, at least one.
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

    Raises:
        Refusal: ``stock.not_whole``, ``stock.not_positive``, ``stock.same_place``, ``clock.naive_time``.
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

    def __post_init__(self) -> None:
        if type(self.quantity) is not int:
            raise Refusal("stock.not_whole", id=self.id, value=str(self.quantity))
        if self.quantity < 1:
            raise Refusal("stock.not_positive", id=self.id, value=self.quantity)
        if self.from_place == self.to_place:
            raise Refusal("stock.same_place", move=self.id, place=self.from_place)
        if self.at.tzinfo is not UTC:
            object.__setattr__(self, "at", utc(self.at))


class Cell(NamedTuple):
    """What one balance is about. `bound_for` is empty except for goods in transit."""

    part: str
    place: str
    condition: Condition
    bound_for: str = ""


def cells(move: Move, kinds: Mapping[str, PlaceKind]) -> tuple[Cell, Cell]:
    """The balance that loses and the balance that gains by `move`."""
    part, condition, bound_for = move.part, move.condition, move.bound_for
    leaving = bound_for if bound_for and kinds[move.from_place] is PlaceKind.IN_TRANSIT else ""
    entering = bound_for if bound_for and kinds[move.to_place] is PlaceKind.IN_TRANSIT else ""
    return (
        Cell(part, move.from_place, condition, leaving),
        Cell(part, move.to_place, condition, entering),
    )


def tally(
    kinds: Mapping[str, PlaceKind], moves: Iterable[Move], *, until: datetime | None = None
) -> dict[Cell, int]:
    """Add moves up without judging them: replays once, `until` included; moves of unknown places do not count.

    For reading a ledger that `apply` has already accepted, at any past moment and in any order.
    """
    totals: dict[Cell, int] = {}
    seen: set[str] = set()
    for move in moves:
        if move.key in seen or (until is not None and move.at > until):
            continue
        if move.from_place not in kinds or move.to_place not in kinds:
            continue
        seen.add(move.key)
        source, target = cells(move, kinds)
        totals[source] = totals.get(source, 0) - move.quantity
        totals[target] = totals.get(target, 0) + move.quantity
    return totals


class _Book:
    """The journal and its running sums. Private: only `Balances` holds one."""

    __slots__ = ("by_id", "by_key", "first", "journal", "kinds", "parts", "reversed_by", "start", "totals")

    def __init__(
        self,
        parts: frozenset[str],
        kinds: Mapping[str, PlaceKind],
        start: Mapping[Cell, int],
        first: tuple[Move, ...],
    ) -> None:
        self.parts = parts
        self.kinds = kinds
        self.start = start
        self.first = first
        self.totals = dict(start)
        self.journal: list[Move] = []
        self.by_key = {move.key: move for move in first}
        self.by_id = {move.id: move for move in first}
        self.reversed_by = {move.reverses: move.id for move in first if move.reverses}

    def as_of(self, length: int) -> _Book:
        """A book of the first `length` moves of the journal."""
        book = _Book(self.parts, self.kinds, self.start, self.first)
        for move in self.journal[:length]:
            book.post(move)
        return book

    def check(self, move: Move) -> None:
        """Refuse a move that may not be posted now; see `apply`."""
        kinds = self.kinds
        if move.part not in self.parts:
            raise Refusal("stock.unknown_part", part=move.part)
        for place in (move.from_place, move.to_place):
            if place not in kinds:
                raise Refusal("stock.unknown_place", place=place)
        if move.id in self.by_id:
            raise Refusal("stock.move_id_used", move=move.id)
        from_kind = kinds[move.from_place]
        _check_transit(move, kinds)
        if move.reverses:
            self._check_reversal(move)
        if from_kind in PHYSICAL:
            source, _ = cells(move, kinds)
            there = self.totals.get(source, 0)
            if there < move.quantity:
                raise Refusal(
                    "stock.not_enough",
                    part=move.part,
                    place=move.from_place,
                    condition=move.condition.value,
                    there=there,
                    wanted=move.quantity,
                )

    def _check_reversal(self, move: Move) -> None:
        original = self.by_id.get(move.reverses)
        if original is None:
            raise Refusal("stock.reverses_unknown", move=move.id, reverses=move.reverses)
        if original.reverses:
            raise Refusal("stock.reverses_reversal", move=move.id, reverses=original.id)
        if original.id in self.reversed_by:
            raise Refusal("stock.reversed_already", move=original.id, by=self.reversed_by[original.id])
        if _mirror(original) != _facts(move):
            raise Refusal("stock.reversal_differs", move=move.id, reverses=original.id)

    def post(self, move: Move) -> None:
        """Write a checked move."""
        source, target = cells(move, self.kinds)
        totals = self.totals
        totals[source] = totals.get(source, 0) - move.quantity
        totals[target] = totals.get(target, 0) + move.quantity
        self.by_key[move.key] = move
        self.by_id[move.id] = move
        if move.reverses:
            self.reversed_by[move.reverses] = move.id
        self.journal.append(move)


def _check_transit(move: Move, kinds: Mapping[str, PlaceKind]) -> None:
    transit = PlaceKind.IN_TRANSIT in (kinds[move.from_place], kinds[move.to_place])
    if transit:
        if not move.bound_for:
            raise Refusal("stock.transit_without_destination", move=move.id)
        if kinds.get(move.bound_for) not in SHELVES | {PlaceKind.QUARANTINE}:
            raise Refusal("stock.not_a_destination", move=move.id, place=move.bound_for)
    elif move.bound_for:
        raise Refusal("stock.destination_without_transit", move=move.id, place=move.bound_for)


def _facts(move: Move) -> tuple[str, int, str, str, Condition, str]:
    return (move.part, move.quantity, move.from_place, move.to_place, move.condition, move.bound_for)


def _mirror(move: Move) -> tuple[str, int, str, str, Condition, str]:
    return (move.part, move.quantity, move.to_place, move.from_place, move.condition, move.bound_for)


class Balances:
    """How much of what is where, after some moves: an immutable value, see the module."""

    __slots__ = ("_book", "_length")

    def __init__(self, book: _Book, length: int) -> None:
        """Made by `opening` and `apply`."""
        self._book = book
        self._length = length

    @classmethod
    def opening(
        cls,
        parts: Iterable[str],
        places: Iterable[Place],
        *,
        totals: Mapping[Cell, int] | None = None,
        posted: Iterable[Move] = (),
    ) -> Balances:
        """Balances to go forward from.

        Args:
            parts: ids of the parts that may move.
            places: the places they may move between.
            totals: what is where already; None: nothing anywhere.
            posted: moves already contained in `totals` that replays and reversals may point at.
        """
        kinds = {place.id: place.kind for place in places}
        return cls(_Book(frozenset(parts), kinds, dict(totals or {}), tuple(posted)), 0)

    def _current(self) -> _Book:
        if len(self._book.journal) != self._length:
            # Another value has gone forward on the shared journal: read it as far as this one knows.
            self._book = self._book.as_of(self._length)
        return self._book

    def after(self, move: Move) -> Balances:
        """See `apply`."""
        book = self._current()
        known = book.by_key.get(move.key)
        if known is not None:
            if known != move:
                raise Refusal("stock.key_reused", key=move.key, move=known.id)
            return self
        book.check(move)
        book.post(move)
        return Balances(book, self._length + 1)

    def quantity(
        self, part: str, place: str, condition: Condition = Condition.USABLE, bound_for: str = ""
    ) -> int:
        """Units of `part` at `place` in `condition`; below zero only at places outside the count."""
        return self._current().totals.get(Cell(part, place, condition, bound_for), 0)

    @property
    def totals(self) -> dict[Cell, int]:
        """Every balance that is not zero, as a copy."""
        return {cell: quantity for cell, quantity in self._current().totals.items() if quantity}

    @property
    def moves(self) -> tuple[Move, ...]:
        """The moves applied since the opening, replays left out, in order."""
        return tuple(self._book.journal[: self._length])

    def __eq__(self, other: object) -> bool:
        return self.totals == other.totals if isinstance(other, Balances) else NotImplemented

    __hash__ = None  # type: ignore[assignment]  # a sum over a journal is compared, not looked up


def apply(balances: Balances, move: Move) -> Balances:
    """Post one move and give the balances after it; a replay gives `balances` itself.

    Raises:
        Refusal: ``stock.unknown_part``, ``stock.unknown_place``; ``stock.not_enough`` when a physical place
            would hold less than nothing; ``stock.key_reused`` when the idempotency key came with other
            content; ``stock.move_id_used``; ``stock.transit_without_destination``,
            ``stock.not_a_destination``, ``stock.destination_without_transit``; ``stock.reverses_unknown``,
            ``stock.reverses_reversal``, ``stock.reversed_already``, ``stock.reversal_differs``.
            `balances` is as it was.
    """
    return balances.after(move)


def fold(balances: Balances, moves: Iterable[Move]) -> Balances:
    """Post moves in their order; the first one refused stops it.

    Raises:
        Refusal: as `apply`.
    """
    for move in moves:
        balances = balances.after(move)
    return balances


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
    )
