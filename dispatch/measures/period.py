"""The days a report is about."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from kernel.clock import utc
from kernel.errors import Refusal

_FROM_UNTIL = re.compile(r"(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})")


@dataclass(frozen=True, slots=True)
class Period:
    """Whole local days, judged at a moment.

    Args:
        first, last: first and last day, both belong.
        start, end: the same as moments, aware UTC: `start` belongs, `end` does not.
        now: the moment everything is judged at.
        zone: whose days they are.
    """

    first: date
    last: date
    start: datetime
    end: datetime
    now: datetime
    zone: ZoneInfo

    def __contains__(self, at: datetime) -> bool:
        return self.start <= at < self.end

    @property
    def until(self) -> datetime:
        """The end, or `now` while the period still runs: nothing after it has happened yet."""
        return min(self.end, self.now)


def period(text: str, /, *, now: datetime, zone: ZoneInfo) -> Period:
    """Read a period.

    Args:
        text: ``day`` (yesterday), ``week`` (the last whole week, Monday to Sunday, before `now`), ``month``, ``quarter`` (the last whole one
            of the calendar), or ``FROM..UNTIL``, two dates that both belong.
        now: the moment the report is made for, aware.
        zone: whose days they are.

    Raises:
        Refusal: ``period.not_a_period``, ``period.ends_before_start``, ``period.not_begun`` when it starts after
            `now`, ``clock.out_of_range``.

    >>> from kernel.clock import moment
    >>> friday = moment("2026-03-06T10:40+08:00")
    >>> week = period("week", now=friday, zone=ZoneInfo("Asia/Shanghai"))
    >>> week.first.isoformat(), week.last.isoformat(), week.start.isoformat()
    ('2026-02-23', '2026-03-01', '2026-02-22T16:00:00+00:00')
    """
    today = now.astimezone(zone).date()
    if text == "day":
        return _days(today - timedelta(days=1), today - timedelta(days=1), now, zone)
    if text == "week":
        last = today - timedelta(days=today.weekday() + 1)
        return _days(last - timedelta(days=6), last, now, zone)
    if text == "month":
        last = today.replace(day=1) - timedelta(days=1)
        return _days(last.replace(day=1), last, now, zone)
    if text == "quarter":
        last = today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1) - timedelta(days=1)
        return _days(last.replace(month=last.month - 2, day=1), last, now, zone)
    found = _FROM_UNTIL.fullmatch(text)
    if found is None:
        raise Refusal("period.not_a_period", value=text[:40])
    try:
        first, last = date.fromisoformat(found[1]), date.fromisoformat(found[2])
    except ValueError:
        raise Refusal("period.not_a_period", value=text[:40]) from None
    if last < first:
        raise Refusal("period.ends_before_start", first=first.isoformat(), last=last.isoformat())
    if first > today:
        raise Refusal("period.not_begun", first=first.isoformat(), now=now.astimezone(zone).isoformat())
    return _days(first, last, now, zone)


class Every(StrEnum):
    """How long the periods are that a longer one is cut into."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


MOST_PERIODS = 62
"""Periods of one trend: two months of days; who wants more asks for longer ones."""


def cut(whole: Period, every: Every, /) -> tuple[Period, ...]:
    """Cut a period at midnights, Mondays or firsts of the month; the first and the last piece may be shorter.

    Days after `now` are left out: nothing has happened on them yet.

    Args:
        whole: what to cut.
        every: where.

    Raises:
        Refusal: ``period.too_many``.

    >>> from kernel.clock import moment
    >>> here = ZoneInfo("Asia/Shanghai")
    >>> month = period("month", now=moment("2026-03-06T10:40+08:00"), zone=here)
    >>> [(one.first.day, one.last.day) for one in cut(month, Every.WEEK)]
    [(1, 1), (2, 8), (9, 15), (16, 22), (23, 28)]
    """
    final = min(whole.last, whole.now.astimezone(whole.zone).date())
    pieces: list[Period] = []
    first = whole.first
    while first <= final:
        if len(pieces) == MOST_PERIODS:
            raise Refusal("period.too_many", most=MOST_PERIODS, every=every.value)
        last = min(_end_of(first, every), final)
        pieces.append(_days(first, last, whole.now, whole.zone))
        first = last + timedelta(days=1)
    return tuple(pieces)


def _end_of(day: date, every: Every) -> date:
    if every is Every.WEEK:
        return day + timedelta(days=6 - day.weekday())
    if every is Every.MONTH:
        return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return day


def _days(first: date, last: date, now: datetime, zone: ZoneInfo) -> Period:
    start = utc(datetime.combine(first, time.min, zone))
    utc(datetime.combine(last, time.min, zone))  # refused where there is no day after it
    # On the wall clock: the day may have 23 or 25 hours.
    end = utc(datetime.combine(last, time.min, zone) + timedelta(days=1))
    return Period(first, last, start, end, utc(now), zone)
