"""The worker: every run takes effect once, whatever happens to the one that had it."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from api.apart import solve_apart
from api.usecases.asking import ask_for_plan
from api.usecases.importing import import_into
from api.usecases.plan_run import Ask, Job, Made, make_plan
from api.worker import Worker
from kernel.envelope import Envelope
from kernel.errors import Refusal
from storage.database import Database, open_database
from storage.dataset.read import read
from storage.plans import document_of, page
from storage.runs import Run, ask_to_stop, find, take
from storage.tables.run import RunState
from tests.api.work.victim import AT, made
from tests.conftest import ROOT
from tests.dataset_builder import tiny

Report = Callable[[Mapping[str, Any]], bool]
A_LITTLE = Ask(None, 1, 50, None)


class Later:
    """A clock that was put forward."""

    def __init__(self, seconds: float = 0) -> None:
        self.moment = AT + timedelta(seconds=seconds)

    def now(self) -> Any:
        """The moment."""
        return self.moment


@pytest.fixture
def queue(url: str, tmp_path: Path) -> Iterator[Database]:
    """A database with the tiny region."""
    opened = open_database(url)
    reading = read(tiny(tmp_path / "tiny"))
    assert reading.region is not None
    import_into(opened, reading.region, digest=reading.digest, now=None)
    yield opened
    opened.close()


def asked(queue: Database, run: str, ask: Ask = A_LITTLE) -> None:
    """Ask for a plan."""
    ask_for_plan(queue, Envelope("dispatcher", "desk", AT, run, "R1"), run, ask)


def plans(queue: Database) -> list[str]:
    """The plans there are."""
    with queue.reading() as connection:
        return [plan.id for plan in page(connection, "R1", most=100)]


def state(queue: Database, run: str) -> RunState:
    """Where a run stands."""
    with queue.reading() as connection:
        return find(connection, "R1", run).state


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


@pytest.mark.parametrize("steps", [0, 1, 2, 5, 9])
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

    Worker(queue, "sleeper", solve=sleeps, clock=Later(), said=lambda code, **_: said.append(code)).once()

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
    assert (run.state, run.error_code) == (RunState.FAILED, "budget.negative")
    assert plans(queue) == []


def test_a_run_that_breaks_the_program_ends_and_leaves_the_worker_alive(queue: Database) -> None:
    """Otherwise one poisonous run takes worker after worker with it."""
    asked(queue, "run-1")

    def broken(*_: object) -> Made:
        raise ValueError("cannot be")

    ended = Worker(queue, "w-1", solve=broken).once()

    assert ended is not None
    assert (ended.state, ended.error_code) == (RunState.FAILED, "run.defect")


def test_a_solving_process_that_dies_ends_the_run_with_a_code(queue: Database, monkeypatch: Any) -> None:
    """Killed by the system for its memory: the worker lives on and says so."""
    asked(queue, "r-1")

    def dies(job: Job, report: Report) -> Made:
        import multiprocessing

        def kill_child(progress: Mapping[str, Any]) -> bool:
            for child in multiprocessing.active_children():
                child.kill()
            return report(progress)

        return solve_apart(job, kill_child, every_s=0.05)

    Worker(queue, "w-1", clock=Later(), solve=dies).once()

    with queue.reading() as connection:
        assert find(connection, "R1", "r-1").error_code == "run.process_died"


def test_a_stopped_run_ends_with_the_plan_it_has(queue: Database) -> None:
    """Stop means: enough; what was found is kept."""
    asked(queue, "r-1", Ask(None, 1, 10**9, None))

    def stopping(job: Job, report: Report) -> Made:
        queue.run(Envelope("d", "d", AT, "stop", "R1"), lambda work: ask_to_stop(work, "r-1"))
        return make_plan(job, report)

    ended = Worker(queue, "w-1", clock=Later(), solve=stopping, heartbeat=timedelta(0)).once()

    assert ended is not None
    assert ended.state is RunState.DONE
    assert plans(queue) == ["r-1"]


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
