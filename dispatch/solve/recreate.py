"""Recreate: put waiting visits back one by one, each where it costs least, in one of several orders."""

from __future__ import annotations

from dispatch.solve.change import dump, improve_options, put_in, settle
from dispatch.solve.evaluate import best_in_route, cheapest_in_route
from dispatch.solve.groups import mend
from dispatch.solve.layout import (
    G_OBJECTIVE,
    G_SHIFTS,
    G_VISITS,
    H_CLASS,
    HOME_CARE,
    MONEY,
    NEVER_PRICE,
    O_FIXED,
    V_DUE,
    V_FAR,
    V_GROUP,
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
from dispatch.solve.luck import chance
from dispatch.solve.put_group import put_waiting
from dispatch.solve.routes import latest, list_waiting, pick_up_at, touch
from dispatch.solve.ruin import SMALL, below
from dispatch.solve.supply import draws_left
from dispatch.solve.tighten import tighten
from dispatch.solve.timing import entry, jit

BLINK_SHARE = 100
MOST_RETRIED = 10
ORDERS, RANDOM_ORDERS = 12, 3
ODD_SHARE = 8
MANY, MOST_ROUTES, ALL_SHARE = 24, 16, 30


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
    lengths, seen, count = s.L, s.ST, _list_shifts(p, s, v, rng, blink)
    several = p.V[v, V_OPT_END] - p.V[v, V_OPT] > 1
    for o in range(p.V[v, V_OPT], p.V[v, V_OPT_END]):
        if p.O[o, O_FIXED] >= bound or not draws_left(p, s, o):
            continue
        if several and chance(
            rng, blink // 2
        ):  # the cheapest way to supply one may be in the way of the next
            continue
        seen[-1] += 1
        for i in range(count):
            h = s.HN[i]
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
def _list_shifts(p: Encoded, s: Routes, v: int, rng: Ints, blink: int) -> int:
    """List in HN the shifts to look at for visit `v`; gives how many.

    Where many could come these are the nearest routes and those without a stop, but now and then, and without
    blinks, all: a far route is hardly ever the cheapest, and looking at each would take most of the time.
    """
    C, NB, L, RV, HN, seen = p.C, p.NB, s.L, s.RV, s.HN, s.SN
    shifts, count = p.G[G_SHIFTS], 0
    if p.V[v, V_SCARCE] <= MANY or blink == 0 or below(rng, ALL_SHARE) == 0:
        for h in range(shifts):
            if C[v, h] > 0:
                HN[count] = h
                count += 1
        return count
    used = 0
    for h in range(shifts):
        used += L[h] > 0
    seen[-1] += 1
    stamp = seen[-1]
    for k in range(NB.shape[1]):
        h = RV[NB[v, k]]
        if h >= 0 and seen[h] != stamp:
            seen[h] = stamp
            used -= 1
            if C[v, h] > 0:
                HN[count] = h
                count += 1
                if count == MOST_ROUTES:
                    break
            if used == 0:
                break
    for h in range(shifts):
        if L[h] == 0 and C[v, h] > 0:
            HN[count] = h
            count += 1
    return count


@jit
def put_anywhere(p: Encoded, s: Routes, v: int, rng: Ints) -> bool:
    """Put `v` on a random shift, whatever it costs."""
    h, bound = below(rng, p.G[G_SHIFTS]), NEVER_PRICE // 4
    if p.C[v, h] == 0:
        return False
    best, chosen = (NEVER_PRICE, -1, -1, -1), -1
    for o in range(p.V[v, V_OPT], p.V[v, V_OPT_END]):
        if draws_left(p, s, o):
            found = cheapest_in_route(p, s, v, o, h, bound, rng, 0)
            if found[0] < bound:
                bound, best, chosen = found[0], found, o
    return chosen >= 0 and put_in(p, s, v, chosen, h, best[1], best[2], best[3])


@jit
def recreate(p: Encoded, s: Routes, rng: Ints, old: int, blink: int, marked: Ints) -> None:
    """Put back the visits that joined the waiting list since it had `old`, and a few of the older ones.

    `marked` is all zero, before and after.
    """
    grouped = len(p.GM) > 0
    if grouped:
        s.GS[:] = 0
    if p.G[G_OBJECTIVE] == HOME_CARE:
        s.WO[0] = latest(p, s)
    waiting = s.U[-1]
    retried = min(old, MOST_RETRIED)
    for i in range(retried):
        j = i + below(rng, old - i)
        s.U[i], s.U[j] = s.U[j], s.U[i]
    count = 0
    order = below(rng, ORDERS)
    if p.G[G_VISITS] <= SMALL:
        order = below(rng, RANDOM_ORDERS + 2)
    for i in range(waiting):
        if i < retried or i >= old:
            v = s.U[i]
            s.CN[count] = v
            s.KY[count] = order_key(p, v, order, rng)
            count += 1
    _sort(s.CN, s.KY, count)
    # now and then the first is left out or put anywhere: the way to plans that pay only after several such steps
    odd = ODD_SHARE + p.G[G_VISITS] // ODD_SHARE
    passed_over = count > 0 and below(rng, odd) == 0
    anywhere = count > 0 and below(rng, odd) == 0
    for i in range(count):
        v = s.CN[i]
        if i == 0 and passed_over:
            continue
        if p.V[v, V_GROUP] >= 0:
            if s.RV[v] < 0:
                put_waiting(p, s, v, rng, marked)
            continue
        if i == 0 and anywhere and put_anywhere(p, s, v, rng):
            continue
        _put(p, s, v, rng, blink)
    _finish(p, s, marked)


@jit
def _put(p: Encoded, s: Routes, v: int, rng: Ints, blink: int) -> None:
    """Put waiting visit `v` where it is cheapest, if anywhere is cheaper than to leave it out."""
    found = best_place(p, s, v, p.V[v, V_LEFT_OUT], rng, blink)
    if found[1] >= 0:
        put_in(p, s, v, found[1], found[2], found[3], found[4], found[5])


@jit
def _finish(p: Encoded, s: Routes, marked: Ints) -> None:
    """Settle every touched route: its supply, its pick-up, the groups on it."""
    for i in range(s.DF[-1]):
        h = s.DF[i]
        if p.G[G_OBJECTIVE] == MONEY:
            improve_options(p, s, h)
        if pick_up_at(s, h) >= 0:
            touch(p, s, h)
            if not settle(p, s, h):
                dump(p, s, h)
    if len(p.GM) > 0:
        mend(p, s, marked)
        tighten(p, s)
    list_waiting(s)


@entry
def fill(p: Encoded, s: Routes, rng: Ints, marked: Ints) -> None:
    """Put each waiting visit where it is cheapest, nothing overlooked, those dearest to leave out first.

    `marked` is all zero, before and after.
    """
    if len(p.GM) > 0:
        s.GS[:] = 0
    if p.G[G_OBJECTIVE] == HOME_CARE:
        s.WO[0] = latest(p, s)
    count = s.U[-1]
    for i in range(count):
        s.CN[i], s.KY[i] = s.U[i], -p.V[s.U[i], V_LEFT_OUT]
    _sort(s.CN, s.KY, count)
    for i in range(count):
        v = s.CN[i]
        if p.V[v, V_GROUP] >= 0:
            if s.RV[v] < 0:
                put_waiting(p, s, v, rng, marked)
            continue
        _put(p, s, v, rng, 0)
    _finish(p, s, marked)


@jit
def order_key(p: Encoded, v: int, order: int, rng: Ints) -> int:
    """Sort key of visit `v`: random, few engineers, far, close, soonest due, tightest, longest, dearest."""
    if order < RANDOM_ORDERS:
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
