"""Measures and exposure over HTTP."""

from __future__ import annotations

from datetime import date, datetime

from api.wire.bounds import Out
from dispatch.desk.milestone import Milestone, Severity
from dispatch.measures.expiring import Paper
from dispatch.measures.period import Every
from dispatch.measures.restore import Phase


class MeasureColumnOut(Out):
    """A column: its name, and what it holds: `share` 0 to 1, `seconds`, `days`, `money`, `count`, `word` a code.

    `title`: its heading in words; `words`: of the codes in its cells.
    """

    name: str
    holds: str
    title: str
    words: dict[str, str]


class SheetOut(Out):
    """A table of measures: rows as the columns say, null where there is nothing to tell. `title` in words, `says` what counts."""

    name: str
    title: str
    says: str
    columns: list[MeasureColumnOut]
    rows: list[list[str | int | float | None]]


class MeasuresOut(Out):
    """What was promised and what was done in a period: whole local days, `until` not in it any more."""

    region: str
    first: date
    last: date
    since: datetime
    until: datetime
    at: datetime
    currency: str
    reported: int
    without_scheme: int
    sheets: list[SheetOut]


class ExposedOut(Out):
    """One promise of an open ticket that is late or will be, priced.

    `customer_name`: empty where none is on record.
    `contract`, `area`: empty where not known. `expected_at`: when it is expected to be met, null: nobody is planned, it is taken as met now.
    """

    ticket: str
    customer: str
    customer_name: str
    contract: str
    area: str
    severity: Severity
    scheme: str
    milestone: Milestone
    due_at: datetime
    expected_at: datetime | None
    late_s: int
    actual_cents: int
    forecast_cents: int
    currency: str


class ExposedSumOut(Out):
    """What lateness of one group costs; `late` of its promises have passed their due time already; `name` is the customer's, else empty."""

    group: str
    name: str
    currency: str
    promises: int
    tickets: int
    late: int
    actual_cents: int
    forecast_cents: int


class TrendOut(Out):
    """Measures over periods of one length: `sheets` begin with the days each row is about."""

    region: str
    every: Every
    first: date
    last: date
    at: datetime
    currency: str
    sheets: list[SheetOut]


class MissOut(Out):
    """One promise that fell due and was not kept by then.

    `ended_at`: met after all, or it could no longer be; null: still open. `spent_on`: what most of the time went on.
    """

    ticket: str
    customer: str
    customer_name: str
    site: str
    scheme: str
    area: str
    severity: Severity
    milestone: Milestone
    due_at: datetime
    ended_at: datetime | None
    late_s: int
    spent_on: Phase | None
    cause: str
    cents: int
    currency: str


class RenewalOut(Out):
    """A contract that runs out and that no other continues: promises decided, what was charged, what lateness cost so far."""

    contract: str
    customer: str
    customer_name: str
    scheme: str
    version: str
    last_on: date
    days_left: int
    tickets: int
    attained: int
    breached: int
    share: float | None
    charged_cents: int
    late_cents: int
    currency: str


class ExpiringOut(Out):
    """A certificate or the calibration of a tool that is no longer valid after a day; `days_left` negative: it has run out."""

    paper: Paper
    engineer: str
    name: str
    serial: str
    last_on: date
    days_left: int


class EngineerScoreOut(Out):
    """What an engineer did in a period (empty: all together); a share is null where it has no cases.

    `decided` repairs for first-time fix (with its interval, Wilson, 95 %), `promised` arrivals, `judged` repairs that may have come back.
    """

    engineer: str
    visits: int
    first_time_share: float | None
    first_time_low: float | None
    first_time_high: float | None
    decided: int
    on_time_share: float | None
    promised: int
    came_back_share: float | None
    judged: int
    travel_share: float | None
    outside_s: int | None
