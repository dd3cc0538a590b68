"""When a group could start: starts of its first member worth trying."""

from __future__ import annotations

from dispatch.solve.layout import (
    A_BREAK,
    A_LEAVE,
    A_PLACE,
    FAR,
    G_SHIFTS,
    G_STORES,
    H_BRK_END,
    O_TRUE,
    O_TRUE_END,
    S_PICK_UP,
    S_PLACE,
    S_WIN,
    S_WIN_END,
    V_LEAST,
    V_MOST,
    V_OPT,
    V_OPT_END,
    V_PIN,
    V_PLACE,
    V_SERVICE,
    Encoded,
    Ints,
    Routes,
)
from dispatch.solve.ruin import below
from dispatch.solve.timing import fit, jit, step


@jit
def list_starts(p: Encoded, s: Routes, g: int, rng: Ints) -> int:
    """Starts of the group's first member that make some member start as soon as it can; gives how many.

    The soonest comes first; of more than there is room for, a random choice.
    """
    root, seen, count, soonest = p.ME[p.GM[g, 0]], 0, 0, FAR
    for m in range(p.GM[g, 0], p.GM[g, 1]):
        v = p.ME[m]
        for side in range(2):
            away = p.V[v, V_LEAST] if side == 0 else p.V[v, V_MOST]
            if abs(away) >= FAR or (side == 1 and away == p.V[v, V_LEAST]):
                continue
            for o in range(p.V[v, V_OPT], p.V[v, V_OPT_END]):
                for h in range(p.G[G_SHIFTS]):
                    if p.C[v, h] == 0:
                        continue
                    for k in range((s.L[h] + 1) * (1 + p.G[G_STORES])):
                        t = start_after(p, s, v, o, h, k % (s.L[h] + 1), k // (s.L[h] + 1) - 1, 0)
                        if t >= 0:
                            t = _root_start(p, root, max(0, t - away))
                        if t < 0 or t == soonest:
                            continue
                        if t < soonest:
                            t, soonest = soonest, t
                        seen, count = _remember_start(s, t, seen, count, rng)
    if soonest >= FAR:
        return 0
    s.GT[count] = soonest if count == 0 else s.GT[0]
    s.GT[0] = soonest
    return _list_later(p, s, g, count + 1, seen, rng)


@jit
def _remember_start(s: Routes, t: int, seen: int, count: int, rng: Ints) -> tuple[int, int]:
    """Remember a start, or, when there is no room, a random choice of those seen; gives seen and count anew."""
    if t >= FAR:
        return seen, count
    for i in range(count):
        if s.GT[i] == t:
            return seen, count
    if count < len(s.GT) - 1:
        s.GT[count] = t
        return seen + 1, count + 1
    i = below(rng, seen + 1)
    if i < count:
        s.GT[i] = t
    return seen + 1, count


@jit
def _list_later(p: Encoded, s: Routes, g: int, count: int, seen: int, rng: Ints) -> int:
    """Add starts at which a member can follow one of the starts listed that it cannot keep itself."""
    from_t = s.GT[below(rng, count)]
    for m in range(p.GM[g, 0] + 1, p.GM[g, 1]):
        v = p.ME[m]
        away = p.V[v, V_LEAST]
        if away != p.V[v, V_MOST] or abs(away) >= FAR:
            continue
        o = p.V[v, V_OPT]
        if o == p.V[v, V_OPT_END]:
            continue
        for h in range(p.G[G_SHIFTS]):
            if p.C[v, h] == 0:
                continue
            for r in range(s.L[h] + 1):
                t = start_after(p, s, v, o, h, r, -1, from_t + away)
                if t > from_t + away:
                    seen, count = _remember_start(s, t - away, seen, count, rng)
    return count


@jit
def start_after(p: Encoded, s: Routes, v: int, o: int, h: int, r: int, store: int, low: int) -> int:
    """Soonest start of `v` after row `r` of route `h` and a pick-up (`store` -1: none), by its own windows; -1: none.

    With `low` > 0 not before it; then with the row of W that is the visit's, so it must wait.
    """
    A, SI = s.A[h], p.SI
    here, b, t, b_end = A[r, A_PLACE], A[r, A_BREAK], A[r, A_LEAVE], p.H[h, H_BRK_END]
    if store >= 0:
        there, work = SI[store, S_PLACE], SI[store, S_PICK_UP]
        first, end = SI[store, S_WIN], SI[store, S_WIN_END]
        _, start, before, on_site = step(p.W, p.PC, first, end, p.B, b, b_end, t, p.T[here, there], work)
        if start < 0:
            return -1
        here, b, t = there, b + before + on_site, start + work
    leg, work = p.T[here, p.V[v, V_PLACE]], p.V[v, V_SERVICE]
    _, start, _, _ = step(p.W, p.PC, p.O[o, O_TRUE], p.O[o, O_TRUE_END], p.B, b, b_end, t, leg, work)
    if low > start >= 0:
        row = p.V[v, V_PIN]
        p.W[row, 0], p.W[row, 1] = low, FAR
        _, start, _, _ = step(p.W, p.PC, row, row + 1, p.B, b, b_end, t, leg, work)
        if start >= 0 and fit(p.W, p.O[o, O_TRUE], p.O[o, O_TRUE_END], start) != start:
            return -1
    return int(start)


@jit
def _root_start(p: Encoded, root: int, t: int) -> int:
    """Soonest start of the first member at or after `t` in the windows of any of its options; -1: none."""
    found = -1
    for o in range(p.V[root, V_OPT], p.V[root, V_OPT_END]):
        start = fit(p.W, p.O[o, O_TRUE], p.O[o, O_TRUE_END], t)
        if start >= 0 and (found < 0 or start < found):
            found = start
    return found
