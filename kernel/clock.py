"""The clock is an input: aware UTC moments, read from the machine in this file only."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from kernel.errors import Refusal


class Clock(Protocol):
    """Something that says what time it is, in aware UTC."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""


class SystemClock:
    """The machine's clock; handed in at the edge, never used by a rule."""

    def now(self) -> datetime:
        """Return the machine's time, aware, in UTC, to the second."""
        return datetime.now(UTC).replace(microsecond=0)  # noqa: TID251 the one place


class Stopwatch:
    """Seconds since it was made; for run records and caps in seconds, never for a decision that is compared."""

    def __init__(self) -> None:
        """Start."""
        self._started = time.monotonic()

    @property
    def seconds(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self._started


class ClockFrom:
    """A clock that shows a chosen moment when it is made and goes on from there: for a day that is shown at any hour."""

    def __init__(self, begins: datetime, /) -> None:
        """Start at an aware moment, to the second."""
        self._begins = utc(begins).replace(microsecond=0)
        self._watch = Stopwatch()

    def now(self) -> datetime:
        """Return the chosen moment and the whole seconds since."""
        return self._begins + timedelta(seconds=int(self._watch.seconds))


def moment(text: str, /) -> datetime:
    """Read an ISO 8601 moment with its offset; give it in UTC.

    Raises:
        Refusal: ``clock.not_a_moment`` when it cannot be read, ``clock.naive_time`` without an offset,
            ``clock.out_of_range`` outside the years 1970 to 2199.

    >>> moment("2026-03-06T16:00+08:00").isoformat()
    '2026-03-06T08:00:00+00:00'
    """
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        raise Refusal("clock.not_a_moment", value=text[:80]) from None
    return utc(value)


def utc(value: datetime, /) -> datetime:
    """Give an aware moment in UTC.

    Raises:
        Refusal: ``clock.naive_time`` without an offset, ``clock.out_of_range`` outside 1970 to 2199.
    """
    if value.tzinfo is None or value.utcoffset() is None:
        raise Refusal("clock.naive_time", value=value.isoformat())
    if not 1970 <= value.year < 2200:
        raise Refusal("clock.out_of_range", value=value.isoformat())
    return value.astimezone(UTC)


def known_day(value: date, /) -> date:
    """Give a calendar day back that lies in the years moments can lie in.

    Raises:
        Refusal: ``clock.out_of_range`` outside 1970 to 2199.
    """
    if not 1970 <= value.year < 2200:
        raise Refusal("clock.out_of_range", value=value.isoformat())
    return value


def zone(name: str, /) -> ZoneInfo:
    """Find a time zone by its IANA name.

    Raises:
        Refusal: ``clock.unknown_zone``.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Refusal("clock.unknown_zone", value=name[:80]) from None


def seconds_between(start: datetime, end: datetime, /) -> int:
    """Whole seconds from `start` to `end`, rounded up to the later second.

    >>> seconds_between(moment("2026-03-06T08:00Z"), moment("2026-03-06T08:00:01Z"))
    1
    """
    delta = end - start
    return -((start - end) // timedelta(seconds=1)) if delta.microseconds else delta // timedelta(seconds=1)
