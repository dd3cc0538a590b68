"""What it would cost to put one visit, one pick-up or both into one route, without changing it.

Two ways with the same answer: `walk` steps through the rest of the route with every rule, and stops as
soon as the times are as before or the bound is passed; benchmarks without breaks and with one window per
visit join remembered stretches instead, in constant time.

Rows are those of a route's memory: inserting "after row r" puts a token between row r and row r + 1.
"""

from __future__ import annotations

from dispatch.solve.layout import (
    A_BREAK,
    A_LATE,
    A_LATEST,
    A_LEAVE,
    A_METRES,
    A_PLACE,
    A_PRE_D,
    A_PRE_E,
    A_PRE_L,
    A_START,
    A_SUF_D,
    A_SUF_E,
    A_SUF_L,
    A_TRAVEL,
    C_COST,
    FAR,
    G_LONGEST,
    G_OBJECTIVE,
    G_SIMPLE,
    G_STORES,
    G_TICKS,
    H_BRK_END,
    H_END_PLACE,
    H_LAST,
    H_START,
    HOME_CARE,
    NEVER_PRICE,
    NOWHERE,
    O_FIXED,
    O_WIN,
    O_WIN_END,
    S_PICK_UP,
    S_PLACE,
    S_WIN,
    S_WIN_END,
    V_ARR_DUE,
    V_PLACE,
    V_SERVICE,
    WORKING_TIME,
    Encoded,
    Ints,
    Routes,
)
from dispatch.solve.luck import chance
from dispatch.solve.stretch import join, join_both
from dispatch.solve.supply import store_suffices, van_suffices
from dispatch.solve.timing import (
    go_home,
    inlined,
    jit,
    least_leg,
    merge,
    own_price,
    route_price,
    schedule,
    step,
)


@inlined
def walk(
    p: Encoded,
    s: Routes,
    h: int,
    v: int,
    o: int,
    r: int,
    k: int,
    store: int,
    travel: int,
    metres: int,
    bound: int,
) -> int:
    """Price of route `h` with visit `v` (option `o`, -1: none) after row `r` and a pick-up after row `k` <= `r`.

    `k` -1: no pick-up is added. `travel` and `metres` are the changed route's totals, known beforehand.

    Returns:
        The changed route's price; `NEVER_PRICE` when it is not possible or not below `bound`.
    """
    T, V, O, B, SI, H, G = p.T, p.V, p.O, p.B, p.SI, p.H, p.G  # noqa: E741 array names of the layout
    if G[G_OBJECTIVE] == WORKING_TIME:
        return _whole(p, s, h, v, o, r, k, store, bound)
    n, A, R, PQ, PC, day = s.L[h], s.A[h], s.R[h], p.PQ, p.PC, 86400 * G[G_TICKS]
    i = k if k >= 0 else r
    pick, visit = k >= 0, v >= 0
    place, t, b, late = A[i, A_PLACE], A[i, A_LEAVE], A[i, A_BREAK], A[i, A_LATE]
    b_end, end_late = H[h, H_BRK_END], A[n + 1, A_LATE]
    room = bound - route_price(G, H, h, travel, metres, 0, 0, 0)
    # home care: what the plan's latest start would get worse by; routes beside this one are not looked at
    caring, worst = G[G_OBJECTIVE] == HOME_CARE, 0
    while True:
        first, last, known, price = 0, 0, 0, 0
        if pick and i == k:
            pick = False
            there, work = SI[store, S_PLACE], SI[store, S_PICK_UP]
            first, last = SI[store, S_WIN], SI[store, S_WIN_END]
        elif visit and i == r:
            visit = False
            there, work, first, last = V[v, V_PLACE], V[v, V_SERVICE], O[o, O_WIN], O[o, O_WIN_END]
            known = 1
        elif i < n:
            token = R[i]
            i += 1
            known = 2
            if token >= 0:
                q = s.PO[token]
                there, work, first, last = (
                    V[token, V_PLACE],
                    V[token, V_SERVICE],
                    O[q, O_WIN],
                    O[q, O_WIN_END],
                )
            else:
                there, work = SI[-1 - token, S_PLACE], SI[-1 - token, S_PICK_UP]
                first, last = SI[-1 - token, S_WIN], SI[-1 - token, S_WIN_END]
        else:
            break
        _, start, before, on_site = step(p.W, PC, first, last, B, b, b_end, t, T[place, there], work)
        if start < 0:
            return NEVER_PRICE
        b += before + on_site
        if known == 1:
            price = own_price(V, O, v, o, start, day) + PQ[v, h]
            if caring:
                worst = max(worst, start - V[v, V_ARR_DUE])
        elif known == 2:
            if start > A[i, A_LATEST]:
                return NEVER_PRICE
            if start == A[i, A_START] and b == A[i, A_BREAK] and not pick and not visit:
                late += end_late - A[i - 1, A_LATE]
                total = route_price(G, H, h, travel, metres, A[n + 1, A_START], late, 0)
                if caring:
                    total += max(0, worst - s.WO[0])
                return total if total < bound else NEVER_PRICE
            if token >= 0:
                price = own_price(V, O, token, s.PO[token], start, day) + PQ[token, h]
                if caring:
                    worst = max(worst, start - V[token, V_ARR_DUE])
        late += price
        if late + end_late - A[i, A_LATE] >= room:
            return NEVER_PRICE
        place, t = there, start + work
    end, _ = go_home(PC, B, b, b_end, t, T[place, H[h, H_END_PLACE]])
    if end < 0 or end > H[h, H_LAST]:
        return NEVER_PRICE
    total = route_price(G, H, h, travel, metres, end, late, 0)
    if caring:
        total += max(0, worst - s.WO[0])
    return total if total < bound else NEVER_PRICE


@jit
def _whole(p: Encoded, s: Routes, h: int, v: int, o: int, r: int, k: int, store: int, bound: int) -> int:
    count, tokens = 0, s.TT
    for i in range(s.L[h] + 1):
        if i == k:
            tokens[count] = -1 - store
            count += 1
        if v >= 0 and i == r:
            tokens[count] = v
            count += 1
        if i < s.L[h]:
            tokens[count] = s.R[h, i]
            count += 1
    if v >= 0:
        s.PO[v] = o
    if schedule(p, h, tokens, count, s.PO, s.TM, s.TC) and s.TC[C_COST] < bound:
        return int(s.TC[C_COST])
    return NEVER_PRICE


@jit
def price_with_pick_up(p: Encoded, s: Routes, h: int, k: int, store: int, bound: int) -> int:
    """Price of route `h` with a pick-up at `store` after row `k`; `NEVER_PRICE` when not below `bound`."""
    T, D, SI, H, G = p.T, p.D, p.SI, p.H, p.G
    n, A, there = s.L[h], s.A[h], SI[store, S_PLACE]
    here, after = A[k, A_PLACE], A[k + 1, A_PLACE]
    to, on = T[here, there], T[there, after]
    if to >= FAR or on >= FAR:
        return NEVER_PRICE
    travel = A[n + 1, A_TRAVEL] + to + on - T[here, after]
    metres = A[n + 1, A_METRES] + D[here, there] + D[there, after] - D[here, after]
    if G[G_SIMPLE] == 0:
        return walk(p, s, h, -1, -1, k, k, store, travel, metres, bound)
    d, e, x = merge(
        A[k, A_PRE_D], A[k, A_PRE_E], A[k, A_PRE_L], to, SI[store, S_PICK_UP], H[h, H_START], H[h, H_LAST]
    )
    if x < e:
        return NEVER_PRICE
    d, e, x = merge(d, e, x, on, A[k + 1, A_SUF_D], A[k + 1, A_SUF_E], A[k + 1, A_SUF_L])
    if x < e:
        return NEVER_PRICE
    total = route_price(G, H, h, travel, metres, d, 0, 0)
    return total if total < bound else NEVER_PRICE


@inlined
def best_in_route(
    p: Encoded, s: Routes, v: int, o: int, h: int, bound: int, rng: Ints, blink: int
) -> tuple[int, int, int, int]:
    """Cheapest way to put visit `v` with option `o` into route `h`, dearer ones than `bound` left aside.

    `blink`: one position in so many is overlooked (0: none), as in slack induction by string removals.

    Returns:
        (price difference, row to insert after, row the new pick-up goes after or -1, its store or -1).
    """
    G = p.G
    if s.L[h] + 2 >= G[G_LONGEST]:
        return NOWHERE
    simple = G[G_SIMPLE] == 1
    n, pick = s.L[h], -1
    if G[G_STORES] > 0:
        for i in range(n):
            if s.R[h, i] < 0:
                pick = i
    own = van_suffices(p, s, v, o, h)
    best = NOWHERE
    top = bound + s.RC[h, C_COST]
    if pick >= 0:
        after = store_suffices(p, s, v, o, h, -1 - s.R[h, pick])
        low = 0 if own else pick + 1
        high = n if after else pick
        if low <= high:
            if simple:
                best = join(p, s, v, o, h, low, high, top, rng, blink)
            else:
                best = _try_rows(p, s, v, o, h, low, high, top, rng, blink)
    elif own:
        if simple:
            best = join(p, s, v, o, h, 0, n, top, rng, blink)
        else:
            best = _try_rows(p, s, v, o, h, 0, n, top, rng, blink)
    else:
        for store in range(G[G_STORES]):
            if store_suffices(p, s, v, o, h, store):
                if simple:
                    found = join_both(p, s, v, o, h, store, top, rng, blink)
                else:
                    found = _try_both(p, s, v, o, h, store, top, rng, blink)
                if found[0] < top:
                    best = found
                    top = found[0]
    if best[0] < NEVER_PRICE:
        return best[0] - s.RC[h, C_COST], best[1], best[2], best[3]
    return best


@jit
def cheapest_in_route(
    p: Encoded, s: Routes, v: int, o: int, h: int, bound: int, rng: Ints, blink: int
) -> tuple[int, int, int, int]:
    """`best_in_route`, compiled once: for callers that are not in the innermost loop."""
    return best_in_route(p, s, v, o, h, bound, rng, blink)


@inlined
def _try_rows(
    p: Encoded, s: Routes, v: int, o: int, h: int, low: int, high: int, top: int, rng: Ints, blink: int
) -> tuple[int, int, int, int]:
    T, D, V, O, W, H, G = p.T, p.D, p.V, p.O, p.W, p.H, p.G  # noqa: E741 array names of the layout
    n, A, day, fixed = s.L[h], s.A[h], 86400 * G[G_TICKS], O[o, O_FIXED] + p.PQ[v, h]
    there, work, first, last = V[v, V_PLACE], V[v, V_SERVICE], O[o, O_WIN], O[o, O_WIN_END]
    closes = W[last - 1, 1]
    best = NOWHERE
    for r in range(low, high + 1):
        if A[r, A_LEAVE] >= closes:
            break
        here, after = A[r, A_PLACE], A[r + 1, A_PLACE]
        to, on = T[here, there], T[there, after]
        if to >= FAR or on >= FAR:
            continue
        travel = A[n + 1, A_TRAVEL] + to + on - (A[r + 1, A_TRAVEL] - A[r, A_TRAVEL])
        metres = A[n + 1, A_METRES] + D[here, there] + D[there, after] - (A[r + 1, A_METRES] - A[r, A_METRES])
        late = A[n + 1, A_LATE] + fixed
        floor = route_price(G, H, h, travel, metres, 0, late, 0)
        if floor >= top or chance(rng, blink):
            continue
        _, start, _, _ = step(
            W, p.PC, first, last, p.B, A[r, A_BREAK], H[h, H_BRK_END], A[r, A_LEAVE], to, work
        )
        if start < 0 or start + work + least_leg(G, on) > A[r + 1, A_LATEST]:
            continue
        if floor - O[o, O_FIXED] + own_price(V, O, v, o, start, day) >= top:
            continue
        price = walk(p, s, h, v, o, r, -1, -1, travel, metres, top)
        if price < top:
            top = price
            best = (price, r, -1, -1)
    return best


@inlined
def _try_both(
    p: Encoded, s: Routes, v: int, o: int, h: int, store: int, top: int, rng: Ints, blink: int
) -> tuple[int, int, int, int]:
    """Visit after each row, with a pick-up right before it or at the cheapest detour further ahead."""
    T, D, O = p.T, p.D, p.O  # noqa: E741 array names of the layout
    n, A = s.L[h], s.A[h]
    there, shelf = p.V[v, V_PLACE], p.SI[store, S_PLACE]
    closes = p.W[O[o, O_WIN_END] - 1, 1]
    best = NOWHERE
    ahead, ahead_detour = -1, FAR
    for r in range(n + 1):
        if A[r, A_LEAVE] >= closes:
            break
        here, after = A[r, A_PLACE], A[r + 1, A_PLACE]
        detour = T[here, shelf] + T[shelf, after] - T[here, after]
        for close in range(2):
            k = r if close == 1 else ahead
            if k < 0:
                continue
            if close == 1:
                more = T[here, shelf] + T[shelf, there] + T[there, after] - T[here, after]
                far = D[here, shelf] + D[shelf, there] + D[there, after] - D[here, after]
            else:
                x, y = A[k, A_PLACE], A[k + 1, A_PLACE]
                more = ahead_detour + T[here, there] + T[there, after] - T[here, after]
                far = D[here, there] + D[there, after] - D[here, after]
                far += D[x, shelf] + D[shelf, y] - D[x, y]
            travel, metres = A[n + 1, A_TRAVEL] + more, A[n + 1, A_METRES] + far
            if travel >= FAR:
                continue
            late = A[n + 1, A_LATE] + O[o, O_FIXED] + p.PQ[v, h]
            if route_price(p.G, p.H, h, travel, metres, 0, late, 0) >= top or chance(rng, blink):
                continue
            price = walk(p, s, h, v, o, r, k, store, travel, metres, top)
            if price < top:
                top = price
                best = (price, r, k, store)
        if detour < ahead_detour:
            ahead, ahead_detour = r, detour
    return best
