"""Clocks: worked examples and laws of the fold."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.desk.arithmetic import arithmetic
from dispatch.desk.clause import LoanerClause, LoanerRule
from dispatch.desk.clock import ClockState, State, clocks
from dispatch.desk.milestone import Milestone, Promise, Severity, SeverityChange, TicketKind, Wait
from dispatch.desk.scheme_file import builtin_schemes, find_scheme
from dispatch.desk.term import Term, Unit
from dispatch.desk.ticket import EventKind, Ticket, TicketEvent
from kernel.calendars import weekly
from kernel.clock import moment
from tests.desk_builders import (
    CUSTOMER_SET,
    ELAPSED,
    FRIDAY_16,
    NOT_PROMISED,
    OFFICE,
    PREMIUM,
    REPAIR,
    event,
    make_scheme,
    make_ticket,
    minutes,
    repair,
)


def test_three_business_hours_reported_on_friday_at_four_are_due_on_monday_at_ten() -> None:
    """The premium contract's worked example, with the arithmetic a customer can follow."""
    state = repair(PREMIUM)

    steps = arithmetic(state, make_ticket(), (), PREMIUM, {}, FRIDAY_16)

    assert state.due_at == moment("2026-03-09T10:00Z")
    assert (state.state, state.elapsed_s, state.remaining_s) == (State.RUNNING, 0, 3 * 3600)
    assert [(step.code, dict(step.params)) for step in steps[2:5]] == [
        (
            "arithmetic.counted",
            {
                "from_at": "2026-03-06T16:00:00+00:00",
                "to_at": "2026-03-06T17:00:00+00:00",
                "counted_s": 3600,
                "left_s": 7200,
            },
        ),
        (
            "arithmetic.counted",
            {
                "from_at": "2026-03-09T08:00:00+00:00",
                "to_at": "2026-03-09T10:00:00+00:00",
                "counted_s": 7200,
                "left_s": 0,
            },
        ),
        ("arithmetic.due", {"due_at": "2026-03-09T10:00:00+00:00"}),
    ]


@pytest.mark.parametrize(
    ("events", "now", "state"),
    [
        ((), 600, State.RUNNING),
        ((), 601, State.BREACHED),
        ((event(EventKind.REPAIRED, 600),), 999, State.MET),
        ((event(EventKind.REPAIRED, 601),), 999, State.BREACHED),
        ((event(EventKind.REPAIRED, 600),), 599, State.RUNNING),
        ((event(EventKind.WAITING, 10, "customer"),), 999, State.PAUSED),
        ((event(EventKind.WAITING, 10, "part"),), 500, State.RUNNING),
        ((event(EventKind.WAITING, 10, "part"),), 999, State.BREACHED),
        ((event(EventKind.CANCELLED, 10),), 999, State.CANCELLED),
        ((event(EventKind.CANCELLED, 700),), 999, State.BREACHED),
    ],
)
def test_a_clock_stands_where_its_events_put_it(
    events: tuple[TicketEvent, ...], now: int, state: State
) -> None:
    """Ten hours to repair: met at the last second is met, a missing part stops nothing."""
    assert repair(ELAPSED, *events, now=now).state is state


def test_a_wait_moves_the_due_time_by_its_length() -> None:
    """Two hours at a locked gate are two hours more."""
    wait = (event(EventKind.WAITING, 60, "customer"), event(EventKind.RESUMED, 180))

    state = repair(ELAPSED, *wait, now=300)

    assert state.due_at == FRIDAY_16 + timedelta(minutes=720)
    assert (state.elapsed_s, state.remaining_s) == (180 * 60, 420 * 60)


def test_a_wait_that_begins_when_the_time_is_up_comes_too_late() -> None:
    """The last promised second has run; nothing is left that a wait could stop."""
    wait = (event(EventKind.WAITING, 600, "customer"), event(EventKind.RESUMED, 700))

    state = repair(ELAPSED, *wait, now=800)

    assert (state.state, state.due_at) == (State.BREACHED, FRIDAY_16 + timedelta(minutes=600))


def test_a_wait_before_a_restart_does_not_count_twice() -> None:
    """A clock that starts afresh at the change knows nothing of waits that were over by then."""
    scheme = make_scheme(
        {REPAIR: GRADED}, change=SeverityChange.RESTART, pauses={Wait.CUSTOMER: frozenset({REPAIR})}
    )
    events = (
        event(EventKind.WAITING, 10, "customer"),
        event(EventKind.RESUMED, 40),
        event(EventKind.SEVERITY_CHANGED, 100, "P1"),
    )

    assert repair(scheme, *events, now=101).due_at == FRIDAY_16 + timedelta(minutes=160)


def test_what_is_done_on_the_spot_was_reached_first() -> None:
    """Arrived and repaired written at the same minute: the arrival is met, not dropped."""
    scheme = make_scheme({Milestone.ARRIVE: minutes(60), REPAIR: minutes(240)})
    events = [event(EventKind.ON_SITE, 50), event(EventKind.REPAIRED, 50)]

    found = clocks(make_ticket(), events, scheme, {}, FRIDAY_16 + timedelta(hours=1))

    assert found[Milestone.ARRIVE].state is State.MET


def test_a_paused_clock_is_due_as_if_work_went_on_now() -> None:
    """A plan needs a time to aim at even while the customer is out."""
    state = repair(ELAPSED, event(EventKind.WAITING, 60, "customer"), now=300)

    assert (state.state, state.due_at) == (State.PAUSED, FRIDAY_16 + timedelta(minutes=300 + 540))


def test_later_steps_show_that_earlier_ones_were_done() -> None:
    """Who stands on site has been arranged, even if nobody wrote it down."""
    scheme = make_scheme(dict.fromkeys(Milestone, minutes(60)), loaner=LoanerClause(LoanerRule.SAME))

    found = clocks(make_ticket(), [event(EventKind.ON_SITE, 30)], scheme, {}, FRIDAY_16 + timedelta(hours=1))

    met = {milestone for milestone, state in found.items() if state.state is State.MET}
    assert met == {Milestone.ACKNOWLEDGE, Milestone.RESPOND, Milestone.ARRANGE, Milestone.ARRIVE}
    assert list(found) == list(Milestone)


def test_a_remote_repair_ends_the_arrival_and_the_loaner() -> None:
    """Nobody has to come to equipment that works; who should have been there before that is late."""
    scheme = make_scheme(
        {
            Milestone.ARRIVE: minutes(60),
            Milestone.SUBSTITUTE: minutes(120),
            REPAIR: minutes(240),
        },
        loaner=LoanerClause(LoanerRule.SAME),
    )

    found = clocks(make_ticket(), [event(EventKind.REPAIRED, 90)], scheme, {}, FRIDAY_16 + timedelta(hours=9))

    assert [state.state for state in found.values()] == [State.BREACHED, State.CANCELLED, State.MET]
    assert not any(state.is_open for state in found.values())


@pytest.mark.parametrize(("stops_repair", "state"), [(True, State.MET), (False, State.BREACHED)])
def test_a_loaner_meets_substitute_and_stops_the_repair_only_where_the_scheme_says_so(
    stops_repair: bool, state: State
) -> None:
    """By default the repair runs on behind the loaner."""
    scheme = make_scheme(
        {Milestone.SUBSTITUTE: minutes(120), REPAIR: minutes(120)},
        loaner=LoanerClause(LoanerRule.SAME, stops_repair=stops_repair),
    )
    events = [event(EventKind.LOANER_IN_PLACE, 100), event(EventKind.REPAIRED, 500)]

    found = clocks(make_ticket(), events, scheme, {}, FRIDAY_16 + timedelta(hours=9))

    assert found[Milestone.SUBSTITUTE].state is State.MET
    assert found[REPAIR].state is state


def test_the_customer_sets_the_time_and_may_change_it() -> None:
    """Nothing is due until a time is named; the last one named holds."""
    scheme = make_scheme({REPAIR: CUSTOMER_SET})
    named = event(EventKind.CUSTOMER_SET, 10, "repair 2026-03-07T09:00Z")
    changed = event(EventKind.CUSTOMER_SET, 20, "repair 2026-03-08T09:00Z")

    assert repair(scheme, named, now=9).state is State.AWAITING_CUSTOMER
    assert repair(scheme, named, now=10).due_at == moment("2026-03-07T09:00Z")
    assert repair(scheme, named, changed, now=30).due_at == moment("2026-03-08T09:00Z")
    assert repair(scheme, named, now=moment("2026-03-07T09:01Z")).state is State.BREACHED


def test_what_is_not_promised_has_no_due_time() -> None:
    """Not promised is a word of the scheme, not an empty field."""
    state = repair(make_scheme({REPAIR: NOT_PROMISED}), event(EventKind.REPAIRED, 5), now=10)

    assert (state.state, state.promise, state.due_at) == (State.NOT_PROMISED, Promise.NOT_PROMISED, None)
    assert state.met_at == FRIDAY_16 + timedelta(minutes=5)


def test_remote_areas_are_excepted() -> None:
    """The scheme says which milestones; the ticket says where."""
    scheme = make_scheme({REPAIR: minutes(60)}, remote_excepted=frozenset({REPAIR}))

    found = clocks(make_ticket(remote=True), (), scheme, {}, FRIDAY_16)

    assert found[REPAIR].state is State.NOT_PROMISED


def test_the_same_day_ends_at_midnight_in_the_schemes_zone() -> None:
    """A question asked at eight in the evening is due at midnight, not tomorrow at eight."""
    scheme = find_scheme(builtin_schemes(), "field-24-48")
    reported_at = moment("2026-03-06T20:00+08:00")
    ticket = Ticket("T-1", "S-1", "", scheme.id, "1", Severity.P4, TicketKind.ADVICE, reported_at)

    state = clocks(ticket, (), scheme, {}, reported_at)[REPAIR]

    assert state.due_at == moment("2026-03-07T00:00+08:00")
    assert state.remaining_s == 4 * 3600


def test_a_calendar_handed_in_takes_the_place_of_the_schemes_own() -> None:
    """A region keeps its own days off under the calendar id the scheme uses."""
    own = weekly("office", "UTC", {"mon-sun": "08:00-17:00"})

    found = clocks(make_ticket(), (), PREMIUM, {"office": own}, FRIDAY_16)

    assert found[REPAIR].due_at == moment("2026-03-07T10:00Z")


GRADED = {
    Severity.P1: minutes(60),
    Severity.P2: minutes(300),
    Severity.P3: NOT_PROMISED,
    Severity.P4: minutes(900),
}


@pytest.mark.parametrize(
    ("change", "to", "due_min"),
    [
        (SeverityChange.RESTART, "P1", 180),
        (SeverityChange.RESTART, "P4", 1020),
        (SeverityChange.RESTART, "P3", None),
        (SeverityChange.CARRY, "P1", 60),
        (SeverityChange.CARRY, "P4", 900),
        (SeverityChange.CARRY, "P3", None),
        (SeverityChange.TIGHTEN_ONLY, "P1", 180),
        (SeverityChange.TIGHTEN_ONLY, "P4", 300),
        (SeverityChange.TIGHTEN_ONLY, "P3", 300),
    ],
)
def test_a_change_of_severity_follows_the_schemes_rule(
    change: SeverityChange, to: str, due_min: int | None
) -> None:
    """P2 (300 minutes) changed after 120 minutes, under each of the three rules."""
    scheme = make_scheme({REPAIR: GRADED}, change=change)

    state = repair(scheme, event(EventKind.SEVERITY_CHANGED, 120, to), now=121)

    assert state.due_at == (None if due_min is None else FRIDAY_16 + timedelta(minutes=due_min))


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 300), st.sampled_from(list(Severity))), min_size=1, max_size=4),
    st.integers(0, 2000),
    st.sampled_from([SeverityChange.RESTART, SeverityChange.CARRY]),
)
def test_restart_and_carry_count_as_a_ticket_of_the_last_severity_would(
    steps: list[tuple[int, Severity]], now: int, change: SeverityChange
) -> None:
    """Restart: as if reported at the last change; carry: as if it had had the last severity from the report on."""
    scheme = make_scheme({REPAIR: GRADED}, change=change)
    changes = []
    minute = 0
    for gap, to in steps:
        minute += gap
        changes.append(event(EventKind.SEVERITY_CHANGED, minute, to))
    at = max(now, minute)
    start = FRIDAY_16 + timedelta(minutes=minute if change is SeverityChange.RESTART else 0)

    state = repair(scheme, *changes, now=at)

    as_new = repair(scheme, now=FRIDAY_16 + timedelta(minutes=at), reported_at=start, severity=steps[-1][1])
    assert (state.state, state.due_at, state.elapsed_s) == (as_new.state, as_new.due_at, as_new.elapsed_s)


@pytest.mark.parametrize("to", ["P1", "P2", "P4"])
def test_tighten_only_gives_a_time_where_none_was_promised(to: str) -> None:
    """What had no time gets one counted from the change."""
    scheme = make_scheme({REPAIR: GRADED}, change=SeverityChange.TIGHTEN_ONLY)

    state = repair(scheme, event(EventKind.SEVERITY_CHANGED, 120, to), now=121, severity=Severity.P3)

    assert state.due_at == FRIDAY_16 + timedelta(minutes=120 + GRADED[Severity(to)].amount)


@given(st.lists(st.sampled_from(["P1", "P2", "P4"]), max_size=5), st.sampled_from(["P1", "P2", "P4"]))
def test_tighten_only_never_moves_a_due_time_back(changes: list[str], last: str) -> None:
    """No change of severity costs the customer time already promised."""
    scheme = make_scheme({REPAIR: GRADED}, change=SeverityChange.TIGHTEN_ONLY)
    events = [event(EventKind.SEVERITY_CHANGED, 10 * i, to) for i, to in enumerate([*changes, last])]

    before, after = repair(scheme, *events[:-1], now=60), repair(scheme, *events, now=60)

    assert before.due_s is not None
    assert after.due_s is not None
    assert after.due_s <= before.due_s


def test_a_change_after_the_repair_changes_nothing() -> None:
    """What is done was done under the severity it had."""
    scheme = make_scheme({REPAIR: GRADED}, change=SeverityChange.RESTART)
    done = event(EventKind.REPAIRED, 200)

    for later in (200, 210):
        state = repair(scheme, done, event(EventKind.SEVERITY_CHANGED, later, "P1"), now=300)

        assert state == repair(scheme, done, now=300)


NIGHT = st.integers(0, 20).map(lambda day: moment("2026-03-06T17:00Z") + timedelta(days=day))


@settings(deadline=None)
@given(NIGHT, st.integers(0, 15 * 60), st.integers(0, 15 * 60))
def test_a_pause_outside_hours_changes_nothing(evening: datetime, start: int, end: int) -> None:
    """Between five in the evening and eight in the morning no time runs that could be stopped."""
    first, last = sorted((start, end))
    pause = (
        event(EventKind.WAITING, evening + timedelta(minutes=first), "customer"),
        event(EventKind.RESUMED, evening + timedelta(minutes=last)),
    )
    now = moment("2026-04-20T12:00Z")

    assert repair(PREMIUM, *pause, now=now) == repair(PREMIUM, now=now)


@settings(deadline=None)
@given(st.lists(st.integers(0, 6000), min_size=3, max_size=8, unique=True).map(sorted), st.integers(0, 9000))
def test_splitting_a_pause_changes_nothing(cuts: list[int], now: int) -> None:
    """One wait or many that follow each other without a gap are the same wait."""
    whole = [event(EventKind.WAITING, cuts[0], "customer"), event(EventKind.RESUMED, cuts[-1])]
    split = [
        piece
        for start, end in pairwise(cuts)
        for piece in (event(EventKind.WAITING, start, "customer"), event(EventKind.RESUMED, end))
    ]
    renewed = [*(event(EventKind.WAITING, cut, "customer") for cut in cuts[:-1]), whole[-1]]

    assert repair(PREMIUM, *split, now=now) == repair(PREMIUM, *whole, now=now)
    assert repair(PREMIUM, *renewed, now=now) == repair(PREMIUM, *whole, now=now)


@settings(deadline=None)
@given(
    st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Shanghai", "Australia/Lord_Howe"]),
    st.integers(0, 800).map(lambda day: moment("2024-01-01T00:00Z") + timedelta(days=day, minutes=day * 37)),
    st.integers(1, 60 * 24 * 12),
)
def test_elapsed_promises_know_no_daylight_saving_leap_day_or_zone(
    zone: str, reported_at: datetime, amount: int
) -> None:
    """Twenty-four hours are twenty-four hours, also in the night the clocks change and on 29 February."""
    always = weekly("always", zone, {"mon-sun": "00:00-24:00"})
    elapsed = make_scheme({REPAIR: minutes(amount)})
    business = make_scheme({REPAIR: minutes(amount, "always")}, always)

    plain = repair(elapsed, now=reported_at, reported_at=reported_at)

    assert plain.due_at == reported_at + timedelta(minutes=amount)
    assert repair(business, now=reported_at, reported_at=reported_at).due_at == plain.due_at


def test_working_days_skip_holidays_and_count_make_up_days() -> None:
    """Three working days from Friday 13 February 2026, 16:00: the Saturday counts, Spring Festival does not."""
    scheme = find_scheme(builtin_schemes(), "product-warranty")
    reported_at = moment("2026-02-13T16:00+08:00")
    ticket = Ticket("T-1", "S-1", "A-1", scheme.id, "1", Severity.P3, TicketKind.FAULT, reported_at)

    state = clocks(ticket, (), scheme, {}, reported_at)[REPAIR]

    assert state.due_at == moment("2026-02-25T16:00+08:00")


@pytest.mark.parametrize("name", sorted({name for name, _ in builtin_schemes()}))
@pytest.mark.parametrize("severity", list(Severity))
def test_every_shipped_scheme_runs_from_report_to_repair(name: str, severity: Severity) -> None:
    """Opened, waited for, repaired: each clock ends, and its printed arithmetic adds up to its due time."""
    scheme = find_scheme(builtin_schemes(), name)
    ticket = Ticket("T-1", "S-1", "A-1", name, scheme.version, severity, TicketKind.FAULT, FRIDAY_16)
    events = [
        event(EventKind.RESPONDED, 20),
        event(EventKind.WAITING, 60, "customer"),
        event(EventKind.RESUMED, 90),
        event(EventKind.ON_SITE, 200),
        event(EventKind.REPAIRED, 300),
        event(EventKind.DELIVERED, 310),
        event(EventKind.CLOSED, 400),
    ]

    for now in (FRIDAY_16, FRIDAY_16 + timedelta(minutes=70), FRIDAY_16 + timedelta(days=9)):
        for state in clocks(ticket, events, scheme, {}, now).values():
            steps = arithmetic(state, ticket, events, scheme, {}, now)
            assert_steps_add_up(state, [(step.code, dict(step.params)) for step in steps])
    assert not any(state.is_open for state in clocks(ticket, events, scheme, {}, now).values())


def assert_steps_add_up(state: ClockState, steps: list[tuple[str, dict[str, object]]]) -> None:
    """What was counted is what was promised."""
    assert steps[0][0] == "arithmetic.reported"
    counted = [
        int(str(values["counted_s"])) for code, values in steps if code.startswith("arithmetic.counted")
    ]
    allowed = [
        int(str(values["within_s"])) for code, values in steps if code.startswith("arithmetic.allowed")
    ]
    if state.promise is Promise.TIMED:
        assert len(allowed) == 1
        assert not counted or sum(counted) == allowed[0]
        assert any(values.get("due_at") for _, values in steps)


def test_long_arithmetic_is_summed_up() -> None:
    """Sixty working days fill no screen, and still add up."""
    scheme = make_scheme({REPAIR: Term(Promise.TIMED, "test", 60, Unit.DAY, "office")}, OFFICE)
    state = repair(scheme)

    steps = arithmetic(state, make_ticket(), (), scheme, {}, FRIDAY_16)

    assert_steps_add_up(state, [(step.code, dict(step.params)) for step in steps])
    assert len(steps) < 20
    assert state.due_at == OFFICE.add(FRIDAY_16, 60 * 9 * 3600)
