"""Opening hours of a day: spans of wall-clock minutes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from kernel.errors import Refusal

_HOURS = re.compile(r"([01]\d|2[0-4]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)")


@dataclass(frozen=True, slots=True, order=True)
class Hours:
    """Wall-clock minutes of a day from `open_m` (in) to `close_m` (out); 1440 is midnight at its end.

    Raises:
        Refusal: ``calendar.closes_before_opens`` when empty, backwards or outside the day; a night shift is
            two spans, one up to 24:00 and one from 00:00.
    """

    open_m: int
    close_m: int

    def __post_init__(self) -> None:
        if not 0 <= self.open_m < self.close_m <= 1440:
            raise Refusal(
                "calendar.closes_before_opens", opens=_wall(self.open_m), closes=_wall(self.close_m)
            )

    def __str__(self) -> str:
        return f"{_wall(self.open_m)}-{_wall(self.close_m)}"


ALL_DAY = (Hours(0, 1440),)


def hours(text: str, /) -> tuple[Hours, ...]:
    """Read opening hours, several spans with commas; nothing means closed.

    Raises:
        Refusal: ``calendar.not_hours``, ``calendar.closes_before_opens``, ``calendar.spans_overlap``.

    >>> [str(span) for span in hours("13:00-17:00, 08:00-12:00")]
    ['08:00-12:00', '13:00-17:00']
    """
    spans = []
    for piece in filter(None, (piece.strip() for piece in text.split(","))):
        found = _HOURS.fullmatch(piece)
        if not found:
            raise Refusal("calendar.not_hours", value=piece[:40])
        open_h, open_m, close_h, close_m = map(int, found.groups())
        spans.append(Hours(open_h * 60 + open_m, close_h * 60 + close_m))
    return in_order(spans)


def in_order(spans: Sequence[Hours]) -> tuple[Hours, ...]:
    """Sort spans; refuse two that share a minute (``calendar.spans_overlap``)."""
    ordered = tuple(sorted(spans))
    for one, after in pairwise(ordered):
        if after.open_m < one.close_m:
            raise Refusal("calendar.spans_overlap", one=str(one), other=str(after))
    return ordered


def _wall(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
