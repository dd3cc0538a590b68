"""The loaner pool in simulated time: units by class, lent when their time has come, back after cleaning and inspection."""

from __future__ import annotations

from collections import Counter

from inventory.catalogue.loaner import LoanerClass
from kernel.money import cents
from scenarios.run.case import Cases
from scenarios.run.layout import Layout


class Pool:
    """Free units by class; a unit lent is known by its class (1 more than its position, 0: none)."""

    def __init__(self, laid: Layout) -> None:
        stock = laid.world.region.stock
        self._classes: tuple[LoanerClass, ...] = stock.loaner_classes
        counted = Counter(unit.loaner_class for unit in stock.loaner_units)
        self._free = [counted[one.id] for one in self._classes]
        self._takes = laid.lendable

    def wanted(self, t: int, cases: Cases) -> bool:
        """Whether a loaner could be owed for a ticket."""
        return self.lends(cases.source[t]) and cases.loaner_due[t] >= 0

    def lends(self, source: int) -> bool:
        """Whether there is a class that may stand in for a source's equipment."""
        return bool(self._takes[source])

    def lend(self, t: int, cases: Cases, now: int) -> bool:
        """Lend a unit, the class asked for first, then those that may stand in for it; False: none is free."""
        for number in self._takes[cases.source[t]]:
            if self._free[number]:
                self._free[number] -= 1
                cases.lent[t], cases.loaner[t] = now, number + 1
                return True
        return False

    def stays_s(self, t: int, cases: Cases) -> int:
        """Seconds from the repair until the unit can be lent again."""
        kind = self._classes[cases.loaner[t] - 1]
        return max(1, cases.keeps[t] + 60 * (kind.cleaning_min + kind.inspection_min))

    def day_cents(self, t: int, cases: Cases) -> int:
        """What a day of it costs."""
        return cents(self._classes[cases.loaner[t] - 1].day_cost)

    def is_out(self, t: int, cases: Cases) -> bool:
        """Whether the unit lent for a ticket is not free again yet."""
        return cases.loaner[t] > 0

    def back(self, t: int, cases: Cases) -> None:
        """It is free again."""
        self._free[cases.loaner[t] - 1] += 1
        cases.loaner[t] = -cases.loaner[t]
