"""The verifier finds every broken rule: each test breaks one rule of a good plan and nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dispatch.cost import cost
from dispatch.plan import (
    Known,
    LoanerBy,
    LoanerChoice,
    Plan,
    Route,
    Source,
    Stop,
    StopKind,
    Supply,
    Unassigned,
)
from dispatch.problem import (
    UNREACHABLE,
    Break,
    Engineer,
    Held,
    Lateness,
    LoanerCourier,
    LoanerGrant,
    Offer,
    PartLine,
    PlanningProblem,
    Store,
    Window,
)
from dispatch.rules import Rule
from dispatch.verify import violations
from kernel.errors import Message
from tests import builders as build
from tests.builders import one


def claimed(problem: PlanningProblem, plan: Plan) -> Plan:
    """The plan with its true cost claimed."""
    return replace(plan, claimed=cost(problem, plan))


def broken(problem: PlanningProblem, plan: Plan) -> set[Rule]:
    """The rules `plan` breaks."""
    return {found.rule for found in violations(problem, claimed(problem, plan))}


def test_a_good_plan_has_nothing_wrong() -> None:
    """The base all other cases start from."""
    problem, plan = one(build.visit("V", 2))

    assert violations(problem, claimed(problem, plan)) == ()


PICK_UP = Stop(StopKind.PICK_UP, "D", 0, 0, 0)
FROM_D = Supply("A", "A", 1, Source.PICK_UP, "D")
FROM_VAN = Supply("A", "A", 1, Source.VAN)
SHELF = (Store("D", 0, stock=((0, 1),)),)
NEEDS_A = build.visit("V", 2, parts=(PartLine(0, 1),))
GRANT = LoanerGrant((0,), (LoanerCourier(0, 0, 50, 700),), day_cents=100)
LENDING = (Store("D", 0, loaners=((0, ("U1",)),)),)
SENT = LoanerChoice("U1", "L", "D", LoanerBy.COURIER, 50)


@pytest.mark.parametrize(
    ("rule", "good", "bad"),
    [
        pytest.param(
            Rule.SKILL,
            one(build.visit("V", 2, skills=((0, 2),)), engineers=(Engineer("E1", skills=((0, 2),)),)),
            one(build.visit("V", 2, skills=((0, 2),)), engineers=(Engineer("E1", skills=((0, 1),)),)),
            id="skill level too low",
        ),
        pytest.param(
            Rule.CERTIFICATE,
            one(
                build.visit("V", 2, certificates=(0,)),
                engineers=(Engineer("E1", certificates=(Held(0, -5, 10_000),)),),
            ),
            one(
                build.visit("V", 2, certificates=(0,)),
                engineers=(Engineer("E1", certificates=(Held(0, -5, 9_999),)),),
            ),
            id="certificate ends within the shift",
        ),
        pytest.param(
            Rule.TOOL,
            one(build.visit("V", 2, tools=(0,)), engineers=(Engineer("E1", tools=(Held(0, 0, 10_000),)),)),
            one(build.visit("V", 2, tools=(0,))),
            id="tool not carried",
        ),
        pytest.param(
            Rule.TOOL,
            one(
                build.visit("V", 2, tools=(0,)),
                before=(replace(PICK_UP, tools=("SCOPE",)),),
                stores=(Store("D", 0, tools=(0,)),),
            ),
            one(build.visit("V", 2, tools=(0,)), before=(PICK_UP,), stores=(Store("D", 0, tools=(0,)),)),
            id="tool at the depot but not taken",
        ),
        pytest.param(
            Rule.SHIFT,
            one(build.visit("V", 2), shifts=(build.shift("S1", 0, start_s=0),)),
            one(build.visit("V", 2), shifts=(build.shift("S1", 0, start_s=1),)),
            id="leaves before the shift",
        ),
        pytest.param(
            Rule.OVERTIME,
            one(build.visit("V", 2), shifts=(build.shift("S1", 0, end_s=400, overtime_s=10),)),
            one(build.visit("V", 2), shifts=(build.shift("S1", 0, end_s=400, overtime_s=9),)),
            id="more overtime than allowed",
        ),
        pytest.param(
            Rule.TRAVEL,
            one(build.visit("V", 2)),
            one(build.visit("V", 2), stop=build.at("V", 199)),
            id="arrives sooner than the road allows",
        ),
        pytest.param(
            Rule.EARLIEST,
            one(build.visit("V", 2, earliest_s=200)),
            one(build.visit("V", 2, earliest_s=201)),
            id="starts before the earliest start",
        ),
        pytest.param(
            Rule.WINDOW,
            one(build.visit("V", 2, windows=(Window(0, 50), Window(200, 201)))),
            one(build.visit("V", 2, windows=(Window(0, 50), Window(150, 200)))),
            id="starts at the end of a half-open window",
        ),
        pytest.param(
            Rule.ENGINEER_LOCK,
            one(build.visit("V", 2, engineer_lock=0), engineers=(Engineer("E1"), Engineer("E2"))),
            one(build.visit("V", 2, engineer_lock=1), engineers=(Engineer("E1"), Engineer("E2"))),
            id="locked to somebody else",
        ),
        pytest.param(
            Rule.TIME_LOCK,
            one(build.visit("V", 2, start_lock_s=200)),
            one(build.visit("V", 2, start_lock_s=201)),
            id="moved from its locked start",
        ),
        pytest.param(
            Rule.SHIFT,
            one(build.visit("V", 2)),
            one(build.visit("V", 2), stop=build.at("V", 200, work=9)),
            id="works shorter than the visit takes",
        ),
        pytest.param(
            Rule.PARTS,
            one(
                NEEDS_A,
                stop=build.at("V", 200, supply=(FROM_VAN,)),
                engineers=(Engineer("E1", van=((0, 1),)),),
            ),
            one(NEEDS_A, engineers=(Engineer("E1", van=((0, 1),)),)),
            id="a part line nobody serves",
        ),
        pytest.param(
            Rule.STOCK,
            one(
                NEEDS_A,
                stop=build.at("V", 200, supply=(FROM_VAN,)),
                engineers=(Engineer("E1", van=((0, 1),)),),
            ),
            one(NEEDS_A, stop=build.at("V", 200, supply=(FROM_VAN,))),
            id="a part the van does not have",
        ),
        pytest.param(
            Rule.PARTS,
            one(NEEDS_A, stop=build.at("V", 200, supply=(FROM_D,)), before=(PICK_UP,), stores=SHELF),
            one(NEEDS_A, stop=build.at("V", 200, supply=(FROM_D,)), stores=SHELF),
            id="a part never picked up",
        ),
        pytest.param(
            Rule.STOCK,
            one(NEEDS_A, stop=build.at("V", 200, supply=(FROM_D,)), before=(PICK_UP,), stores=SHELF),
            one(
                NEEDS_A, stop=build.at("V", 200, supply=(FROM_D,)), before=(PICK_UP,), stores=(Store("D", 0),)
            ),
            id="a part the depot does not have",
        ),
        pytest.param(
            Rule.PARTS,
            one(
                build.visit("V", 2, parts=(PartLine(0, 1, alternates=(1,)),)),
                stop=build.at("V", 200, supply=(replace(FROM_VAN, part="B"),)),
                engineers=(Engineer("E1", van=((1, 1),)),),
            ),
            one(
                NEEDS_A,
                stop=build.at("V", 200, supply=(replace(FROM_VAN, part="B"),)),
                engineers=(Engineer("E1", van=((1, 1),)),),
            ),
            id="an alternate the scheme does not allow",
        ),
        pytest.param(
            Rule.PARTS,
            one(
                build.visit("V", 2, parts=(PartLine(0, 1, offers=(0,)),)),
                stop=build.at("V", 200, supply=(Supply("A", "A", 1, Source.OFFER, "O"),)),
                offers=(Offer("O", "courier", 0, 1, 200, 500, -1),),
            ),
            one(
                build.visit("V", 2, parts=(PartLine(0, 1, offers=(0,)),)),
                stop=build.at("V", 200, supply=(Supply("A", "A", 1, Source.OFFER, "O"),)),
                offers=(Offer("O", "courier", 0, 1, 201, 500, -1),),
            ),
            id="work starts before the delivery",
        ),
        pytest.param(
            Rule.LOANER,
            one(build.visit("V", 2, loaner=GRANT), stop=build.at("V", 200, loaner=SENT), stores=LENDING),
            one(
                build.visit("V", 2, loaner=GRANT),
                stop=build.at("V", 200, loaner=replace(SENT, unit="U2")),
                stores=LENDING,
            ),
            id="a loaner unit that is not free",
        ),
        pytest.param(
            Rule.LOANER,
            one(
                build.visit("V", 2, loaner=GRANT),
                stop=build.at("V", 200, loaner=replace(SENT, by=LoanerBy.VISIT, stands_s=200)),
                before=(PICK_UP,),
                stores=LENDING,
            ),
            one(
                build.visit("V", 2, loaner=GRANT),
                stop=build.at("V", 200, loaner=replace(SENT, by=LoanerBy.VISIT, stands_s=200)),
                stores=LENDING,
            ),
            id="a loaner brought but never picked up",
        ),
        pytest.param(
            Rule.LOANER,
            one(
                build.visit("V", 2, loaner=GRANT),
                stop=build.at("V", 200, loaner=replace(SENT, by=LoanerBy.VISIT, stands_s=200)),
                before=(PICK_UP,),
                stores=LENDING,
            ),
            one(
                build.visit("V", 2, loaner=GRANT),
                stop=build.at("V", 200, loaner=replace(SENT, by=LoanerBy.VISIT, stands_s=199)),
                before=(PICK_UP,),
                stores=LENDING,
            ),
            id="a loaner brought along that stands before its engineer is there",
        ),
        pytest.param(
            Rule.TOOL,
            one(build.visit("V", 2, tools=(0,)), engineers=(Engineer("E1", tools=(Held(0, -9, 10_000),)),)),
            one(build.visit("V", 2, tools=(0,)), engineers=(Engineer("E1", tools=(Held(0, -9, 9_999),)),)),
            id="a tool whose calibration runs out within the shift",
        ),
        pytest.param(
            Rule.PARTS,
            one(
                NEEDS_A,
                stop=build.at("V", 230, supply=(FROM_D,)),
                before=(replace(PICK_UP, end_s=30),),
                stores=(replace(SHELF[0], pick_up_s=30),),
            ),
            one(
                NEEDS_A,
                stop=build.at("V", 230, supply=(FROM_D,)),
                before=(replace(PICK_UP, end_s=29),),
                stores=(replace(SHELF[0], pick_up_s=30),),
            ),
            id="a pick-up shorter than it takes",
        ),
    ],
)
def test_a_broken_rule_is_found_and_named(
    rule: Rule, good: tuple[PlanningProblem, Plan], bad: tuple[PlanningProblem, Plan]
) -> None:
    """The same plan one step on the right side holds, one step on the wrong side is named by its rule."""
    assert broken(*good) == set()

    assert broken(*bad) == {rule}


def test_a_closed_road_is_found() -> None:
    """Unreachable is not zero seconds."""
    problem, plan = one(build.visit("V", 2))
    closed = problem.travel_s.copy()
    closed[0, 2] = UNREACHABLE

    assert broken(replace(problem, travel_s=closed), plan) == {Rule.TRAVEL}


def test_a_visit_served_twice_is_found() -> None:
    """Two engineers at one door."""
    problem, plan = one(build.visit("V", 2), shifts=(build.shift("S1", 0), build.shift("S2", 0, start_s=0)))
    twice = replace(plan, routes=(plan.routes[0], replace(plan.routes[0], shift="S2")))

    assert broken(problem, twice) == {Rule.ONCE}


def test_a_visit_neither_planned_nor_left_out_is_found() -> None:
    """Accepted + refused = given holds for visits too."""
    problem, plan = one(build.visit("V", 2))

    assert broken(problem, replace(plan, routes=())) == {Rule.LEFT_OUT}
    said = Unassigned("V", Message("unassigned.not_found"), Known.NOT_FOUND)
    assert broken(problem, replace(plan, routes=(), unassigned=(said,))) == set()


def resting(start: int, *, last: int = 0) -> tuple[PlanningProblem, Plan]:
    """A route with a break at `start`, before the way to place 2; the break is due in [50, 150)."""
    problem = build.problem(
        visits=(build.visit("V", 2),), shifts=(build.shift("S1", 0, breaks=(Break(50, 150, 20),)),)
    )
    rest = Stop(StopKind.BREAK, "", start, start, start + 20)
    stop = build.at("V", start + 20 + 200 + last)
    return problem, build.plan(Route("S1", 0, stop.end_s + 200, (rest, stop)))


def test_a_break_is_taken_in_its_time_and_moves_the_way_behind_it() -> None:
    """Half-open: a break may start at 149, not at 150; driving goes on after it."""
    assert broken(*resting(149)) == set()
    assert broken(*resting(150)) == {Rule.BREAK}
    assert broken(*resting(100, last=-1)) == {Rule.TRAVEL}


def test_a_missing_break_is_found_only_on_a_day_long_enough_to_owe_it() -> None:
    """A route over before the break's last start owes none."""
    visit = build.visit("V", 2)
    owed = (build.shift("S1", 0, breaks=(Break(50, 409, 20),)),)
    over = (build.shift("S1", 0, breaks=(Break(50, 410, 20),)),)

    assert broken(*one(visit, shifts=owed)) == {Rule.BREAK}
    assert broken(*one(visit, shifts=over)) == set()


def test_the_break_may_be_taken_on_arrival_before_the_work() -> None:
    """Waiting for an appointment is a good time to rest, but not while working."""
    problem = build.problem(
        visits=(build.visit("V", 2),), shifts=(build.shift("S1", 0, breaks=(Break(200, 300, 20),)),)
    )
    rest = Stop(StopKind.BREAK, "", 200, 200, 220)

    rested = build.plan(Route("S1", 0, 430, (rest, build.at("V", 200, start=220))))
    worked = build.plan(Route("S1", 0, 429, (rest, build.at("V", 200, start=219))))

    assert broken(problem, rested) == set()
    assert broken(problem, worked) == {Rule.BREAK}


def test_an_engineers_van_is_one_van_over_all_shifts() -> None:
    """What was used on the first day is gone on the second."""
    visits = (build.visit("V", 2, parts=(PartLine(0, 1),)), build.visit("W", 2, parts=(PartLine(0, 1),)))
    shifts = (build.shift("S1", 0), build.shift("S2", 0))
    routes = tuple(
        Route(name, 0, 410, (build.at(ref, 200, supply=(FROM_VAN,)),))
        for name, ref in (("S1", "V"), ("S2", "W"))
    )

    enough = build.problem(visits=visits, shifts=shifts, engineers=(Engineer("E1", van=((0, 2),)),))
    short = build.problem(visits=visits, shifts=shifts, engineers=(Engineer("E1", van=((0, 1),)),))

    assert broken(enough, build.plan(*routes)) == set()
    assert broken(short, build.plan(*routes)) == {Rule.STOCK}


def test_a_transfer_draws_on_the_depots_shared_stock() -> None:
    """One unit cannot be picked up by one visit and sent to another."""
    visits = (
        build.visit("V", 2, parts=(PartLine(0, 1),)),
        build.visit("W", 2, parts=(PartLine(0, 1, offers=(0,)),)),
    )
    routes = (
        Route("S1", 0, 410, (PICK_UP, build.at("V", 200, supply=(FROM_D,)))),
        Route("S2", 0, 410, (build.at("W", 200, supply=(Supply("A", "A", 1, Source.OFFER, "O"),)),)),
    )
    offers = (Offer("O", "transfer", 0, 1, 100, 500, 0),)
    shifts = (build.shift("S1", 0), build.shift("S2", 0))

    enough = build.problem(
        visits=visits, shifts=shifts, offers=offers, stores=(Store("D", 0, stock=((0, 2),)),)
    )
    short = build.problem(visits=visits, shifts=shifts, offers=offers, stores=SHELF)

    assert broken(enough, build.plan(*routes)) == set()
    assert broken(short, build.plan(*routes)) == {Rule.STOCK}


def test_a_wrong_claim_is_a_violation_of_its_terms_rule() -> None:
    """A solver that misprices its plan is found out term by term."""
    late = build.visit("V", 2, repair=Lateness(150, 11, 30))
    problem, plan = one(late)
    honest = claimed(problem, plan)

    boast = replace(honest, claimed=replace(honest.claimed, late_repair=0))

    assert [found.rule for found in violations(problem, boast)] == [Rule.REPAIR_DUE]


def test_a_plan_of_unknown_things_is_answered_in_words() -> None:
    """A plan for another region names visits and shifts this one does not have."""
    problem, _ = one(build.visit("V", 2))
    foreign = build.plan(Route("S9", 0, 410, (build.at("X", 200),)))

    codes = {found.message.code for found in violations(problem, foreign)}

    assert codes == {"verify.unknown_shift", "verify.unknown_visit"}
