"""A customer who was told a time gets another only when keeping it is impossible or costs more."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.board import Board
from dispatch.carry import shifted
from dispatch.cost import cost, visit_stops
from dispatch.crew import Absence
from dispatch.desk.visit import Visit
from dispatch.event import CustomersTold, EngineerAway, PlanPublished, TicketOpened, VisitRequested
from dispatch.plan import Plan
from dispatch.pose import problem_of
from dispatch.problem import Published, Window
from dispatch.progress import InForce, as_planned
from dispatch.publish import stops_of
from dispatch.replan import Replanned, replan
from dispatch.solve import Budget, solve
from dispatch.verify import violations
from dispatch.word_kept import held, holding
from kernel.interval import Interval
from tests import builders
from tests import regions as build
from tests.dispatch.test_proposal import town

MORNING = Budget(seed=1, work=200)
AGAIN = Budget(seed=1, work=400)
SECOND_SEARCH = Budget(seed=7, work=2000)


def told_town() -> tuple[Board, Plan]:
    """The town planned at eight, published, and every customer told."""
    board = Board.of(town())
    turned = replan(board, MORNING)
    board = board.apply(PlanPublished(stops_of(board, turned.problem, turned.plan)))
    return board.apply(CustomersTold(tuple(board.published), board.now)), turned.plan


def disturbed(ill: set[str], *, urgent_at: str, minutes: int) -> tuple[Board, Replanned]:
    """Some minutes later: engineers are ill, a new fault is reported."""
    board, plan = told_town()
    start = board
    board = start.at(start.now + timedelta(minutes=minutes))
    going = InForce(start, problem_of(start), plan)
    for _, event in as_planned(going, until=board.now):
        board = board.apply(event)
    for name in sorted(ill):
        away = Interval(board.now, board.now + timedelta(hours=12))
        board = board.apply(EngineerAway(Absence(f"AB-{name}", name, away, "illness")))
    site = board.region.field.sites[int(urgent_at) - 1].id
    ticket = build.ticket("T-99", site=site, asset="", reported_at=board.now, contract="")
    board = board.apply(TicketOpened(ticket)).apply(VisitRequested(Visit("V-99", "T-99", site, 90)))
    in_force = shifted(plan, board.tick(start.now))
    return board, replan(board, AGAIN, in_force=in_force)


@pytest.mark.slow  # searches again, five times as long, for every customer told
@settings(max_examples=12, deadline=None)
@given(
    st.sets(st.sampled_from(["E-1", "E-2", "E-3", "E-4"]), max_size=2),
    st.integers(1, 8),
    st.integers(0, 240),
)
def test_whoever_must_be_called_could_not_have_been_kept_for_less(
    ill: set[str], site: int, minutes: int
) -> None:
    """Each promise broken is tried again with the promise kept and five times the search."""
    _, turned = disturbed(ill, urgent_at=str(site), minutes=minutes)
    problem, plan = turned.problem, turned.plan

    assert violations(problem, plan) == ()
    assert plan.claimed == cost(problem, plan)
    for change in turned.changes:
        if not change.told:
            continue
        kept = solve(holding(problem, change.visit), SECOND_SEARCH, plan)
        if any(stop.ref == change.visit for stop in visit_stops(kept)):
            assert cost(problem, kept).total >= plan.claimed.total


def test_without_a_reason_nobody_is_called() -> None:
    """An hour later, everything as planned: the new plan is the old one."""
    board, plan = told_town()
    later = board.at(board.now + timedelta(hours=1))
    for _, event in as_planned(InForce(board, problem_of(board), plan), until=later.now):
        later = later.apply(event)

    turned = replan(later, AGAIN, in_force=shifted(plan, later.tick(board.now)))

    assert [change for change in turned.changes if change.told] == []


@pytest.mark.parametrize(
    ("windows", "expected"),
    [
        ((), (Window(900, 1101),)),
        ((Window(0, 950), Window(1050, 3000)), (Window(900, 950), Window(1050, 1101))),
        ((Window(2000, 3000),), (Window(-2, -1),)),
    ],
)
def test_a_held_visit_starts_within_the_tolerance_with_its_engineer(
    windows: tuple[Window, ...], expected: tuple[Window, ...]
) -> None:
    """Where the customer no longer wants that time it cannot be kept, and no search is fooled."""
    visit = builders.visit("V1", 1, windows=windows, published=Published(0, 1000, 100, 5, 9))

    kept = held(visit)

    assert kept.windows == expected
    assert kept.engineer_lock == 0


def test_a_visit_that_was_never_published_is_not_held() -> None:
    """There is no promise to keep."""
    visit = builders.visit("V1", 1)

    assert held(visit) == visit
