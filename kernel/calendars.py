"""Business calendars: when somebody works, and how long business time takes on the wall clock.

A calendar is open exactly when the wall clock of its zone stands inside the hours of that date, so an hour
that daylight saving skips is not worked and an hour it repeats is worked twice. Openings are laid out once,
as UTC seconds with running totals; adding and measuring business time are then one or two bisections,
whatever lies between.

Whole seconds: a moment counts from the start of its second.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from itertools import pairwise

from kernel.clock import zone
from kernel.errors import Refusal
from kernel.hours import ALL_DAY, Hours, hours, in_order
from kernel.timetable import (
    FIRST_YEAR,
    LAST_YEAR,
    Timetable,
    day_number,
    epoch_s,
    laid_out,
    moment_of,
)

_AHEAD_YEARS = 3


@dataclass(frozen=True, slots=True)
class BusinessCalendar:
    """Opening hours of a week in a zone, public holidays, and single dates that differ.

    Args:
        id: the calendar's id.
        zone: IANA name of the zone whose wall clock counts.
        week: seven entries, Monday first: the spans of that weekday, none when closed.
        country: ISO 3166 code whose public holidays close the calendar; empty: no public holidays.
        subdivision: region of the country for regional holidays; empty: national ones only.
        exceptions: (date, spans) that override week and holidays: no spans for an extra day off, own hours
            for a make-up working day.
        makeup: hours of the make-up working days the country announces on a weekday that is otherwise
            closed; empty: those of the first weekday that opens.

    Raises:
        Refusal: ``calendar.not_a_week``, ``calendar.spans_overlap``, ``calendar.unknown_country``,
            ``calendar.duplicate_date``, ``clock.unknown_zone``.
    """

    id: str
    zone: str
    week: tuple[tuple[Hours, ...], ...]
    country: str = ""
    subdivision: str = ""
    exceptions: tuple[tuple[date, tuple[Hours, ...]], ...] = ()
    makeup: tuple[Hours, ...] = ()
    _longest_day_s: int = field(init=False, repr=False, compare=False, default=0)
    _timetable: list[Timetable] = field(init=False, repr=False, compare=False, default_factory=list)

    def __post_init__(self) -> None:
        zone(self.zone)
        if len(self.week) != 7:
            raise Refusal("calendar.not_a_week", calendar=self.id, days=len(self.week))
        object.__setattr__(self, "week", tuple(in_order(spans) for spans in self.week))
        longest_m = max(sum(span.close_m - span.open_m for span in spans) for spans in self.week)
        object.__setattr__(self, "_longest_day_s", longest_m * 60)
        object.__setattr__(self, "makeup", in_order(self.makeup))
        own = tuple(sorted((on, in_order(spans)) for on, spans in self.exceptions))
        for (on, _), (after, _) in pairwise(own):
            if on == after:
                raise Refusal("calendar.duplicate_date", calendar=self.id, date=on.isoformat())
        object.__setattr__(self, "exceptions", own)
        if self.country:
            _public_holidays(self.country, self.subdivision, range(2024, 2025))

    @property
    def is_continuous(self) -> bool:
        """Open at every moment: business time is elapsed time."""
        return (
            not self.country
            and all(spans == ALL_DAY for spans in self.week)
            and all(spans == ALL_DAY for _, spans in self.exceptions)
        )

    @property
    def working_day_s(self) -> int:
        """Open seconds of one working day: of the longest weekday.

        Raises:
            Refusal: ``calendar.never_opens`` when no weekday opens.
        """
        if not self._longest_day_s:
            raise Refusal("calendar.never_opens", calendar=self.id)
        return self._longest_day_s

    def add(self, at: datetime, seconds: int, /) -> datetime:
        """Give the earliest moment by which `seconds` of business time have passed since `at`.

        Raises:
            Refusal: ``calendar.never_opens`` when too little opening lies ahead, ``calendar.negative_duration``.

        >>> from kernel.clock import moment
        >>> week = (hours("08:00-17:00"),) * 5 + ((), ())
        >>> BusinessCalendar("office", "UTC", week).add(moment("2026-03-06T16:00Z"), 3 * 3600).isoformat()
        '2026-03-09T10:00:00+00:00'
        """
        return moment_of(self.add_s(epoch_s(at), seconds))

    def between(self, start: datetime, end: datetime, /) -> int:
        """Business seconds from `start` to `end`; negative when `end` comes first."""
        return self.between_s(epoch_s(start), epoch_s(end))

    def is_open(self, at: datetime, /) -> bool:
        """Say whether business time runs at `at`."""
        at_s = epoch_s(at)
        table = self._table(at_s)
        i = bisect_right(table.starts, at_s) - 1
        return i >= 0 and at_s < table.ends[i]

    def next_opening(self, at: datetime, /) -> datetime:
        """Give `at` when open then, else the next moment business time runs.

        Raises:
            Refusal: ``calendar.never_opens`` when none follows.
        """
        return moment_of(self.next_opening_s(epoch_s(at)))

    def openings(self, start: datetime, end: datetime, /) -> tuple[tuple[datetime, datetime], ...]:
        """Give the half-open openings between two moments, cut to them, in order."""
        return tuple(
            (moment_of(open_s), moment_of(close_s))
            for open_s, close_s in self.openings_s(epoch_s(start), epoch_s(end))
        )

    def add_s(self, at_s: int, seconds: int, /) -> int:
        """As `add`, on seconds since 1970 UTC."""
        if seconds <= 0:
            if seconds < 0:
                raise Refusal("calendar.negative_duration", seconds=seconds)
            return at_s
        table = self._table(at_s)
        while True:
            target = table.passed(at_s) + seconds
            if target <= table.total:
                # The opening in which the running total first reaches the target: its close belongs to it.
                i = bisect_right(table.before, target - 1) - 1
                return table.starts[i] + target - table.before[i]
            if table.last_year == LAST_YEAR:
                raise Refusal("calendar.never_opens", calendar=self.id)
            table = self._widened(
                table.first_year, min(LAST_YEAR, table.last_year * 2 - table.first_year + 1)
            )

    def between_s(self, start_s: int, end_s: int, /) -> int:
        """As `between`, on seconds since 1970 UTC."""
        table = self._table(start_s)
        if not table.from_s <= end_s < table.until_s:
            table = self._table(end_s)
        return table.passed(end_s) - table.passed(start_s)

    def next_opening_s(self, at_s: int, /) -> int:
        """As `next_opening`, on seconds since 1970 UTC."""
        # One second on from any moment ends inside the opening that holds it.
        return max(at_s, self.add_s(at_s, 1) - 1)

    def openings_s(self, start_s: int, end_s: int, /) -> Iterator[tuple[int, int]]:
        """As `openings`, on seconds since 1970 UTC."""
        self._table(start_s)
        table = self._table(end_s)
        for i in range(max(0, bisect_right(table.starts, start_s) - 1), len(table.starts)):
            if table.starts[i] >= end_s:
                return
            if table.ends[i] > start_s:
                yield max(start_s, table.starts[i]), min(end_s, table.ends[i])

    def _table(self, at_s: int) -> Timetable:
        if self._timetable and self._timetable[0].from_s <= at_s < self._timetable[0].until_s:
            return self._timetable[0]
        year = moment_of(at_s).year
        first, last = year - 1, year + _AHEAD_YEARS
        if self._timetable:
            first, last = min(first, self._timetable[0].first_year), max(last, self._timetable[0].last_year)
        return self._widened(max(FIRST_YEAR, first), min(LAST_YEAR, last))

    def _widened(self, first_year: int, last_year: int) -> Timetable:
        # One assignment of a finished table: threads see the old one or the new one, both right.
        self._timetable[:1] = [
            laid_out(
                self.zone,
                self.week,
                _dates(self, first_year - 1, last_year + 1),
                first_year=first_year,
                last_year=last_year,
            )
        ]
        return self._timetable[0]


def every_hour(id: str, zone: str, /) -> BusinessCalendar:  # noqa: A002 the field's name
    """Make the calendar that never closes (7 x 24)."""
    return BusinessCalendar(id, zone, (ALL_DAY,) * 7)


def weekly(
    id: str,  # noqa: A002 the field's name
    zone: str,
    days: Mapping[str, str],
    /,
    *,
    country: str = "",
    subdivision: str = "",
    exceptions: Mapping[date, str] | None = None,
    makeup: str = "",
) -> BusinessCalendar:
    """Make a calendar from texts: weekdays ``mon`` to ``sun`` or spans of them (``mon-fri``) and hours.

    Raises:
        Refusal: ``calendar.unknown_weekday``, ``calendar.duplicate_weekday`` and those of `hours` and
            `BusinessCalendar`.

    >>> office = weekly("office", "Asia/Shanghai", {"mon-fri": "09:00-18:00"})
    >>> office.working_day_s // 3600
    9
    """
    week: list[tuple[Hours, ...]] = [()] * 7
    named: set[int] = set()
    for name, text in days.items():
        for weekday in _weekdays(name):
            if weekday in named:
                raise Refusal("calendar.duplicate_weekday", calendar=id, day=WEEKDAYS[weekday])
            named.add(weekday)
            week[weekday] = hours(text)
    return BusinessCalendar(
        id,
        zone,
        tuple(week),
        country=country,
        subdivision=subdivision,
        exceptions=tuple((on, hours(text)) for on, text in (exceptions or {}).items()),
        makeup=hours(makeup),
    )


WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _dates(calendar: BusinessCalendar, first_year: int, last_year: int) -> dict[int, tuple[Hours, ...]]:
    """Give the spans of every date that differs from its weekday, by days since 1970."""
    differing: dict[int, tuple[Hours, ...]] = {}
    if calendar.country:
        closed, worked = _public_holidays(
            calendar.country, calendar.subdivision, range(first_year, last_year + 1)
        )
        makeup = calendar.makeup or next(filter(None, calendar.week), ())
        differing = {day_number(on): () for on in closed}
        differing |= {day_number(on): makeup for on in worked if not calendar.week[on.weekday()]}
    return differing | {day_number(on): spans for on, spans in calendar.exceptions}


@lru_cache(maxsize=512)  # every calendar of a country asks the same, and the package reckons anew each time
def _public_holidays(country: str, subdivision: str, years: range) -> tuple[frozenset[date], frozenset[date]]:
    """Give (days off, weekend days worked instead) of a country.

    Make-up days are announced a year at a time: the package knows those of past years and the present one;
    later ones are the calendar's `exceptions`.
    """
    import holidays  # slow to import, paid only where holidays count

    try:
        known = holidays.country_holidays(country, subdiv=subdivision or None, years=years)
    except NotImplementedError:  # how the package says that it does not know the country
        raise Refusal(
            "calendar.unknown_country", country=country[:20], subdivision=subdivision[:20]
        ) from None
    worked = frozenset(on for on in known.weekend_workdays if on.year in years)
    return frozenset(known) - worked, worked


def _weekdays(name: str) -> range:
    first, _, last = name.partition("-")
    if first not in WEEKDAYS or (last or first) not in WEEKDAYS:
        raise Refusal("calendar.unknown_weekday", value=name[:20])
    days = range(WEEKDAYS.index(first), WEEKDAYS.index(last or first) + 1)
    if not days:
        raise Refusal("calendar.unknown_weekday", value=name[:20])
    return days
