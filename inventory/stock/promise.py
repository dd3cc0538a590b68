"""Available to promise: what can still be promised for which moment, without breaking a promise made."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from kernel.clock import utc
from kernel.errors import Refusal


@dataclass(frozen=True, slots=True)
class Due:
    """`quantity` units come in or go out at the moment `at`.

    Raises:
        Refusal: ``stock.not_positive``, ``clock.naive_time``.
    """

    at: datetime
    quantity: int
    ref: str

    def __post_init__(self) -> None:
        if self.quantity < 1:
            raise Refusal("stock.not_positive", id=self.ref, value=self.quantity)
        object.__setattr__(self, "at", utc(self.at))


@dataclass(frozen=True, slots=True)
class Promisable:
    """From `at` on, until the next one, `quantity` units can be promised."""

    at: datetime
    quantity: int


def available_to_promise(
    usable: int, *, arrivals: Iterable[Due], commitments: Iterable[Due], now: datetime
) -> tuple[Promisable, ...]:
    """What can be promised from each moment on.

    Cumulative available to promise with look-ahead: with projected(u) = usable + arrivals until u - commitments
    until u, the figure at t is the least projected(u) over all u >= t, and never below 0: what is taken at t is
    missing at every later moment too. The textbook rule of master production scheduling, in continuous time.

    An arrival that is overdue is promised to nobody: nobody knows when it comes. A commitment that is overdue
    still stands and counts from `now`. At equal moments arrivals come first.

    Args:
        usable: usable units there now.
        arrivals: what is expected when.
        commitments: what is promised for when, reservations and planned needs alike.
        now: the moment of asking, aware.

    Returns:
        The steps in time, the first at `now`, each with another quantity than the one before; they never fall.

    >>> from kernel.clock import moment
    >>> day = [moment(f"2026-03-0{n}T08:00Z") for n in range(1, 8)]
    >>> steps = available_to_promise(
    ...     10, arrivals=[Due(day[4], 10, "PO-1")], commitments=[Due(day[2], 7, "V-1"), Due(day[5], 6, "V-2")], now=day[0]
    ... )
    >>> [(step.at.day, step.quantity) for step in steps]
    [(1, 3), (5, 7)]
    """
    changes: dict[datetime, int] = {now: usable}
    for arrival in arrivals:
        if arrival.at >= now:
            changes[arrival.at] = changes.get(arrival.at, 0) + arrival.quantity
    for commitment in commitments:
        at = max(commitment.at, now)
        changes[at] = changes.get(at, 0) - commitment.quantity
    projected: list[tuple[datetime, int]] = []
    level = 0
    for at in sorted(changes):
        level += changes[at]
        projected.append((at, level))
    least = projected[-1][1]
    steps: list[Promisable] = []
    for at, level in reversed(projected):
        least = min(least, level)
        if steps and steps[-1].quantity == max(0, least):
            steps.pop()
        steps.append(Promisable(at, max(0, least)))
    return tuple(reversed(steps))


def promisable(steps: Iterable[Promisable], *, at: datetime) -> int:
    """Units that can be promised for `at`; 0 before the first step."""
    found = 0
    for step in steps:
        if step.at <= at:
            found = step.quantity
    return found


def earliest(steps: Iterable[Promisable], quantity: int) -> datetime | None:
    """The first moment for which `quantity` units can be promised; None: none is known."""
    return next((step.at for step in steps if step.quantity >= quantity), None)
