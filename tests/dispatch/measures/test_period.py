"""Which days a report is about."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from dispatch.measures.period import period
from kernel.clock import moment
from kernel.errors import Refusal

SHANGHAI = ZoneInfo("Asia/Shanghai")
FRIDAY = moment("2026-03-06T02:40Z")


def test_a_month_is_the_last_whole_one() -> None:
    """A half month compared with whole ones would always look better or worse."""
    found = period("month", now=FRIDAY, zone=SHANGHAI)

    assert (found.first, found.last) == (date(2026, 2, 1), date(2026, 2, 28))
    assert found.until == found.end


@pytest.mark.parametrize(
    ("now", "first", "last"),
    [
        (FRIDAY, date(2025, 10, 1), date(2025, 12, 31)),
        (moment("2026-04-01T00:00+08:00"), date(2026, 1, 1), date(2026, 3, 31)),
        (moment("2026-12-31T12:00+08:00"), date(2026, 7, 1), date(2026, 9, 30)),
    ],
)
def test_a_quarter_is_the_last_whole_one(now: datetime, first: date, last: date) -> None:
    """Where results are promised once a quarter, this is what is summed up."""
    found = period("quarter", now=now, zone=SHANGHAI)

    assert (found.first, found.last) == (first, last)


def test_both_days_named_belong() -> None:
    """Who asks for one day gets that day."""
    found = period("2026-03-05..2026-03-05", now=FRIDAY, zone=SHANGHAI)

    assert moment("2026-03-05T00:00+08:00") in found
    assert moment("2026-03-05T23:59+08:00") in found
    assert moment("2026-03-06T00:00+08:00") not in found


def test_a_day_on_which_clocks_change_has_its_own_length() -> None:
    """Berlin's 29 March 2026 has 23 hours."""
    found = period("2026-03-29..2026-03-29", now=moment("2026-04-02T00:00Z"), zone=ZoneInfo("Europe/Berlin"))

    assert (found.end - found.start).total_seconds() == 23 * 3600


def test_a_period_still_running_ends_now() -> None:
    """Nothing after now has happened."""
    found = period("2026-03-01..2026-03-31", now=FRIDAY, zone=SHANGHAI)

    assert found.until == FRIDAY


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("year", "period.not_a_period"),
        ("2026-02-30..2026-03-01", "period.not_a_period"),
        ("2026-3-1..2026-3-2", "period.not_a_period"),
        ("2026-03-02..2026-03-01", "period.ends_before_start"),
        ("2026-03-07..2026-03-08", "period.not_begun"),
        ("0001-01-01..2026-03-01", "clock.out_of_range"),
        ("2026-03-01..9999-12-31", "clock.out_of_range"),
    ],
)
def test_a_period_that_makes_no_sense_is_refused(text: str, code: str) -> None:
    """An empty report would look like a quiet week."""
    with pytest.raises(Refusal) as refused:
        period(text, now=FRIDAY, zone=SHANGHAI)

    assert refused.value.code == code
