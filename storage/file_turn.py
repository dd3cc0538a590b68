"""A turn among the processes of one machine that write to one SQLite file, nearly in the order they came.

SQLite has whoever finds the file taken look again now and then, and the process that has just written is the first to
look: beside a busy one another waits for seconds. Here who waits first takes the place of the next one, and nobody
overtakes him there. Two lock files stand beside the database; the system gives a turn back when its process dies,
however it dies. Where files cannot be locked, SQLite's own lock is all there is, and it is enough for every rule.
"""

from __future__ import annotations

import contextlib
import os
import time
import weakref

from kernel.clock import Stopwatch

with contextlib.suppress(ImportError):  # not every system has it
    import fcntl

LOOK_S = 0.0005
"""Seconds between two looks at a lock that is taken, at first; ten times that in the end: a command takes some ms."""


class FileTurn:
    """Held by one process at a time; within a process by one thread, which is its caller's to see to."""

    def __init__(self, file: str) -> None:
        """Of a database file; nothing is opened before the first turn."""
        self._file = file
        self._locks: tuple[int, int] | None = None
        self._tried = False

    def acquire(self, *, timeout_s: float) -> bool:
        """Wait for the turn; False when it did not come within `timeout_s` seconds."""
        locks = self._opened()
        if locks is None:
            return True
        following, writing = locks
        watch = Stopwatch()
        if not _taken(following, watch, timeout_s):
            return False
        try:
            return _taken(writing, watch, timeout_s)
        finally:
            fcntl.flock(following, fcntl.LOCK_UN)

    def release(self) -> None:
        """Give it back."""
        if self._locks is not None:
            fcntl.flock(self._locks[1], fcntl.LOCK_UN)

    def _opened(self) -> tuple[int, int] | None:
        if self._tried:
            return self._locks
        self._tried = True
        if "fcntl" not in globals():
            return None
        found: list[int] = []
        try:
            for name in ("next", "turn"):
                found.append(os.open(f"{self._file}-{name}", os.O_RDWR | os.O_CREAT, 0o666))
                _check_locks(found[-1])
        except OSError:  # a folder nobody may write to, a file system without locks
            _close(found)
            return None
        self._locks = (found[0], found[1])
        weakref.finalize(self, _close, found)
        return self._locks


def _check_locks(lock: int) -> None:
    """Find out whether this file system knows locks at all; one that is taken is one."""
    with contextlib.suppress(BlockingIOError):
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        fcntl.flock(lock, fcntl.LOCK_UN)


def _taken(lock: int, watch: Stopwatch, timeout_s: float) -> bool:
    pause_s = LOOK_S
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if watch.seconds >= timeout_s:
                return False
            time.sleep(pause_s)
            pause_s = min(10 * LOOK_S, 1.5 * pause_s)
        else:
            return True


def _close(locks: list[int]) -> None:
    for lock in locks:
        with contextlib.suppress(OSError):
            os.close(lock)
