"""A country in one problem: ``python -m benchmarks huge``; one line a size and a length of search.

Days of `benchmarks.field.days`, planned from nothing, verified, and priced by `dispatch.cost`. Seconds are by the clock and of the
processor, from the problem in memory to the plan; memory is the most the process had until then, the day's own matrices and the
compiled search included. With several ``--seconds`` each plan is compared with that of the longest search. Exit code 1 when a plan
breaks a rule or claims another cost.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from collections.abc import Sequence

from benchmarks.field.days import Size, day
from dispatch.cost import cost
from dispatch.problem import PlanningProblem
from dispatch.solve import Budget, solve
from dispatch.verify import violations
from kernel.clock import Stopwatch

SIZES = ("10000x1000", "4000x50", "3000x2000")


def main(arguments: Sequence[str]) -> int:
    """Run it; gives the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks huge",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--size", nargs="+", default=SIZES, help="VISITSxENGINEERS")
    parser.add_argument("--seconds", type=float, nargs="+", default=(120.0,), help="one plan each")
    parser.add_argument("--work", type=int, help="iterations instead: repeats a run exactly")
    parser.add_argument("--seed", type=int, default=1, help="of the day and of the search")
    parser.add_argument("--supply", action="store_true", help="with parts and loaners")
    chosen = parser.parse_args(arguments)
    wrong = False
    for name in chosen.size:
        visits, engineers = map(int, name.split("x"))
        problem = day(Size(visits, engineers), seed=chosen.seed, supply=chosen.supply)
        costs = {}
        for seconds in (None,) if chosen.work else sorted(chosen.seconds):
            cents, broken = _planned(
                name, problem, Budget(seed=chosen.seed, work=chosen.work, seconds=seconds)
            )
            costs[seconds or 0.0] = cents
            wrong |= broken
        longest = max(costs)
        for seconds, cents in costs.items():
            if seconds != longest:
                gap = 100 * (cents / costs[longest] - 1)
                print(f"{name}: gap {gap:+.2f} % after {seconds:g} s beside {longest:g} s")
    return int(wrong)


def _planned(name: str, problem: PlanningProblem, budget: Budget) -> tuple[int, bool]:
    """Plan it and say how; cents of the plan, and whether anything is wrong with it."""
    watch, before = Stopwatch(), time.process_time()
    plan = solve(problem, budget)
    seconds, cpu_s = watch.seconds, time.process_time() - before
    gigabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    broken = len(violations(problem, plan)) + (cost(problem, plan) != plan.claimed)
    work = plan.manifest.work if plan.manifest is not None else 0
    print(
        f"{name}: cost {plan.claimed.total / 100:,.0f}, {len(plan.unassigned)} left out, {len(plan.routes)} routes,"
        f" {broken} broken; {seconds:.0f} s ({cpu_s:.0f} s of the processor), {work} iterations, {gigabytes:.2f} GB",
        flush=True,
    )
    return plan.claimed.total, broken > 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
