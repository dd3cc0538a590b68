"""Weekly rosters out of the shifts and duties a region lists for a few days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta, tzinfo

from dispatch.crew import OnCall, Shift
from dispatch.region import Region
from kernel.clock import zone
from kernel.ids import natural_key
from scenarios.run.world import Roster

WORKING_WEEK = range(5)
"""Monday to Friday: a day of these that nothing is listed for works like another of them."""


def rosters(region: Region, /, *, wage_cents: int) -> tuple[Roster, ...]:
    """Give the week that the listed shifts and duties repeat; on call costs its call-out and no wage.

    Each weekday is taken from its first listed date. A working day nothing is listed for (Monday to Friday) works like the
    nearest one before it in the week, else after it; a Saturday or Sunday without shifts has none. The same for duties.

    Args:
        region: its shifts and duties, in any order.
        wage_cents: of an hour on shift.
    """
    tz = zone(region.settings.zone)
    field = region.field
    made = [
        Roster(
            id=f"{shift.engineer}-{_NAMES[weekday]}-{number}",
            engineer=shift.engineer,
            weekday=weekday,
            from_min=_minute(shift.worked.start, tz),
            until_min=_minute(shift.worked.start, tz) + _length(shift.worked.start, shift.worked.end),
            overtime_min=shift.overtime_min,
            call_out_cents=int(shift.call_out * 100),
            wage_cents=wage_cents,
        )
        for weekday, shifts in _week(field.shifts, tz).items()
        for number, shift in enumerate(shifts, 1)
        if isinstance(shift, Shift)
    ]
    made += [
        Roster(
            id=f"{duty.engineer}-{_NAMES[weekday]}-call-{number}",
            engineer=duty.engineer,
            weekday=weekday,
            from_min=_minute(duty.duty.start, tz),
            until_min=_minute(duty.duty.start, tz) + _length(duty.duty.start, duty.duty.end),
            call_out_cents=int(duty.call_out * 100),
        )
        for weekday, duties in _week(field.on_call, tz).items()
        for number, duty in enumerate(duties, 1)
        if isinstance(duty, OnCall)
    ]
    return tuple(sorted(made, key=lambda one: (natural_key(one.engineer), one.weekday, one.from_min, one.id)))


_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _week(listed: Iterable[Shift | OnCall], tz: tzinfo) -> dict[int, list[Shift | OnCall]]:
    """What is worked on each weekday."""
    by_date: dict[date, list[Shift | OnCall]] = defaultdict(list)
    for one in listed:
        by_date[_start(one).astimezone(tz).date()].append(one)
    week: dict[int, list[Shift | OnCall]] = {}
    for day in sorted(by_date):
        week.setdefault(day.weekday(), by_date[day])
    known = [weekday for weekday in WORKING_WEEK if weekday in week]
    for weekday in WORKING_WEEK:
        if weekday not in week and known:
            before = [one for one in known if one < weekday]
            week[weekday] = week[before[-1] if before else known[0]]
    return week


def _start(one: Shift | OnCall) -> datetime:
    return one.worked.start if isinstance(one, Shift) else one.duty.start


def _minute(at: datetime, tz: tzinfo) -> int:
    local = at.astimezone(tz)
    return local.hour * 60 + local.minute


def _length(start: datetime, end: datetime) -> int:
    return (end - start) // timedelta(minutes=1)
