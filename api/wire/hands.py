"""Threads that do what an event loop hands them: a hand-over is a word in a queue and a word back, and costs little more.

Each request passes from the loop to a thread and back. What a library did around that (limits, scopes of cancellation,
several futures) took longer than the hand-over itself.
"""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from contextvars import Context, copy_context
from pathlib import Path
from queue import SimpleQueue
from typing import Any
from weakref import WeakSet, finalize

MOST = 40
"""Threads of a loop: whoever comes when all are at work waits for one of them."""


class Done(asyncio.Future[Any]):
    """What a thread is at: who waits for it may be told to leave, and leaves when it is done.

    It keeps the number of the thread that is at it, and the cores that one is to go back to.
    """

    thread: int | None = None
    back_to: set[int] | None = None

    def cancel(self, msg: Any = None) -> bool:  # noqa: ARG002 as asyncio calls it
        """Work in a thread cannot be broken off."""
        return False

    def leave_alone(self) -> None:
        """Have who waits for it leave now, whatever the thread is at."""
        super().cancel()

    def tell(self, how: Callable[[Any], None], said: Any) -> None:
        """What came of it, to who waits still."""
        if not self.done():
            how(said)


_Work = tuple[asyncio.AbstractEventLoop, Done, Context, Callable[[], Any]]


class Hands:
    """The threads of one event loop; they end when it is gone.

    Args:
        loop: whose; everything here is called by it.
        cores: the machine's, as far as they are this process's; empty: the system does not say.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, cores: frozenset[int]) -> None:
        self._cores = cores
        self._waiting: SimpleQueue[_Work | None] = SimpleQueue()
        self._threads = 0
        self._free = 0
        self._under_way: WeakSet[Done] = WeakSet()
        # Numbers of the threads that keep to the loop's core: itself and these.
        self._keep = {threading.get_native_id()}
        # Not by its end alone: a loop of a test is often just left.
        finalize(loop, self._waiting.put, None)

    def give(self, loop: asyncio.AbstractEventLoop, work: Callable[[], Any]) -> Done:
        """Have it done in a thread, with the context of who asks.

        Who waits for it and is cancelled is so when it is done: nobody may take its turn before.

        Raises:
            RuntimeError: there is no thread, and the system gives none.
        """
        if self._free <= 0 and self._threads < MOST:
            self._begin()
        self._free -= 1
        done = Done(loop=loop)
        done.add_done_callback(self._back)
        self._under_way.add(done)
        self._waiting.put((loop, done, copy_context(), work))
        return done

    def _begin(self) -> None:
        one = threading.Thread(target=_at_work, args=(self._waiting, self._keep), name="hand", daemon=True)
        try:
            one.start()
        except RuntimeError:  # the system has no more threads to give: those that are there do it
            if not self._threads:
                raise
            return
        self._threads += 1
        self._free += 1

    def end(self) -> None:
        """Nobody waits any longer: the process ends, and work that is not done by then ends with it."""
        for done in list(self._under_way):
            done.leave_alone()

    def let_go(self, done: Done) -> None:
        """Work that takes long goes to whatever core is free, where the loop and its threads keep to one (`api.several`).

        So do threads it has begun meanwhile: those of a search know only the core they were begun on.
        """
        if done.thread is None or done.done() or not self._cores:
            return
        kept = _affinity(done.thread)
        if kept in (None, self._cores):
            return
        done.back_to = kept
        for thread in {done.thread} | (_threads() - self._keep):
            if _affinity(thread) == kept:
                with suppress(OSError):  # it has ended meanwhile
                    os.sched_setaffinity(thread, self._cores)

    def _back(self, _: asyncio.Future[Any]) -> None:
        self._free += 1


def _affinity(thread: int) -> set[int] | None:
    """The cores a thread may use; None: it has ended."""
    try:
        return os.sched_getaffinity(thread)
    except OSError:
        return None


def _threads() -> set[int]:
    """Numbers of this process's threads; none where the system does not say."""
    with suppress(OSError):
        return {int(one.name) for one in Path("/proc/self/task").iterdir()}
    return set()


def cores() -> frozenset[int]:
    """The cores this thread may use; empty where the system does not say."""
    return frozenset(os.sched_getaffinity(0)) if sys.platform.startswith("linux") else frozenset()


def keep_to(core: int) -> None:
    """Keep this thread, and those it begins, to a core; where that was taken from us meanwhile they stay where they may be."""
    with suppress(OSError):
        os.sched_setaffinity(0, {core})


def _at_work(waiting: SimpleQueue[_Work | None], keep: set[int]) -> None:
    me = threading.get_native_id()
    keep.add(me)
    while (given := waiting.get()) is not None:
        loop, done, context, work = given
        done.thread = me
        try:
            answer, said = done.set_result, context.run(work)
        except StopIteration as error:  # it would mean something else to who waits
            answer, said = done.set_exception, RuntimeError(f"work in a thread raised {error!r}")
        except BaseException as error:  # noqa: BLE001 it belongs to who waits
            answer, said = done.set_exception, error
        if done.back_to is not None:
            with suppress(OSError):  # its core was taken from us meanwhile: it stays where there is room
                os.sched_setaffinity(0, done.back_to)
        with suppress(RuntimeError):  # the loop was closed: nobody waits
            loop.call_soon_threadsafe(done.tell, answer, said)
        # A thread that waits for the next keeps nothing of the last, the loop least of all.
        del given, loop, done, context, work, answer, said
    waiting.put(None)  # for the others
