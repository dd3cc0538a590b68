"""A ticket's life: what may follow what, what a wait and a reopening do, and what the scheme asks for on the way."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.desk.clause import Handling
from dispatch.desk.life import (
    MOVES,
    OPEN,
    Stage,
    after,
    check_history,
    opening,
    refused,
    state_of,
    work_ended,
)
from dispatch.desk.milestone import Milestone, Severity, Wait
from dispatch.desk.scheme_file import builtin_schemes
from dispatch.desk.ticket import EventKind, RemoteOutcome, TicketEvent, Way
from tests.desk_builders import CUSTOMER_SET, FRIDAY_16, event, make_scheme, make_ticket, minutes

K = EventKind
SCHEME = make_scheme({Milestone.RESPOND: minutes(120), Milestone.ARRIVE: CUSTOMER_SET})
DIGEST = "0f" * 32
VALUES = {
    K.WAITING: "part",
    K.SEVERITY_CHANGED: "P1",
    K.REMOTE_TRIED: "not_solved",
    K.FORECAST_FINISH: "2026-03-07T09:00Z",
    K.PART_NEEDED: "P-1 2",
    K.PART_SHORT: "P-1 2",
    K.TOLD: "2026-03-07T09:00Z front desk",
    K.TIME_ASKED: "2026-03-08T01:00+00:00 2026-03-08T04:00+00:00",
    K.CUSTOMER_SET: "arrive 2026-03-07T09:00Z",
}
"""Kinds that need a value, and one for each."""


def step(kind: EventKind, at: float, reason: str = "because") -> TicketEvent:
    """An event with a value where it needs one."""
    return event(kind, at, VALUES.get(kind, ""), reason)


def walked(*kinds: EventKind) -> list[TicketEvent]:
    """One event a minute."""
    return [step(kind, minute + 1) for minute, kind in enumerate(kinds)]


def codes(*kinds: EventKind, handling: Handling | None = None, reason: str = "because") -> list[str]:
    """What is refused of a walk."""
    scheme = replace(SCHEME, handling=handling or Handling())
    events = [step(kind, minute + 1, reason) for minute, kind in enumerate(kinds)]
    return [flaw.code for flaw in check_history(make_ticket(), events, scheme)]


def test_a_whole_life_goes_through_every_stage_in_order() -> None:
    """The life SERVICE.md draws, step by step, with nothing refused."""
    life = [
        (K.REPORTED, Stage.REPORTED),
        (K.ACKNOWLEDGED, Stage.ACKNOWLEDGED),
        (K.TRIAGED, Stage.TRIAGED),
        (K.PROPOSED, Stage.PROPOSED),
        (K.AGREED, Stage.AGREED),
        (K.ARRANGED, Stage.PLANNED),
        (K.TOLD, Stage.PLANNED),
        (K.TRAVELLING, Stage.TRAVELLING),
        (K.ON_SITE, Stage.ON_SITE),
        (K.FORECAST_FINISH, Stage.ON_SITE),
        (K.PART_NEEDED, Stage.ON_SITE),
        (K.WAITING, Stage.ON_SITE),
        (K.LOANER_IN_PLACE, Stage.ON_SITE),
        (K.RESUMED, Stage.ON_SITE),
        (K.REPAIRED, Stage.REPAIRED),
        (K.VERIFIED, Stage.VERIFIED),
        (K.CLOSED, Stage.CLOSED),
        (K.SURVEYED, Stage.SURVEYED),
        (K.FOLLOWED_UP, Stage.FOLLOWED_UP),
    ]
    events = [step(kind, minute) for minute, (kind, _) in enumerate(life)]

    stages = [state_of(make_ticket(), events, one.at).stage for one in events]

    assert list(check_history(make_ticket(), events, SCHEME)) == []
    assert stages == [stage for _, stage in life]


def test_the_workshop_has_the_unit_until_it_is_tested_and_brought_back() -> None:
    """Collected, bench, tested, returned: a unit that fails its test does not go home, nor is it repaired without its owner."""
    away = (K.ON_SITE, K.COLLECTED)

    assert codes(*away, K.LEFT, K.TESTED, K.TRAVELLING, K.ON_SITE, K.RETURNED, K.REPAIRED) == []
    assert codes(*away, K.CANCELLED, K.RETURNED) == []
    assert codes(*away, K.TESTED, K.RETURNED, K.REPAIRED) == []
    assert codes(*away, K.RETURNED) == ["ticket.not_tested"]
    assert codes(*away, K.REPAIRED) == ["ticket.unit_not_returned"]
    assert codes(*away, K.TRAVELLING, K.TESTED, K.ON_SITE, K.RETURNED, K.REPAIRED) == []
    assert codes(K.ON_SITE, K.RETURNED) == codes(K.ON_SITE, K.TESTED) == ["ticket.unit_not_away"]
    assert state_of(make_ticket(), walked(*away), FRIDAY_16 + timedelta(hours=1)).way is Way.WORKSHOP


@pytest.mark.parametrize(
    ("kinds", "code"),
    [
        ((K.VERIFIED,), "ticket.move_refused"),
        ((K.CLOSED,), "ticket.move_refused"),
        ((K.SURVEYED,), "ticket.move_refused"),
        ((K.REOPENED,), "ticket.move_refused"),
        ((K.LEFT,), "ticket.move_refused"),
        ((K.RESUMED,), "ticket.not_waiting"),
        ((K.AGREED,), "ticket.nothing_proposed"),
        ((K.ON_SITE, K.ACKNOWLEDGED), "ticket.move_refused"),
        ((K.REPAIRED, K.REPAIRED), "ticket.move_refused"),
        ((K.REPAIRED, K.CANCELLED), "ticket.move_refused"),
        ((K.REPAIRED, K.TRAVELLING), "ticket.move_refused"),
        ((K.REPAIRED, K.CLOSED, K.SURVEYED, K.SURVEYED), "ticket.move_refused"),
    ],
)
def test_a_step_that_cannot_follow_is_refused(kinds: tuple[EventKind, ...], code: str) -> None:
    """Going back is a reopening, with its reason; everything else that looks like it is a slip."""
    assert codes(*kinds) == [code]


def test_a_refused_step_says_what_may_come_next() -> None:
    """Who is refused learns the way on, in the same sentence."""
    state = state_of(make_ticket(), walked(K.REPAIRED), FRIDAY_16 + timedelta(hours=1))

    flaw = refused(state, step(K.TRAVELLING, 9), SCHEME)

    assert flaw is not None
    assert flaw.message.params["stage"] == Stage.REPAIRED
    assert flaw.message.params["instead"] == "verified, closed, reopened"


def test_what_the_scheme_asks_for_on_the_way_is_asked_for() -> None:
    """Help from afar first, the customer's word before the work, his confirmation before closing."""
    remote, agreed, verified = (
        Handling(remote_first=True),
        Handling(solution_agreed=True),
        Handling(customer_verifies=True),
    )

    assert codes(K.ARRANGED, K.TRAVELLING, handling=remote) == ["ticket.remote_first"]
    assert codes(K.REMOTE_TRIED, K.ARRANGED, K.TRAVELLING, handling=remote) == []
    assert codes(K.ARRANGED, handling=agreed) == ["ticket.not_agreed"]
    assert codes(K.PROPOSED, K.REPAIRED, handling=agreed) == ["ticket.not_agreed"]
    assert codes(K.PROPOSED, K.AGREED, K.ARRANGED, K.ON_SITE, K.REPAIRED, handling=agreed) == []
    assert codes(K.PROPOSED, K.AGREED, K.ON_SITE, K.PROPOSED, K.REPAIRED, handling=agreed) == [
        "ticket.not_agreed"
    ]
    assert codes(K.REPAIRED, K.CLOSED, handling=verified) == ["ticket.not_verified"]
    assert codes(K.REPAIRED, K.VERIFIED, K.CLOSED, handling=verified) == []


def test_closing_without_the_customers_word_needs_a_reason() -> None:
    """Whoever is not asked cannot contradict, so the file says why he was not."""
    unsaid = [step(K.REPAIRED, 1), step(K.CLOSED, 2, reason="")]

    flaws = [flaw.code for flaw in check_history(make_ticket(), unsaid, SCHEME)]

    assert flaws == ["ticket.not_verified_why"]
    assert codes(K.REPAIRED, K.CLOSED) == []


def test_support_under_its_own_scheme_agrees_before_it_works() -> None:
    """The shipped scheme asks for it, not only a made-up one."""
    scheme = next(s for s in builtin_schemes().values() if s.id == "software-support")

    flaws = [flaw.code for flaw in check_history(make_ticket(), walked(K.ACKNOWLEDGED, K.REPAIRED), scheme)]

    assert flaws == ["ticket.not_agreed"]


def test_a_reopened_ticket_starts_again_without_what_was_agreed_and_signed() -> None:
    """The signature stood under work that did not hold; the loaner still stands where it stands."""
    events = [
        step(K.PROPOSED, 1),
        step(K.AGREED, 2),
        step(K.LOANER_IN_PLACE, 3),
        step(K.SEVERITY_CHANGED, 4),
        step(K.REPAIRED, 5),
        event(K.VERIFIED, 6, DIGEST),
        step(K.CLOSED, 7),
        step(K.REOPENED, 8),
    ]

    closed = state_of(make_ticket(), events, FRIDAY_16 + timedelta(minutes=7))
    again = state_of(make_ticket(), events, FRIDAY_16 + timedelta(minutes=8))

    assert (closed.stage, closed.report, closed.agreed, closed.is_open) == (
        Stage.CLOSED,
        DIGEST,
        True,
        False,
    )
    assert (again.stage, again.report, again.agreed, again.is_open) == (Stage.ACKNOWLEDGED, "", False, True)
    assert (again.loaner, again.severity, again.reopened) == (True, Severity.P1, 1)
    assert list(check_history(make_ticket(), events, SCHEME)) == []
    assert work_ended(events[:-1])
    assert not work_ended(events)


def test_a_wait_lies_over_the_stage_and_ends_with_the_work() -> None:
    """Waiting for a part on site is still a ticket somebody stood before; what is repaired waits for nothing."""
    events = [
        step(K.ON_SITE, 1),
        step(K.PART_NEEDED, 2),
        step(K.WAITING, 3),
        step(K.FORECAST_FINISH, 4),
        step(K.REMOTE_TRIED, 5),
        step(K.REPAIRED, 6),
    ]

    waiting = state_of(make_ticket(), events, FRIDAY_16 + timedelta(minutes=5))
    done = state_of(make_ticket(), events, FRIDAY_16 + timedelta(minutes=6))

    assert (waiting.stage, waiting.since) == (Stage.ON_SITE, events[0].at)
    assert (waiting.waiting, waiting.waiting_since) == (Wait.PART, events[2].at)
    assert waiting.parts_needed == (("P-1", 2),)
    assert waiting.forecast is not None
    assert waiting.remote is RemoteOutcome.NOT_SOLVED
    assert (done.waiting, done.waiting_since) == (None, None)


def test_a_forecast_lies_ahead_of_the_word() -> None:
    """A finish that had passed when it was named would take the promise off the list of those in danger."""
    said = FRIDAY_16 + timedelta(minutes=5)

    def flaws(finish: timedelta) -> list[str]:
        word = event(K.FORECAST_FINISH, 5, (said + finish).isoformat())
        return [flaw.code for flaw in check_history(make_ticket(), [word], SCHEME)]

    assert flaws(timedelta(minutes=-1)) == ["ticket.forecast_passed"]
    assert flaws(timedelta()) == flaws(timedelta(hours=1)) == []


def test_the_table_knows_every_step() -> None:
    """A kind of event nobody put into the table would be refused everywhere, or worse, nowhere."""
    assert set(MOVES) == set(EventKind)
    reached = {stage for moves in MOVES.values() for stage in moves.values()}
    assert reached == set(Stage)


def test_a_wish_for_another_time_stands_until_a_time_is_told() -> None:
    """Who asked is answered by a time, not by the wish's age; other steps do not answer him."""
    asked = state_of(
        make_ticket(), walked(K.ARRANGED, K.TIME_ASKED, K.ACCEPTED), FRIDAY_16 + timedelta(hours=1)
    )
    answered = state_of(
        make_ticket(), walked(K.ARRANGED, K.TIME_ASKED, K.TOLD), FRIDAY_16 + timedelta(hours=1)
    )

    assert asked.time_asked == step(K.TIME_ASKED, 2).time_asked
    assert answered.time_asked is None


@given(st.lists(st.sampled_from(list(EventKind)), max_size=12))
def test_only_what_is_not_refused_moves_a_ticket(kinds: list[EventKind]) -> None:
    """The fold and the check read one table: a refused move never changes the stage, an accepted one follows it."""
    state = opening(make_ticket())
    for minute, kind in enumerate(kinds):
        happened = step(kind, minute)
        flaw = refused(state, happened, SCHEME)
        then = after(state, happened)

        if flaw is not None and flaw.code == "ticket.move_refused":
            assert then == state
        else:
            assert then.stage is MOVES[kind][state.stage]
        assert (kind in state.may_follow) == (flaw is None or flaw.code != "ticket.move_refused")
        state = then


@given(st.lists(st.sampled_from(list(EventKind)), max_size=10), st.integers(0, 10))
def test_later_events_change_nothing_that_was(kinds: list[EventKind], cut: int) -> None:
    """Facts are only ever added: the state at a moment is the fold of what was known by then."""
    events = walked(*kinds)
    now = FRIDAY_16 + timedelta(minutes=cut)

    assert state_of(make_ticket(), events, now) == state_of(make_ticket(), events[:cut], now)


@given(st.lists(st.sampled_from(list(EventKind)), max_size=12))
def test_an_open_ticket_can_always_be_ended_and_an_ended_one_reopened(kinds: list[EventKind]) -> None:
    """No history is a trap: the desk can always cancel what is open and reopen what is done."""
    state = state_of(make_ticket(), walked(*kinds), FRIDAY_16 + timedelta(hours=1))

    assert (K.CANCELLED in state.leads_on) == (state.stage in OPEN)
    assert (K.REOPENED in state.leads_on) == (state.stage not in OPEN)
