"""Loaners: owed from the forecast finish, followed from the reservation to the inspection, reminded of when overdue."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.desk.clause import LoanerClause, LoanerRule
from dispatch.desk.clock import State, clocks
from dispatch.desk.customer import Asset
from dispatch.desk.loan import (
    LoanEvent,
    LoanStanding,
    LoanState,
    LoanStep,
    TicketLoan,
    as_ticket_event,
    check_loan,
    check_units,
    loan_days,
    loan_standing,
    needed_until,
)
from dispatch.desk.loan_owed import LoanOwed, Owing, loan_owed, reminders
from dispatch.desk.milestone import Milestone, TicketKind
from dispatch.desk.scheme import Scheme
from dispatch.desk.ticket import EventKind, TicketEvent
from kernel.errors import Refusal
from tests.desk_builders import FRIDAY_16, NOT_PROMISED, event, make_scheme, make_ticket, minutes

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CLAUSE = LoanerClause(LoanerRule.SAME)
UNTIL_REPAIRED = LoanerClause(LoanerRule.EQUAL, until_repaired=True)
SCHEME = make_scheme(
    {Milestone.SUBSTITUTE: minutes(24 * 60), Milestone.REPAIR: minutes(24 * 60)}, loaner=CLAUSE
)
NO_REPAIR_TIME = make_scheme(
    {Milestone.SUBSTITUTE: minutes(24 * 60), Milestone.REPAIR: NOT_PROMISED}, loaner=CLAUSE
)
TICKET = make_ticket()
ASSET = Asset("A-1", "S-1", loaner_class="MFP-A3")
LOAN = TicketLoan("L-1", "T-1", "LU-7", FRIDAY_16, "E01")
DUE_BACK = FRIDAY_16 + 10 * DAY
WAY = (
    LoanStep.PREPARING,
    LoanStep.OUT,
    LoanStep.AT_CUSTOMER,
    LoanStep.BACK,
    LoanStep.INSPECTING,
    LoanStep.PASSED,
)


def step(kind: LoanStep, hours: float, due_back: datetime | None = None) -> LoanEvent:
    """A step some hours after the reservation; what leaves is lent for ten days."""
    lends = kind in {LoanStep.OUT, LoanStep.EXTENDED}
    return LoanEvent(
        "L-1", FRIDAY_16 + hours * HOUR, kind, "E01", "because", (due_back or DUE_BACK) if lends else None
    )


def owed(
    scheme: Scheme,
    forecast_at: datetime | None,
    events: list[TicketEvent] | None = None,
    *,
    hours: float = 1,
    loans: tuple[tuple[TicketLoan, LoanStanding], ...] = (),
    asset: Asset | None = ASSET,
) -> LoanOwed | None:
    """What is owed some hours after the report."""
    folded = clocks(TICKET, events or [], scheme, {}, FRIDAY_16 + hours * HOUR)
    return loan_owed(TICKET, asset, scheme, folded, forecast_at=forecast_at, loans=loans)


@pytest.mark.parametrize("scheme", [SCHEME, NO_REPAIR_TIME])
@pytest.mark.parametrize(
    ("hours", "why"), [(24, None), (24.01, Owing.OVERRUN), (90, Owing.OVERRUN), (None, Owing.NO_FORECAST)]
)
def test_a_loaner_is_owed_once_the_forecast_passes_the_promise(
    scheme: Scheme, hours: float | None, why: Owing | None
) -> None:
    """Known in time it can be brought in time: the forecast decides, not the missed hour. Nobody knowing is no promise kept."""
    forecast = None if hours is None else FRIDAY_16 + hours * HOUR

    found = owed(scheme, forecast)

    assert (found and found.why) == why
    if found is not None:
        assert found.due_at == FRIDAY_16 + 24 * HOUR
        assert (found.loaner_class, found.rule, found.loan) == ("MFP-A3", LoanerRule.SAME, "")


def test_the_repairs_own_time_decides_where_it_is_promised() -> None:
    """A repair promised in 48 hours and forecast for 30 is in time: the loaner bridges an overrun, nothing else."""
    terms = {Milestone.SUBSTITUTE: minutes(24 * 60), Milestone.REPAIR: minutes(48 * 60)}

    found = owed(make_scheme(terms, loaner=CLAUSE), FRIDAY_16 + 30 * HOUR)

    assert found is None


def test_a_scheme_without_the_clause_owes_none() -> None:
    """A loaner is a promise, not a habit."""
    scheme = make_scheme({Milestone.REPAIR: minutes(24 * 60)})

    assert owed(scheme, FRIDAY_16 + 90 * HOUR) is None


@pytest.mark.parametrize(
    "kind", [EventKind.REPAIRED, EventKind.LOANER_IN_PLACE, EventKind.CANCELLED, EventKind.CLOSED]
)
def test_nothing_is_owed_once_the_customer_is_helped(kind: EventKind) -> None:
    """A loaner sent to a machine that runs is missing elsewhere."""
    assert owed(SCHEME, FRIDAY_16 + 90 * HOUR, [event(kind, 30)]) is None


def test_an_asset_without_a_class_is_asked_for_not_guessed() -> None:
    """The debt is real even where nobody wrote down what could stand in."""
    found = owed(SCHEME, None, asset=None)

    assert found is not None
    assert found.loaner_class == ""


def test_a_reserved_unit_answers_the_debt_and_a_released_one_does_not() -> None:
    """What is answered is not ordered twice; what was given up is owed again."""
    kept = (LOAN, loan_standing([], CLAUSE, FRIDAY_16))
    given_up = (LOAN, loan_standing([step(LoanStep.RELEASED, 0.5)], CLAUSE, FRIDAY_16 + HOUR))

    answered = owed(SCHEME, None, loans=(kept,))
    again = owed(SCHEME, None, loans=(given_up,))

    assert answered is not None
    assert again is not None
    assert (answered.loan, again.loan) == ("L-1", "")


def test_a_standing_loaner_meets_substitute_and_stops_repair_where_the_scheme_says_so() -> None:
    """The loan's step is a step of the ticket; whether the repair clock minds is the scheme's word."""
    stands = as_ticket_event(LOAN, step(LoanStep.AT_CUSTOMER, 20))
    assert stands is not None
    now = FRIDAY_16 + 40 * HOUR
    stopping = replace(SCHEME, loaner=replace(CLAUSE, stops_repair=True))

    runs_on = clocks(TICKET, [stands], SCHEME, {}, now)
    stops = clocks(TICKET, [stands], stopping, {}, now)

    assert runs_on[Milestone.SUBSTITUTE].state is State.MET
    assert runs_on[Milestone.REPAIR].state is State.BREACHED
    assert stops[Milestone.REPAIR].state is State.MET
    assert as_ticket_event(LOAN, step(LoanStep.OUT, 20)) is None


def test_a_loan_goes_through_every_state() -> None:
    """Reserved, preparing, out, at the customer's, return due, back, inspecting, free again."""
    events = [step(kind, hours) for hours, kind in enumerate(WAY[:3], start=1)]
    events += [step(kind, 20 * 24 + hours) for hours, kind in enumerate(WAY[3:], start=1)]
    moments = [0, 1, 2, 3, 11 * 24, 20 * 24 + 1, 20 * 24 + 2, 20 * 24 + 3]

    states = [loan_standing(events, CLAUSE, FRIDAY_16 + at * HOUR).state.value for at in moments]

    assert states == [
        "reserved",
        "preparing",
        "out",
        "at_customer",
        "return_due",
        "back",
        "inspecting",
        "passed",
    ]


@pytest.mark.parametrize(
    ("clause", "needed", "days", "due"),
    [
        (CLAUSE, None, 9, None),
        (CLAUSE, None, 10, DUE_BACK),
        (CLAUSE, FRIDAY_16 + 4 * DAY, 5, FRIDAY_16 + 4 * DAY),
        (UNTIL_REPAIRED, None, 30, None),
        (UNTIL_REPAIRED, FRIDAY_16 + 4 * DAY, 5, FRIDAY_16 + 4 * DAY),
        (UNTIL_REPAIRED, FRIDAY_16 + 20 * DAY, 30, FRIDAY_16 + 20 * DAY),
    ],
)
def test_the_return_is_due_when_the_scheme_says(
    clause: LoanerClause, needed: datetime | None, days: int, due: datetime | None
) -> None:
    """002: 直至故障修复为止. Lent until the repair means that no date takes it away before."""
    out = [step(LoanStep.OUT, 1), step(LoanStep.AT_CUSTOMER, 2)]

    found = loan_standing(out, clause, FRIDAY_16 + days * DAY, needed_until=needed)

    assert found.return_due_at == due
    assert found.state is (LoanState.AT_CUSTOMER if due is None else LoanState.RETURN_DUE)


def test_an_extension_moves_the_return() -> None:
    """What was agreed last holds."""
    out = [
        step(LoanStep.OUT, 1),
        step(LoanStep.AT_CUSTOMER, 2),
        step(LoanStep.EXTENDED, 48, FRIDAY_16 + 20 * DAY),
    ]

    found = loan_standing(out, CLAUSE, FRIDAY_16 + 15 * DAY)

    assert (found.state, found.due_back_at) == (LoanState.AT_CUSTOMER, FRIDAY_16 + 20 * DAY)


@pytest.mark.parametrize(
    ("kinds", "needed"),
    [
        ([], None),
        ([EventKind.REPAIRED], 1),
        ([EventKind.REPAIRED, EventKind.CLOSED], 1),
        ([EventKind.REPAIRED, EventKind.REOPENED], None),
        ([EventKind.REPAIRED, EventKind.REOPENED, EventKind.REPAIRED], 3),
        ([EventKind.COLLECTED, EventKind.REPAIRED, EventKind.TESTED], None),
        ([EventKind.COLLECTED, EventKind.REPAIRED, EventKind.TESTED, EventKind.RETURNED], 4),
        ([EventKind.CANCELLED], 1),
    ],
)
def test_the_customer_needs_it_until_his_own_runs_at_his_place(
    kinds: list[EventKind], needed: int | None
) -> None:
    """A unit repaired on the bench helps nobody until it is back."""
    events = [event(kind, 60 * number) for number, kind in enumerate(kinds, start=1)]

    found = needed_until(events, FRIDAY_16 + DAY)

    assert found == (None if needed is None else FRIDAY_16 + needed * HOUR)


def test_the_overdue_ladder_lists_what_is_due_and_what_was_done() -> None:
    """A reminder counts for the next step of the ladder; one that nobody made stays visible."""
    events = [
        step(LoanStep.OUT, 1),
        step(LoanStep.AT_CUSTOMER, 2),
        step(LoanStep.REMINDED, 10 * 24 + 30),
    ]
    now = DUE_BACK + 4 * DAY

    found = reminders(loan_standing(events, CLAUSE, now), (1, 3, 7), now)

    assert [(one.number, one.due_at, one.done_at) for one in found] == [
        (1, DUE_BACK + DAY, DUE_BACK + 30 * HOUR),
        (2, DUE_BACK + 3 * DAY, None),
    ]


def test_a_step_of_the_ladder_is_due_from_its_moment_on() -> None:
    """A day after the return was due, to the second."""
    out = [step(LoanStep.OUT, 1), step(LoanStep.AT_CUSTOMER, 2)]
    before, at = DUE_BACK + DAY - timedelta(seconds=1), DUE_BACK + DAY

    assert reminders(loan_standing(out, CLAUSE, before), (1, 3, 7), before) == ()
    assert len(reminders(loan_standing(out, CLAUSE, at), (1, 3, 7), at)) == 1


def test_nobody_is_reminded_of_a_unit_that_is_back() -> None:
    """The ladder ends with the return; what was due before it and not done stays on record."""
    events = [step(LoanStep.OUT, 1), step(LoanStep.AT_CUSTOMER, 2), step(LoanStep.BACK, 12 * 24)]
    now = DUE_BACK + 30 * DAY

    found = reminders(loan_standing(events, CLAUSE, now), (1, 3, 7), now)

    assert [(one.number, one.done_at) for one in found] == [(1, None)]


@pytest.mark.parametrize(
    ("steps", "codes"),
    [
        ([(LoanStep.PREPARING, 1), (LoanStep.OUT, 2), (LoanStep.AT_CUSTOMER, 3), (LoanStep.BACK, 4)], []),
        ([(LoanStep.OUT, 1), (LoanStep.BACK, 4)], []),
        (
            [
                (LoanStep.OUT, 1),
                (LoanStep.BACK, 2),
                (LoanStep.INSPECTING, 3),
                (LoanStep.FAILED, 4),
                (LoanStep.INSPECTING, 5),
                (LoanStep.PASSED, 6),
            ],
            [],
        ),
        ([(LoanStep.AT_CUSTOMER, 1)], ["loan.no_such_move"]),
        ([(LoanStep.OUT, 1), (LoanStep.RELEASED, 2)], ["loan.no_such_move"]),
        ([(LoanStep.OUT, 1), (LoanStep.BACK, 2), (LoanStep.PASSED, 3)], ["loan.no_such_move"]),
        ([(LoanStep.PREPARING, 1), (LoanStep.REMINDED, 2)], ["loan.no_such_move"]),
        ([(LoanStep.PREPARING, -1)], ["loan.before_reserved"]),
        ([(LoanStep.PREPARING, 3), (LoanStep.OUT, 2)], ["loan.out_of_order"]),
    ],
)
def test_every_move_is_checked(steps: list[tuple[LoanStep, float]], codes: list[str]) -> None:
    """A unit that is inspected before it is back was never away."""
    found = check_loan(LOAN, [step(kind, hours) for kind, hours in steps])

    assert [refusal.code for refusal in found] == codes


def test_a_step_of_another_loan_is_refused() -> None:
    """Somebody else's return would end this loan."""
    other = replace(step(LoanStep.PREPARING, 1), loan="L-2")

    assert [refusal.code for refusal in check_loan(LOAN, [other])] == ["loan.of_another"]


def test_a_unit_is_held_by_one_loan_at_a_time() -> None:
    """Two customers cannot have the same machine; after the inspection another may."""
    second = replace(LOAN, id="L-2", ticket="T-2")
    over = [step(kind, n) for n, kind in enumerate(WAY, start=1)]
    later = replace(second, reserved_at=over[-1].at)

    twice = check_units([LOAN, second], {})
    in_turn = check_units([LOAN, later], {LOAN.id: over})
    too_soon = check_units([LOAN, second], {LOAN.id: over})

    assert [refusal.code for refusal in twice] == ["loan.unit_held_twice"]
    assert list(in_turn) == []
    assert [refusal.code for refusal in too_soon] == ["loan.unit_held_twice"]


@pytest.mark.parametrize(
    ("kind", "reason", "due", "code"),
    [
        (LoanStep.OUT, "", None, "loan.due_back_missing"),
        (LoanStep.OUT, "", FRIDAY_16 - HOUR, "loan.due_back_passed"),
        (LoanStep.BACK, "", DUE_BACK, "loan.due_back_not_used"),
        (LoanStep.FAILED, " ", None, "loan.reason_missing"),
        (LoanStep.EXTENDED, "", DUE_BACK, "loan.reason_missing"),
    ],
)
def test_a_step_that_says_too_little_or_too_much_is_refused(
    kind: LoanStep, reason: str, due: datetime | None, code: str
) -> None:
    """What a step means must stand in it."""
    with pytest.raises(Refusal) as caught:
        LoanEvent("L-1", FRIDAY_16, kind, "E01", reason, due)

    assert caught.value.code == code


def test_loaner_days_are_started_days() -> None:
    """A day on loan is paid for whole."""
    out = loan_standing([step(LoanStep.OUT, 1)], CLAUSE, FRIDAY_16 + 26 * HOUR)

    assert loan_days(out, FRIDAY_16 + 25 * HOUR) == 1
    assert loan_days(out, FRIDAY_16 + 26 * HOUR) == 2
    assert loan_days(loan_standing([], CLAUSE, FRIDAY_16), FRIDAY_16 + DAY) == 0


WALKS = st.lists(st.sampled_from(list(LoanStep)), max_size=14)


def allowed(kinds: list[LoanStep]) -> list[LoanEvent]:
    """The steps of a walk that the rules let happen, an hour after each other."""
    kept: list[LoanEvent] = []
    for kind in kinds:
        following = [*kept, step(kind, len(kept) + 1)]
        if not list(check_loan(LOAN, following)):
            kept = following
    return kept


@settings(deadline=None)
@given(WALKS, st.integers(0, 15), st.none() | st.integers(0, 400))
def test_a_checked_history_has_its_moments_in_order(
    kinds: list[LoanStep], hours: int, needed: int | None
) -> None:
    """Whatever happened: it left before it stood, stood before it came back, and is due back only while away."""
    until = None if needed is None else FRIDAY_16 + needed * HOUR
    now = FRIDAY_16 + hours * HOUR

    found = loan_standing(allowed(kinds), CLAUSE, now, needed_until=until)

    known = [at for at in (found.out_at, found.stands_at, found.back_at) if at is not None]
    assert known == sorted(known)
    assert (found.stands_at is None) or (found.out_at is not None)
    assert (found.state is LoanState.RETURN_DUE) <= (found.return_due_at is not None)
    assert found.state.covers <= found.state.holds_unit
    assert loan_days(found, now) >= (found.out_at is not None and found.out_at < now)


@settings(deadline=None)
@given(WALKS, st.integers(0, 15))
def test_what_is_not_yet_known_does_not_count(kinds: list[LoanStep], hours: int) -> None:
    """The fold at a past moment gives what was known then."""
    events = allowed(kinds)
    now = FRIDAY_16 + hours * HOUR

    whole = loan_standing(events, CLAUSE, now)
    known = loan_standing([one for one in events if one.at <= now], CLAUSE, now)

    assert whole == known


@pytest.mark.parametrize("kind", [kind for kind in TicketKind if kind is not TicketKind.FAULT])
def test_only_a_fault_owes_a_loaner(kind: TicketKind) -> None:
    """Nothing stands still because somebody wants advice or a cleaning."""
    ticket = replace(TICKET, kind=kind)
    folded = clocks(ticket, [], SCHEME, {}, FRIDAY_16)

    assert loan_owed(ticket, ASSET, SCHEME, folded, forecast_at=None) is None


@settings(deadline=None)
@given(st.integers(1, 5000), st.integers(1, 5000), st.none() | st.integers(0, 6000), st.integers(0, 6000))
def test_a_loaner_is_owed_exactly_while_the_promise_will_be_broken(
    substitute_m: int, repair_m: int, forecast_m: int | None, now_m: int
) -> None:
    """Neither the present moment nor the loaner's own time changes whether the repair overruns."""
    terms = {Milestone.SUBSTITUTE: minutes(substitute_m), Milestone.REPAIR: minutes(repair_m)}
    scheme = make_scheme(terms, loaner=CLAUSE)
    forecast = None if forecast_m is None else FRIDAY_16 + timedelta(minutes=forecast_m)

    found = owed(scheme, forecast, hours=now_m / 60)

    assert (found is not None) == (forecast_m is None or forecast_m > repair_m)
