"""Heavy computing behind one port: submit a job, follow it, get its result, cancel it; where it runs is a setting."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol, Self, TypeVar

from api.usecases.plan_run import Report

Job = TypeVar("Job")
Made = TypeVar("Made")
Made_co = TypeVar("Made_co", covariant=True)

Make = Callable[[Job, Report], Made]
"""Does a job, telling now and then how far it is: a function of a module; job and result travel between processes."""

TELL_EVERY_S = 1.0


class Broken(Exception):
    """Solving ended by a defect of the program; `kind` and `detail` are those of the error."""

    def __init__(self, kind: str, detail: str) -> None:
        """Keep what can travel between processes."""
        super().__init__(kind, detail)
        self.kind = kind
        self.detail = detail

    @classmethod
    def by(cls, error: Exception) -> Self:
        """The defect that raised `error`."""
        return cls(type(error).__name__, str(error)[:120])


class Task(Protocol[Made_co]):
    """A job that was submitted."""

    def result(self, *, wait_s: float) -> Made_co | None:
        """Give what was made; None when it takes longer than `wait_s` seconds.

        Raises:
            Refusal: what solving refuses; ``run.process_died`` when it ended without a word.
            Refused: several refusals at once, as solving raised them.
            Broken: solving raised anything else.
        """

    def progress(self) -> Mapping[str, Any]:
        """How far it is, as it said last."""

    def stop(self) -> None:
        """Ask it to end with what it has found."""

    def cancel(self) -> None:
        """End it; nobody wants its result. Also what ends the following of a task that has ended."""


class Executor(Protocol):
    """Somewhere jobs are solved."""

    @property
    def at_once(self) -> int:
        """How many jobs it works on at one time."""

    def submit(self, job: Job, make: Make[Job, Made], *, every_s: float = TELL_EVERY_S) -> Task[Made]:
        """Begin a job; it says how far it is every `every_s` seconds."""


def solve_by(
    executor: Executor, job: Job, report: Report, *, make: Make[Job, Made], every_s: float = TELL_EVERY_S
) -> Made:
    """Solve a job somewhere else; `report` is called here, every `every_s` seconds, and what it raises cancels the job.

    Raises:
        Refusal, Refused, Broken: as `Task.result`.
    """
    task = executor.submit(job, make, every_s=every_s)
    asked_to_stop = False
    try:
        while (made := task.result(wait_s=every_s)) is None:
            if not report(task.progress()) and not asked_to_stop:
                asked_to_stop = True
                task.stop()
        return made
    finally:
        task.cancel()


def solve_all(executor: Executor, jobs: Sequence[Job], make: Make[Job, Made]) -> tuple[Made, ...]:
    """Solve many jobs, as many at once as the executor takes; results stand in the order of the jobs.

    Raises:
        Refusal, Refused, Broken: of the first job, in that order, that raised; the others run to their end.
    """
    with ThreadPoolExecutor(max(1, min(executor.at_once, len(jobs)))) as following:
        waiting = [following.submit(solve_by, executor, job, lambda _: True, make=make) for job in jobs]
        return tuple(one.result() for one in waiting)
