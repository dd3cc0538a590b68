"""A plan is looked at before people go by it: for so long it sends nobody off, and so it still holds when it is published."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from dispatch.board import Board
from dispatch.carry import as_published
from dispatch.crew import CertificateHeld, Engineer, Shift, SkillHeld
from dispatch.desk.visit import PublishedStop
from dispatch.plan import Plan
from dispatch.pose import problem_of
from dispatch.proposal import apply_proposal, propose
from dispatch.region import Region
from dispatch.replan import replan, reviewed
from dispatch.solve import Budget
from dispatch.verify import violations
from kernel.interval import Interval
from kernel.place import LatLon
from tests import regions as build

BUDGET = Budget(seed=1, work=60)
REVIEW_S = 180
NEAR, FAR = LatLon(26.05, 119.3), LatLon(26.3, 119.3)
"""Where the engineers live; the site lies at 26.0, 119.3."""


def region(*homes: LatLon, ends: Interval | None = None) -> Region:
    """An engineer at each place, all there from eight to five, the first one as given instead."""
    names = [f"E-{i + 1}" for i in range(len(homes))]
    day = Interval(build.at(8), build.at(17))
    return build.region(
        engineers=tuple(Engineer(name, "D-1", home) for name, home in zip(names, homes, strict=True)),
        skills=tuple(SkillHeld(name, "HV", 3) for name in names),
        certificates=(),
        shifts=tuple(
            Shift(f"{name}/06", name, ends if ends is not None and name == "E-1" else day) for name in names
        ),
        part_needs=(),
    )


def to_the_second(*others: LatLon) -> Board:
    """The near engineer's shift ends the second he is back, if he leaves now."""
    board = Board.of(region(NEAR))
    (route,) = replan(board, BUDGET).plan.routes
    back = board.moment(route.end_s - route.depart_s)
    return Board.of(region(NEAR, *others, ends=Interval(build.at(8), back)))


def who(plan: Plan) -> list[str]:
    """The shifts that serve something."""
    return [route.shift for route in plan.routes]


def test_a_plan_that_sends_somebody_off_at_once_no_longer_holds_when_it_is_published() -> None:
    """What the time for looking is there for."""
    board = to_the_second()
    turned = replan(board, BUDGET)

    applied = apply_proposal(board.at(board.now + timedelta(seconds=30)), propose(board, turned))

    assert who(turned.plan) == ["E-1/06"]
    assert [one.reason.code for one in applied.conflicts] == ["proposal.no_longer_fits"]


@pytest.mark.parametrize("wait", [0, 1, REVIEW_S])
def test_with_time_to_look_it_holds_until_then(wait: int) -> None:
    """He who cannot go if he leaves later is not sent; somebody farther away is."""
    board = to_the_second(FAR)
    turned = replan(board, BUDGET, review_s=REVIEW_S)

    applied = apply_proposal(board.at(board.now + timedelta(seconds=wait)), propose(board, turned))

    assert who(replan(board, BUDGET).plan) == ["E-1/06"]
    assert who(turned.plan) == who(applied.plan) == ["E-2/06"]
    assert turned.plan.routes[0].depart_s >= REVIEW_S
    assert applied.conflicts == ()
    assert violations(turned.problem, turned.plan) == ()


def test_who_must_leave_now_to_go_on_as_published_does() -> None:
    """Customers and engineers have the published time: looking at a new plan does not move it."""
    board = to_the_second()
    start = board.moment(replan(board, BUDGET).plan.routes[0].stops[0].start_s)
    field = replace(board.region.field, published=(PublishedStop("V-1", "E-1/06", start),))
    board = Board.of(replace(board.region, field=field))

    turned = replan(board, BUDGET, in_force=as_published(board, problem_of(board)), review_s=REVIEW_S)

    assert [(route.shift, board.moment(route.stops[0].start_s)) for route in turned.plan.routes] == [
        ("E-1/06", start)
    ]
    assert turned.changes == ()


def test_who_must_rest_before_then_is_planned_all_the_same() -> None:
    """A break whose time ends while the plan is looked at is none he could take later: he is not lost for the day."""
    made = region(NEAR)
    rests = replace(made.field.shifts[0], break_between=Interval(build.at(7), build.at(8, 2)), break_min=30)
    board = Board.of(replace(made, field=replace(made.field, shifts=(rests,))))

    turned = replan(board, BUDGET, review_s=REVIEW_S)

    assert who(replan(board, BUDGET).plan) == who(turned.plan) == ["E-1/06"]


def test_nobody_is_certified_by_leaving_later() -> None:
    """A certificate holds for the whole shift: one that begins while the plan is looked at does not."""
    made = region(NEAR)
    night = replace(made.field.shifts[0], worked=Interval(build.at(22), build.at(6, day=7)))
    held = (CertificateHeld("E-1", "WELD", date(2026, 3, 7), None),)
    visits = (replace(made.field.visits[0], certificates=("WELD",)),)
    field = replace(made.field, shifts=(night,), certificates=held, visits=visits)
    board = Board.of(replace(made, field=field), now=build.at(23, 59))

    turned = replan(board, BUDGET, review_s=REVIEW_S)

    assert who(replan(board, BUDGET).plan) == who(turned.plan) == []
    assert violations(turned.problem, turned.plan) == ()


def test_only_when_the_free_may_leave_differs() -> None:
    """Posed again with time to look, the problem is the same but for the beginnings of shifts that have begun."""
    board = Board.of(region(NEAR, FAR))
    problem = problem_of(board)

    held = reviewed(board, problem, None, review_s=REVIEW_S)

    assert {shift.start_s for shift in held.shifts} == {REVIEW_S}
    assert replace(held, shifts=problem.shifts).digest == problem.digest
    assert reviewed(board, problem, None, review_s=0) is problem
