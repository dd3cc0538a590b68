"""Loaner units inventory can lend, in dispatch's words: which classes will do, which units are free, what a day costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from inventory.stock.loaner_pool import free_units
from inventory.stockroom import Stockroom


@dataclass(frozen=True, slots=True)
class LoanerPool:
    """What can be lent.

    Args:
        free: unit ids by (place, class), in natural order.
        substitutes: classes that may stand in, by class; the class itself first.
        day_cost: what a day on loan costs, by class.
    """

    free: Mapping[tuple[str, str], tuple[str, ...]]
    substitutes: Mapping[str, tuple[str, ...]]
    day_cost: Mapping[str, Decimal]

    def classes_for(self, wanted: str, /) -> tuple[str, ...]:
        """Classes that satisfy a customer whose equipment is of class `wanted`: its own first, then the listed ones."""
        return self.substitutes.get(wanted, ())


def loaner_pool(stockroom: Stockroom, *, now: datetime) -> LoanerPool:
    """Read the pool as it stands at `now`."""
    return LoanerPool(
        free=free_units(stockroom.loaner_units, stockroom.loans, at=now, now=now),
        substitutes={c.id: (c.id, *c.substitutes) for c in stockroom.loaner_classes},
        day_cost={c.id: c.day_cost for c in stockroom.loaner_classes},
    )
