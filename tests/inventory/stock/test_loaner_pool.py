"""Which loaner units can be promised."""

from __future__ import annotations

from datetime import timedelta

import pytest

from inventory.catalogue.loaner import LoanerUnit
from inventory.stock.loaner_pool import Loan, free_units
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


def test_a_loan_to_come_blocks_its_time_only() -> None:
    """A unit promised for tomorrow can be lent today."""
    tomorrow = loan("U-1", out=24, due=48)

    assert "U-1" in free(tomorrow, hours=23)
    assert "U-1" not in free(tomorrow, hours=24)


def test_a_unit_being_cleaned_is_not_free() -> None:
    """`free_from` holds it back, the moment itself no longer."""
    unit = LoanerUnit("U-1", "ROUTER", "FUZHOU", free_from=NOW + HOUR)

    assert free_units([unit], [], at=NOW, now=NOW) == {}
    assert free_units([unit], [], at=NOW + HOUR, now=NOW) == {("FUZHOU", "ROUTER"): ("U-1",)}


def test_a_loan_does_not_end_before_it_starts() -> None:
    """Times that run backwards are refused."""
    with pytest.raises(Refusal, match=r"stock\.loan_ends_before_start"):
        loan("U-1", out=2, due=1)
