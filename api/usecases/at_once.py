"""Reports that take long: asked for by many at the same moment, computed once for all of them.

Nothing is kept: who asks when the answer is out has it computed anew. Only who asks the same of the same state of a region
waits for another's answer, so nobody is shown less than he could have read himself.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, TypeVar

Answer = TypeVar("Answer")


@dataclass
class AtOnce:
    """What is being computed now; safe to share between threads. `shared`: how often another's answer was waited for."""

    shared: int = 0
    _under_way: dict[Hashable, Future[Any]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def of(self, key: Hashable, compute: Callable[[], Answer]) -> Answer:
        """Give the answer another is computing under this key, else compute it; a refusal is everybody's too.

        Args:
            key: everything the answer depends on, but the moment: the region, its revision, what is asked.
            compute: called without anything held.
        """
        with self._lock:
            theirs = self._under_way.get(key)
            if theirs is None:
                mine: Future[Answer] = Future()
                self._under_way[key] = mine
            else:
                self.shared += 1
        if theirs is not None:
            found: Answer = theirs.result()
            return found
        try:
            answer = compute()
        except BaseException as error:
            self._gone(key)
            mine.set_exception(error)
            raise
        self._gone(key)
        mine.set_result(answer)
        return answer

    def _gone(self, key: Hashable) -> None:
        with self._lock:
            del self._under_way[key]
