"""The ways between everywhere somebody may be: sites with open work, places with stock, homes, where people stand.

A country's matrices take a second to work out and hundreds of megabytes: as long as a board still has them, the next board
with the same spots has the same ones, and one with a few spots more only works out those.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from weakref import WeakKeyDictionary

from dispatch.desk.visit import Visit
from dispatch.policy import TravelPair, TravelSettings
from dispatch.region import Region
from dispatch.travel import Travel, travel
from dispatch.underway import SPOT, Standing, spot_at
from kernel.errors import Refusal
from kernel.place import LatLon


def everywhere(region: Region) -> dict[str, LatLon]:
    """Coordinates of the region's sites, places and homes, by location id."""
    return {
        **{f"site:{site.id}": site.at for site in region.field.sites},
        **{f"place:{place.id}": place.at for place in region.stock.places if place.at is not None},
        **{f"home:{engineer.id}": engineer.home for engineer in region.field.engineers},
    }


def roads(
    region: Region, visits: Iterable[Visit], standing: Iterable[Standing] = (), *, made: Travel | None = None
) -> Travel:
    """Travel between the sites of `visits`, all places, all homes and where people stand.

    Args:
        region: the facts.
        visits: open ones.
        standing: what is known of engineers.
        made: travel of the same region a little earlier; what it says is kept, only new locations are worked out.

    Raises:
        Refusal: ``travel.unknown_location``.
    """
    return ways(region, (visit.site for visit in visits), standing, made=made)


def ways(
    region: Region, sites: Iterable[str], standing: Iterable[Standing] = (), *, made: Travel | None = None
) -> Travel:
    """As `roads`, for the sites with these ids.

    Raises:
        Refusal: ``travel.unknown_location``.
    """
    known = everywhere(region)
    stood = {place for one in standing for place in (one.place, one.origin) if place}
    wanted = {f"site:{site}" for site in sites} | stood
    needed = {
        place: spot for place, spot in known.items() if place in wanted or not place.startswith("site:")
    }
    needed.update((place, spot_at(place)) for place in stood if place.startswith(SPOT))
    if made is not None and needed.keys() == made.index.keys():
        return made
    located = {place.partition(":")[2]: place for place in known}
    pairs = []
    for pair in region.field.travel:
        for end in (pair.origin, pair.destination):
            if end not in located:
                raise Refusal("travel.unknown_location", value=end)
        ends = located[pair.origin], located[pair.destination]
        if needed.keys() >= set(ends):
            pairs.append(replace(pair, origin=ends[0], destination=ends[1]))
    asked = _Asked(region.settings.travel, tuple(pairs), needed)
    made = _nearest(asked) if made is None else made
    found = travel(needed, region.settings.travel, pairs, made=made)
    with _LOCK:
        _MADE[found] = asked
    return found


@dataclass(frozen=True)
class _Asked:
    """What matrices were worked out from; the same gives the same."""

    settings: TravelSettings
    pairs: tuple[TravelPair, ...]
    spots: Mapping[str, LatLon]


_MADE: WeakKeyDictionary[Travel, _Asked] = WeakKeyDictionary()
"""The matrices some board still has."""

_LOCK = threading.Lock()


def _nearest(asked: _Asked) -> Travel | None:
    """The matrices with most of the spots, of those that say the same of every spot they share."""
    with _LOCK:
        known = list(_MADE.items())
    shared = {
        made: len(before.spots.keys() & asked.spots.keys())
        for made, before in known
        if before == asked or _agree(before, asked)
    }
    return max(shared, key=lambda made: shared[made], default=None)


def _agree(before: _Asked, asked: _Asked) -> bool:
    """Whether both give the same between the spots they share."""
    both = before.spots.keys() & asked.spots.keys()
    pairs, others = (
        [pair for pair in one.pairs if pair.origin in both and pair.destination in both]
        for one in (before, asked)
    )
    same = all(before.spots[place] == asked.spots[place] for place in both)
    return same and before.settings == asked.settings and pairs == others
