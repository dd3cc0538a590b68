"""Solving in processes of their own: the worker stays free to say that it is alive, and can end one at any moment."""

from __future__ import annotations

import multiprocessing
import os
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Any, Generic

from api.executor import TELL_EVERY_S, Broken, Job, Made, Make
from kernel.clock import Stopwatch
from kernel.errors import Refusal, Refused


@dataclass(frozen=True, slots=True)
class OwnProcesses:
    """The executor of one machine: a new process for every job, so that each can be ended and gives its memory back.

    Args:
        at_once: processes at one time, where many jobs are asked for together.
    """

    at_once: int = field(default_factory=lambda: os.cpu_count() or 1)

    def submit(self, job: Job, make: Make[Job, Made], *, every_s: float = TELL_EVERY_S) -> OwnProcess[Made]:
        """Begin a job by `make`, which must be a function of a module."""
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=_child, args=(theirs, job, every_s, make), daemon=True)
        process.start()
        theirs.close()
        return OwnProcess(process, ours)


@dataclass
class OwnProcess(Generic[Made]):
    """A job in a process of its own; see `api.executor.Task`."""

    process: SpawnProcess
    child: Connection
    _said: Mapping[str, Any] = field(default_factory=dict)

    def result(self, *, wait_s: float) -> Made | None:
        """Wait for what was made. A defect's trace was written to standard error by the process."""
        watch = Stopwatch()
        try:
            while self.child.poll(max(0.0, wait_s - watch.seconds)):
                match said := self.child.recv():
                    case Refusal() | Refused() | Broken():
                        raise said
                    case dict():
                        self._said = said
                    case _:
                        made: Made = said
                        return made
        except (EOFError, ConnectionError):
            self.process.join()
            raise Refusal("run.process_died", exit_code=self.process.exitcode or 0) from None
        return None

    def progress(self) -> Mapping[str, Any]:
        """How far it is."""
        return self._said

    def stop(self) -> None:
        """Ask it to end with what it has found."""
        self.child.send("stop")

    def cancel(self) -> None:
        """End the process."""
        self.child.close()
        self.process.kill()
        self.process.join()
        self.process.close()


def _child(parent: Connection, job: Any, every_s: float, make: Make[Any, Any]) -> None:
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
        made = make(job, tell)
    except (Refusal, Refused) as refusal:
        made = refusal
    except MemoryError:
        raise  # as if the system had ended it: perhaps there is room the next time
    except Exception as error:  # noqa: BLE001 told to the worker, who ends the run by it
        traceback.print_exc()
        made = Broken.by(error)
    parent.send(made)
