"""Reviews of the stock that were made, and what lies in excess or ends: who reads on in a list reads the same one, until the region is changed.

A review of thousands of parts takes seconds and a page of it is a hundred lines: made anew for every page it would be slow, and
a cursor would go on in another list than the one it was given for.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Protocol, TypeVar

from api.usecases.at_once import AtOnce
from dispatch.region import Settings
from inventory.replenish.reorder import Proposal

KEPT = 6
"""Reviews kept; one of ten thousand lines is some tens of megabytes."""

LASTS = timedelta(minutes=5)
"""How long one is shown: what is late or breaks a need depends on the moment."""


class Dated(Protocol):
    """Something that was made at a moment."""

    @property
    def at(self) -> datetime:
        """The moment, aware."""


Made = TypeVar("Made", bound=Dated)


class Review(NamedTuple):
    """A review: made at a moment of a region with these settings, what breaks first first."""

    at: datetime
    settings: Settings
    found: tuple[Proposal, ...]


@dataclass
class Reviews:
    """The last reviews; safe to share between threads."""

    _kept: OrderedDict[Hashable, Any] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _at_once: AtOnce = field(default_factory=AtOnce)

    def of(self, key: Hashable, compute: Callable[[], Made], *, now: datetime) -> Made:
        """Give the review that was made under this key in the last minutes, else make it; several who ask wait for one.

        Args:
            key: everything it depends on, but the moment: the region, its revision, what is asked; one kind of thing under each.
            compute: makes it at `now`; called without anything held.
            now: the moment it is asked for, aware.
        """
        with self._lock:
            known: Made | None = self._kept.get(key)
            if known is not None and timedelta(0) <= now - known.at < LASTS:
                self._kept.move_to_end(key)
                return known
        made = self._at_once.of(key, compute)
        with self._lock:
            self._kept[key] = made
            self._kept.move_to_end(key)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return made
