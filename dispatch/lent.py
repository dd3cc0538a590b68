"""What the desk and the pool know together of the loaner units: loans the pool has not heard of, units kept for a ticket."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from dispatch.desk.loan import LoanEvent, LoanStep, TicketLoan, kept_units
from dispatch.loaners import CheckStep, Loan, LoanCheck, Stockroom

_COUNTER = frozenset(step.value for step in CheckStep)
"""Steps of a loan that the counter knows too."""


def with_desk(
    stockroom: Stockroom, loans: Iterable[TicketLoan], events: Iterable[LoanEvent], *, now: datetime
) -> tuple[Stockroom, dict[str, str]]:
    """The pool with what the desk knows of it: loans the pool has not heard of, and for whom units are kept, by unit.

    Args:
        stockroom: with the pool's own loans.
        loans: those of the desk.
        events: their steps, in order of time for each loan.
        now: aware; later steps are not known yet.
    """
    known = {loan.id for loan in stockroom.loans}
    own, told = tuple(loans), [event for event in events if event.at <= now]
    unheard: list[Loan] = []
    for loan in own:
        steps = [event for event in told if event.loan == loan.id]
        left = next((event for event in steps if event.step is LoanStep.OUT), None)
        if loan.id in known or left is None:
            continue
        due = next((event.due_back_at for event in reversed(steps) if event.due_back_at is not None), left.at)
        checks = tuple(
            LoanCheck(loan.id, event.at, CheckStep(event.step), event.by, event.reason)
            for event in steps
            if event.step.value in _COUNTER
        )
        back = next((check.at for check in checks if check.step is CheckStep.BACK), None)
        unheard.append(Loan(loan.id, loan.unit, loan.ticket, left.at, due, back, checks))
    kept = {unit: ticket for unit, ticket in kept_units(own, told, now).items() if ticket}
    return replace(stockroom, loans=(*stockroom.loans, *unheard)), kept
