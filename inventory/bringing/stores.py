"""The ways to bring a part to where it is needed: from which van, store, cabinet or supplier."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from inventory.bringing.way import (
    Bringing,
    Hindrance,
    NoWay,
    Road,
    Surroundings,
    Tariff,
    Wanted,
    Way,
    WayKind,
)
from inventory.catalogue.place import OPEN_SHELVES, Place, PlaceKind
from inventory.replenish.assessment import Delivered, Supply, supplies
from inventory.stock.lot import day_of
from inventory.stock.position import PartPlace, Position
from inventory.stock.reservation import active, honoured
from inventory.stockroom import Stockroom, position
from kernel.clock import utc
from kernel.errors import Refusal
from kernel.ids import natural_key
from kernel.money import cents, from_cents


class Stores:
    """The stockroom at a moment, read once and asked for many parts.

    Args:
        stockroom: everything there is.
        now: the moment, aware.
        zone_name: whose day it is; lots out of date on it are not free, who takes no order on it any more sells nothing.
        delivered: what suppliers have shown, by supplier and part; who is not named is taken at his word.
        standing: positions at that moment, where they are known already.
        aside: units asked for already that have not left, by part and place: they are free for nobody.
    """

    def __init__(
        self,
        stockroom: Stockroom,
        *,
        now: datetime,
        zone_name: str = "UTC",
        delivered: Mapping[tuple[str, str], Delivered] | None = None,
        standing: Mapping[PartPlace, Position] | None = None,
        aside: Mapping[PartPlace, int] | None = None,
    ) -> None:
        """Sort what there is by part."""
        self.now = utc(now)
        self._room = stockroom
        self._delivered = delivered
        self._aside = aside or {}
        self._places = sorted(stockroom.places, key=lambda place: natural_key(place.id))
        self._by_id = {place.id: place for place in self._places}
        self._stores = [
            p for p in self._places if p.kind in OPEN_SHELVES - {PlaceKind.VAN} and p.at is not None
        ]
        self._held: dict[str, dict[str, Position]] = {}
        known = position(stockroom, now, zone_name=zone_name) if standing is None else standing
        for (part, place), there in known.items():
            self._held.setdefault(part, {})[place] = there
        usable = {key: there.usable for key, there in known.items()}
        self._kept = honoured(active(stockroom.reservations, now), usable)
        self._terms: dict[str, list[int]] = {}
        today = day_of(self.now, zone_name=zone_name)
        for number, row in enumerate(stockroom.terms):
            if row.sold_on(today):
                self._terms.setdefault(row.part, []).append(number)
        self._bought: dict[str, tuple[Supply, ...]] = {}

    def ways(self, wanted: Wanted, around: Surroundings) -> Bringing:
        """Judge every way there could be: each place in every way it can serve, each supplier who still sells the part.

        What is open and what is not is everything looked at: nothing is left out.
        """
        return _sorted(self._judged(wanted, around, self._places))

    def open_ways(self, wanted: Wanted, around: Surroundings) -> tuple[Way, ...]:
        """As `ways`, only what is open; places that hold nothing are not even looked at."""
        there = self._held.get(wanted.part, {})
        holding = [self._by_id[place] for place in there]
        return _sorted(self._judged(wanted, around, holding)).ways

    def free(self, wanted: Wanted, place: str, around: Surroundings) -> int:
        """Units at a place that may be taken for it: available, or kept for it; of another's van only what its own work leaves.

        What is kept in another's van is not taken out of it: it goes with that van.
        """
        there = self._held.get(wanted.part, {}).get(place)
        if there is None:
            return 0
        available = max(0, there.available - self._aside.get((wanted.part, place), 0))
        if self._by_id[place].kind is PlaceKind.VAN and place != wanted.van:
            return max(0, available - (around.needed or {}).get(place, 0))
        kept = self._kept.get((wanted.part, place, wanted.demand_ref), 0) if wanted.demand_ref else 0
        return available + kept

    def _judged(self, wanted: Wanted, around: Surroundings, places: Iterable[Place]) -> Iterator[Way | NoWay]:
        near = self._nearest(around)
        for place in places:
            for kind in _kinds(place, wanted, near):
                yield _in_time(self._from_place(wanted, around, kind, place, near), wanted.by)
        for sold in self._suppliers(wanted.part):
            yield _in_time(self._bought_from(wanted, around, sold, near), wanted.by)

    def _from_place(
        self, wanted: Wanted, around: Surroundings, kind: WayKind, place: Place, near: Place | None
    ) -> Way | NoWay:
        there = self._held.get(wanted.part, {}).get(place.id)
        if not place.serves(wanted.customer):
            return NoWay(kind, place.id, Hindrance.OTHER_CUSTOMER, 0 if there is None else there.usable)
        free = self.free(wanted, place.id, around)
        if free < wanted.units:
            return _short(
                kind, place.id, there, wanted.units, aside=self._aside.get((wanted.part, place.id), 0)
            )
        if kind is WayKind.OWN_VAN:
            now = self.now
            return Way(kind, place.id, free, wanted.units, now, now, now, Road(0, 0), Decimal(0))
        had_at = _opens(place, self.now, around)
        if had_at is None:
            return NoWay(kind, place.id, Hindrance.CLOSED, free)
        road = around.road(place.id)
        if kind is WayKind.TRANSFER:
            return self._transfer(wanted, around, place, near, had_at, free)
        if road is None:
            return NoWay(kind, place.id, Hindrance.NO_WAY, free)
        if kind is WayKind.PICK_UP or (kind is WayKind.FORWARD and not road.seconds):
            leaves_at = had_at + timedelta(minutes=place.pick_up_min)
            price = _driven(around.tariff, road)
        else:
            comes_at = self.now + timedelta(minutes=around.tariff.prepare_min)
            courier = _by_courier(around, place, road, comes_at)
            if courier is None:
                return NoWay(kind, place.id, Hindrance.CLOSED, free)
            leaves_at, price = courier.leaves_at, courier.price
        arrives_at = around.arrives(leaves_at, road.seconds)
        return Way(kind, place.id, free, wanted.units, had_at, leaves_at, arrives_at, road, price)

    def _transfer(
        self,
        wanted: Wanted,
        around: Surroundings,
        place: Place,
        near: Place | None,
        had_at: datetime,
        free: int,
    ) -> Way | NoWay:
        road = None if near is None else around.road(near.id)
        if near is None or road is None:
            return NoWay(WayKind.TRANSFER, place.id, Hindrance.NO_WAY, free)
        there_at = had_at + timedelta(days=around.tariff.transfer_days)
        last = _by_courier(around, near, road, there_at)
        if last is None:
            return NoWay(WayKind.TRANSFER, place.id, Hindrance.CLOSED, free)
        return Way(
            WayKind.TRANSFER,
            place.id,
            free,
            wanted.units,
            had_at,
            last.leaves_at,
            around.arrives(last.leaves_at, road.seconds),
            road,
            around.tariff.transfer_cost + last.price,
            via=near.id,
            via_at=last.had_at,
        )

    def _bought_from(
        self, wanted: Wanted, around: Surroundings, sold: Supply, near: Place | None
    ) -> Way | NoWay:
        road = None if near is None else around.road(near.id)
        if near is None or road is None:
            return NoWay(WayKind.PURCHASE, sold.supplier, Hindrance.NO_WAY)
        order, due_at = sold.order(wanted.units), self.now + timedelta(days=sold.lead_time_days)
        last = _by_courier(around, near, road, due_at)
        if last is None:
            return NoWay(WayKind.PURCHASE, sold.supplier, Hindrance.CLOSED)
        return Way(
            WayKind.PURCHASE,
            sold.supplier,
            order.quantity,
            order.quantity,
            due_at,
            last.leaves_at,
            around.arrives(last.leaves_at, road.seconds),
            road,
            last.price,
            order.cost,
            via=near.id,
            via_at=last.had_at,
        )

    def _nearest(self, around: Surroundings) -> Place | None:
        """The store from which the road to the point is shortest in time, then by id."""
        found: tuple[int, Place] | None = None
        for place in self._stores:
            road = around.road(place.id)
            if road is not None and (found is None or road.seconds < found[0]):
                found = road.seconds, place
        return None if found is None else found[1]

    def _suppliers(self, part: str) -> tuple[Supply, ...]:
        if part not in self._bought:
            rows = [self._room.terms[number] for number in self._terms.get(part, ())]
            breaks = [row for row in self._room.price_breaks if row.part == part] if rows else []
            self._bought[part] = supplies(
                part, self._room.suppliers, rows, delivered=self._delivered, breaks=breaks
            )
        return self._bought[part]


_FROM_STORES = (WayKind.PICK_UP, WayKind.COURIER, WayKind.TRANSFER)


class _Collected(NamedTuple):
    """A courier's part of a way: when goods are had where he collects them, when he leaves there, his price."""

    had_at: datetime
    leaves_at: datetime
    price: Decimal


def _kinds(place: Place, wanted: Wanted, near: Place | None) -> tuple[WayKind, ...]:
    """The ways a place can serve: from the store nearest by nothing is transferred, it is there."""
    if place.kind is PlaceKind.VAN:
        return (WayKind.OWN_VAN if place.id == wanted.van else WayKind.OTHER_VAN,)
    if place.kind is PlaceKind.FORWARD:
        return (WayKind.FORWARD,)
    if place.kind not in OPEN_SHELVES:
        return ()
    return _FROM_STORES[:2] if near is not None and near.id == place.id else _FROM_STORES


def _by_courier(around: Surroundings, place: Place, road: Road, from_at: datetime) -> _Collected | None:
    """What a courier does who collects from `from_at` on; None: the place is never open again."""
    had_at = _opens(place, from_at, around)
    if had_at is None:
        return None
    price = around.tariff.courier + around.tariff.courier_km * Decimal(road.metres) / 1000
    return _Collected(had_at, had_at + timedelta(minutes=place.pick_up_min), from_cents(cents(price)))


def _opens(place: Place, at: datetime, around: Surroundings) -> datetime | None:
    """The first moment from `at` on at which goods can be had at a place; None: never again."""
    if not place.calendar:
        return at
    try:
        return around.calendars[place.calendar].next_opening(at)
    except Refusal:
        return None


def _in_time(found: Way | NoWay, by: datetime | None) -> Way | NoWay:
    if isinstance(found, NoWay) or by is None or found.arrives_at <= by:
        return found
    return NoWay(found.kind, found.source, Hindrance.TOO_LATE, found.free, found.arrives_at)


def _sorted(found: Iterable[Way | NoWay]) -> Bringing:
    every = list(found)
    order = {kind: number for number, kind in enumerate(WayKind)}
    ways = [one for one in every if isinstance(one, Way)]
    closed = [one for one in every if isinstance(one, NoWay)]
    return Bringing(
        tuple(sorted(ways, key=lambda w: (w.cost, w.arrives_at, order[w.kind], natural_key(w.source)))),
        tuple(sorted(closed, key=lambda n: (order[n.kind], natural_key(n.source)))),
    )


def _short(kind: WayKind, place: str, there: Position | None, units: int, *, aside: int) -> NoWay:
    """Why too few are free: they are promised, needed by the van's own work, held back, or not there at all."""
    if there is None or there.on_hand < units:
        return NoWay(kind, place, Hindrance.NONE_FREE, 0 if there is None else there.on_hand)
    if there.usable < units:
        return NoWay(kind, place, Hindrance.HELD_BACK, there.on_hand)
    if there.available - aside < units:
        return NoWay(kind, place, Hindrance.RESERVED, there.usable)
    return NoWay(kind, place, Hindrance.NEEDED_THERE, there.usable)


def _driven(tariff: Tariff, road: Road) -> Decimal:
    """Our own way there and back: time and distance, each cut to a cent."""
    hour, km = cents(tariff.travel_hour), cents(tariff.distance_km)
    return from_cents(2 * (road.seconds * hour // 3600 + road.metres * km // 1000))
