"""How a deadline stands: one pure function, the same table of cases for every screen that colours by it."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

AT_RISK_S = 30 * 60
"""Less spare time than this before the due time is a risk."""
UNASSIGNED_AT_RISK_S = 2 * 3600
"""Nobody planned and less than this left is a risk."""


class DeadlineState(StrEnum):
    """How a promise stands, from calm to lost; the order of `URGENCY` says which one a visit shows."""

    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    WILL_MISS = "will_miss"
    BREACHED = "breached"
    UNASSIGNED = "unassigned"
    DONE = "done"
    DONE_LATE = "done_late"


URGENCY = (
    DeadlineState.BREACHED,
    DeadlineState.WILL_MISS,
    DeadlineState.AT_RISK,
    DeadlineState.UNASSIGNED,
    DeadlineState.ON_TRACK,
    DeadlineState.DONE_LATE,
    DeadlineState.DONE,
)
"""Most urgent first."""


def state(
    *, due_s: int | None, forecast_s: int | None, now_s: int, done_s: int | None = None
) -> DeadlineState:
    """Say how one milestone stands.

    All four are seconds on one clock, whatever its origin. A due time is kept up to and including its second.

    Args:
        due_s: when it is due; None: not promised by a time.
        forecast_s: when the plan meets it; None: nobody is planned.
        now_s: the present.
        done_s: when it was met; None: not yet.

    >>> state(due_s=7200, forecast_s=6000, now_s=0).value
    'at_risk'
    """
    if done_s is not None:
        return DeadlineState.DONE_LATE if due_s is not None and done_s > due_s else DeadlineState.DONE
    if due_s is not None and now_s > due_s:
        return DeadlineState.BREACHED
    if forecast_s is None:
        short = due_s is not None and due_s - now_s < UNASSIGNED_AT_RISK_S
        return DeadlineState.AT_RISK if short else DeadlineState.UNASSIGNED
    if due_s is None:
        return DeadlineState.ON_TRACK
    if forecast_s > due_s:
        return DeadlineState.WILL_MISS
    return DeadlineState.AT_RISK if due_s - forecast_s < AT_RISK_S else DeadlineState.ON_TRACK


def most_urgent(states: Iterable[DeadlineState], /) -> DeadlineState:
    """Give the state a visit with several deadlines shows; `ON_TRACK` when it has none."""
    return min(states, key=URGENCY.index, default=DeadlineState.ON_TRACK)
