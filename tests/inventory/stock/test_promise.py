"""Available to promise."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.stock.promise import Due, Promisable, available_to_promise, earliest, promisable
from kernel.errors import Refusal
from tests.stock_builders import NOW

HOUR = timedelta(hours=1)


def due(hours: float, quantity: int) -> Due:
    """Units in or out, hours from now."""
    return Due(NOW + hours * HOUR, quantity, "X")


def lowest(usable: int, arrivals: list[Due], commitments: list[Due], *, since: datetime) -> int:
    """The least stock at any moment from `since` on, reckoned moment by moment."""
    moments = {since, *(row.at for row in (*arrivals, *commitments) if row.at > since)}
    return min(
        usable
        + sum(row.quantity for row in arrivals if NOW <= row.at <= moment)
        - sum(row.quantity for row in commitments if row.at <= moment)
        for moment in moments
    )


DUES = st.lists(st.builds(due, st.integers(-3, 12), st.integers(1, 6)), max_size=6)


@given(st.integers(0, 12), DUES, DUES, st.integers(-1, 14))
def test_it_never_promises_what_is_not_there(
    usable: int, arrivals: list[Due], commitments: list[Due], hour: int
) -> None:
    """Promise all of it for any moment and no other promise breaks; promise one more and one does."""
    steps = available_to_promise(usable, arrivals=arrivals, commitments=commitments, now=NOW)
    at = max(NOW, NOW + hour * HOUR)
    most = promisable(steps, at=at)
    one_more = [*commitments, Due(at, most + 1, "new")]

    assert most >= 0
    assert lowest(usable, arrivals, one_more, since=at) < 0
    if most:
        assert lowest(usable, arrivals, [*commitments, Due(at, most, "new")], since=at) >= 0


@given(st.integers(0, 12), DUES, DUES)
def test_it_never_falls_with_time(usable: int, arrivals: list[Due], commitments: list[Due]) -> None:
    """What can be promised for today can be promised for tomorrow; each step differs from the one before."""
    steps = available_to_promise(usable, arrivals=arrivals, commitments=commitments, now=NOW)
    figures = [step.quantity for step in steps]

    assert figures == sorted(set(figures))
    assert [step.at for step in steps] == sorted({step.at for step in steps})


def test_a_later_promise_holds_units_back_today() -> None:
    """Five there, four promised for the evening: one can go this morning, although five lie on the shelf."""
    steps = available_to_promise(5, arrivals=[], commitments=[due(8, 4)], now=NOW)

    assert steps == (Promisable(NOW, 1),)


def test_an_arrival_frees_units_from_its_moment_on() -> None:
    """Not before it is there; asked for more than will ever come, no moment is named."""
    steps = available_to_promise(0, arrivals=[due(4, 3)], commitments=[], now=NOW)

    assert promisable(steps, at=NOW + 3 * HOUR) == 0
    assert promisable(steps, at=NOW + 4 * HOUR) == 3
    assert promisable(steps, at=NOW - HOUR) == 0
    assert earliest(steps, 3) == NOW + 4 * HOUR
    assert earliest(steps, 4) is None


def test_an_overdue_arrival_is_promised_to_nobody() -> None:
    """Nobody knows when it comes; an overdue promise on the other hand still stands."""
    steps = available_to_promise(5, arrivals=[due(-1, 3)], commitments=[due(-1, 2)], now=NOW)

    assert steps == (Promisable(NOW, 3),)


def test_a_due_brings_at_least_one_unit() -> None:
    """Zero is no promise."""
    with pytest.raises(Refusal, match=r"stock\.not_positive"):
        due(1, 0)
