"""A plan that is changed while people wait: ``python -m benchmarks urgent``; prints one figure a line.

A region of 300 engineers and 3,000 visits, planned, published and carried on (the one of
`benchmarks.console`; ``--keep FOLDER`` keeps it). For visits taken at random: the cheapest place on everybody's shifts with
everybody else standing still (urgent insertion), and one engineer tried as the console tries a move (preview). The problem
is laid out once, as for every question about one state. What one event does to a plan: `benchmarks.event`.

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
from pathlib import Path

import numpy as np

from api.stored import opened
from api.usecases.in_force import InForce, carried_on
from benchmarks import large_region
from dispatch.candidates import candidate
from dispatch.solve import laid_out, places_for
from dispatch.verify import violations
from kernel.clock import Stopwatch
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
    parser.add_argument("--engineers", type=int, default=300, help="of the region visits are put into")
    parser.add_argument("--visits", type=int, default=3000)
    parser.add_argument("--times", type=int, default=100, help="how many visits are put in")
    parser.add_argument("--keep", type=Path, help="folder for the region; one that lies there is used again")
    chosen = parser.parse_args(arguments)
    with ExitStack() as stack:
        folder = chosen.keep or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="fieldwright-")))
        file = large_region.made(folder, engineers=chosen.engineers, visits=chosen.visits)
        return int(_insertions(in_force(file), times=chosen.times) > 0)


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


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
