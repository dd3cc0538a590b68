"""Breach exposure: what broken promises cost us so far and are forecast to cost, and what the customer may ask for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from dispatch.desk.charge import ChargeStage, ChargeState
from dispatch.desk.clause import Breach, Remedy
from dispatch.desk.clock import ClockState
from dispatch.desk.milestone import Milestone, Severity
from dispatch.desk.scheme import Scheme
from kernel.timetable import epoch_s


class Exposure(NamedTuple):
    """One milestone's price of lateness, in cents of the scheme's currency.

    Args:
        milestone: which.
        late_s: seconds past the due time so far; 0: in time.
        actual_cents: what that costs.
        forecast_cents: what it will cost when it is met as forecast; never below the actual.
    """

    milestone: Milestone
    late_s: int
    actual_cents: int
    forecast_cents: int


def exposure(
    clocks: Mapping[Milestone, ClockState],
    scheme: Scheme,
    severity: Severity,
    now: datetime,
    *,
    forecast: Mapping[Milestone, datetime] | None = None,
) -> tuple[Exposure, ...]:
    """Price every milestone whose lateness the scheme prices, in the order of `Milestone`.

    A clock that stopped late costs up to then, one still open up to `now`; a started hour (minute, day) is a
    whole one. A promise that ended in time costs nothing.

    Args:
        clocks: of one ticket, folded at `now`.
        scheme: its scheme version.
        severity: the ticket's present one.
        now: aware.
        forecast: when each open milestone is expected to be met; one that is not named is taken as met now.
    """
    found = []
    for milestone, state in clocks.items():
        breach = scheme.breach.get(milestone)
        if breach is None or state.due_s is None:
            continue
        stopped_s = state.stopped_s
        until_s = epoch_s(now) if stopped_s is None else stopped_s
        expected = (forecast or {}).get(milestone)
        finish_s = until_s
        if stopped_s is None and expected is not None:
            finish_s = max(until_s, epoch_s(expected))
        late_s = max(0, until_s - state.due_s)
        found.append(
            Exposure(
                milestone,
                late_s,
                price(breach, severity, late_s),
                price(breach, severity, max(0, finish_s - state.due_s)),
            )
        )
    return tuple(found)


def price(breach: Breach, severity: Severity, late_s: int, /) -> int:
    """Cents for being late by so many seconds: every started unit.

    >>> from dispatch.desk.clause import Per
    >>> price(Breach(Per.HOUR, {Severity.P1: 500}), Severity.P1, 3601)
    1000
    """
    return -(-late_s // breach.per.seconds) * breach.cents[severity]


class RemedyOffer(NamedTuple):
    """What the customer may ask for: the remedy, the promise that was broken, and for a refund its cents."""

    remedy: Remedy
    milestone: Milestone
    cents: int = 0


def remedies(
    clocks: Mapping[Milestone, ClockState],
    scheme: Scheme,
    now: datetime,
    *,
    charge: ChargeState | None = None,
) -> tuple[RemedyOffer, ...]:
    """Give the remedies that are open, in the order of the scheme; each with the first promise broken.

    Args:
        clocks: of one ticket, folded at `now`.
        scheme: its scheme version.
        now: aware.
        charge: what the ticket is charged; a refund needs one, accepted and not yet refunded in full.
    """
    now_s = epoch_s(now)
    late = [
        (state.due_s, milestone)
        for milestone, state in clocks.items()
        if state.due_s is not None and (now_s if state.stopped_s is None else state.stopped_s) > state.due_s
    ]
    found = []
    for remedy, clause in scheme.remedies.items():
        broken = [milestone for _, milestone in sorted(late) if milestone in clause.milestones]
        if not broken:
            continue
        cents = 0
        if remedy is Remedy.PART_REFUND:
            if charge is None or charge.stage not in {ChargeStage.ACCEPTED, ChargeStage.DONE}:
                continue
            cents = min((charge.total * clause.percent + 50) // 100, charge.total - charge.refunded)
            if cents < 1:
                continue
        found.append(RemedyOffer(remedy, broken[0], cents))
    return tuple(found)
