"""Promises against stock: reservations and planned needs. What asks for them stays opaque."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kernel.clock import utc
from kernel.errors import Refusal


@dataclass(frozen=True, slots=True)
class Reservation:
    """`quantity` usable units of `part` at `place` are kept for `demand_ref`.

    Raises:
        Refusal: ``stock.not_positive``.
    """

    part: str
    place: str
    quantity: int
    demand_ref: str

    def __post_init__(self) -> None:
        if self.quantity < 1:
            raise Refusal("stock.not_positive", id=self.demand_ref, value=self.quantity)


@dataclass(frozen=True, slots=True)
class PlannedNeed:
    """`quantity` units of `part` will be taken at `place` at the moment `at`; `demand_ref` says for what.

    Raises:
        Refusal: ``stock.not_positive``, ``clock.naive_time``.
    """

    part: str
    place: str
    at: datetime
    quantity: int
    demand_ref: str

    def __post_init__(self) -> None:
        if self.quantity < 1:
            raise Refusal("stock.not_positive", id=self.demand_ref, value=self.quantity)
        object.__setattr__(self, "at", utc(self.at))


def unreserved(
    needs: tuple[PlannedNeed, ...], reservations: tuple[Reservation, ...]
) -> tuple[PlannedNeed, ...]:
    """Give the needs without what is already kept for them, so that no unit is counted twice."""
    kept: dict[tuple[str, str, str], int] = {}
    for row in reservations:
        key = (row.part, row.place, row.demand_ref)
        kept[key] = kept.get(key, 0) + row.quantity
    left: list[PlannedNeed] = []
    for need in sorted(needs, key=lambda need: need.at):
        key = (need.part, need.place, need.demand_ref)
        used = min(kept.get(key, 0), need.quantity)
        kept[key] = kept.get(key, 0) - used
        if need.quantity > used:
            left.append(PlannedNeed(need.part, need.place, need.at, need.quantity - used, need.demand_ref))
    return tuple(left)
