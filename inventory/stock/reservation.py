"""Promises against stock: reservations and planned needs. What asks for them stays opaque.

Every kind of demand stands in one table of reservations and is judged against one figure, so that the same units
are never promised twice. A reservation is kept as a row: what was taken from it is added up in `consumed`, and
releasing it ends it at that moment. Promising and taking are judged in `shelf`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from inventory.stock.move import MOST_UNITS
from kernel.clock import utc
from kernel.errors import Refusal


@dataclass(frozen=True, slots=True)
class Reservation:
    """`quantity` usable units of `part` at `place` are kept for `demand_ref`.

    Args:
        part: part id.
        place: place id, a shelf.
        quantity: units kept at first.
        demand_ref: what they are kept for; opaque here.
        id: natural key; empty only for rows written before reservations had one.
        expires_at: kept until then, that moment excluded; None: until taken or released.
        lot: these units come from this lot; empty: from any.
        serial: this very unit; empty: any.
        consumed: units taken from it so far.

    Raises:
        Refusal: ``stock.not_whole``, ``stock.not_positive``, ``stock.too_many``, ``stock.serial_not_one``,
            ``stock.reservation_overdrawn``, ``clock.naive_time``.
    """

    part: str
    place: str
    quantity: int
    demand_ref: str
    id: str = ""
    expires_at: datetime | None = None
    lot: str = ""
    serial: str = ""
    consumed: int = 0

    def __post_init__(self) -> None:
        if type(self.quantity) is not int:
            raise Refusal("stock.not_whole", id=self.demand_ref, value=str(self.quantity))
        if self.quantity < 1:
            raise Refusal("stock.not_positive", id=self.demand_ref, value=self.quantity)
        if self.quantity > MOST_UNITS:
            raise Refusal("stock.too_many", id=self.demand_ref, most=MOST_UNITS)
        if self.serial and self.quantity != 1:
            raise Refusal("stock.serial_not_one", move=self.id, serial=self.serial, value=self.quantity)
        if not 0 <= self.consumed <= self.quantity:
            raise Refusal(
                "stock.reservation_overdrawn", reservation=self.id, left=self.quantity, wanted=self.consumed
            )
        if self.expires_at is not None:
            object.__setattr__(self, "expires_at", utc(self.expires_at))

    @property
    def left(self) -> int:
        """Units not taken yet."""
        return self.quantity - self.consumed

    def is_active(self, now: datetime, /) -> bool:
        """Say whether it still keeps anything at `now`."""
        return self.left > 0 and (self.expires_at is None or now < self.expires_at)


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


def active(reservations: Iterable[Reservation], now: datetime, /) -> tuple[Reservation, ...]:
    """Give the reservations that still keep something at `now`, in their order."""
    return tuple(row for row in reservations if row.is_active(now))


def unreserved(
    needs: tuple[PlannedNeed, ...], reservations: tuple[Reservation, ...]
) -> tuple[PlannedNeed, ...]:
    """Give the needs without what is already kept for them, so that no unit is counted twice."""
    kept: dict[tuple[str, str, str], int] = {}
    for row in reservations:
        key = (row.part, row.place, row.demand_ref)
        kept[key] = kept.get(key, 0) + row.left
    left: list[PlannedNeed] = []
    for need in sorted(needs, key=lambda need: need.at):
        key = (need.part, need.place, need.demand_ref)
        used = min(kept.get(key, 0), need.quantity)
        kept[key] = kept.get(key, 0) - used
        if need.quantity > used:
            left.append(PlannedNeed(need.part, need.place, need.at, need.quantity - used, need.demand_ref))
    return tuple(left)


def drawn(
    reservations: tuple[Reservation, ...], needs: tuple[PlannedNeed, ...], /
) -> tuple[Reservation, ...]:
    """Give what is left of the reservations once the needs have taken what is kept for them: the other side of `unreserved`."""
    wanted: dict[tuple[str, str, str], int] = {}
    for need in needs:
        key = (need.part, need.place, need.demand_ref)
        wanted[key] = wanted.get(key, 0) + need.quantity
    left: list[Reservation] = []
    for row in reservations:
        key = (row.part, row.place, row.demand_ref)
        used = min(wanted.get(key, 0), row.left)
        wanted[key] = wanted.get(key, 0) - used
        left.append(replace(row, consumed=row.consumed + used))
    return tuple(row for row in left if row.left)


def release(
    reservations: Iterable[Reservation],
    id: str,  # noqa: A002 the field's name
    *,
    now: datetime,
) -> tuple[Reservation, ...]:
    """End a reservation at `now`; one that has ended stays as it is.

    Raises:
        Refusal: ``stock.reservation_unknown``.
    """
    rows = tuple(reservations)
    kept = found(rows, id)
    if not kept.is_active(now):
        return rows
    return tuple(replace(row, expires_at=now) if row is kept else row for row in rows)


def consume(
    reservations: Iterable[Reservation],
    id: str,  # noqa: A002 the field's name
    quantity: int,
    *,
    now: datetime,
) -> tuple[Reservation, ...]:
    """Take units from a reservation, because they leave the shelf for what they were kept for.

    Raises:
        Refusal: ``stock.reservation_unknown``, ``stock.reservation_over`` when it has ended,
            ``stock.reservation_overdrawn`` when less is left, ``stock.not_positive``.
    """
    rows = tuple(reservations)
    kept = found(rows, id)
    if quantity < 1:
        raise Refusal("stock.not_positive", id=id, value=quantity)
    if not kept.is_active(now):
        raise Refusal("stock.reservation_over", reservation=id)
    if quantity > kept.left:
        raise Refusal("stock.reservation_overdrawn", reservation=id, left=kept.left, wanted=quantity)
    return tuple(replace(row, consumed=row.consumed + quantity) if row is kept else row for row in rows)


def found(rows: tuple[Reservation, ...], id: str, /) -> Reservation:  # noqa: A002 the field's name
    """Give the reservation of that id.

    Raises:
        Refusal: ``stock.reservation_unknown``.
    """
    for row in rows:
        if row.id == id:
            return row
    raise Refusal("stock.reservation_unknown", reservation=id)


def honoured(
    reservations: Iterable[Reservation], usable: Mapping[tuple[str, str], int]
) -> dict[tuple[str, str, str], int]:
    """Units really kept, by part, place and what for: after a loss who was promised first is served first, as `shelf` does.

    Args:
        reservations: those that keep something, in their order; see `active`.
        usable: usable units by part and place.
    """
    left, kept = dict(usable), dict[tuple[str, str, str], int]()
    for row in reservations:
        units = min(row.left, left.get((row.part, row.place), 0))
        if units > 0:
            left[row.part, row.place] -= units
            key = (row.part, row.place, row.demand_ref)
            kept[key] = kept.get(key, 0) + units
    return kept
