"""One visit parted among people and days: crews, relief, later shifts, workshops, order."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.board import Board
from dispatch.crew import Shift
from dispatch.desk.customer import Asset
from dispatch.desk.ticket import EventKind, TicketEvent
from dispatch.desk.visit import CrewRole, VisitOrder
from dispatch.policy import Policy
from dispatch.pose import problem_of
from dispatch.problem import Link, Pair, PlanningProblem
from dispatch.problem import Visit as Posed
from inventory.catalogue.loaner import LoanerClass, LoanerUnit
from kernel.interval import Interval
from tests import regions as build
from tests.dispatch.pose.worlds import HOUR_S, linked, named, posed, stocked

ROW = build.region().field.visits[0]
HELPER = CrewRole("V-1", "helper", 30)
LEFT_OUT = 2_000_000
"""Cents of leaving out a P1 visit."""


def crewed(*roles: CrewRole, **visit: Any) -> PlanningProblem:
    """Visit V-1 with these engineers besides the first."""
    return posed(visits=(replace(ROW, **visit),), crew_roles=roles)


def long(minutes: int, *, days: int = 3, **visit: Any) -> PlanningProblem:
    """Visit V-1 of so many minutes; the two engineers work from eight to five on so many days."""
    shifts = tuple(
        Shift(f"{engineer}/{day:02d}", engineer, Interval(build.at(8, day=day), build.at(17, day=day)))
        for day in range(6, 6 + days)
        for engineer in ("E-1", "E-2")
    )
    return posed(visits=(replace(ROW, duration_min=minutes, **visit),), shifts=shifts)


def test_a_visit_without_any_of_it_is_one_visit_with_no_links() -> None:
    """Regions described before crews existed pose what they posed then."""
    problem = posed()

    assert [(v.id, v.trip, v.role, v.away_s) for v in problem.visits] == [("V-1", "", "", 0)]
    assert problem.links == ()


def test_a_crew_of_three_comes_together_or_within_its_gap() -> None:
    """The first keeps the visit's id and role; each other engineer is a visit of his own, bound to the first's start."""
    problem = crewed(HELPER, CrewRole("V-1", "welder", 20, within_min=45), role="chief")

    assert [(v.id, v.desk_visit, v.role, v.service_s) for v in problem.visits] == [
        ("V-1", "V-1", "chief", 3600),
        ("V-1@helper", "V-1", "helper", 1800),
        ("V-1@welder", "V-1", "welder", 1200),
    ]
    assert linked(problem) == {
        ("V-1", "V-1@helper"): Link(0, 1, 0, 0, Pair.DIFFERENT, both=True),
        ("V-1", "V-1@welder"): Link(0, 2, 0, 45 * 60, Pair.DIFFERENT, both=True),
        ("V-1@helper", "V-1@welder"): Link(1, 2, 0, 45 * 60, Pair.DIFFERENT, both=True),
    }


def test_two_of_a_crew_are_two_people_though_one_could_come_twice() -> None:
    """A welder of twenty minutes has gone before the fitter's gap closes: they are still two of three."""
    welder = CrewRole("V-1", "welder", 20, within_min=10)
    fitter = CrewRole("V-1", "fitter", 90, within_min=60)
    apart = Link(1, 2, -60 * 60, 10 * 60, Pair.DIFFERENT, both=True)

    problem = crewed(welder, fitter)

    assert apart in problem.links
    assert len(crewed(replace(HELPER, duration_min=61), fitter).links) == 2, "who helps is not gone in time"


def test_the_first_of_a_crew_without_a_name_leads() -> None:
    """A role nobody wrote down still needs a word on the plan."""
    assert named(crewed(HELPER), "V-1").role == "lead"
    assert named(crewed(role="chief"), "V-1").role == ""


def test_each_engineer_needs_his_own_skills_and_only_the_first_the_parts() -> None:
    """A helper needs no high voltage and carries no board."""
    role = replace(HELPER, skills=(("IT", 1),), certificates=("WELD",), tools=("SCOPE",))

    problem = crewed(role)
    first, helper = named(problem, "V-1"), named(problem, "V-1@helper")

    assert [problem.skills[s] for s, _ in helper.skills] == ["IT"]
    assert [problem.skills[s] for s, _ in first.skills] == ["HV"]
    assert (helper.certificates, helper.tools, helper.parts) == ((0,), (0,), ())
    assert (first.certificates, first.tools, len(first.parts)) == ((), (), 1)


def test_what_the_customer_waits_for_is_priced_once() -> None:
    """A late crew is one late arrival and one late repair, and leaving it out costs what the ticket costs."""
    problem = crewed(HELPER, replace(HELPER, role="other"))

    assert [visit.arrive is not None for visit in problem.visits] == [True, False, False]
    assert [visit.repair is not None for visit in problem.visits] == [True, False, False]
    assert sum(visit.left_out for visit in problem.visits) == LEFT_OUT


def test_the_repair_ends_with_the_last_of_the_crew() -> None:
    """A helper who comes along and works half an hour longer makes the repair half an hour later."""
    together = named(crewed(replace(HELPER, duration_min=90)), "V-1")
    assert together.away_s == 30 * 60
    assert together.repair is not None

    within = crewed(replace(HELPER, duration_min=90, within_min=15))
    assert named(within, "V-1@helper").repair == together.repair
    gate = named(within, "V-1").repair
    assert gate is not None
    assert (gate.cents, gate.due_s) == (0, together.repair.due_s)


def test_a_helper_who_may_come_late_is_never_late_for_nothing() -> None:
    """Lead an hour, helper fifty minutes up to four hours later: the repair counts from the helper, ten minutes late at most."""
    problem = crewed(replace(HELPER, duration_min=50, within_min=240))

    lead, helper = named(problem, "V-1"), named(problem, "V-1@helper")
    assert lead.repair is not None
    assert lead.repair.cents == 0, "it still says whether a loaner is owed"
    assert helper.repair is not None
    assert helper.repair.cents > 0
    assert helper.away_s == 10 * 60


@pytest.mark.parametrize(
    ("minutes", "lengths"),
    [(480, [480]), (481, [255.5, 255.5]), (900, [465, 465]), (1000, [353 + 1 / 3] * 3)],
)
def test_continuous_work_is_relieved_before_anybody_works_too_long(
    minutes: int, lengths: list[float]
) -> None:
    """At most eight hours each, half an hour together at every change, somebody else each time."""
    problem = long(minutes, continuous=True)

    assert [v.service_s / 60 for v in problem.visits] == pytest.approx(lengths)
    for before, after in pairwise(problem.visits):
        link = linked(problem)[before.id, after.id]
        gap_s = before.service_s - 30 * 60
        assert (link.least_s, link.most_s, link.engineers, link.both) == (gap_s, gap_s, Pair.DIFFERENT, True)


def test_relieved_work_is_priced_at_its_first_start() -> None:
    """Every change of hands is exact, so the end is known from the beginning."""
    first, second = long(900, continuous=True).visits

    assert first.repair is not None
    assert second.repair is None
    assert first.service_s + first.away_s == 900 * 60
    assert (second.id, second.trip, second.role) == ("V-1#2", "V-1", "relief")


def test_nobody_stays_longer_than_his_shift_can_hold() -> None:
    """A stretch of eight hours is no use where a break at noon ends it: pieces fit before or after it."""
    shifts = tuple(
        replace(shift, break_between=Interval(build.at(11, 30), build.at(13)), break_min=30)
        for shift in build.region().field.shifts
    )

    problem = posed(visits=(replace(ROW, duration_min=480, continuous=True),), shifts=shifts)

    assert len(problem.visits) == 2
    assert max(visit.service_s for visit in problem.visits) < 5 * HOUR_S


def test_the_schemes_word_counts_where_the_visit_has_none() -> None:
    """One scheme promises service without interruption until the equipment runs."""
    shifts = build.region().field.shifts
    ticket = build.ticket("T-1", scheme="field-substitute")
    visits = (replace(ROW, duration_min=600),)

    relieved = posed(visits=visits, tickets=(ticket,), shifts=shifts)
    told = posed(visits=(replace(ROW, duration_min=600, continuous=False),), tickets=(ticket,), shifts=shifts)

    assert [v.role for v in relieved.visits] == ["", "relief"]
    assert "relief" not in {v.role for v in told.visits}


def test_a_repair_longer_than_any_shift_goes_on_in_later_ones_of_the_same_engineer() -> None:
    """Sixteen hours are two days of eight; parts and arrival belong to the first, the finish to the last."""
    problem = long(960)
    first, second = problem.visits

    assert (first.service_s, second.service_s) == (8 * HOUR_S, 8 * HOUR_S)
    assert (second.id, second.trip, second.role) == ("V-1#2", "V-1", "later")
    assert linked(problem) == {
        ("V-1", "V-1#2"): Link(0, 1, 8 * HOUR_S, None, Pair.SAME, both=True),
    }
    assert first.arrive is not None
    assert len(first.parts) == 1
    assert second.parts == ()
    assert second.repair is not None
    assert second.repair.cents > 0
    assert first.left_out + second.left_out == LEFT_OUT


def test_a_repair_some_shift_can_hold_is_done_in_one_go() -> None:
    """Also when that takes overtime: going back tomorrow is no cheaper by decree."""
    shifts = tuple(replace(shift, overtime_min=120) for shift in build.region().field.shifts)
    visits = (replace(ROW, duration_min=9 * 60 + 30),)

    assert len(posed(visits=visits, shifts=shifts).visits) == 1
    assert len(posed(visits=visits, shifts=build.region().field.shifts).visits) == 1, (
        "one day is all there is"
    )
    assert len(long(9 * 60 + 30).visits) == 2


def test_only_who_can_do_it_decides_how_it_is_cut() -> None:
    """The one who holds the skill works half days: what the other could hold does not count."""
    shifts = (
        *(Shift(f"E-1/{d}", "E-1", Interval(build.at(8, day=d), build.at(12, day=d))) for d in (6, 7, 8)),
        Shift("E-2/6", "E-2", Interval(build.at(8), build.at(20))),
    )

    expert = posed(visits=(replace(ROW, duration_min=600, skills=(("HV", 3),)),), shifts=shifts)
    anybody = posed(visits=(replace(ROW, duration_min=600),), shifts=shifts)

    assert len(expert.visits) == 3
    assert len(anybody.visits) == 1


def test_a_workshop_trip_is_collected_and_brought_back() -> None:
    """Collected in an hour, four on the bench, twenty minutes to put it back: due on the way back."""
    problem = posed(visits=(replace(ROW, bench_min=240, return_min=20),))
    collect, back = problem.visits

    assert [(v.id, v.trip, v.role, v.service_s) for v in problem.visits] == [
        ("V-1", "", "collect", 3600),
        ("V-1#2", "V-1", "return", 1200),
    ]
    assert linked(problem) == {("V-1", "V-1#2"): Link(0, 1, 5 * HOUR_S, both=True)}
    assert back.repair is not None
    assert back.repair.cents > 0
    assert collect.arrive is not None
    assert back.arrive is None
    assert collect.left_out + back.left_out == LEFT_OUT


def test_the_loaner_stands_from_collecting_until_the_unit_is_back() -> None:
    """It goes out on the first trip; whether it is owed, and for how long, counts to the soonest return."""
    region = stocked(
        build.region(
            assets=(Asset("A-1", "S-1", "SN1", "M1", "UPS"),),
            visits=(replace(ROW, bench_min=24 * 60, return_min=20),),
        ),
        loaner_classes=(LoanerClass("UPS", "UPS", (), Decimal(60)),),
        loaner_units=(LoanerUnit("U-1", "UPS", "D-1"),),
    )

    collect, back = posed(region).visits

    assert collect.loaner is not None
    assert back.loaner is None
    assert collect.substitute is not None
    assert back.substitute is None
    assert collect.away_s == 24 * HOUR_S + 20 * 60
    assert collect.repair is not None
    assert back.repair == replace(collect.repair, cents=60_000)


def ordered(*orders: tuple[str, str], **field: Any) -> PlanningProblem:
    """Three visits of one ticket with who waits for whom."""
    visits = tuple(replace(ROW, id=name) for name in ("V-1", "V-2", "V-3"))
    return posed(
        **{"visits": visits, "visit_order": tuple(VisitOrder(*one) for one in orders), "part_needs": ()}
        | field
    )


def test_a_visit_that_waits_starts_when_the_other_is_done() -> None:
    """By anybody, any time after; and not without it."""
    problem = ordered(("V-3", "V-1"), ("V-2", "V-1"))

    assert linked(problem) == {
        ("V-1", "V-2"): Link(0, 1, HOUR_S),
        ("V-1", "V-3"): Link(0, 2, HOUR_S),
    }


def test_it_waits_for_every_one_of_a_crew_and_for_the_last_piece() -> None:
    """The floor is laid when the last of them has left."""
    crew = ordered(("V-2", "V-1"), crew_roles=(replace(HELPER, duration_min=90),))
    bench = ordered(
        ("V-2", "V-1"), visits=(replace(ROW, bench_min=60, return_min=20), replace(ROW, id="V-2"))
    )

    assert linked(crew)["V-1", "V-2"].least_s == HOUR_S
    assert linked(crew)["V-1@helper", "V-2"].least_s == 90 * 60
    assert linked(bench)["V-1#2", "V-2"].least_s == 20 * 60
    assert ("V-1", "V-2") not in linked(bench)


def test_a_visit_that_is_done_holds_nobody_up() -> None:
    """Its engineer has left; the next may begin."""
    left = TicketEvent("T-1", build.at(7, 50), EventKind.LEFT, "E-2", visit="V-1")

    problem = ordered(("V-2", "V-1"), ticket_events=(left,))

    assert [visit.id for visit in problem.visits] == ["V-2", "V-3"]
    assert problem.links == ()


def test_a_crew_at_work_goes_on_with_what_is_left() -> None:
    """Both came at half past seven: each keeps his part, nothing has to start together any more."""
    events = tuple(
        TicketEvent("T-1", build.at(7, 30), EventKind.ON_SITE, engineer, visit="V-1")
        for engineer in ("E-1", "E-2")
    )
    shifts = tuple(
        replace(shift, worked=Interval(build.at(7), build.at(17))) for shift in build.region().field.shifts
    )

    problem = posed(crew_roles=(HELPER,), ticket_events=events, shifts=shifts)

    assert problem.links == ()
    assert [(v.id, problem.engineers[v.engineer_lock].id, v.start_lock_s) for v in problem.visits] == [
        ("V-1", "E-1", 0),
        ("V-1@helper", "E-2", 0),
    ]


def test_a_crew_on_the_way_still_comes_together() -> None:
    """Who is driving is held to the visit; his mate is still to be found."""
    driving = TicketEvent("T-1", build.at(7, 50), EventKind.TRAVELLING, "E-2", visit="V-1")
    shifts = tuple(
        replace(shift, worked=Interval(build.at(7), build.at(17))) for shift in build.region().field.shifts
    )

    problem = posed(crew_roles=(HELPER,), ticket_events=(driving,), shifts=shifts)

    assert named(problem, "V-1").engineer_lock == 1
    assert linked(problem)["V-1", "V-1@helper"].most_s == 0


@given(
    minutes=st.integers(1, 3000),
    helpers=st.lists(st.tuples(st.integers(1, 2000), st.integers(0, 100)), max_size=3),
    continuous=st.booleans(),
    bench=st.none() | st.integers(1, 3000),
)
def test_however_it_is_parted_nothing_is_lost(
    minutes: int, helpers: list[tuple[int, int]], continuous: bool, bench: int | None
) -> None:
    """The parts' work, less the handovers, is the visit's; so is their price; ids differ; links run forward."""
    roles = tuple(CrewRole("V-1", f"r{n}", work, gap) for n, (work, gap) in enumerate(helpers))
    visit = replace(ROW, continuous=continuous, bench_min=bench, return_min=20 if bench else 0)
    region = build.region(visits=(replace(visit, duration_min=minutes),), crew_roles=roles)
    parts = posed(region).visits

    def work_min(crew: str) -> float:
        own = [p for p in parts if p.role != "return" and _crew_of(p) == crew]
        overlap = Policy().handover_min * (len(own) - 1) if continuous else 0
        return sum(p.service_s for p in own) / 60 - overlap

    assert work_min("") == minutes
    assert all(work_min(role.role) == role.duration_min for role in roles)
    assert sum(part.left_out for part in parts) == LEFT_OUT
    assert len({part.id for part in parts}) == len(parts)
    assert sum(part.arrive is not None for part in parts) == 1
    assert sum(part.repair is not None and part.repair.cents > 0 for part in parts) == 1


def _crew_of(part: Posed) -> str:
    return part.id.partition("@")[2].partition("#")[0]


def test_a_visit_waits_for_one_being_finished_after_its_shift() -> None:
    """E-1 works on past five; nothing of that is left to decide, but the next visit begins when he is done."""
    came = TicketEvent("T-1", build.at(16, 30), EventKind.ON_SITE, "E-1", visit="V-1")
    late = TicketEvent(
        "T-1", build.at(16, 40), EventKind.FORECAST_FINISH, "E-1", visit="V-1", value=build.at(18).isoformat()
    )
    region = build.region(
        visits=(ROW, replace(ROW, id="V-2")),
        part_needs=(),
        visit_order=(VisitOrder("V-2", "V-1"),),
        ticket_events=(came, late),
    )

    problem = problem_of(Board.of(region, now=build.at(17, 20)))

    assert [(visit.id, visit.earliest_s) for visit in problem.visits] == [("V-2", 40 * 60)]
