"""Where parts are kept and how they are filled up again: the levels a review of this region would keep."""

from __future__ import annotations

from datetime import datetime

from dispatch.region import Region
from inventory.catalogue.place import OPEN_SHELVES, PlaceKind
from inventory.provision import Provision
from inventory.replenish.assessment import ReviewSettings
from inventory.stockroom import position
from kernel.ids import natural_key
from scenarios.run.world import Shelf


def shelves(region: Region, at: datetime, /, *, taken: frozenset[str] = frozenset()) -> tuple[Shelf, ...]:
    """Give a shelf for every part a depot or warehouse has a policy for or holds, and every part a van carries.

    A depot keeps the marks of `inventory.provision`; without a policy it replaces one for one what lies there. Units come
    from the part's best supplier, after his lead time and half a review period. A van keeps what it carries.

    Args:
        region: with its stockroom.
        at: the moment whose stock counts, aware.
        taken: parts that repairs take: what no depot keeps of them is ordered when it is needed, shelf by shelf (level 0).
    """
    stock = region.stock
    depot_of = {engineer.van: engineer.depot for engineer in region.field.engineers if engineer.van}
    provision = Provision(stock, at, ReviewSettings(), homes=depot_of, zone_name=region.settings.zone)
    kinds = {place.id: place.kind for place in stock.places}
    lies = {
        key: found.available
        for key, found in position(stock, at, zone_name=region.settings.zone).items()
        if found.available > 0
    }
    made = []
    keys = sorted({*lies, *provision.levels}, key=lambda key: (natural_key(key[1]), natural_key(key[0])))
    for part, place in keys:
        key = part, place
        if kinds[place] not in OPEN_SHELVES:
            continue
        if kinds[place] is PlaceKind.VAN:
            if lies.get(key, 0):
                made.append(Shelf(part, place, lies[key], upstream=depot_of.get(place, "")))
            continue
        levels = provision.levels.get(key)
        lead, _ = provision.usual(key)
        level = levels.order_up_to if levels is not None else lies.get(key, 0)
        if level > 0:
            reorder = min(levels.reorder_point, level - 1) if levels is not None else None
            made.append(Shelf(part, place, level, reorder, lead_days=lead.days + lead.review_days / 2))
    depots = sorted((one.id for one in stock.places if one.kind is PlaceKind.DEPOT), key=natural_key)
    kept = {one.part for one in made if kinds[one.place] is not PlaceKind.VAN}
    for part in sorted(taken - kept, key=natural_key):
        for depot in depots:
            lead, _ = provision.usual((part, depot))
            made.append(Shelf(part, depot, 0, lead_days=lead.days + lead.review_days / 2))
    return tuple(made)
