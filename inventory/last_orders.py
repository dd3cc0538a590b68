"""Parts whose last day of order is known, past or to come: what lasts until nobody needs them, and what is missing of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from inventory.catalogue.place import SHELVES, PlaceKind
from inventory.provision import Provision
from inventory.replenish.demand import DemandRate
from inventory.replenish.final_order import FinalOrder, enough
from inventory.replenish.lead_time_demand import LeadTimeDemand
from inventory.stock.position import PartPlace, Position
from inventory.stockroom import decided, lots_inspected
from inventory.supply.ordering import waiting
from inventory.supply.to_come import expected
from kernel.clock import zone
from kernel.ids import natural_key

DAYS_A_YEAR = 365.25


@dataclass(slots=True)
class _Asked:
    """How a part is asked for everywhere, and at which depot or warehouse, its vans included."""

    per_month: float = 0.0
    per_day: float = 0.0
    variance_per_day: float = 0.0
    at: dict[str, float] = field(default_factory=dict)

    def add(self, rate: DemandRate, shelf: str) -> None:
        self.per_month += rate.per_month
        self.per_day += rate.per_day
        self.variance_per_day += rate.variance_per_day
        self.at[shelf] = self.at.get(shelf, 0.0) + rate.per_day


def last_orders(
    provision: Provision, stock: Mapping[PartPlace, Position], planned: Mapping[str, int]
) -> dict[str, tuple[FinalOrder, str]]:
    """Give every part that is bought and whose end is known, with the depot or warehouse that is asked for it most.

    Units of what it supersedes count for as much as those are asked for: the old part does not replace the new.

    Args:
        provision: rates and terms at a moment.
        stock: what stands where at that moment.
        planned: units planned work takes, by part.
    """
    ends = {row.part: row.last_order_on for row in provision.stockroom.terms if row.last_order_on is not None}
    bought = {part: provision.bought(part) for part in provision.parts}
    wanted = {
        part: last_on
        for part in sorted(ends, key=natural_key)
        if bought.get(part) == part and (last_on := provision.last_order_on(part)) is not None
    }
    if not wanted:
        return {}
    family: dict[str, list[str]] = {}
    for part, successor in bought.items():
        if successor in wanted:
            family.setdefault(successor, []).append(part)
    members = {part for parts in family.values() for part in parts}
    asked, there = _asked(provision, members), _there(provision, stock, members)
    return {
        part: _final(provision, part, last_on, family[part], asked, there, planned)
        for part, last_on in wanted.items()
    }


def _final(
    provision: Provision,
    part: str,
    last_on: date,
    family: list[str],
    asked: Mapping[str, _Asked],
    there: Mapping[str, int],
    planned: Mapping[str, int],
) -> tuple[FinalOrder, str]:
    settings = provision.settings
    stated = provision.parts[part].served_until
    until = stated or last_on + timedelta(days=round(settings.service_years * DAYS_A_YEAR))
    days = max(0, (until - provision.today).days)
    own = [asked.get(one, _Asked()) for one in family]
    mean, variance = (
        days * sum(one.per_day for one in own),
        days * sum(one.variance_per_day for one in own),
    )
    units = there.get(part, 0)
    for one in family:
        if one != part:
            use = round(days * asked.get(one, _Asked()).per_day) + planned.get(one, 0)
            units += min(there.get(one, 0), use)
    share = max(
        (row.fill_rate for row in provision.stockroom.stock_policies if row.part == part),
        default=settings.fill_rate,
    )
    demand = LeadTimeDemand(mean, variance)
    final = FinalOrder(
        part=part,
        last_order_on=last_on,
        closes_at=_end_of(last_on, provision.zone_name),
        served_until=until,
        stated=stated is not None,
        years=settings.service_years,
        per_month=sum(one.per_month for one in own),
        demand=demand,
        share=share,
        level=enough(demand, share=share),
        planned=sum(planned.get(one, 0) for one in family),
        there=units,
    )
    shelves = [place.id for place in provision.shelves]
    return final, min(
        shelves,
        key=lambda place: (-sum(one.at.get(place, 0.0) for one in own), natural_key(place)),
        default="",
    )


def _end_of(day: date, zone_name: str) -> datetime:
    """When a day is over on the wall; of the last day moments know, the first instant after it."""
    return datetime.combine(day + timedelta(days=1), time.min, zone(zone_name)).astimezone(UTC)


def _asked(provision: Provision, members: set[str]) -> dict[str, _Asked]:
    found: dict[str, _Asked] = {}
    for part, place in sorted(
        {(row.part, row.place) for row in provision.stockroom.demand_history if row.part in members}
    ):
        at = provision.places[place]
        home = provision.home(at) if at.kind is PlaceKind.VAN else at
        shelf = place if home is None else home.id
        found.setdefault(part, _Asked()).add(provision.rate((part, place)), shelf)
    return found


def _there(provision: Provision, stock: Mapping[PartPlace, Position], members: set[str]) -> Counter[str]:
    """Units free, on the road, on order, expected to pass an inspection or owed, and written on orders not sent."""
    room, now = provision.stockroom, provision.now
    kinds = {place.id: place.kind for place in room.places}
    there: Counter[str] = Counter()
    for (part, place), row in stock.items():
        if part in members and kinds[place] in SHELVES:
            there[part] += row.available + row.in_transit + row.on_order
    for one in expected(
        room.moves,
        kinds,
        room.purchase_orders,
        lots_inspected(room, now=now),
        decided(room, now=now),
        room.remedy_promises,
        accepted=provision.accepted,
        now=now,
    ):
        there[one.part] += one.quantity
    for line in waiting(room.order_drafts, room.order_steps, now=now):
        there[line.part] += line.quantity
    return there
