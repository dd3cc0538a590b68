"""The ledger of moves: append-only facts, and the one function that says what a move does.

`apply(balances, move)` is the only way a quantity changes, in the simulated world and in storage alike.
A `Balances` is a value: `apply` gives a new one and leaves the old one readable. Behind it stands the journal
itself. Values that follow one another share it, each reads as much of it as was written when it was made, and
only the newest is kept added up: going forward costs two dictionary writes a move and copies nothing; going on
from an older value replays the journal up to it once. One thread at a time may go forward from a value.
Storage makes a small `Balances.opening` of the rows it has locked and applies to that.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from inventory.catalogue.part import Tracking
from inventory.catalogue.place import PHYSICAL, SHELVES, Place, PlaceKind
from inventory.stock.move import Cell, Condition, Move, SerialKey, cells, check_whereabouts, reversal
from kernel.errors import Refusal

__all__ = ["Balances", "Cell", "Condition", "Move", "apply", "cells", "fold", "reversal", "tally", "traced"]


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


def traced(
    kinds: Mapping[str, PlaceKind], moves: Iterable[Move], *, until: datetime | None = None
) -> dict[SerialKey, Cell]:
    """Where every serial stands, read as `tally` reads; moves are taken in their order."""
    found: dict[SerialKey, Cell] = {}
    seen: set[str] = set()
    for move in moves:
        if move.key in seen or not move.serial or (until is not None and move.at > until):
            continue
        seen.add(move.key)
        if move.from_place in kinds and move.to_place in kinds:
            found[move.part, move.serial] = cells(move, kinds)[1]
    return found


LotKey = tuple[str, str]
"""A part id and the number of one of its lots."""


class _Book:
    """The journal and its running sums. Private: only `Balances` holds one."""

    __slots__ = (
        "by_id",
        "by_key",
        "first",
        "journal",
        "kinds",
        "lots",
        "parts",
        "reversed_by",
        "serials",
        "standing",
        "start",
        "totals",
    )

    def __init__(
        self,
        parts: Mapping[str, Tracking],
        kinds: Mapping[str, PlaceKind],
        start: Mapping[Cell, int],
        first: tuple[Move, ...],
        standing: Mapping[SerialKey, Cell],
        lots: Collection[LotKey] | None,
    ) -> None:
        self.parts = parts
        self.lots = lots
        self.kinds = kinds
        self.start = start
        self.first = first
        self.standing = standing
        self.totals = dict(start)
        self.serials = dict(standing)
        self.journal: list[Move] = []
        self.by_key = {move.key: move for move in first}
        self.by_id = {move.id: move for move in first}
        self.reversed_by = {move.reverses: move.id for move in first if move.reverses}

    def as_of(self, length: int) -> _Book:
        """A book of the first `length` moves of the journal."""
        book = _Book(self.parts, self.kinds, self.start, self.first, self.standing, self.lots)
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
        _check_transit(move, kinds)
        _check_tracking(move, self.parts[move.part], self.lots)
        if move.reverses:
            self._check_reversal(move)
        source, _ = cells(move, kinds)
        if move.serial:
            check_whereabouts(move, source, self.serials.get((move.part, move.serial)), kinds)
        if kinds[move.from_place] in PHYSICAL and self.totals.get(source, 0) < move.quantity:
            raise _not_enough(move, self.totals.get(source, 0))

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
        if move.serial:
            self.serials[move.part, move.serial] = target
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


def _check_tracking(move: Move, tracking: Tracking, lots: Collection[LotKey] | None) -> None:
    if tracking is Tracking.SERIAL:
        if not move.serial:
            raise Refusal("stock.serial_missing", move=move.id, part=move.part)
    elif move.serial:
        # Units without a number would leave unseen from under those that have one.
        raise Refusal("stock.serial_not_tracked", move=move.id, part=move.part, serial=move.serial)
    if tracking is Tracking.LOT:
        if not move.lot:
            raise Refusal("stock.lot_missing", move=move.id, part=move.part)
        if lots is not None and (move.part, move.lot) not in lots:
            raise Refusal("stock.unknown_lot", move=move.id, part=move.part, lot=move.lot)


def _not_enough(move: Move, there: int) -> Refusal:
    if move.lot:
        return Refusal(
            "stock.lot_not_enough",
            part=move.part,
            lot=move.lot,
            place=move.from_place,
            condition=move.condition.value,
            there=there,
            wanted=move.quantity,
        )
    return Refusal(
        "stock.not_enough",
        part=move.part,
        place=move.from_place,
        condition=move.condition.value,
        there=there,
        wanted=move.quantity,
    )


_Facts = tuple[str, int, str, str, Condition, str, str, str]


def _facts(move: Move) -> _Facts:
    goods = (move.condition, move.bound_for, move.lot, move.serial)
    return (move.part, move.quantity, move.from_place, move.to_place, *goods)


def _mirror(move: Move) -> _Facts:
    goods = (move.condition, move.bound_for, move.lot, move.serial)
    return (move.part, move.quantity, move.to_place, move.from_place, *goods)


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
        tracking: Mapping[str, Tracking] | None = None,
        serials: Mapping[SerialKey, Cell] | None = None,
        lots: Iterable[LotKey] | None = None,
    ) -> Balances:
        """Balances to go forward from.

        Args:
            parts: ids of the parts that may move.
            places: the places they may move between.
            totals: what is where already; None: nothing anywhere.
            posted: moves already contained in `totals` that replays and reversals may point at.
            tracking: what the moves of a part have to name; a part left out: nothing.
            serials: where the units known one by one stand already, contained in `totals`.
            lots: every described lot as (part, lot): parts tracked by lot move in no other; None: not judged.
        """
        kinds = {place.id: place.kind for place in places}
        tracked = {part: (tracking or {}).get(part, Tracking.NONE) for part in parts}
        described = None if lots is None else frozenset(lots)
        book = _Book(tracked, kinds, dict(totals or {}), tuple(posted), dict(serials or {}), described)
        return cls(book, 0)

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
        self,
        part: str,
        place: str,
        condition: Condition = Condition.USABLE,
        bound_for: str = "",
        lot: str = "",
    ) -> int:
        """Units of one `lot` of `part` at `place` in `condition`; below zero only outside the count."""
        return self._current().totals.get(Cell(part, place, condition, bound_for, lot), 0)

    @property
    def serials(self) -> dict[SerialKey, Cell]:
        """Where every unit known one by one stands, as a copy."""
        return dict(self._current().serials)

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
        Refusal: ``stock.unknown_part``, ``stock.unknown_place``; ``stock.not_enough`` or ``stock.lot_not_enough``
            when a physical place would hold less than nothing; ``stock.serial_unknown`` and
            ``stock.serial_elsewhere`` when a unit would leave where it is not; ``stock.serial_missing``,
            ``stock.serial_not_tracked``, ``stock.lot_missing`` and ``stock.unknown_lot`` when it names other
            than its part is tracked by; ``stock.key_reused`` when the idempotency key came with other
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
