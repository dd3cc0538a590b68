"""What a new plan changes: who was told, who moved, who was left out; and the reasons a turn gives."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from dispatch.board import Board
from dispatch.cost import visit_stops
from dispatch.desk.ticket import EventKind, TicketEvent
from dispatch.desk.told import ToCall
from dispatch.desk.visit import PublishedStop, Visit
from dispatch.event import PlanPublished, TicketHappened
from dispatch.explain import reasons
from dispatch.plan import Known, Plan, Route, Unassigned
from dispatch.publish import Change, ChangeKind, call_list, changes
from dispatch.replan import replan
from dispatch.solve import Budget
from kernel.errors import Message
from tests import builders
from tests import regions as build

TOLD_AT, NINE = build.at(7), build.at(9)


def planned(shift: str = "S1") -> Plan:
    """V-1 on a shift, V-2 left out."""
    left = Unassigned("V-2", Message("unassigned.not_found"), Known.NOT_FOUND)
    return replace(builders.plan(Route(shift, 0, 210, (builders.at("V-1", 100),))), unassigned=(left,))


def compared(*published: PublishedStop, starts_at: datetime = NINE) -> tuple[Change, ...]:
    """The plan against what was published."""
    return changes({stop.visit: stop for stop in published}, planned(), moment={"V-1": starts_at})


def test_a_stop_that_stands_as_published_is_no_change() -> None:
    """Calling a customer to say that nothing changed wastes two people's time."""
    assert compared(PublishedStop("V-1", "S1", build.at(9))) == ()


@pytest.mark.parametrize("told_at", [None, TOLD_AT])
def test_a_moved_visit_says_from_where_to_where_and_whether_the_customer_knows(
    told_at: datetime | None,
) -> None:
    """Only who was told has to be called."""
    published = PublishedStop("V-1", "S1", build.at(9), told_at=told_at)

    found = compared(published, starts_at=build.at(10))

    assert found[0] == Change(
        "V-1", ChangeKind.MOVED, told_at is not None, ("S1", build.at(9)), ("S1", build.at(10))
    )


def test_another_engineer_at_the_same_time_is_a_move() -> None:
    """The customer expects a name."""
    found = compared(PublishedStop("V-1", "S9", build.at(9), told_at=TOLD_AT))

    assert (found[0].kind, found[0].told) == (ChangeKind.MOVED, True)


def test_a_published_visit_left_out_is_told_about() -> None:
    """The worst change of all: nobody comes."""
    found = compared(
        PublishedStop("V-1", "S1", build.at(9)), PublishedStop("V-2", "S1", build.at(11), told_at=TOLD_AT)
    )

    assert found == (Change("V-2", ChangeKind.LEFT_OUT, True, ("S1", build.at(11)), None),)


def test_a_new_visit_is_added_and_nobody_was_told() -> None:
    """It was in no published plan."""
    (added,) = compared()

    assert added == Change("V-1", ChangeKind.ADDED, False, None, ("S1", build.at(9)))


BUDGET = Budget(seed=1, work=20)


def test_a_turn_compares_with_what_was_published_in_wall_clock_time() -> None:
    """Half an hour off is a move; the very second of the plan is none."""
    first = replan(Board.of(build.region()), BUDGET)
    (stop,) = visit_stops(first.plan)
    shift, starts_at = first.plan.routes[0].shift, build.AS_OF + timedelta(seconds=stop.start_s)
    same = PublishedStop("V-1", shift, starts_at, told_at=TOLD_AT)

    again = replan(Board.of(build.region(published=(same,))), BUDGET)
    moved = replan(
        Board.of(build.region(published=(replace(same, starts_at=starts_at - timedelta(minutes=30)),))),
        BUDGET,
    )

    assert [change.kind for change in first.changes] == [ChangeKind.ADDED]
    assert again.changes == ()
    assert [(change.kind, change.told) for change in moved.changes] == [(ChangeKind.MOVED, True)]


def test_a_turn_gives_every_visit_left_out_the_reason_that_explain_gives() -> None:
    """The search knows only that it found no place; a dispatcher needs to know why."""
    impossible = Visit("V-1", "T-1", "S-1", 60, certificates=("DIVING",))

    turned = replan(Board.of(build.region(visits=(impossible,))), BUDGET)

    assert [(left.known, left.reason.code) for left in turned.plan.unassigned] == [
        (Known.PROVED, "unassigned.certificate_never")
    ]
    assert turned.plan.unassigned == reasons(turned.problem, turned.plan)


def test_the_call_list_follows_the_published_plan() -> None:
    """Published, told, moved: each time it says who has to be called about which time; at work nobody is called."""
    nine, ten = PublishedStop("V-1", "E-2/06", NINE), PublishedStop("V-1", "E-2/06", build.at(10))
    board = Board.of(build.region(published=(nine,)))
    said = TicketEvent("T-1", build.at(8), EventKind.TOLD, "desk", value=f"{NINE.isoformat()} front desk")

    told = board.apply(TicketHappened(said))
    moved = told.apply(PlanPublished((ten,)))
    begun = moved.at(NINE).apply(TicketHappened(TicketEvent("T-1", NINE, EventKind.ON_SITE, "E-2")))

    assert call_list(board) == (ToCall("V-1", "T-1", NINE),)
    assert call_list(told) == ()
    assert call_list(moved) == (ToCall("V-1", "T-1", build.at(10), NINE, "front desk"),)
    assert call_list(begun) == ()
