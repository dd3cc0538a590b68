"""When an engineer is on duty: in a shift with its overtime or an on-call duty, and not while away."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from dispatch.crew import Absence, OnCall, Shift
from dispatch.on_duty import duty_at
from kernel.interval import Interval

DAY = datetime(2026, 3, 6, tzinfo=UTC)


def at(hour: float) -> datetime:
    """A moment of the day."""
    return DAY + timedelta(hours=hour)


def span(start: float, end: float) -> Interval:
    """Hours of the day."""
    return Interval(at(start), at(end))


SHIFT = Shift(id="H1", engineer="E1", worked=span(8, 17), overtime_min=60)
DUTY = OnCall(id="O1", engineer="E1", duty=span(20, 23), call_out=Decimal(0))


def is_on(hour: float, *away: Interval) -> bool:
    """Whether E1 is on duty, with these absences."""
    absences = [Absence(f"B{number}", "E1", gone, "") for number, gone in enumerate(away)]
    return duty_at([SHIFT], [DUTY], absences, at(hour)) is not None


def test_duty_is_the_shift_its_overtime_and_the_on_call_duty() -> None:
    """Ends belong to what follows, as everywhere."""
    hours = {7.9: False, 8: True, 16.9: True, 17.9: True, 18: False, 19.9: False, 20: True, 23: False}

    assert {hour: is_on(hour) for hour in hours} == hours


def test_an_absence_is_no_duty() -> None:
    """Ill from two o'clock: no overtime either."""
    assert not is_on(15, span(14, 17))
    assert not is_on(17.5, span(14, 17))
    assert is_on(13, span(14, 17))
    assert is_on(17.5, span(10, 11))


def test_overtime_ends_where_an_absence_begins() -> None:
    """Off from half past five: half an hour of overtime is left, whatever the shift allows."""
    assert is_on(17.4, span(17.5, 20))
    assert not is_on(17.5, span(17.5, 20))
    assert not is_on(17, span(17, 18))


def test_who_has_no_shift_is_off_duty() -> None:
    """Nothing is assumed."""
    assert duty_at([], [], [], at(9)) is None


@given(st.floats(0, 24), st.floats(0, 23), st.floats(0.1, 5))
def test_away_is_never_on_duty_and_duty_never_grows_by_an_absence(
    hour: float, start: float, length: float
) -> None:
    """An absence only takes away."""
    away = span(start, start + length)

    if at(hour) in away:
        assert not is_on(hour, away)
    if is_on(hour, away):
        assert is_on(hour)
