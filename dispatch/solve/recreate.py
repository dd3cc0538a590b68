"""Recreate: put waiting visits back one by one, each where it costs least, in one of several orders."""

from __future__ import annotations

from dispatch.solve.change import dump, improve_options, put_in, settle
from dispatch.solve.evaluate import NEVER_PRICE, best_in_route
from dispatch.solve.layout import (
    G_OBJECTIVE,
    H_CLASS,
    MONEY,
    O_FIXED,
    V_DUE,
    V_FAR,
    V_LEFT_OUT,
    V_OPT,
    V_OPT_END,
    V_SCARCE,
    V_SERVICE,
    V_WIDTH,
    Encoded,
    Ints,
    Routes,
)
from dispatch.solve.routes import list_waiting, pick_up_at, touch
from dispatch.solve.ruin import below
from dispatch.solve.supply import draws_left
from dispatch.solve.timing import jit

BLINK_SHARE = 100
MOST_RETRIED = 10
ORDERS = 12


@jit
def best_place(
    p: Encoded, s: Routes, v: int, bound: int, rng: Ints, blink: int
) -> tuple[int, int, int, int, int, int]:
    """Cheapest place for visit `v` over all options and shifts.

    Returns:
        (price difference, option, shift, row, pick-up row or -1, store or -1); `NEVER_PRICE` when nothing
        is below `bound`.
    """
    best = (NEVER_PRICE, -1, -1, -1, -1, -1)
    able, lengths, seen = p.C[v], s.L, s.ST
    for o in range(p.V[v, V_OPT], p.V[v, V_OPT_END]):
        if p.O[o, O_FIXED] >= bound or not draws_left(p, s, o):
            continue
        seen[-1] += 1
        for h in range(len(able)):
            if able[h] == 0:
                continue
            if lengths[h] == 0:
                if seen[p.H[h, H_CLASS]] == seen[-1]:
                    continue
                seen[p.H[h, H_CLASS]] = seen[-1]
            price, r, k, store = best_in_route(p, s, v, o, h, bound, rng, blink)
            if price < bound:
                bound = price
                best = (price, o, h, r, k, store)
    return best


@jit
def recreate(p: Encoded, s: Routes, rng: Ints, old: int, blink: int) -> None:
    """Put back the visits that joined the waiting list since it had `old`, and a few of the older ones."""
    waiting = s.U[-1]
    retried = min(old, MOST_RETRIED)
    for i in range(retried):
        j = i + below(rng, old - i)
        s.U[i], s.U[j] = s.U[j], s.U[i]
    count = 0
    order = below(rng, ORDERS)
    for i in range(waiting):
        if i < retried or i >= old:
            v = s.U[i]
            s.CN[count] = v
            s.KY[count] = order_key(p, v, order, rng)
            count += 1
    _sort(s.CN, s.KY, count)
    for i in range(count):
        v = s.CN[i]
        found = best_place(p, s, v, p.V[v, V_LEFT_OUT], rng, blink)
        if found[1] >= 0:
            put_in(p, s, v, found[1], found[2], found[3], found[4], found[5])
    for i in range(s.DF[-1]):
        h = s.DF[i]
        if p.G[G_OBJECTIVE] == MONEY:
            improve_options(p, s, h)
        if pick_up_at(s, h) >= 0:
            touch(p, s, h)
            if not settle(p, s, h):
                dump(p, s, h)
    list_waiting(s)


@jit
def order_key(p: Encoded, v: int, order: int, rng: Ints) -> int:
    """Sort key of visit `v`: random, few engineers, far, close, soonest due, tightest, longest, dearest."""
    if order < 3:
        return below(rng, 1 << 40)
    if order < 5:
        return int(p.V[v, V_SCARCE])
    if order < 7:
        return -int(p.V[v, V_FAR])
    if order == 7:
        return int(p.V[v, V_FAR])
    if order == 8:
        return int(p.V[v, V_DUE])
    if order == 9:
        return int(p.V[v, V_WIDTH])
    if order == 10:
        return -int(p.V[v, V_SERVICE])
    return -int(p.V[v, V_LEFT_OUT])


@jit
def _sort(items: Ints, keys: Ints, count: int) -> None:
    """Insertion sort: lists are short, and equal keys keep their order."""
    for i in range(1, count):
        item, key, j = items[i], keys[i], i - 1
        while j >= 0 and keys[j] > key:
            items[j + 1], keys[j + 1] = items[j], keys[j]
            j -= 1
        items[j + 1], keys[j + 1] = item, key
