"""A term: how much time a scheme gives for one thing, counted in what, taken from where."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from dispatch.desk.milestone import Promise
from kernel.calendars import BusinessCalendar

CHOSEN = "chosen"
"""The source of a figure that stands in no document."""


class Unit(StrEnum):
    """What an amount of time is counted in."""

    MINUTE = "min"
    HOUR = "h"
    DAY = "d"
    """24 hours, or one working day of the term's calendar."""
    SAME_DAY = "same day"
    """Until midnight ends the day of the report in the scheme's zone."""


_DAY, _SAME_DAY = Unit.DAY, Unit.SAME_DAY  # looked up once: a desk asks a hundred thousand times
UNIT_S = {Unit.MINUTE: 60, Unit.HOUR: 3600, Unit.DAY: 86_400}


@dataclass(frozen=True, slots=True)
class Term:
    """What is promised for one milestone at one severity.

    Args:
        promise: timed, set by the customer, or not promised.
        source: the clause it comes from, or `CHOSEN`.
        amount: how many of `unit`; 0 unless timed.
        unit: what `amount` counts.
        calendar: id of the calendar whose business time counts; empty: elapsed time.
    """

    promise: Promise
    source: str
    amount: int = 0
    unit: Unit = Unit.HOUR
    calendar: str = ""

    def allowance_s(self, calendar: BusinessCalendar | None, /) -> int:
        """Seconds promised, of business time where the term names a calendar; 0 for the same day."""
        if self.unit is _SAME_DAY:
            return 0
        if self.unit is _DAY and calendar is not None:
            return self.amount * calendar.working_day_s
        return self.amount * UNIT_S[self.unit]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a scheme: where it stands in the file, its value as text, its source."""

    key: str
    value: str
    source: str
