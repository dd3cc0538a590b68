"""The last order of a part: enough for as long as devices that take it are served."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import numpy as np

from inventory.replenish.assessment import Assessment, Supply, Urgency
from inventory.replenish.lead_time_demand import LeadTimeDemand, chances, reach
from inventory.replenish.marks import ROUNDING
from inventory.replenish.reorder import Proposal, Source, bought_as, stood_of
from kernel.errors import Message, Value


@dataclass(frozen=True, slots=True)
class FinalOrder:
    """What is needed of a part from now on until nobody is served with it any more.

    Args:
        part: the part that is bought.
        last_order_on: the last day on which anybody takes an order for it.
        closes_at: the moment at which that day ends, aware.
        served_until: the last day on which devices that take it are served.
        stated: whether that day is on record; else it was taken to be `years` after the last order.
        years: see `stated`.
        per_month: units asked for a month, everywhere, of it and of what it supersedes.
        demand: from now until the end of service, at that rate.
        share: the chance wanted that the units last until then.
        level: the units that do.
        planned: units planned work takes besides.
        there: units usable and free, on the road, on order and expected, everywhere.
    """

    part: str
    last_order_on: date
    closes_at: datetime
    served_until: date
    stated: bool
    years: float
    per_month: float
    demand: LeadTimeDemand
    share: float
    level: int
    planned: int
    there: int

    @property
    def lacking(self) -> int:
        """Units missing to last that long."""
        return max(0, self.level + self.planned - self.there)

    @property
    def spare(self) -> int:
        """Units beyond what lasts that long."""
        return max(0, self.there - self.planned - self.level)

    def why(self, *, wanted: int, bought: int) -> list[Message]:
        """The calculation, step by step.

        Args:
            wanted: units still missing.
            bought: units the same review buys already.
        """
        service: dict[str, Value] = {"until": self.served_until.isoformat(), "years": self.years}
        days = {"mean": self.demand.mean, "variance": self.demand.variance, "rate": self.per_month}
        there = {"level": self.level, "planned": self.planned, "there": self.there, "bought": bought}
        return [
            Message("reorder.last_order", {"part": self.part, "last_on": self.last_order_on.isoformat()}),
            Message("reorder.served_stated" if self.stated else "reorder.served_taken", service),
            Message("reorder.last_demand", {**days, "until": self.served_until.isoformat()}),
            Message("reorder.last_level", {"level": self.level, "share": self.share}),
            Message("reorder.last_wanted", {**there, "wanted": wanted}),
        ]


def enough(demand: LeadTimeDemand, *, share: float) -> int:
    """The fewest units that cover the demand with a chance of at least `share`: the smallest y with P(D <= y) >= share.

    A final order is a newsvendor's: nothing can be ordered later, so the whole time left is one period and the chance
    of lasting is the target. A fill rate would leave the last months without a unit.

    Source: Fortuin (1980), The all-time requirement of spare parts for service after sales, International Journal of
    Operations & Production Management 1(1); Teunter and Klein Haneveld (2002), Inventory control of service parts in
    the final phase, European Journal of Operational Research 137(3).

    >>> enough(LeadTimeDemand(4.0, 4.0), share=0.95), enough(LeadTimeDemand(0.0, 0.0), share=0.95)
    (8, 0)
    """
    highest = int(reach(demand.mean, demand.variance))
    covered = np.cumsum(chances(demand.mean, demand.variance, highest=highest))
    # Beyond the table the chance is no chance in practice: eight standard deviations.
    return min(int(np.searchsorted(covered, share - ROUNDING)), highest)


def last_buy(
    final: FinalOrder,
    ways: tuple[Supply, ...],
    judged: Assessment,
    *,
    wanted: int,
    bought: int,
    instead: tuple[str, ...],
    now: datetime,
) -> tuple[Proposal, Supply]:
    """Propose the last order, at the supplier who brings it for the least money, and say who that is.

    Args:
        final: what is needed.
        ways: how the part can still be bought; at least one.
        judged: the part where it is to arrive.
        wanted: units missing.
        bought: units the same review buys already.
        instead: parts that are sold and may be used instead.
        now: the moment of the review.
    """
    way = min(ways, key=lambda row: row.rank(wanted))
    ordered = math.ceil(wanted / way.accepted - 1e-9)
    steps = final.why(wanted=wanted, bought=bought)
    if instead:
        steps.append(Message("reorder.last_instead", {"parts": ", ".join(instead)}))
    if ordered != wanted:
        share: dict[str, Value] = {
            "supplier": way.supplier,
            "accepted": way.accepted,
            "wanted": wanted,
            "ordered": ordered,
        }
        steps.append(Message("reorder.accepted", share))
    order = way.order(wanted)
    steps += bought_as(way, order, least=way.terms.order_of(ordered), ordered=ordered)
    made = Proposal(
        part=final.part,
        place=judged.position.place,
        quantity=order.quantity,
        source=Source.PURCHASE,
        from_place="",
        supplier=way.supplier,
        arrives_at=now + timedelta(days=way.lead_time_days),
        cost=order.cost,
        urgency=Urgency.LAST_ORDER,
        breaks_at=final.closes_at,
        criticality=judged.part.criticality,
        why=tuple(steps),
        stood=stood_of(judged),
    )
    return made, way


def as_judged(final: FinalOrder, judged: Assessment, /, *, bought: int) -> Assessment:
    """The place the last order goes to, judged by the whole time left: what a budget weighs the order by."""
    return replace(judged, demand=final.demand, projected=final.there + bought - final.planned)
