"""Charts of measures in SVG: drawn here, nothing fetched, told apart in grey as well as in colour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from api.report.markup import Markup, drawing, element, joined

NAMES = 190.0
"""Width of the column of names, in pixels."""
BARS = 420.0
TEXTS = 150.0
WIDTH = NAMES + BARS + TEXTS
ROW = 24.0
BAR = 14.0

FILLS = ("#2f6fb0", "#f3b93f", "#0f3d66", "#c2500a", "#9ec6e4", "#8d5a97", "#d9dee2")
"""One for each part of a bar, in order; neighbours differ in lightness."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of a bar chart.

    Args:
        name: at the left.
        parts: lengths, one for each part, in the unit of the chart.
        text: at the right.
        mark: a position to be marked by a diamond, in the unit of the chart; None: none.
    """

    name: str
    parts: tuple[float, ...]
    text: str
    mark: float | None = None


def bars(rows: Sequence[Bar], /, *, title: str, whole: float | None = None) -> Markup:
    """Draw horizontal bars of one or more parts.

    Args:
        rows: top to bottom.
        title: what a screen reader says.
        whole: length that fills the width; None: the longest bar.
    """
    longest = whole or max((sum(row.parts) for row in rows), default=0) or 1
    drawn = []
    for number, row in enumerate(rows):
        top = number * ROW + (ROW - BAR) / 2
        middle = number * ROW + ROW / 2 + 4
        drawn.append(element("text", row.name, x=NAMES - 10, y=middle, class_="barname"))
        at = NAMES
        for fill, part in zip(FILLS, row.parts, strict=False):
            length = part / longest * BARS
            if length > 0:
                drawn.append(element("rect", x=at, y=top, width=length, height=BAR, fill=fill, class_="part"))
            at += length
        if row.mark is not None:
            x, y = NAMES + row.mark / longest * BARS, number * ROW + ROW / 2
            d = f"M{x:.1f} {y - 8:.1f}l5 8l-5 8l-5 -8z"
            drawn.append(element("path", d=d, class_="diamond"))
        drawn.append(element("text", row.text, x=NAMES + BARS + 10, y=middle))
    return drawing(drawn, title, height=len(rows) * ROW, width=WIDTH)


def pareto(rows: Sequence[tuple[str, int, float, str]], /, *, title: str) -> Markup:
    """Draw causes as bars, with the running share as a line over the same width.

    Args:
        rows: (name, count, running share 0 to 1, text at the right), most frequent first.
        title: what a screen reader says.
    """
    most = max((count for _, count, _, _ in rows), default=0) or 1
    plain = bars([Bar(name, (count,), text) for name, count, _, text in rows], title=title, whole=most)
    points = [
        (NAMES + running * BARS, number * ROW + ROW / 2) for number, (_, _, running, _) in enumerate(rows)
    ]
    line = element("polyline", points=" ".join(f"{x:.1f},{y:.1f}" for x, y in points), class_="running")
    dots = (element("circle", cx=x, cy=y, r="3", class_="dot") for x, y in points)
    return Markup(plain.removesuffix("</svg>") + joined([line, *dots]) + "</svg>")


def columns(rows: Sequence[tuple[str, int]], /, *, title: str) -> Markup:
    """Draw counts as columns, each with its number above and its name below."""
    wide, high, foot, head = 92.0, 120.0, 22.0, 18.0
    most = max((count for _, count in rows), default=0) or 1
    drawn = []
    for number, (name, count) in enumerate(rows):
        x, height = number * wide + 12, count / most * high
        top = head + high - height
        drawn += [
            element("rect", x=x, y=top, width=wide - 24, height=height, fill=FILLS[0]),
            element("text", f"{count:,}", x=x + wide / 2 - 12, y=top - 5, class_="mid"),
            element("text", name, x=x + wide / 2 - 12, y=head + high + 16, class_="mid"),
        ]
    base = element("path", d=f"M0 {head + high:.1f}H{len(rows) * wide:.1f}", class_="base")
    return drawing([*drawn, base], title, height=head + high + foot, width=len(rows) * wide)


def legend(names: Sequence[str], /, *, diamond: str = "", line: str = "") -> Markup:
    """Name the parts of bars in their order, then the diamond and the line, where there are any."""
    marks = [
        (element("rect", x=0, y=1, width=12, height=10, fill=fill), name)
        for fill, name in zip(FILLS, names, strict=False)
    ]
    if diamond:
        marks.append((element("path", d="M6 0l4 6l-4 6l-4 -6z", class_="diamond"), diamond))
    if line:
        marks.append((element("path", d="M0 6h12", class_="running"), line))
    items = (
        element("li", element("svg", mark, width=12, height=12, aria_hidden="true"), name)
        for mark, name in marks
    )
    return element("ul", joined(items), class_="legend")
