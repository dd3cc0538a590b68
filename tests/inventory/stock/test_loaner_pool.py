"""Which loaner units can be promised."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.catalogue.loaner import LoanerUnit
from inventory.stock.loan import Loan
from inventory.stock.loaner_pool import (
    MakingReady,
    Standing,
    UnitState,
    free_units,
    lending,
    outlook,
    standing,
)
from kernel.errors import Refusal
from tests.stock_builders import NOW

HOUR = timedelta(hours=1)
UNITS = tuple(LoanerUnit(f"U-{number}", "ROUTER", "FUZHOU") for number in (1, 2, 10))


def loan(unit: str, *, out: float, due: float, back: float | None = None) -> Loan:
    """A loan with its times in hours from now."""
    back_at = None if back is None else NOW + back * HOUR
    return Loan(f"L-{unit}", unit, "T-1", NOW + out * HOUR, NOW + due * HOUR, back_at)


def free(*loans: Loan, hours: float = 0) -> tuple[str, ...]:
    """Ids of the units free so many hours from now."""
    found = free_units(UNITS, loans, at=NOW + hours * HOUR, now=NOW)
    return found.get(("FUZHOU", "ROUTER"), ())


def test_a_unit_that_is_out_is_not_free_until_it_is_due_back() -> None:
    """A promise to come back counts from its moment on."""
    out = loan("U-2", out=-24, due=8)

    assert free(out) == ("U-1", "U-10")
    assert free(out, hours=7.9) == ("U-1", "U-10")
    assert free(out, hours=8) == ("U-1", "U-2", "U-10")


def test_an_overdue_unit_is_promised_to_nobody() -> None:
    """A promise that has passed is no promise: nobody knows when the unit is back."""
    overdue = loan("U-2", out=-24, due=-1)

    assert free(overdue) == ("U-1", "U-10")
    assert free(overdue, hours=1000) == ("U-1", "U-10")


def test_a_unit_that_is_back_is_free_whatever_was_promised() -> None:
    """Facts replace forecasts; and the pool can be read at a past moment."""
    returned = loan("U-2", out=-24, due=8, back=-2)

    assert "U-2" in free(returned)
    assert "U-2" not in free(returned, hours=-3)


def test_a_unit_promised_for_tomorrow_is_not_lent_today() -> None:
    """Nobody can say it would be back by then; once that loan is over it is free."""
    tomorrow = loan("U-1", out=24, due=48)

    assert [hours for hours in (0, 23, 24, 47, 48) if "U-1" in free(tomorrow, hours=hours)] == [48]


def test_a_unit_being_cleaned_is_not_free() -> None:
    """`free_from` holds it back, the moment itself no longer."""
    unit = LoanerUnit("U-1", "ROUTER", "FUZHOU", free_from=NOW + HOUR)

    assert free_units([unit], [], at=NOW, now=NOW) == {}
    assert free_units([unit], [], at=NOW + HOUR, now=NOW) == {("FUZHOU", "ROUTER"): ("U-1",)}


def test_a_loan_does_not_end_before_it_starts() -> None:
    """Times that run backwards are refused."""
    with pytest.raises(Refusal, match=r"stock\.loan_ends_before_start"):
        loan("U-1", out=2, due=1)


READY = MakingReady(cleaning_s=4 * 3600, inspecting_s=2 * 3600)


def life(*loans: Loan, hours: float, unit: LoanerUnit = UNITS[0]) -> Standing:
    """Where a unit stands so many hours from now, made ready in four hours and two."""
    return standing(unit, loans, at=NOW + hours * HOUR, now=NOW, ready=READY)


def test_a_unit_is_reserved_lent_cleaned_inspected_and_lent_again() -> None:
    """The whole life in one loan: each state ends where the next begins."""
    tomorrow = loan("U-1", out=24, due=48)

    told = [life(tomorrow, hours=hours) for hours in (0, 24, 48, 52, 54)]

    assert [one.state for one in told] == [
        UnitState.RESERVED,
        UnitState.OUT,
        UnitState.CLEANING,
        UnitState.INSPECTING,
        UnitState.AVAILABLE,
    ]
    assert [one.until and (one.until - NOW) / HOUR for one in told] == [24, 48, 52, 54, None]
    assert [one.loan for one in told] == ["L-U-1"] * 4 + [""]


def test_an_overdue_unit_has_no_end() -> None:
    """Before it was due it was simply out; since then nobody can say."""
    overdue = loan("U-1", out=-24, due=-1)

    assert life(overdue, hours=-2).state is UnitState.OUT
    assert life(overdue, hours=500) == Standing("U-1", UnitState.OVERDUE, None, "L-U-1")


def test_a_unit_held_back_is_told_from_one_made_ready() -> None:
    """`free_from` holds for whatever reason; making ready is said first, as it says more."""
    unit = LoanerUnit("U-1", "ROUTER", "FUZHOU", free_from=NOW + 10 * HOUR)
    returned = loan("U-1", out=-24, due=8, back=-1)

    assert life(returned, hours=0, unit=unit).state is UnitState.CLEANING
    assert life(returned, hours=6, unit=unit) == Standing("U-1", UnitState.HELD, NOW + 10 * HOUR)
    assert life(returned, hours=10, unit=unit).state is UnitState.AVAILABLE


@st.composite
def loans_of_three(draw: st.DrawFn) -> tuple[Loan, ...]:
    """Up to four loans, one after another, of each unit, some over, some overdue, some to come."""
    made: list[Loan] = []
    for unit in UNITS:
        start = -100
        for number in range(draw(st.integers(0, 4))):
            out = start + draw(st.integers(0, 30))
            due = out + draw(st.integers(0, 40))
            back = due + draw(st.integers(-5, 20))
            start = max(out, back)
            back_at = NOW + start * HOUR if start <= 0 and draw(st.booleans()) else None
            made.append(
                Loan(f"{unit.id}/{number}", unit.id, "T", NOW + out * HOUR, NOW + due * HOUR, back_at)
            )
    return tuple(made)


@given(
    loans=loans_of_three(), days=st.integers(0, 12), clean=st.integers(0, 90_000), look=st.integers(0, 90_000)
)
def test_a_forecast_counts_every_unit_once_and_making_ready_frees_none(
    loans: tuple[Loan, ...], days: int, clean: int, look: int
) -> None:
    """States add up to the pool on every day, agree with `free_units`, and blocking a unit never frees one."""
    ready = MakingReady(cleaning_s=clean, inspecting_s=look)

    told = outlook(UNITS, loans, "ROUTER", now=NOW, days=days, ready=ready)
    at_once = outlook(UNITS, loans, "ROUTER", now=NOW, days=days)

    assert len(told) == days + 1
    for day, unblocked in zip(told, at_once, strict=True):
        assert sum(day.units.values()) == len(UNITS)
        free_now = free_units(UNITS, loans, at=day.at, now=NOW, ready={"ROUTER": ready}).get(
            ("FUZHOU", "ROUTER"), ()
        )
        assert day.free == len(free_now)
        assert len(free_now) <= unblocked.free
        assert day.units.get(UnitState.OUT, 0) == unblocked.units.get(UnitState.OUT, 0)


@given(loans=loans_of_three(), hours=st.integers(-100, 200), clean=st.integers(0, 90_000))
def test_a_state_holds_until_the_moment_it_names(loans: tuple[Loan, ...], hours: int, clean: int) -> None:
    """A second before its end a unit stands as told; at its end it does not."""
    ready = MakingReady(cleaning_s=clean, inspecting_s=60)
    told = standing(UNITS[0], loans, at=NOW + hours * HOUR, now=NOW, ready=ready)

    if told.until is not None:
        before = standing(UNITS[0], loans, at=told.until - timedelta(seconds=1), now=NOW, ready=ready)
        after = standing(UNITS[0], loans, at=told.until, now=NOW, ready=ready)
        assert told.until > NOW + hours * HOUR
        assert before == told
        assert after != told


def test_lending_is_learnt_with_the_units_still_out() -> None:
    """Three loans in ten days, the first one opening the record; sixteen days out over two loans ended."""
    record = (
        loan("U-1", out=-240, due=-200, back=-120),
        loan("U-2", out=-120, due=0, back=-24),
        loan("U-10", out=-168, due=24),
    )

    learnt = lending(UNITS, record, "ROUTER", now=NOW)

    assert learnt is not None
    assert (learnt.loans, learnt.per_day, learnt.days_out) == (3, 0.2, (5 + 4 + 7) / 2)
    assert lending(UNITS, record[:1], "ROUTER", now=NOW) is None
    hasty = (loan("U-1", out=-23, due=-2, back=-2), loan("U-2", out=-1, due=9))
    assert lending(UNITS, hasty, "ROUTER", now=NOW) is None
    assert lending(UNITS, record[1:2] + record[2:], "OTHER", now=NOW) is None


def test_a_forecast_of_more_than_a_year_is_refused() -> None:
    """As is one into the past, and a block shorter than none."""
    for days in (-1, 367):
        with pytest.raises(Refusal, match=r"stock\.forecast_too_long"):
            outlook(UNITS, (), "ROUTER", now=NOW, days=days)
    with pytest.raises(Refusal, match=r"stock\.negative_block_time"):
        MakingReady(cleaning_s=-1)
