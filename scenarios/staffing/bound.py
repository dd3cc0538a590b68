"""How many engineers a queueing formula asks for: an order of rosters to begin the search with, not an answer.

Each depot is a queue of its own and each hour of the week in its steady state (stationary, independent, period by
period: Green, Kolesar and Soares, Operations Research 49 (2001) 549-564): M/M/n, whose wait exceeds t with probability
C(n, a) exp(-(n mu - lambda) t), C by Erlang. Nobody on duty: the wait lasts at least until somebody is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import exp

from scenarios.staffing.roster import ONE_IN, Counts, Shift, counts_of

WEEK_H = 168
RUSH = 0.5
"""An hour of more work than hands does not last: of what the hands could do this share is taken to be in time all the same."""


@dataclass(frozen=True, slots=True)
class Load:
    """What one depot has to do.

    Args:
        depot: id.
        an_hour: tickets an hour, by hour of the week.
        hours: hours one ticket keeps an engineer busy, way included.
        slacks: (hours from the report within which somebody must set out, share of tickets); shares add up to 1 or less,
            the rest is promised nothing.
    """

    depot: str
    an_hour: tuple[float, ...]
    hours: float
    slacks: tuple[tuple[float, float], ...]


def waits_longer(arrivals: float, service_h: float, servers: int, slack_h: float, /) -> float:
    """Give the probability that a ticket waits longer than `slack_h` for one of `servers`; never above 1 - `RUSH` x servers / load.

    Args:
        arrivals: an hour, above 0.
        service_h: mean hours of one.
        servers: at least 1.
        slack_h: hours, not negative.

    >>> round(waits_longer(4.0, 1.0, 5, 1.0), 6)  # Erlang-C .554113 x exp(-1)
    0.203847
    """
    at_most, delayed, fading = _queue(arrivals, service_h, servers)
    return min(at_most, delayed * exp(fading * slack_h))


@cache
def _queue(arrivals: float, service_h: float, servers: int) -> tuple[float, float, float]:
    """The most that can wait, the share that waits at all, and how that share fades with each hour of slack."""
    load = arrivals * service_h
    at_most = 1 - RUSH * min(1.0, servers / load)
    if load >= servers:
        return at_most, 1.0, 0.0
    blocked = 1.0
    for n in range(1, servers + 1):
        blocked = load * blocked / (n + load * blocked)
    delayed = blocked / (1 - load / servers * (1 - blocked))
    return at_most, delayed, -(servers / service_h - arrivals)


def kept_a_week(load: Load, on_duty: Sequence[int], /) -> float:
    """Give the promises kept in a week, in tickets, with so many on duty in each of its hours.

    A ticket is met at once or at a later hour when more are on duty, whichever is likelier: one on call at night does no harm
    to whoever would have waited for the morning.
    """
    more = _more_later(on_duty)
    longest = max((slack for slack, _ in load.slacks), default=0.0)
    found = 0.0
    for hour, arrivals in enumerate(load.an_hour):
        if not arrivals:
            continue
        best = [0.0] * len(load.slacks)
        after = 0 if on_duty[hour] else more[hour]
        while on_duty[at := (hour + after) % WEEK_H]:
            gone = after - 0.5 if after else 0.0
            if gone > longest:
                break
            # This is asked a million times in a search: the queue once for all slacks, comparisons in place of `max`.
            rate = load.an_hour[at]
            at_most, delayed, fading = _queue(max(rate, arrivals), load.hours, on_duty[at])
            for number, (slack, _) in enumerate(load.slacks):
                if slack >= gone:
                    late = delayed * exp(fading * (slack - gone))
                    kept = 1 - (min(late, at_most))
                    best[number] = max(best[number], kept)
            if not more[at]:
                break
            after += more[at]
        for (_, share), kept in zip(load.slacks, best, strict=True):
            found += arrivals * share * kept
    return found


def _more_later(on_duty: Sequence[int]) -> list[int]:
    """Hours from each hour on until more are on duty than in it; 0: never."""
    found, waiting = [0] * WEEK_H, list[int]()
    for hour in range(2 * WEEK_H):
        while waiting and on_duty[waiting[-1] % WEEK_H] < on_duty[hour % WEEK_H]:
            before = waiting.pop()
            if before < WEEK_H:
                found[before] = hour - before
        waiting.append(hour)
    return found


def sequence(loads: Sequence[Load], shifts: Sequence[Shift], /, *, most: int) -> tuple[Counts, ...]:
    """Give rosters from the least that is stable on to `most` more engineers, each with one more where it keeps most an hour paid.

    A depot begins with the smallest number on its first shift that is above its work.
    """
    table: dict[tuple[str, str], int] = {}
    for load in loads:
        work = sum(load.an_hour) * load.hours
        paid = shifts[0].minutes / 60
        table[load.depot, shifts[0].id] = int(work / paid) + 1
    found = [counts_of(table)]
    by_depot = {load.depot: load for load in loads}
    gains: dict[tuple[str, str], float] = {}
    now = {depot: kept_a_week(load, _on_duty(table, depot, shifts)) for depot, load in by_depot.items()}
    stale = set(by_depot)
    for _ in range(most):
        for depot in stale:
            for shift in shifts:
                if shift.call_out_cents and not _may_call(table, depot, shifts, shift):
                    gains.pop((depot, shift.id), None)
                    continue
                more = {**table, (depot, shift.id): table.get((depot, shift.id), 0) + 1}
                better = kept_a_week(by_depot[depot], _on_duty(more, depot, shifts))
                gains[depot, shift.id] = (better - now[depot]) / shift.minutes
        best = max(gains, key=lambda key: (gains[key], key))
        if gains[best] <= 1e-12:
            break
        table[best] = table.get(best, 0) + 1
        depot = best[0]
        now[depot] = kept_a_week(by_depot[depot], _on_duty(table, depot, shifts))
        stale = {depot}
        found.append(counts_of(table))
    return tuple(found)


def _may_call(table: dict[tuple[str, str], int], depot: str, shifts: Sequence[Shift], call: Shift) -> bool:
    """Say whether a depot has people enough for one more on call: one in `ONE_IN`, one in any case."""
    hired = sum(table.get((depot, shift.id), 0) for shift in shifts if not shift.call_out_cents)
    return table.get((depot, call.id), 0) < max(1, hired // ONE_IN)


def _on_duty(table: dict[tuple[str, str], int], depot: str, shifts: Sequence[Shift]) -> list[int]:
    found = [0] * WEEK_H
    for shift in shifts:
        count = table.get((depot, shift.id), 0)
        for hour in _covered(shift) if count else ():
            found[hour] += count
    return found


@cache
def _covered(shift: Shift) -> tuple[int, ...]:
    """The hours of the week a shift covers."""
    return tuple(hour for hour in range(WEEK_H) if shift.on(hour))
