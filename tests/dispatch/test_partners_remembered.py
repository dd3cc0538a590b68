"""A visit given to an outside partner stands in the published plan like any other: taking it back has its price."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from dispatch.board import Board
from dispatch.carry import as_published, carried, shifted
from dispatch.cost import cost
from dispatch.crew import Partner, Shift
from dispatch.desk.visit import Appointment, Lock, PublishedStop
from dispatch.event import AppointmentAgreed, CustomersTold, PlanPublished
from dispatch.expected_needs import expected_needs
from dispatch.plan import Plan
from dispatch.pose import problem_of
from dispatch.problem import Published
from dispatch.publish import stops_of
from dispatch.region import Region
from dispatch.replan import Replanned, replan
from dispatch.solve import Budget
from dispatch.verify import violations
from kernel.errors import Refusal
from kernel.interval import Interval
from tests import regions as build

FIRM = Partner("X-1", "Other firm", Decimal(80), skills=(("HV", 5),), lead_min=60)
BUDGET = Budget(seed=1, work=60)


def region(**field: object) -> Region:
    """The tiny region on a day when only the firm can come: our own work from tomorrow."""
    tomorrow = Shift("E-1/07", "E-1", Interval(build.at(8, day=7), build.at(17, day=7)))
    return build.region(**{"partners": (FIRM,), "shifts": (tomorrow,), "part_needs": (), **field})


def holds(turned: Replanned) -> bool:
    """No rule broken, the price true."""
    plan, problem = turned.plan, turned.problem
    return violations(problem, plan) == () and plan.claimed == cost(problem, plan)


def given_away() -> tuple[Board, Plan]:
    """The firm is asked at eight and the plan published."""
    board = Board.of(region())
    turned = replan(board, BUDGET)
    assert holds(turned)
    return board.apply(PlanPublished(stops_of(board, turned.problem, turned.plan))), turned.plan


def test_who_was_asked_stands_in_the_published_plan() -> None:
    """The partner, and when he comes: an hour from being asked."""
    board, _ = given_away()

    assert board.published["V-1"] == PublishedStop("V-1", "", build.at(9), partner="X-1")


def test_he_comes_when_he_was_asked_to_however_often_is_planned_since() -> None:
    """His hour of notice is not counted anew with every plan."""
    board, plan = given_away()
    later = board.at(build.at(8, 30))

    turned = replan(later, BUDGET, in_force=shifted(plan, later.tick(board.now)))

    assert holds(turned)
    assert [(one.partner, later.moment(one.start_s)) for one in turned.plan.outside] == [("X-1", build.at(9))]
    assert turned.changes == ()
    assert turned.kept is not None
    assert turned.kept.outside == turned.plan.outside


def test_without_the_plan_it_came_from_the_published_stops_say_the_same() -> None:
    """A plan is read from a file or a database, too."""
    board, _ = given_away()
    problem = problem_of(board)

    kept = carried(problem, as_published(board, problem))

    assert [one.partner for one in kept.outside] == ["X-1"]
    assert violations(problem, kept) == ()


def test_calling_him_off_costs_what_another_engineer_costs_and_the_customer_is_listed() -> None:
    """He and the customer both have to be called; told, it costs more."""
    board, _ = given_away()
    today = Shift("E-1/06", "E-1", Interval(build.at(8), build.at(17)))
    policy = board.region.settings.policy
    dear = replace(FIRM, price=Decimal(5000))
    field = replace(board.region.field, shifts=(today,), partners=(dear,))
    again = Board.of(replace(board.region, field=field)).apply(CustomersTold(("V-1",), board.now))

    turned = replan(again, BUDGET)

    assert holds(turned)
    assert turned.plan.outside == ()
    assert turned.plan.claimed.changes == 100 * policy.changed_engineer_told
    assert [(change.visit, change.told, change.old) for change in turned.changes] == [
        ("V-1", True, ("X-1", build.at(9)))
    ]


def test_the_price_of_change_keeps_him_where_our_own_would_be_a_little_cheaper() -> None:
    """Else every plan would call people off and on again."""
    board, _ = given_away()
    policy = replace(board.region.settings.policy, changed_engineer=Decimal(500))
    today = Shift("E-1/06", "E-1", Interval(build.at(8), build.at(17)))
    field = replace(board.region.field, shifts=(today,))
    settings = replace(board.region.settings, policy=policy)
    remembered = Board.of(replace(board.region, field=field, settings=settings))
    forgotten = remembered.apply(PlanPublished(()))

    kept, free = replan(remembered, BUDGET), replan(forgotten, BUDGET)

    assert holds(kept)
    assert holds(free)
    assert [one.partner for one in kept.plan.outside] == ["X-1"]
    assert free.plan.outside == ()


def test_a_lock_holds_him_and_nobody_else_is_asked() -> None:
    """What may not be changed is not."""
    other = replace(FIRM, id="X-2", price=Decimal(1))
    today = Shift("E-1/06", "E-1", Interval(build.at(8), build.at(17)))
    stop = PublishedStop("V-1", "", build.at(9), Lock.BOTH, partner="X-1")
    board = Board.of(region(shifts=(today,), partners=(FIRM, other), published=(stop,)))

    turned = replan(board, BUDGET)

    assert holds(turned)
    assert [(one.partner, board.moment(one.start_s)) for one in turned.plan.outside] == [("X-1", build.at(9))]


def test_a_customer_who_wants_another_time_gets_him_then() -> None:
    """He comes as soon as he can in the new time."""
    board, _ = given_away()
    later = board.apply(AppointmentAgreed("V-1", (Interval(build.at(14), build.at(16)),)))

    turned = replan(later, BUDGET)

    assert holds(turned)
    assert [later.moment(one.start_s) for one in turned.plan.outside] == [build.at(14)]
    assert later.region.field.appointments == (Appointment("V-1", Interval(build.at(14), build.at(16))),)


def test_he_brings_his_own_parts() -> None:
    """Nothing of ours is to be bought or put aside for it."""
    stop = PublishedStop("V-1", "", build.at(9), partner="X-1")
    plain = build.region(partners=(FIRM,))
    given = build.region(partners=(FIRM,), published=(stop,))

    assert len(expected_needs(plain, now=build.AS_OF)) == 1
    assert expected_needs(given, now=build.AS_OF) == ()


def test_the_problem_says_with_whom_it_was_published() -> None:
    """One who has no shift: anybody of ours is somebody else."""
    board, _ = given_away()
    problem = problem_of(board)

    told = problem.visits[0].published

    assert isinstance(told, Published)
    assert told.partner == "X-1"
    assert problem.engineers[told.engineer].id == "X-1"
    assert all(shift.engineer != told.engineer for shift in problem.shifts)


@pytest.mark.parametrize(
    ("stops", "code"),
    [
        ((PublishedStop("V-9", "E-1/07", build.at(9, day=7)),), "board.unknown_visit"),
        ((PublishedStop("V-1", "E-9/07", build.at(9)),), "board.unknown_shift"),
        ((PublishedStop("V-1", "", build.at(9)),), "board.unknown_shift"),
        ((PublishedStop("V-1", "", build.at(9), partner="X-9"),), "board.unknown_partner"),
        ((PublishedStop("V-1", "E-1/07", build.at(9), role="helper"),), "dataset.unknown_role"),
        ((PublishedStop("V-1", "E-1/07", build.at(9)),) * 2, "board.published_twice"),
        (
            (PublishedStop("V-1", "E-1/07", build.at(9, day=7), Lock.TIME),),
            "dataset.lock_outside_appointment",
        ),
    ],
)
def test_a_plan_that_cannot_be_is_not_published(stops: tuple[PublishedStop, ...], code: str) -> None:
    """What people go by names visits, shifts and firms there are; nothing is published then."""
    noon = Appointment("V-1", Interval(build.at(12), build.at(13)))
    board = Board.of(region(appointments=(noon,)))

    with pytest.raises(Refusal) as refused:
        board.apply(PlanPublished(stops))

    assert refused.value.code == code


def test_a_finished_visit_is_not_published_again() -> None:
    """It may be done by the time somebody presses the key."""
    board, _ = given_away()
    stops = tuple(board.published.values())
    done = replace(board, visits={}).at(board.now + timedelta(hours=3))

    with pytest.raises(Refusal) as refused:
        done.apply(PlanPublished(stops))

    assert refused.value.code == "board.unknown_visit"
