"""Breach exposure: money for every started hour, forecast and actual, and what the customer may ask for."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.desk.breach import Exposure, RemedyOffer, exposure, price, remedies
from dispatch.desk.charge import ChargeStage, ChargeState
from dispatch.desk.clause import Breach, Per, Remedy
from dispatch.desk.clock import clocks
from dispatch.desk.milestone import Milestone, Severity, TicketKind
from dispatch.desk.scheme_file import builtin_schemes, find_scheme
from dispatch.desk.ticket import EventKind, Ticket, TicketEvent
from kernel.clock import moment

REPORTED = moment("2026-03-10T10:00+08:00")
HEADLINE = find_scheme(builtin_schemes(), "field-2-4-24")
VALUE_ADDED = find_scheme(builtin_schemes(), "value-added")
CHARGE = ChargeState("Q-1", "T-1", ChargeStage.DONE, (), 3000_01, 1500_01, received=3000_01)


def judged(
    hours: float, *events: tuple[EventKind, float], forecast: dict[Milestone, float] | None = None
) -> dict[Milestone, Exposure]:
    """Exposure of a P1 ticket of the headline scheme so many hours after the report."""
    ticket = Ticket("T-1", "S-1", "A-1", HEADLINE.id, "1", Severity.P1, TicketKind.FAULT, REPORTED)
    history = [TicketEvent("T-1", REPORTED + timedelta(hours=at), kind, "E03") for kind, at in events]
    now = REPORTED + timedelta(hours=hours)
    expected = {milestone: REPORTED + timedelta(hours=at) for milestone, at in (forecast or {}).items()}
    found = exposure(
        clocks(ticket, history, HEADLINE, {}, now), HEADLINE, Severity.P1, now, forecast=expected
    )
    return {one.milestone: one for one in found}


def test_being_late_costs_every_started_hour() -> None:
    """Arrive due after 4 h at 300.00 an hour: 4 h nothing, a second more one hour, 6.5 h three."""
    arrive = {hours: judged(hours)[Milestone.ARRIVE] for hours in (4, 4 + 1 / 3600, 5, 6.5)}

    assert [one.actual_cents for one in arrive.values()] == [0, 300_00, 300_00, 900_00]
    assert arrive[6.5].late_s == 9000


def test_a_forecast_costs_before_the_promise_is_broken() -> None:
    """The engineer's word for the finish: two and a half hours late, three started hours at 600.00."""
    found = judged(3, forecast={Milestone.REPAIR: 26.5})[Milestone.REPAIR]

    assert (found.late_s, found.actual_cents, found.forecast_cents) == (0, 0, 3 * 600_00)


def test_what_was_met_costs_no_more() -> None:
    """Two hours late and done: the bill stands still, whatever is forecast."""
    early = judged(7, (EventKind.ON_SITE, 6))[Milestone.ARRIVE]
    late = judged(90, (EventKind.ON_SITE, 6), forecast={Milestone.ARRIVE: 95})[Milestone.ARRIVE]

    assert early == late == Exposure(Milestone.ARRIVE, 7200, 600_00, 600_00)


def test_what_nobody_needs_any_more_costs_nothing() -> None:
    """Repaired remotely in time: no arrival, no loaner, no bill."""
    found = judged(99, (EventKind.REPAIRED, 2))

    assert all(one.actual_cents == one.forecast_cents == 0 for one in found.values())


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.sampled_from(list(Per)), st.integers(0, 10**5))
def test_the_price_grows_with_lateness_by_whole_units(one_s: int, more_s: int, per: Per, cents: int) -> None:
    """Later is never cheaper, and a whole unit more costs exactly one price more."""
    breach = Breach(per, dict.fromkeys(Severity, cents))

    assert price(breach, Severity.P2, one_s) <= price(breach, Severity.P2, one_s + more_s)
    assert price(breach, Severity.P2, one_s + per.seconds) == price(breach, Severity.P2, one_s) + cents


@given(
    st.floats(0, 60, allow_nan=False),
    st.floats(0, 60, allow_nan=False),
    st.one_of(st.none(), st.floats(0.1, 60, allow_nan=False)),
)
def test_a_forecast_is_never_below_what_is_owed_already(
    hours: float, expected: float, done: float | None
) -> None:
    """A hopeful forecast takes nothing back."""
    events = [] if done is None else [(EventKind.REPAIRED, done)]

    for one in judged(hours, *events, forecast=dict.fromkeys(Milestone, expected)).values():
        assert one.forecast_cents >= one.actual_cents >= 0
        assert (one.late_s > 0) == (one.actual_cents > 0)


def test_the_customer_may_call_another_firm_when_the_repair_is_late() -> None:
    """The headline's remedy is for the repair; a late arrival alone gives none."""
    ticket = Ticket("T-1", "S-1", "A-1", HEADLINE.id, "1", Severity.P1, TicketKind.FAULT, REPORTED)

    def offered(hours: float) -> tuple[RemedyOffer, ...]:
        now = REPORTED + timedelta(hours=hours)
        return remedies(clocks(ticket, (), HEADLINE, {}, now), HEADLINE, now)

    assert offered(5) == ()
    assert offered(24) == ()
    assert offered(24.1) == (RemedyOffer(Remedy.OTHER_FIRM, Milestone.REPAIR),)


@pytest.mark.parametrize(
    ("delivered", "charge", "offers"),
    [
        ("2026-03-13T10:00+08:00", CHARGE, {}),
        ("2026-03-13T10:01+08:00", CHARGE, {Remedy.FREE_REPEAT: 0, Remedy.PART_REFUND: 1500_01}),
        ("2026-03-13T10:01+08:00", None, {Remedy.FREE_REPEAT: 0}),
        (
            "2026-03-13T10:01+08:00",
            CHARGE._replace(refunded=2000_00),
            {Remedy.FREE_REPEAT: 0, Remedy.PART_REFUND: 1000_01},
        ),
        ("2026-03-13T10:01+08:00", CHARGE._replace(refunded=3000_01), {Remedy.FREE_REPEAT: 0}),
        ("2026-03-13T10:01+08:00", CHARGE._replace(stage=ChargeStage.QUOTED), {Remedy.FREE_REPEAT: 0}),
    ],
)
def test_a_missed_standard_gives_a_free_repeat_or_part_of_the_money(
    delivered: str, charge: ChargeState | None, offers: dict[Remedy, int]
) -> None:
    """A simple project is delivered in 3 working days; half of what it cost goes back, never more than is left."""
    ticket = Ticket("T-1", "S-1", "", VALUE_ADDED.id, "1", Severity.P3, TicketKind.ADVICE, REPORTED)
    history = [
        TicketEvent("T-1", REPORTED + timedelta(minutes=5), EventKind.RESPONDED, "E03"),
        TicketEvent("T-1", moment(delivered), EventKind.DELIVERED, "E03"),
    ]
    now = moment("2026-03-20T10:00+08:00")

    found = remedies(clocks(ticket, history, VALUE_ADDED, {}, now), VALUE_ADDED, now, charge=charge)

    assert {offer.remedy: offer.cents for offer in found} == offers
    assert all(offer.milestone is Milestone.DELIVER for offer in found)
