"""Solve a public benchmark file with the product's own solver, or measure the store.

``python -m benchmarks trsp FILE --seconds S --seed K --out OUT.json`` and
``python -m benchmarks vrptw FILE --convention dimacs|exact ...``; ``--work N`` instead of seconds repeats
a run exactly; ``python -m benchmarks store`` is described in `benchmarks.store`. Exit code 0 when all is served and verified, 1 when not, 2 for bad input.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from api.text import say
from benchmarks import trsp, vrptw
from dispatch.plan import Plan
from dispatch.problem import PlanningProblem
from dispatch.solve import Budget, solve
from dispatch.verify import violations
from kernel.clock import Stopwatch
from kernel.errors import Refusal


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; gives the exit code."""
    told = sys.argv[1:] if arguments is None else arguments
    if told[:1] == ["store"]:
        from benchmarks import store

        return store.main(told[1:])
    chosen = _parser().parse_args(arguments)
    try:
        budget = _budget(chosen)
        _writable(chosen.out)
        return _trsp(chosen, budget) if chosen.family == "trsp" else _vrptw(chosen, budget)
    except Refusal as refusal:
        print(f"{refusal.code}: {say(refusal.message, 'en')}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description="Solve a public benchmark file."
    )
    families = parser.add_subparsers(dest="family", required=True)
    for family in ("trsp", "vrptw"):
        command = families.add_parser(family)
        command.add_argument("file", type=Path)
        command.add_argument(
            "--seconds", type=float, help="most seconds (30 when --work is not given either)"
        )
        command.add_argument("--work", type=int, help="most iterations; repeats a run exactly")
        command.add_argument("--seed", type=int, default=1)
        command.add_argument("--out", type=Path, help="where to write the routes as JSON")
        if family == "vrptw":
            command.add_argument("--convention", choices=vrptw.CONVENTIONS, default="dimacs")
    return parser


def _budget(chosen: argparse.Namespace) -> Budget:
    seconds = 30.0 if chosen.seconds is None and chosen.work is None else chosen.seconds
    return Budget(seed=chosen.seed, work=chosen.work, seconds=seconds)


def _writable(out: Path | None) -> None:
    if out is not None and (out.is_dir() or not out.resolve().parent.is_dir()):
        raise Refusal("benchmark.unwritable", file=str(out))


def _trsp(chosen: argparse.Namespace, budget: Budget) -> int:
    instance = trsp.read(chosen.file)
    best = trsp.best_known(chosen.file)
    problem = trsp.problem_of(instance)
    plan, seconds, wrong = _solved(problem, budget)
    routes = trsp.stops_of(plan)
    objective = trsp.working_time(instance, routes)
    written = [{"engineer": engineer, "stops": stops} for engineer, stops in routes]
    _report(chosen, plan, seconds, objective, written)
    print(f"objective {objective:.4f}")
    if best is not None:
        print(f"best known {best:.4f}\ngap {100 * (objective / best - 1):+.2f} %")
    return wrong


def _vrptw(chosen: argparse.Namespace, budget: Budget) -> int:
    instance = vrptw.read(chosen.file)
    best = vrptw.best_known(chosen.file, convention=chosen.convention)
    problem = vrptw.problem_of(instance, convention=chosen.convention)
    plan, seconds, wrong = _solved(problem, budget)
    routes = vrptw.stops_of(plan)
    objective = vrptw.length(instance, routes, convention=chosen.convention)
    _report(chosen, plan, seconds, objective, routes)
    print(f"objective {objective:.4f}\nvehicles {len(routes)}")
    if best is not None:
        print(f"best known {best[1]:.4f}" + (f" with {best[0]} vehicles" if best[0] else ""))
        print(f"gap {100 * (objective / best[1] - 1):+.2f} %")
    return wrong


def _solved(problem: PlanningProblem, budget: Budget) -> tuple[Plan, float, int]:
    watch = Stopwatch()
    plan = solve(problem, budget)
    seconds = watch.seconds
    found = violations(problem, plan)
    for violation in found:
        print(f"wrong: {say(violation.message, 'en')}", file=sys.stderr)
    return plan, seconds, int(bool(found or plan.unassigned))


def _report(
    chosen: argparse.Namespace, plan: Plan, seconds: float, objective: float, routes: list[Any]
) -> None:
    manifest = plan.manifest
    assert manifest is not None, "the solver signs its plans"
    served = sum(len(stops["stops"] if isinstance(stops, dict) else stops) for stops in routes)
    print(
        f"instance {chosen.file.stem}: {len(routes)} routes, {served} stops, {len(plan.unassigned)} left out"
    )
    print(f"seconds {seconds:.1f}, work {manifest.work}, seed {manifest.seed}, {manifest.status}")
    if chosen.out is not None:
        result = {
            "instance": chosen.file.stem,
            "objective": objective,
            "seconds": round(seconds, 3),
            "routes": routes,
        }
        chosen.out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
