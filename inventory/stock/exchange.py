"""Repairables, good for bad: a good unit goes in, the defective one comes out, in one command."""

from __future__ import annotations

from dataclasses import dataclass

from inventory.catalogue.part import Part, PartKind
from inventory.stock.document import Line, moves
from inventory.stock.move import Condition, Move
from kernel.envelope import Envelope
from kernel.errors import Refusal


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit of a repairable part; serial and lot empty where they are not known."""

    part: Part
    serial: str = ""
    lot: str = ""


def good_for_bad(
    envelope: Envelope,
    document: str,
    *,
    good: Unit,
    bad: Unit,
    shelf: str,
    customer: str,
    returns: str,
) -> tuple[Move, ...]:
    """Install a good unit and take the defective one back: two moves on one document, posted together.

    The two parts may differ, as when a successor replaces the old one. The defective unit comes back damaged: it
    is on hand, never available, until repair or scrap.

    Args:
        envelope: who, from where, when, once.
        document: the paper or record of the exchange.
        good: the unit that goes in, usable.
        bad: the unit that comes out.
        shelf: id of the place the good unit is taken from.
        customer: id of the customer place.
        returns: id of the place the defective unit is brought to.

    Raises:
        Refusal: ``stock.not_repairable``, ``stock.exchange_of_itself``.
    """
    for unit in (good, bad):
        if unit.part.kind is not PartKind.REPAIRABLE:
            raise Refusal("stock.not_repairable", part=unit.part.id)
    if good.serial and (good.part.id, good.serial) == (bad.part.id, bad.serial):
        raise Refusal("stock.exchange_of_itself", part=good.part.id, serial=good.serial)
    install = Line(good.part.id, 1, shelf, customer, lot=good.lot, serial=good.serial, reason="installed")
    remove = Line(
        bad.part.id,
        1,
        customer,
        returns,
        Condition.DAMAGED,
        lot=bad.lot,
        serial=bad.serial,
        reason="removed defective",
    )
    return moves(envelope, document, (install, remove), reason="good for bad")
