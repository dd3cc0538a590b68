"""The ways between everywhere somebody may be: sites with open work, places with stock, homes, where people stand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from dispatch.desk.visit import Visit
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
    return travel(needed, region.settings.travel, pairs, made=made)
