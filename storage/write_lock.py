"""One writer at a time, in the order they came: SQLite alone would let the unlucky wait for seconds.

Within a process in exactly that order; whose turn it is here then waits for the turn of his process (`file_turn.py`).
"""

from __future__ import annotations

import threading
from collections import deque
from weakref import WeakValueDictionary

from kernel.clock import Stopwatch
from storage.file_turn import FileTurn


class WriteLock:
    """A first-in-first-out lock. Not reentrant: a command inside a command is a mistake and says so.

    Args:
        among: the turn among processes; None: this one is alone.
    """

    def __init__(self, among: FileTurn | None = None) -> None:
        self._among = among
        self._mutex = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._owner: int | None = None

    def acquire(self, *, timeout_s: float) -> bool:
        """Wait for the turn; False when it did not come within `timeout_s` seconds."""
        watch = Stopwatch()
        if not self._here(timeout_s=timeout_s):
            return False
        if self._among is None:
            return True
        got = False
        try:
            got = self._among.acquire(timeout_s=timeout_s - watch.seconds)
        finally:
            if not got:
                self._hand_over()
        return got

    def _here(self, *, timeout_s: float) -> bool:
        """The turn within this process."""
        with self._mutex:
            if self._owner == threading.get_ident():
                raise RuntimeError("a unit of work was opened inside another one of the same thread")
            if self._owner is None:
                self._owner = threading.get_ident()
                return True
            turn = threading.Lock()
            turn.acquire()
            self._waiting.append(turn)
        try:
            got = turn.acquire(timeout=timeout_s)
        except BaseException:
            self._give_up(turn)
            raise
        with self._mutex:
            if not got and turn in self._waiting:
                self._waiting.remove(turn)
                return False
            # The turn may come between the timeout and the mutex: then it is taken.
            self._owner = threading.get_ident()
            return True

    def _give_up(self, turn: threading.Lock) -> None:
        """Leave the queue after an interrupt; a turn that has come meanwhile is handed on."""
        with self._mutex:
            if turn in self._waiting:
                self._waiting.remove(turn)
                return
        self._hand_over()

    def release(self) -> None:
        """Hand over to whoever has waited longest."""
        if self._among is not None:
            self._among.release()
        self._hand_over()

    def _hand_over(self) -> None:
        with self._mutex:
            self._owner = None
            if self._waiting:
                self._owner = -1  # kept for the one just woken, so that nobody slips in between
                self._waiting.popleft().release()


_BY_FILE: WeakValueDictionary[str, WriteLock] = WeakValueDictionary()
_REGISTER = threading.Lock()


def write_lock_of(file: str) -> WriteLock:
    """The one lock of this process for the database `file` (its absolute path)."""
    with _REGISTER:
        lock = _BY_FILE.get(file)
        if lock is None:
            lock = _BY_FILE[file] = WriteLock(FileTurn(file))
        return lock
