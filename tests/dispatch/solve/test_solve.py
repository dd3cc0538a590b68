"""Solved plans keep every rule, say their true cost, and are the same for the same seed and work."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from dispatch.cost import cost
from dispatch.plan import Known, LoanerBy, Plan, Source, StopKind
from dispatch.problem import (
    Break,
    Engineer,
    Lateness,
    LoanerCourier,
    LoanerGrant,
    Objective,
    Offer,
    PartLine,
    PlanningProblem,
    Shift,
    Store,
    Window,
)
from dispatch.solve import Budget, Progress, solve
from dispatch.solve.encode import encode
from dispatch.solve.warm_start import told
from dispatch.verify import violations
from kernel.errors import Refusal
from tests.dispatch.solve.worlds import HOUR, Size, bare, visit_at, world


def solved(problem: PlanningProblem, *, work: int = 400, seed: int = 1, hint: Plan | None = None) -> Plan:
    """Solve, verify, and compare the claimed cost with the plain one."""
    plan = solve(problem, Budget(seed=seed, work=work), hint)
    assert violations(problem, plan) == ()
    assert plan.claimed == cost(problem, plan)
    return plan


def served(plan: Plan) -> list[str]:
    """Ids of the visits on routes."""
    return sorted(stop.ref for route in plan.routes for stop in route.stops if stop.kind is StopKind.VISIT)


def sources(plan: Plan) -> dict[str, Source]:
    """Where each visit's only part line comes from."""
    return {s.ref: s.supply[0].source for route in plan.routes for s in route.stops if s.supply}


@pytest.mark.parametrize("objective", list(Objective))
@pytest.mark.parametrize("seed", range(20))
def test_a_solved_plan_is_verified_and_priced_right(seed: int, objective: Objective) -> None:
    """Search and verifier share no code; every rule and every objective must come out the same in both."""
    size = Size(visits=4 + seed % 15, engineers=1 + seed % 4, days=1 + seed % 3)

    plan = solved(world(seed, size, objective), seed=seed, work=300)

    assert len(served(plan)) + len(plan.unassigned) == size.visits


def test_a_large_world_is_verified() -> None:
    """Long routes, several days and overload together reach paths tiny worlds do not."""
    plan = solved(world(11, Size(visits=90, engineers=8, days=3, stores=4)), work=3000)

    assert len(served(plan)) > 20


def test_the_same_seed_and_work_give_the_same_plan() -> None:
    """A run can be replayed."""
    problem = world(5, Size(visits=30, engineers=5))

    first, second = solved(problem, work=3000, seed=9), solved(problem, work=3000, seed=9)

    assert first == second
    assert first.manifest == second.manifest


def test_a_run_capped_in_seconds_is_replayed_by_its_work() -> None:
    """The cap acts between epochs only, and nothing in the search looks at the time."""
    problem = world(6, Size(visits=20, engineers=4))

    capped = solve(problem, Budget(seed=3, seconds=1.5))

    assert capped.manifest is not None
    assert solved(problem, seed=3, work=capped.manifest.work) == capped


@pytest.mark.slow  # processes that load the compiled search
def test_a_fresh_process_gives_the_same_plan() -> None:
    """Nothing depends on hash seeds, memory or what was solved before."""
    code = (
        "from tests.dispatch.solve.worlds import Size, world\n"
        "from dispatch.solve import Budget, solve\n"
        "plan = solve(world(5, Size(visits=30, engineers=5)), Budget(seed=9, work=1000))\n"
        "print(repr(plan))\n"
    )
    root = Path(__file__).parents[3]

    said = [
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            cwd=root,
        ).stdout
        for _ in range(2)
    ]

    assert said[0] == said[1]
    assert said[0].strip() == repr(solve(world(5, Size(visits=30, engineers=5)), Budget(seed=9, work=1000)))


def test_the_last_part_goes_to_exactly_one_visit() -> None:
    """Stock shared by routes is not overspent, in the search and by CP-SAT."""
    problem = bare(
        visits=[visit_at(1, parts=(PartLine(0, 1),)), visit_at(2, parts=(PartLine(0, 1),))],
        stores=(Store("D0", 0, stock=((0, 1),), pick_up_s=60),),
    )

    plan = solved(problem)

    assert len(served(plan)) == 1
    assert plan.unassigned[0].known is Known.NOT_FOUND


def test_an_offer_serves_the_visit_the_store_cannot() -> None:
    """A delivery to the site is a supply option, at its price and not before it arrives."""
    problem = bare(
        visits=[visit_at(i, parts=(PartLine(0, 1, offers=(0,)),)) for i in (1, 2)],
        stores=(Store("D0", 0, stock=((0, 1),), pick_up_s=60),),
        offers=(Offer("O0", "courier", 0, 1, 2 * HOUR, 500, -1),),
    )

    plan = solved(problem)

    assert len(served(plan)) == 2
    assert sorted(sources(plan).values()) == [Source.OFFER, Source.PICK_UP]
    assert plan.claimed.deliveries == 500


def test_an_offer_from_a_store_uses_up_its_shelf() -> None:
    """A transfer takes the same unit a pick-up would take."""
    problem = bare(
        visits=[visit_at(i, parts=(PartLine(0, 1, offers=(0,)),)) for i in (1, 2)],
        stores=(Store("D0", 0, stock=((0, 1),), pick_up_s=60),),
        offers=(Offer("O0", "transfer", 0, 2, HOUR, 500, 0),),
    )

    plan = solved(problem)

    assert len(served(plan)) == 1


def test_a_van_is_shared_by_the_days_of_its_engineer() -> None:
    """What is used on Monday is not there on Tuesday."""
    part = (PartLine(0, 1),)
    shifts = tuple(Shift(f"S{day}", 0, 0, 0, day * 10 * HOUR, day * 10 * HOUR + 4 * HOUR) for day in range(2))
    problem = bare(
        visits=[visit_at(1, parts=part, service_s=3 * HOUR), visit_at(2, parts=part, service_s=3 * HOUR)],
        engineers=(Engineer("E0", van=((0, 1),)),),
        shifts=shifts,
    )

    plan = solved(problem)

    assert len(served(plan)) == 1


def test_an_alternate_is_taken_where_the_scheme_allows_it() -> None:
    """Only listed alternates, whole lines."""
    problem = bare(
        visits=[visit_at(1, parts=(PartLine(0, 2, alternates=(1,)),))],
        engineers=(Engineer("E0", van=((0, 1), (1, 2))),),
        shifts=(Shift("S0", 0, 0, 0, 0, 8 * HOUR),),
    )

    plan = solved(problem)

    assert plan.routes[0].stops[0].supply[0].part == "p1"


def test_a_loaner_is_brought_when_that_stops_the_clock() -> None:
    """A forecast overrun is met with a loaner on the same trip when the breach costs more."""
    grant = LoanerGrant(classes=(0,), couriers=(), day_cents=100, stops_repair=True)
    late = visit_at(1, service_s=3 * HOUR, repair=Lateness(2 * HOUR, 5000, HOUR), loaner=grant)
    problem = bare(visits=[late], stores=(Store("D0", 0, loaners=((0, ("L-1", "L-2")),), pick_up_s=60),))

    plan = solved(problem)

    stop = plan.routes[0].stops[-1]
    assert stop.loaner is not None
    assert (stop.loaner.by, stop.loaner.unit) == (LoanerBy.VISIT, "L-1")
    assert plan.claimed.late_repair == 0


def test_a_loaner_is_sent_when_it_must_stand_before_the_engineer_comes() -> None:
    """The substitute's lateness ends when the courier's loaner stands."""
    grant = LoanerGrant(classes=(0,), couriers=(LoanerCourier(0, 0, HOUR, 300),), day_cents=100)
    late = visit_at(
        1,
        earliest_s=4 * HOUR,
        repair=Lateness(HOUR, 10, HOUR),
        substitute=Lateness(HOUR, 5000, HOUR),
        loaner=grant,
    )
    problem = bare(visits=[late], stores=(Store("D0", 0, loaners=((0, ("L-1",)),)),))

    plan = solved(problem)

    assert plan.routes[0].stops[-1].loaner is not None
    assert (plan.claimed.loaner_couriers, plan.claimed.late_substitute) == (300, 0)


def test_a_break_is_taken_on_a_route_that_ends_after_it() -> None:
    """The break moves work, never the other way round."""
    problem = bare(
        visits=[visit_at(1, service_s=2 * HOUR), visit_at(2, service_s=3 * HOUR)],
        engineers=(Engineer("E0"),),
        shifts=(Shift("S0", 0, 0, 0, 0, 8 * HOUR, breaks=(Break(2 * HOUR, 4 * HOUR, 1800),)),),
    )

    plan = solved(problem)

    assert sum(stop.kind is StopKind.BREAK for stop in plan.routes[0].stops) == 1


def test_a_hint_is_kept_when_nothing_is_searched() -> None:
    """Re-planning starts from the published plan, with every supply choice as it was."""
    problem = world(3, Size(visits=30, engineers=6))
    before = solved(problem, work=1000)

    after = solved(problem, work=0, seed=77, hint=before)

    assert after.claimed.total <= before.claimed.total


@pytest.mark.parametrize("store", [0, 1])
def test_a_hint_keeps_its_pick_ups_at_every_store(store: int) -> None:
    """The search counts a pick-up at store n as the token -1 - n, and -1 is one like the others."""
    problem = bare(
        visits=[visit_at(2, parts=(PartLine(0, 1),))],
        engineers=(Engineer("E0"),),
        shifts=(Shift("S0", 0, 0, 0, 0, 8 * HOUR),),
        stores=tuple(Store(f"D{n}", 0, stock=((0, int(n == store)),), pick_up_s=60) for n in (0, 1)),
    )
    plan = solved(problem)

    one = told(encode(problem), plan.routes[0])

    assert [stop.ref for stop in plan.routes[0].stops] == [f"D{store}", "V2"]
    assert one is not None
    assert one.rows[:, 0].tolist() == [-1 - store, 0]


def test_a_hint_for_another_problem_does_no_harm() -> None:
    """Unknown visits and routes that no longer hold are passed over."""
    before = solved(world(3, Size(visits=20, engineers=4)))
    problem = world(4, Size(visits=12, engineers=3, days=1))

    solved(problem, hint=before)


def test_an_overloaded_day_leaves_out_the_cheapest() -> None:
    """Leaving out has a price, and the dearest visits come first."""
    visits = [visit_at(i, service_s=3 * HOUR, left_out=10_000 * i) for i in range(1, 6)]
    problem = bare(visits=visits, engineers=(Engineer("E0"),), shifts=(Shift("S0", 0, 0, 0, 0, 7 * HOUR),))

    plan = solved(problem)

    assert served(plan) == ["V4", "V5"]


def test_a_visit_nobody_is_skilled_for_is_proved_impossible() -> None:
    """A filter that fails for every shift is a proof; anything else is only "not found"."""
    hard, easy = replace(visit_at(1), skills=((0, 3),)), visit_at(2)

    plan = solved(bare(visits=[hard, easy]))

    assert [(u.visit, u.known) for u in plan.unassigned] == [("V1", Known.PROVED)]


def test_a_problem_without_shifts_or_visits_has_an_empty_plan() -> None:
    """Nothing to plan is no error."""
    nobody = replace(bare(visits=[visit_at(1)]), shifts=(), engineers=())
    nothing = bare(visits=[])

    assert len(solved(nobody).unassigned) == 1
    assert solved(nothing).routes == ()


def test_progress_is_told_and_can_stop_the_search() -> None:
    """The caller's thread hears of every epoch; False ends the run and the work done is recorded."""
    said: list[Progress] = []

    def heard(at: Progress) -> bool:
        said.append(at)
        return False

    plan = solve(world(5, Size(visits=30, engineers=5)), Budget(seed=1, work=1_000_000), progress=heard)

    assert len(said) == 1
    assert plan.manifest is not None
    assert plan.manifest.work == said[0].work


def test_a_budget_without_a_limit_is_refused() -> None:
    """A search without end is nobody's wish."""
    with pytest.raises(Refusal) as refused:
        Budget(seed=1)

    assert refused.value.code == "budget.none_given"


def test_an_appointment_is_kept_by_waiting() -> None:
    """A window's start is in, its end is out; the engineer leaves as late as is useful."""
    problem = bare(visits=[replace(visit_at(1), windows=(Window(3 * HOUR, 3 * HOUR + 1),))])

    plan = solved(problem)

    stop = plan.routes[0].stops[0]
    assert (stop.arrive_s, stop.start_s) == (3 * HOUR, 3 * HOUR)
