"""Solve a public benchmark file with the product's own solver, or measure the store or the inventory.

``python -m benchmarks trsp FILE --seconds S --seed K --out OUT.json``, the same for ``hhcrsp`` and
``vrptw FILE --convention dimacs|exact ...``; ``--work N`` instead of seconds repeats a run exactly.
``dynamic FILE``, ``joint``, ``store``, ``service``, ``console``, ``pictures``, ``clocks``, ``scenarios``, ``inventory``, ``urgent``,
``event``, ``huge``, ``cold``, ``field`` and ``judge`` are described in
the module of the same name.
Exit code 0 when all is served and verified, 1 when not, 2 for bad input.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from api.text import say
from benchmarks import dynamic, hhcrsp, release, trsp, vrptw
from dispatch.plan import Plan
from dispatch.problem import PlanningProblem
from dispatch.solve import Budget, solve
from dispatch.verify import violations
from kernel.clock import Stopwatch
from kernel.errors import Refusal

OTHERS = (
    "store",
    "service",
    "console",
    "pictures",
    "clocks",
    "joint",
    "scenarios",
    "inventory",
    "urgent",
    "field",
    "event",
    "huge",
    "cold",
    "judge",
)
"""Commands with a module and options of their own, loaded only when asked for."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; gives the exit code."""
    told = sys.argv[1:] if arguments is None else arguments
    if told and told[0] in OTHERS:
        code: int = import_module(f"benchmarks.{told[0]}").main(told[1:])
        return code
    chosen = _parser().parse_args(arguments)
    families = {"trsp": _trsp, "vrptw": _vrptw, "hhcrsp": _hhcrsp, "dynamic": _dynamic}
    try:
        _writable(chosen.out)
        return families[chosen.family](chosen)
    except Refusal as refusal:
        print(f"{refusal.code}: {say(refusal.message, 'en')}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description="Solve a public benchmark file."
    )
    families = parser.add_subparsers(dest="family", required=True)
    for family, says in (("trsp", trsp), ("vrptw", vrptw), ("hhcrsp", hhcrsp), ("dynamic", dynamic)):
        command = families.add_parser(
            family, description=says.__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
        )
        command.add_argument("file", type=Path)
        if family == "dynamic":
            longer = f"iterations of every new plan; the first, and one that leaves anything out, up to {dynamic.LONGER} times"
            command.add_argument("--work", type=int, default=20_000, help=longer)
        else:
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


def _trsp(chosen: argparse.Namespace) -> int:
    instance = trsp.read(chosen.file)
    best = trsp.best_known(chosen.file)
    problem = trsp.problem_of(instance)
    plan, seconds, wrong = _solved(problem, _budget(chosen))
    routes = trsp.stops_of(plan)
    objective = trsp.working_time(instance, routes)
    written = [{"engineer": engineer, "stops": stops} for engineer, stops in routes]
    _report(chosen, plan, seconds, objective, written)
    print(f"objective {objective:.4f}")
    if best is not None:
        print(f"best known {best:.4f}\ngap {100 * (objective / best - 1):+.2f} %")
    return wrong


def _vrptw(chosen: argparse.Namespace) -> int:
    instance = vrptw.read(chosen.file)
    best = vrptw.best_known(chosen.file, convention=chosen.convention)
    problem = vrptw.problem_of(instance, convention=chosen.convention)
    plan, seconds, wrong = _solved(problem, _budget(chosen))
    routes = vrptw.stops_of(plan)
    objective = vrptw.length(instance, routes, convention=chosen.convention)
    _report(chosen, plan, seconds, objective, routes)
    print(f"objective {objective:.4f}\nvehicles {len(routes)}")
    if best is not None:
        print(f"best known {best[1]:.4f}" + (f" with {best[0]} vehicles" if best[0] else ""))
        print(f"gap {100 * (objective / best[1] - 1):+.2f} %")
    return wrong


def _hhcrsp(chosen: argparse.Namespace) -> int:
    instance = hhcrsp.read(chosen.file)
    best = hhcrsp.best_known(chosen.file)
    plan, seconds, wrong = _solved(hhcrsp.problem_of(instance), _budget(chosen))
    document = hhcrsp.document_of(instance, plan)
    objective = hhcrsp.value(instance, document)
    served = sum(len(route["locations"]) for route in document["routes"])
    _tell(chosen, plan, seconds, f"{len(plan.routes)} routes, {served} services")
    _write(chosen.out, document)
    print(f"objective {objective:.3f}")
    if best is not None:
        print(f"best known {best:.3f}\ngap {100 * (objective / best - 1):+.2f} %")
    return wrong


def _dynamic(chosen: argparse.Namespace) -> int:
    day = release.read(chosen.file)
    best = trsp.best_known(release.static_file(chosen.file))
    authors = release.authors(chosen.file)
    search = dynamic.planner(seed=chosen.seed, work=chosen.work)
    watch = Stopwatch()
    broken = False

    def plan_anew(problem: PlanningProblem, hint: Plan) -> Plan:
        nonlocal broken
        plan = search(problem, hint)
        broken = _told(problem, plan) or broken
        return plan

    crew = dynamic.run(day, plan_anew)
    objective = dynamic.working_time(day, crew)
    document = dynamic.document_of(day, crew)
    left_out = document["unserved"]
    print(f"instance {chosen.file.stem}: {len(document['routes'])} routes, {len(left_out)} requests left out")
    print(f"seconds {watch.seconds:.1f}, seed {chosen.seed}")
    _write(chosen.out, {"instance": chosen.file.stem, "objective": objective, **document})
    print(f"objective {objective:.4f}")
    if best is not None:
        print(f"static best known {best:.4f}\ngap {100 * (objective / best - 1):+.2f} %")
    if best is not None and authors is not None:
        gap = 100 * (authors[0] / best - 1)
        print(f"authors' waiting strategy {authors[0]:.4f}, gap {gap:+.2f} %, {authors[1]} left out")
    return int(broken or bool(left_out))


def _solved(problem: PlanningProblem, budget: Budget) -> tuple[Plan, float, int]:
    watch = Stopwatch()
    plan = solve(problem, budget)
    seconds = watch.seconds
    return plan, seconds, int(_told(problem, plan) or bool(plan.unassigned))


def _told(problem: PlanningProblem, plan: Plan) -> bool:
    """Say everything that is wrong with a plan; whether there was anything."""
    found = violations(problem, plan)
    for violation in found:
        print(f"wrong: {say(violation.message, 'en')}", file=sys.stderr)
    return bool(found)


def _report(
    chosen: argparse.Namespace, plan: Plan, seconds: float, objective: float, routes: list[Any]
) -> None:
    served = sum(len(stops["stops"] if isinstance(stops, dict) else stops) for stops in routes)
    _tell(chosen, plan, seconds, f"{len(routes)} routes, {served} stops")
    result = {
        "instance": chosen.file.stem,
        "objective": objective,
        "seconds": round(seconds, 3),
        "routes": routes,
    }
    _write(chosen.out, result)


def _tell(chosen: argparse.Namespace, plan: Plan, seconds: float, served: str) -> None:
    manifest = plan.manifest
    assert manifest is not None, "the solver signs its plans"
    print(f"instance {chosen.file.stem}: {served}, {len(plan.unassigned)} left out")
    print(f"seconds {seconds:.1f}, work {manifest.work}, seed {manifest.seed}, {manifest.status}")


def _write(out: Path | None, document: Mapping[str, Any]) -> None:
    if out is not None:
        out.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
