"""Several moves of one command: same source document, same actor, same moment, one idempotency key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from inventory.catalogue.place import PlaceKind
from inventory.stock.move import Condition, Move
from kernel.envelope import Envelope
from kernel.errors import Refusal


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a document: what goes from where to where. Fields as those of `Move`."""

    part: str
    quantity: int
    from_place: str
    to_place: str
    condition: Condition = Condition.USABLE
    bound_for: str = ""
    lot: str = ""
    serial: str = ""
    reason: str = ""


def moves(
    envelope: Envelope, document: str, lines: Iterable[Line], *, reason: str, first: int = 1
) -> tuple[Move, ...]:
    """Make the moves of a document, to be posted together or not at all.

    Ids and keys are the command's key with the number of the line: the same command gives the same moves, so
    that a replay has no second effect.

    Args:
        envelope: who, from where, when, once.
        document: the paper or record the moves stand on.
        lines: in their order.
        reason: why, for lines that do not say their own.
        first: number of the first line.

    Raises:
        Refusal: as `Move`.
    """
    return tuple(
        Move(
            id=f"{envelope.key}/{number}",
            at=envelope.now,
            part=line.part,
            quantity=line.quantity,
            from_place=line.from_place,
            to_place=line.to_place,
            condition=line.condition,
            reason=line.reason or reason,
            by=envelope.actor,
            device=envelope.device,
            source_document=document,
            key=f"{envelope.key}/{number}",
            bound_for=line.bound_for,
            lot=line.lot,
            serial=line.serial,
        )
        for number, line in enumerate(lines, start=first)
    )


def changed_condition(line: Line, to: Condition, *, adjustment: str, to_place: str = "") -> tuple[Line, Line]:
    """Lines that change the condition of goods: out of the count in the old, back into it in the new.

    Args:
        line: the goods as they are: part, quantity, condition, lot, serial, `from_place`; other fields are not read.
        to: their new condition.
        adjustment: the adjustment place they go through.
        to_place: where they are put; empty: where they were.

    Raises:
        Refusal: ``stock.same_condition``.
    """
    if line.condition is to:
        raise Refusal("stock.same_condition", part=line.part, condition=to.value)
    out = Line(
        line.part,
        line.quantity,
        line.from_place,
        adjustment,
        line.condition,
        lot=line.lot,
        serial=line.serial,
        reason=line.reason,
    )
    back = Line(
        line.part,
        line.quantity,
        adjustment,
        to_place or line.from_place,
        to,
        lot=line.lot,
        serial=line.serial,
        reason=line.reason,
    )
    return out, back


def other_half(move: Move, ledger: Iterable[Move], kinds: Mapping[str, PlaceKind]) -> Move | None:
    """The move that makes a change of condition of this one, see `changed_condition`; None: it stands alone.

    Args:
        move: in the ledger.
        ledger: moves of its document.
        kinds: kind by place id.
    """
    into, out = (kinds.get(place) is PlaceKind.ADJUSTMENT for place in (move.to_place, move.from_place))
    if into == out or move.reverses:
        return None
    same = (move.source_document, move.at, move.part, move.quantity, move.lot, move.serial)
    through = move.to_place if into else move.from_place
    for other in ledger:
        alike = (other.source_document, other.at, other.part, other.quantity, other.lot, other.serial)
        meets = (other.from_place if into else other.to_place) == through
        if alike == same and meets and other.condition is not move.condition and not other.reverses:
            return other
    return None
