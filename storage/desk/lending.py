"""What a desk's loan does to the pool, in the transaction that writes its step: the unit leaves, is lent longer, is back."""

from __future__ import annotations

from sqlalchemy import update

from dispatch.desk.loan import LoanEvent, LoanStep
from dispatch.event import LoanerLent, LoanerReturned, of_loan
from dispatch.loaners import Loan, extended, lent, returned
from inventory.stockroom import Stockroom
from storage.dataset import owed_tables, supply_tables
from storage.rows.facts import add, values_in
from storage.tables.catalogue import LoanerUnitRow, LoanRow
from storage.unit_of_work import UnitOfWork


def tell_pool(work: UnitOfWork, step: LoanEvent, /) -> str:
    """Put the pool's own loan, so that the next plan fetches the unit: gives the step, empty when the pool is as it was.

    Inside a command that has queued already. A loan that left without the pool's knowledge (an older folder says so) is
    not known there when it is back, and nothing is to be ended.

    Raises:
        Refusal: those of `dispatch.loaners.lent`, `returned` and `extended`.
    """
    there = work.connection, work.region
    (loan,) = values_in(there[0], owed_tables.TICKET_LOANS, there[1], loan_id=step.loan)
    of_unit = values_in(there[0], supply_tables.LOANS, there[1], unit_id=loan.unit)
    of_name = values_in(there[0], supply_tables.LOANS, there[1], loan_id=loan.id)
    before = Stockroom(
        loaner_units=values_in(there[0], supply_tables.LOANER_UNITS, there[1], unit_id=loan.unit),
        loans=tuple(dict.fromkeys((*of_unit, *of_name))),
    )
    told = of_loan(loan, step)
    if isinstance(told, LoanerLent):
        after = lent(before, told.loan)
    elif not of_name:
        return ""
    elif isinstance(told, LoanerReturned):
        after = returned(before, told.loan, at=told.at)
    elif step.step is LoanStep.EXTENDED and step.due_back_at is not None:
        after = extended(before, loan.id, due_back_at=step.due_back_at)
    else:
        return ""
    _write(work, before, after)
    work.record(f"pool.{step.step}", loan.unit, loan=loan.id, ticket=loan.ticket)
    return str(step.step)


def _write(work: UnitOfWork, before: Stockroom, after: Stockroom) -> None:
    """Write what differs: one loan, and the van a unit no longer lies in."""
    told = {
        "written_by": work.actor,
        "written_from": work.device,
        "written_at": work.now,
        "written_key": work.key,
    }
    known = {loan.id: loan for loan in before.loans}
    new: list[Loan] = []
    for loan in after.loans:
        if loan.id not in known:
            new.append(loan)
        elif loan != known[loan.id]:
            changed = {"due_back_at": loan.due_back_at, "back_at": loan.back_at}
            mine = LoanRow.c.region_id == work.region, LoanRow.c.loan_id == loan.id
            work.connection.execute(update(LoanRow).where(*mine).values(**changed, **told))
    add(work, supply_tables.LOANS, new)
    for unit in set(after.loaner_units) - set(before.loaner_units):
        mine = LoanerUnitRow.c.region_id == work.region, LoanerUnitRow.c.unit_id == unit.id
        work.connection.execute(update(LoanerUnitRow).where(*mine).values(van=unit.van, **told))
