"""When each engineer is on duty over the whole simulation: rosters laid out in local time, absences cut out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import numpy as np
from numpy.typing import NDArray

from dispatch.crew import Shift, present
from kernel.clock import utc, zone
from kernel.interval import Interval
from scenarios.run.chance import Cause, Streams
from scenarios.run.world import Roster, World

BEYOND_DAYS = 45
"""Laid out past the end, so that the last days are decided like any other."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """One stretch of duty, seconds since the world's start.

    Args:
        start_s, end_s: half-open.
        over_s: most seconds past the end.
        call_out_cents: price of using it.
        wage_cents: an hour of it.
        day: days since the first, names it for chance.
    """

    start_s: int
    end_s: int
    over_s: int
    call_out_cents: int
    wage_cents: int
    day: int


def stretches(world: World) -> list[list[Stretch]]:
    """Every engineer's stretches in order, those that touch joined, from the world's start to past its end."""
    here = zone(world.region.settings.zone)
    first = world.starts_at.astimezone(here).date() - timedelta(days=1)
    days = world.warm_up_days + world.days + BEYOND_DAYS + 1
    by_engineer: dict[str, list[Roster]] = {engineer.id: [] for engineer in world.region.field.engineers}
    for roster in world.rosters:
        by_engineer[roster.engineer].append(roster)
    midnights = [utc(datetime.combine(first + timedelta(days=day), time(), here)) for day in range(days)]
    begin_s = [int((midnight - world.starts_at).total_seconds()) for midnight in midnights]
    return [_of_one(world, rosters, first, midnights, begin_s) for rosters in by_engineer.values()]


def _of_one(
    world: World, rosters: list[Roster], first: date, midnights: list[datetime], begin_s: list[int]
) -> list[Stretch]:
    absences = [
        gone for gone in world.region.field.absences if rosters and gone.engineer == rosters[0].engineer
    ]
    if not absences:
        found = [
            Stretch(
                max(0, start_s),
                end_s,
                roster.overtime_min * 60,
                roster.call_out_cents,
                roster.wage_cents,
                day,
            )
            for roster in rosters
            for day in range((roster.weekday - first.weekday()) % 7, len(begin_s), 7)
            if (end_s := begin_s[day] + roster.until_min * 60)
            > (start_s := max(0, begin_s[day] + roster.from_min * 60))
        ]
        return _joined(sorted(found, key=lambda one: (one.start_s, one.end_s, one.day)))
    found = []
    for day, midnight in enumerate(midnights):
        for roster in rosters:
            if (first.weekday() + day) % 7 != roster.weekday:
                continue
            start = midnight + timedelta(minutes=roster.from_min)
            worked = Interval(start, midnight + timedelta(minutes=roster.until_min))
            whole = Shift(roster.id, roster.engineer, worked, overtime_min=roster.overtime_min)
            for piece in present(whole, absences):
                start_s = max(0, int((piece.start - world.starts_at).total_seconds()))
                end_s = int((piece.end - world.starts_at).total_seconds())
                over_s = roster.overtime_min * 60 if piece.end == worked.end else 0
                if start_s < end_s:
                    found.append(
                        Stretch(start_s, end_s, over_s, roster.call_out_cents, roster.wage_cents, day)
                    )
    return _joined(sorted(found, key=lambda one: (one.start_s, one.end_s)))


def _joined(found: list[Stretch]) -> list[Stretch]:
    whole: list[Stretch] = []
    for one in found:
        last = whole[-1] if whole else None
        paid = (one.call_out_cents, one.wage_cents)
        if last and one.start_s <= last.end_s and paid == (last.call_out_cents, last.wage_cents):
            end_s = max(last.end_s, one.end_s)
            over_s = one.over_s if one.end_s == end_s else last.over_s
            whole[-1] = Stretch(last.start_s, end_s, over_s, *paid, last.day)
        elif last and one.start_s < last.end_s:
            # Two rosters at one time at two prices: the first holds until it ends.
            if one.end_s > last.end_s:
                whole.append(Stretch(last.end_s, one.end_s, one.over_s, *paid, one.day))
        else:
            whole.append(one)
    return whole


def with_illness(
    laid: list[list[Stretch]], names: list[str], world: World, streams: Streams
) -> list[list[Stretch]]:
    """Leave out the days engineers miss by chance; a duty that goes on for days is missed from its beginning."""
    chance = world.chance
    if not chance.on(Cause.ABSENCE) or chance.absence <= 0:
        return laid
    days = world.warm_up_days + world.days + BEYOND_DAYS + 1
    found = []
    for name, own in zip(names, laid, strict=True):
        missed = streams.stream(Cause.ABSENCE, name).take(days) < chance.absence
        found.append([one for one in own if not missed[one.day]])
    return found


class Hours:
    """Seconds of duty an engineer has had by a moment: what busy time within duty is measured against."""

    def __init__(self, own: list[Stretch]) -> None:
        self._starts = np.array([one.start_s for one in own], dtype=np.int64)
        self._ends = np.array([one.end_s for one in own], dtype=np.int64)
        lengths = self._ends - self._starts
        self._before = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(lengths)])

    def passed(self, at_s: NDArray[np.int64]) -> NDArray[np.int64]:
        """Seconds of duty in [0, at) for every `at`."""
        if not self._starts.size:
            return np.zeros_like(at_s)
        row = np.searchsorted(self._starts, at_s, side="right") - 1
        inside = np.minimum(at_s, self._ends[row]) - self._starts[row]
        return np.where(row < 0, 0, self._before[row] + inside)
