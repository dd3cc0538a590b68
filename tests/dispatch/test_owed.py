"""What a region owes besides its repairs: one list, from facts and a plan's forecasts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.board import Board
from dispatch.cost import cost
from dispatch.crew import Absence, OnCall, Shift
from dispatch.desk.clause import LadderRole
from dispatch.desk.complaint import Complaint, ComplaintEvent, ComplaintStep
from dispatch.desk.customer import Asset
from dispatch.desk.escalation import Escalated
from dispatch.desk.knowledge import KnowledgeEntry
from dispatch.desk.loan import LoanEvent, LoanStep, TicketLoan
from dispatch.desk.loan_owed import Owing
from dispatch.desk.maintenance import PreventiveEvent, PreventiveStep, PreventiveVisit
from dispatch.desk.milestone import Milestone
from dispatch.desk.repeat_fault import Replaced
from dispatch.desk.survey import SurveyEvent, SurveyStep
from dispatch.desk.ticket import EventKind, TicketEvent
from dispatch.owed import Owed, finishes_of, owed
from dispatch.pose import problem_of
from dispatch.replacements import ToAsk, replacements
from dispatch.solve import Budget, solve
from dispatch.summary import forecasts
from dispatch.verify import violations
from inventory.catalogue.loaner import LoanerClass
from inventory.catalogue.place import Place, PlaceKind
from inventory.stock.loan import Loan
from kernel.calendars import weekly
from kernel.interval import Interval
from tests import regions as build
from tests.dispatch.pose.worlds import stocked

ROW = build.region().field.visits[0]
DAY = timedelta(days=1)
UPS = Asset("A-1", "S-1", "SN1", "M1", "UPS")


def happened(kind: EventKind, hour: int, minute: int = 0, day: int = 6, reason: str = "said") -> TicketEvent:
    """A step of ticket T-1."""
    return TicketEvent("T-1", build.at(hour, minute, day=day), kind, "E-1", reason)


def board(*, hour: int = 8, day: int = 6, **field: Any) -> Board:
    """The tiny region at an hour of March 2026."""
    return Board.of(build.region(**{"part_needs": ()} | field), now=build.at(hour, day=day))


def listed(*, hour: int = 8, day: int = 6, **field: Any) -> Owed:
    """What is owed then, without a plan."""
    return owed(board(hour=hour, day=day, **field))


@settings(deadline=None, max_examples=15)
@given(st.integers(1, 50 * 60), st.booleans())
def test_what_the_plan_forecasts_decides_about_the_loaner(bench_min: int, skilled: bool) -> None:
    """The desk's list and the plan's own promises agree: a loaner is owed exactly where a repair overruns."""
    skills = (("HV", 2 if skilled else 5),)
    region = build.region(
        part_needs=(),
        assets=(UPS, Asset("A-2", "S-2")),
        visits=(replace(ROW, bench_min=bench_min, return_min=20, skills=skills),),
        shifts=tuple(
            Shift(f"E-1/{day}", "E-1", Interval(build.at(8, day=day), build.at(17, day=day)))
            for day in (6, 7, 8)
        ),
    )
    world = Board.of(stocked(region, loaner_classes=(LoanerClass("UPS", "UPS", (), Decimal(60)),)))
    problem = problem_of(world)

    plan = solve(problem, Budget(seed=1, work=60))

    assert violations(problem, plan) == ()
    assert plan.claimed == cost(problem, plan)
    ending = problem.visits[-1]
    stop = {stop.ref: stop for route in plan.routes for stop in route.stops}.get(ending.id)
    (repair,) = [one for one in forecasts(ending, stop) if one.milestone is Milestone.REPAIR]
    overruns = repair.meets_s is None or repair.meets_s > repair.due_s
    found = owed(world, finishes=finishes_of(world, problem, plan)).loans
    assert [one.ticket for one in found] == (["T-1"] if overruns else [])
    assert all(one.why is (Owing.NO_FORECAST if stop is None else Owing.OVERRUN) for one in found)


def test_without_a_plan_the_engineers_word_is_the_forecast() -> None:
    """He knows what he saw; a word about the past says nothing about the future."""
    late = TicketEvent(
        "T-1", build.at(8), EventKind.FORECAST_FINISH, "E-1", value=build.at(12, day=8).isoformat()
    )
    passed = replace(late, value=build.at(9).isoformat())

    overrun = listed(hour=10, ticket_events=(late,)).loans
    unknown = listed(hour=10, ticket_events=(passed,)).loans

    assert [(one.why, one.forecast_at) for one in overrun] == [(Owing.OVERRUN, build.at(12, day=8))]
    assert [(one.why, one.forecast_at) for one in unknown] == [(Owing.NO_FORECAST, None)]


def test_a_reserved_loan_answers_and_an_overdue_one_is_reminded_of() -> None:
    """The same list shows what is still to be found and what has to come back."""
    loan = TicketLoan("L-1", "T-1", "U-1", build.at(7, 30), "E-9")
    out = LoanEvent("L-1", build.at(8), LoanStep.OUT, "E-9", due_back_at=build.at(8, day=7))
    stands = LoanEvent("L-1", build.at(9), LoanStep.AT_CUSTOMER, "E-9")
    in_place = happened(EventKind.LOANER_IN_PLACE, 9)
    repaired = happened(EventKind.REPAIRED, 20)

    kept = listed(ticket_loans=(loan,))
    late = listed(
        day=9,
        ticket_loans=(loan,),
        loan_events=(out, stands),
        ticket_events=(in_place, repaired),
    )

    assert [one.loan for one in kept.loans] == ["L-1"]
    assert late.loans == ()
    assert [(one.loan.id, one.reminder.number) for one in late.reminders] == [("L-1", 1)]


def test_a_loan_only_the_pool_knows_is_reminded_of_too() -> None:
    """A unit that left without the desk's paper is still a unit that has to come back."""
    lent = Loan("L-9", "U-1", "T-1", build.at(8), build.at(8, day=7))
    of_nobody = Loan("L-8", "U-2", "T-77", build.at(8), build.at(8, day=7))
    region = build.region(ticket_events=(happened(EventKind.REPAIRED, 20),))
    world = Board.of(stocked(region, loans=(lent, of_nobody)), now=build.at(8, day=8))

    assert [(one.loan.id, one.reminder.number) for one in owed(world).reminders] == [("L-9", 1)]


def test_the_ladder_is_climbed_by_the_open_tickets_only() -> None:
    """Rungs due at twelve hours: the dispatcher, the centre and so on, until somebody tells them or it works."""
    told = Escalated("T-1", build.at(14), "E-9", LadderRole.ON_SITE_TEAM, "E-2", "goes there")

    open_ones = listed(hour=20).ladder
    without = listed(hour=20, escalated=(told,)).ladder
    over = listed(hour=20, ticket_events=(happened(EventKind.REPAIRED, 19),)).ladder

    roles = [task.step.role for task in open_ones]
    assert roles[:2] == [LadderRole.ON_SITE_TEAM, LadderRole.DISPATCHER]
    assert [task.step.role for task in without] == roles[1:]
    assert over == ()


def test_nobody_on_call_and_nobody_at_work_is_listed() -> None:
    """Engineers on shift or on call are the on-site team, less their absences; a calendar named like a role has its hours."""
    duty = OnCall("OC-1", "E-2", Interval(build.at(7), build.at(7, day=9)), Decimal(100))
    away = Absence("AB-1", "E-2", Interval(build.at(18), build.at(22)), "illness")
    office = weekly("dispatcher", "Asia/Shanghai", {"mon-sun": "00:00-24:00"})

    def alone(hour: int, **field: Any) -> set[LadderRole]:
        return {task.step.role for task in listed(hour=hour, **field).unmanned}

    assert LadderRole.ON_SITE_TEAM not in alone(14)
    assert LadderRole.ON_SITE_TEAM in alone(14, shifts=())
    assert LadderRole.ON_SITE_TEAM in alone(20)
    assert LadderRole.ON_SITE_TEAM not in alone(20, on_call=(duty,))
    assert LadderRole.ON_SITE_TEAM in alone(20, on_call=(duty,), absences=(away,))
    assert LadderRole.DISPATCHER in alone(20)
    assert LadderRole.DISPATCHER not in alone(20, calendars=(office,))


def test_complaints_stand_in_order_of_their_due_time() -> None:
    """Accepted first, answered next; what waits for the customer is not ours to do."""
    first = Complaint("K-1", "K-1", "value-added", "1", build.at(7, day=5), "slow", "E-9")
    second = replace(first, id="K-2", made_at=build.at(7))
    accepted = ComplaintEvent("K-1", build.at(7, 5), ComplaintStep.ACCEPTED, "E-9")
    answered = ComplaintEvent("K-1", build.at(7, 10), ComplaintStep.ANSWERED, "E-9", "sorry")

    due = listed(complaints=(second, first), complaint_events=(accepted,)).complaints
    waiting = listed(complaints=(first,), complaint_events=(accepted, answered)).complaints

    assert [(one.complaint, one.step, one.due_at) for one in due] == [
        ("K-1", ComplaintStep.ANSWERED, build.at(7, day=7)),
        ("K-2", ComplaintStep.ACCEPTED, build.at(7, day=7)),
    ]
    assert waiting == ()


def test_a_closed_ticket_is_asked_about_until_it_was() -> None:
    """The headline scheme asks after its days; the answer takes it off the list."""
    life = tuple(
        happened(kind, hour)
        for hour, kind in enumerate((EventKind.REPAIRED, EventKind.VERIFIED, EventKind.CLOSED), start=8)
    )
    answer = SurveyEvent("T-1", build.at(8, day=9), SurveyStep.ANSWERED, "E-9", 5)

    before = listed(day=6, hour=11, ticket_events=life).asking
    due = listed(day=10, ticket_events=life).asking
    after = listed(day=10, ticket_events=life, survey_events=(answer,)).asking

    assert before == ()
    assert [one.step for one in due] == [SurveyStep.SENT]
    assert after == ()


def test_preventive_visits_of_the_next_days_and_missing_reports_are_listed() -> None:
    """Far ones wait; a made one without its report is half done."""
    contracts = (replace(build.region().field.contracts[0], scheme="field-substitute"),)
    near = PreventiveVisit("PM-1", "C-1", "S-1", date(2026, 1, 1), date(2026, 4, 1), date(2026, 3, 16))
    far = replace(near, id="PM-2", site="S-2", on=date(2026, 3, 30))
    done = PreventiveEvent("PM-2", build.at(7, 30), PreventiveStep.DONE, "E-1", on=date(2026, 3, 5))

    planned = listed(contracts=contracts, preventive_visits=(near, far)).preventive
    made = listed(contracts=contracts, preventive_visits=(far,), preventive_events=(done,)).preventive

    assert [(one.visit.id, one.report) for one in planned] == [("PM-1", False)]
    assert [(one.visit.id, one.report) for one in made] == [("PM-2", True)]


def faults(count: int, *, repaired: bool = True, problem: str = "fuser") -> dict[str, Any]:
    """So many faults of A-1 on following days, each repaired the same day, all of one problem."""
    names = [f"T-{n}" for n in range(1, count + 1)]
    reported = {name: build.at(6) - (count - n) * DAY for n, name in enumerate(names)}
    ends = names if repaired else names[:-1]
    return {
        "tickets": tuple(build.ticket(name, reported_at=at) for name, at in reported.items()),
        "ticket_events": tuple(
            TicketEvent(name, reported[name] + DAY / 12, EventKind.REPAIRED, "E-1") for name in ends
        ),
        "knowledge": tuple(
            KnowledgeEntry(
                name, reported[name] + DAY / 24, "E-1", "worn", "new", "A-1", "SN1", problem=problem
            )
            for name in names
            if problem
        ),
        "visits": (),
        "assets": (
            replace(UPS, invoiced_on=date(2025, 6, 1), warranty_months=12),
            Asset("A-2", "S-2"),
        ),
    }


def test_the_third_failure_under_the_headline_scheme_owes_a_new_device() -> None:
    """Two repairs of one problem in the warranty and it stands still again: 002 §2(5)."""
    world = build.region(**{"part_needs": ()} | faults(3, repaired=False))
    world = stocked(world, places=(*world.stock.places, Place("QUAR", PlaceKind.QUARANTINE, "Quarantine")))

    (found,) = replacements(Board.of(world)).owed

    assert (found.asset, found.ticket, found.repairs) == ("A-1", "T-3", ("T-1", "T-2"))
    assert (found.moves[0].to_place, found.moves[1].from_place) == ("QUAR", "D-1")


@pytest.mark.parametrize(
    "changes",
    [
        {"assets": (replace(UPS, invoiced_on=date(2024, 6, 1), warranty_months=12), Asset("A-2", "S-2"))},
        {"replaced": (Replaced("A-1", build.at(6) - 2 * DAY, "E-1", "SN1", "SN2", "T-1"),)},
    ],
)
def test_out_of_warranty_or_after_a_replacement_nothing_is_owed(changes: dict[str, Any]) -> None:
    """The clause is the warranty's; a new serial starts anew."""
    assert replacements(board(**faults(3, repaired=False) | changes)).owed == ()


def test_what_nobody_wrote_down_is_asked_for() -> None:
    """Without a diagnosis or the dates of the warranty nobody can say whether a repair counts."""
    undiagnosed = replacements(board(**faults(2, problem="")))
    undated = replacements(board(**faults(1, repaired=False) | {"assets": (UPS, Asset("A-2", "S-2"))}))

    assert undiagnosed.to_ask == (ToAsk("T-1", "diagnosis"), ToAsk("T-2", "diagnosis"))
    assert undated.owed == ()


@settings(max_examples=30)
@given(st.lists(st.tuples(st.sampled_from(["A-1", "A-2"]), st.booleans(), st.booleans()), max_size=10))
def test_what_one_device_is_owed_does_not_hang_on_the_others(rows: list[tuple[str, bool, bool]]) -> None:
    """All together give what each device gives alone: facts are sorted by device once, and none goes to another."""
    assets = (
        replace(UPS, invoiced_on=date(2025, 6, 1), warranty_months=12),
        Asset("A-2", "S-2", "SN2", "M1", invoiced_on=date(2025, 6, 1), warranty_months=12),
    )
    at = [build.at(6) - (len(rows) - n) * DAY for n in range(len(rows))]
    world: dict[str, Any] = {
        "assets": assets,
        "visits": (),
        "tickets": tuple(
            build.ticket(f"T-{n}", asset=name, site=f"S-{name[-1]}", reported_at=at[n])
            for n, (name, _, _) in enumerate(rows)
        ),
        "ticket_events": tuple(
            TicketEvent(f"T-{n}", at[n] + DAY / 12, EventKind.REPAIRED, "E-1")
            for n, (_, repaired, _) in enumerate(rows)
            if repaired
        ),
        "knowledge": tuple(
            KnowledgeEntry(
                f"T-{n}", at[n] + DAY / 24, "E-1", "worn", "new", name, f"SN{name[-1]}", problem="fuser"
            )
            for n, (name, _, diagnosed) in enumerate(rows)
            if diagnosed
        ),
        "replaced": (Replaced("A-2", build.at(6) - 4 * DAY, "E-1", "SN2", "SN3", "T-0"),) if rows else (),
    }

    together = replacements(board(**world))
    alone = [
        replacements(
            board(**world | {"tickets": tuple(one for one in world["tickets"] if one.asset == name)})
        )
        for name in ("A-1", "A-2")
    ]

    owed_alone = sorted((one for part in alone for one in part.owed), key=lambda one: one.id)
    assert sorted(together.owed, key=lambda one: one.id) == owed_alone
    assert sorted(together.to_ask) == sorted(one for part in alone for one in part.to_ask)
