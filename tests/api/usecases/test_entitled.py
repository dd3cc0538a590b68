"""What a region's tickets are entitled to, by everything the region knows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from api.usecases.entitled import entitlement_of
from dispatch.desk.customer import Contract
from dispatch.desk.entitlement import Verdict
from dispatch.desk.history import ClosedTicket
from dispatch.desk.milestone import Severity
from tests import regions as build

SUPPORT = (Contract("C-1", "K-1", "analytics-support", "1", date(2026, 1, 1)),)
FOURTH = build.ticket("T-1", scheme="analytics-support")


def test_requests_closed_long_ago_are_of_the_month_too() -> None:
    """Three of the month left the desk for the repair history: the fourth costs; in April it would not."""
    gone = tuple(
        ClosedTicket(f"H-{n}", "A-1", "M1", Severity.P2, at, None, at)
        for n in range(3)
        for at in (FOURTH.reported_at - (n + 1) * timedelta(days=1),)
    )
    region = build.region(contracts=SUPPORT, tickets=(FOURTH,), closed_tickets=gone, visits=(), part_needs=())
    later = replace(FOURTH, reported_at=FOURTH.reported_at.replace(day=31) + timedelta(hours=17))

    found = entitlement_of(region, FOURTH, now=FOURTH.reported_at)
    two = replace(region, field=replace(region.field, closed_tickets=gone[:2]))

    assert (found.verdict, found.reason.code) == (Verdict.CHARGEABLE, "entitlement.requests_used_up")
    assert dict(found.reason.params) == {"number": 4, "limit": 3}
    assert entitlement_of(two, FOURTH, now=FOURTH.reported_at).verdict is Verdict.COVERED
    assert entitlement_of(region, later, now=later.reported_at).reason.code != found.reason.code
