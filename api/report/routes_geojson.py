"""`routes.geojson`: a line for every route and a point for every stop, for any map program (RFC 7946)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from api.report.view import Report, RouteView
from dispatch.cost import place_of
from dispatch.plan import Stop, StopKind
from kernel.place import LatLon


def routes_geojson(report: Report, /) -> dict[str, Any]:
    """Give the feature collection: longitude before latitude, degrees WGS-84, times local ISO 8601."""
    features = [feature for view in report.routes for feature in _features(report, view)]
    return {"type": "FeatureCollection", "features": features}


def _features(report: Report, view: RouteView) -> Iterator[dict[str, Any]]:
    own = {"shift": view.shift.id, "engineer": view.engineer, "depot": view.depot}
    yield {
        "type": "Feature",
        "geometry": {"type": "LineString", "coordinates": [_spot(spot) for spot in view.path]},
        "properties": {
            **own,
            "kind": "route",
            "departs_at": report.local(view.route.depart_s).isoformat(),
            "ends_at": report.local(view.route.end_s).isoformat(),
            "travel_s": view.travel_s,
            "distance_m": view.distance_m,
            "visits": sum(stop.kind is StopKind.VISIT for stop in view.route.stops),
        },
    }
    # A break has no place of its own.
    stops = [stop for stop in view.route.stops if stop.kind is not StopKind.BREAK]
    for number, stop in enumerate(stops, start=1):
        yield _point(report, own, number, stop)


def _point(report: Report, own: dict[str, str], number: int, stop: Stop) -> dict[str, Any]:
    place = report.problem.places[place_of(report.problem, stop)]
    properties: dict[str, Any] = {
        **own,
        "kind": stop.kind.value,
        "number": number,
        "arrives_at": report.local(stop.arrive_s).isoformat(),
        "starts_at": report.local(stop.start_s).isoformat(),
        "ends_at": report.local(stop.end_s).isoformat(),
    }
    if stop.kind is StopKind.VISIT:
        visit = report.visit[stop.ref]
        properties |= {
            "visit": visit.id,
            "severity": visit.severity,
            "site": visit.site,
            "name": visit.site_name,
            "state": visit.state.value,
            "loaner": stop.loaner.unit if stop.loaner else None,
            "role": stop.role,
        }
    else:
        properties |= {"store": stop.ref, "name": report.place_names.get(stop.ref, stop.ref)}
    geometry = {"type": "Point", "coordinates": _spot(report.locations[place])}
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def _spot(at: LatLon) -> list[float]:
    # Six decimals are a tenth of a metre.
    return [round(at.lon, 6), round(at.lat, 6)]
