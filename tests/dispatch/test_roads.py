"""Roads worked out before are taken over where they still hold."""

from __future__ import annotations

import gc
import weakref
from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.desk.customer import Site
from dispatch.policy import TravelPair, TravelSettings
from dispatch.region import Region
from dispatch.roads import everywhere, ways
from dispatch.travel import Travel, travel
from kernel.place import LatLon
from tests import regions as build

NAMES = ("S-1", "S-2", "S-3", "S-4")


@st.composite
def regions(draw: st.DrawFn) -> Region:
    """A region whose sites may lie elsewhere, whose roads may be slower, or closed between two sites."""
    places = [LatLon(26.0 + draw(st.integers(0, 1)) / 10, 119.3 + i / 10) for i in range(len(NAMES))]
    sites = tuple(Site(name, "K-1", at, name) for name, at in zip(NAMES, places, strict=True))
    closed = draw(
        st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)), max_size=2, unique=True)
    )
    pairs = tuple(TravelPair(one, other, None, 0) for one, other in sorted(closed))
    made = build.region(sites=sites, travel=pairs)
    pace = TravelSettings(start_s=draw(st.sampled_from((137, 200))))
    return replace(made, settings=replace(made.settings, travel=pace))


def worked_out(region: Region, sites: frozenset[str]) -> Travel:
    """The same with nothing known before."""
    spots = {
        place: at
        for place, at in everywhere(region).items()
        if not place.startswith("site:") or place.partition(":")[2] in sites
    }
    pairs = [
        TravelPair(f"site:{one.origin}", f"site:{one.destination}", one.seconds, one.metres)
        for one in region.field.travel
        if {one.origin, one.destination} <= sites
    ]
    return travel(spots, region.settings.travel, pairs)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(regions(), st.frozensets(st.sampled_from(NAMES))), min_size=2, max_size=4))
def test_roads_are_the_same_whatever_was_worked_out_before(
    asked: list[tuple[Region, frozenset[str]]],
) -> None:
    """A site that has moved, a road that was closed and another speed are seen at once."""
    found = [
        ways(region, sites) for region, sites in asked
    ]  # all held, so each may take over from those before

    for (region, sites), one in zip(asked, found, strict=True):
        fresh = worked_out(region, sites)
        assert one.places == fresh.places
        assert np.array_equal(one.seconds, fresh.seconds)
        assert np.array_equal(one.metres, fresh.metres)


def test_a_region_read_again_has_the_roads_somebody_still_has() -> None:
    """A country's matrices are hundreds of megabytes: two boards of one region share them."""
    first = ways(build.region(), ("S-1", "S-2"))

    again = ways(build.region(), ("S-1", "S-2"))

    assert again is first


def test_roads_nobody_has_any_more_are_let_go() -> None:
    """What is kept is kept by the boards, not beside them."""
    held = weakref.ref(ways(build.region(), ("S-1",)))
    gc.collect()

    assert held() is None
