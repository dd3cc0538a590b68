"""Moments, ids, money, intervals and envelopes refuse what would go wrong later."""

from __future__ import annotations

import itertools
import pickle
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.clock import ClockFrom, SystemClock, moment, seconds_between, utc, zone
from kernel.envelope import Envelope
from kernel.errors import Location, Refusal
from kernel.ids import checked_id, natural_key
from kernel.interval import Interval, subtract
from kernel.money import amount, cents, currency, from_cents

START = datetime(2026, 3, 6, 8, tzinfo=UTC)


def after(minutes: int) -> datetime:
    """A moment some minutes after the start."""
    return START + timedelta(minutes=minutes)


REFUSED: list[tuple[Callable[[], object], str]] = [
    (lambda: moment("yesterday"), "clock.not_a_moment"),
    (lambda: moment("2026-03-06T16:00"), "clock.naive_time"),
    (lambda: moment("9999-12-31T00:00Z"), "clock.out_of_range"),
    (lambda: utc(datetime(2026, 1, 1)), "clock.naive_time"),  # noqa: DTZ001 the naive value is the case
    (lambda: zone("Mars/Olympus"), "clock.unknown_zone"),
    (lambda: zone("../etc/passwd"), "clock.unknown_zone"),
    (lambda: checked_id(""), "id.malformed"),
    (lambda: checked_id("-x"), "id.malformed"),
    (lambda: checked_id("a" * 65), "id.malformed"),
    (lambda: checked_id("a\x00b"), "id.malformed"),
    (lambda: amount("NaN"), "money.not_an_amount"),
    (lambda: amount("1e400"), "money.not_an_amount"),
    (lambda: amount("1.005"), "money.not_an_amount"),
    (lambda: amount("-1"), "money.negative"),
    (lambda: currency("yuan"), "money.not_a_currency"),
    (lambda: Interval(START, START), "interval.ends_before_start"),
    (lambda: Envelope("desk", "web", datetime(2026, 1, 1), "k", "r"), "clock.naive_time"),  # noqa: DTZ001 as above
    (lambda: Envelope("", "web", START, "k", "r"), "id.malformed"),
]


@pytest.mark.parametrize(
    ("attempt", "code"), REFUSED, ids=[f"{code}-{n}" for n, (_, code) in enumerate(REFUSED)]
)
def test_a_value_that_would_go_wrong_later_is_refused_at_once(
    attempt: Callable[[], object], code: str
) -> None:
    """A wrong value that travels is found far from where it came in."""
    with pytest.raises(Refusal) as refused:
        attempt()

    assert refused.value.code == code


def test_an_envelope_keeps_its_moment_in_utc() -> None:
    """All arithmetic is in UTC; local only at the edges."""
    envelope = Envelope("desk-1", "web", moment("2026-03-06T16:00+08:00"), "key-1", "fujian")

    assert envelope.now == START
    assert envelope.now.utcoffset() == timedelta(0)


def test_a_refusal_travels_between_processes_whole() -> None:
    """A worker's refusal reaches the caller with its code, values and place."""
    refusal = Refusal("money.negative", value="-1").located(Location("parts.csv", 7, "price"))

    copy = pickle.loads(pickle.dumps(refusal))  # noqa: S301 our own bytes

    assert (copy.code, copy.message.params, copy.at) == (
        refusal.code,
        {"value": "-1"},
        Location("parts.csv", 7, "price"),
    )


def test_the_machines_clock_is_aware() -> None:
    """Whoever hands a clock in gets UTC."""
    assert SystemClock().now().utcoffset() == timedelta(0)


def test_a_clock_from_a_chosen_moment_begins_there_and_goes_on() -> None:
    """A day is shown at any hour; a moment without its offset is no beginning."""
    begins = moment("2026-03-06T10:40:00.5+08:00")

    first = ClockFrom(begins).now()

    assert moment("2026-03-06T10:40+08:00") <= first < moment("2026-03-06T10:41+08:00")
    assert first.microsecond == 0
    with pytest.raises(Refusal, match=r"clock\.naive_time"):
        ClockFrom(begins.replace(tzinfo=None))


def test_seconds_are_counted_to_the_later_second() -> None:
    """A due time half a second away is not yet passed."""
    assert seconds_between(START, START + timedelta(microseconds=500_000)) == 1
    assert seconds_between(START, START + timedelta(seconds=2)) == 2


@given(st.integers(-(10**12), 10**12))
def test_cents_and_amounts_are_the_same_number(value: int) -> None:
    """Money is exact both ways."""
    assert cents(from_cents(value)) == value


def test_half_a_cent_goes_up() -> None:
    """Commercial rounding, documented."""
    assert cents(Decimal("0.005")) == 1


@given(st.lists(st.tuples(st.integers(-20, 120), st.integers(1, 40)), max_size=6))
def test_subtracting_leaves_exactly_the_minutes_outside_every_hole(holes: list[tuple[int, int]]) -> None:
    """Half-open: the end of a hole belongs to what is left."""
    whole = Interval(after(0), after(100))
    cut = [Interval(after(start), after(start + length)) for start, length in holes]

    left = subtract(whole, cut)

    kept = {minute for minute in range(100) if not any(after(minute) in hole for hole in cut)}
    assert {minute for minute in range(100) if any(after(minute) in piece for piece in left)} == kept
    assert all(a.end < b.start for a, b in itertools.pairwise(left))


def test_intervals_that_touch_do_not_overlap() -> None:
    """The end does not belong."""
    first, second = Interval(after(0), after(10)), Interval(after(10), after(20))

    assert not first.overlaps(second)
    assert after(10) not in first
    assert after(10) in second


@given(st.lists(st.integers(0, 10**6), min_size=2, max_size=5))
def test_numbers_in_ids_sort_as_numbers(numbers: list[int]) -> None:
    """V-2 stands before V-10 wherever a list is shown."""
    names = [f"V-{number}" for number in numbers]

    assert sorted(names, key=natural_key) == [f"V-{number}" for number in sorted(numbers)]
