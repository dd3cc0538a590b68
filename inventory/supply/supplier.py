"""What a supplier has shown: bad units a million, deliveries in time, lead time and yield as reorder reads them."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from inventory.replenish.assessment import Delivered
from kernel.clock import utc
from kernel.errors import Refusal

SECONDS_A_DAY = 86_400

ENOUGH = 5
"""Deliveries from which on what was shown replaces what was promised: of a part, else of its supplier as a whole."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """Units of one order line that arrived together, and what became of them.

    Args:
        supplier: supplier id.
        part: part id.
        order: order id.
        ordered_at: when it was ordered, aware.
        first_promised_at: the FIRST date the supplier confirmed: a later promise makes no late delivery punctual;
            None: it never confirmed one.
        arrived_at: when it came, aware.
        quantity: units that came.
        bad: of these, found bad: turned away, sent back, scrapped or reworked at our cost.

    Raises:
        Refusal: ``stock.not_positive``, ``supply.bad_out_of_range``, ``supply.arrived_before_order``, ``clock.naive_time``.
    """

    supplier: str
    part: str
    order: str
    ordered_at: datetime
    first_promised_at: datetime | None
    arrived_at: datetime
    quantity: int
    bad: int = 0

    def __post_init__(self) -> None:
        if self.quantity < 1:
            raise Refusal("stock.not_positive", id=self.order, value=self.quantity)
        if not 0 <= self.bad <= self.quantity:
            raise Refusal("supply.bad_out_of_range", order=self.order, bad=self.bad, quantity=self.quantity)
        for name in ("ordered_at", "arrived_at"):
            object.__setattr__(self, name, utc(getattr(self, name)))
        if self.first_promised_at is not None:
            object.__setattr__(self, "first_promised_at", utc(self.first_promised_at))
        if self.arrived_at < self.ordered_at:
            raise Refusal("supply.arrived_before_order", order=self.order)

    @property
    def in_time(self) -> bool | None:
        """Whether it came by the first date confirmed; None: no date was ever confirmed."""
        return None if self.first_promised_at is None else self.arrived_at <= self.first_promised_at

    @property
    def lead_time_days(self) -> float:
        """Days from order to arrival."""
        return (self.arrived_at - self.ordered_at).total_seconds() / SECONDS_A_DAY


@dataclass(frozen=True, slots=True)
class Scorecard:
    """A supplier, or one part of it, over a stretch of time.

    Args:
        supplier: supplier id.
        deliveries: how many are counted.
        units: units delivered.
        bad: of these, bad.
        promised: deliveries with a confirmed date.
        in_time: of these, by the first date confirmed.
        lead_time_days: mean over deliveries; None: nothing was delivered.
        lead_time_sd_days: their standard deviation over deliveries; None: fewer than two deliveries.
        accepted: share accepted, mean over deliveries, each counting once however large; None: nothing was delivered.
    """

    supplier: str
    deliveries: int
    units: int
    bad: int
    promised: int
    in_time: int
    lead_time_days: float | None
    lead_time_sd_days: float | None
    accepted: float | None = None

    @property
    def bad_per_million(self) -> float | None:
        """Bad units a million delivered (PPM); None: nothing was delivered."""
        return 1e6 * self.bad / self.units if self.units else None

    @property
    def on_time(self) -> float | None:
        """Share of deliveries by the first date confirmed; None: no date was confirmed."""
        return self.in_time / self.promised if self.promised else None

    def delivered(self, *, at_least: int = ENOUGH) -> Delivered:
        """What reorder reads instead of promises; with fewer deliveries than `at_least` the promise stands.

        A share below one delivery in two more than there were (Laplace's rule of succession for none good) is raised to
        it, so that a supplier whose every delivery was bad is not written off with a share of nothing.
        """
        if self.deliveries < at_least or self.accepted is None:
            return Delivered()
        least = 1 / (self.deliveries + 2)
        return Delivered(self.lead_time_days, self.lead_time_sd_days, max(self.accepted, least))


def scorecard(
    supplier: str,
    deliveries: Iterable[Delivery],
    *,
    now: datetime,
    since: datetime | None = None,
    part: str = "",
) -> Scorecard:
    """Add up a supplier's deliveries that arrived from `since` (included) up to `now` (included).

    Args:
        supplier: supplier id.
        deliveries: of any supplier.
        now: the moment, aware.
        since: aware; None: from the first on.
        part: of this part only; empty: of all.
    """
    rows = [
        row
        for row in deliveries
        if row.supplier == supplier
        and part in {"", row.part}
        and row.arrived_at <= now
        and (since is None or row.arrived_at >= since)
    ]
    lead = [row.lead_time_days for row in rows]
    mean = math.fsum(lead) / len(lead) if lead else None
    spread = None
    if mean is not None and len(lead) > 1:
        spread = math.sqrt(math.fsum((days - mean) ** 2 for days in lead) / (len(lead) - 1))
    answered = [row.in_time for row in rows if row.in_time is not None]
    return Scorecard(
        supplier,
        len(rows),
        sum(row.quantity for row in rows),
        sum(row.bad for row in rows),
        len(answered),
        sum(answered),
        mean,
        spread,
        math.fsum(1 - row.bad / row.quantity for row in rows) / len(rows) if rows else None,
    )
