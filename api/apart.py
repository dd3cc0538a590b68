"""Solving in a process of its own: the worker stays free to say that it is alive, and can end it at any moment."""

from __future__ import annotations

import multiprocessing
import os
import traceback
from collections.abc import Callable, Mapping
from multiprocessing.connection import Connection
from typing import Any, Self

from api.usecases.plan_run import Job, Made, Report, make_plan
from kernel.clock import Stopwatch
from kernel.errors import Refusal, Refused

Solve = Callable[[Job, Report], Made]
"""Solves a job, telling now and then how far it is."""

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


def solve_apart(job: Job, report: Report, *, every_s: float = TELL_EVERY_S, make: Solve = make_plan) -> Made:
    """Solve in a new process by `make`; `report` is called in this one, at least every `every_s` seconds.

    Whatever `report` raises ends the process.

    Raises:
        Refusal: what solving refuses; ``run.process_died`` when the process ended without a word.
        Refused: several refusals at once, as solving raised them.
        Broken: solving raised anything else; the process wrote its trace to standard error.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_child, args=(theirs, job, every_s, make), daemon=True)
    process.start()
    theirs.close()
    try:
        return _followed(ours, report, every_s)
    except (EOFError, ConnectionError):
        process.join()
        raise Refusal("run.process_died", exit_code=process.exitcode or 0) from None
    finally:
        ours.close()
        process.kill()
        process.join()
        process.close()


def _followed(child: Connection, report: Report, every_s: float) -> Made:
    progress: Mapping[str, Any] = {}
    asked_to_stop = False
    watch = Stopwatch()
    while True:
        if child.poll(max(0.0, every_s - watch.seconds)):
            said = child.recv()
            match said:
                case Made():
                    return said
                case Refusal() | Refused() | Broken():
                    raise said
                case dict():
                    progress = said
        if watch.seconds >= every_s:
            watch = Stopwatch()
            if not report(progress) and not asked_to_stop:
                asked_to_stop = True
                child.send("stop")


def _child(parent: Connection, job: Job, every_s: float, make: Solve) -> None:
    """Run in the new process; a parent that is gone ends it."""
    watch = Stopwatch()
    stopped = False

    def tell(progress: Mapping[str, Any]) -> bool:
        nonlocal watch, stopped
        try:
            if parent.poll():
                stopped = parent.recv() == "stop"
            if watch.seconds >= every_s:
                watch = Stopwatch()
                parent.send(dict(progress))
        except (EOFError, OSError):
            os._exit(1)
        return not stopped

    try:
        made: Made | Refusal | Refused | Broken = make(job, tell)
    except (Refusal, Refused) as refusal:
        made = refusal
    except MemoryError:
        raise  # as if the system had ended it: perhaps there is room the next time
    except Exception as error:  # noqa: BLE001 told to the worker, who ends the run by it
        traceback.print_exc()
        made = Broken.by(error)
    parent.send(made)
