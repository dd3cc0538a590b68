"""The life of a unit known by its serial: a fold of the moves that name it and of marks that move nothing.

    expected -> received -> inspecting -> available | quarantine
    available -> reserved -> in transit -> installed -> removed defective -> repair -> available | scrap

The state never contradicts the ledger: a unit is available or reserved exactly when it stands usable on a shelf,
and a unit held back is never on hand as usable. What is accepted at the door without inspection, or found in a
count, is available at once; a unit on a van may be installed without a transfer; quarantined goods are inspected
again, repaired, scrapped or go back to their supplier. In transit a unit keeps what it was, and is that again when
it arrives.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum

from inventory.catalogue.place import SHELVES, PlaceKind
from inventory.stock.move import Cell, Condition, Move, SerialKey, whereabouts
from kernel.clock import utc
from kernel.errors import Refusal


class SerialState(StrEnum):
    """Where in its life a unit is."""

    EXPECTED = "expected"
    RECEIVED = "received"
    INSPECTING = "inspecting"
    AVAILABLE = "available"
    QUARANTINE = "quarantine"
    RESERVED = "reserved"
    IN_TRANSIT = "in_transit"
    INSTALLED = "installed"
    REMOVED_DEFECTIVE = "removed_defective"
    REPAIR = "repair"
    SCRAP = "scrap"
    GONE = "gone"


_S = SerialState

HELD = frozenset({_S.RECEIVED, _S.INSPECTING, _S.QUARANTINE, _S.REMOVED_DEFECTIVE, _S.REPAIR})
"""On hand and not usable."""

READY = frozenset({_S.AVAILABLE, _S.RESERVED})
"""On a shelf and usable."""

FOLLOWS: Mapping[SerialState, frozenset[SerialState]] = {
    _S.GONE: frozenset(
        {_S.EXPECTED, _S.RECEIVED, _S.AVAILABLE, _S.QUARANTINE, _S.REMOVED_DEFECTIVE, _S.INSTALLED}
    ),
    _S.EXPECTED: frozenset({_S.RECEIVED, _S.AVAILABLE, _S.QUARANTINE, _S.INSTALLED, _S.GONE}),
    _S.RECEIVED: frozenset({_S.INSPECTING, _S.IN_TRANSIT, _S.GONE}),
    _S.INSPECTING: frozenset({_S.AVAILABLE, _S.QUARANTINE, _S.GONE}),
    _S.AVAILABLE: frozenset({_S.RESERVED, _S.IN_TRANSIT, _S.INSTALLED, _S.QUARANTINE, _S.GONE}),
    _S.RESERVED: frozenset({_S.AVAILABLE, _S.IN_TRANSIT, _S.INSTALLED, _S.QUARANTINE, _S.GONE}),
    _S.IN_TRANSIT: frozenset({_S.INSTALLED, _S.GONE}),
    _S.INSTALLED: frozenset({_S.REMOVED_DEFECTIVE}),
    _S.REMOVED_DEFECTIVE: frozenset({_S.REPAIR, _S.IN_TRANSIT, _S.GONE}),
    _S.REPAIR: frozenset({_S.AVAILABLE, _S.SCRAP, _S.IN_TRANSIT, _S.GONE}),
    _S.QUARANTINE: frozenset({_S.INSPECTING, _S.REPAIR, _S.SCRAP, _S.IN_TRANSIT, _S.GONE}),
    _S.SCRAP: frozenset(),
}
"""What may follow what. `GONE` is outside our count: never seen, back with its supplier, or written off."""

MARKED = frozenset({_S.EXPECTED, _S.INSPECTING, _S.QUARANTINE, _S.RESERVED, _S.AVAILABLE, _S.REPAIR})
"""States a mark can say; every other needs goods to move."""


@dataclass(frozen=True, slots=True)
class SerialMark:
    """A unit went into `state` without moving: announced, taken for inspection, kept for somebody, under repair.

    Args:
        key: idempotency key.
        at: when, aware.
        part: part id.
        serial: the unit.
        state: one of `MARKED`; ``available`` ends a reservation.
        source_document: the record it stands on.
        by: who.
        device: from where.

    Raises:
        Refusal: ``stock.serial_must_move``, ``clock.naive_time``.
    """

    key: str
    at: datetime
    part: str
    serial: str
    state: SerialState
    source_document: str
    by: str
    device: str

    def __post_init__(self) -> None:
        if self.state not in MARKED:
            raise Refusal("stock.serial_must_move", serial=self.serial, state=self.state.value)
        if self.at.tzinfo is not UTC:
            object.__setattr__(self, "at", utc(self.at))


@dataclass(frozen=True, slots=True)
class SerialUnit:
    """One unit at one moment.

    Args:
        part: part id.
        serial: its number.
        state: where in its life it is.
        cell: the balance it is part of; None: it has never moved.
        was: what it was before it last moved.
    """

    part: str
    serial: str
    state: SerialState = SerialState.GONE
    cell: Cell | None = None
    was: SerialState = SerialState.GONE


def follow(unit: SerialUnit, fact: Move | SerialMark, kinds: Mapping[str, PlaceKind]) -> SerialUnit:
    """Give a unit after one more fact about it.

    Args:
        unit: as it is; a unit never heard of is ``SerialUnit(part, serial)``.
        fact: a posted move that names it, or a mark.
        kinds: kind by place id.

    Raises:
        Refusal: ``stock.serial_step`` when that state cannot follow; ``stock.serial_unknown``,
            ``stock.serial_elsewhere`` when it moves from where it is not.
    """
    if isinstance(fact, SerialMark):
        if fact.state is not unit.state:
            _check_mark(unit, fact.state, kinds)
        return replace(unit, state=fact.state)
    cell = whereabouts(unit.cell, fact, kinds)
    moved = _reversed(unit, cell, kinds) if fact.reverses else _moved(unit, fact, cell, kinds)
    return SerialUnit(unit.part, unit.serial, moved, cell, _kept_in_mind(unit))


def fold_serials(
    facts: Iterable[Move | SerialMark], kinds: Mapping[str, PlaceKind]
) -> dict[SerialKey, SerialUnit]:
    """Follow every unit through its facts, in their order; replays and moves that name no serial are passed over.

    Raises:
        Refusal: as `follow`.
    """
    units: dict[SerialKey, SerialUnit] = {}
    seen: set[str] = set()
    for fact in facts:
        if not fact.serial or fact.key in seen:
            continue
        seen.add(fact.key)
        key = (fact.part, fact.serial)
        units[key] = follow(units.get(key, SerialUnit(*key)), fact, kinds)
    return units


def fits(state: SerialState, cell: Cell | None, kinds: Mapping[str, PlaceKind]) -> bool:
    """Say whether a unit in `state` may be part of that balance: the ledger and the state tell one story."""
    if cell is None:
        return state in {_S.GONE, _S.EXPECTED}
    kind = kinds[cell.place]
    if kind in SHELVES | {PlaceKind.QUARANTINE}:
        return state in (READY if _usable(cell, kind) else HELD)
    return state in _AWAY[kind]


_AWAY: Mapping[PlaceKind, frozenset[SerialState]] = {
    PlaceKind.SUPPLIER: frozenset({_S.GONE, _S.EXPECTED, _S.REPAIR}),
    PlaceKind.CUSTOMER: frozenset({_S.INSTALLED}),
    PlaceKind.IN_TRANSIT: frozenset({_S.IN_TRANSIT}),
    PlaceKind.ADJUSTMENT: frozenset({_S.GONE}),
    PlaceKind.SCRAP: frozenset({_S.SCRAP}),
}


def _usable(cell: Cell, kind: PlaceKind) -> bool:
    return kind in SHELVES and cell.condition is Condition.USABLE


def _kept_in_mind(unit: SerialUnit) -> SerialState:
    """What a unit was before it left a shelf; on the road or written off it stays what it was there."""
    away = unit.state in {_S.IN_TRANSIT, _S.GONE} and unit.cell is not None
    return unit.was if away else unit.state


def _check_mark(unit: SerialUnit, state: SerialState, kinds: Mapping[str, PlaceKind]) -> None:
    if state not in FOLLOWS[unit.state] or not fits(state, unit.cell, kinds):
        raise _step(unit, state)


def _moved(unit: SerialUnit, move: Move, cell: Cell, kinds: Mapping[str, PlaceKind]) -> SerialState:
    kind, came_from = kinds[cell.place], kinds[move.from_place]
    on_hand = SHELVES | {PlaceKind.QUARANTINE}
    if came_from in on_hand and kind in on_hand and fits(unit.state, cell, kinds):
        return unit.state  # carried from one place of ours to another
    before = unit.state
    if came_from is PlaceKind.IN_TRANSIT and kind in on_hand:
        if fits(unit.was, cell, kinds):
            return unit.was
        before = unit.was
    elif came_from is PlaceKind.ADJUSTMENT:
        # Written off and found again, or the second half of a change of condition: it is judged as what it was.
        before = unit.was
        if fits(before, cell, kinds) and before is not _S.RESERVED:
            return before
    elif came_from is PlaceKind.CUSTOMER:
        before = _S.INSTALLED  # whatever we knew of it: it was in somebody's equipment
    after = _landing(before, cell, kind, came_from)
    if after is not before and after not in FOLLOWS[before]:
        raise _step(unit, after)
    return after


def _landing(before: SerialState, cell: Cell, kind: PlaceKind, came_from: PlaceKind) -> SerialState:
    """The state a place and a condition stand for."""
    if kind is PlaceKind.SUPPLIER:
        # A defective unit goes to its maker for repair and comes back; anything else is given back.
        return _S.REPAIR if before in {_S.REMOVED_DEFECTIVE, _S.REPAIR} else _S.GONE
    if kind is PlaceKind.ADJUSTMENT:
        return _S.GONE
    if kind not in SHELVES | {PlaceKind.QUARANTINE}:
        return next(iter(_AWAY[kind]))
    if _usable(cell, kind):
        return _S.AVAILABLE
    if came_from is PlaceKind.CUSTOMER:
        return _S.REMOVED_DEFECTIVE
    if came_from is PlaceKind.SUPPLIER and before is _S.REPAIR:
        return _S.REPAIR
    if came_from is PlaceKind.SUPPLIER and cell.condition is not Condition.DAMAGED:
        return _S.RECEIVED
    return _S.QUARANTINE


def _reversed(unit: SerialUnit, cell: Cell, kinds: Mapping[str, PlaceKind]) -> SerialState:
    """A mistake is taken back: the unit is what it was, or the plainest thing its balance allows."""
    if fits(unit.was, cell, kinds) and unit.was is not _S.RESERVED:
        return unit.was
    kind = kinds[cell.place]
    if kind in SHELVES | {PlaceKind.QUARANTINE}:
        return _S.AVAILABLE if _usable(cell, kind) else _S.QUARANTINE
    return _S.GONE if _S.GONE in _AWAY[kind] else next(iter(_AWAY[kind]))


def _step(unit: SerialUnit, state: SerialState) -> Refusal:
    return Refusal(
        "stock.serial_step",
        part=unit.part,
        serial=unit.serial,
        state=unit.state.value,
        wanted=state.value,
    )
