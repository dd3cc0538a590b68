"""Loaners as HTTP answers them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from api.schemas.loans import LearntOut, LoanOut, OutlookOut, PoolOut, PoolSizeOut, UnitStandingOut
from api.text import Lang, say
from dispatch.desk.clause import LoanerClause, LoanerRule
from dispatch.desk.loan import LoanStanding, loan_days, loan_standing, needed_until
from dispatch.desk.scheme import Scheme
from inventory.lending import ClassPool
from storage.rows.loans import LoanThere

AS_AGREED = LoanerClause(LoanerRule.SAME)
"""Of a ticket kept as closed only the scheme is not known: its loaner is due when it was agreed to be."""


def standing_of(
    there: LoanThere, schemes: Mapping[tuple[str, str], Scheme], now: datetime, /
) -> LoanStanding:
    """Where a loan stands under the scheme of its ticket."""
    ticket = there.ticket
    granted = schemes[ticket.scheme, ticket.version].loaner if ticket is not None else None
    until = needed_until(there.events, now) if ticket is not None else None
    return loan_standing(there.steps, granted or AS_AGREED, now, needed_until=until)


def loan_out(there: LoanThere, standing: LoanStanding, /, *, now: datetime) -> LoanOut:
    """A loan."""
    return LoanOut(
        loan=there.loan.id,
        ticket=there.loan.ticket,
        unit=there.loan.unit,
        reserved_at=there.loan.reserved_at,
        by=there.loan.by,
        state=standing.state,
        out_at=standing.out_at,
        stands_at=standing.stands_at,
        back_at=standing.back_at,
        due_back_at=standing.due_back_at,
        return_due_at=standing.return_due_at,
        reminders=len(standing.reminders),
        days_out=loan_days(standing, now),
    )


def pool_out(pool: ClassPool, words: Mapping[str, str], /, *, lang: Lang) -> PoolOut:
    """One class of the pool; `words`: what was said of a unit's condition at the counter, by loan."""
    learnt, size = pool.learnt, pool.size
    return PoolOut(
        loaner_class=pool.loaner_class,
        stand_ins=list(pool.stand_ins),
        units=[
            UnitStandingOut(
                unit=one.unit,
                state=one.state.value,
                until=one.until,
                loan=one.loan,
                condition=words.get(one.loan, ""),
            )
            for one in pool.units
        ],
        days=[
            OutlookOut(
                at=day.at,
                units={state.value: count for state, count in day.units.items()},
                free=day.free,
                stand_in_free=others,
            )
            for day, others in zip(pool.days, pool.stand_in_free, strict=True)
        ],
        learnt=None
        if learnt is None
        else LearntOut(loans=learnt.loans, per_day=learnt.per_day, days_out=learnt.days_out),
        size=None
        if size is None
        else PoolSizeOut(
            units=size.units,
            refused=size.refused,
            use=size.use,
            curve=list(size.curve),
            why=say(size.why.message, lang),
        ),
    )
