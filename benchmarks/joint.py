"""Joint planning against routes first: ``python -m benchmarks joint``.

Five generated regions, each planned three ways with the same solver, seed and work. Joint: routes, parts and loaners
in one search. Apart: routes without a thought of parts and loaners, which are then given to the finished routes
(`benchmarks.apart`); visits whose parts cannot be had there are dropped. Mended: the visits dropped are booked again,
each at the cheapest place left, parts and all, while everybody else keeps his engineer. Every plan is verified and
priced on the same full problem.

First-time fix: share of all visits that are done with every part at hand. A promise is kept when a timed arrival
(repair) begins (ends) by its due time; a visit left out keeps none.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace

from api.text import say
from benchmarks.apart import supplied, without_supply
from dispatch.board import Board
from dispatch.cost import visit_stops
from dispatch.plan import Plan, Source, StopKind
from dispatch.pose import problem_of
from dispatch.problem import PlanningProblem
from dispatch.solve import Budget, solve
from dispatch.verify import violations
from kernel.errors import Message, Refusal
from scenarios.world.region import region
from scenarios.world.spec import Spec, depots_for

SEEDS = (1, 2, 3, 4, 5)


@dataclass(frozen=True, slots=True)
class Figures:
    """What a plan comes to.

    Args:
        visits: how many the problem has.
        fixed: done with every part at hand.
        arrivals, repairs: (kept, promised).
        left_out: visits on no route and with no partner.
        cents: total cost; `left_out_cents` is the part of it that prices visits left out.
    """

    visits: int
    fixed: int
    arrivals: tuple[int, int]
    repairs: tuple[int, int]
    left_out: int
    cents: int
    left_out_cents: int


@dataclass(frozen=True, slots=True)
class Compared:
    """One region planned jointly, apart and mended; `wrong`: what the verifier finds, empty when all is well."""

    seed: int
    ways: tuple[Figures, Figures, Figures]
    wrong: tuple[Message, ...]


def main(arguments: Sequence[str]) -> int:
    """Run the comparison; gives the exit code: 1 when a plan breaks a rule."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks joint",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--work", type=int, default=20_000, help="iterations of every search")
    parser.add_argument("--seeds", type=int, nargs="+", default=SEEDS, help="seeds of the regions")
    parser.add_argument("--engineers", type=int, default=Spec().engineers, help="size of every region")
    parser.add_argument("--visits", type=int, default=Spec().visits, help="size of every region")
    chosen = parser.parse_args(arguments)
    try:
        spec = Spec(engineers=chosen.engineers, visits=chosen.visits, depots=depots_for(chosen.engineers))
        return _compared(chosen.seeds, spec=spec, work=chosen.work)
    except Refusal as refusal:
        print(f"{refusal.code}: {say(refusal.message, 'en')}", file=sys.stderr)
        return 2


def _compared(seeds: Sequence[int], *, spec: Spec, work: int) -> int:
    rows = []
    for seed in seeds:
        rows.append(compare(seed, spec=spec, work=work))
        for message in rows[-1].wrong:
            print(f"wrong, region {seed}: {say(message, 'en')}", file=sys.stderr)
    print(table(rows))
    return int(any(row.wrong for row in rows))


def compare(seed: int, /, *, spec: Spec, work: int) -> Compared:
    """Plan the region of `seed` each way, every search with `work` iterations."""
    made = region(spec, seed=seed)
    problem = problem_of(Board.of(made, now=made.settings.as_of))
    budget = Budget(seed=1, work=work)
    joint = solve(problem, budget)
    apart = supplied(problem, solve(without_supply(problem), budget))
    plans = (joint, apart, mended(problem, apart))
    return Compared(
        seed,
        (figures(problem, plans[0]), figures(problem, plans[1]), figures(problem, plans[2])),
        tuple(wrong.message for plan in plans for wrong in violations(problem, plan)),
    )


def mended(problem: PlanningProblem, plan: Plan) -> Plan:
    """Book what a plan leaves out again; every visit it has stays with its engineer or partner."""
    engineer = {
        stop.ref: problem.shifts[problem.shift_index[route.shift]].engineer
        for route in plan.routes
        for stop in route.stops
        if stop.kind is StopKind.VISIT
    }
    locked = tuple(
        replace(visit, engineer_lock=engineer.get(visit.id, visit.engineer_lock)) for visit in problem.visits
    )
    found = solve(replace(problem, visits=locked), Budget(seed=1, work=0), plan)
    return found if found.claimed.total < plan.claimed.total else plan


def figures(problem: PlanningProblem, plan: Plan) -> Figures:
    """Count what a plan keeps."""
    done = {stop.ref: (stop.start_s, stop.end_s, stop.supply) for stop in visit_stops(plan)}
    done |= {one.visit: (one.start_s, one.end_s, ()) for one in plan.outside}
    arrivals = repairs = 0
    for visit in problem.visits:
        if visit.id in done:
            start_s, end_s, _ = done[visit.id]
            arrivals += visit.arrive is not None and start_s <= visit.arrive.due_s
            repairs += visit.repair is not None and end_s + visit.away_s <= visit.repair.due_s
    return Figures(
        visits=len(problem.visits),
        fixed=sum(all(one.source is not Source.WITHOUT for one in supply) for _, _, supply in done.values()),
        arrivals=(arrivals, sum(visit.arrive is not None for visit in problem.visits)),
        repairs=(repairs, sum(visit.repair is not None for visit in problem.visits)),
        left_out=len(plan.unassigned),
        cents=plan.claimed.total,
        left_out_cents=plan.claimed.left_out,
    )


def table(rows: Sequence[Compared], /) -> str:
    """The comparison in Markdown, joint / apart / mended in every cell, with a row for all regions together."""
    whole = tuple(_sum([row.ways[way] for row in rows]) for way in range(3))
    return "\n".join(
        [
            "| region | first-time fix | arrivals kept | repairs kept | left out | cost | of it left out |",
            "|---|---|---|---|---|---|---|",
            *(f"| seed {row.seed} | {_cells(row.ways)} |" for row in rows),
            f"| **all** | {_cells(whole)} |",
        ]
    )


def _cells(ways: Sequence[Figures]) -> str:
    columns = zip(*(_cell(one) for one in ways), strict=True)
    return " | ".join(" / ".join(column) for column in columns)


def _cell(one: Figures) -> tuple[str, ...]:
    shares = (_share(one.fixed, one.visits), _share(*one.arrivals), _share(*one.repairs))
    return (*shares, str(one.left_out), f"{one.cents / 100:,.0f}", f"{one.left_out_cents / 100:,.0f}")


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "none"


def _sum(rows: list[Figures]) -> Figures:
    return Figures(
        visits=sum(row.visits for row in rows),
        fixed=sum(row.fixed for row in rows),
        arrivals=(sum(row.arrivals[0] for row in rows), sum(row.arrivals[1] for row in rows)),
        repairs=(sum(row.repairs[0] for row in rows), sum(row.repairs[1] for row in rows)),
        left_out=sum(row.left_out for row in rows),
        cents=sum(row.cents for row in rows),
        left_out_cents=sum(row.left_out_cents for row in rows),
    )
