"""Putting groups in: for several starts of the first member, each member where it is cheapest."""

from __future__ import annotations

from dispatch.solve.change import put_in, take_out
from dispatch.solve.evaluate import cheapest_in_route
from dispatch.solve.group_starts import list_starts
from dispatch.solve.groups import lacks, may_come, mend_group, span_of, start_of, take_out_group
from dispatch.solve.layout import (
    C_COST,
    FAR,
    G_OBJECTIVE,
    G_SHIFTS,
    G_VISITS,
    HOME_CARE,
    K_BOTH,
    K_FIRST,
    K_SECOND,
    NEVER_PRICE,
    O_FIXED,
    O_TRUE,
    O_TRUE_END,
    V_ALONE,
    V_FLOAT,
    V_GROUP,
    V_LEFT_OUT,
    V_LINK,
    V_LINK_END,
    V_OPT,
    V_OPT_END,
    V_PIN,
    Encoded,
    Ints,
    Routes,
)
from dispatch.solve.luck import chance
from dispatch.solve.routes import latest, pin, refresh
from dispatch.solve.ruin import SMALL, below
from dispatch.solve.supply import draws_left
from dispatch.solve.tighten import bind, in_time
from dispatch.solve.timing import entry, jit

TRIES = 6
"""Starts of a group tried at a time, besides the soonest."""
SPARE_SHARE = 4
BLINK_SHARE = 8
BLIND_SHARE = 2
RARE_SHARE, RARELY = 100, 4
OPEN_SHARE = 3
LOOSE_SHARE = 3


@jit
def best_between(
    p: Encoded, s: Routes, v: int, low: int, high: int, bound: int, rng: Ints, blink: int
) -> tuple[int, int, int, int, int, int, int, int]:
    """Cheapest place for linked visit `v` with a start in [low, high], one in `blink` shifts overlooked.

    Returns:
        As `recreate.best_place`, and the half-open times the start was looked for in.
    """
    best = (NEVER_PRICE, -1, -1, -1, -1, -1, 0, 0)
    row = p.V[v, V_PIN]
    for o in range(p.V[v, V_OPT], p.V[v, V_OPT_END]):
        if p.O[o, O_FIXED] >= bound or not draws_left(p, s, o):
            continue
        for w in range(p.O[o, O_TRUE], p.O[o, O_TRUE_END]):
            opens, closes = max(low, p.W[w, 0]), min(high + 1, p.W[w, 1])
            if opens >= closes:
                continue
            p.W[row, 0], p.W[row, 1] = opens, closes
            for h in range(p.G[G_SHIFTS]):
                if p.C[v, h] == 0 or not may_come(p, s, v, h) or chance(rng, blink):
                    continue
                price, r, k, store = cheapest_in_route(p, s, v, o, h, bound, rng, blink)
                if price < bound:
                    bound = price
                    best = (price, o, h, r, k, store, opens, closes)
    return best


@jit
def put_member(p: Encoded, s: Routes, v: int, low: int, high: int, bound: int, rng: Ints, blink: int) -> int:
    """Put linked visit `v` where it is cheapest with a start in [low, high]; `bind` its group afterwards.

    Returns:
        The price difference; `NEVER_PRICE` when there is no place below `bound`, and it still waits.
    """
    price, o, h, r, k, store, opens, closes = best_between(p, s, v, low, high, bound, rng, blink)
    if o < 0:
        return NEVER_PRICE
    row = p.V[v, V_PIN]
    p.W[row, 0], p.W[row, 1] = opens, closes
    return price if put_in(p, s, v, o, h, r, k, store) else NEVER_PRICE


@jit
def _try(p: Encoded, s: Routes, g: int, t: int, spared: int, bound: int, rng: Ints, marked: Ints) -> int:
    """Put the group, but for visit `spared`, in with its first member started at `t`, or now and then later.

    Returns:
        Its price, what stays out included.
    """
    first, spent, touched, before = p.GM[g, 0], 0, s.DF[-1], 0
    for k in range(touched):
        before += s.RC[s.DF[k], C_COST]
    # the cheapest for one may leave nobody for the next: look away now and then, in a small problem often
    if p.G[G_VISITS] <= SMALL:
        blink = BLINK_SHARE if below(rng, 2) == 0 else BLIND_SHARE
    else:
        blink = RARE_SHARE if below(rng, RARELY) > 0 else BLINK_SHARE
    # who waits for several goes in before all but one of them, or after all: neither order finds every plan
    members = p.MT if p.GM[g, 2] == 1 and below(rng, 2) == 0 else p.ME
    # members pinned at once are found places around, members that may still move make room
    loose = below(rng, LOOSE_SHARE) == 0
    for m in range(first, p.GM[g, 1]):
        v = members[m]
        low, high = span_of(p, s, v)
        if m == first:
            low, high = t, FAR if below(rng, OPEN_SHARE) == 0 else t
        if v == spared or low > high or _hopeless(p, s, members, m):
            continue
        worth = min(p.V[v, V_LEFT_OUT] + _others(p, g, v), bound - spent)
        price = put_member(p, s, v, low, high, worth, rng, blink)
        if price == NEVER_PRICE:
            continue
        if not in_time(p, s, g):
            marked[v] = 1
            take_out(p, s, s.RV[v], marked)
            continue
        spent += price
        if not loose and p.V[v, V_FLOAT] == 0:
            pin(p, v, start_of(s, v))
            refresh(p, s, s.RV[v])
    mend_group(p, s, g, marked)
    bind(p, s, g)
    total = max(0, latest(p, s) - s.WO[0]) if p.G[G_OBJECTIVE] == HOME_CARE else 0
    for k in range(s.DF[-1]):
        total += s.RC[s.DF[k], C_COST]
        if k >= touched:
            before += s.BC[s.DF[k]]
    for m in range(first, p.GM[g, 1]):
        if s.RV[p.ME[m]] < 0:
            total += p.V[p.ME[m], V_LEFT_OUT]
    return total - before


@jit
def _hopeless(p: Encoded, s: Routes, members: Ints, m: int) -> bool:
    """Whether a linked visit that comes before the `m`-th of `members` and had its turn is not placed."""
    v = members[m]
    for i in range(p.V[v, V_LINK], p.V[v, V_LINK_END]):
        k = p.LI[i]
        if p.LK[k, K_SECOND] == v and s.RV[p.LK[k, K_FIRST]] < 0:
            for n in range(p.GM[p.V[v, V_GROUP], 0], m):
                if members[n] == p.LK[k, K_FIRST]:
                    return True
    return False


@jit
def _others(p: Encoded, g: int, v: int) -> int:
    """What it may be worth to the rest of the group that `v` is done: 0 when no other needs it."""
    needed = False
    for i in range(p.V[v, V_LINK], p.V[v, V_LINK_END]):
        k = p.LI[i]
        needed = needed or p.LK[k, K_FIRST] == v or p.LK[k, K_BOTH] == 1
    worth = 0
    if not needed:
        return worth
    for m in range(p.GM[g, 0], p.GM[g, 1]):
        if p.ME[m] != v:
            worth += p.V[p.ME[m], V_LEFT_OUT]
    return worth


@entry
def put_group(p: Encoded, s: Routes, g: int, rng: Ints, marked: Ints) -> None:
    """Put a waiting group in where it is cheapest, for some starts of its first member; or leave it out."""
    out = 0
    for m in range(p.GM[g, 0], p.GM[g, 1]):
        out += p.V[p.ME[m], V_LEFT_OUT]
    count = list_starts(p, s, g, rng)
    best, chosen, luck, going_on = out, -1, 0, 0
    tries, spared = min(count, TRIES + 1), -1
    if below(rng, SPARE_SHARE) == 0:  # a visit that need not be done is left out for once
        v = p.ME[p.GM[g, 0] + below(rng, p.GM[g, 1] - p.GM[g, 0])]
        if p.V[v, V_ALONE] == 1:
            spared = v
    for i in range(tries):
        if i > 0:  # a random one of those left
            j = i + below(rng, count - i)
            s.GT[i], s.GT[j] = s.GT[j], s.GT[i]
        before = rng[0]
        price = _try(p, s, g, s.GT[i], spared, best, rng, marked)
        if price < best:
            best, chosen, luck = price, s.GT[i], before
        take_out_group(p, s, g, marked)
    if chosen >= 0:  # with the same luck once more
        going_on, rng[0] = rng[0], luck
        _try(p, s, g, chosen, spared, best + 1, rng, marked)
        rng[0] = going_on


@jit
def put_waiting(p: Encoded, s: Routes, v: int, rng: Ints, marked: Ints) -> None:
    """Put in waiting linked visit `v`: alone when others of its group are on routes, else with the whole group."""
    g = p.V[v, V_GROUP]
    if s.GS[g] == 1:
        return
    placed = 0
    for m in range(p.GM[g, 0], p.GM[g, 1]):
        placed += s.RV[p.ME[m]] >= 0
    if placed == 0:
        s.GS[g] = 1
        put_group(p, s, g, rng, marked)
    elif not lacks(p, s, v):
        low, high = span_of(p, s, v)
        if low <= high:
            blink = BLINK_SHARE if p.G[G_VISITS] <= SMALL else RARE_SHARE
            price = put_member(p, s, v, low, high, p.V[v, V_LEFT_OUT], rng, blink)
            if price < NEVER_PRICE and not in_time(p, s, g):
                marked[v] = 1
                take_out(p, s, s.RV[v], marked)
            bind(p, s, g)
