"""The way to the workshop and back as a problem sees it: what is owed once it is collected, and what collecting waits for."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.board import Board
from dispatch.cost import cost, visit_stops
from dispatch.crew import Shift
from dispatch.desk.ticket import EventKind, TicketEvent
from dispatch.desk.visit import PartNeed
from dispatch.explain import explain, reasons
from dispatch.plan import Plan
from dispatch.pose import problem_of
from dispatch.problem import PlanningProblem
from dispatch.region import Region
from dispatch.solve import Budget, solve
from dispatch.verify import violations
from inventory.stock.sourcing import OfferKind, SupplyOffer
from kernel.interval import Interval
from tests import regions as build
from tests.dispatch.pose.worlds import HOUR_S, linked, named, posed, stocked, under

ROW = replace(build.region().field.visits[0], bench_min=240, return_min=20)
DAYS = tuple(
    Shift(f"{engineer}/{day:02d}", engineer, Interval(build.at(8, day=day), build.at(17, day=day)))
    for day in (6, 7)
    for engineer in ("E-1", "E-2")
)
GONE = (
    TicketEvent("T-1", build.at(8, 30), EventKind.ON_SITE, "E-1", visit="V-1"),
    TicketEvent("T-1", build.at(9), EventKind.COLLECTED, "E-1", visit="V-1"),
    TicketEvent("T-1", build.at(9), EventKind.LEFT, "E-1", visit="V-1"),
)
BUDGET = Budget(seed=1, work=400)


def bench(**field: Any) -> Region:
    """V-1 goes to the workshop for four hours; two engineers, two days."""
    return build.region(**{"visits": (ROW,), "shifts": DAYS, "part_needs": ()} | field)


def planned(problem: PlanningProblem) -> Plan:
    """A plan that holds and costs what it says."""
    plan = solve(problem, BUDGET)
    assert violations(problem, plan) == ()
    assert plan.claimed == cost(problem, plan)
    return plan


def served(plan: Plan) -> set[str]:
    """What is planned."""
    return {stop.ref for stop in visit_stops(plan)}


@pytest.mark.parametrize("late_hour", [100, 100_000])
def test_what_is_collected_is_brought_back_however_late_it_is(late_hour: int) -> None:
    """Two trips or none: half of what leaving the visit out costs is no price for keeping somebody's unit."""
    late = build.ticket("T-1", scheme="field-p1-p4", reported_at=build.at(7, day=1))
    problem = problem_of(
        Board.of(under(bench(tickets=(late,)), late_hour=Decimal(late_hour), left_out=_same(Decimal(100))))
    )
    collect, back = problem.visits

    plan = planned(problem)

    assert back.repair is not None
    over = back.repair.price(collect.service_s + 5 * HOUR_S)
    assert over > collect.left_out, "it is so late that leaving out its half would be cheaper"
    assert served(plan) in (set(), {"V-1", "V-1#2"})


def _same(price: Decimal) -> dict[Any, Decimal]:
    return dict.fromkeys(under(build.region()).settings.policy.left_out, price)


@given(
    bench_min=st.integers(1, 60 * 40),
    days=st.integers(1, 3),
    hours=st.integers(2, 9),
)
def test_the_two_trips_hold_each_other_where_the_second_has_a_place(
    bench_min: int, days: int, hours: int
) -> None:
    """Neither is done without the other exactly where an empty region can do both: else a later plan brings it back."""
    shifts = tuple(
        Shift(f"E-1/{day:02d}", "E-1", Interval(build.at(8, day=day), build.at(8 + hours, day=day)))
        for day in range(6, 6 + days)
    )
    region = bench(visits=(replace(ROW, bench_min=bench_min),), shifts=shifts)
    problem = posed(under(region, left_out=_same(Decimal(1_000_000))))

    plan = planned(problem)

    (link,) = problem.links
    assert link.both == ("V-1#2" in served(plan))
    assert "V-1" in served(plan)


def test_what_cannot_be_ready_in_time_is_collected_and_waits_there() -> None:
    """Two days on the bench, two days planned: the reason says where the unit is, not that a mate is missing."""
    problem = posed(bench(visits=(replace(ROW, bench_min=48 * 60),)))

    plan = planned(problem)

    assert served(plan) == {"V-1"}
    (left,) = reasons(problem, plan)
    assert (left.visit, left.reason.code) == ("V-1#2", "unassigned.stays_in_workshop")
    assert explain(problem, plan, "V-1#2").reason == left


def test_a_unit_nobody_has_collected_stays_in_no_workshop() -> None:
    """Left out altogether its return has the usual reason."""
    nobody = replace(ROW, skills=(("HV", 5),))
    problem = posed(bench(visits=(replace(nobody, bench_min=48 * 60),)))

    plan = planned(problem)

    assert {one.reason.code for one in reasons(problem, plan)} == {"unassigned.skill"}


def test_a_collected_unit_is_owed_with_all_its_lateness() -> None:
    """However late it is already, bringing it back is cheaper than keeping it."""
    region = bench(ticket_events=GONE)
    problem = problem_of(Board.of(region, now=build.at(15)))
    (back,) = problem.visits
    plain = posed(bench())

    assert back.repair is not None
    last_s = max(problem.horizon_s, *(shift.latest_s for shift in problem.shifts))
    whole = sum(part.left_out for part in plain.visits)
    substitute = back.substitute.price(last_s) if back.substitute is not None else 0
    assert back.left_out == whole + back.repair.price(last_s) + substitute

    dear = problem_of(
        Board.of(under(region, late_hour=Decimal(1_000_000), left_out=_same(Decimal(1))), now=build.at(15))
    )
    assert served(planned(dear)) == {"V-1#2"}


def offer(at_hour: int, *, day: int = 6) -> SupplyOffer:
    """Somebody sends the part."""
    return SupplyOffer(
        "O-1", "P-1", OfferKind.PURCHASE, "SUP", "V-1", build.at(at_hour, day=day), Decimal(5), 1
    )


def needing(*offers: SupplyOffer, **field: Any) -> Region:
    """V-1 needs a part that lies nowhere, and these offers of it."""
    region = bench(part_needs=(PartNeed("V-1", "P-1", 1),), **field)
    return stocked(region, moves=(), supply_offers=offers)


def test_collecting_waits_for_no_part_and_the_return_does() -> None:
    """It comes at noon: the unit is collected before, its four hours on the bench begin with the part."""
    problem = posed(needing(offer(12)))
    plan = planned(problem)

    stops = {stop.ref: stop for stop in visit_stops(plan)}
    assert stops["V-1"].end_s < 4 * HOUR_S
    assert stops["V-1"].supply == ()
    assert [line.from_id for line in stops["V-1#2"].supply] == ["O-1"]
    assert stops["V-1#2"].start_s >= 8 * HOUR_S


def test_the_last_part_is_used_once_on_the_bench_or_on_site() -> None:
    """A unit on the bench and a repair on site want the same last board: one of them waits."""
    other = replace(ROW, id="V-2", ticket="T-2", site="S-2", bench_min=None, return_min=0)
    region = bench(
        tickets=(build.ticket("T-1"), build.ticket("T-2", site="S-2", asset="A-2")),
        visits=(ROW, other),
        part_needs=(PartNeed("V-1", "P-1", 1), PartNeed("V-2", "P-1", 1)),
    )
    problem = posed(stocked(region, moves=(build.move("M-1", "P-1", 1, "D-1"),)))

    assert served(planned(problem)) in ({"V-2"}, {"V-1", "V-1#2"})


def test_a_part_after_the_planned_days_holds_up_the_return_alone_and_none_at_all_both() -> None:
    """A unit is not taken away to wait for a part nobody has ordered."""
    later = posed(needing(offer(12, day=20)))
    never = posed(needing())

    assert not linked(later)["V-1", "V-1#2"].both
    assert served(planned(later)) == {"V-1"}
    assert linked(never)["V-1", "V-1#2"].both
    assert served(planned(never)) == set()


def test_once_collected_a_part_counts_until_the_unit_passes_its_test() -> None:
    """Before, the board is still to be fitted; one that is nowhere has reached the bench some other way."""
    tested = TicketEvent("T-1", build.at(14), EventKind.TESTED, "E-1", visit="V-1")

    def lines(region: Region) -> int:
        return len(named(problem_of(Board.of(region, now=build.at(15))), "V-1#2").parts)

    assert lines(needing(offer(16), ticket_events=GONE)) == 1
    assert lines(needing(offer(16), ticket_events=(*GONE, tested))) == 0
    assert lines(needing(ticket_events=GONE)) == 0


def test_while_it_is_being_collected_it_is_owed_already() -> None:
    """The engineer stands there with the unit in his hands."""
    now = build.at(8, 45)
    problem = problem_of(Board.of(bench(ticket_events=GONE[:1]), now=now))
    collect, back = problem.visits

    (link,) = problem.links
    assert not link.both
    assert back.left_out > sum(part.left_out for part in posed(bench()).visits)
    assert collect.start_lock_s == 0
    assert served(planned(problem)) == {"V-1", "V-1#2"}
