"""Openings laid out as UTC seconds with running totals: what makes business time two bisections."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from kernel.clock import utc, zone
from kernel.errors import Refusal
from kernel.hours import Hours

DAY_S = 86_400
FIRST_YEAR, LAST_YEAR = 1970, 2199
_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()

Spans = tuple[Hours, ...]


def epoch_s(at: datetime, /) -> int:
    """Whole seconds since 1970 UTC; the fraction of a second is dropped."""
    return int(at.timestamp() // 1) if at.tzinfo is UTC else int(utc(at).timestamp() // 1)


def moment_of(at_s: int, /) -> datetime:
    """Give seconds since 1970 UTC as a moment.

    Raises:
        Refusal: ``calendar.out_of_range`` outside the years 1970 to 2199.
    """
    try:
        at = datetime.fromtimestamp(at_s, UTC)
    except (OverflowError, ValueError, OSError):
        at = None
    if at is None or not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise Refusal("calendar.out_of_range", seconds=at_s)
    return at


@dataclass(frozen=True, slots=True)
class Timetable:
    """Openings of some whole UTC years: `before[i]` business seconds lie before `starts[i]`."""

    first_year: int
    last_year: int
    from_s: int
    until_s: int
    starts: list[int]
    ends: list[int]
    before: list[int]
    total: int

    def passed(self, at_s: int) -> int:
        """Business seconds from the table's start to `at_s`."""
        i = bisect_right(self.starts, at_s) - 1
        if i < 0:
            return 0
        end = self.ends[i]
        return self.before[i] + (at_s if at_s < end else end) - self.starts[i]  # noqa: FURB136 min() costs a third of the whole call


def laid_out(
    zone_name: str,
    week: Sequence[Spans],
    spans_on: Mapping[int, Spans],
    *,
    first_year: int,
    last_year: int,
) -> Timetable:
    """Lay out the openings of whole years (UTC).

    Args:
        zone_name: IANA name of the zone whose wall clock counts.
        week: spans of each weekday, Monday first.
        spans_on: spans of the dates that differ, by days since 1970.
        first_year: the first of them.
        last_year: the last of them.
    """
    from_s = _days_s(date(first_year, 1, 1))
    until_s = _days_s(date(last_year, 12, 31)) + DAY_S
    starts: list[int] = []
    ends: list[int] = []
    for open_s, close_s in _openings(zone_name, week, spans_on, from_s=from_s, until_s=until_s):
        if ends and ends[-1] == open_s:
            ends[-1] = close_s
        else:
            starts.append(open_s)
            ends.append(close_s)
    before, total = [], 0
    for open_s, close_s in zip(starts, ends, strict=True):
        before.append(total)
        total += close_s - open_s
    return Timetable(first_year, last_year, from_s, until_s, starts, ends, before, total)


def _openings(
    zone_name: str, week: Sequence[Spans], spans_on: Mapping[int, Spans], *, from_s: int, until_s: int
) -> Iterator[tuple[int, int]]:
    """Give every opening in [from_s, until_s), stretch by stretch of constant UTC offset."""
    for start_s, end_s, offset_s in _offsets(zone_name, from_s, until_s):
        for day in range((start_s + offset_s) // DAY_S, (end_s + offset_s - 1) // DAY_S + 1):
            midnight_s = day * DAY_S - offset_s
            for span in spans_on.get(day, week[(day + 3) % 7]):
                open_s = max(start_s, midnight_s + span.open_m * 60)
                close_s = min(end_s, midnight_s + span.close_m * 60)
                if open_s < close_s:
                    yield open_s, close_s


def _offsets(zone_name: str, from_s: int, until_s: int) -> Iterator[tuple[int, int, int]]:
    """Cut [from_s, until_s) into (start, end, UTC offset in seconds) of constant offset."""
    here = zone(zone_name)

    def offset(at_s: int) -> int:
        shift = datetime.fromtimestamp(at_s, here).utcoffset()
        return int((shift or timedelta()).total_seconds())

    start_s, current = from_s, offset(from_s)
    for day_s in range(from_s, until_s, DAY_S):
        last_s = day_s + DAY_S - 1
        while offset(last_s) != current:
            low, high = max(start_s, day_s - 1), last_s
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (middle, high) if offset(middle) == current else (low, middle)
            yield start_s, high, current
            start_s, current = high, offset(high)
    yield start_s, until_s, current


def day_number(on: date, /) -> int:
    """Days since 1970."""
    return on.toordinal() - _EPOCH_ORDINAL


def _days_s(on: date) -> int:
    return day_number(on) * DAY_S
