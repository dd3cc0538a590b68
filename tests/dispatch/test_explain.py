"""Why not, and what would help: each reason is provoked, each remedy is tried and found to help."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from api.text import catalogue
from dispatch.eligibility import failures
from dispatch.explain import Layer, answers, explain, reasons
from dispatch.plan import CostTerms, Known, Plan, Unassigned
from dispatch.problem import (
    UNREACHABLE,
    Engineer,
    Held,
    Offer,
    PartLine,
    PlanningProblem,
    Store,
    Visit,
    Window,
)
from dispatch.rules import Rule
from dispatch.solve import Budget, places_for, solve
from kernel.errors import Message, Refusal
from tests import builders as build
from tests.dispatch.oracle.worlds import tiny


def nothing_planned(problem: PlanningProblem) -> Plan:
    """Every visit left out."""
    left = tuple(Unassigned(v.id, Message("unassigned.not_found"), Known.NOT_FOUND) for v in problem.visits)
    return Plan((), left, CostTerms())


def world(visit: Visit, **changes: Any) -> PlanningProblem:
    """Two engineers; the visit alone."""
    plain: dict[str, Any] = {
        "engineers": (Engineer("E1"), Engineer("E2")),
        "shifts": (build.shift("S1", 0, end_s=2000), build.shift("S2", 1, end_s=2000)),
    }
    return build.problem(visits=(visit,), **{**plain, **changes})


CASES = [
    pytest.param(
        world(
            build.visit("V", 2, skills=((0, 2),)),
            engineers=(Engineer("E1", skills=((0, 1),)), Engineer("E2")),
        ),
        Rule.SKILL,
        "unassigned.skill",
        "E1",
        id="skill",
    ),
    pytest.param(
        world(
            build.visit("V", 2, certificates=(0,)),
            engineers=(Engineer("E1"), Engineer("E2", certificates=(Held(0, -99, -1),))),
        ),
        Rule.CERTIFICATE,
        "unassigned.certificate_expired",
        "E2",
        id="certificate ran out",
    ),
    pytest.param(world(build.visit("V", 2, tools=(0,))), Rule.TOOL, "unassigned.tool", "E1", id="tool"),
    pytest.param(
        world(build.visit("V", 2, windows=(Window(0, 150),))),
        Rule.WINDOW,
        "unassigned.window_passed",
        "E1",
        id="window",
    ),
    pytest.param(
        world(build.visit("V", 2, start_lock_s=150)),
        Rule.TIME_LOCK,
        "unassigned.time_lock_passed",
        "E1",
        id="time lock",
    ),
    pytest.param(
        world(build.visit("V", 2, service_s=1700)),
        Rule.OVERTIME,
        "unassigned.overtime",
        "E1",
        id="day too short",
    ),
    pytest.param(
        world(build.visit("V", 2, parts=(PartLine(0, 1),))),
        Rule.PARTS,
        "unassigned.part_nowhere",
        "E1",
        id="part nowhere",
    ),
    pytest.param(
        world(
            build.visit("V", 2, parts=(PartLine(0, 1, offers=(0,)),)),
            offers=(Offer("O", "courier", 0, 1, 1900, 5, -1),),
        ),
        Rule.PARTS,
        "unassigned.part_too_late",
        "E1",
        id="part too late",
    ),
]


@pytest.mark.parametrize(("problem", "rule", "code", "engineer"), CASES)
def test_a_reason_is_proved_and_its_remedy_helps(
    problem: PlanningProblem, rule: Rule, code: str, engineer: str
) -> None:
    """The reason names the engineer nearest to fitting; the first remedy lifts that very rule."""
    found = explain(problem, nothing_planned(problem), "V")

    assert found.reason is not None
    assert (found.reason.reason.code, found.reason.known) == (code, Known.PROVED)
    assert found.reason.reason.params["engineer"] == engineer
    assert {answer.layer for answer in found.answers} == {Layer.FILTER}
    assert found.remedies[0].rule is rule
    assert found.remedies[0].engineer == engineer


def test_one_remedy_is_named_for_each_engineer_and_rule() -> None:
    """Renewing one certificate is one change, however many shifts it opens."""
    problem = world(
        build.visit("V", 2, certificates=(0,)),
        shifts=(build.shift("S1", 0), build.shift("S2", 0), build.shift("S3", 1)),
    )

    remedies = explain(problem, nothing_planned(problem), "V").remedies

    assert [(remedy.engineer, remedy.shift) for remedy in remedies] == [("E1", "S1"), ("E2", "S3")]


def test_a_closed_road_has_no_remedy() -> None:
    """What no single change mends is said so by an empty list."""
    problem = world(build.visit("V", 2))
    closed = problem.travel_s.copy()
    closed[:, 2] = UNREACHABLE

    found = explain(replace(problem, travel_s=closed), nothing_planned(problem), "V")

    assert found.reason is not None
    assert found.reason.reason.code == "unassigned.unreachable"
    assert found.remedies == ()


def test_a_visit_that_pays_to_be_left_out_is_said_so_with_both_prices() -> None:
    """Left out for 100 cents although it would fit for 400 cents of travel."""
    problem = world(build.visit("V", 2, left_out=100))

    plan = solve(problem, Budget(seed=1, work=200))
    found = explain(problem, plan, "V")

    assert found.reason is not None
    assert found.reason.reason.code == "unassigned.costs_more"
    assert found.reason.reason.params["cost_cents"] == 400
    assert found.reason.reason.params["left_out_cents"] == 100
    assert found.reason.known is Known.NOT_FOUND


def test_a_full_day_is_a_gap_not_found_with_the_overtime_that_would_do() -> None:
    """Each visit fills a day; the third finds no gap, and so much overtime would help."""
    visits = tuple(build.visit(name, 2, service_s=1000, left_out=10_000) for name in ("V1", "V2", "V3"))
    problem = replace(world(visits[0]), visits=visits)

    plan = solve(problem, Budget(seed=1, work=500))
    missing = plan.unassigned[0].visit
    found = explain(problem, plan, missing)

    assert found.reason is not None
    assert (found.reason.reason.code, found.reason.known) == ("unassigned.no_gap", Known.NOT_FOUND)
    assert found.remedies[0].rule is Rule.OVERTIME
    assert found.remedies[0].message.params["by_s"] == 400


def test_a_planned_visit_says_where_it_is_and_what_others_answer() -> None:
    """Why this engineer: the other one's price stands beside it."""
    problem = world(build.visit("V", 2))

    plan = solve(problem, Budget(seed=1, work=100))
    found = explain(problem, plan, "V")

    assert found.reason is None
    assert found.planned in {"S1", "S2"}
    assert [answer.cents for answer in found.answers if answer.fits] == [400, 400]


def test_reasons_stand_in_the_order_of_the_plan() -> None:
    """Every visit left out has exactly one reason."""
    visits = tuple(build.visit(name, 2, skills=((0, 1),)) for name in ("V1", "V2"))
    problem = replace(world(visits[0]), visits=visits)

    given = reasons(problem, nothing_planned(problem))

    assert [reason.visit for reason in given] == ["V1", "V2"]


def test_an_unknown_visit_is_refused() -> None:
    """A misspelt id gets a sentence, not an empty answer."""
    problem = world(build.visit("V", 2))

    with pytest.raises(Refusal) as refused:
        explain(problem, nothing_planned(problem), "X")

    assert refused.value.code == "explain.unknown_visit"


@pytest.mark.parametrize(("problem", "rule", "code", "engineer"), CASES)
def test_what_the_filter_rules_out_the_search_does_not_place(
    problem: PlanningProblem, rule: Rule, code: str, engineer: str
) -> None:
    """`proved` is a claim about every plan: the search may not contradict it."""
    assert all(failures(problem, problem.visits[0], shift) for shift in problem.shifts)

    assert places_for(problem, nothing_planned(problem), "V") == []


def test_every_filter_answer_has_its_sentence_for_a_visit_left_out() -> None:
    """The reason's code is made from the answer's; both catalogues know all of them."""
    answers = {code.removeprefix("why.") for code in catalogue("en") if code.startswith("why.")}

    kept = answers - {"fits", "no_gap", "not_even_alone"}

    assert {name for name in kept if f"unassigned.{name}" not in catalogue("en")} == set()


def test_a_part_at_a_depot_counts_with_the_way_there() -> None:
    """Picked up at place 4 the part is at place 2 at 600 at the soonest; home again at 810."""
    visit = build.visit("V", 2, parts=(PartLine(0, 1),))
    store = (Store("D", 4, stock=((0, 1),)),)

    fits = world(visit, stores=store, shifts=(build.shift("S1", 0, end_s=810),))
    short = world(visit, stores=store, shifts=(build.shift("S1", 0, end_s=809),))

    assert failures(fits, visit, fits.shifts[0]) == ()
    assert [failure.rule for failure in failures(short, visit, short.shifts[0])] == [Rule.PARTS]
    assert [found.end_s for found in places_for(fits, nothing_planned(fits), "V")] == [810]


def test_a_way_round_is_a_way() -> None:
    """The direct road is closed, but another place lies between: reaching the site is not proved impossible."""
    problem = world(build.visit("V", 2))
    closed = problem.travel_s.copy()
    closed[0, 2] = UNREACHABLE

    round_about = replace(problem, travel_s=closed)

    assert failures(round_about, round_about.visits[0], round_about.shifts[0]) == ()


def test_a_quicker_way_over_another_place_counts() -> None:
    """Measured roads need not keep the triangle: a bound on the arrival takes the quickest way there is."""
    problem = world(build.visit("V", 2, windows=(Window(0, 250),)))
    slow = problem.travel_s.copy()
    slow[0, 2] = 1000

    over_one = replace(problem, travel_s=slow)

    assert failures(over_one, over_one.visits[0], over_one.shifts[0]) == ()


@pytest.mark.parametrize(
    ("visit", "code"),
    [
        (build.visit("V", 2, windows=(Window(3000, 4000),)), "unassigned.window_after_shift"),
        (build.visit("V", 2, earliest_s=3000), "unassigned.earliest_after_shift"),
        (build.visit("V", 2, start_lock_s=3000), "unassigned.time_lock_after_shift"),
        (
            build.visit("V", 2, start_lock_s=300, windows=(Window(500, 600),)),
            "unassigned.lock_outside_window",
        ),
    ],
)
def test_an_agreed_time_after_the_shift_is_not_called_a_short_day(visit: Visit, code: str) -> None:
    """What would help is another time or another shift, not overtime."""
    problem = world(visit)

    found = explain(problem, nothing_planned(problem), "V")

    assert found.reason is not None
    assert (found.reason.reason.code, found.reason.known) == (code, Known.PROVED)
    assert all(remedy.rule is not Rule.OVERTIME for remedy in found.remedies)


def test_a_visit_that_fits_needs_no_remedy() -> None:
    """It is placed, not mended: no overtime is proposed where none is missing."""
    problem = world(build.visit("V", 2))

    found = explain(problem, nothing_planned(problem), "V")

    assert found.reason is not None
    assert found.reason.reason.code == "unassigned.place_now"
    assert found.remedies == ()


def test_only_the_part_that_is_missing_is_the_remedy() -> None:
    """Two lines, one of them nowhere: bringing that one is the change, the other still has to be fetched."""
    visit = build.visit("V", 2, parts=(PartLine(0, 1), PartLine(1, 1)))
    problem = world(visit, stores=(Store("D", 4, stock=((0, 1),)),))

    remedies = explain(problem, nothing_planned(problem), "V").remedies

    assert remedies[0].message.params["part"] == "B"
    assert remedies[0].cents == 800


@pytest.mark.parametrize("seed", range(20))
def test_what_one_engineers_shifts_answer_is_told_from_his_days_alone(seed: int) -> None:
    """Asked for by himself, where a move cannot be done, he says what he says among all."""
    problem = tiny(seed)
    plan = solve(problem, Budget(seed=1, work=60))

    for visit in problem.visits:
        among = explain(problem, plan, visit.id).answers
        for engineer in problem.engineers:
            own = answers(problem, plan, visit.id, engineer.id)
            assert own == tuple(one for one in among if one.engineer == engineer.id)
