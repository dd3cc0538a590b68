"""One event while a day is going on: ``python -m benchmarks event``; one line an event, the figures of all at the end.

Days of `benchmarks.field.days` (``--size``, default 400 visits and 60 engineers) are planned for ``--fresh`` seconds and are in
force when, ``--hours`` after their beginning, one thing happens: an urgent ticket comes in, an engineer falls ill, a visit takes
an hour and a half longer. What has begun stays as it is; of the rest another engineer costs 15 and a start more than half an hour
from the one told costs 10. The plan is made again from the one in force in ``--soon`` seconds, and afresh from nothing in
``--fresh`` seconds (``--work`` on a busy machine: the clock then only says how busy it is). Both are verified and priced by `dispatch.cost` on the same problem. Moved: visits of the plan in force that
another engineer does, that begin beyond the tolerance, or that are left out now. Exit code 1 when a plan breaks a rule.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator

from benchmarks.field.days import CLOSES_S, HOUR_S, LATE, MIN_S, SKILLS, Size, day
from dispatch.cost import cost
from dispatch.plan import Plan, Stop, StopKind
from dispatch.problem import Lateness, PlanningProblem, Published, Shift, Visit
from dispatch.solve import Budget, solve
from dispatch.verify import violations
from kernel.clock import Stopwatch

KINDS = ("urgent", "ill", "overruns")
TOLERANCE_S = 30 * MIN_S
ENGINEER_CENTS, MOVED_CENTS = 1_500, 1_000
LONGER_S = 90 * MIN_S
BEGUN = 100_000_000
"""Cents of leaving out what has begun: more than any day costs."""


@dataclass(frozen=True, slots=True)
class InForce:
    """A plan people go by: for every visit on a route, its shift's number and its stop."""

    plan: Plan
    stops: dict[str, tuple[int, Stop]]


def main(arguments: Sequence[str]) -> int:
    """Run it; gives the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks event",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--size", default="400x60", help="VISITSxENGINEERS")
    parser.add_argument("--supply", action="store_true", help="with parts and loaners")
    parser.add_argument("--seeds", type=int, nargs="+", default=(1, 2, 3), help="days")
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=KINDS)
    parser.add_argument("--hours", type=int, default=2, help="from the day's beginning to the event")
    parser.add_argument("--soon", type=float, default=1.0, help="seconds to plan again")
    parser.add_argument("--fresh", type=float, default=30.0, help="seconds for a plan from nothing")
    parser.add_argument(
        "--work", type=int, nargs=2, metavar=("SOON", "FRESH"), help="iterations instead of seconds"
    )
    chosen = parser.parse_args(arguments)
    soon, afresh = Budget(seed=1, seconds=chosen.soon), Budget(seed=1, seconds=chosen.fresh)
    if chosen.work:
        soon, afresh = (Budget(seed=1, work=work) for work in chosen.work)
    visits, engineers = map(int, chosen.size.split("x"))
    gaps, moves, waits, wrong = [], [], [], 0
    for seed in chosen.seeds:
        made = day(Size(visits, engineers), seed=seed, supply=chosen.supply)
        going = in_force(made, solve(made, afresh))
        for kind in chosen.kinds:
            rng = np.random.default_rng([seed, KINDS.index(kind)])
            problem = after(made, going, kind, chosen.hours * HOUR_S, rng)
            watch, before = Stopwatch(), time.process_time()
            again = solve(problem, soon, going.plan)
            waits.append(watch.seconds)
            cpu_s = time.process_time() - before
            fresh = solve(problem, afresh)
            wrong += len(violations(problem, again)) + len(violations(problem, fresh))
            ours, other = cost(problem, again).total, cost(problem, fresh).total
            gaps.append(100 * (ours / other - 1))
            moves.append(moved(problem, again, going))
            print(
                f"seed {seed}, {kind}: again {ours / 100:,.0f} in {waits[-1]:.2f} s ({cpu_s:.2f} s of the processor),"
                f" fresh {other / 100:,.0f}, gap {gaps[-1]:+.2f} %; moved {moves[-1]}, afresh {moved(problem, fresh, going)}",
                flush=True,
            )
    print(
        f"again in at most {max(waits):.2f} s: gap mean {np.mean(gaps):+.2f} %, worst {max(gaps):+.2f} %;"
        f" moved mean {np.mean(moves):.1f}, most {max(moves)}"
    )
    return int(wrong > 0)


def in_force(problem: PlanningProblem, plan: Plan) -> InForce:
    """The plan with its stops at hand."""
    stops = {
        stop.ref: (problem.shift_index[route.shift], stop)
        for route in plan.routes
        for stop in route.stops
        if stop.kind is StopKind.VISIT
    }
    return InForce(plan, stops)


def after(problem: PlanningProblem, going: InForce, kind: str, now_s: int, rng: Generator) -> PlanningProblem:
    """The problem at `now_s`, when what `kind` says happens."""
    visits = [_stands(problem, visit, going, now_s) for visit in problem.visits]
    shifts = problem.shifts
    ahead = [index for index, visit in enumerate(visits) if visit.published is not None]
    if kind == "urgent":
        visits.append(_urgent(problem, now_s, rng))
    elif kind == "ill":
        h, _ = going.stops[visits[int(rng.choice(ahead))].id]
        shifts = tuple(
            _goes_home(problem, shift, going, now_s) if n == h else shift for n, shift in enumerate(shifts)
        )
    else:
        index = int(rng.choice(ahead))
        visits[index] = replace(visits[index], service_s=visits[index].service_s + LONGER_S)
    return replace(problem, visits=tuple(visits), shifts=shifts)


def _stands(problem: PlanningProblem, visit: Visit, going: InForce, now_s: int) -> Visit:
    """A visit as it stands at `now_s`: begun and fixed, or told and dear to move, or on no route."""
    if visit.id not in going.stops:
        return replace(visit, earliest_s=max(visit.earliest_s, now_s))
    h, stop = going.stops[visit.id]
    engineer = problem.shifts[h].engineer
    if stop.start_s < now_s:
        return replace(visit, engineer_lock=engineer, start_lock_s=stop.start_s, left_out=BEGUN)
    told = Published(engineer, stop.start_s, TOLERANCE_S, ENGINEER_CENTS, MOVED_CENTS)
    return replace(visit, earliest_s=max(visit.earliest_s, now_s), published=told)


def _urgent(problem: PlanningProblem, now_s: int, rng: Generator) -> Visit:
    """A ticket of the gravest kind, beside one of the day's sites."""
    _, late, left_out, _ = LATE[0]
    return Visit(
        "W00000",
        "W00000",
        place=problem.visits[int(rng.integers(len(problem.visits)))].place,
        service_s=60 * MIN_S,
        earliest_s=now_s,
        left_out=left_out,
        skills=((int(rng.integers(SKILLS)), 2),),
        arrive=Lateness(now_s + 2 * HOUR_S, late, 30 * MIN_S),
    )


def _goes_home(problem: PlanningProblem, shift: Shift, going: InForce, now_s: int) -> Shift:
    """The shift of somebody who falls ill: over as soon as he is home from what he has begun."""
    begun = [
        stop.end_s
        + int(problem.travel_s[problem.visits[problem.visit_index[stop.ref]].place, shift.end_place])
        for h, stop in going.stops.values()
        if problem.shifts[h].id == shift.id and stop.start_s < now_s
    ]
    return replace(
        shift, end_s=min(max(begun, default=shift.start_s + 1), CLOSES_S + shift.overtime_s), overtime_s=0
    )


def moved(problem: PlanningProblem, plan: Plan, going: InForce) -> int:
    """How many visits of the plan in force are not where they were told to be."""
    now = in_force(problem, plan).stops
    return sum(
        visit not in now or now[visit][0] != h or abs(now[visit][1].start_s - stop.start_s) > TOLERANCE_S
        for visit, (h, stop) in going.stops.items()
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
