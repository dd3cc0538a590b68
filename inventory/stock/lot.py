"""Lots: where goods come from, whether they are the maker's own, how long they may be used."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from inventory.stock.move import Cell, Condition
from kernel.clock import zone
from kernel.errors import Refusal
from kernel.ids import checked_id, natural_key


@dataclass(frozen=True, slots=True)
class Lot:
    """Units of one part that came together and share their history.

    Args:
        id: the lot's number; names it together with the part.
        part: part id.
        supplier: who sold it; empty: not known.
        receipt_document: the paper it was received on; empty: none kept.
        original: made by, or sold with the consent of, the maker of the equipment; None: not known, which
            serves nobody who asks for originals.
        expires_on: the last day it may be used, in the place's own calendar; None: it keeps.

    Raises:
        Refusal: ``id.malformed``, ``stock.original_unproved`` for an original without supplier or document.
    """

    id: str
    part: str
    supplier: str = ""
    receipt_document: str = ""
    original: bool | None = None
    expires_on: date | None = None

    def __post_init__(self) -> None:
        checked_id(self.id)
        if self.original and not (self.supplier and self.receipt_document):
            raise Refusal("stock.original_unproved", lot=self.id, part=self.part)

    def usable_on(self, day: date, /) -> bool:
        """Say whether it may be used on `day`; its last day included."""
        return self.expires_on is None or day <= self.expires_on


@dataclass(frozen=True, slots=True)
class Pick:
    """`quantity` units to take from `lot`; empty: from units of no lot. `serial` is the very unit; empty: any."""

    lot: str
    quantity: int
    serial: str = ""


def out_of_date(lots: Iterable[Lot], *, on: date) -> frozenset[tuple[str, str]]:
    """Lots that may not be used on a day, as (part, lot)."""
    return frozenset((lot.part, lot.id) for lot in lots if not lot.usable_on(on))


def day_of(now: datetime, *, zone_name: str = "UTC") -> date:
    """Give the calendar day on which shelf lives are judged at `now`.

    Args:
        now: the moment, aware.
        zone_name: IANA name of the place's zone; UTC where none is at hand.

    Raises:
        Refusal: ``clock.unknown_zone``.
    """
    return now.astimezone(zone(zone_name)).date()


def pick(
    part: str,
    place: str,
    quantity: int,
    *,
    totals: Mapping[Cell, int],
    lots: Iterable[Lot],
    on: date,
    originals_only: bool = False,
) -> tuple[Pick, ...]:
    """Choose the lots to take `quantity` usable units from: what runs out first goes first.

    Units of no lot come last. Where originals are asked for, only lots known to be original count.

    Args:
        part: part id.
        place: where from.
        quantity: units wanted.
        totals: balances, as `ledger.tally` or `Balances.totals` give them.
        lots: what is known of the lots; one that is not described keeps and is no original.
        on: the day of use.
        originals_only: whether the work asks for original parts.

    Raises:
        Refusal: ``stock.not_enough``, ``stock.not_enough_originals``, ``stock.not_positive``.
    """
    if quantity < 1:
        raise Refusal("stock.not_positive", id=part, value=quantity)
    known = {lot.id: lot for lot in lots if lot.part == part}
    there = {
        cell.lot: held
        for cell, held in totals.items()
        if (cell.part, cell.place, cell.condition) == (part, place, Condition.USABLE) and held > 0
    }
    fit = {
        lot: held
        for lot, held in there.items()
        if _fits(known.get(lot), on=on, originals_only=originals_only)
    }
    if sum(fit.values()) < quantity:
        found = sum(fit.values())
        if originals_only:
            raise Refusal("stock.not_enough_originals", part=part, place=place, there=found, wanted=quantity)
        usable = Condition.USABLE.value
        raise Refusal(
            "stock.not_enough", part=part, place=place, condition=usable, there=found, wanted=quantity
        )
    picks: list[Pick] = []
    for lot in sorted(fit, key=lambda lot: _first_out(lot, known.get(lot))):
        taken = min(fit[lot], quantity)
        if taken:
            picks.append(Pick(lot, taken))
        quantity -= taken
    return tuple(picks)


def _fits(lot: Lot | None, *, on: date, originals_only: bool) -> bool:
    if lot is None:
        return not originals_only
    return lot.usable_on(on) and (bool(lot.original) or not originals_only)


def _first_out(id: str, lot: Lot | None) -> tuple[object, ...]:  # noqa: A002 the field's name
    expires = None if lot is None else lot.expires_on
    return (not id, expires is None, expires or date.max, natural_key(id))
