"""Measures and exposure over HTTP."""

from __future__ import annotations

from datetime import date, datetime

from api.wire.bounds import Out
from dispatch.desk.milestone import Milestone


class MeasureColumnOut(Out):
    """A column: its name, and what it holds: `share` 0 to 1, `seconds`, `days`, `money`, `count`, `word` a code."""

    name: str
    holds: str


class SheetOut(Out):
    """A table of measures: rows as the columns say, null where there is nothing to tell. `title` in words."""

    name: str
    title: str
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

    `expected_at`: when it is expected to be met, null: nobody is planned, it is taken as met now.
    """

    ticket: str
    scheme: str
    milestone: Milestone
    due_at: datetime
    expected_at: datetime | None
    late_s: int
    actual_cents: int
    forecast_cents: int
    currency: str
