"""A plan that is changed while people wait: ``python -m benchmarks urgent``; prints one figure a line.

``--only insertion``: a region of 300 engineers and 3,000 visits, planned, published and carried on (the one of
`benchmarks.console`; ``--keep FOLDER`` keeps it). For visits taken at random: the cheapest place on everybody's shifts with
everybody else standing still (urgent insertion), and one engineer tried as the console tries a move (preview). The problem
is laid out once, as for every question about one state.

``--only event``: a region of 60 engineers and 400 visits has a plan in force when an engineer falls ill. It is planned
again from there for a second, and afresh for thirty.

Exit code 1 when a plan breaks a rule.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import numpy as np

from api.stored import opened
from api.usecases.in_force import InForce, carried_on
from benchmarks import large_region
from dispatch.board import Board
from dispatch.candidates import candidate
from dispatch.carry import shifted
from dispatch.crew import Absence
from dispatch.event import EngineerAway, PlanPublished
from dispatch.plan import Plan
from dispatch.pose import problem_of
from dispatch.problem import PlanningProblem
from dispatch.publish import ChangeKind, stops_of
from dispatch.replan import replan
from dispatch.solve import Budget, laid_out, places_for, solve
from dispatch.verify import violations
from kernel.clock import Stopwatch
from kernel.interval import Interval
from scenarios.world.region import region
from scenarios.world.spec import Spec, depots_for
from storage.audit import revision
from storage.rows.region import load_region

SEED = 7


def main(arguments: Sequence[str]) -> int:
    """Run it; gives the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks urgent",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--only", choices=("insertion", "event"))
    parser.add_argument("--engineers", type=int, default=300, help="of the region visits are put into")
    parser.add_argument("--visits", type=int, default=3000)
    parser.add_argument("--times", type=int, default=100, help="how many visits are put in")
    parser.add_argument("--keep", type=Path, help="folder for the region; one that lies there is used again")
    parser.add_argument("--soon", type=float, default=1.0, help="seconds to plan again after the event")
    parser.add_argument("--fresh", type=float, default=30.0, help="seconds for the fresh plan beside it")
    parser.add_argument(
        "--events", type=int, default=3, help="engineers who fall ill, one after another, each alone"
    )
    chosen = parser.parse_args(arguments)
    wrong = 0
    if chosen.only != "event":
        with ExitStack() as stack:
            folder = chosen.keep or Path(
                stack.enter_context(tempfile.TemporaryDirectory(prefix="fieldwright-"))
            )
            file = large_region.made(folder, engineers=chosen.engineers, visits=chosen.visits)
            wrong += _insertions(in_force(file), times=chosen.times)
    if chosen.only != "insertion":
        spec = Spec(engineers=60, visits=400, depots=depots_for(60))
        wrong += _events(spec, many=chosen.events, soon=chosen.soon, fresh=chosen.fresh)
    return int(wrong > 0)


def in_force(file: Path) -> InForce:
    """The published plan of a stored region, carried on to the moment it is served at."""
    with opened(f"sqlite:///{file}") as database, database.reading() as connection:
        name = large_region.spec_of(engineers=1, visits=20).id
        return carried_on(load_region(connection, name), revision(connection, name), now=large_region.NOW)


@dataclass(frozen=True, slots=True)
class Waited:
    """How long something took, each time: by the wall clock and of the processor, in milliseconds."""

    wall_ms: tuple[float, ...]
    cpu_ms: tuple[float, ...]

    def __str__(self) -> str:
        def told(some: Sequence[float]) -> str:
            return f"median {np.percentile(some, 50):.0f} ms, p95 {np.percentile(some, 95):.0f} ms"

        return f"{told(self.wall_ms)}; of the processor {told(self.cpu_ms)} ({len(self.wall_ms)} times)"


def waited(questions: Sequence[Callable[[], object]]) -> Waited:
    """Ask each once."""
    wall: list[float] = []
    cpu: list[float] = []
    for ask in questions:
        watch, before = Stopwatch(), time.process_time()
        ask()
        wall.append(1000 * watch.seconds)
        cpu.append(1000 * (time.process_time() - before))
    return Waited(tuple(wall), tuple(cpu))


def _insertions(going: InForce, *, times: int) -> int:
    problem, plan = going.problem, going.plan
    rng = np.random.default_rng(SEED)
    served = [stop.ref for route in plan.routes for stop in route.stops if stop.ref in problem.visit_index]
    visits = [str(one) for one in rng.choice(served, min(times, len(served)), replace=False)]
    watch = Stopwatch()
    encoded = laid_out(problem)
    print(
        f"{len(problem.engineers)} engineers, {len(problem.visits)} visits; laid out in {1000 * watch.seconds:.0f} ms"
    )
    places_for(problem, plan, visits[0], encoded=encoded)  # loads the compiled search
    places = waited([lambda visit=one: places_for(problem, plan, visit, encoded=encoded) for one in visits])  # type: ignore[misc]
    print(f"urgent insertion, every shift's cheapest place: {places}")
    few = visits[: max(5, len(visits) // 5)]
    engineers = [problem.engineers[int(n)].id for n in rng.integers(len(problem.engineers), size=len(few))]
    moves = list(zip(few, engineers, strict=True))
    previews = waited([lambda move=one: candidate(problem, plan, *move) for one in moves])  # type: ignore[misc]
    print(f"preview of a move: {previews}")
    return len(violations(problem, plan))


@dataclass(frozen=True, slots=True)
class Event:
    """One event: cents of the plan made again at once and of a fresh one, visits moved for it, and what is wrong."""

    again: int
    fresh: int
    moved: int
    seconds: float
    wrong: int


def _events(spec: Spec, *, many: int, soon: float, fresh: float) -> int:
    told = region(spec, seed=SEED)
    board = Board.of(told)
    problem = problem_of(board)
    plan = solve(problem, Budget(seed=1, seconds=fresh))
    board = board.apply(PlanPublished(stops_of(board, problem, plan)))
    wrong = 0
    routes = sorted(plan.routes, key=lambda route: route.depart_s)
    busy = list(
        dict.fromkeys(
            problem.engineers[problem.shifts[problem.shift_index[r.shift]].engineer].id for r in routes
        )
    )
    for name in busy[:many]:
        found = after(board, plan, name, soon=soon, fresh=fresh)
        gap = 100 * (found.again / found.fresh - 1)
        print(
            f"{name} falls ill: again in {found.seconds:.1f} s {found.again / 100:,.0f}, fresh in {fresh:.0f} s"
            f" {found.fresh / 100:,.0f}, gap {gap:+.2f} %; {found.moved} visits moved"
        )
        wrong += found.wrong
    return wrong


def after(board: Board, plan: Plan, engineer: str, *, soon: float, fresh: float) -> Event:
    """What planning again gives when an engineer is away from now on, beside a fresh plan of the same problem."""
    later = board.now + timedelta(minutes=1)
    end = board.now + timedelta(days=1)
    board = board.apply(EngineerAway(Absence("urgent", engineer, Interval(board.now, end), ""))).at(later)
    watch = Stopwatch()
    turned = replan(board, Budget(seed=1, seconds=soon), in_force=shifted(plan, -60))
    seconds = watch.seconds
    problem: PlanningProblem = turned.problem
    other = solve(problem, Budget(seed=1, seconds=fresh))
    moved = sum(one.kind is ChangeKind.MOVED for one in turned.changes)
    wrong = len(violations(problem, turned.plan)) + len(violations(problem, other))
    return Event(turned.plan.claimed.total, other.claimed.total, moved, seconds, wrong)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
