"""A loaner unit checked in at the counter: back, inspecting, passed or failed; the desk's loan and the pool's go together."""

from __future__ import annotations

from datetime import datetime

from dispatch.desk.loan import LoanEvent, LoanStep, TicketLoan, check_loan
from inventory.stock.loan import CheckStep, Loan, LoanCheck, checked_in, with_check
from kernel.errors import Refusal
from storage.appended import queue
from storage.dataset import counter_tables, owed_tables, supply_tables
from storage.desk.tickets import check_past
from storage.idempotency import Reply, once
from storage.rows.facts import add, values_in
from storage.stock.facts import keep, told
from storage.tables.catalogue import LoanerUnitRow, LoanRow
from storage.tables.counter import LoanCheckRow
from storage.unit_of_work import UnitOfWork

STANDS = {
    CheckStep.BACK: "cleaning",
    CheckStep.INSPECTING: "inspecting",
    CheckStep.PASSED: "available",
    CheckStep.FAILED: "quarantine",
}
"""What the unit is after each step."""


def check_in(
    work: UnitOfWork, unit: str, step: CheckStep, *, at: datetime, by: str, reason: str = ""
) -> Reply:
    """Write down one step of a unit's way back: ``{"unit", "loan", "step", "state"}``.

    A unit is out by a loan of the desk (`ticket_loans`), by one of the pool (`loans`), or by both: each that is open for
    the step takes it.

    Raises:
        Refusal: ``stock.unknown_loaner_unit``; ``loaner.not_lent`` where no loan of it is on record; those of
            `inventory.stock.loan.with_check` and `dispatch.desk.loan.check_loan`; ``desk.ahead_of_now``.
    """

    def act() -> Reply:
        queue(work)
        check_past(work, (at,))
        if not told(work.connection, work.region, supply_tables.LOANER_UNITS, LoanerUnitRow, unit_id=unit):
            raise Refusal("stock.unknown_loaner_unit", loaner_unit=unit[:64])
        pool, desk = _of_pool(work, unit, at), _of_desk(work, unit)
        if pool is not None and desk is not None and pool.back_at is not None and pool.id != desk[0].id:
            # That loan is over: what is at the counter now comes from the desk's.
            pool = None
        if pool is None and desk is None:
            raise Refusal("loaner.not_lent", unit=unit)
        loan = ""
        if pool is not None:
            found = LoanCheck(pool.id, at, step, by, reason)
            with_check(pool, found)
            keep(work, counter_tables.LOAN_CHECKS, LoanCheckRow, [found])
            loan = pool.id
        if desk is not None:
            mine, events = desk
            event = LoanEvent(mine.id, at, LoanStep(step.value), by, reason)
            for flaw in check_loan(mine, (*events, event)):
                raise flaw
            add(work, owed_tables.LOAN_EVENTS, (event,))
            loan = mine.id
        work.record("stock.check_in", unit)
        return {"unit": unit, "loan": loan, "step": step.value, "state": STANDS[step]}

    content = {"unit": unit, "step": step.value, "at": at.isoformat(), "by": by, "reason": reason}
    return once(work, "stock.check_in", content, act)


def _of_pool(work: UnitOfWork, unit: str, at: datetime) -> Loan | None:
    """The last loan of a unit in the pool that has begun, with what was found since; None: there is none."""
    rows = told(work.connection, work.region, supply_tables.LOANS, LoanRow, unit_id=unit)
    loans = [loan for loan in rows if loan.out_at <= at]
    if not loans:
        return None
    ids = tuple(loan.id for loan in loans)
    checks = told(work.connection, work.region, counter_tables.LOAN_CHECKS, LoanCheckRow, loan_id=ids)
    return max(checked_in(loans, checks), key=lambda loan: loan.out_at)


def _of_desk(work: UnitOfWork, unit: str) -> tuple[TicketLoan, tuple[LoanEvent, ...]] | None:
    """The desk's last loan of a unit that left, with its events; None: there is none, or its end is told already."""
    loans = values_in(work.connection, owed_tables.TICKET_LOANS, work.region, unit_id=unit)
    for loan in sorted(loans, key=lambda loan: loan.reserved_at, reverse=True):
        events = values_in(work.connection, owed_tables.LOAN_EVENTS, work.region, loan_id=loan.id)
        steps = {event.step for event in events}
        if LoanStep.OUT in steps and LoanStep.PASSED not in steps:
            return loan, events
    return None
