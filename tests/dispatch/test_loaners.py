"""Which loaners a plan may promise."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import pytest

from dispatch.desk.loan import LoanEvent, LoanStep, TicketLoan
from dispatch.lent import with_desk
from dispatch.loaners import LoanerPool, loaner_pool
from inventory.catalogue.loaner import LoanerClass, LoanerUnit
from inventory.stock.loan import CheckStep, Loan
from inventory.stockroom import Stockroom
from tests import regions as build


def pool(*loans: Loan, free_from: datetime | None = None) -> LoanerPool:
    """Two units of one class at the depot; a better class may stand in for it."""
    return loaner_pool(
        Stockroom(
            loaner_classes=(
                LoanerClass("UPS-6", "UPS 6 kVA", ("UPS-10",), Decimal(40)),
                LoanerClass("UPS-10", "UPS 10 kVA", (), Decimal(60)),
            ),
            loaner_units=(
                LoanerUnit("U-1", "UPS-6", "D-1"),
                LoanerUnit("U-2", "UPS-6", "D-1", free_from),
            ),
            loans=loans,
        ),
        now=build.AS_OF,
    )


@pytest.mark.parametrize(
    ("back_at", "free"),
    [(None, ("U-2",)), (build.at(9), ("U-2",)), (build.at(8), ("U-1", "U-2"))],
)
def test_a_unit_with_a_customer_is_free_once_it_is_back(
    back_at: datetime | None, free: tuple[str, ...]
) -> None:
    """Promising a unit that stands at somebody else's site is a broken promise."""
    out = Loan("L-1", "U-1", "T-0", build.at(8, day=5), build.at(8, day=9), back_at)

    assert pool(out).free == {("D-1", "UPS-6"): free}


def test_a_unit_under_inspection_is_not_free() -> None:
    """It may be lent from its own moment on."""
    assert pool(free_from=build.at(9)).free == {("D-1", "UPS-6"): ("U-1",)}
    assert pool(free_from=build.at(8)).free == {("D-1", "UPS-6"): ("U-1", "U-2")}


def test_a_class_is_satisfied_by_itself_first_and_never_by_a_lesser_one() -> None:
    """Listed equals or better go one way; an unknown class has nothing."""
    assert pool().classes_for("UPS-6") == ("UPS-6", "UPS-10")
    assert pool().classes_for("UPS-10") == ("UPS-10",)
    assert pool().classes_for("CRANE") == ()
    assert pool().day_cost == {"UPS-6": Decimal(40), "UPS-10": Decimal(60)}


def test_the_pool_is_told_of_what_only_the_desk_knows() -> None:
    """Out by a loan the pool has not heard of, back and being looked at; kept for a ticket; a loan both know counts once."""
    loans = [TicketLoan(f"B-{unit}", f"T-{unit}", unit, build.at(7), "E1") for unit in ("U-1", "U-2", "U-3")]
    out = [
        LoanEvent("B-U-1", build.at(8), LoanStep.OUT, "E1", due_back_at=build.at(20)),
        LoanEvent("B-U-1", build.at(9), LoanStep.BACK, "E1"),
        LoanEvent("B-U-1", build.at(10), LoanStep.INSPECTING, "E1"),
        LoanEvent("B-U-3", build.at(8), LoanStep.OUT, "E1", due_back_at=build.at(20)),
    ]
    known = Loan("B-U-3", "U-3", "T-U-3", build.at(8), build.at(20))

    stock, kept = with_desk(Stockroom(loans=(known,)), loans, out, now=build.at(11))

    assert [(one.id, one.back_at) for one in stock.loans] == [("B-U-3", None), ("B-U-1", build.at(9))]
    assert [check.step for check in stock.loans[1].checks] == [CheckStep.BACK, CheckStep.INSPECTING]
    assert kept == {"U-2": "T-U-2"}
