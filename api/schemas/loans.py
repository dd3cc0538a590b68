"""Loaners over HTTP: loans of the desk, the pool and its forecast."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import ConfigDict

from api.wire.bounds import IdIn, In, Lax, LineIn, MomentIn, Out
from dispatch.desk.loan import LoanState, LoanStep


class LoanOut(Out):
    """A loan and where it stands.

    `due_back_at`: until when it is lent, as said last; `return_due_at`: when it had to be on its way back;
    `days_out`: started days it has been out.
    """

    loan: str
    ticket: str
    unit: str
    reserved_at: datetime
    by: str
    by_name: str = ""
    state: LoanState
    out_at: datetime | None
    stands_at: datetime | None
    back_at: datetime | None
    due_back_at: datetime | None
    return_due_at: datetime | None
    reminders: int
    days_out: int


class LoanIn(In):
    """A loaner unit is kept for a ticket; `loan` is your own number for it."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"loan": "L-0088", "ticket": "T-20260306-0007", "unit": "LN-03"}]}
    )

    loan: IdIn
    ticket: IdIn
    unit: IdIn
    at: MomentIn | None = None


class LoanStepIn(In):
    """What happens to a loan; `out` and `extended` say until when it is lent, some steps why."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"step": "out", "due_back_at": "2026-03-12T17:00:00+08:00"}]}
    )

    step: Annotated[LoanStep, Lax]
    reason: LineIn = ""
    due_back_at: MomentIn | None = None
    at: MomentIn | None = None


class LoanWrittenOut(Out):
    """What was written; `ticket_event`: the step of the ticket's life it is too, empty: none."""

    loan: str
    ticket_event: str
    new: bool


class UnitStandingOut(Out):
    """Where a unit of the pool stands; `loan` makes it so; `condition`: what was said of it last at the counter since that loan."""

    unit: str
    state: str
    until: datetime | None
    loan: str
    condition: str


class OutlookOut(Out):
    """Units of a class by state at a moment to come; `stand_in_free`: free units of classes that may stand in."""

    at: datetime
    units: dict[str, int]
    free: int
    stand_in_free: int


class LearntOut(Out):
    """How a class was lent so far."""

    loans: int
    per_day: float
    days_out: float


class PoolSizeOut(Out):
    """Units that meet the wanted share; `curve`: share refused with 0, 1, ... units; `why`: in words."""

    units: int
    refused: float
    use: float
    curve: list[float]
    why: str


class PoolOut(Out):
    """One class of the pool; `learnt` and `size` are null where too little is known."""

    loaner_class: str
    stand_ins: list[str]
    units: list[UnitStandingOut]
    days: list[OutlookOut]
    learnt: LearntOut | None
    size: PoolSizeOut | None


class PoolsOut(Out):
    """The pool, class by class."""

    region: str
    at: datetime
    classes: list[PoolOut]
