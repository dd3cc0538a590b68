"""Counts of requests that run out by themselves: in memory, and in the same memory where several processes count together."""

from __future__ import annotations

import math
import mmap
import os
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from struct import Struct

from limits.storage import MemoryStorage

from api.together import Turn
from kernel.clock import SystemClock

_SLOT = Struct("<16sdq")
"""Of one count: digest of its name, moment it runs out at, how much."""

SLOTS = 32_768
"""Counts kept at most: two of each caller, this minute's and that of the last one."""

LOOKED_AT = 16
"""Slots in which a count may stand; when all are taken by others, the smallest of them gives way."""


class Counts(MemoryStorage):
    """What the library of limits counts in; `alone` is around everything that is asked of it.

    Args:
        within: folder of the processes that count together; None: this one counts for itself.
    """

    def __init__(self, within: Path | None = None) -> None:
        super().__init__()
        self._turn = Turn("allowed-turn", within=within)
        size = SLOTS * _SLOT.size
        if within is None:
            self._slots = mmap.mmap(-1, size)
            return
        file = os.open(within / "allowed", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            with self.alone():
                os.truncate(file, size)
                self._slots = mmap.mmap(file, size)
        finally:
            os.close(file)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Nobody else counts meanwhile: what is read is still so when it is written."""
        with self._turn.taken():
            yield

    def acquire_sliding_window_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Count `amount` where this window's count and what still reaches in of the last one leave room: as the library does it.

        Nobody else counts meanwhile (`alone`), so each count is looked for once.
        """
        now = _now()
        last, mine = (_name(one) for one in self.sliding_window_keys(key, expiry, now))
        (_, before), (at, count) = self._at(last, now), self._at(mine, now)
        reaches_in = 1 - (now / expiry) % 1
        if math.floor(before * reaches_in + count) + amount > limit:
            return False
        if count:
            _, ends, _ = _SLOT.unpack_from(self._slots, at)
        else:
            at, ends = self._free(mine, now), now + 2 * expiry
        _SLOT.pack_into(self._slots, at, mine, ends, count + amount)
        return True

    def get(self, key: str) -> int:
        """How much is counted under a name."""
        _, found = self._found(key)
        return found

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Add to a count that is forgotten when `expiry` seconds have passed since its first; gives the sum."""
        at, found = self._found(key)
        if not found:
            now = _now()
            at, ends = self._free(_name(key), now), now + expiry
        else:
            _, ends, _ = _SLOT.unpack_from(self._slots, at)
        _SLOT.pack_into(self._slots, at, _name(key), ends, found + amount)
        return found + amount

    def decr(self, key: str, amount: int = 1) -> int:
        """Take from a count; never below nothing."""
        at, found = self._found(key)
        left = max(0, found - amount)
        if left:
            name, ends, _ = _SLOT.unpack_from(self._slots, at)
            _SLOT.pack_into(self._slots, at, name, ends, left)
        else:
            self.clear(key)  # a place that counts nothing is nobody's
        return left

    def clear(self, key: str) -> None:
        """Forget a count."""
        at, found = self._found(key)
        if found:
            _SLOT.pack_into(self._slots, at, bytes(16), 0.0, 0)

    def _found(self, key: str) -> tuple[int, int]:
        """Where a count stands and how much it is; nothing where it is not there or has run out."""
        return self._at(_name(key), _now())

    def _at(self, name: bytes, now: float) -> tuple[int, int]:
        for at in _places(name):
            kept, ends, count = _SLOT.unpack_from(self._slots, at)
            if kept == name and ends > now:
                return at, count
        return 0, 0

    def _free(self, name: bytes, now: float) -> int:
        """The place for a new count: one nobody needs, else that of the smallest."""
        smallest, least = 0, -1
        for at in _places(name):
            _, ends, count = _SLOT.unpack_from(self._slots, at)
            if ends <= now:
                return at
            if least < 0 or count < least:
                smallest, least = at, count
        return smallest


def _name(key: str) -> bytes:
    return blake2b(key.encode(), digest_size=16).digest()


def _places(name: bytes) -> Iterator[int]:
    first = int.from_bytes(name[:4], "little")
    return (((first + more) % SLOTS) * _SLOT.size for more in range(LOOKED_AT))


def _now() -> float:
    return SystemClock().now().timestamp()
