"""What can happen in simulated time."""

from __future__ import annotations

from enum import IntEnum


class Happening(IntEnum):
    """Kinds of events, in the order of the loop's steps."""

    DONE = 0
    ON_DUTY = 1
    OFF_DUTY = 2
    READY = 3
    GIVES_UP = 4
    DELIVERED = 5
    REPORTS = 6
    LOANER_DUE = 7
    LOANER_BACK = 8
    DESK = 9
    """The desk looks, under the policy `live`."""
    OVERRUN = 10
    """Somebody should be done and is not."""
