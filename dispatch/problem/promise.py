"""What a visit is promised and may be: times, prices of being late, of change, of somebody else."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Window:
    """A start of work at `t` fits when ``open_s <= t < close_s``."""

    open_s: int
    close_s: int


@dataclass(frozen=True, slots=True)
class Lateness:
    """The price of passing a due time: `cents` for every started `per_s` ticks after `due_s`."""

    due_s: int
    cents: int
    per_s: int

    def price(self, at_s: int) -> int:
        """Cents owed when the milestone is met at `at_s`.

        >>> Lateness(due_s=100, cents=50, per_s=60).price(161)
        100
        """
        late_s = at_s - self.due_s
        return 0 if late_s <= 0 else self.cents * -(-late_s // self.per_s)


@dataclass(frozen=True, slots=True)
class Outside:
    """An outside partner who could do the visit instead, bringing what it needs.

    Args:
        partner: the partner's id.
        start_s: when he would start; lateness is priced from here.
        cents: his price for the visit.
    """

    partner: str
    start_s: int
    cents: int


@dataclass(frozen=True, slots=True)
class Published:
    """Where a visit stands in the published plan, and what changing that costs.

    Args:
        engineer: index of the engineer it was promised with.
        start_s: the promised start.
        tolerance_s: a start at most this far from it is not a change.
        engineer_cents: price of another engineer.
        moved_cents: price of a start beyond the tolerance (more once the customer was told).
        partner: the outside partner it was promised with; empty: our own. `engineer` is then one without a shift, so
            that anybody of our own is another.
    """

    engineer: int
    start_s: int
    tolerance_s: int
    engineer_cents: int
    moved_cents: int
    partner: str = ""

    def price(self, engineer: int, start_s: int) -> int:
        """Cents for the visit now being with `engineer` at `start_s`.

        >>> Published(engineer=0, start_s=600, tolerance_s=60, engineer_cents=5, moved_cents=9).price(1, 661)
        14
        """
        return self._price(other=engineer != self.engineer, start_s=start_s)

    def outside_price(self, partner: str, start_s: int) -> int:
        """Cents for the visit now being with an outside partner at `start_s`."""
        return self._price(other=partner != self.partner, start_s=start_s)

    def _price(self, *, other: bool, start_s: int) -> int:
        moved = abs(start_s - self.start_s) > self.tolerance_s
        return (self.engineer_cents if other else 0) + (self.moved_cents if moved else 0)
