"""A plan that is changed while people wait: ``python -m benchmarks urgent``; prints one figure a line.

A region of 300 engineers and 3,000 visits, planned, published and carried on (the one of
`benchmarks.console`; ``--keep FOLDER`` keeps it). For visits taken at random: the cheapest place on everybody's shifts with
everybody else standing still (urgent insertion), and one engineer tried as the console tries a move (preview); then the same
over HTTP, inside this process, with a list of candidates. What belongs to one state is worked out once, as for every question
about it, and told apart: the first question pays for it. What one event does to a plan: `benchmarks.event`.

Exit code 1 when a plan breaks a rule.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
from fastapi.testclient import TestClient

from api.app import make_app
from api.collector import collect_seldom
from api.logs import log_to
from api.stored import opened
from api.usecases.in_force import InForce, carried_on
from benchmarks import large_region
from dispatch.candidates import candidate
from dispatch.cost import visit_stops
from dispatch.rescue import Way
from dispatch.solve import laid_out, places_for
from dispatch.standing import standing
from dispatch.verify import violations
from kernel.clock import Stopwatch
from storage.audit import revision
from storage.rows.region import load_region
from storage.tables.people import Role
from tests.api.http.conftest import StandingClock
from tests.people_builders import bearer

Answer = TypeVar("Answer")

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
    collect_seldom()  # as the service runs
    with ExitStack() as stack:
        folder = chosen.keep or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="fieldwright-")))
        file = large_region.made(folder, engineers=chosen.engineers, visits=chosen.visits)
        going = in_force(file)
        wrong = _insertions(going, times=chosen.times)
        _asked_over_http(file, _moves(going, times=max(5, chosen.times // 5)))
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


def _moves(going: InForce, *, times: int) -> list[tuple[str, str]]:
    """Visits that are planned, each with an engineer taken at random."""
    problem, rng = going.problem, np.random.default_rng(SEED)
    served = [stop.ref for stop in visit_stops(going.plan)]
    visits = [str(one) for one in rng.choice(served, min(times, len(served)), replace=False)]
    engineers = [problem.engineers[int(n)].id for n in rng.integers(len(problem.engineers), size=len(visits))]
    return list(zip(visits, engineers, strict=True))


def _insertions(going: InForce, *, times: int) -> int:
    problem, plan = going.problem, going.plan
    moves = _moves(going, times=times)
    visits = [visit for visit, _ in moves]
    encoded, laid = _first(lambda: laid_out(problem))
    _, began = _first(
        lambda: places_for(problem, plan, visits[0], encoded=encoded)
    )  # loads the compiled search
    known, summed = _first(lambda: standing(problem, plan))
    _, priced = _first(lambda: known.terms)
    _, judged = _first(lambda: known.broken)
    print(
        f"{len(problem.engineers)} engineers, {len(problem.visits)} visits, once for a state: laid out {laid}, "
        f"first place {began}, plan indexed {summed}, priced {priced}, judged {judged}"
    )
    places = waited([lambda visit=one: places_for(problem, plan, visit, encoded=encoded) for one in visits])  # type: ignore[misc]
    print(f"urgent insertion, every shift's cheapest place: {places}")
    ways: list[Way] = []

    def preview(visit: str, engineer: str) -> None:
        way = candidate(problem, plan, visit, engineer)
        ways.extend([] if way is None else [way])

    previews = waited([lambda move=one: preview(*move) for one in moves])  # type: ignore[misc]
    print(f"preview of a move: {previews}; {len(ways)} can be done")
    wrong = [way for way in ways if way.plan is None or violations(problem, way.plan)]
    return len(violations(problem, plan)) + len(wrong)


def _first(ask: Callable[[], Answer]) -> tuple[Answer, str]:
    """An answer, with what asking for the first time took of the processor."""
    before = time.process_time()
    return ask(), f"{1000 * (time.process_time() - before):.0f} ms"


def _asked_over_http(file: Path, moves: Sequence[tuple[str, str]]) -> None:
    """The routes of the console, in this process: everything but the network."""
    log_to(None, large_region.OFTEN)
    with ExitStack() as stack:
        copy = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="fieldwright-")))
        for one in file.parent.glob(
            f"{file.name}*"
        ):  # who asks is written down: the kept region stays as it is
            shutil.copy(one, copy)
        database = stack.enter_context(opened(f"sqlite:///{copy / file.name}"))
        headers = bearer(database, Role.MANAGER, now=large_region.NOW)
        app = make_app(database, clock=StandingClock(large_region.NOW), settings=large_region.OFTEN)
        with TestClient(app, headers=headers) as client:

            def preview(visit: str, engineer: str) -> None:
                body = {"engineer": engineer}
                client.post(f"/v1/visits/{visit}/preview", json=body).raise_for_status()

            def listed(visit: str) -> None:
                client.get(f"/v1/visits/{visit}/candidates").raise_for_status()

            _, first = _first(lambda: preview(*moves[0]))
            print(f"preview over HTTP: the first after a change or in a new minute {first}")
            print(f"preview over HTTP: {waited([lambda move=one: preview(*move) for one in moves[1:]])}")  # type: ignore[misc]
            _, first = _first(lambda: listed(moves[0][0]))
            print(f"candidates over HTTP: the first after a change or in a new minute {first}")
            lists = waited([lambda visit=one: listed(visit) for one, _ in moves[1:]])  # type: ignore[misc]
            print(f"candidates over HTTP, five engineers: {lists}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
