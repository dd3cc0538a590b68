"""Suppliers over HTTP."""

from __future__ import annotations

from datetime import datetime

from api.wire.bounds import Out


class ScorecardOut(Out):
    """What a supplier has shown beside what it promises; null where nothing was delivered, or no date confirmed."""

    supplier: str
    at: datetime
    deliveries: int
    units: int
    bad: int
    bad_per_million: float | None
    promised: int
    in_time: int
    on_time: float | None
    lead_time_days: float | None
    lead_time_sd_days: float | None
    lead_time_promised_days: float
