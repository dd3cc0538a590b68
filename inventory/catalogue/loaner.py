"""Loaner equipment: classes, what may stand in for what, and the units there are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from kernel.clock import utc
from kernel.errors import Refusal


@dataclass(frozen=True, slots=True)
class LoanerClass:
    """A kind of equipment lent to a customer while theirs is repaired.

    Args:
        id: natural key.
        name: as people call it.
        substitutes: classes that may be lent instead (listed equals or better), best first; not transitive.
        day_cost: what a day on loan costs us, in the region's currency.
        cleaning_min: minutes of cleaning once a unit is back, by the clock.
        inspection_min: minutes of inspection after that.

    Raises:
        Refusal: ``money.negative``, ``stock.substitute_of_itself``, ``stock.negative_block_time``.
    """

    id: str
    name: str
    substitutes: tuple[str, ...]
    day_cost: Decimal
    cleaning_min: int = 0
    inspection_min: int = 0

    def __post_init__(self) -> None:
        if min(self.cleaning_min, self.inspection_min) < 0:
            raise Refusal("stock.negative_block_time", value=60 * min(self.cleaning_min, self.inspection_min))
        if self.day_cost < 0:
            raise Refusal("money.negative", value=str(self.day_cost))
        if self.id in self.substitutes:
            raise Refusal("stock.substitute_of_itself", loaner_class=self.id)


@dataclass(frozen=True, slots=True)
class LoanerUnit:
    """One unit to lend.

    Args:
        id: its serial.
        loaner_class: its class.
        place: where it stands when it is not lent.
        free_from: not to be lent before this moment (cleaning, inspection); None: no such limit.
        van: the van it lies in, taken along to be lent; empty: it is not on the road.

    Raises:
        Refusal: ``clock.naive_time``.
    """

    id: str
    loaner_class: str
    place: str
    free_from: datetime | None = None
    van: str = ""

    def __post_init__(self) -> None:
        if self.free_from is not None:
            object.__setattr__(self, "free_from", utc(self.free_from))


def lendable(classes: Iterable[LoanerClass], wanted: str) -> tuple[str, ...]:
    """Classes that may be lent where `wanted` is asked for: itself first, then its substitutes in their order.

    Raises:
        Refusal: ``stock.unknown_loaner_class``.
    """
    for row in classes:
        if row.id == wanted:
            return (wanted, *row.substitutes)
    raise Refusal("stock.unknown_loaner_class", loaner_class=wanted)
