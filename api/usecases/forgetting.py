"""What is kept no longer than the settings say, forgotten once a day by whoever works all the time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from kernel.clock import Clock, SystemClock
from kernel.envelope import NO_REGION, Envelope
from kernel.errors import Refusal
from storage.database import Database
from storage.people.retention import Kept, forget_old, forget_replies

EVERY = timedelta(days=1)
"""Chosen: what is kept by days need not go by hours."""

AGAIN = timedelta(hours=1)
"""Chosen: after a refusal it is not tried at every look for work."""


@dataclass
class Forgetting:
    """Forgets for every region of a database; several at it on several machines do no more than one.

    Args:
        database: open.
        kept: how long what is kept.
        drawn: gives a key nobody has used.
        clock: says the time.
        refused: told where it could not be done.
    """

    database: Database
    kept: Kept
    drawn: Callable[[], str]
    clock: Clock = field(default_factory=SystemClock)
    refused: Callable[[Refusal], None] = lambda _: None
    _next: datetime | None = None

    def when_due(self) -> None:
        """Forget where a day has passed since the last time, or nobody knows of one.

        What the database refuses is told, and tried again after `AGAIN`: nobody's work waits for it.
        """
        now = self.clock.now()
        if self._next is not None and self._next - EVERY <= now < self._next:
            return
        try:
            self.now()
        except Refusal as refusal:
            self.refused(refusal)
            self._next = now + AGAIN
        else:
            self._next = now + EVERY

    def now(self) -> dict[str, int]:
        """Forget; gives rows by table.

        Raises:
            Refusal: those of the database.
        """
        done = self.database.run(self._envelope(), partial(forget_old, kept=self.kept))
        before = self.clock.now() - self.kept.replies
        done["idempotency_key"] = 0
        while gone := self.database.run(self._envelope(), partial(forget_replies, before=before)):
            done["idempotency_key"] += gone
        return done

    def _envelope(self) -> Envelope:
        return Envelope("retention", "forget", self.clock.now(), self.drawn(), NO_REGION)
