"""Home care: ruin and recreate with all routes timed together, in place of `anneal` where `pairs.in_pairs` holds."""

from __future__ import annotations

import math

from dispatch.solve.anneal import Saved, restore, temperature
from dispatch.solve.layout import (
    G_SHIFTS,
    G_VISITS,
    V_DUE,
    V_FAR,
    V_OPT,
    V_SCARCE,
    Encoded,
    Ints,
    Routes,
)
from dispatch.solve.pair_places import put_alone, put_both
from dispatch.solve.pairs import (
    N_BEFORE,
    N_MARK,
    N_MATE,
    N_NEXT,
    N_OPENS,
    N_SHIFT,
    N_START,
    Pairs,
    copy,
    price_of_pairs,
    read_routes,
    retime,
    unlink,
)
from dispatch.solve.pool import Pool, remember
from dispatch.solve.ruin import AVERAGE_REMOVED, LONGEST_STRING, below, uniform
from dispatch.solve.timing import entry, inlined, jit

FIRST_HEAT = 6.0
LAST_HEAT = 0.025
ORDERS = 12
BLINK_SHARE = 10


@entry
def anneal_pairs(
    p: Encoded,
    s: Routes,
    a: Pairs,
    rng: Ints,
    best: Saved,
    current: Saved,
    pool: Pool,
    heat: tuple[float, float, float],
    done: int,
    count: int,
    near: float,
) -> None:
    """Run `count` iterations from the `done`-th on; `best` and `pool` learn on the way.

    As `anneal.anneal`, but the iterations work on nodes: routes are read before the first and written after the last,
    and only those written are remembered. `current` is room for them.
    """
    X, visits = a.X, p.G[G_VISITS]
    read_routes(p, s, X)
    copy(X, a.Y)
    price = price_of_pairs(p.T, X, visits)
    found = price < best.N[0]
    if found:
        write(p, X, price, best)
    for i in range(count):
        _put_back(p, a, _ruin(p, a, rng), rng)
        now = price_of_pairs(p.T, X, visits)
        if now < price - temperature(heat, done + i) * math.log(uniform(rng)):
            price = now
            copy(X, a.Y)
            if price < best.N[0]:
                found = True
                write(p, X, price, best)
        else:
            copy(a.Y, X)
    if found:
        _remember(p, s, best, pool)
    write(p, X, price, current)
    if price <= best.N[0] * near:
        _remember(p, s, current, pool)
    else:
        restore(p, s, current)


@entry
def write(p: Encoded, X: Ints, price: int, saved: Saved) -> None:
    """Copy the nodes' routes into `saved`."""
    visits = p.G[G_VISITS]
    for h in range(p.G[G_SHIFTS]):
        saved.L[h], v = 0, X[visits + h, N_NEXT]
        while v < visits:
            saved.R[h, saved.L[h]] = v
            saved.L[h] += 1
            saved.PO[v], saved.NM[v], saved.PN[v] = p.V[v, V_OPT], 0, X[v, N_START]
            v = X[v, N_NEXT]
    saved.N[0] = price


@jit
def _remember(p: Encoded, s: Routes, saved: Saved, pool: Pool) -> None:
    restore(p, s, saved)
    for h in range(p.G[G_SHIFTS]):
        remember(p, s, h, pool)


@jit
def _ruin(p: Encoded, a: Pairs, rng: Ints) -> int:
    """Take strings out around a random visit, mates too, as `ruin.ruin`; lists all that wait in U and gives how many."""
    X, visits, shifts = a.X, p.G[G_VISITS], p.G[G_SHIFTS]
    count, used = 0, 0
    for v in range(visits):
        if X[v, N_SHIFT] < 0:
            a.U[count] = v
            count += 1
    served = visits - count
    for h in range(shifts):
        a.E[h], v, X[visits + h, N_MARK] = 0, X[visits + h, N_NEXT], 0
        while v < visits:
            a.E[h] += 1
            v = X[v, N_NEXT]
        used += a.E[h] > 0
    if used == 0:
        return count
    longest = min(LONGEST_STRING, max(1, served // used))
    strings = 1 + int(uniform(rng) * max(1.0, 4.0 * AVERAGE_REMOVED / (1.0 + longest) - 1.0))
    seed = below(rng, visits)
    for k in range(p.NB.shape[1]):
        if strings == 0:
            break
        v = p.NB[seed, k]
        h = X[v, N_SHIFT]
        if h >= 0 and X[visits + h, N_MARK] == 0:
            X[visits + h, N_MARK] = 1
            strings -= 1
            count = _take_string(a, rng, v, 1 + below(rng, min(a.E[h], longest)), visits, count)
    retime(p.T, X, visits)
    return count


@jit
def _take_string(a: Pairs, rng: Ints, v: int, size: int, visits: int, count: int) -> int:
    """Take out `size` visits in a row around `v`, half the time with one among them left."""
    X = a.X
    spared = 1 if size > 1 and below(rng, 2) == 0 else 0
    for _ in range(below(rng, size + spared)):
        if X[v, N_BEFORE] >= visits:
            break
        v = X[v, N_BEFORE]
    gap, i = below(rng, size) if spared else -1, 0
    while size > 0 and v < visits:
        then = X[v, N_NEXT]
        if i != gap:
            size -= 1
            count = _take(a, v, count)
        i, v = i + 1, then
    return count


@inlined
def _take(a: Pairs, v: int, count: int) -> int:
    """Take `v` and its mate off their routes."""
    for _ in range(2):
        if v >= 0 and a.X[v, N_SHIFT] >= 0:
            unlink(a.X, v)
            a.U[count] = v
            count += 1
        v = a.X[v, N_MATE] if v >= 0 else v
    return count


@jit
def _put_back(p: Encoded, a: Pairs, count: int, rng: Ints) -> None:
    """Put the visits listed in U where they are cheapest, one after the other, in one of several orders."""
    X, U, KY, order = a.X, a.U, a.KY, below(rng, ORDERS)
    for i in range(count):
        v, key, j = U[i], _order_key(p, X, U[i], order, rng), i
        while j > 0 and KY[j - 1] > key:
            U[j], KY[j] = U[j - 1], KY[j - 1]
            j -= 1
        U[j], KY[j] = v, key
    for i in range(count):
        v = U[i]
        if X[v, N_SHIFT] >= 0:
            continue
        if X[v, N_MATE] < 0:
            put_alone(p, a, v, rng, BLINK_SHARE)
        else:
            put_both(p, a, v, rng, BLINK_SHARE)


@jit
def _order_key(p: Encoded, X: Ints, v: int, order: int, rng: Ints) -> int:
    """Sort key of visit `v`: random, soonest open, far, close, pairs first, soonest due, few engineers."""
    if order < 4:
        return below(rng, 1 << 40)
    if order < 6:
        return int(X[v, N_OPENS])
    if order == 6:
        return -int(p.V[v, V_FAR])
    if order == 7:
        return int(p.V[v, V_FAR])
    if order < 10:
        return below(rng, 1 << 40) - ((1 << 41) if X[v, N_MATE] >= 0 else 0)
    if order == 10:
        return int(p.V[v, V_DUE])
    return int(p.V[v, V_SCARCE])
