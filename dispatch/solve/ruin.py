"""Ruin: take strings of neighbouring visits out of neighbouring routes.

Slack induction by string removals: J. Christiaens and G. Vanden Berghe, "Slack Induction by String Removals
for Vehicle Routing Problems", Transportation Science 54(2), 2020; names as in section 5.1 there.
"""

from __future__ import annotations

from dispatch.solve.change import take_out
from dispatch.solve.layout import G_OBJECTIVE, G_SHIFTS, G_VISITS, VEHICLES, Encoded, Ints, Routes
from dispatch.solve.luck import next_number
from dispatch.solve.timing import jit

AVERAGE_REMOVED = 10
LONGEST_STRING = 10
SPLIT_STRING_SHARE = 2
SPLIT_STOP_SHARE = 100
WHOLE_ROUTE_SHARE = 10
ROUTES_COMPARED = 6
SMALL = 16
"""So few visits are now and then all taken out: starting over costs next to nothing."""
OVER_SHARE = 4


@jit
def below(rng: Ints, n: int) -> int:
    """A whole number from 0 to n - 1."""
    return next_number(rng) % n


@jit
def uniform(rng: Ints) -> float:
    """A number in (0, 1)."""
    return (next_number(rng) + 1) / 4611686018427387906.0


@jit
def ruin(p: Encoded, s: Routes, rng: Ints, marked: Ints) -> None:
    """Take strings out around a random visit; the visits wait. `marked` is all zero, before and after."""
    used, served = 0, 0
    for h in range(p.G[G_SHIFTS]):
        if s.L[h] > 0:
            used += 1
            served += s.L[h]
    if used == 0:
        return
    if p.G[G_VISITS] <= SMALL and below(rng, OVER_SHARE) == 0:
        _remove_all(p, s, marked)
        return
    if p.G[G_OBJECTIVE] == VEHICLES and below(rng, WHOLE_ROUTE_SHARE) == 0:
        _remove_shortest(p, s, rng, marked)
    string = min(LONGEST_STRING, max(1, served // used))
    strings = 1 + int(uniform(rng) * max(1.0, 4.0 * AVERAGE_REMOVED / (1.0 + string) - 1.0))
    seed = below(rng, p.G[G_VISITS])
    for k in range(p.NB.shape[1]):
        if strings == 0:
            break
        v = p.NB[seed, k]
        h = s.RV[v]
        if h >= 0 and s.DM[h] == 0:
            _remove_string(p, s, rng, h, v, string, marked)
            strings -= 1


@jit
def _remove_all(p: Encoded, s: Routes, marked: Ints) -> None:
    for h in range(p.G[G_SHIFTS]):
        for i in range(s.L[h]):
            if s.R[h, i] >= 0:
                marked[s.R[h, i]] = 1
        if s.L[h] > 0:
            take_out(p, s, h, marked)


@jit
def _remove_shortest(p: Encoded, s: Routes, rng: Ints, marked: Ints) -> None:
    """Take out a whole route, the shortest of a few: where vehicles count first, one less is worth it all."""
    shortest = -1
    for _ in range(ROUTES_COMPARED):
        h = below(rng, p.G[G_SHIFTS])
        if s.L[h] > 0 and (shortest < 0 or s.L[h] < s.L[shortest]):
            shortest = h
    if shortest < 0:
        return
    for i in range(s.L[shortest]):
        if s.R[shortest, i] >= 0:
            marked[s.R[shortest, i]] = 1
    take_out(p, s, shortest, marked)


@jit
def _remove_string(p: Encoded, s: Routes, rng: Ints, h: int, v: int, string: int, marked: Ints) -> None:
    n = s.L[h]
    size = 1 + below(rng, min(n, string))
    at = 0
    while s.R[h, at] != v:
        at += 1
    spared = 0
    if size < n and size > 1 and below(rng, SPLIT_STRING_SHARE) == 0:
        spared = 1
        while size + spared < n and below(rng, SPLIT_STOP_SHARE) != 0:
            spared += 1
            if below(rng, 2) == 0:
                break
    span = size + spared
    lowest, highest = max(0, at - span + 1), min(at, n - span)
    first = lowest + below(rng, highest - lowest + 1)
    gap = first + (below(rng, size - 1) + 1 if spared else 0)
    for i in range(first, first + span):
        if spared and gap <= i < gap + spared:
            continue
        if s.R[h, i] >= 0:
            marked[s.R[h, i]] = 1
    take_out(p, s, h, marked)
