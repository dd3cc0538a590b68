"""Small outcomes told ticket by ticket, with books that balance; and a small simulation under both policies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np

from scenarios.library.worlds import office_equipment
from scenarios.measure.diary import DaysKept
from scenarios.measure.simulated import Scenario, Wanted, under_each
from scenarios.run.outcome import NEVER, NOBODY, Crew, Ended, Late, Outcome, Span, Stock, Tickets
from scenarios.run.simulate import Policy

HOUR = 3600
DAY = 24 * HOUR


@dataclass(frozen=True)
class Told:
    """One ticket in hours; None: not promised, or it has not happened."""

    born_h: float
    arrived_h: float | None = None
    restored_h: float | None = None
    arrive_within_h: float | None = None
    restore_within_h: float | None = None
    tier: int = 0
    region: int = 0
    severity: int = 3
    first_time_fix: int = -1
    ended: Ended | None = None
    late: Late = Late.NOT
    loaner_h: float = 0
    waited_part_h: float = 0


def seconds(hours: float | None) -> int:
    """Hours as whole seconds."""
    return NEVER if hours is None else round(hours * HOUR)


def row(told: Told) -> dict[str, int]:
    """The columns of one ticket."""
    done = Ended.RESTORED if told.restored_h is not None else Ended.OPEN
    due = [
        NEVER if within is None else seconds(told.born_h + within)
        for within in (told.arrive_within_h, told.restore_within_h)
    ]
    came = told.arrived_h is not None
    columns = {field.name: 0 for field in fields(Tickets)}
    return columns | {
        "born_s": seconds(told.born_h),
        "tier": told.tier,
        "region": told.region,
        "asset": -1,
        "severity": told.severity,
        "set_out_s": seconds(told.arrived_h),
        "arrived_s": seconds(told.arrived_h),
        "restored_s": seconds(told.restored_h),
        "due_arrive_s": due[0],
        "due_restore_s": due[1],
        "engineer": 0 if came else NOBODY,
        "visits": int(came),
        "first_time_fix": told.first_time_fix,
        "ended": told.ended if told.ended is not None else done,
        "late": told.late,
        "waited_part_s": seconds(told.waited_part_h),
        "loaner_s": seconds(told.loaner_h),
    }


def whole(values: Sequence[int]) -> np.ndarray:
    """A column."""
    return np.array(values, dtype=np.int64)


def outcome(
    tickets: Sequence[Told] = (),
    *,
    from_d: int = 0,
    until_d: int = 14,
    replication: int = 0,
    busy_h: int = 10,
    travel_h: int = 5,
    on_duty_h: int = 40,
    stock: tuple[int, ...] = (5, 3, 2, 0, 0, 6, 4, 2),
    money_cents: dict[str, int] | None = None,
    tiers: tuple[str, ...] = ("gold", "silver"),
    regions: tuple[str, ...] = ("north", "south"),
) -> Outcome:
    """One replication of one engineer and one part; `stock`: opening, received, used, sent in, sent out, closing, wanted, filled."""
    rows = [row(told) for told in sorted(tickets, key=lambda told: told.born_h)]
    columns = {field.name: whole([one[field.name] for one in rows]) for field in fields(Tickets)}
    opening, received, used, sent_in, sent_out, closing, wanted, filled = (whole([n]) for n in stock)
    return Outcome(
        replication=replication,
        seed=1,
        span=Span(from_d * DAY, until_d * DAY),
        tickets=Tickets(**columns),
        crew=Crew(
            on_duty_s=whole([on_duty_h * HOUR]),
            overtime_s=whole([0]),
            busy_s=whole([busy_h * HOUR]),
            travel_s=whole([travel_h * HOUR]),
            idle_s=whole([(on_duty_h - busy_h - travel_h) * HOUR]),
            visits=whole([0]),
        ),
        stock=Stock(
            whole([0]), whole([0]), opening, received, used, sent_in, sent_out, closing, wanted, filled
        ),
        money_cents={"travel": 14_000} if money_cents is None else money_cents,
        sites=("site",),
        tiers=tiers,
        regions=regions,
        skills=("skill",),
        engineers=("E01",),
        parts=("P-1",),
        places=("D-1",),
    )


def both_policies() -> Wanted:
    """Two days of an office with eight machines under `fast` and `live`, and the plans of one replication."""
    world = replace(office_equipment(customers=8, technicians=1), days=2, warm_up_days=0)
    pair = under_each((Scenario("office", ("office", "办公"), ("", ""), world),), tuple(Policy))
    return Wanted(pair, Policy.FAST, 11, 7, DaysKept(7, 2))
