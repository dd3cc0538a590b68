"""The worker: every run takes effect once, whatever happens to the one that had it."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from api.apart import OwnProcesses
from api.executor import solve_by
from api.usecases.asking import ask_for_plan
from api.usecases.plan_run import Ask, Job, Made, make_plan
from api.worker import LANES, Worker
from kernel.clock import Stopwatch
from kernel.envelope import Envelope
from kernel.errors import Message, Refusal, Refused
from storage.database import Database, open_database
from storage.plans import document_of, page
from storage.runs import LEASE, Run, ask, ask_to_stop, find, take
from storage.tables.run import RunState
from tests.api.work.victim import AT, made
from tests.conftest import ROOT
from tests.databases import Make

Report = Callable[[Mapping[str, Any]], bool]
SOON = timedelta(milliseconds=5)
A_LITTLE = Ask(None, 1, 50, None)


class Later:
    """A clock that was put forward."""

    def __init__(self, seconds: float = 0) -> None:
        self.moment = AT + timedelta(seconds=seconds)

    def now(self) -> Any:
        """The moment."""
        return self.moment


@pytest.fixture
def url(make_tiny: Make) -> str:
    """The address of a database with the tiny region."""
    return make_tiny()


@pytest.fixture
def queue(url: str) -> Iterator[Database]:
    """A database with the tiny region."""
    opened = open_database(url)
    yield opened
    opened.close()


def asked(queue: Database, run: str, ask: Ask = A_LITTLE) -> None:
    """Ask for a plan."""
    ask_for_plan(queue, Envelope("dispatcher", "desk", AT, run, "R1"), run, ask)


def plans(queue: Database) -> list[str]:
    """The plans there are."""
    with queue.reading() as connection:
        return [plan.id for plan in page(connection, "R1", most=100)[0]]


def run_of(queue: Database, run: str) -> Run:
    """A run as it stands."""
    with queue.reading() as connection:
        return find(connection, "R1", run)


def state(queue: Database, run: str) -> RunState:
    """Where a run stands."""
    return run_of(queue, run).state


def quick(_job: Job, report: Report) -> Made:
    """Solve at once."""
    report({})
    return made("other")


def test_a_run_becomes_the_plan_the_command_line_would_write(queue: Database) -> None:
    """A process of its own, the same bytes: no second way to plan."""
    asked(queue, "r-1")

    ended = Worker(queue, "w-1", clock=Later()).once()

    assert ended is not None
    assert ended.state is RunState.DONE
    with queue.reading() as connection:
        document = document_of(connection, "R1", "r-1")
        from storage.rows.region import load_stored

        stored = load_stored(connection, "R1")
    assert document == make_plan(Job(stored.region, stored.digest, A_LITTLE), lambda _: True).document


def test_asking_twice_with_one_key_is_one_run(queue: Database) -> None:
    """The answer was lost on the way; the work is not done twice."""
    asked(queue, "r-1")
    asked(queue, "r-1")

    worker = Worker(queue, "w-1", solve=quick, clock=Later())

    assert worker.once() is not None
    assert worker.once() is None
    with pytest.raises(Refusal, match=r"database\.key_reused"):
        asked(queue, "r-1", Ask(None, 2, 50, None))


@pytest.mark.parametrize(
    # each moment is a process of its own that starts, is killed, and starts again
    "steps",
    [0, *(pytest.param(steps, marks=pytest.mark.slow) for steps in (1, 2, 5, 9))],
)
def test_a_worker_killed_at_any_moment_leaves_a_run_that_takes_effect_once(
    queue: Database, url: str, steps: int
) -> None:
    """Kill -9 before, during and after heartbeats; the next worker finishes what is left, and nothing twice."""
    for number in range(3):
        asked(queue, f"r-{number}")
    victim = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("victim.py")), url, "4"],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
    )
    assert victim.stdout is not None
    for _ in range(steps + 1):
        victim.stdout.readline()

    victim.kill()
    victim.wait()
    victim.stdout.close()

    other = Worker(queue, "other", solve=quick, clock=Later(45))
    while other.once() is not None:
        pass
    assert sorted(plans(queue)) == ["r-0", "r-1", "r-2"]
    assert {state(queue, f"r-{number}") for number in range(3)} == {RunState.DONE}
    with queue.reading() as connection:
        for number in range(3):
            run = find(connection, "R1", f"r-{number}")
            by_victim = document_of(connection, "R1", run.id) == "victim"
            assert (run.worker == "victim") == by_victim


def test_a_worker_that_slept_through_its_lease_writes_nothing(queue: Database) -> None:
    """The other one's plan stands; the sleeper hears that it has lost the run."""
    asked(queue, "r-1")
    said: list[str] = []

    def sleeps(_job: Job, _report: Report) -> Made:
        Worker(queue, "other", solve=quick, clock=Later(45)).once()
        return made("sleeper")

    Worker(queue, "sleeper", solve=sleeps, clock=Later(), said=lambda code, /, **_: said.append(code)).once()

    with queue.reading() as connection:
        assert document_of(connection, "R1", "r-1") == "other"
    assert "run.lease_lost" in said


def test_a_worker_asked_to_leave_gives_its_run_back(queue: Database) -> None:
    """SIGTERM in the middle of a search: somebody else takes it at once, and no attempt is counted."""
    asked(queue, "r-1")
    worker = Worker(queue, "w-1", clock=Later())

    def told_to_leave(_job: Job, report: Report) -> Made:
        worker.leave()
        report({})
        raise AssertionError("a report ends it")

    worker.solve = told_to_leave
    worker.once()

    assert state(queue, "r-1") is RunState.WAITING
    again = queue.run(Envelope("w", "w", AT, "k", "none"), lambda work: take(work, worker="w-2"))
    assert isinstance(again, Run)
    assert again.attempts == 1


def test_a_refused_plan_ends_its_run_with_the_code(queue: Database) -> None:
    """What cannot be planned is not tried for ever; who asked reads why."""
    asked(queue, "r-1", Ask(None, 1, -5, None))

    Worker(queue, "w-1", clock=Later(), solve=make_plan).once()

    with queue.reading() as connection:
        run = find(connection, "R1", "r-1")
    assert (run.state, [error.code for error in run.errors]) == (RunState.FAILED, ["budget.negative"])
    assert plans(queue) == []


def test_a_run_that_breaks_the_program_ends_and_leaves_the_worker_alive(queue: Database) -> None:
    """Otherwise one poisonous run takes worker after worker with it."""
    asked(queue, "run-1")

    def broken(*_: object) -> Made:
        raise ValueError("cannot be")

    ended = Worker(queue, "w-1", solve=broken).once()

    assert ended is not None
    assert (ended.state, [error.code for error in ended.errors]) == (RunState.FAILED, ["run.defect"])


def test_a_solving_process_that_dies_is_tried_again_and_given_up_in_the_end(queue: Database) -> None:
    """Killed by the system for its memory: the worker lives on, and tries the run as often as it may."""
    asked(queue, "r-1")
    said: list[str] = []

    def dies(job: Job, report: Report) -> Made:
        import multiprocessing

        def kill_child(progress: Mapping[str, Any]) -> bool:
            for child in multiprocessing.active_children():
                child.kill()
            return report(progress)

        return solve_by(OwnProcesses(), job, kill_child, make=make_plan, every_s=0.05)

    worker = Worker(queue, "w-1", clock=Later(), solve=dies, said=lambda code, /, **_: said.append(code))
    states = []
    while (run := worker.once()) is not None:
        states.append(run.state)

    assert states == [RunState.WAITING] * 4 + [RunState.FAILED]
    assert [error.code for error in run_of(queue, "r-1").errors] == ["run.process_died"]
    assert said.count("run.process_died") == 5


def test_what_the_solving_process_refuses_reaches_the_run_whole(queue: Database) -> None:
    """Several refusals at once are several reasons, each with its code and values, not a process that died."""
    asked(queue, "r-1")

    Worker(queue, "w-1", clock=Later(), solve=partial(solve_by, OwnProcesses(), make=refuses_twice)).once()

    run = run_of(queue, "r-1")
    assert run.state is RunState.FAILED
    assert run.errors == (Message("test.one", {"row": 1}), Message("test.two", {"row": 2}))


def test_a_defect_in_the_solving_process_ends_the_run_as_one(queue: Database) -> None:
    """It would break the same way every time; nobody waits for four more attempts."""
    asked(queue, "r-1")

    Worker(queue, "w-1", clock=Later(), solve=partial(solve_by, OwnProcesses(), make=breaks)).once()

    values = {"run": "r-1", "kind": "ValueError", "detail": "cannot be"}
    assert run_of(queue, "r-1").errors == (Message("run.defect", values),)


def test_a_worker_is_heard_while_it_loads_longer_than_its_lease(queue: Database) -> None:
    """A big region on a slow disk: nobody else takes the run meanwhile, and it ends at its first attempt."""
    asked(queue, "r-1")
    clock, steps = Later(), iter((20, 40, 60))
    others: list[Run | None] = []

    def slow(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if "FROM site" not in statement:
            return
        for step in steps:
            clock.moment = AT + timedelta(seconds=step)
            until_heard(queue, clock.moment)
            others.append(Worker(queue, "other", solve=quick, clock=clock).once())

    event.listen(queue.engine, "before_cursor_execute", slow)
    ended = Worker(queue, "w-1", solve=quick, clock=clock, heartbeat=SOON).once()

    assert others == [None, None, None]
    assert ended is not None
    assert (ended.state, ended.attempts, ended.worker) == (RunState.DONE, 1, "w-1")


def test_a_worker_is_heard_when_its_clock_is_put_back(queue: Database) -> None:
    """A clock set right by an hour must not still the heartbeat for an hour."""
    asked(queue, "r-1")
    clock = Later(3600)

    def solve(_job: Job, report: Report) -> Made:
        report({"work": 7})
        clock.moment = AT
        until_heard(queue, AT)
        return made("w-1")

    ended = Worker(queue, "w-1", solve=solve, clock=clock, heartbeat=SOON).once()

    assert ended is not None
    assert (ended.state, ended.heartbeat_at, ended.progress) == (RunState.DONE, AT, {"work": 7})


def until_heard(queue: Database, at: datetime) -> None:
    """Come back when the worker of r-1 has said at `at` that it is alive."""
    watch = Stopwatch()
    while run_of(queue, "r-1").heartbeat_at != at:
        assert watch.seconds < 20, "no heartbeat"


def refuses_twice(_job: Job, _report: Report) -> Made:
    """A solving that finds two things wrong."""
    raise Refused([Refusal("test.one", row=1), Refusal("test.two", row=2)])


def breaks(_job: Job, _report: Report) -> Made:
    """A solving with a defect."""
    raise ValueError("cannot be")


def test_a_stopped_run_ends_with_the_plan_it_has(queue: Database) -> None:
    """Stop means: enough; what was found is kept."""
    asked(queue, "r-1", Ask(None, 1, 10**9, None))

    def stopping(job: Job, report: Report) -> Made:
        queue.run(Envelope("d", "d", AT, "stop", "R1"), lambda work: ask_to_stop(work, "r-1"))
        return make_plan(job, report)

    ended = Worker(queue, "w-1", clock=Later(), solve=stopping, heartbeat=SOON).once()

    assert ended is not None
    assert ended.state is RunState.DONE
    assert plans(queue) == ["r-1"]


@pytest.mark.slow  # starts the whole program and waits for it
def test_the_command_ends_on_sigterm(queue: Database, url: str) -> None:
    """A worker that is asked to end ends with code 0, and what it had done stands."""
    asked(queue, "r-1", Ask(None, 1, 0, None))
    program = Path(sys.executable).with_name("fieldwright")
    worker = subprocess.Popen(
        [str(program), "worker", "--database", url], cwd=ROOT, stderr=subprocess.PIPE, text=True
    )
    assert worker.stderr is not None
    said = [worker.stderr.readline() for _ in range(2)]  # taken, ended

    worker.send_signal(signal.SIGTERM)

    assert worker.wait(timeout=30) == 0
    worker.stderr.close()
    assert "done" in said[1]
    assert plans(queue) == ["r-1"]


def test_a_plan_is_made_while_a_simulation_holds_its_worker(queue: Database) -> None:
    """The service has a worker for each lane: together they take everything, and neither waits for the other's."""
    head = Envelope("E03", "test", AT, "ask", "R1")
    queue.run(head, lambda work: ask(work, "long", kind="scenario", content={}))
    ask_for_plan(queue, replace(head, key="plan"), "plan", A_LITTLE)

    plans, others = (Worker(queue, lane.value, solve=make_plan, clock=Later(), lane=lane) for lane in LANES)
    held = queue.run(
        replace(head, key="take"),
        lambda work: take(work, worker=others.name, lease=LEASE, **others.lane.kinds()),
    )
    ended = plans.once()

    assert held is not None
    assert held.id == "long"
    assert ended is not None
    assert (ended.id, ended.state) == ("plan", RunState.DONE)
    assert plans.once() is others.once() is None
