"""Threads that do what an event loop hands them."""

from __future__ import annotations

import asyncio
import gc
import os
import sys
import threading
import time
from contextlib import suppress
from contextvars import ContextVar

import pytest

from api.wire import hands
from api.wire.gate import Gate
from api.wire.hands import Hands

WHO: ContextVar[str] = ContextVar("who")


def waited(fact: object) -> None:
    """Wait until it is so."""
    for _ in range(500):
        if callable(fact) and fact():
            return
        time.sleep(0.01)
    raise AssertionError("it never was")


def test_work_is_done_in_the_context_of_who_asks() -> None:
    """A line logged by a thread names the request it belongs to."""

    async def ask(name: str) -> str:
        WHO.set(name)
        return await gate.through(WHO.get)

    async def several() -> list[str]:
        return await asyncio.gather(*(ask(f"r-{number}") for number in range(10)))

    gate = Gate(3)

    assert asyncio.run(several()) == [f"r-{number}" for number in range(10)]


def test_who_is_cancelled_leaves_when_his_work_is_done() -> None:
    """Work in a thread goes on: the turn it holds is not given to the next meanwhile."""
    begun, ends, done = threading.Event(), threading.Event(), threading.Event()

    def work() -> None:
        begun.set()
        ends.wait(timeout=30)
        done.set()

    async def ask() -> bool:
        working = asyncio.create_task(Gate(1, soon_s=60).through(work))
        await asyncio.to_thread(begun.wait, 30)
        working.cancel()
        await asyncio.sleep(0.05)
        early = working.done()
        ends.set()
        with pytest.raises(asyncio.CancelledError):
            await working
        return early

    assert asyncio.run(ask()) is False
    assert done.is_set()


def test_no_more_threads_than_there_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever comes when all are at work waits, and all are done."""
    monkeypatch.setattr(hands, "MOST", 2)
    at_work: list[int] = []
    most: list[int] = []
    lock = threading.Lock()

    def work() -> None:
        with lock:
            at_work.append(1)
            most.append(len(at_work))
        time.sleep(0.01)
        with lock:
            at_work.pop()

    async def ask() -> None:
        gate = Gate(20)
        await asyncio.gather(*(gate.through(work) for _ in range(12)))

    asyncio.run(ask())

    assert len(most) == 12
    assert max(most) <= 2


def test_where_the_system_gives_no_thread_nothing_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without any it is a defect, told at once; the turn is not lost, and later work does not wait for a thread that never was."""
    gives = [False, False, True, False]
    start = threading.Thread.start

    def started(one: threading.Thread) -> None:
        if one.name == "hand" and not gives.pop(0):
            raise RuntimeError("can't start new thread")
        start(one)

    together = threading.Barrier(2)

    def work() -> str:
        with suppress(threading.BrokenBarrierError):
            together.wait(0.05)  # where there is one thread they go one after the other
        return "done"

    async def ask() -> list[str]:
        gate = Gate(2)
        for _ in range(2):
            with pytest.raises(RuntimeError, match="new thread"):
                await gate.through(str)
        both = (gate.through(work) for _ in range(2))
        return await asyncio.wait_for(asyncio.gather(*both), 5)

    monkeypatch.setattr(threading.Thread, "start", started)
    assert asyncio.run(ask()) == ["done", "done"]
    assert gives == []


def test_threads_end_with_their_loop() -> None:
    """A program that makes many loops keeps no threads of those that are gone."""

    async def ask() -> threading.Thread:
        return await Gate(3).through(threading.current_thread)

    before = threading.enumerate()  # not their numbers: those of one that has ended are given again
    ours = asyncio.run(ask())
    gc.collect()

    assert ours not in before
    waited(lambda: not ours.is_alive())


def test_an_iteration_that_ends_is_told_as_a_defect() -> None:
    """Told as itself it would mean to who waits that nothing was said, and he would wait for ever."""

    def work() -> None:
        next(iter(()))

    with pytest.raises(RuntimeError, match="StopIteration"):
        asyncio.run(Gate(1).through(work))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="cores are kept to on Linux")
def test_work_that_takes_long_goes_to_any_core_and_its_thread_back_to_its_own() -> None:
    """A search of seconds does not take the one core the others of its process work on, nor do threads it began at once."""
    everywhere = frozenset(os.sched_getaffinity(0))
    if len(everywhere) < 2:
        pytest.skip("one core")
    own, begun, ends = {min(everywhere)}, threading.Barrier(3), threading.Event()
    long: list[set[int]] = []

    def look() -> None:
        begun.wait(timeout=30)
        ends.wait(timeout=30)
        long.append(os.sched_getaffinity(0))

    def search() -> None:
        beside = threading.Thread(target=look)
        beside.start()
        look()
        beside.join()

    async def ask() -> set[int]:
        loop = asyncio.get_running_loop()
        threads = Hands(loop, everywhere)
        done = threads.give(loop, search)
        await asyncio.to_thread(begun.wait, 30)
        threads.let_go(done)
        ends.set()
        await done
        return set(await threads.give(loop, lambda: os.sched_getaffinity(0)))

    os.sched_setaffinity(0, own)
    try:
        after = asyncio.run(ask())
    finally:
        os.sched_setaffinity(0, everywhere)

    assert long == [set(everywhere)] * 2
    assert after == own


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="cores are kept to on Linux")
def test_a_core_that_was_taken_away_ends_neither_work_nor_its_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who runs a container may give it other cores while it runs: what keeps to one that is gone goes on elsewhere."""
    begun, ends = threading.Event(), threading.Event()

    def gone(thread: int, _: object) -> None:
        if thread == 0:
            raise OSError(22, "Invalid argument")

    def search() -> str:
        begun.set()
        ends.wait(timeout=30)
        return "found"

    async def ask() -> list[str]:
        loop = asyncio.get_running_loop()
        threads = Hands(loop, frozenset({1_000_000}))
        done = threads.give(loop, search)
        await asyncio.to_thread(begun.wait, 30)
        threads.let_go(done)
        ends.set()
        return [await asyncio.wait_for(one, 5) for one in (done, threads.give(loop, lambda: "next"))]

    monkeypatch.setattr(os, "sched_setaffinity", gone)
    assert asyncio.run(ask()) == ["found", "next"]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="cores are kept to on Linux")
def test_a_process_begins_also_where_its_core_is_gone() -> None:
    """It would end, and be begun again, for ever."""
    before = os.sched_getaffinity(0)

    hands.keep_to(1_000)

    assert os.sched_getaffinity(0) == before
