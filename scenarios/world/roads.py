"""Inventing measured roads: where mountains make the way longer than the model reckons."""

from __future__ import annotations

from collections.abc import Iterable

from dispatch.crew import Engineer
from dispatch.policy import TravelPair, TravelSettings
from kernel.place import LatLon, geodesic_m
from scenarios.world.customers import Clientele

SLOWER, LONGER = 1.35, 1.25
"""Mountain road against the model: time, and length against the straight line."""


def mountain_roads(
    clients: Clientele, engineers: Iterable[Engineer], settings: TravelSettings, visited: frozenset[str]
) -> tuple[TravelPair, ...]:
    """Both ways between every visited site in the mountains and the depot and homes of its area."""
    crew = tuple(engineers)
    found = []
    for row in clients.served:
        if not row.site.remote or row.site.id not in visited:
            continue
        ends: list[tuple[str, LatLon]] = [(row.area.depot_id, row.area.depot)]
        ends += [(engineer.id, engineer.home) for engineer in crew if engineer.depot == row.area.depot_id]
        for end, spot in ends:
            crow_m = geodesic_m(spot, row.site.at)
            metres = round(crow_m * LONGER)
            model_s = settings.start_s + crow_m * float(settings.detour) * 3.6 / float(settings.speed_kmh)
            seconds = round(model_s * SLOWER)
            found.append(TravelPair(row.site.id, end, seconds, metres))
            found.append(TravelPair(end, row.site.id, seconds, metres))
    return tuple(found)
