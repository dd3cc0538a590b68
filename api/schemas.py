"""Shapes of answers over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict


class Out(BaseModel):
    """An answer: nothing in it that is not named."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ClockOut(Out):
    """One milestone of a ticket; moments in UTC, whole seconds."""

    milestone: str
    promise: str
    state: str
    due_at: datetime | None
    met_at: datetime | None
    elapsed_s: int
    remaining_s: int | None


class TicketOut(Out):
    """An open ticket with its clocks at the moment asked for."""

    id: str
    site: str
    asset: str
    contract: str
    scheme: str
    version: str
    severity: str
    kind: str
    reported_at: datetime
    symptom: str
    text: str
    clocks: list[ClockOut]


class TicketsOut(Out):
    """A page of tickets, by id."""

    region: str
    at: datetime
    tickets: list[TicketOut]
    next: str | None


class PlanOut(Out):
    """A plan in a list; money in whole cents of the region's currency."""

    id: str
    now: datetime
    made_at: datetime
    problem_digest: str
    dataset_digest: str
    cost_cents: int
    visits: int
    left_out: int


class PlansOut(Out):
    """A page of plans, newest first."""

    region: str
    plans: list[PlanOut]
    next: str | None


class StockOut(Out):
    """One part at one place, whole units."""

    part: str
    place: str
    on_hand: int
    usable: int
    reserved: int
    available: int
    in_transit: int


class StockPageOut(Out):
    """A page of the stock list, by part and place."""

    region: str
    at: datetime
    stock: list[StockOut]
    next: str | None


class HealthOut(Out):
    """The process answers."""

    status: Literal["ok"]


class ReadyOut(Out):
    """Whether requests can be served, and why not.

    `checks` names each check and what it found; `sqlite` says which SQLite is at work, empty on PostgreSQL.
    """

    ready: bool
    database: str
    sqlite: str
    revision: str
    waiting_run_s: int
    free_mib: int | None
    checks: dict[str, str]
