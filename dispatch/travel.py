"""Travel matrices: straight-line metres, an affine time model, and roads somebody measured or closed.

A matrix belongs to a sorted tuple of location ids; it need not be symmetric, and `UNREACHABLE` is a value.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from dispatch.policy import TravelPair, TravelSettings
from dispatch.problem import UNREACHABLE
from kernel.errors import Refusal
from kernel.ids import natural_key
from kernel.place import LatLon, haversine_m


@dataclass(frozen=True, eq=False)
class Travel:
    """Seconds and metres between `places` (sorted), int64 arrays of shape (places, places)."""

    places: tuple[str, ...]
    seconds: NDArray[np.int64]
    metres: NDArray[np.int64]

    @cached_property
    def index(self) -> dict[str, int]:
        """Row and column of each place."""
        return {place: i for i, place in enumerate(self.places)}


def travel(
    locations: Mapping[str, LatLon],
    settings: TravelSettings,
    pairs: Iterable[TravelPair] = (),
    *,
    made: Travel | None = None,
) -> Travel:
    """Build the matrices for `locations`; `pairs` override single directions.

    Seconds are rounded up; staying at a place takes none; two locations at the same spot are 0 s apart.

    Args:
        locations: coordinates by location id.
        settings: the time model.
        pairs: measured and closed roads.
        made: matrices of the same settings and pairs: what they say of a location by its id is taken over, only the
            ways from and to new locations are worked out.

    Raises:
        Refusal: ``travel.unknown_location`` when a pair names a location that is not there.
    """
    places = tuple(sorted(locations, key=natural_key))
    if made is not None and made.places == places:
        return made
    index = {place: i for i, place in enumerate(places)}
    whole_s, whole_m = np.zeros((2, len(places), len(places)), dtype=np.int64)
    known = [place for place in places if made is not None and place in made.index]
    if made is not None and known:
        to = np.ix_([index[place] for place in known], [index[place] for place in known])
        taken = np.ix_([made.index[place] for place in known], [made.index[place] for place in known])
        whole_s[to], whole_m[to] = made.seconds[taken], made.metres[taken]
    new = [index[place] for place in places if made is None or place not in made.index]
    if new:
        spots = [locations[place] for place in places]
        rows = [spots[i] for i in new]
        whole_s[new], whole_m[new] = _modelled(haversine_m(rows, spots), settings)
        whole_s[:, new], whole_m[:, new] = _modelled(haversine_m(spots, rows), settings)
    for pair in pairs:
        for end in (pair.origin, pair.destination):
            if end not in index:
                raise Refusal("travel.unknown_location", value=end)
        cell = index[pair.origin], index[pair.destination]
        whole_s[cell] = UNREACHABLE if pair.seconds is None else pair.seconds
        whole_m[cell] = 0 if pair.seconds is None else pair.metres
    whole_s.flags.writeable = whole_m.flags.writeable = False
    return Travel(places, whole_s, whole_m)


def _modelled(
    crow_m: NDArray[np.float64], settings: TravelSettings
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Whole seconds and metres of straight lines under the affine time model."""
    metres = crow_m * float(settings.detour)
    seconds = np.where(crow_m > 0, settings.start_s + metres * 3.6 / float(settings.speed_kmh), 0.0)
    whole_s = np.ceil(seconds - 1e-9).astype(np.int64)
    whole_m = np.rint(metres).astype(np.int64)
    closed = whole_s > settings.longest_s
    whole_s[closed], whole_m[closed] = UNREACHABLE, 0
    return whole_s, whole_m
