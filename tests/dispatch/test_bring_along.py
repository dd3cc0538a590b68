"""A loaner fetched from the store is on the van until it stands: nobody drives back for it, nobody else counts on it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from dispatch.board import Board
from dispatch.carry import carried, shifted
from dispatch.cost import cost, visit_stops
from dispatch.crew import Shift
from dispatch.desk.customer import Asset
from dispatch.desk.visit import Visit
from dispatch.event import LoanerLent, LoanerTaken, PlanPublished
from dispatch.loaners import Loan
from dispatch.plan import CostTerms, LoanerBy, LoanerChoice, Plan, Route, Stop, StopKind
from dispatch.pose import problem_of
from dispatch.problem import PlanningProblem
from dispatch.progress import InForce, as_planned
from dispatch.publish import stops_of
from dispatch.region import Region
from dispatch.replan import replan
from dispatch.rescue.retime import Delay, retimed
from dispatch.solve import Budget
from dispatch.verify import violations
from inventory.catalogue.loaner import LoanerClass, LoanerUnit
from kernel.errors import Refusal
from kernel.interval import Interval
from tests import regions as build

HOUR_S = 3600


def region(*units: LoanerUnit) -> Region:
    """Ten hours of repair, late whatever is done, so that its scheme grants a loaner; one engineer."""
    ticket = replace(
        build.ticket("T-1"), scheme="field-substitute", reported_at=build.at(9, day=5), contract=""
    )
    plain = build.region(
        assets=(Asset("A-1", "S-1", "SN1", "M1", "UPS"),),
        tickets=(ticket,),
        visits=(Visit("V-1", "T-1", "S-1", 600, continuous=False),),
        shifts=(Shift("E-1/06", "E-1", Interval(build.at(8), build.at(23))),),
        part_needs=(),
    )
    stock = replace(
        plain.stock,
        loaner_classes=(LoanerClass("UPS", "UPS", (), Decimal(50)),),
        loaner_units=units or (LoanerUnit("LU-1", "UPS", "D-1"),),
    )
    return replace(plain, stock=stock)


def bringing(problem: PlanningProblem) -> Plan:
    """By way of the depot with the loaner, by hand: what the desk decided."""
    store = problem.stores[0]
    visit = problem.visits[0]
    brought = LoanerChoice("LU-1", "UPS", store.id, LoanerBy.VISIT, 0)
    stops = (
        Stop(StopKind.PICK_UP, store.id, 0, 0, store.pick_up_s),
        Stop(StopKind.VISIT, visit.id, 0, 0, visit.service_s, loaner=brought),
    )
    driven = retimed(problem, Route(problem.shifts[0].id, 0, 0, stops), Delay())
    assert driven is not None
    plan = Plan((driven,), (), CostTerms())
    return replace(plan, claimed=cost(problem, plan))


def going() -> InForce:
    """The plan in force at eight."""
    board = Board.of(region())
    problem = problem_of(board)
    plan = bringing(problem)
    assert violations(problem, plan) == ()
    return InForce(board.apply(PlanPublished(stops_of(board, problem, plan))), problem, plan)


def later(start: InForce, until_s: int) -> Board:
    """The board when everything has gone as planned."""
    until = start.board.now + timedelta(seconds=until_s)
    board = start.board
    for at, event in as_planned(start, until=until):
        board = board.at(at).apply(event)
    return board.at(until)


@pytest.mark.parametrize("after_s", [0, 60])
def test_between_the_pick_up_and_the_visit_it_is_on_the_van(after_s: int) -> None:
    """The plan carried on brings it without another stop, and costs no more."""
    start = going()
    picked_up, visit = start.plan.routes[0].stops
    board = later(start, picked_up.end_s + after_s)
    problem = problem_of(board)

    kept = carried(problem, shifted(start.plan, board.tick(start.board.now)))

    assert problem.engineers[0].loaners == ((0, ("LU-1",)),)
    assert problem.stores[0].loaners == ()
    assert violations(problem, kept) == ()
    assert kept.claimed == cost(problem, kept)
    assert kept.claimed.total <= start.plan.claimed.total
    (stop,) = kept.routes[0].stops
    assert stop.loaner is not None
    assert (stop.loaner.unit, stop.loaner.store) == ("LU-1", "")
    assert board.moment(stop.loaner.stands_s) == start.board.moment(visit.start_s)


def test_planned_again_it_is_still_brought() -> None:
    """A turn of the wheel in between does not leave it in the van."""
    start = going()
    board = later(start, start.plan.routes[0].stops[0].end_s)

    turned = replan(board, Budget(seed=1, work=60), in_force=shifted(start.plan, board.tick(start.board.now)))

    assert violations(turned.problem, turned.plan) == ()
    assert turned.plan.claimed == cost(turned.problem, turned.plan)
    assert turned.kept is not None
    assert turned.plan.claimed.total <= turned.kept.claimed.total
    assert [stop.loaner.unit for stop in visit_stops(turned.plan) if stop.loaner] == ["LU-1"]


def test_it_stands_when_he_starts_and_lies_in_no_van_any_more() -> None:
    """From then on it is lent."""
    start = going()

    board = later(start, start.plan.routes[0].stops[1].start_s)

    assert [(loan.unit, loan.ticket_ref) for loan in board.region.stock.loans] == [("LU-1", "T-1")]
    assert [unit.van for unit in board.region.stock.loaner_units] == [""]


def test_nobody_brings_what_lies_in_another_mans_van() -> None:
    """Only he can, and a unit is promised once."""
    board = Board.of(region(LoanerUnit("LU-1", "UPS", "D-1", van="VAN-2")))
    problem = problem_of(board)
    visit = problem.visits[0]
    brought = LoanerChoice("LU-1", "UPS", "", LoanerBy.VISIT, 0)
    stop = Stop(StopKind.VISIT, visit.id, 0, 0, visit.service_s, loaner=brought)
    driven = retimed(problem, Route("E-1/06", 0, 0, (stop,)), Delay())
    assert driven is not None
    plan = Plan((driven,), (), CostTerms())

    codes = {found.message.code for found in violations(problem, replace(plan, claimed=cost(problem, plan)))}

    assert codes == {"verify.loaner_not_in_van"}


def test_what_cannot_be_taken_along_is_refused() -> None:
    """A unit nobody has, one that is lent, an engineer there is not, one without a van."""
    board = Board.of(region())
    walking = replace(board.region.field.engineers[0], van="")
    engineers = (walking, board.region.field.engineers[1])
    on_foot = Board.of(replace(board.region, field=replace(board.region.field, engineers=engineers)))
    lent = board.apply(LoanerLent(Loan("L-1", "LU-1", "T-1", board.now, board.now + timedelta(days=1))))

    def code(where: Board, unit: str, engineer: str) -> str:
        with pytest.raises(Refusal) as refused:
            where.apply(LoanerTaken(unit, engineer, where.now))
        return refused.value.code

    assert code(board, "LU-9", "E-1") == "stock.unknown_loaner_unit"
    assert code(lent, "LU-1", "E-1") == "stock.lent_twice"
    assert code(board, "LU-1", "E-9") == "board.unknown_engineer"
    assert code(on_foot, "LU-1", "E-1") == "board.no_van"


def test_put_back_it_is_free_at_its_place_again() -> None:
    """The customer called it off."""
    board = Board.of(region()).apply(LoanerTaken("LU-1", "E-1", build.AS_OF))

    back = board.apply(LoanerTaken("LU-1", "", build.AS_OF))

    assert problem_of(board).stores[0].loaners == ()
    assert problem_of(back).stores[0].loaners == ((0, ("LU-1",)),)
