"""Why a part is there in time with that chance: every calculation from its history to the window, one after another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from inventory.availability import HOURS_A_DAY, Availability, availability
from inventory.catalogue.place import PlaceKind
from inventory.provision import Provision
from inventory.replenish.assessment import Delivered, ReviewSettings
from inventory.replenish.echelon import two_echelon, why_two_echelon
from inventory.replenish.marks import NOT_SET, marks
from inventory.replenish.trace import Trace
from inventory.replenish.window import why_within, why_within_two_echelon
from inventory.stock.position import PartPlace
from inventory.stockroom import Stockroom
from kernel.errors import Refusal
from kernel.ids import natural_key


@dataclass(frozen=True, slots=True)
class Worked:
    """One part at one place, worked from its history to its chances.

    Args:
        row: the line of `availability`.
        steps: the calculations in their order: method, levels, each window, and what bounds them. Times in days.
    """

    row: Availability
    steps: tuple[Trace, ...]


def worked(
    stockroom: Stockroom,
    now: datetime,
    part: str,
    place: str,
    *,
    settings: ReviewSettings | None = None,
    hours: Sequence[float] = (4.0, 24.0),
    homes: Mapping[str, str] | None = None,
    delivered: Mapping[tuple[str, str], Delivered] | None = None,
    zone_name: str = "UTC",
) -> Worked:
    """Work one part at one place; arguments as `availability.availability` has them.

    Behind the chances stands the model with the position at its mark: the best it can be between two orders.

    Raises:
        Refusal: ``stock.unknown_part``, ``stock.unknown_place``; ``availability.not_kept`` where no stock policy names
            both; those of `availability.availability`.
    """
    key = (part, place)
    if all(row.id != part for row in stockroom.parts):
        raise Refusal("stock.unknown_part", part=part[:64])
    if all(row.id != place for row in stockroom.places):
        raise Refusal("stock.unknown_place", place=place[:64])
    rows = availability(
        stockroom, now, settings, hours=hours, homes=homes, delivered=delivered, zone_name=zone_name
    )
    row = next((one for one in rows if (one.part, one.place) == key), None)
    if row is None:
        raise Refusal("availability.not_kept", part=part, place=place)
    provision = Provision(
        stockroom, now, settings or ReviewSettings(), homes=homes, delivered=delivered, zone_name=zone_name
    )
    learnt = provision.learnt.get(key)
    steps = [learnt.why] if learnt is not None else []
    steps += [_levels(provision, key), *row.why, *_bounds(provision, key, hours)]
    return Worked(row, tuple(steps))


def _levels(provision: Provision, key: PartPlace) -> Trace:
    lead, quantity = provision.usual(key)
    demand, policy = lead.demand(provision.rate(key)), provision.policies[key]
    return marks(
        [demand.mean],
        [demand.variance],
        quantity=[quantity],
        target=[policy.fill_rate],
        minimum=[NOT_SET if policy.minimum is None else policy.minimum],
        maximum=[NOT_SET if policy.maximum is None else policy.maximum],
    ).why(0)


def _bounds(provision: Provision, key: PartPlace, hours: Sequence[float]) -> list[Trace]:
    """The closed forms the chances stand on: of a shelf with a full position, of a van beside the others of its home."""
    levels, lead = provision.levels[key], provision.usual(key)[0]
    days = lead.days + lead.review_days
    home = provision.home(provision.places[key[1]])
    if provision.places[key[1]].kind is not PlaceKind.VAN or home is None:
        per_day = provision.rate(key).per_day
        return [
            why_within(per_day, lead=days, stock=levels.order_up_to, window=each / HOURS_A_DAY)
            for each in hours
        ]
    vans = _vans_of(provision, key[0], home.id)
    at = vans.index(key)
    at_home = (key[0], home.id)
    demand = [*(provision.rate(van).per_day for van in vans), provision.rate(at_home).per_day]
    ways = [_days(provision, van) for van in vans] + [0.0]
    held = [provision.levels[van].order_up_to for van in vans] + [0]
    depot_lead = _days(provision, at_home)
    depot_stock = provision.levels[at_home].order_up_to if at_home in provision.levels else 0
    model = two_echelon([demand], depot_lead=depot_lead, base_lead=[ways])
    return [
        why_two_echelon(model, part=0, base=at, depot_stock=depot_stock, base_stock=levels.order_up_to),
        *(
            why_within_two_echelon(
                demand,
                base=at,
                depot_lead=depot_lead,
                base_lead=ways,
                depot_stock=depot_stock,
                base_stock=held,
                window=each / HOURS_A_DAY,
            )
            for each in hours
        ),
    ]


def _vans_of(provision: Provision, part: str, home: str) -> list[PartPlace]:
    """Vans that keep the part and are refilled from the same home, in natural order."""
    found = []
    for key in sorted(provision.levels, key=lambda key: natural_key(key[1])):
        place = provision.places[key[1]]
        if key[0] == part and place.kind is PlaceKind.VAN:
            of = provision.home(place)
            if of is not None and of.id == home:
                found.append(key)
    return found


def _days(provision: Provision, key: PartPlace) -> float:
    lead = provision.usual(key)[0]
    return lead.days + lead.review_days
