"""The gate in front of the threads: a few at once, in order, and nobody slow keeps others waiting."""

from __future__ import annotations

import asyncio
import threading
from functools import partial

import pytest

from api.wire.gate import Gate
from kernel.errors import Refusal


@pytest.mark.parametrize("at_once", [1, 2])
def test_no_more_than_a_few_work_at_once_and_all_are_done(at_once: int) -> None:
    """Python runs one thread at a time: more of them only take it from each other. One at a time keeps the order."""
    gate, lock = Gate(at_once, soon_s=60), threading.Lock()
    begun: list[int] = []
    under_way: set[int] = set()
    most = 0

    def work(number: int) -> int:
        nonlocal most
        with lock:
            begun.append(number)
            under_way.add(number)
            most = max(most, len(under_way))
        with lock:
            under_way.discard(number)
        return number

    async def ask() -> list[int]:
        return await asyncio.gather(*(gate.through(partial(work, number)) for number in range(20)))

    found = asyncio.run(ask())

    assert found == list(range(20))
    assert most <= at_once
    assert begun == list(range(20)) or at_once > 1


def test_what_takes_long_lets_the_others_by() -> None:
    """A search of seconds must not stand in front of a list, however few may work at once."""
    gate, asked = Gate(1, soon_s=0.01), threading.Event()

    def search() -> bool:
        return asked.wait(timeout=30)

    async def ask() -> list[bool | None]:
        return list(await asyncio.gather(gate.through(search), gate.through(asked.set)))

    assert asyncio.run(ask()) == [True, None]


def test_a_refusal_and_a_caller_who_goes_give_their_turn_back() -> None:
    """A turn that is lost is lost for as long as the server runs."""
    gate, ended = Gate(1, soon_s=60), threading.Event()

    def refuse() -> None:
        raise Refusal("desk.unknown_ticket", ticket="T")

    async def ask() -> str:
        with pytest.raises(Refusal):
            await gate.through(refuse)
        working = asyncio.create_task(gate.through(lambda: ended.wait(timeout=30)))
        await asyncio.sleep(0)
        gone = asyncio.create_task(gate.through(lambda: "gone"))
        waits = asyncio.create_task(gate.through(lambda: "answered"))
        await asyncio.sleep(0)
        gone.cancel()
        ended.set()
        await working
        return await waits

    assert asyncio.run(ask()) == "answered"
