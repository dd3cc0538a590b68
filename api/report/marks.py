"""The marks of a plan in SVG: a deadline's state in colour and shape, never in colour alone; small icons."""

from __future__ import annotations

from api.report.markup import Markup, element, joined
from dispatch.deadline import DeadlineState

FILL, EDGE, TEXT = 0, 1, 2
COLOURS: dict[DeadlineState, tuple[str, str, str]] = {
    DeadlineState.ON_TRACK: ("#cfe3f5", "#2f6fb0", "#15202b"),
    DeadlineState.AT_RISK: ("#ffd257", "#a86a00", "#15202b"),
    DeadlineState.WILL_MISS: ("#c2500a", "#8f3a05", "#ffffff"),
    DeadlineState.BREACHED: ("#3f0f3a", "#1e041b", "#ffffff"),
    DeadlineState.UNASSIGNED: ("#ffffff", "#5f6b75", "#15202b"),
    DeadlineState.DONE: ("#e6e9ec", "#9aa3ad", "#4a5560"),
    DeadlineState.DONE_LATE: ("#e6e9ec", "#9aa3ad", "#4a5560"),
}
"""Fill, edge and text of every state: told apart in grey and by people who see colours differently."""


def patterns() -> Markup:
    """The hatch of a visit that will miss its deadline, and that of a break."""
    dark = element("path", d="M-1 7L7 -1M3 11L11 3", stroke="#8f3a05", stroke_width="2.2")
    grey = element("path", d="M0 0L6 6", stroke="#c3cad0", stroke_width="1")
    return element(
        "defs",
        element(
            "pattern",
            element("rect", width=8, height=8, fill="#c2500a"),
            dark,
            id="miss",
            width=8,
            height=8,
            patternUnits="userSpaceOnUse",
        ),
        element(
            "pattern",
            element("rect", width=6, height=6, fill="#f1f3f5"),
            grey,
            id="rest",
            width=6,
            height=6,
            patternUnits="userSpaceOnUse",
        ),
    )


def fill_of(state: DeadlineState) -> str:
    """What to fill a bar with: the colour, or the hatch that `patterns` defines."""
    return "url(#miss)" if state is DeadlineState.WILL_MISS else COLOURS[state][FILL]


def mark(state: DeadlineState, x: float, y: float, /, *, size: float = 9.0) -> Markup:
    """The state's mark centred on a point; nothing for a visit on track."""
    ink, r = COLOURS[state][TEXT], size / 2
    match state:
        case DeadlineState.AT_RISK:
            ring = element("circle", cx=x, cy=y, r=r, fill="none", stroke=ink, stroke_width="1.2")
            wedge = element(
                "path", d=f"M{x:.1f} {y:.1f}v{-r:.1f}a{r:.1f} {r:.1f} 0 0 1 {r:.1f} {r:.1f}z", fill=ink
            )
            return joined([ring, wedge])
        case DeadlineState.WILL_MISS:
            return _triangle(x, y, r, fill=ink)
        case DeadlineState.BREACHED:
            d = f"M{x - r * 0.8:.1f} {y - r * 0.8:.1f}l{r * 1.6:.1f} {r * 1.6:.1f}m0 {-r * 1.6:.1f}l{-r * 1.6:.1f} {r * 1.6:.1f}"
            return element("path", d=d, stroke=ink, stroke_width="2", fill="none")
        case DeadlineState.UNASSIGNED:
            return element("circle", cx=x, cy=y, r=r * 0.8, fill="none", stroke=ink, stroke_width="1.6")
        case DeadlineState.DONE | DeadlineState.DONE_LATE:
            d = f"M{x - r * 0.8:.1f} {y:.1f}l{r * 0.6:.1f} {r * 0.7:.1f}l{r:.1f} {-r * 1.4:.1f}"
            return element("path", d=d, stroke=ink, stroke_width="1.6", fill="none")
        case _:
            return Markup()


def site_mark(state: DeadlineState, x: float, y: float, /) -> Markup:
    """A visit on the map: a disc, a triangle, a square or a ring, by its state."""
    fill, edge, _ = COLOURS[state]
    match state:
        case DeadlineState.WILL_MISS:
            return _triangle(x, y, 6.0, fill=fill, stroke=edge)
        case DeadlineState.BREACHED:
            box = element("rect", x=x - 5, y=y - 5, width=10, height=10, fill=fill, stroke=edge)
            return joined([box, mark(state, x, y, size=7.0)])
        case DeadlineState.AT_RISK:
            disc = element("circle", cx=x, cy=y, r="5", fill=fill, stroke=edge)
            return joined([disc, mark(state, x, y, size=7.0)])
        case DeadlineState.UNASSIGNED:
            return element("circle", cx=x, cy=y, r="5", fill="#ffffff", stroke=edge, stroke_width="2.4")
        case _:
            return element("circle", cx=x, cy=y, r="3.6", fill=fill, stroke=edge, stroke_width="1.2")


def padlock(x: float, y: float, /, *, ink: str) -> Markup:
    """A locked visit."""
    box = element("rect", x=x - 3.5, y=y - 0.5, width=7, height=5, rx=1, fill=ink)
    bow = element(
        "path",
        d=f"M{x - 2:.1f} {y - 0.5:.1f}v-2a2 2 0 0 1 4 0v2",
        stroke=ink,
        stroke_width="1.3",
        fill="none",
    )
    return joined([box, bow])


def loaner_icon(x: float, y: float, /, *, ink: str) -> Markup:
    """A loaner goes out: two boxes changing places."""
    d = f"M{x - 4:.1f} {y - 1.6:.1f}h7l-2.2 -2.2M{x + 4:.1f} {y + 1.6:.1f}h-7l2.2 2.2"
    return element("path", d=d, stroke=ink, stroke_width="1.4", fill="none")


def parcel_icon(x: float, y: float, /, *, ink: str) -> Markup:
    """A part is brought to the site."""
    box = element("rect", x=x - 4, y=y - 3.5, width=8, height=7, fill="none", stroke=ink, stroke_width="1.2")
    tape = element(
        "path", d=f"M{x - 4:.1f} {y - 0.8:.1f}h8M{x:.1f} {y - 3.5:.1f}v2.7", stroke=ink, stroke_width="1.2"
    )
    return joined([box, tape])


def _triangle(x: float, y: float, r: float, /, *, fill: str, stroke: str = "none") -> Markup:
    d = f"M{x:.1f} {y - r:.1f}l{r:.1f} {r * 1.8:.1f}h{-2 * r:.1f}z"
    return element("path", d=d, fill=fill, stroke=stroke)
