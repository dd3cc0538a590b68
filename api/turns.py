"""Turn after turn until somebody asks to leave: what the worker and the sender of messages live by."""

from __future__ import annotations

import threading
from collections.abc import Callable

from kernel.errors import Refusal
from storage.database import PASSING


def until_left(
    once: Callable[[], object], leaving: threading.Event, *, pause_s: float, waits: Callable[[Refusal], None]
) -> None:
    """Take turns until `leaving` is set; a database that is away is waited for.

    Args:
        once: one turn; what it gives says whether there was something to do.
        leaving: set by who asks to leave.
        pause_s: seconds between looks when there is nothing to do.
        waits: told of each refusal that passes by itself.

    Raises:
        Refusal: any other.
    """
    while not leaving.is_set():
        try:
            if once():
                continue
        except Refusal as refusal:
            if refusal.code not in PASSING:
                raise
            waits(refusal)
        leaving.wait(pause_s)
