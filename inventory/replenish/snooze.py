"""A line of the review is left alone until a day: who said so, why, and since when it holds no more."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from inventory.stock.position import PartPlace
from kernel.clock import utc
from kernel.errors import Message, Refusal

LONGEST_DAYS = 366
"""A line nobody looks at for longer is forgotten, not snoozed; chosen."""


@dataclass(frozen=True, slots=True)
class Snooze:
    """What somebody said about a part at a place: leave it alone until a day, or look at it again.

    Args:
        part: part id.
        place: place id, a shelf.
        at: when it was said, aware.
        until_on: the day the line wakes, in the region's calendar; None: it is awake from `at` on.
        reason: why, in words.
        by: who says so.

    Raises:
        Refusal: ``replenish.snooze_without_reason``, ``clock.naive_time``.
    """

    part: str
    place: str
    at: datetime
    until_on: date | None
    reason: str
    by: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "at", utc(self.at))
        if self.until_on is not None and not self.reason.strip():
            raise Refusal("replenish.snooze_without_reason", part=self.part, place=self.place)

    @property
    def why(self) -> Message:
        """The step a line says it with."""
        until = "" if self.until_on is None else self.until_on.isoformat()
        return Message("reorder.snoozed", {"until": until, "by": self.by, "reason": self.reason})


def asleep(snoozes: Iterable[Snooze], *, at: datetime, on: date) -> dict[PartPlace, Snooze]:
    """Part-places that are left alone now, each with the word that holds: of all that was said the last.

    Args:
        snoozes: what was said, in the order it was said.
        at: the moment, aware; what was said after it is not known yet.
        on: that moment's day in the region's calendar.
    """
    last = {(row.part, row.place): row for row in snoozes if row.at <= at}
    return {key: row for key, row in last.items() if row.until_on is not None and on < row.until_on}


def check_snooze(row: Snooze, *, on: date) -> None:
    """Refuse a snooze that would be over at once, or nobody would remember.

    Args:
        row: as it is about to be said.
        on: the day it is said, in the region's calendar.

    Raises:
        Refusal: ``replenish.snooze_over`` for a day that is not after today; ``replenish.snooze_too_long``.
    """
    if row.until_on is None:
        return
    if row.until_on <= on:
        raise Refusal("replenish.snooze_over", until=row.until_on.isoformat(), today=on.isoformat())
    if row.until_on > on + timedelta(days=LONGEST_DAYS):
        last = on + timedelta(days=LONGEST_DAYS)
        raise Refusal("replenish.snooze_too_long", until=row.until_on.isoformat(), last=last.isoformat())
