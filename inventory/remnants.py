"""What lies where nobody will need it for long, and what nobody sells any more: both as far as the stock on record tells."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from inventory.catalogue.place import OPEN_SHELVES, SHELVES
from inventory.last_orders import last_orders
from inventory.provision import Provision
from inventory.replenish.assessment import FAR_DAYS
from inventory.replenish.final_order import FinalOrder
from inventory.stock.position import PartPlace
from inventory.stock.reservation import PlannedNeed, active, unreserved
from inventory.stockroom import position
from kernel.ids import natural_key

COVER_DAYS = 365
"""What is asked for within a year is no excess; chosen."""


@dataclass(frozen=True, slots=True)
class Excess:
    """Units of a part at a place beyond what is kept there and what a year asks for.

    Args:
        part: part id.
        place: place id.
        quantity: units that can leave.
        keep: units that stay: the order-up-to level or a year's demand, whichever is more.
        per_month: units asked for there a month.
        money: what the units are worth at the catalogue's price.
        wanting: places whose position is at or under their reorder point, in natural order: to be asked first.
    """

    part: str
    place: str
    quantity: int
    keep: int
    per_month: float
    money: Decimal
    wanting: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ending:
    """A part that is asked for and that nobody sells, nor what supersedes it, or nobody sells after a day that is known.

    Args:
        part: part id.
        left: units available, on the road and on order, everywhere.
        planned: units planned work will take.
        per_month: units asked for a month, everywhere.
        lasts_until: when it is used up at that rate; None: not within ten years.
        stand_ins: parts that may be used instead and are sold.
        final: what is needed of it until the end of service, and what is missing of that; None where no last day of order
            is known, or another part supersedes it.
    """

    part: str
    left: int
    planned: int
    per_month: float
    lasts_until: datetime | None
    stand_ins: tuple[str, ...]
    final: FinalOrder | None = None


def excess(provision: Provision, needs: Iterable[PlannedNeed]) -> tuple[Excess, ...]:
    """List what lies in excess on depots, warehouses and vans, most money first.

    Of a part whose last day of order is known nothing is in excess that will be needed until the end of service.

    Args:
        provision: rates and levels at a moment.
        needs: what planned work will take: no excess, wherever it lies.
    """
    stock = position(provision.stockroom, provision.now, zone_name=provision.zone_name)
    planned = _planned(provision, needs)
    ends = last_orders(provision, stock, _by_part(planned))
    spare = {part: final.spare for part, (final, _) in ends.items()}
    wanting: dict[str, list[str]] = {}
    for key, marks in provision.levels.items():
        row = stock.get(key)
        there = 0 if row is None else row.available + row.in_transit + row.on_order
        if there - planned.get(key, 0) <= marks.reorder_point:
            wanting.setdefault(key[0], []).append(key[1])
    found = []
    for (part, place), row in stock.items():
        if part not in provision.parts or provision.places[place].kind not in OPEN_SHELVES:
            continue
        rate, marks_here = provision.rate((part, place)), provision.levels.get((part, place))
        a_year = math.ceil(rate.per_day * COVER_DAYS - 1e-9)
        keep = max(a_year, marks_here.order_up_to if marks_here is not None else 0)
        free = row.available - planned.get((part, place), 0)
        over = min(free, free + row.in_transit + row.on_order - keep)
        if part in spare:
            over = min(over, spare[part])
            spare[part] -= max(0, over)
        if over > 0:
            others = tuple(sorted(wanting.get(part, ()), key=natural_key))
            money = over * provision.parts[part].price
            found.append(Excess(part, place, over, keep, rate.per_month, money, others))
    return tuple(sorted(found, key=lambda one: (-one.money, natural_key(one.part), natural_key(one.place))))


def ending(provision: Provision, needs: Iterable[PlannedNeed]) -> tuple[Ending, ...]:
    """List parts that are asked for or planned and that nobody sells, or nobody before long, first used up first.

    A part with a last day of order is listed whether or not anybody asks for it; arguments as `excess`.
    """
    stock = position(provision.stockroom, provision.now, zone_name=provision.zone_name)
    planned = _by_part(_planned(provision, needs))
    ends = last_orders(provision, stock, planned)
    left: dict[str, int] = {}
    for (part, place), row in stock.items():
        if provision.places[place].kind in SHELVES:
            left[part] = left.get(part, 0) + row.available + row.in_transit + row.on_order
    per_day: dict[str, float] = {}
    per_month: dict[str, float] = {}
    for part, place in {(row.part, row.place) for row in provision.stockroom.demand_history}:
        rate = provision.rate((part, place))
        per_day[part] = per_day.get(part, 0.0) + rate.per_day
        per_month[part] = per_month.get(part, 0.0) + rate.per_month
    found = []
    for part in provision.parts:
        asked, wanted = per_day.get(part, 0.0), planned.get(part, 0)
        final = ends[part][0] if part in ends else None
        if final is None and (provision.ways(part) or not (asked > 0 or wanted)):
            continue
        units = left.get(part, 0)
        days = max(0, units - wanted) / asked if asked > 0 else (0.0 if units < wanted else math.inf)
        until = None
        if days <= FAR_DAYS:
            until = (provision.now + timedelta(days=days)).replace(microsecond=0)
        sold = provision.sold_instead(part)
        found.append(Ending(part, units, wanted, per_month.get(part, 0.0), until, sold, final))
    return tuple(
        sorted(
            found,
            key=lambda one: (
                one.lasts_until is None,
                one.lasts_until.timestamp() if one.lasts_until is not None else 0.0,
                natural_key(one.part),
            ),
        )
    )


def _planned(provision: Provision, needs: Iterable[PlannedNeed]) -> dict[PartPlace, int]:
    kept = active(provision.stockroom.reservations, provision.now)
    found: dict[PartPlace, int] = {}
    for need in unreserved(tuple(needs), kept):
        found[need.part, need.place] = found.get((need.part, need.place), 0) + need.quantity
    return found


def _by_part(planned: Mapping[PartPlace, int]) -> dict[str, int]:
    found: dict[str, int] = {}
    for (part, _), units in planned.items():
        found[part] = found.get(part, 0) + units
    return found
