"""Judge one part at one place: what is there, what is coming, what is needed, and whether that is enough."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from inventory.catalogue.part import Part
from inventory.catalogue.price import PriceBreak, Priced, cheapest
from inventory.catalogue.supplier import Supplier, SupplierTerms
from inventory.replenish.demand import DemandRate
from inventory.replenish.lead_time_demand import LeadTimeDemand, lead_time_demand
from inventory.replenish.marks import Levels
from inventory.replenish.policy import StockPolicy, economic_order_quantity, levels
from inventory.stock.position import Position
from inventory.stock.reservation import PlannedNeed
from kernel.errors import Refusal


class Urgency(StrEnum):
    """What happens if nothing is done, worst first."""

    NEED_BREAKS = "need_breaks"
    RUNS_OUT = "runs_out"
    LAST_ORDER = "last_order"
    """From a day on nobody takes an order for the part any more."""
    BELOW_POINT = "below_point"


@dataclass(frozen=True, slots=True)
class ReviewSettings:
    """What a review takes as given; every figure chosen, to be set per region.

    Args:
        alpha: smoothing weight of the demand rate.
        fill_rate: target for needs at a place without a policy of its own.
        review_period_days: days between two reviews, likewise.
        transfer_days: days a transfer between our own places takes.
        transfer_cost: money one transfer costs.
        order_cost: money one purchase order costs to place and receive.
        holding_rate: share of its price that keeping a unit for a year costs.
        unsold_lead_time_days: lead time assumed for a part nobody is known to sell.
        shortage_weight: what a unit short of a part counts that stops the device, degrades it, is comfort.
        last_buy_notice_days: days before the last day of order from which on the last order is proposed.
        service_years: years a part is needed after its last day of order, where no last day of service is on record.
    """

    alpha: float = 0.1
    fill_rate: float = 0.95
    review_period_days: float = 7.0
    transfer_days: float = 1.0
    transfer_cost: Decimal = Decimal(60)
    order_cost: Decimal = Decimal(80)
    holding_rate: float = 0.25
    unsold_lead_time_days: float = 30.0
    shortage_weight: tuple[float, float, float] = (9.0, 3.0, 1.0)
    last_buy_notice_days: int = 30
    service_years: float = 5.0


@dataclass(frozen=True, slots=True)
class Delivered:
    """What a supplier has shown rather than promised: what its score says, as plain values.

    Args:
        lead_time_days: from order to shelf as measured; None: nothing measured, the promise stands.
        lead_time_sd_days: its standard deviation; None: likewise.
        accepted: share of delivered units that were accepted, above 0 and at most 1.

    Raises:
        Refusal: ``replenish.lead_time_negative``, ``replenish.accepted_out_of_range``.
    """

    lead_time_days: float | None = None
    lead_time_sd_days: float | None = None
    accepted: float = 1.0

    def __post_init__(self) -> None:
        if min(self.lead_time_days or 0.0, self.lead_time_sd_days or 0.0) < 0:
            raise Refusal("replenish.lead_time_negative")
        if not 0 < self.accepted <= 1:
            raise Refusal("replenish.accepted_out_of_range", value=self.accepted)


@dataclass(frozen=True, slots=True)
class Supply:
    """One way to buy a part: a supplier and its terms, resolved.

    Args:
        supplier: supplier id.
        terms: price, minimum, multiple.
        lead_time_days: for this part.
        lead_time_sd_days: the supplier's.
        accepted: share of what it delivers that is accepted.
        breaks: prices that fall with the order.
    """

    supplier: str
    terms: SupplierTerms
    lead_time_days: float
    lead_time_sd_days: float
    accepted: float = 1.0
    breaks: tuple[PriceBreak, ...] = ()

    def order(self, wanted: int) -> Priced:
        """The cheapest order that brings `wanted` accepted units."""
        # A hair less: a quotient that should be whole may come out just above it.
        return cheapest(self.terms, self.breaks, math.ceil(wanted / self.accepted - 1e-9))

    def rank(self, wanted: int, *, a_year: float = math.inf) -> tuple[float, float, str]:
        """Sorts ways by what a unit that is of use costs in an order of `wanted`, then by time, then by id.

        Of use is what is wanted, and of what a minimum, a multiple or a price break brings beyond it the demand of a
        year; the rest of the order is paid for and lies.

        Args:
            wanted: accepted units to bring.
            a_year: units asked for in a year; infinite: all that comes is of use.
        """
        order = self.order(wanted)
        lies = max(0.0, order.quantity * self.accepted - wanted - a_year)
        each = float(order.price) / self.accepted * (1 + lies / wanted)
        return each, self.lead_time_days, self.supplier


def supplies(
    part: str,
    suppliers: Iterable[Supplier],
    terms: Iterable[SupplierTerms],
    *,
    delivered: Mapping[tuple[str, str], Delivered] | None = None,
    breaks: Iterable[PriceBreak] = (),
    a_year: float = math.inf,
) -> tuple[Supply, ...]:
    """Ways to buy one unit of `part`, cheapest unit of use first, then fastest, then by supplier id.

    Args:
        part: the part.
        suppliers: all suppliers.
        terms: all terms.
        delivered: by supplier and part id, what has been shown; what is not named is taken at its word.
        breaks: all price breaks.
        a_year: units asked for in a year; see `Supply.rank`.
    """
    own = tuple(row for row in breaks if row.part == part)
    known = {supplier.id: supplier for supplier in suppliers}
    found = [
        _supply(known[row.supplier], row, (delivered or {}).get((row.supplier, part), Delivered()), own)
        for row in terms
        if row.part == part and row.supplier in known
    ]
    return tuple(sorted(found, key=lambda way: way.rank(1, a_year=a_year)))


def _supply(
    supplier: Supplier, terms: SupplierTerms, shown: Delivered, breaks: tuple[PriceBreak, ...]
) -> Supply:
    promised = supplier.lead_time_days if terms.lead_time_days is None else terms.lead_time_days
    spread = supplier.lead_time_sd_days
    return Supply(
        supplier=supplier.id,
        terms=terms,
        lead_time_days=promised if shown.lead_time_days is None else shown.lead_time_days,
        lead_time_sd_days=spread if shown.lead_time_sd_days is None else shown.lead_time_sd_days,
        accepted=shown.accepted,
        breaks=tuple(row for row in breaks if row.supplier == supplier.id),
    )


@dataclass(frozen=True, slots=True)
class Lead:
    """How long refilling takes: mean and standard deviation in days, review period in days."""

    days: float
    sd_days: float
    review_days: float

    def demand(self, rate: DemandRate) -> LeadTimeDemand:
        """Demand from now until what the next review orders is there."""
        return lead_time_demand(
            rate,
            lead_time_days=self.days,
            lead_time_sd_days=self.sd_days,
            review_period_days=self.review_days,
        )


@dataclass(frozen=True, slots=True)
class Assessment:
    """One part at one place, judged at one moment.

    Args:
        part: the part.
        position: where it stands.
        rate: how it is asked for.
        lead: how long refilling takes.
        demand: over lead time and review period.
        target: the policy's fill rate; None where nothing is to be kept.
        order_size: the usual order, units.
        levels: the marks.
        planned: needs not yet reserved that fall before lead time and review period are over, by time.
        projected: available + in transit + on order + expected - planned, units.
        breaks_at: when a known need cannot be met if nothing is done; None: all can.
        short: units missing then, at worst.
        runs_out_at: when the projected stock is used up at the usual rate; None: no usual demand.
        urgency: what happens if nothing is done.
        expected: units neither usable nor on order that are expected; see `inventory.supply.to_come.expected`.
        given: units this review has moved to other places already; `position` is without them.
    """

    part: Part
    position: Position
    rate: DemandRate
    lead: Lead
    demand: LeadTimeDemand
    target: float | None
    order_size: int
    levels: Levels
    planned: tuple[PlannedNeed, ...]
    projected: int
    breaks_at: datetime | None
    short: int
    runs_out_at: datetime | None
    urgency: Urgency
    expected: int = 0
    given: int = 0

    @property
    def is_due(self) -> bool:
        """Whether the position is at or under the reorder point."""
        return self.projected <= self.levels.reorder_point and self.wanted > 0

    @property
    def wanted(self) -> int:
        """Units that fill the position up to its mark."""
        return max(0, self.levels.order_up_to - self.projected)

    @property
    def planned_quantity(self) -> int:
        """Units of the planned needs."""
        return sum(need.quantity for need in self.planned)

    @property
    def spare(self) -> int:
        """Units that can leave at once without breaking a need here or making an order due here."""
        free = self.position.available - self.planned_quantity
        return max(0, min(free, self.projected - self.levels.reorder_point - 1))

    @property
    def free(self) -> int:
        """Units that can leave at once without breaking a need here."""
        return max(0, self.position.available - self.planned_quantity)


Arrival = tuple[datetime, int]
"""When how many units come in."""


def assess(
    part: Part,
    position: Position,
    *,
    rate: DemandRate,
    policy: StockPolicy | None,
    lead: Lead,
    order_size: int,
    needs: Iterable[PlannedNeed],
    arrivals: Iterable[Arrival],
    now: datetime,
    worked_out: Levels | None = None,
    expected: int = 0,
) -> Assessment:
    """Judge one part at one place.

    Known needs are taken off the position in full, like promises; the rate covers what is not known yet. What is
    planned and also contained in the rate is therefore counted on the safe side.

    Args:
        part: the part.
        position: where it stands.
        rate: how it is asked for.
        policy: its target and marks; None: nothing is to be kept there, only known needs count.
        lead: how long refilling takes.
        order_size: the usual order, at least 1.
        needs: planned needs for this part and place, without what is reserved for them.
        arrivals: what is coming and when.
        now: the moment of judging.
        worked_out: its levels, where they were worked out for many at once; None: they are worked out here.
        expected: units neither usable nor on order that are expected; `arrivals` says when.
    """
    until = now + timedelta(days=lead.days + lead.review_days)
    planned = tuple(sorted((n for n in needs if n.at < until), key=lambda n: (n.at, n.demand_ref)))
    demand = lead.demand(rate)
    marks = Levels(-1, 0, 0.0, 1.0, by_hand=False)
    if policy is not None:
        marks = worked_out or levels(demand, policy, quantity=order_size)
    projected = position.available + position.in_transit + position.on_order + expected
    projected -= sum(need.quantity for need in planned)
    breaks_at, short = _shortage(position.available, planned, arrivals, now)
    runs_out_at = _runs_out(projected, rate, now)
    urgency = Urgency.BELOW_POINT
    if breaks_at is not None:
        urgency = Urgency.NEED_BREAKS
    elif runs_out_at is not None and runs_out_at < now + timedelta(days=lead.days):
        urgency = Urgency.RUNS_OUT
    return Assessment(
        part=part,
        position=position,
        rate=rate,
        lead=lead,
        demand=demand,
        target=None if policy is None else policy.fill_rate,
        order_size=order_size,
        levels=marks,
        planned=planned,
        projected=projected,
        breaks_at=breaks_at,
        short=short,
        runs_out_at=runs_out_at,
        urgency=urgency,
        expected=expected,
    )


def _shortage(
    available: int, planned: Iterable[PlannedNeed], arrivals: Iterable[Arrival], now: datetime
) -> tuple[datetime | None, int]:
    """First moment at which known needs exceed what has come in, and the units missing at worst."""
    events = [(max(at, now), 0, quantity) for at, quantity in arrivals]
    events += [(max(need.at, now), 1, -need.quantity) for need in planned]
    level, worst = available, min(available, 0)
    breaks_at = now if available < 0 else None
    for at, _, quantity in sorted(events):
        level += quantity
        worst = min(worst, level)
        if level < 0 and breaks_at is None:
            breaks_at = at
    return breaks_at, -worst


FAR_DAYS = 3650.0
"""Stock that lasts longer than this is not given a day on which it runs out."""


def _runs_out(projected: int, rate: DemandRate, now: datetime) -> datetime | None:
    if rate.per_day <= 0 or max(projected, 0) / rate.per_day > FAR_DAYS:
        return None
    moment = now + timedelta(days=max(projected, 0) / rate.per_day)
    return moment.replace(microsecond=0)


def usual_order(part: Part, rate: DemandRate, settings: ReviewSettings, *, minimum: int = 1) -> int:
    """The usual order size: economic, at least the supplier's minimum, at most a year's demand.

    A supplier's minimum above a year's demand stands: it cannot be ordered smaller.
    """
    a_year = rate.per_month * 12
    holding = float(part.price) * settings.holding_rate
    if a_year <= 0 or holding <= 0:
        return max(1, minimum)
    best = economic_order_quantity(
        demand_a_year=a_year, order_cost=float(settings.order_cost), holding_cost_a_year=holding
    )
    return max(1, minimum, min(round(best), math.ceil(a_year)))
