"""Loaners owed: a repair is forecast to overrun and the scheme grants one; and reminders of those that should be back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from dispatch.desk.clause import LoanerRule
from dispatch.desk.clock import ClockState
from dispatch.desk.customer import Asset
from dispatch.desk.loan import LoanStanding, TicketLoan
from dispatch.desk.milestone import Milestone, TicketKind
from dispatch.desk.scheme import Scheme
from dispatch.desk.ticket import Ticket
from kernel.ids import natural_key


class Owing(StrEnum):
    """Why a loaner is owed."""

    OVERRUN = "overrun"
    """The repair is forecast for later than promised."""
    NO_FORECAST = "no_forecast"
    """Nobody can say when the repair will be done: no visit is planned, no word from the engineer."""


class LoanOwed(NamedTuple):
    """A loaner the customer is to have.

    Args:
        ticket: for which ticket.
        loaner_class: the class it must have, or one that may stand in for it; empty: none can, so that somebody has to
            agree with the customer how to help.
        rule: which classes will do.
        due_at: by when it has to stand.
        overruns_at: the moment the repair must not pass.
        forecast_at: when the repair is forecast; None: nobody can say.
        why: see `Owing`.
        loan: id of the loan that answers it; empty: none yet.
    """

    ticket: str
    loaner_class: str
    rule: LoanerRule
    due_at: datetime
    overruns_at: datetime
    forecast_at: datetime | None
    why: Owing
    loan: str = ""


def loan_owed(
    ticket: Ticket,
    asset: Asset | None,
    scheme: Scheme,
    clocks: Mapping[Milestone, ClockState],
    *,
    forecast_at: datetime | None,
    loans: Iterable[tuple[TicketLoan, LoanStanding]] = (),
) -> LoanOwed | None:
    """Say whether a loaner is owed for a ticket: the scheme grants one and the repair is forecast to overrun.

    The repair must not pass its own due time or, where the scheme promises none, the moment the loaner is due.

    Args:
        ticket: the ticket.
        asset: its equipment; None: none is named.
        scheme: its scheme version.
        clocks: `clock.clocks` of the ticket.
        forecast_at: when the equipment will run again; None: nobody can say.
        loans: the loans there are, each with its standing.

    Returns:
        What is owed; None: nothing (no fault, no such promise, repaired, in place, or the repair will be in time).
    """
    substitute = clocks.get(Milestone.SUBSTITUTE)
    if ticket.kind is not TicketKind.FAULT:
        return None
    if scheme.loaner is None or substitute is None or not substitute.is_open or substitute.due_at is None:
        return None
    repair = clocks.get(Milestone.REPAIR)
    promised = repair is not None and repair.is_open and repair.due_at is not None
    overruns_at = repair.due_at if promised and repair is not None else substitute.due_at
    assert overruns_at is not None  # one of the two has a due time
    if forecast_at is not None and forecast_at <= overruns_at:
        return None
    mine = [loan.id for loan, standing in loans if loan.ticket == ticket.id and standing.state.covers]
    return LoanOwed(
        ticket.id,
        asset.loaner_class if asset is not None else "",
        scheme.loaner.rule,
        substitute.due_at,
        overruns_at,
        forecast_at,
        Owing.OVERRUN if forecast_at is not None else Owing.NO_FORECAST,
        min(mine, key=natural_key, default=""),
    )


class Reminder(NamedTuple):
    """One step of the overdue ladder: the how-manieth, when it is due, when it was done (None: not yet)."""

    number: int
    due_at: datetime
    done_at: datetime | None


def reminders(standing: LoanStanding, overdue_days: Sequence[int], now: datetime, /) -> tuple[Reminder, ...]:
    """List the steps of the overdue ladder that are due or done for a loan.

    Args:
        standing: of the loan.
        overdue_days: days after the return was due at which each step is to be taken, ascending (the scheme's).
        now: aware.

    Returns:
        The steps in order; the n-th reminder does the n-th. A unit that is back is reminded of no more.
    """
    if standing.return_due_at is None:
        return ()
    until = now if standing.back_at is None else standing.back_at
    listed = []
    for number, days in enumerate(overdue_days, start=1):
        due_at = standing.return_due_at + timedelta(days=days)
        done_at = standing.reminders[number - 1] if number <= len(standing.reminders) else None
        if due_at <= until or done_at is not None:
            listed.append(Reminder(number, due_at, done_at))
    return tuple(listed)
