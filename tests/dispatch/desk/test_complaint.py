"""Complaints: accepted and answered by their own clocks, in whatever time the scheme counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.desk.clause import ComplaintClause, Remedy
from dispatch.desk.clock import State
from dispatch.desk.complaint import (
    Complaint,
    ComplaintDue,
    ComplaintEvent,
    ComplaintState,
    ComplaintStep,
    check_complaint,
    complaint_due,
    complaint_standing,
)
from dispatch.desk.milestone import Milestone
from dispatch.desk.scheme import Scheme
from dispatch.desk.scheme_file import builtin_schemes, find_scheme
from kernel.clock import moment
from kernel.errors import Refusal
from tests.desk_builders import FRIDAY_16, OFFICE, make_scheme, minutes

HOUR = timedelta(hours=1)
PLAIN = make_scheme({Milestone.RESPOND: minutes(60)})
ELAPSED = replace(PLAIN, complaint=ComplaintClause(accept=minutes(24 * 60), answer=minutes(48 * 60)))
IN_HOURS = replace(
    PLAIN,
    calendars={"office": OFFICE},
    complaint=ComplaintClause(accept=minutes(3 * 60, "office"), answer=minutes(18 * 60, "office")),
)
COMPLAINT = Complaint("K-1", "C-1", "test", "1", FRIDAY_16, "Nobody came.", "E01", "T-1")


def step(kind: ComplaintStep, hours: float, remedy: Remedy | None = None) -> ComplaintEvent:
    """A step some hours after the complaint."""
    return ComplaintEvent("K-1", FRIDAY_16 + hours * HOUR, kind, "E01", "because", remedy)


@pytest.mark.parametrize(
    ("scheme", "accept", "answer"),
    [
        (ELAPSED, "2026-03-07T16:00Z", "2026-03-08T16:00Z"),
        # Friday 16:00, three office hours: one on Friday, two on Monday; eighteen end on Tuesday at 16:00.
        (IN_HOURS, "2026-03-09T10:00Z", "2026-03-10T16:00Z"),
    ],
)
def test_both_times_count_from_the_complaint(scheme: Scheme, accept: str, answer: str) -> None:
    """A late acceptance does not buy time for the answer."""
    accepted = step(ComplaintStep.ACCEPTED, 20)

    found = complaint_standing(COMPLAINT, [accepted], scheme, {}, FRIDAY_16 + 21 * HOUR)

    assert found.accept.due_at == moment(accept)
    assert found.answer.due_at == moment(answer)


def test_the_shipped_clause_is_accepted_in_24_hours_and_answered_in_48() -> None:
    """003 §五(二): 客服部门24小时内受理投诉,48小时内给出解决方案."""
    scheme = find_scheme(builtin_schemes(), "value-added")

    found = complaint_standing(COMPLAINT, [], scheme, {}, FRIDAY_16)

    assert found.accept.due_at == FRIDAY_16 + 24 * HOUR
    assert found.answer.due_at == FRIDAY_16 + 48 * HOUR


def test_a_scheme_without_the_clause_promises_nothing_and_still_shows_what_was_done() -> None:
    """No promise is invented; the complaint is worked on all the same."""
    answered = step(ComplaintStep.ANSWERED, 1)

    found = complaint_standing(COMPLAINT, [answered], PLAIN, {}, FRIDAY_16 + HOUR)

    assert found.answer.state is State.NOT_PROMISED
    assert found.answer.met_at == answered.at
    assert found.state is ComplaintState.ANSWERED


@pytest.mark.parametrize(
    ("events", "hours", "accept", "answer"),
    [
        ([], 24, State.RUNNING, State.RUNNING),
        ([], 24.01, State.BREACHED, State.RUNNING),
        ([step(ComplaintStep.ACCEPTED, 24)], 30, State.MET, State.RUNNING),
        ([step(ComplaintStep.ACCEPTED, 25)], 49, State.BREACHED, State.BREACHED),
        ([step(ComplaintStep.ANSWERED, 23)], 30, State.MET, State.MET),
        ([step(ComplaintStep.WITHDRAWN, 10)], 99, State.CANCELLED, State.CANCELLED),
        ([step(ComplaintStep.WITHDRAWN, 30)], 99, State.BREACHED, State.CANCELLED),
        ([step(ComplaintStep.ANSWERED, 23), step(ComplaintStep.REJECTED, 60)], 70, State.MET, State.MET),
    ],
)
def test_the_clocks_stop_at_the_first_step_that_meets_them(
    events: list[ComplaintEvent], hours: float, accept: State, answer: State
) -> None:
    """An answer accepts too; what the customer thinks of it is a state, not a clock."""
    found = complaint_standing(COMPLAINT, events, ELAPSED, {}, FRIDAY_16 + hours * HOUR)

    assert (found.accept.state, found.answer.state) == (accept, answer)


def test_time_left_is_counted_in_the_clauses_own_time() -> None:
    """Two office hours left over a weekend are two hours, not sixty-six."""
    found = complaint_standing(COMPLAINT, [], IN_HOURS, {}, moment("2026-03-07T12:00Z"))

    assert found.accept.left_s == 2 * 3600


def test_an_answer_that_is_not_taken_is_owed_again() -> None:
    """A complaint is over when the customer says so, not when we do."""
    events = [step(ComplaintStep.ANSWERED, 1), step(ComplaintStep.REJECTED, 2)]

    found = complaint_standing(COMPLAINT, events, ELAPSED, {}, FRIDAY_16 + 3 * HOUR)

    assert complaint_due("K-1", found) == ComplaintDue("K-1", ComplaintStep.ANSWERED, found.answer.due_at)


@pytest.mark.parametrize("kind", [ComplaintStep.SETTLED, ComplaintStep.WITHDRAWN])
def test_nothing_is_owed_on_a_complaint_that_is_over(kind: ComplaintStep) -> None:
    """The list of things to do must end."""
    events = [step(ComplaintStep.ANSWERED, 1), step(kind, 2)]

    found = complaint_standing(COMPLAINT, events, ELAPSED, {}, FRIDAY_16 + 3 * HOUR)

    assert complaint_due("K-1", found) is None
    assert not found.state.is_open


def test_remedies_granted_are_kept_in_order() -> None:
    """003 §五(二)3: a missed standard is repeated free or partly refunded; both may be said in turn."""
    events = [
        step(ComplaintStep.ANSWERED, 1, Remedy.FREE_REPEAT),
        step(ComplaintStep.REJECTED, 2),
        step(ComplaintStep.ANSWERED, 3, Remedy.PART_REFUND),
    ]

    found = complaint_standing(COMPLAINT, events, ELAPSED, {}, FRIDAY_16 + 4 * HOUR)

    assert found.remedies == (Remedy.FREE_REPEAT, Remedy.PART_REFUND)


@pytest.mark.parametrize(
    ("steps", "codes"),
    [
        ([(ComplaintStep.ACCEPTED, 1), (ComplaintStep.ANSWERED, 2), (ComplaintStep.SETTLED, 3)], []),
        ([(ComplaintStep.SETTLED, 1)], ["complaint.no_such_move"]),
        ([(ComplaintStep.ACCEPTED, 1), (ComplaintStep.ACCEPTED, 2)], ["complaint.no_such_move"]),
        ([(ComplaintStep.WITHDRAWN, 1), (ComplaintStep.ANSWERED, 2)], ["complaint.no_such_move"]),
        ([(ComplaintStep.ACCEPTED, -1)], ["complaint.before_it_was_made"]),
        ([(ComplaintStep.ACCEPTED, 5), (ComplaintStep.ANSWERED, 2)], ["complaint.out_of_order"]),
    ],
)
def test_every_move_is_checked(steps: list[tuple[ComplaintStep, float]], codes: list[str]) -> None:
    """A history that cannot have happened is said, not folded."""
    found = check_complaint(COMPLAINT, [step(kind, hours) for kind, hours in steps])

    assert [refusal.code for refusal in found] == codes


def test_a_step_of_another_complaint_is_refused() -> None:
    """Somebody else's answer would meet this clock."""
    other = replace(step(ComplaintStep.ANSWERED, 1), complaint="K-2")

    assert [refusal.code for refusal in check_complaint(COMPLAINT, [other])] == ["complaint.of_another"]


@pytest.mark.parametrize(
    ("kind", "reason", "remedy", "code"),
    [
        (ComplaintStep.ANSWERED, "", None, "complaint.reason_missing"),
        (ComplaintStep.WITHDRAWN, " ", None, "complaint.reason_missing"),
        (ComplaintStep.ACCEPTED, "", Remedy.PART_REFUND, "complaint.remedy_not_used"),
    ],
)
def test_a_step_that_says_too_little_or_too_much_is_refused(
    kind: ComplaintStep, reason: str, remedy: Remedy | None, code: str
) -> None:
    """An empty answer is none."""
    with pytest.raises(Refusal) as caught:
        ComplaintEvent("K-1", FRIDAY_16, kind, "E01", reason, remedy)

    assert caught.value.code == code


def test_a_complaint_says_something() -> None:
    """Nobody can answer nothing."""
    with pytest.raises(Refusal) as caught:
        replace(COMPLAINT, text=" ")

    assert caught.value.code == "complaint.says_nothing"


@settings(deadline=None)
@given(
    st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1)),  # noqa: DTZ001 the zone is put on below
    st.integers(1, 5000),
    st.floats(0, 3),
)
def test_the_state_follows_from_the_time_left(made: datetime, allowed_m: int, share: float) -> None:
    """A running clock has time left, a breached one has not, whatever the calendar."""
    made_at = made.replace(tzinfo=FRIDAY_16.tzinfo, microsecond=0)
    clause = ComplaintClause(accept=minutes(allowed_m, "office"), answer=minutes(allowed_m))
    scheme = replace(IN_HOURS, complaint=clause)
    now = made_at + timedelta(seconds=int(share * allowed_m * 60))

    found = complaint_standing(replace(COMPLAINT, made_at=made_at), [], scheme, {}, now)

    for clock in (found.accept, found.answer):
        assert clock.due_at is not None
        assert clock.left_s is not None
        assert clock.state is (State.BREACHED if now > clock.due_at else State.RUNNING)
        assert clock.left_s <= 0 if clock.state is State.BREACHED else clock.left_s >= 0
    assert found.answer.due_at == made_at + timedelta(minutes=allowed_m)
