"""Time to restore: whatever happens, reaction, logistic delay, travel and work are all of it."""

from __future__ import annotations

from hypothesis import given

from dispatch.desk.milestone import Severity, Wait
from dispatch.desk.ticket import EventKind, TicketEvent
from dispatch.measures.restore import Phase, restore_times, restored, spent
from tests.dispatch.measures.worlds import case, histories, hours, in_march, step

HOUR = 3600


def split(*events: TicketEvent) -> dict[Phase, float]:
    """Hours by phase, those without any left out."""
    found = spent(case(*events))
    assert found is not None
    return {phase: seconds / HOUR for phase, seconds in found.items() if seconds}


@given(histories())
def test_the_phases_add_up_to_the_time_to_restore(events: tuple[TicketEvent, ...]) -> None:
    """Time nobody accounts for is where the delay hides."""
    one = case(*events)
    found = spent(one)

    if one.restored_at is None:
        assert found is None
    else:
        assert found is not None
        assert sum(found.values()) == int(one.restored_at.timestamp()) - int(
            one.ticket.reported_at.timestamp()
        )
        assert min(found.values()) >= 0


@given(histories())
def test_averages_add_up_as_their_tickets_do(events: tuple[TicketEvent, ...]) -> None:
    """Reaction + logistic + travel + work = restore holds for the mean as for each ticket."""
    rows = restored([case(*events), case(*events, severity=Severity.P1)], in_march())

    for row in restore_times(rows):
        parts = row.mean_by_phase
        whole = parts[Phase.REACTION] + row.logistic_s + parts[Phase.TRAVEL] + parts[Phase.WORK]
        assert abs(whole - row.split_mean_s) < 1e-6
        assert abs(row.mean_s - row.split_mean_s) < 1e-6


def test_a_part_that_was_not_in_the_van_is_logistic_delay() -> None:
    """1 h reaction, 1 h road, 1 h diagnosis, 20 h for the part, 1 h until somebody goes, 1 h road, 2 h work."""
    assert split(
        step(0.5, EventKind.RESPONDED),
        step(1, EventKind.TRAVELLING),
        step(2, EventKind.ON_SITE),
        step(3, EventKind.WAITING, Wait.PART),
        step(4, EventKind.LEFT),
        step(23, EventKind.RESUMED),
        step(24, EventKind.TRAVELLING),
        step(25, EventKind.ON_SITE),
        step(27, EventKind.REPAIRED),
    ) == {Phase.REACTION: 1, Phase.TRAVEL: 2, Phase.WORK: 3, Phase.PART: 20, Phase.IDLE: 1}


def test_a_remote_repair_is_work_from_the_first_answer() -> None:
    """Nobody travels: reaction ends when somebody who can help answers."""
    assert split(step(2, EventKind.RESPONDED), step(5, EventKind.REPAIRED)) == {
        Phase.REACTION: 2,
        Phase.WORK: 3,
    }


def test_an_answer_before_a_visit_is_still_reaction() -> None:
    """The customer's equipment stands still until somebody sets out."""
    assert split(step(0.1, EventKind.RESPONDED), step(4, EventKind.ON_SITE), step(5, EventKind.REPAIRED)) == {
        Phase.REACTION: 4,
        Phase.WORK: 1,
    }


def test_the_workshop_is_work_until_the_test() -> None:
    """Collected at 2, tested at 10, on the road at 12, back at 13: two hours nobody moved it."""
    assert split(
        step(1, EventKind.TRAVELLING),
        step(2, EventKind.COLLECTED),
        step(2, EventKind.LEFT),
        step(10, EventKind.TESTED),
        step(12, EventKind.TRAVELLING),
        step(13, EventKind.RETURNED),
        step(14, EventKind.REPAIRED),
    ) == {Phase.REACTION: 1, Phase.TRAVEL: 2, Phase.WORK: 9, Phase.IDLE: 2}


def test_a_repair_that_did_not_hold_runs_on() -> None:
    """Reopened: the time to restore ends with the repair that held."""
    one = case(
        step(1, EventKind.ON_SITE),
        step(2, EventKind.REPAIRED),
        step(10, EventKind.REOPENED),
        step(11, EventKind.ON_SITE),
        step(12, EventKind.REPAIRED),
    )

    found = restored([one], in_march())

    assert [(row.seconds / HOUR) for row in found] == [12]


def test_the_archive_counts_in_the_whole_and_not_in_the_split() -> None:
    """It keeps no steps: a split made up from two moments would be invented."""
    old = case(step(1, EventKind.ON_SITE), step(4, EventKind.REPAIRED), archived=True)
    new = case(step(1, EventKind.ON_SITE), step(2, EventKind.REPAIRED))

    whole = restore_times(restored([old, new], in_march()))[0]

    assert (whole.tickets, whole.split) == (2, 1)
    assert (whole.mean_s, whole.split_mean_s) == (3 * HOUR, 2 * HOUR)


def test_only_restorations_of_the_period_count() -> None:
    """Reported in February and restored in March is March's."""
    march = case(step(1, EventKind.REPAIRED), reported_h=-200)
    april = case(step(0, EventKind.RESPONDED), TicketEvent("T-1", hours(800), EventKind.REPAIRED, "E-1"))

    assert [row.case for row in restored([march, april], in_march())] == [march]
