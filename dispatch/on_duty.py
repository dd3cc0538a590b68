"""Whether an engineer is on duty: the only time where it is anybody's business where he is."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from dispatch.crew import Absence, OnCall, Shift, on_call_shift, overtime_of, present
from kernel.interval import Interval


def duty_at(
    shifts: Iterable[Shift], on_call: Iterable[OnCall], absences: Iterable[Absence], at: datetime, /
) -> Interval | None:
    """The piece of one engineer's shift or on-call duty that holds a moment; None: he is off duty.

    A shift lasts as long as its overtime may; what an absence cuts out is no duty.

    Args:
        shifts: of one engineer.
        on_call: duties of the same.
        absences: of the same.
        at: aware.
    """
    known = tuple(absences)
    for shift in [*shifts, *map(on_call_shift, on_call)]:
        for piece in present(shift, known):
            duty = Interval(piece.start, piece.end + overtime_of(shift, piece, known))
            if at in duty:
                return duty
    return None
