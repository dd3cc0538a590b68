"""A loaner the desk reserved goes to its ticket and to nobody else; one that was not inspected goes nowhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest

from dispatch.board import Board
from dispatch.cost import cost, visit_stops
from dispatch.desk.customer import Asset
from dispatch.desk.loan import LoanEvent, LoanStep, TicketLoan
from dispatch.desk.milestone import Severity
from dispatch.event import LoanerLent, LoanerReturned, of_loan
from dispatch.loaners import Loan, loaner_pool
from dispatch.pose import problem_of
from dispatch.region import Region
from dispatch.solve import Budget, solve
from dispatch.summary import summary
from dispatch.verify import violations
from inventory.catalogue.loaner import LoanerClass, LoanerUnit
from tests import regions as build
from tests.dispatch.pose.worlds import stocked

ROW = build.region().field.visits[0]
LOAN = TicketLoan("L-1", "T-2", "U-1", build.at(7), "E-9")


def step(kind: LoanStep, at: datetime, due: datetime | None = None) -> LoanEvent:
    """A step of the loan."""
    return LoanEvent("L-1", at, kind, "E-9", due_back_at=due)


def overrunning(*loans: TicketLoan, events: tuple[LoanEvent, ...] = ()) -> Region:
    """Two machines of one class go to the workshop for a day; the first one's lateness is the dearer."""
    region = build.region(
        assets=(Asset("A-1", "S-1", "SN1", "M1", "UPS"), Asset("A-2", "S-2", "SN2", "M1", "UPS")),
        tickets=(
            build.ticket("T-1"),
            build.ticket("T-2", site="S-2", asset="A-2", severity=Severity.P3),
        ),
        visits=(
            replace(ROW, bench_min=24 * 60, return_min=20),
            replace(ROW, id="V-2", ticket="T-2", site="S-2", bench_min=24 * 60, return_min=20),
        ),
        part_needs=(),
        ticket_loans=loans,
        loan_events=events,
    )
    return stocked(
        region,
        loaner_classes=(LoanerClass("UPS", "UPS", (), Decimal(60)),),
        loaner_units=(LoanerUnit("U-1", "UPS", "D-1"),),
    )


@pytest.mark.parametrize(("loans", "ticket"), [((), "T-1"), ((LOAN,), "T-2")])
def test_a_reserved_unit_is_planned_for_its_ticket_only(loans: tuple[TicketLoan, ...], ticket: str) -> None:
    """Without the reservation the dearer promise gets the only unit; a word given is worth more than a saving."""
    board = Board.of(overrunning(*loans))
    problem = problem_of(board)

    plan = solve(problem, Budget(seed=1, work=300))

    assert violations(problem, plan) == ()
    assert plan.claimed == cost(problem, plan)
    tickets = {visit.id: visit.ticket for visit in problem.visits}
    lent = {tickets[stop.ref]: stop.loaner.unit for stop in visit_stops(plan) if stop.loaner}
    assert lent == {ticket: "U-1"}
    assert {sent.loaner_class for sent in summary(problem, plan).loaners} == {"UPS"}


def test_a_unit_that_is_out_is_lent_to_nobody_else() -> None:
    """The desk has said that it left; that the pool has not been told must not send it to a second customer."""
    out = step(LoanStep.OUT, build.at(7, 10), build.at(9))
    problem = problem_of(Board.of(overrunning(LOAN, events=(out,))))

    plan = solve(problem, Budget(seed=1, work=300))

    assert violations(problem, plan) == ()
    assert plan.claimed == cost(problem, plan)
    assert [stop.loaner for stop in visit_stops(plan) if stop.loaner] == []


def test_a_unit_that_is_back_waits_for_its_inspection() -> None:
    """Dirty or broken it would be the second machine that fails this customer."""
    out = step(LoanStep.OUT, build.at(7, 10), build.at(9))
    back = (out, step(LoanStep.BACK, build.at(7, 40)))
    passed = (
        *back,
        step(LoanStep.INSPECTING, build.at(7, 45)),
        step(LoanStep.PASSED, build.at(7, 50)),
    )

    def lendable(events: tuple[LoanEvent, ...]) -> bool:
        return any(store.loaners for store in problem_of(Board.of(overrunning(LOAN, events=events))).stores)

    assert not lendable(back)
    assert lendable(passed)


def test_what_the_desk_does_with_a_loan_is_told_to_the_pool() -> None:
    """The unit leaves the shelf when it leaves the house, and is counted again when it is back."""
    out = step(LoanStep.OUT, build.at(8), build.at(9, day=9))
    back = step(LoanStep.BACK, build.at(9, day=8))

    lent, returned = of_loan(LOAN, out), of_loan(LOAN, back)

    assert lent == LoanerLent(Loan("L-1", "U-1", "T-2", build.at(8), build.at(9, day=9)))
    assert returned == LoanerReturned("L-1", build.at(9, day=8))
    assert of_loan(LOAN, step(LoanStep.AT_CUSTOMER, build.at(10))) is None


def test_a_board_goes_through_a_loan() -> None:
    """Lent and taken back through events the pool is as it was."""
    board = Board.of(overrunning(), now=build.at(12))
    before = loaner_pool(board.region.stock, now=board.now)

    for event in (
        of_loan(LOAN, step(LoanStep.OUT, build.at(8), build.at(9, day=9))),
        of_loan(LOAN, step(LoanStep.BACK, build.at(11))),
    ):
        assert event is not None
        board = board.apply(event)

    assert loaner_pool(board.region.stock, now=board.now) == before


def test_kept_units_have_a_class_of_their_own() -> None:
    """Nobody else's grant knows that class, so no plan can take it."""
    stock = overrunning().stock

    pool = loaner_pool(stock, now=build.AS_OF, kept={"U-1": "T-2"})
    nobodys = loaner_pool(stock, now=build.AS_OF, kept={"U-1": ""})

    assert pool.classes_for("UPS", ticket="T-1") == ("UPS",)
    assert pool.free == {("D-1", pool.classes_for("UPS", ticket="T-2")[0]): ("U-1",)}
    assert nobodys.free == {}
    assert nobodys.classes_for("UPS", ticket="T-2") == ("UPS",)
