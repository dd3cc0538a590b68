"""Charts of scenarios in SVG, drawn here: curves, points, ranges, a grid of shares; told apart in grey as well as in colour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, isfinite, log10

from api.report.markup import Markup, drawing, element

WIDTH, HEIGHT = 560.0, 300.0
LEFT, RIGHT, TOP, BOTTOM = 64.0, 20.0, 16.0, 44.0
INK, BETTER, WORSE, PALE = "#15202b", "#1b7a43", "#b3331d", "#d9dee2"


@dataclass(frozen=True, slots=True)
class Point:
    """One scenario on a chart: its place, half its interval upwards, its name, and whether it is marked out."""

    x: float
    y: float
    half: float
    name: str
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Axis:
    """An axis: its title, and how its numbers are written (a format of one number)."""

    title: str
    form: str


def steps(low: float, high: float, /, *, most: int = 6) -> list[float]:
    """Give round numbers from `low` to `high`, at most `most` and some.

    >>> steps(0.0, 1.0)
    [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]
    """
    wide = max(high - low, 1e-9)
    rough = wide / most
    size = 10.0 ** floor(log10(rough))
    step = next(size * factor for factor in (1, 2, 5, 10) if size * factor >= rough * 0.999999)
    first = floor(low / step + 0.999999)
    return [round(step * number, 10) for number in range(first, floor(high / step + 1e-6) + 1)]


def scatter(
    points: Sequence[Point],
    x: Axis,
    y: Axis,
    /,
    *,
    title: str,
    lines: Sequence[Sequence[int]] = (),
    level: float | None = None,
) -> Markup:
    """Draw scenarios as points with their intervals.

    Args:
        points: any order.
        x: axis to the right.
        y: axis upwards.
        title: what a screen reader says.
        lines: each the indices of points joined, in its order; where they have intervals the band is drawn behind.
        level: a value of y to be marked by a dashed line.
    """
    known = [point for point in points if isfinite(point.x) and isfinite(point.y)]
    halves = [point.half if isfinite(point.half) else 0.0 for point in known]
    lows = [point.y - half for point, half in zip(known, halves, strict=True)]
    highs = [point.y + half for point, half in zip(known, halves, strict=True)]
    extra = [] if level is None else [level]
    frame = _Frame(*_room([point.x for point in known]), *_room([*lows, *highs, *extra]))
    drawn = frame.axes(x, y)
    if level is not None:
        drawn.append(element("path", d=f"M{LEFT} {frame.y(level):.1f}H{WIDTH - RIGHT}", class_="level"))
    for line in lines:
        drawn += _joined_up([points[at] for at in line if isfinite(points[at].y)], frame)
    for point, half in zip(known, halves, strict=True):
        cx, cy = frame.x(point.x), frame.y(point.y)
        if half:
            d = f"M{cx:.1f} {frame.y(point.y - half):.1f}V{frame.y(point.y + half):.1f}"
            drawn.append(element("path", d=d, class_="whisker"))
        drawn.append(
            element(
                "circle",
                cx=cx,
                cy=cy,
                r="6" if point.marked else "4",
                class_="mark" if point.marked else "dot2",
            )
        )
        right = cx < WIDTH * 0.7
        drawn.append(
            element(
                "text",
                point.name,
                x=cx + (9 if right else -9),
                y=cy - 6,
                class_="tag" if right else "tag end",
            )
        )
    return drawing(drawn, title, height=HEIGHT, width=WIDTH)


def _joined_up(points: Sequence[Point], frame: _Frame) -> list[Markup]:
    """A line with its band behind it; fewer than two points are no line."""
    if len(points) < 2:
        return []
    upper = [(p.x, p.y + (p.half if isfinite(p.half) else 0)) for p in points]
    lower = [(p.x, p.y - (p.half if isfinite(p.half) else 0)) for p in reversed(points)]
    return [
        element("polygon", points=frame.path([*upper, *lower]), class_="band"),
        element("polyline", points=frame.path([(p.x, p.y) for p in points]), class_="curve"),
    ]


def tornado(rows: Sequence[tuple[str, float, float, str, str]], /, *, title: str) -> Markup:
    """Draw changes as bars from nought, with their intervals: (name, change, half, effect, text), largest first."""
    names, texts, bars, row = 260.0, 170.0, 260.0, 26.0
    most = (
        max((abs(change) + (half if isfinite(half) else 0) for _, change, half, _, _ in rows), default=0) or 1
    )
    zero = names + bars / 2
    drawn = [element("path", d=f"M{zero:.1f} 0V{row * len(rows):.1f}", class_="base")]
    for number, (name, change, half, effect, text) in enumerate(rows):
        middle = number * row + row / 2
        length = change / most * bars / 2
        fill = {"better": BETTER, "worse": WORSE}.get(effect, PALE)
        drawn.append(element("text", name, x=names - 10, y=middle + 4, class_="barname"))
        drawn.append(
            element(
                "rect",
                x=min(zero, zero + length),
                y=middle - 7,
                width=abs(length),
                height=14,
                fill=fill,
                class_="part",
            )
        )
        if isfinite(half) and half:
            wide = half / most * bars / 2
            drawn.append(
                element(
                    "path", d=f"M{zero + length - wide:.1f} {middle:.1f}h{2 * wide:.1f}", class_="whisker"
                )
            )
        drawn.append(element("text", text, x=names + bars + 10, y=middle + 4))
    return drawing(drawn, title, height=row * len(rows), width=names + bars + texts)


def heat(
    columns: Sequence[str], rows: Sequence[tuple[str, Sequence[tuple[float, str]]]], /, *, title: str
) -> Markup:
    """Draw shares as a grid: each cell as dark as its share is low, its number in it."""
    names, cell, high = 150.0, 92.0, 26.0
    drawn = [
        element("text", name, x=names + at * cell + cell / 2, y=14, class_="mid")
        for at, name in enumerate(columns)
    ]
    for number, (name, cells) in enumerate(rows):
        top = 22 + number * high
        drawn.append(element("text", name, x=names - 10, y=top + 17, class_="barname"))
        for at, (share, text) in enumerate(cells):
            x = names + at * cell
            fill, ink = shade(share)
            drawn.append(element("rect", x=x + 1, y=top + 1, width=cell - 2, height=high - 2, fill=fill))
            tone = "mid" if ink == INK else "mid light"
            drawn.append(element("text", text, x=x + cell / 2, y=top + 17, class_=tone))
    return drawing(drawn, title, height=24 + high * len(rows), width=names + cell * len(columns))


def shade(share: float, /) -> tuple[str, str]:
    """Give (fill, ink) of a share: white at 100 %, dark red at half of it or less; grey where there is none."""
    if not isfinite(share):
        return PALE, INK
    dark = min(1.0, max(0.0, (1 - share) / 0.5))
    red, green, blue = (round(255 + (end - 255) * dark) for end in (150, 30, 20))
    return f"#{red:02x}{green:02x}{blue:02x}", "#ffffff" if dark > 0.45 else INK


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where values lie on the drawing."""

    x_low: float
    x_high: float
    y_low: float
    y_high: float

    def x(self, value: float) -> float:
        """Pixels from the left."""
        return LEFT + (value - self.x_low) / (self.x_high - self.x_low) * (WIDTH - LEFT - RIGHT)

    def y(self, value: float) -> float:
        """Pixels from the top."""
        return HEIGHT - BOTTOM - (value - self.y_low) / (self.y_high - self.y_low) * (HEIGHT - TOP - BOTTOM)

    def path(self, points: Sequence[tuple[float, float]]) -> str:
        """A list of points as SVG wants it."""
        return " ".join(f"{self.x(x):.1f},{self.y(y):.1f}" for x, y in points)

    def axes(self, x: Axis, y: Axis) -> list[Markup]:
        """Grid lines, numbers, titles."""
        drawn: list[Markup] = []
        for value in steps(self.y_low, self.y_high):
            at = self.y(value)
            drawn.append(element("path", d=f"M{LEFT} {at:.1f}H{WIDTH - RIGHT}", class_="grid"))
            drawn.append(element("text", y.form.format(value), x=LEFT - 8, y=at + 4, class_="end"))
        for value in steps(self.x_low, self.x_high):
            at = self.x(value)
            drawn.append(element("path", d=f"M{at:.1f} {HEIGHT - BOTTOM}v4", class_="base"))
            drawn.append(element("text", x.form.format(value), x=at, y=HEIGHT - BOTTOM + 18, class_="mid"))
        drawn.append(element("path", d=f"M{LEFT} {HEIGHT - BOTTOM}H{WIDTH - RIGHT}", class_="base"))
        drawn.append(element("text", x.title, x=(LEFT + WIDTH - RIGHT) / 2, y=HEIGHT - 6, class_="mid"))
        drawn.append(element("text", y.title, x=4, y=11))
        return drawn


def _room(values: Sequence[float]) -> tuple[float, float]:
    low, high = min(values, default=0.0), max(values, default=1.0)
    margin = (high - low) * 0.08 or max(abs(high) * 0.05, 0.5)
    return low - margin, high + margin
