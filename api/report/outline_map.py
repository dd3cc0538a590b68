"""The outline map: routes and sites in an equirectangular projection, drawn without a tile from anywhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import ceil, cos, floor, radians

from api.report import marks
from api.report.markup import Markup, element, joined
from api.report.view import Report, VisitView
from api.text import Lang, label
from dispatch.deadline import URGENCY
from kernel.ids import natural_key
from kernel.place import LatLon

WIDTH_PX = 560.0
TALLEST_PX = 640.0
EDGE_PX = 26.0
KM_PER_DEGREE = 111.195
"""Along a meridian, from the mean radius of the earth."""
NAME_PX = 7.0
"""Of a Latin letter of a depot's name; a Chinese one takes two."""
INKS = ("#0072b2", "#d55e00", "#007a5a", "#a8417f", "#5b5b5b", "#8a6d00", "#2a9fd6", "#6a3fb0")
"""Route lines by depot; the depot's name stands on the map, so the colour says nothing alone."""


@dataclass(frozen=True, slots=True)
class Projection:
    """Degrees to pixels: longitudes shrunk by the cosine of the middle latitude, north up.

    Shapes keep their proportions there; over a region of some hundred kilometres the error is below 2 %.
    """

    west: float
    north: float
    squeeze: float
    px_per_degree: float
    width: float
    height: float

    @classmethod
    def of(cls, spots: Iterable[LatLon]) -> Projection:
        """Fit all `spots` into the drawing; at least a hundredth of a degree is shown."""
        all_spots = list(spots) or [LatLon(0.0, 0.0)]
        south, north = min(s.lat for s in all_spots), max(s.lat for s in all_spots)
        west, east = min(s.lon for s in all_spots), max(s.lon for s in all_spots)
        squeeze = max(0.05, cos(radians((south + north) / 2)))
        wide, tall = max(0.01, (east - west) * squeeze), max(0.01, north - south)
        scale = min((WIDTH_PX - 2 * EDGE_PX) / wide, (TALLEST_PX - 2 * EDGE_PX) / tall)
        return cls(west, north, squeeze, scale, WIDTH_PX, tall * scale + 2 * EDGE_PX)

    def xy(self, spot: LatLon, /) -> tuple[float, float]:
        """Pixels right and down of a place."""
        x = EDGE_PX + (spot.lon - self.west) * self.squeeze * self.px_per_degree
        return x, EDGE_PX + (self.north - spot.lat) * self.px_per_degree

    @property
    def px_per_km(self) -> float:
        """Pixels of a kilometre."""
        return self.px_per_degree / KM_PER_DEGREE


def drawing(report: Report, lang: Lang, /) -> Markup:
    """Draw every route, every visit's site and every depot of the plan."""
    depots = sorted(set(report.depots.values()), key=natural_key)
    spots = {depot: report.locations.get(f"place:{depot}") for depot in depots}
    known = {depot: spot for depot, spot in spots.items() if spot is not None}
    shown = [visit.at for visit in report.visits] + list(known.values())
    shown += [spot for view in report.routes for spot in view.path]
    on = Projection.of(shown)
    ink = {depot: INKS[at % len(INKS)] for at, depot in enumerate(depots)}
    return element(
        "svg",
        _graticule(on),
        joined(_line(on, view.path, ink.get(view.depot, INKS[4])) for view in report.routes),
        joined(_site(on, visit, lang) for visit in _calm_first(report.visits)),
        joined(_depots(on, [(report.place_names.get(d, d), spot, ink[d]) for d, spot in known.items()])),
        _scale(on),
        width=on.width,
        height=on.height,
        viewBox=f"0 0 {on.width:.0f} {on.height:.0f}",
        role="img",
        aria_label=label("plan.map", lang),
    )


def _calm_first(visits: Iterable[VisitView]) -> list[VisitView]:
    """What is urgent is drawn last, on top."""
    return sorted(visits, key=lambda visit: -URGENCY.index(visit.state))


def _line(on: Projection, path: tuple[LatLon, ...], ink: str) -> Markup:
    points = " ".join("{:.1f},{:.1f}".format(*on.xy(spot)) for spot in path)
    return element("polyline", points=points, stroke=ink, class_="way")


def _site(on: Projection, visit: VisitView, lang: Lang) -> Markup:
    x, y = on.xy(visit.at)
    said = f"{visit.id} · {visit.site_name} · {label(f'plan.state_{visit.state.value}', lang)}"
    return element(
        "a", element("g", element("title", said), marks.site_mark(visit.state, x, y)), href=f"#{visit.id}"
    )


def _depots(on: Projection, depots: Iterable[tuple[str, LatLon, str]]) -> Iterator[Markup]:
    """Squares with names; a name takes the first side of its square where no other name stands."""
    taken: list[_Box] = []
    for name, spot, ink in depots:
        x, y = on.xy(spot)
        yield element(
            "rect", x=x - 6, y=y - 6, width=12, height=12, fill=ink, stroke="#ffffff", stroke_width="1.5"
        )
        long = sum(NAME_PX if ord(letter) < 0x2E80 else 2 * NAME_PX for letter in name)
        sides = [_Box(x + 10, y - 8, long), _Box(x - 10 - long, y - 8, long)]
        sides += [_Box(x - long / 2, y - 26, long), _Box(x - long / 2, y + 10, long)]
        inside = [box for box in sides if box.left > 2 and box.left + long < on.width - 2] or sides
        box = next((box for box in inside if not any(box.meets(other) for other in taken)), inside[0])
        taken.append(box)
        yield element("text", name, x=box.left, y=box.top + 12, class_="townword")


@dataclass(frozen=True, slots=True)
class _Box:
    left: float
    top: float
    long: float

    def meets(self, other: _Box) -> bool:
        apart = self.left + self.long < other.left or other.left + other.long < self.left
        return not apart and abs(self.top - other.top) < 16


def _graticule(on: Projection) -> Markup:
    """Whole degrees, or halves and tenths where the region is small."""
    wide = on.width / on.px_per_degree
    step = next(s for s in (1.0, 0.5, 0.1, 0.05, 0.0) if s * 2 <= wide)
    if not step:
        return Markup()
    parts = []
    east = on.west + (on.width - EDGE_PX) / on.squeeze / on.px_per_degree
    south = on.north - (on.height - EDGE_PX) / on.px_per_degree
    for at in range(ceil(on.west / step), floor(east / step) + 1):
        x, _ = on.xy(LatLon(on.north, at * step))
        parts.append(element("path", d=f"M{x:.1f} 0V{on.height:.1f}", class_="grid"))
        parts.append(element("text", f"{at * step:g}° E", x=x + 3, y=11, class_="gridword"))
    for at in range(ceil(south / step), floor(on.north / step) + 1):
        _, y = on.xy(LatLon(at * step, on.west))
        parts.append(element("path", d=f"M0 {y:.1f}H{on.width:.1f}", class_="grid"))
        parts.append(element("text", f"{at * step:g}° N", x=3, y=y - 3, class_="gridword"))
    return joined(parts)


def _scale(on: Projection) -> Markup:
    km = next((k for k in (100, 50, 20, 10, 5, 2, 1) if k * on.px_per_km <= 130), 1)
    right, y, length = on.width - 16, on.height - 18, km * on.px_per_km
    bar = element("path", d=f"M{right - length:.1f} {y - 4:.1f}v4h{length:.1f}v-4", class_="scale")
    word = element("text", f"{km} km", x=right, y=y + 13, text_anchor="end", class_="gridword")
    return joined([bar, word])
