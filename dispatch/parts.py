"""What inventory can offer a plan, in dispatch's words, and what a plan needs, in inventory's.

With `dispatch.loaners` the only door between the two domains.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from dispatch.plan import Plan, Source, StopKind
from dispatch.problem import kept_name, plain_name
from inventory.bringing.followed import BringStage, Followed, followed
from inventory.bringing.stores import Stores
from inventory.bringing.told import to_do, why, why_not
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
    best_of,
)
from inventory.catalogue.part import Tracking, stand_ins
from inventory.catalogue.place import OPEN_SHELVES, PlaceKind
from inventory.shifted import shifted as shifted_stock
from inventory.stock.ledger import Balances, Condition, Move, apply, fold
from inventory.stock.position import PartPlace
from inventory.stock.reservation import PlannedNeed, Reservation, active, honoured
from inventory.stock.sourcing import BY_HAND, OfferKind, SupplyOffer
from inventory.stockroom import Stockroom, checked, opening, position
from inventory.supply.purchasing import counted_in
from kernel.ids import natural_key
from kernel.place import LatLon

__all__ = [
    "BY_HAND",
    "Balances",
    "BringStage",
    "Bringing",
    "Condition",
    "Delivery",
    "Followed",
    "Hindrance",
    "Move",
    "NoWay",
    "OfferKind",
    "PlaceKind",
    "PlannedNeed",
    "Road",
    "Shelf",
    "Stockroom",
    "Stores",
    "Supplies",
    "SupplyOffer",
    "Surroundings",
    "Tariff",
    "Tracking",
    "Wanted",
    "Way",
    "WayKind",
    "asked_for",
    "best_of",
    "ledger_of",
    "offered",
    "planned_needs",
    "posted",
    "shifted_stock",
    "supplies",
    "to_do",
    "why",
    "why_not",
]


@dataclass(frozen=True, slots=True)
class Shelf:
    """A place where a route can stop for parts: `stock` is what is available there, by part or kept name.

    `calendar` is the business calendar in whose hours it can stop; empty: at any time.
    """

    id: str
    at: LatLon
    pick_up_min: int
    stock: Mapping[str, int]
    calendar: str = ""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A way to have `quantity` units of `part` at the visit's site at `arrives_at` for `price`.

    `from_shelf` is the shelf it draws on, empty when it comes from elsewhere or has left; `source` is the place or supplier.
    """

    id: str
    kind: str
    visit: str
    part: str
    quantity: int
    arrives_at: datetime
    price: Decimal
    from_shelf: str
    source: str


@dataclass(frozen=True, slots=True)
class Supplies:
    """What there is for visits. Units kept for a visit stand under `kept_name` of part and visit, nobody else's.

    Args:
        vans: available units by engineer and part or kept name.
        shelves: depots and warehouses with coordinates, in order of their id.
        stand_ins: parts that may be used instead, by part; whether they may is the scheme's word.
        deliveries: offers by visit.
        prices: price of a unit, by part.
        bring: judges the ways a part can be brought anywhere.
    """

    vans: Mapping[str, Mapping[str, int]]
    shelves: tuple[Shelf, ...]
    stand_ins: Mapping[str, tuple[str, ...]]
    deliveries: Mapping[str, tuple[Delivery, ...]]
    prices: Mapping[str, Decimal]
    bring: Stores

    @property
    def stocks(self) -> tuple[Mapping[str, int], ...]:
        """What lies at every place, shelves first."""
        return (*(shelf.stock for shelf in self.shelves), *self.vans.values())

    def kept(self, part: str, visit: str, /) -> int:
        """Units of a part kept for a visit at the one place that has most of them."""
        name = kept_name(part, visit)
        return max((stock.get(name, 0) for stock in self.stocks), default=0)


def supplies(stockroom: Stockroom, *, now: datetime, zone_name: str = "UTC") -> Supplies:
    """Read the stockroom as it stands at `now`; only what is available counts, or kept for whom it is needed.

    `zone_name` says whose day it is: lots out of date on it are not available.
    """
    available: dict[str, dict[str, int]] = {}
    standing = position(stockroom, now, zone_name=zone_name)
    for (part, place), at in standing.items():
        if at.available > 0:
            available.setdefault(place, {})[part] = at.available
    kept = honoured(active(stockroom.reservations, now), {key: at.usable for key, at in standing.items()})
    for (part, place, reference), units in kept.items():
        available.setdefault(place, {})[kept_name(part, reference)] = units
    places = sorted(stockroom.places, key=lambda place: natural_key(place.id))
    # Forward stock is one customer's: no stop for everybody.
    shelf_kinds = OPEN_SHELVES - {PlaceKind.VAN}
    shelves = {p.id for p in places if p.kind in shelf_kinds}
    deliveries, aside = _deliveries(stockroom, shelves, available, now=now)
    return Supplies(
        vans={p.engineer: available.get(p.id, {}) for p in places if p.kind is PlaceKind.VAN and p.engineer},
        shelves=tuple(
            Shelf(p.id, p.at, p.pick_up_min, available.get(p.id, {}), p.calendar)
            for p in places
            if p.kind in shelf_kinds and p.at is not None
        ),
        stand_ins={
            part.id: found for part in stockroom.parts if (found := stand_ins(stockroom.alternates, part.id))
        },
        deliveries=deliveries,
        prices={part.id: part.price for part in stockroom.parts},
        bring=Stores(stockroom, now=now, zone_name=zone_name, standing=standing, aside=aside),
    )


def _deliveries(
    stockroom: Stockroom, shelves: set[str], available: dict[str, dict[str, int]], *, now: datetime
) -> tuple[dict[str, tuple[Delivery, ...]], dict[PartPlace, int]]:
    """What was offered or asked for and has not been received, by visit, and the units set aside for it, by part and place.

    What is asked for from a van or a cabinet is set aside there until it is sent; what has left a shelf is drawn from it no more.
    """
    by_visit: dict[str, list[Delivery]] = {}
    aside: dict[PartPlace, int] = {}
    for one in sorted(asked_for(stockroom, now=now), key=lambda one: natural_key(one.offer.id)):
        offer, here = one.offer, one.offer.source in shelves
        if one.stage is BringStage.RECEIVED:
            continue
        if one.stage is BringStage.TO_SEND and not here:
            there = available.get(offer.source, {})
            if there.get(offer.part, 0) < offer.quantity:
                continue  # it is not there any more
            there[offer.part] -= offer.quantity
            if not there[offer.part]:
                del there[offer.part]
            key = (offer.part, offer.source)
            aside[key] = aside.get(key, 0) + offer.quantity
        by_visit.setdefault(offer.demand_ref, []).append(
            Delivery(
                id=offer.id,
                kind=offer.kind.value,
                visit=offer.demand_ref,
                part=offer.part,
                quantity=offer.quantity,
                arrives_at=offer.arrives_at,
                price=offer.price,
                from_shelf=offer.source if here and one.stage is BringStage.TO_SEND else "",
                source=offer.source,
            )
        )
    return {visit: tuple(found) for visit, found in by_visit.items()}, aside


def asked_for(stockroom: Stockroom, *, now: datetime) -> tuple[Followed, ...]:
    """What was offered or asked for to be brought to visits, and how far it has come."""
    kinds = {place.id: place.kind for place in stockroom.places}
    return followed(stockroom.supply_offers, stockroom.moves, stockroom.purchase_orders, kinds, now=now)


def ledger_of(stockroom: Stockroom) -> Balances:
    """Add up the stockroom's moves in order of time, to post further ones to.

    Raises:
        Refusal: those of `inventory.stock.ledger.apply`.
    """
    return fold(opening(stockroom), sorted(stockroom.moves, key=lambda move: move.at))


def posted(stockroom: Stockroom, ledger: Balances, move: Move) -> tuple[Stockroom, Balances]:
    """The stockroom and its ledger after one more move; a replay changes nothing.

    It is counted into the order it names, and taken from what is kept for whom its document names.

    Raises:
        Refusal: those of `inventory.stock.ledger.apply`.
    """
    after = apply(ledger, move)
    if after is ledger:
        return stockroom, ledger
    kinds = {place.id: place.kind for place in stockroom.places}
    orders = counted_in(stockroom.purchase_orders, move, kinds)
    kept = _taken(stockroom.reservations, move)
    return replace(
        stockroom, moves=(*stockroom.moves, move), purchase_orders=orders, reservations=kept
    ), after


def _taken(reservations: tuple[Reservation, ...], move: Move) -> tuple[Reservation, ...]:
    """Reservations after units left the shelf on a document of what they were kept for: ``V-1`` or ``V-1/...``."""
    units, rows = move.quantity, list(reservations)
    for number, row in enumerate(rows):
        its = f"{move.source_document}/".startswith(f"{row.demand_ref}/")
        if its and (row.part, row.place) == (move.part, move.from_place):
            used = min(units, row.left)
            rows[number] = replace(row, consumed=row.consumed + used)
            units -= used
    return tuple(rows)


def offered(stockroom: Stockroom, offer: SupplyOffer) -> Stockroom:
    """The stockroom after one more offer.

    Raises:
        Refusal: ``stock.duplicate``, ``stock.unknown_part``, ``stock.unknown_place``, ``stock.unknown_supplier``.
    """
    more = replace(stockroom, supply_offers=(*stockroom.supply_offers, offer))
    for flaw in checked(replace(more, moves=())):
        if flaw.table == "supply_offers" and flaw.row == len(stockroom.supply_offers):
            raise flaw.refusal
    return more


def planned_needs(
    plan: Plan, *, engineers: Mapping[str, str], vans: Mapping[str, str], moment: Mapping[str, datetime]
) -> tuple[PlannedNeed, ...]:
    """What a plan will take off vans and shelves, in the order of the plan.

    Args:
        plan: as solved.
        engineers: engineer by shift id.
        vans: van place by engineer.
        moment: start of work by visit id, aware.
    """
    needs: list[PlannedNeed] = []
    for route in plan.routes:
        for stop in route.stops:
            if stop.kind is not StopKind.VISIT:
                continue
            for line in stop.supply:
                place = vans.get(engineers[route.shift], "") if line.source is Source.VAN else line.from_id
                if line.source is not Source.OFFER and place:
                    part = plain_name(line.part)
                    needs.append(PlannedNeed(part, place, moment[stop.ref], line.quantity, stop.ref))
    return tuple(needs)
