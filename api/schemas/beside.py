"""What stands beside a ticket, over HTTP."""

from __future__ import annotations

from datetime import datetime

from api.wire.bounds import Out
from dispatch.desk.charge import ChargeStep
from dispatch.desk.complaint import ComplaintStep
from dispatch.desk.loan import LoanStep
from dispatch.desk.survey import SurveyStep


class GoodsOut(Out):
    """Units of a part; `visit`: that needs it, `likely`: how often such visits do, None: always."""

    part: str
    name: str
    quantity: int
    visit: str
    likely: float | None


class TicketLoanOut(Out):
    """A loaner unit for a ticket: where the loan stands, and what may follow."""

    loan: str
    unit: str
    state: str
    out_at: datetime | None
    stands_at: datetime | None
    due_back_at: datetime | None
    back_at: datetime | None
    may_follow: list[LoanStep]


class TicketChargeLineOut(Out):
    """One line of a quote; `cents` for all of `quantity`."""

    item: str
    part: str
    quantity: int
    cents: int


class TicketChargeOut(Out):
    """A charge and what may follow; amounts in cents of the region's currency."""

    charge: str
    stage: str
    lines: list[TicketChargeLineOut]
    total: int
    deposit_due: int
    received: int
    refunded: int
    balance: int
    may_follow: list[ChargeStep]


class TicketComplaintOut(Out):
    """A complaint about a ticket, and what may follow."""

    complaint: str
    made_at: datetime
    text: str
    state: str
    answer_due_at: datetime | None
    remedies: list[str]
    may_follow: list[ComplaintStep]


class TicketSurveyOut(Out):
    """How the asking after the closing stands, and what may follow; `highest`: of a score, None: the scheme knows none."""

    sent_at: datetime | None
    answered_at: datetime | None
    score: int | None
    declined_at: datetime | None
    survey_due_at: datetime | None
    follow_up_due_at: datetime | None
    followed_up_at: datetime | None
    came_back: bool
    highest: int | None
    may_follow: list[SurveyStep]


class LimitOut(Out):
    """What may be attached of one kind: media types, and bytes of one file at most."""

    kind: str
    types: list[str]
    most_bytes: int


class BesideOut(Out):
    """What stands beside a ticket; null: nothing the caller may read."""

    ticket: str
    customer_name: str
    site_name: str
    model: str
    serial: str
    currency: str
    contact: str | None
    needs: list[GoodsOut]
    fitted: list[GoodsOut]
    loans: list[TicketLoanOut] | None
    charges: list[TicketChargeOut] | None
    complaints: list[TicketComplaintOut] | None
    survey: TicketSurveyOut | None
    limits: list[LimitOut]
    most_files: int


class RegionOut(Out):
    """A region somebody reaches."""

    region: str
    name: str
    zone: str
    currency: str


class RegionsOut(Out):
    """The regions somebody reaches, by id.

    `now`: the server's moment, by which pages go on counting. `live`: number of the last event of the live stream: heard
    from there (`/v1/events?after=`), nothing that happens after this answer is missed.
    """

    now: datetime
    live: int
    regions: list[RegionOut]
