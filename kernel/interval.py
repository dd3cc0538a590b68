"""Half-open intervals of aware moments: the start belongs, the end does not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from kernel.errors import Refusal


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """From `start` (in) to `end` (out), both aware.

    Raises:
        Refusal: ``interval.ends_before_start`` when it is empty or runs backwards.
    """

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise Refusal(
                "interval.ends_before_start", start=self.start.isoformat(), end=self.end.isoformat()
            )

    def __contains__(self, at: datetime) -> bool:
        return self.start <= at < self.end

    def overlaps(self, other: Interval) -> bool:
        """Say whether the two share a moment."""
        return self.start < other.end and other.start < self.end


def subtract(whole: Interval, holes: Iterable[Interval], /) -> tuple[Interval, ...]:
    """Give what is left of `whole` once `holes` are cut out, in order."""
    left: list[Interval] = []
    start = whole.start
    for hole in sorted(holes):
        if hole.end <= start or hole.start >= whole.end:
            continue
        if hole.start > start:
            left.append(Interval(start, hole.start))
        start = max(start, hole.end)
        if start >= whole.end:
            return tuple(left)
    left.append(Interval(start, whole.end))
    return tuple(left)
