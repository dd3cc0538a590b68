"""Every rule that can keep a visit from a shift is told by its own words, with the change that lifts it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from dispatch.eligibility import failures
from dispatch.explain import Layer, explain
from dispatch.explain.asked import nobody_planned
from dispatch.plan import Known, Route
from dispatch.problem import (
    Break,
    Engineer,
    Lateness,
    Link,
    Outside,
    Pace,
    Pair,
    PartLine,
    PlanningProblem,
    Store,
    Visit,
    Window,
)
from dispatch.rules import Rule
from tests import builders as build

TWO = (Engineer("E1"), Engineer("E2"))


def world(*visits: Visit, **changes: Any) -> PlanningProblem:
    """Two engineers with a day of 2000 ticks each."""
    plain: dict[str, Any] = {
        "engineers": TWO,
        "shifts": (build.shift("S1", 0, end_s=2000), build.shift("S2", 1, end_s=2000)),
        "territories": ("north", "south"),
    }
    return build.problem(visits=visits, **{**plain, **changes})


CASES = [
    pytest.param(
        world(build.visit("V", 2, barred=(0, 1))), Rule.BARRED, "unassigned.barred", 1, id="barred"
    ),
    pytest.param(
        world(
            build.visit("V", 2, territory=1),
            engineers=(Engineer("E1", territories=(0,)), Engineer("E2", territories=(0,))),
        ),
        Rule.TERRITORY,
        "unassigned.territory",
        1,
        id="territory",
    ),
    pytest.param(
        world(
            build.visit("V", 2, parts=(PartLine(0, 1),)),
            stores=(Store("D", 3, stock=((0, 1),), opens=(Window(0, 200),)),),
        ),
        Rule.OPENING,
        "unassigned.store_closed",
        1,
        id="store closed",
    ),
    pytest.param(
        world(build.visit("V", 2, windows=(Window(0, 300),)), pace=(Pace(0, 500),)),
        Rule.WINDOW,
        "unassigned.window_passed",
        101,
        id="slow road",
    ),
    pytest.param(
        world(build.visit("V", 2, windows=(Window(2500, 2600),))),
        Rule.WINDOW,
        "unassigned.window_after_shift",
        710,
        id="appointment after the shift",
    ),
    pytest.param(
        world(build.visit("V", 2, earliest_s=2500)), Rule.EARLIEST, "unassigned.earliest_after_shift", 710, id="earliest"
    ),
]  # fmt: skip


@pytest.mark.parametrize(("problem", "rule", "code", "size"), CASES)
def test_a_rule_is_told_and_its_smallest_change_found(
    problem: PlanningProblem, rule: Rule, code: str, size: int
) -> None:
    """Proved for everybody; the change is as small as can be: a road of 200 at half pace, a day that ends at 2000."""
    found = explain(problem, nobody_planned(problem), "V")

    assert found.reason is not None
    assert (found.reason.reason.code, found.reason.known) == (code, Known.PROVED)
    assert {answer.layer for answer in found.answers} == {Layer.FILTER}
    assert next(remedy.size for remedy in found.remedies if remedy.rule is rule) == size


def test_a_part_that_may_be_left_behind_rules_nobody_out() -> None:
    """It is nowhere, but he can go without it."""
    visit = build.visit("V", 2, parts=(PartLine(0, 1, without_cents=50),))
    problem = world(visit)

    assert failures(problem, visit, problem.shifts[0]) == ()


def test_a_delivery_is_proposed_as_late_as_it_may_be() -> None:
    """Home by 2000 from place 2 means to have started at 1790: a part at the site by then will do."""
    problem = world(build.visit("V", 2, parts=(PartLine(0, 1),)))

    (first, *_) = explain(problem, nobody_planned(problem), "V").remedies

    assert (first.rule, first.message.params["by_tick"]) == (Rule.PARTS, 1790)


def test_a_day_whose_breaks_leave_no_room_is_proved_too_short() -> None:
    """No rule alone stands against it; way, break and work together do."""
    shifts = tuple(
        build.shift(name, number, end_s=1000, breaks=(Break(400, 401, 300),))
        for number, name in enumerate(("S1", "S2"))
    )
    problem = world(build.visit("V", 2, service_s=400), shifts=shifts)

    found = explain(problem, nobody_planned(problem), "V")

    assert found.reason is not None
    assert (found.reason.reason.code, found.reason.known) == ("unassigned.not_alone", Known.PROVED)
    assert {(answer.layer, answer.known) for answer in found.answers} == {(Layer.ALONE, Known.PROVED)}


def crew(**changes: Any) -> tuple[Visit, Visit, Link]:
    """Two at once, different engineers, neither without the other; the second as said."""
    second = build.visit("W", 2, **changes)
    return build.visit("V", 2), second, Link(0, 1, 0, 0, Pair.DIFFERENT, both=True)


@pytest.mark.parametrize(
    ("changes", "engineers"),
    [
        pytest.param({"skills": ((0, 9),)}, TWO, id="nobody has the mate's skill"),
        pytest.param(
            {"windows": (Window(1900, 1901),)}, TWO, id="the mate's appointment is too late for both"
        ),
        pytest.param({}, (Engineer("E1"),), id="one engineer is no crew"),
    ],
)
def test_a_mate_that_cannot_come_is_named_and_proved(
    changes: dict[str, Any], engineers: tuple[Engineer, ...]
) -> None:
    """The reason concerns the other visit; the proof holds for both."""
    first, second, link = crew(**changes)
    shifts = tuple(build.shift(f"S{i}", i, end_s=2000) for i in range(len(engineers)))
    problem = world(first, second, links=(link,), engineers=engineers, shifts=shifts)

    found = explain(problem, nobody_planned(problem), "V")

    assert found.reason is not None
    assert (found.reason.reason.code, found.reason.known) == ("unassigned.mate", Known.PROVED)
    assert found.reason.reason.params["other"] == "W"


def test_a_visit_behind_one_that_is_left_out_says_so() -> None:
    """The engineer is busy at the time agreed for the first; that is not proved, he could be set free."""
    problem = world(
        build.visit("V", 2, windows=(Window(300, 400),)),
        build.visit("W", 2),
        build.visit("X", 2, service_s=1000, windows=(Window(0, 250),)),
        links=(Link(0, 1, 10),),
        engineers=(Engineer("E1"),),
        shifts=(build.shift("S1", 0, end_s=2000),),
    )
    left = tuple(one for one in nobody_planned(problem).unassigned if one.visit != "X")
    plan = build.plan(Route("S1", 0, 1400, (build.at("X", 200, work=1000),)), unassigned=left)

    found = explain(problem, plan, "W")

    assert found.reason is not None
    assert (found.reason.reason.code, found.reason.known) == ("unassigned.first_left_out", Known.NOT_FOUND)
    assert found.reason.reason.params["other"] == "V"


@pytest.mark.parametrize(
    ("left_out", "code"), [(10_000, "unassigned.partner_now"), (600, "unassigned.partner_costs_more")]
)
def test_a_partner_is_offered_with_his_price_and_the_lateness(left_out: int, code: str) -> None:
    """Nobody of our own has the skill; the partner starts at 500, two units late, for 400."""
    visit = build.visit(
        "V",
        2,
        skills=((0, 1),),
        outside=(Outside("P", 500, 400),),
        arrive=Lateness(300, 150, 100),
        left_out=left_out,
    )
    problem = world(visit)

    found = explain(problem, nobody_planned(problem), "V")

    assert found.reason is not None
    assert (found.reason.reason.code, found.reason.known) == (code, Known.NOT_FOUND)
    assert found.reason.reason.params["cost_cents"] == 700
    assert [one.code for one in found.partners] == ["explain.partner_fits"]


def test_without_an_offer_partners_are_said_to_have_made_none() -> None:
    """Nothing is left off in silence; of a crew no partner is asked."""
    first, second, link = crew()
    alone, together = world(build.visit("V", 2)), world(first, second, links=(link,))

    said = [explain(one, nobody_planned(one), "V").partners[0].code for one in (alone, together)]

    assert said == ["explain.partner_not_offered", "explain.partner_linked"]


def test_who_would_give_way_is_named_with_the_money() -> None:
    """Each day holds one visit: whoever takes the third, the cheapest is left out."""
    visits = tuple(
        build.visit(name, 2, service_s=1000, left_out=price)
        for name, price in (("V1", 9_000), ("V2", 3_000), ("V3", 5_000))
    )
    problem = replace(world(*visits), prices=replace(build.problem().prices, travel_hour=0))
    routes = tuple(
        Route(shift, 0, 1400, (build.at(name, 200, work=1000),))
        for shift, name in (("S1", "V1"), ("S2", "V2"))
    )
    left = tuple(one for one in nobody_planned(problem).unassigned if one.visit == "V3")
    plan = build.plan(*routes, unassigned=left)

    found = explain(problem, plan, "V3").displacements

    assert [(one.engineer, one.displaced, one.cents) for one in found] == [
        ("E1", ("V2",), -2_000),
        ("E2", ("V2",), -2_000),
    ]
