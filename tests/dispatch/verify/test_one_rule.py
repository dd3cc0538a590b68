"""The verifier finds every broken rule: each test breaks one rule of a good plan and nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dispatch.plan import (
    LoanerBy,
    Plan,
    Route,
    Source,
    Stop,
    StopKind,
    Supply,
)
from dispatch.problem import (
    UNREACHABLE,
    Break,
    Engineer,
    Held,
    Offer,
    Pace,
    PartLine,
    PlanningProblem,
    Store,
    Window,
)
from dispatch.rules import Rule
from dispatch.verify import violations
from tests import builders as build
from tests.builders import one
from tests.dispatch.verify.judged import (
    FROM_D,
    FROM_VAN,
    GRANT,
    LENDING,
    MAYBE_A,
    NEEDS_A,
    PICK_UP,
    SENT,
    SHELF,
    TWO,
    WITHOUT,
    broken,
    claimed,
)


def test_a_good_plan_has_nothing_wrong() -> None:
    """The base all other cases start from."""
    problem, plan = one(build.visit("V", 2))

    assert violations(problem, claimed(problem, plan)) == ()


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
        pytest.param(
            Rule.PARTS,
            one(build.visit("V", 2), before=(PICK_UP,), stores=SHELF),
            one(build.visit("V", 2), before=(PICK_UP, PICK_UP), stores=SHELF),
            id="two stops to pick things up",
        ),
        pytest.param(
            Rule.BARRED,
            one(build.visit("V", 2, barred=(1,)), engineers=TWO),
            one(build.visit("V", 2, barred=(0, 1)), engineers=TWO),
            id="an engineer the customer barred",
        ),
        pytest.param(
            Rule.TERRITORY,
            one(
                build.visit("V", 2, territory=0),
                engineers=(Engineer("E1", territories=(1,), away_cents=0),),
                territories=("EAST", "WEST"),
            ),
            one(
                build.visit("V", 2, territory=0),
                engineers=(Engineer("E1", territories=(1,)),),
                territories=("EAST", "WEST"),
            ),
            id="a territory the engineer never goes to",
        ),
        pytest.param(
            Rule.OPENING,
            one(
                NEEDS_A,
                stop=build.at("V", 200, supply=(FROM_D,)),
                before=(PICK_UP,),
                stores=(replace(SHELF[0], opens=(Window(0, 1),)),),
            ),
            one(
                NEEDS_A,
                stop=build.at("V", 200, supply=(FROM_D,)),
                before=(PICK_UP,),
                stores=(replace(SHELF[0], opens=(Window(-9, 0), Window(1, 99))),),
            ),
            id="a pick-up while the store is closed",
        ),
        pytest.param(
            Rule.SECOND_VISIT,
            one(MAYBE_A, stop=build.at("V", 200, supply=(WITHOUT,))),
            one(NEEDS_A, stop=build.at("V", 200, supply=(WITHOUT,))),
            id="going without a part needed for sure",
        ),
        pytest.param(
            Rule.FETCH,
            one(build.visit("V", 2, fetches=("U1",)), stop=build.at("V", 200, fetches=("U1",))),
            one(build.visit("V", 2, fetches=("U1",))),
            id="a loaner left at the customer's",
        ),
        pytest.param(
            Rule.LINK,
            one(build.visit("V", 2, trip="T", role="lead"), stop=build.at("V", 200, trip="T", role="lead")),
            one(build.visit("V", 2, trip="T", role="lead"), stop=build.at("V", 200, trip="T")),
            id="a role the plan does not tell",
        ),
        pytest.param(
            Rule.TRAVEL,
            one(build.visit("V", 2), stop=build.at("V", 400), pace=(Pace(0, 500), Pace(410, 1000))),
            one(build.visit("V", 2), stop=build.at("V", 399), pace=(Pace(0, 500), Pace(410, 1000))),
            id="arrives sooner than the hour's pace allows",
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
