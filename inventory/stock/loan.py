"""A loaner unit lent and checked in again: one value for the loan, facts that are only ever added for the counter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from kernel.clock import utc
from kernel.errors import Refusal


class CheckStep(StrEnum):
    """What happens to a unit at the counter once a loan is over."""

    BACK = "back"
    """It is back."""
    INSPECTING = "inspecting"
    """Somebody looks what state it is in; also once a damaged one is mended."""
    PASSED = "passed"
    """It can be lent again."""
    FAILED = "failed"
    """It came back damaged and goes to quarantine; `LoanCheck.reason` says how."""


@dataclass(frozen=True, slots=True)
class LoanCheck:
    """One step of checking a unit in.

    Args:
        loan: the loan that is over.
        at: when, aware.
        step: what happened.
        by: who says so.
        reason: what is damaged; needed with `CheckStep.FAILED`.

    Raises:
        Refusal: ``loaner.reason_missing``, ``clock.naive_time``.
    """

    loan: str
    at: datetime
    step: CheckStep
    by: str
    reason: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "at", utc(self.at))
        if self.step is CheckStep.FAILED and not self.reason.strip():
            raise Refusal("loaner.reason_missing", loan=self.loan)


@dataclass(frozen=True, slots=True)
class Loan:
    """A unit is with a customer.

    Args:
        id: natural key.
        unit: the loaner unit's id.
        ticket_ref: what it was lent for; opaque here.
        out_at: when it left.
        due_back_at: when it is promised back.
        back_at: when it came back; None: still out.
        checks: what was found at the counter since, in order of time; see `checked_in`.

    Raises:
        Refusal: ``stock.loan_ends_before_start``, ``clock.naive_time``.
    """

    id: str
    unit: str
    ticket_ref: str
    out_at: datetime
    due_back_at: datetime
    back_at: datetime | None = None
    checks: tuple[LoanCheck, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "out_at", utc(self.out_at))
        object.__setattr__(self, "due_back_at", utc(self.due_back_at))
        if self.back_at is not None:
            object.__setattr__(self, "back_at", utc(self.back_at))
        end = self.due_back_at if self.back_at is None else self.back_at
        if end < self.out_at or self.due_back_at < self.out_at:
            raise Refusal("stock.loan_ends_before_start", loan=self.id)


_AFTER: Mapping[CheckStep | None, frozenset[CheckStep]] = {
    None: frozenset({CheckStep.BACK}),
    CheckStep.BACK: frozenset({CheckStep.INSPECTING}),
    CheckStep.INSPECTING: frozenset({CheckStep.PASSED, CheckStep.FAILED}),
    CheckStep.FAILED: frozenset({CheckStep.INSPECTING}),
    CheckStep.PASSED: frozenset(),
}
"""Which step may follow which; None: the unit is out."""


def with_check(loan: Loan, check: LoanCheck) -> Loan:
    """The loan after one more step at the counter.

    Raises:
        Refusal: ``loaner.no_such_step`` (inspected before it is back, ...), ``loaner.out_of_order``,
            ``stock.loan_ends_before_start``.
    """
    stands = CheckStep.BACK if loan.back_at is not None else None
    if loan.checks:
        stands = loan.checks[-1].step
    if check.step not in _AFTER[stands]:
        where = "out" if stands is None else stands.value
        raise Refusal("loaner.no_such_step", loan=loan.id, unit=loan.unit, step=check.step.value, state=where)
    last = loan.checks[-1].at if loan.checks else loan.back_at
    if last is not None and check.at < last:
        raise Refusal(
            "loaner.out_of_order", loan=loan.id, at_time=check.at.isoformat(), after=last.isoformat()
        )
    back = check.at if check.step is CheckStep.BACK else loan.back_at
    return replace(loan, back_at=back, checks=(*loan.checks, check))


def checked_in(loans: Iterable[Loan], checks: Iterable[LoanCheck]) -> tuple[Loan, ...]:
    """Loans with what was found at the counter, in the order of `loans`.

    Args:
        loans: as they were written down.
        checks: in order of time within each loan.

    Raises:
        Refusal: ``stock.unknown_loan``, those of `with_check`.
    """
    known = {loan.id: loan for loan in loans}
    for check in checks:
        if check.loan not in known:
            raise Refusal("stock.unknown_loan", loan=check.loan)
        known[check.loan] = with_check(known[check.loan], check)
    return tuple(known.values())


def last_words(loan: Loan, *, now: datetime) -> str:
    """What was said last of the unit's condition at the counter by `now`; empty: nothing."""
    return next((check.reason for check in reversed(loan.checks) if check.reason and check.at <= now), "")


def out_until(loan: Loan, *, now: datetime) -> datetime | None:
    """When the unit of `loan` is back: known, else as promised; None: overdue, so nobody can say."""
    if loan.back_at is not None:
        return loan.back_at
    return loan.due_back_at if loan.due_back_at > now else None
