"""Solving in a process of its own: the worker stays free to say that it is alive, and can end it at any moment."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Mapping
from multiprocessing.connection import Connection
from typing import Any

from api.usecases.plan_run import Job, Made, Report, make_plan
from kernel.clock import Stopwatch
from kernel.errors import Refusal

Solve = Callable[[Job, Report], Made]
"""Solves a job, telling now and then how far it is."""

TELL_EVERY_S = 1.0


def solve_apart(job: Job, report: Report, *, every_s: float = TELL_EVERY_S) -> Made:
    """Solve in a new process; `report` is called in this one, at least every `every_s` seconds.

    Whatever `report` raises ends the process.

    Raises:
        Refusal: what solving refuses; ``run.process_died`` when the process ended without a word.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_child, args=(theirs, job, every_s), daemon=True)
    process.start()
    theirs.close()
    try:
        return _followed(ours, report, every_s)
    except (EOFError, ConnectionError):
        process.join()
        raise Refusal("run.process_died", code=process.exitcode or 0) from None
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
                case Refusal():
                    raise said
                case dict():
                    progress = said
        if watch.seconds >= every_s:
            watch = Stopwatch()
            if not report(progress) and not asked_to_stop:
                asked_to_stop = True
                child.send("stop")


def _child(parent: Connection, job: Job, every_s: float) -> None:
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
        made: Made | Refusal = make_plan(job, tell)
    except Refusal as refusal:
        made = refusal
    parent.send(made)
