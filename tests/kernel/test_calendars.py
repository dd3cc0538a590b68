"""Business calendars: exact over nights, weekends, holidays, daylight saving and leap days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.calendars import BusinessCalendar, every_hour, weekly
from kernel.clock import moment
from kernel.errors import Refusal
from kernel.hours import Hours, hours

OFFICE = weekly("office", "Asia/Shanghai", {"mon-fri": "08:00-17:00"})
CHINA = weekly("china", "Asia/Shanghai", {"mon-fri": "09:00-18:00"}, country="CN")
ZONES = ("Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata")
WEEKS = (
    {"mon-fri": "08:00-12:00,13:00-17:00"},
    {"mon-sun": "00:00-24:00"},
    {"mon": "22:00-24:00", "tue": "00:00-06:00", "sun": "01:30-02:30"},
    {"sat-sun": "00:30-03:30,23:15-24:00"},
)
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2027, 12, 31)).map(  # noqa: DTZ001 made aware here
    lambda at: moment(at.replace(microsecond=0).isoformat() + "+00:00")
)
CALENDARS = st.builds(
    lambda zone, week, country: weekly("any", zone, week, country=country),
    st.sampled_from(ZONES),
    st.sampled_from(WEEKS),
    st.sampled_from(("", "CN", "DE")),
)


def test_three_business_hours_from_friday_four_o_clock_end_on_monday_at_ten() -> None:
    """The worked example every service contract is explained with."""
    due_at = OFFICE.add(moment("2026-03-06T16:00+08:00"), 3 * 3600)

    assert due_at == moment("2026-03-09T10:00+08:00")


def test_time_that_runs_out_at_closing_is_due_at_closing() -> None:
    """Nobody is given the night because the last second falls on the bell."""
    assert OFFICE.add(moment("2026-03-06T16:00+08:00"), 3600) == moment("2026-03-06T17:00+08:00")


def test_public_holidays_close_and_make_up_saturdays_open() -> None:
    """Spring Festival 2026: work on Saturday 14 and 28 February, none from 16 to 23."""
    assert CHINA.is_open(moment("2026-02-14T10:00+08:00"))
    assert CHINA.is_open(moment("2026-02-28T10:00+08:00"))
    assert not CHINA.is_open(moment("2026-02-21T10:00+08:00"))
    assert not CHINA.is_open(moment("2026-02-23T10:00+08:00"))
    assert CHINA.add(moment("2026-02-13T17:00+08:00"), 11 * 3600) == moment("2026-02-24T10:00+08:00")


def test_make_up_days_may_have_their_own_hours() -> None:
    """Some houses work a make-up Saturday only until noon."""
    calendar = weekly("c", "Asia/Shanghai", {"mon-fri": "09:00-18:00"}, country="CN", makeup="09:00-12:00")

    assert calendar.between(moment("2026-02-14T00:00+08:00"), moment("2026-02-15T00:00+08:00")) == 3 * 3600


def test_a_make_up_day_that_is_open_anyway_keeps_its_hours() -> None:
    """Who works Saturdays until noon does so on a make-up Saturday too."""
    calendar = weekly("c", "Asia/Shanghai", {"mon-fri": "09:00-18:00", "sat": "09:00-12:00"}, country="CN")

    assert calendar.between(moment("2026-02-14T00:00+08:00"), moment("2026-02-15T00:00+08:00")) == 3 * 3600


def test_own_dates_override_week_and_holidays() -> None:
    """A company day off closes a Tuesday; a duty roster opens a public holiday."""
    calendar = weekly(
        "c",
        "Asia/Shanghai",
        {"mon-fri": "09:00-18:00"},
        country="CN",
        exceptions={date(2026, 3, 10): "", date(2026, 10, 1): "10:00-12:00"},
    )

    assert not calendar.is_open(moment("2026-03-10T10:00+08:00"))
    assert calendar.is_open(moment("2026-10-01T10:30+08:00"))
    assert not calendar.is_open(moment("2026-10-01T12:00+08:00"))


def test_an_hour_that_daylight_saving_skips_is_not_worked() -> None:
    """Berlin, 29 March 2026: the wall clock never shows 02:15."""
    calendar = weekly("night", "Europe/Berlin", {"sun": "01:30-02:30"})

    openings = calendar.openings(moment("2026-03-28T00:00Z"), moment("2026-03-30T00:00Z"))

    assert openings == ((moment("2026-03-29T00:30Z"), moment("2026-03-29T01:00Z")),)


def test_an_hour_that_daylight_saving_repeats_is_worked_twice() -> None:
    """Berlin, 25 October 2026: the wall clock shows 02:15 twice."""
    calendar = weekly("night", "Europe/Berlin", {"sun": "01:30-02:30"})

    assert calendar.between(moment("2026-10-24T12:00Z"), moment("2026-10-25T12:00Z")) == 2 * 3600 - 1800


def test_a_leap_day_is_a_working_day_like_any_other() -> None:
    """29 February 2024 was a Thursday."""
    assert OFFICE.between(moment("2024-02-28T16:00+08:00"), moment("2024-03-01T09:00+08:00")) == 11 * 3600


def test_around_the_clock_business_time_is_elapsed_time() -> None:
    """Seven times twenty-four hours, daylight saving or not."""
    calendar = every_hour("always", "Europe/Berlin")
    start = moment("2026-03-28T20:00Z")

    assert calendar.is_continuous
    assert calendar.add(start, 100 * 3600) == start + timedelta(hours=100)


@settings(max_examples=150, deadline=None)
@given(CALENDARS, MOMENTS, st.integers(0, 400 * 3600))
def test_adding_and_measuring_agree(calendar: BusinessCalendar, at: datetime, seconds: int) -> None:
    """What was added is what lies between, and no earlier moment would do."""
    end = calendar.add(at, seconds)

    assert calendar.between(at, end) == seconds
    assert end == at or calendar.between(at, end - timedelta(seconds=1)) == seconds - 1


@settings(max_examples=150, deadline=None)
@given(CALENDARS, MOMENTS)
def test_open_means_that_the_wall_clock_says_so(calendar: BusinessCalendar, at: datetime) -> None:
    """The definition, spelled out on the wall clock of the zone."""
    import holidays

    local = at.astimezone(ZoneInfo(calendar.zone))
    spans = calendar.week[local.weekday()]
    if calendar.country:
        known = holidays.country_holidays(calendar.country, years=local.year)
        if local.date() in known.weekend_workdays:
            spans = spans or next(filter(None, calendar.week))
        elif local.date() in known:
            spans = ()
    minute = local.hour * 60 + local.minute

    assert calendar.is_open(at) == any(span.open_m <= minute < span.close_m for span in spans)


@settings(max_examples=100, deadline=None)
@given(CALENDARS, MOMENTS)
def test_the_next_opening_is_open_and_nothing_lies_before_it(
    calendar: BusinessCalendar, at: datetime
) -> None:
    """A clock that starts at night starts with the first minute of work."""
    opening = calendar.next_opening(at)

    assert calendar.is_open(opening)
    assert calendar.between(at, opening) == 0
    assert (opening == at) == calendar.is_open(at)


def test_the_order_of_questions_does_not_change_the_answers() -> None:
    """The table grows as years are asked for; what it said stays said."""
    fresh = weekly("c", "Europe/Berlin", {"mon-fri": "08:00-17:00"}, country="DE")
    asked = weekly("c", "Europe/Berlin", {"mon-fri": "08:00-17:00"}, country="DE")
    at = moment("2026-06-01T10:00Z")
    asked.between(moment("1975-01-01T00:00Z"), moment("2080-01-01T00:00Z"))

    assert asked.add(at, 999_999) == fresh.add(at, 999_999)
    assert asked == fresh


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda: Hours(600, 600), "calendar.closes_before_opens"),
        (lambda: hours("17:00-08:00"), "calendar.closes_before_opens"),
        (lambda: hours("08:00-24:30"), "calendar.closes_before_opens"),
        (lambda: hours("8-17"), "calendar.not_hours"),
        (lambda: hours("08:00-12:00,11:00-17:00"), "calendar.spans_overlap"),
        (lambda: BusinessCalendar("c", "UTC", ((),) * 6), "calendar.not_a_week"),
        (lambda: weekly("c", "UTC", {"monday": "08:00-17:00"}), "calendar.unknown_weekday"),
        (lambda: weekly("c", "UTC", {"fri-mon": "08:00-17:00"}), "calendar.unknown_weekday"),
        (
            lambda: weekly("c", "UTC", {"mon": "08:00-17:00", "mon-fri": "08:00-17:00"}),
            "calendar.duplicate_weekday",
        ),
        (lambda: weekly("c", "UTC", {}, country="XX"), "calendar.unknown_country"),
        (lambda: weekly("c", "UTC", {}, country="DE", subdivision="XX"), "calendar.unknown_country"),
        (lambda: weekly("c", "Moon/Base", {}), "clock.unknown_zone"),
        (
            lambda: BusinessCalendar(
                "c", "UTC", ((),) * 7, exceptions=((date(2026, 1, 1), ()), (date(2026, 1, 1), ()))
            ),
            "calendar.duplicate_date",
        ),
        (lambda: weekly("c", "UTC", {}).add(moment("2026-01-01T00:00Z"), 1), "calendar.never_opens"),
        (lambda: weekly("c", "UTC", {}).next_opening(moment("2026-01-01T00:00Z")), "calendar.never_opens"),
        (lambda: OFFICE.add(moment("2026-01-01T00:00Z"), -1), "calendar.negative_duration"),
        (lambda: every_hour("c", "UTC").add(moment("2199-12-31T00:00Z"), 10**9), "calendar.never_opens"),
    ],
)
def test_nonsense_is_refused(make: Callable[[], object], code: str) -> None:
    """A calendar that cannot be meant is refused where it is made, not where it is used."""
    with pytest.raises(Refusal) as refused:
        make()

    assert refused.value.code == code
