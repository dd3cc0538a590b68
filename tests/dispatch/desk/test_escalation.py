"""Escalation: whom to tell when, over nights and holidays, and what was due and never done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.desk.clause import LadderRole, Rung
from dispatch.desk.escalation import (
    Escalated,
    LadderStep,
    StepState,
    escalation,
    ladder_tasks,
)
from dispatch.desk.milestone import Milestone, Severity, TicketKind, Wait
from dispatch.desk.on_call import RosterDuty, Watch, roster
from dispatch.desk.scheme import Scheme
from dispatch.desk.scheme_file import builtin_schemes, find_scheme
from dispatch.desk.ticket import EventKind, TicketEvent
from kernel.calendars import weekly
from kernel.clock import moment
from kernel.errors import Refusal
from tests.desk_builders import FRIDAY_16, NOT_PROMISED, OFFICE, event, make_scheme, make_ticket, minutes

HOUR = timedelta(hours=1)
DISPATCHER, CENTRE, MANAGER = LadderRole.DISPATCHER, LadderRole.SPECIALIST_CENTRE, LadderRole.MANAGER
LADDER = (
    Rung(DISPATCHER, "test", after=minutes(60)),
    Rung(CENTRE, "test", milestone=Milestone.REPAIR, percent=50, on_call=True),
    Rung(MANAGER, "test", milestone=Milestone.REPAIR, percent=100, on_call=True),
)
PLAIN = make_scheme(
    {Milestone.RESPOND: minutes(120), Milestone.REPAIR: minutes(24 * 60)},
    OFFICE,
    pauses={Wait.CUSTOMER: frozenset({Milestone.REPAIR})},
)
SCHEME = replace(PLAIN, ladder=LADDER)
HOURS = {DISPATCHER: OFFICE, CENTRE: OFFICE}
WATCHES = roster(
    [
        RosterDuty("D-1", MANAGER, "E01", FRIDAY_16, FRIDAY_16 + 200 * HOUR),
        RosterDuty("D-2", MANAGER, "E02", FRIDAY_16, FRIDAY_16 + 200 * HOUR, 2),
        RosterDuty("D-3", CENTRE, "E05", FRIDAY_16, FRIDAY_16 + 10 * HOUR),
    ]
)


def told(role: LadderRole, hours: float, person: str = "E09") -> Escalated:
    """Somebody was told some hours after the report."""
    return Escalated("T-1", FRIDAY_16 + hours * HOUR, "E20", role, person, "will look at it")


def ladder(
    hours: float,
    events: Sequence[TicketEvent] = (),
    *said: Escalated,
    scheme: Scheme = SCHEME,
    watches: Sequence[Watch] = WATCHES,
    severity: Severity = Severity.P2,
) -> tuple[LadderStep, ...]:
    """The ladder some hours after the report."""
    ticket = make_ticket(severity=severity)
    now = FRIDAY_16 + hours * HOUR
    return escalation(ticket, events, scheme, {}, now, told=said, watches=watches, hours=HOURS)


def test_rungs_come_due_one_after_the_other() -> None:
    """After an hour the dispatcher, at half the time the centre, at all of it the manager; no rung is skipped."""
    shown = {hours: [step.state.value for step in ladder(hours)] for hours in (0, 12, 24, 64)}

    assert shown == {
        0: ["ahead", "ahead", "ahead"],
        12: ["ahead", "due", "ahead"],
        24: ["ahead", "due", "due"],
        64: ["due", "due", "due"],
    }


def test_who_is_not_to_be_woken_is_told_when_his_hours_begin() -> None:
    """Friday 17:00 closes the office: the dispatcher's hour ends on Monday at eight, the manager's on Saturday night."""
    dispatcher, _, manager = ladder(0)

    assert dispatcher.due_at == moment("2026-03-09T08:00Z")
    assert manager.due_at == FRIDAY_16 + 24 * HOUR


def test_at_night_the_roster_says_whom_to_call_and_shows_a_gap() -> None:
    """Saturday four in the morning: the centre's duty has ended, the manager and his substitute are there."""
    _, centre, manager = ladder(12)

    assert (centre.tell, centre.unmanned) == ((), True)
    assert (manager.tell, manager.unmanned) == (("E01", "E02"), False)


def test_on_a_holiday_the_roster_counts_and_not_the_weekday() -> None:
    """1 May is a Friday in 2026: nobody is at work in the centre although the week says so."""
    china = weekly("cn", "Asia/Shanghai", {"mon-fri": "09:00-18:00"}, country="CN")
    rung = Rung(CENTRE, "test", after=minutes(60), on_call=True)
    ticket = make_ticket(moment("2026-05-01T10:00+08:00"))
    duty = RosterDuty("D-1", CENTRE, "E05", ticket.reported_at, ticket.reported_at + 24 * HOUR)
    scheme = replace(PLAIN, ladder=(rung,))
    now = ticket.reported_at + HOUR

    with_duty = escalation(ticket, [], scheme, {}, now, watches=roster([duty]), hours={CENTRE: china})
    without = escalation(ticket, [], scheme, {}, now, hours={CENTRE: china})

    assert (with_duty[0].tell, with_duty[0].unmanned) == (("E05",), False)
    assert (without[0].tell, without[0].unmanned) == ((), True)


def test_what_was_told_is_done_in_time_or_late() -> None:
    """Told sooner is told; told later stays visible as late."""
    steps = ladder(90, [], told(MANAGER, 1), told(CENTRE, 30), told(DISPATCHER, 80))

    assert [step.state for step in steps] == [StepState.DONE_LATE, StepState.DONE_LATE, StepState.DONE]
    assert [step.person for step in steps] == ["E09"] * 3


def test_told_at_the_very_moment_is_told_in_time() -> None:
    """A due time is kept up to and including its second."""
    assert ladder(90, [], told(MANAGER, 24))[2].state is StepState.DONE


@pytest.mark.parametrize(
    ("repaired_h", "states"),
    [
        (12, ["not_needed", "not_needed", "not_needed"]),
        (11, ["not_needed", "not_needed", "not_needed"]),
        (13, ["not_needed", "not_done", "not_needed"]),
        (25, ["not_needed", "not_done", "not_done"]),
        (70, ["not_done", "not_done", "not_done"]),
    ],
)
def test_a_repair_calls_off_what_lies_ahead_and_keeps_what_was_missed(
    repaired_h: float, states: list[str]
) -> None:
    """Due and not done stays on the list for ever: it is how a desk learns."""
    steps = ladder(100, [event(EventKind.REPAIRED, repaired_h * 60)])

    assert [step.state.value for step in steps] == states


def test_a_reopened_ticket_climbs_on() -> None:
    """A repair that did not hold calls nothing off."""
    events = [event(EventKind.REPAIRED, 60), event(EventKind.REOPENED, 120)]

    assert [step.state for step in ladder(30, events)][1:] == [StepState.DUE, StepState.DUE]


def test_a_pause_the_scheme_allows_moves_the_rungs() -> None:
    """While the customer keeps us waiting nobody is at fault; the rung moves with the due time."""
    waits = [event(EventKind.WAITING, 60, Wait.CUSTOMER), event(EventKind.RESUMED, 7 * 60)]

    _, centre, manager = ladder(12, waits)

    assert centre.due_at == FRIDAY_16 + 18 * HOUR
    assert manager.due_at == FRIDAY_16 + 30 * HOUR
    assert centre.state is StepState.AHEAD


def test_a_rung_belongs_to_the_severity_of_its_moment() -> None:
    """What was due while it was urgent was due; what comes later follows the new severity."""
    urgent = frozenset({Severity.P1})
    rungs = tuple(
        Rung(role, "test", after=minutes(minute), severities=urgent, on_call=True)
        for role, minute in ((CENTRE, 60), (MANAGER, 600))
    )
    lowered = [event(EventKind.SEVERITY_CHANGED, 120, Severity.P3)]

    steps = ladder(20, lowered, scheme=replace(PLAIN, ladder=rungs), severity=Severity.P1)

    assert [(step.role, step.state) for step in steps] == [(CENTRE, StepState.DUE)]


def test_a_milestone_that_is_not_promised_has_no_rung_to_climb() -> None:
    """Half of nothing is never reached; the rung says so instead of vanishing."""
    rung = Rung(MANAGER, "test", milestone=Milestone.REPAIR, percent=50)
    scheme = replace(make_scheme({Milestone.REPAIR: NOT_PROMISED}), ladder=(rung,))

    (step,) = ladder(500, scheme=scheme)

    assert (step.state, step.due_at) == (StepState.NOT_NEEDED, None)


def test_help_asked_for_without_a_rung_is_listed() -> None:
    """An engineer who calls the maker of his own accord does not wait for a ladder, and is not forgotten."""
    *_, last = ladder(2, [], told(LadderRole.MANUFACTURER, 1, "MAKER"))

    assert (last.number, last.state, last.person) == (0, StepState.ASKED, "MAKER")


def test_the_list_of_all_tickets_starts_with_the_longest_due() -> None:
    """What waits longest is seen first, whichever ticket it belongs to."""
    steps = {"T-10": ladder(30), "T-9": ladder(30), "T-1": ladder(5)}

    tasks = ladder_tasks(steps)

    assert [(task.ticket, task.step.role) for task in tasks] == [
        ("T-9", CENTRE),
        ("T-10", CENTRE),
        ("T-9", MANAGER),
        ("T-10", MANAGER),
    ]


def test_the_headline_scheme_climbs_from_the_team_to_the_maker() -> None:
    """002 §4: on-site team, specialist centre, development, manufacturer; the manager when the promise breaks."""
    scheme = find_scheme(builtin_schemes(), "field-2-4-24")
    ticket = make_ticket(severity=Severity.P1)

    steps = escalation(ticket, [], scheme, {}, FRIDAY_16 + 30 * HOUR)

    technical = [step.role.value for step in steps if step.role not in {DISPATCHER, MANAGER}]
    assert technical == ["on-site-team", "specialist-centre", "development", "manufacturer"]
    assert next(step for step in steps if step.role is MANAGER).due_at == FRIDAY_16 + 24 * HOUR


def test_a_preventive_visit_climbs_no_ladder() -> None:
    """Nobody is called at night because a cleaning is planned for next week."""
    ticket = replace(make_ticket(), kind=TicketKind.PREVENTIVE)

    assert escalation(ticket, [], SCHEME, {}, FRIDAY_16 + 90 * HOUR) == ()


def test_an_outcome_is_written_down() -> None:
    """Told without an answer is a call nobody can follow up."""
    with pytest.raises(Refusal, match=r"escalation\.outcome_missing"):
        Escalated("T-1", FRIDAY_16, "E20", MANAGER, "E09", " ")


SAID = st.lists(st.tuples(st.sampled_from(list(LadderRole)), st.integers(0, 100)), max_size=6)
HAPPENED = st.lists(
    st.tuples(
        st.sampled_from([EventKind.REPAIRED, EventKind.REOPENED, EventKind.SEVERITY_CHANGED]),
        st.integers(0, 100),
    ),
    max_size=3,
)


@settings(deadline=None)
@given(SAID, HAPPENED, st.integers(0, 120))
def test_every_telling_stands_once_and_every_rung_has_one_state(
    said: list[tuple[LadderRole, int]], happened: list[tuple[EventKind, int]], now_h: int
) -> None:
    """Nothing is lost and nothing counted twice; what is open was due and has no telling."""
    heard = sorted((told(role, hours) for role, hours in said), key=lambda one: one.at)
    events = [
        event(kind, hours * 60, "P1" if kind is EventKind.SEVERITY_CHANGED else "")
        for kind, hours in sorted(happened, key=lambda one: one[1])
    ]
    now = FRIDAY_16 + now_h * HOUR

    steps = ladder(now_h, events, *heard)

    known = sorted((one.role, one.at) for one in heard if one.at <= now)
    assert sorted((s.role, s.told_at) for s in steps if s.told_at is not None) == known
    assert [step.number for step in steps if step.number] == [1, 2, 3]
    for step in steps:
        if step.open:
            assert step.told_at is None
            assert step.due_at is not None
            assert step.due_at <= now
        if step.state is StepState.AHEAD:
            assert step.due_at is not None
            assert step.due_at > now


@settings(deadline=None)
@given(SAID, HAPPENED, st.integers(0, 120))
def test_what_is_not_yet_known_does_not_count(
    said: list[tuple[LadderRole, int]], happened: list[tuple[EventKind, int]], now_h: int
) -> None:
    """The fold at a past moment gives what was known then."""
    heard = sorted((told(role, hours) for role, hours in said), key=lambda one: one.at)
    events = [
        event(kind, hours * 60, "P1" if kind is EventKind.SEVERITY_CHANGED else "")
        for kind, hours in sorted(happened, key=lambda one: one[1])
    ]
    now = FRIDAY_16 + now_h * HOUR

    whole = ladder(now_h, events, *heard)
    known = ladder(now_h, [one for one in events if one.at <= now], *(one for one in heard if one.at <= now))

    assert whole == known
