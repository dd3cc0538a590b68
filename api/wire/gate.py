"""How many requests are worked on at once: as many as keep the processor busy, the others wait in the order they came.

Python runs one thread at a time. Sixteen that all want to run take it from each other in the middle of their work, a
command loses it at each of its statements while the next command waits for it to commit, and everybody is slow. A
request that has not been answered soon is a search or waits for somebody else: it keeps its thread, but no longer
keeps others waiting.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import TypeVar
from weakref import WeakKeyDictionary

from api.wire.hands import Hands, cores

Found = TypeVar("Found")

AT_ONCE = {"sqlite": 3, "postgresql": 6}
"""Requests worked on at once, by kind of database: on PostgreSQL they wait for its answers half of the time."""

SOON_S = 0.05
"""Seconds after which a request that is worked on lets the next one begin."""


class Gate:
    """Lets work into threads.

    Args:
        at_once: how much is under way before others wait.
        soon_s: seconds after which what is under way counts no longer.
    """

    def __init__(self, at_once: int, *, soon_s: float = SOON_S) -> None:
        self._at_once = at_once
        self._soon_s = soon_s
        self._cores = cores()
        self._turns: WeakKeyDictionary[asyncio.AbstractEventLoop, _Turns] = WeakKeyDictionary()

    async def through(self, work: Callable[[], Found]) -> Found:
        """Do it in a thread when its turn has come."""
        loop = asyncio.get_running_loop()
        turns = self._turns.get(loop)
        if turns is None:
            turns = self._turns[loop] = _Turns(self._at_once, Hands(loop, self._cores))
        await turns.come(loop)
        turn = _Turn(turns)
        try:
            done = turns.hands.give(loop, work)
        except BaseException:
            turn.leave()
            raise

        def waits() -> None:
            turn.leave()
            turns.hands.let_go(done)

        late = loop.call_later(self._soon_s, waits)
        try:
            found: Found = await done
            return found
        finally:
            late.cancel()
            turn.leave()

    def end(self) -> None:
        """In the loop, when it ends: who was told to leave waits for his work no longer."""
        turns = self._turns.get(asyncio.get_running_loop())
        if turns is not None:
            turns.hands.end()


class _Turns:
    """Of one event loop, which is one thread."""

    def __init__(self, free: int, hands: Hands) -> None:
        self.hands = hands
        self._free = free
        self._waiting: deque[asyncio.Future[None]] = deque()

    async def come(self, loop: asyncio.AbstractEventLoop) -> None:
        """Wait for a turn, behind those who wait already."""
        if self._free > 0:
            self._free -= 1
            return
        mine = loop.create_future()
        self._waiting.append(mine)
        try:
            await mine
        except asyncio.CancelledError:
            if not mine.cancelled():  # it had come meanwhile
                self.leave()
            raise

    def leave(self) -> None:
        """Hand a turn to whoever has waited longest."""
        while self._waiting:
            following = self._waiting.popleft()
            if not following.done():
                following.set_result(None)
                return
        self._free += 1


class _Turn:
    """Left once, by whoever is first: the end of the work or the clock."""

    def __init__(self, turns: _Turns) -> None:
        self._turns: _Turns | None = turns

    def leave(self) -> None:
        """Let the next one in."""
        turns, self._turns = self._turns, None
        if turns is not None:
            turns.leave()
