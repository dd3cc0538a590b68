"""A stored plan on a map (RFC 7946): made from its document alone, so also for one that was never published."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kernel.place import LatLon


def plan_geojson(
    document: Mapping[str, Any], sites: Mapping[str, LatLon], stores: Mapping[str, LatLon]
) -> dict[str, Any]:
    """Give the feature collection: a point for every stop, a line through the stops of every route.

    Where engineers live is in no plan's document: a line begins at the first stop. A visit that is no longer on record has
    no place and no point; `stops` of its route counts it.

    Args:
        document: of `plan.json`.
        sites: where each visit is.
        stores: where each place of ours is.
    """
    features = [one for route in document["routes"] for one in _features(route, sites, stores)]
    return {"type": "FeatureCollection", "features": features}


def _features(
    route: Mapping[str, Any], sites: Mapping[str, LatLon], stores: Mapping[str, LatLon]
) -> Iterator[dict[str, Any]]:
    own = {"shift": route["shift"], "engineer": route["engineer"]}
    stops = [stop for stop in route["stops"] if stop["kind"] != "break"]
    placed = [(number, stop, _spot(stop, sites, stores)) for number, stop in enumerate(stops, start=1)]
    path = [spot for _, _, spot in placed if spot is not None]
    told = {
        "kind": "route",
        "departs_at": route["depart_at"],
        "ends_at": route["end_at"],
        "stops": len(stops),
    }
    if len(path) > 1:  # a line has two ends at least
        yield _feature("LineString", path, own | told)
    for number, stop, spot in placed:
        if spot is not None:
            times = {f"{name}s_at": stop[f"{name}_at"] for name in ("arrive", "start", "end")}
            named = {"visit": stop["ref"]} if stop["kind"] == "visit" else {"store": stop["ref"]}
            yield _feature("Point", spot, own | {"kind": stop["kind"], "number": number} | named | times)


def _spot(
    stop: Mapping[str, Any], sites: Mapping[str, LatLon], stores: Mapping[str, LatLon]
) -> list[float] | None:
    at = (sites if stop["kind"] == "visit" else stores).get(stop.get("ref", ""))
    # Six decimals are a tenth of a metre.
    return None if at is None else [round(at.lon, 6), round(at.lat, 6)]


def _feature(shape: str, coordinates: Sequence[Any], properties: Mapping[str, Any]) -> dict[str, Any]:
    geometry = {"type": shape, "coordinates": list(coordinates)}
    return {"type": "Feature", "geometry": geometry, "properties": dict(properties)}
