"""Clocks: what each step meets, what a reopened ticket owes, shares of a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.desk.arithmetic import arithmetic
from dispatch.desk.clock import State, clocks, reached_at
from dispatch.desk.milestone import Milestone, TicketKind, Wait
from dispatch.desk.scheme import Scheme
from dispatch.desk.ticket import EventKind, TicketEvent
from kernel.clock import moment
from tests.desk_builders import (
    CUSTOMER_SET,
    ELAPSED,
    FRIDAY_16,
    NOT_PROMISED,
    PREMIUM,
    REPAIR,
    event,
    make_scheme,
    make_ticket,
    minutes,
    repair,
)


def test_a_repair_that_did_not_hold_is_taken_back() -> None:
    """A reopened ticket owes the repair again, and its time runs on from the report: nothing stopped it."""
    scheme = make_scheme({Milestone.ARRIVE: minutes(240), REPAIR: minutes(600)})
    history = (event(EventKind.REPAIRED, 100), event(EventKind.CLOSED, 110), event(EventKind.REOPENED, 200))

    before = clocks(make_ticket(), history, scheme, {}, FRIDAY_16 + timedelta(minutes=150))
    after = clocks(make_ticket(), history, scheme, {}, FRIDAY_16 + timedelta(minutes=300))
    mended = (*history, event(EventKind.REPAIRED, 400))
    again = clocks(make_ticket(), mended, scheme, {}, FRIDAY_16 + timedelta(minutes=999))

    assert (before[REPAIR].state, before[Milestone.ARRIVE].state) == (State.MET, State.CANCELLED)
    assert (after[REPAIR].state, after[Milestone.ARRIVE].state) == (State.RUNNING, State.BREACHED)
    assert (after[REPAIR].elapsed_s, after[REPAIR].remaining_s) == (300 * 60, 300 * 60)
    assert again[REPAIR].met_at == FRIDAY_16 + timedelta(minutes=400)


def test_a_wait_nobody_ended_is_over_when_the_equipment_ran_again() -> None:
    """Closed while it waited for the customer, reopened later: the old wait stops nothing any more."""
    history = (
        event(EventKind.WAITING, 60, "customer"),
        event(EventKind.REPAIRED, 100),
        event(EventKind.REOPENED, 200),
    )

    state = repair(ELAPSED, *history, now=300)

    assert (state.state, state.elapsed_s) == (State.RUNNING, (300 - 40) * 60)
    assert state.due_at == FRIDAY_16 + timedelta(minutes=640)


@pytest.mark.parametrize(
    ("kind", "value", "met"),
    [
        (EventKind.TRIAGED, "remote", {Milestone.ACKNOWLEDGE}),
        (EventKind.REMOTE_TRIED, "not_solved", {Milestone.ACKNOWLEDGE, Milestone.RESPOND}),
        (EventKind.AGREED, "", {Milestone.ACKNOWLEDGE, Milestone.RESPOND, Milestone.PROPOSE}),
        (EventKind.PART_NEEDED, "P-1 2", set()),
        (EventKind.ACCEPTED, "", set()),
    ],
)
def test_a_step_meets_what_it_shows(kind: EventKind, value: str, met: set[Milestone]) -> None:
    """Who triaged has read the report; who agreed was proposed something; a part needed is no milestone."""
    scheme = make_scheme(dict.fromkeys(Milestone, minutes(600)))

    found = clocks(make_ticket(), (event(kind, 30, value),), scheme, {}, FRIDAY_16 + timedelta(minutes=60))

    assert {milestone for milestone, state in found.items() if state.state is State.MET} == met


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.integers(0, 2000), max_size=4).map(sorted),
    st.integers(0, 3000),
    st.integers(1, 200),
    st.sampled_from([PREMIUM, ELAPSED]),
)
def test_the_share_of_a_time_is_counted_in_the_clocks_own_time(
    waits: list[int], now: int, percent: int, scheme: Scheme
) -> None:
    """All of it is the due time; a share is reached when so much of it has run, and not a second earlier."""
    kinds = [(EventKind.WAITING, "customer"), (EventKind.RESUMED, "")] * 2
    history = [event(kind, at, value) for at, (kind, value) in zip(waits, kinds, strict=False)]
    at = FRIDAY_16 + timedelta(minutes=now)

    due = reached_at(make_ticket(), history, scheme, {}, at, REPAIR, percent=100)
    reached = reached_at(make_ticket(), history, scheme, {}, at, REPAIR, percent=percent)

    state = repair(scheme, *history, now=now)
    assert due == state.due_at
    assert reached is not None
    # Judged again when it is reached, exactly that share has run, if every wait was over by the present.
    if len(waits) % 2 == 0 and reached <= at:
        share_s = -(-percent * (180 if scheme is PREMIUM else 600) * 60 // 100)
        assert repair(scheme, *history, now=reached).elapsed_s == share_s
        if share_s:
            assert repair(scheme, *history, now=reached - timedelta(seconds=1)).elapsed_s < share_s


def test_a_share_is_only_there_where_a_time_is() -> None:
    """Not promised has no half; what the customer set has one as soon as he set it."""
    scheme = make_scheme({Milestone.ARRIVE: CUSTOMER_SET, Milestone.RESPOND: NOT_PROMISED})
    said = event(EventKind.CUSTOMER_SET, 10, "arrive 2026-03-06T20:00Z")

    def half(milestone: Milestone, *history: TicketEvent) -> datetime | None:
        now = FRIDAY_16 + timedelta(minutes=20)
        return reached_at(make_ticket(), history, scheme, {}, now, milestone, percent=50)

    assert half(Milestone.RESPOND) is None
    assert half(REPAIR) is None
    assert half(Milestone.ARRIVE) is None
    assert half(Milestone.ARRIVE, said) == moment("2026-03-06T18:00Z")


def test_a_wait_after_the_clock_stopped_is_not_in_its_arithmetic() -> None:
    """The arrival was met; that the customer was out later did not move its due time and is not told there."""
    scheme = make_scheme(
        dict.fromkeys((Milestone.ARRIVE, REPAIR), minutes(600)),
        pauses={Wait.CUSTOMER: frozenset({Milestone.ARRIVE, REPAIR})},
    )
    history = (
        event(EventKind.ON_SITE, 60),
        event(EventKind.WAITING, 120, "customer"),
        event(EventKind.RESUMED, 180),
    )
    now = FRIDAY_16 + timedelta(minutes=300)
    states = clocks(make_ticket(), history, scheme, {}, now)

    told = {
        milestone: [step.code for step in arithmetic(state, make_ticket(), history, scheme, {}, now)]
        for milestone, state in states.items()
    }

    assert "arithmetic.waited" not in told[Milestone.ARRIVE]
    assert told[REPAIR].count("arithmetic.waited") == 1


def test_a_preventive_visit_is_owed_by_its_period_not_by_a_clock() -> None:
    """Written down a month ahead it would be four hours late the same day; a change of severity makes it no fault."""
    scheme = make_scheme(dict.fromkeys(Milestone, minutes(240)))
    ours = replace(make_ticket(), kind=TicketKind.PREVENTIVE)
    graver = (event(EventKind.SEVERITY_CHANGED, 10, "P1"),)
    late = FRIDAY_16 + timedelta(days=9)

    for history in ((), graver):
        found = clocks(ours, history, scheme, {}, late)
        assert {state.state for state in found.values()} == {State.NOT_PROMISED}
    assert {state.state for state in clocks(make_ticket(), (), scheme, {}, late).values()} == {State.BREACHED}


def test_an_installation_has_the_clocks_its_scheme_names_for_it() -> None:
    """By the ticket's kind, through every change of severity, in the clocks and in what is left of them."""
    named = replace(
        make_scheme(dict.fromkeys((Milestone.ARRIVE, REPAIR), minutes(240))),
        promised={TicketKind.INSTALLATION: frozenset({Milestone.ARRIVE})},
    )
    ours = replace(make_ticket(), kind=TicketKind.INSTALLATION)
    other = replace(make_ticket(), kind=TicketKind.TRAINING)
    graver = (event(EventKind.SEVERITY_CHANGED, 10, "P1"),)
    late = FRIDAY_16 + timedelta(days=9)

    for history in ((), graver):
        found = clocks(ours, history, named, {}, late)
        assert found[Milestone.ARRIVE].state is State.BREACHED
        assert found[REPAIR].state is State.NOT_PROMISED
        trained = clocks(other, history, named, {}, late)
        assert {state.state for state in trained.values()} == {State.NOT_PROMISED}
        assert reached_at(ours, history, named, {}, late, REPAIR, percent=100) is None
