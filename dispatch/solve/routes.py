"""The routes being changed: what is remembered along each, and undoing a step.

`refresh` recomputes one route's memory. A step first `touch`es each route it changes, so `roll_back`
can restore it, and ends with `keep`.
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
    C_BUSY,
    C_COST,
    C_DEPART,
    C_END,
    C_LATE,
    C_METRES,
    C_TRAVEL,
    C_WORST,
    G_OBJECTIVE,
    G_SHIFTS,
    G_SIMPLE,
    G_TICKS,
    H_BRK,
    H_BRK_END,
    H_END_PLACE,
    H_LAST,
    H_START,
    H_START_PLACE,
    O_WIN,
    O_WIN_END,
    S_PICK_UP,
    S_PLACE,
    S_WIN,
    S_WIN_END,
    V_ARR_DUE,
    V_PIN,
    V_PLACE,
    V_SERVICE,
    WORKING_TIME,
    Encoded,
    Routes,
)
from dispatch.solve.supply import release, take_again
from dispatch.solve.timing import (
    entry,
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


@entry
def clear(p: Encoded, s: Routes) -> None:
    """Empty every route; all visits wait."""
    for h in range(p.G[G_SHIFTS]):
        s.L[h] = 0
        s.DM[h] = 0
        refresh(p, s, h)
        s.SU[h] = 0
    s.DF[-1] = 0
    for v in range(len(s.RV)):
        s.RV[v], s.PO[v], s.NM[v] = -1, -1, 0
    for item in range(p.CV.shape[1]):
        for e in range(p.CV.shape[0]):
            s.VL[e, item] = p.CV[e, item]
        for store in range(p.CS.shape[0]):
            s.SL[store, item] = p.CS[store, item]
    for offer in range(len(p.CO)):
        s.OL[offer] = p.CO[offer]
    list_waiting(s)


@jit
def list_waiting(s: Routes) -> None:
    """Make the waiting list anew: every visit without a route, in order."""
    count = 0
    for v in range(len(s.RV)):
        s.IU[v] = 0
        if s.RV[v] < 0:
            s.U[count] = v
            s.IU[v] = 1
            count += 1
    s.U[-1] = count


@inlined
def pin(p: Encoded, v: int, start: int) -> None:
    """Let a linked visit start at `start` and at no other time; nothing for any other visit."""
    row = p.V[v, V_PIN]
    if row >= 0:
        p.W[row, 0], p.W[row, 1] = start, start + 1


@jit
def pick_up_at(s: Routes, h: int) -> int:
    """Index of the pick-up among the tokens of route `h`, -1: none."""
    for i in range(s.L[h]):
        if s.R[h, i] < 0:
            return i
    return -1


@jit
def refresh(p: Encoded, s: Routes, h: int) -> bool:
    """Recompute the memory of route `h` from its tokens; False: its times are not possible."""
    n = s.L[h]
    A = s.A[h]
    A[0, A_PLACE], A[0, A_LEAVE], A[0, A_BREAK] = p.H[h, H_START_PLACE], p.H[h, H_START], p.H[h, H_BRK]
    A[0, A_LATE], A[0, A_TRAVEL], A[0, A_METRES], A[0, A_START] = 0, 0, 0, p.H[h, H_START]
    A[0, A_PRE_D], A[0, A_PRE_E], A[0, A_PRE_L] = 0, p.H[h, H_START], p.H[h, H_LAST]
    A[n + 1, A_PLACE], A[n + 1, A_LATEST] = p.H[h, H_END_PLACE], p.H[h, H_LAST]
    A[n + 1, A_SUF_D], A[n + 1, A_SUF_E], A[n + 1, A_SUF_L] = 0, p.H[h, H_START], p.H[h, H_LAST]
    s.RC[h, C_COST], s.RC[h, C_TRAVEL], s.RC[h, C_METRES], s.RC[h, C_LATE] = 0, 0, 0, 0
    s.RC[h, C_WORST], s.RC[h, C_BUSY] = 0, 0
    s.RC[h, C_END] = p.H[h, H_START]
    if n == 0:
        A[1, A_TRAVEL] = p.T[A[0, A_PLACE], A[1, A_PLACE]]
        A[1, A_METRES], A[1, A_LATE] = p.D[A[0, A_PLACE], A[1, A_PLACE]], 0
        A[1, A_START] = p.H[h, H_START] + A[1, A_TRAVEL]
        return True
    return _forward(p, s, h) and _backward(p, s, h)


@jit
def _forward(p: Encoded, s: Routes, h: int) -> bool:
    n, A, R = s.L[h], s.A[h], s.R[h]
    simple, day = p.G[G_SIMPLE] == 1, 86400 * p.G[G_TICKS]
    place, t, b, b_end = A[0, A_PLACE], A[0, A_LEAVE], A[0, A_BREAK], p.H[h, H_BRK_END]
    late, travel, metres, worst, busy = 0, 0, 0, 0, 0
    for i in range(n):
        token = R[i]
        first, end, work, price = 0, 0, 0, 0
        if token >= 0:
            o = s.PO[token]
            there, work, first, end = (
                p.V[token, V_PLACE],
                p.V[token, V_SERVICE],
                p.O[o, O_WIN],
                p.O[o, O_WIN_END],
            )
        else:
            there, work = p.SI[-1 - token, S_PLACE], p.SI[-1 - token, S_PICK_UP]
            first, end = p.SI[-1 - token, S_WIN], p.SI[-1 - token, S_WIN_END]
        leg = p.T[place, there]
        _, start, before, on_site = step(p.W, p.PC, first, end, p.B, b, b_end, t, leg, work)
        if start < 0:
            return False
        b += before + on_site
        if token >= 0:
            price = own_price(p.V, p.O, token, s.PO[token], start, day) + p.PQ[token, h]
            worst = max(worst, start - p.V[token, V_ARR_DUE])
        late += price
        busy += work
        travel += leg
        metres += p.D[place, there]
        row = i + 1
        A[row, A_PLACE], A[row, A_START], A[row, A_LEAVE], A[row, A_BREAK] = there, start, start + work, b
        A[row, A_LATE], A[row, A_TRAVEL], A[row, A_METRES] = late, travel, metres
        if simple:
            open_s, last_s = p.H[h, H_START], p.H[h, H_LAST]
            if end > first:
                open_s, last_s = p.W[first, 0], p.W[first, 1] - 1
            A[row, A_PRE_D], A[row, A_PRE_E], A[row, A_PRE_L] = merge(
                A[row - 1, A_PRE_D], A[row - 1, A_PRE_E], A[row - 1, A_PRE_L], leg, work, open_s, last_s
            )
        place, t = there, start + work
    leg = p.T[place, p.H[h, H_END_PLACE]]
    home, _ = go_home(p.PC, p.B, b, b_end, t, leg)
    if home < 0 or home > p.H[h, H_LAST]:
        return False
    travel += leg
    metres += p.D[place, p.H[h, H_END_PLACE]]
    A[n + 1, A_START], A[n + 1, A_LATE], A[n + 1, A_TRAVEL], A[n + 1, A_METRES] = home, late, travel, metres
    depart = p.H[h, H_START]
    if p.G[G_OBJECTIVE] == WORKING_TIME:
        if simple:
            duration, _, _ = merge(
                A[n, A_PRE_D], A[n, A_PRE_E], A[n, A_PRE_L], leg, 0, A[n + 1, A_SUF_E], A[n + 1, A_SUF_L]
            )
            depart = home - duration
        else:
            schedule(p, h, R, n, s.PO, s.TM, s.RC[h])
            depart = s.RC[h, C_DEPART]
    s.RC[h, C_TRAVEL], s.RC[h, C_METRES], s.RC[h, C_END], s.RC[h, C_LATE] = travel, metres, home, late
    s.RC[h, C_WORST], s.RC[h, C_BUSY] = worst, busy
    s.RC[h, C_COST] = route_price(p.G, p.H, h, travel, metres, home, late, depart)
    return True


@jit
def _backward(p: Encoded, s: Routes, h: int) -> bool:
    """Latest starts, breaks left aside, and the stretches from each token to the end."""
    n, A, R = s.L[h], s.A[h], s.R[h]
    simple = p.G[G_SIMPLE] == 1
    for k in range(n):
        row = n - k
        token = R[row - 1]
        open_s, last_s, work = p.H[h, H_START], p.H[h, H_LAST], 0
        if token >= 0:
            o = s.PO[token]
            work = p.V[token, V_SERVICE]
            if p.O[o, O_WIN_END] > p.O[o, O_WIN]:
                open_s, last_s = p.W[p.O[o, O_WIN], 0], p.W[p.O[o, O_WIN_END] - 1, 1] - 1
        else:
            work = p.SI[-1 - token, S_PICK_UP]
            if p.SI[-1 - token, S_WIN_END] > p.SI[-1 - token, S_WIN]:
                last_s = p.W[p.SI[-1 - token, S_WIN_END] - 1, 1] - 1
        leg = p.T[A[row, A_PLACE], A[row + 1, A_PLACE]]
        A[row, A_LATEST] = min(last_s, A[row + 1, A_LATEST] - least_leg(p.G, leg) - work)
        if simple:
            A[row, A_SUF_D], A[row, A_SUF_E], A[row, A_SUF_L] = merge(
                work, open_s, last_s, leg, A[row + 1, A_SUF_D], A[row + 1, A_SUF_E], A[row + 1, A_SUF_L]
            )
    return True


@jit
def latest(p: Encoded, s: Routes) -> int:
    """Ticks the latest start of all lies after its due time."""
    worst = 0
    for h in range(p.G[G_SHIFTS]):
        worst = max(worst, s.RC[h, C_WORST])
    return int(worst)


@jit
def touch(p: Encoded, s: Routes, h: int) -> None:
    """Before route `h` is changed: remember it once per step, and give back what it holds."""
    if s.DM[h] == 0:
        s.DM[h] = 1
        s.DF[s.DF[-1]] = h
        s.DF[-1] += 1
        s.BL[h] = s.L[h]
        s.BC[h] = s.RC[h, C_COST]
        for i in range(s.L[h]):
            token = s.R[h, i]
            s.BR[h, i] = token
            if token >= 0:
                s.BO[h, i], s.BM[h, i] = s.PO[token], s.NM[token]
                if p.V[token, V_PIN] >= 0:
                    s.BP[h, i], s.BQ[h, i] = p.W[p.V[token, V_PIN], 0], p.W[p.V[token, V_PIN], 1]
    release(p, s, h)


@entry
def keep(s: Routes) -> None:
    """Accept the step: forget the remembered routes."""
    for k in range(s.DF[-1]):
        s.DM[s.DF[k]] = 0
    s.DF[-1] = 0


@entry
def roll_back(p: Encoded, s: Routes) -> None:
    """Refuse the step: every touched route is again as it was."""
    for k in range(s.DF[-1]):
        h = s.DF[k]
        release(p, s, h)
        for i in range(s.L[h]):
            if s.R[h, i] >= 0:
                s.RV[s.R[h, i]] = -1
    for k in range(s.DF[-1]):
        h = s.DF[k]
        s.L[h] = s.BL[h]
        for i in range(s.L[h]):
            token = s.BR[h, i]
            s.R[h, i] = token
            if token >= 0:
                s.RV[token], s.PO[token], s.NM[token] = h, s.BO[h, i], s.BM[h, i]
                if p.V[token, V_PIN] >= 0:
                    p.W[p.V[token, V_PIN], 0], p.W[p.V[token, V_PIN], 1] = s.BP[h, i], s.BQ[h, i]
        take_again(p, s, h)
        refresh(p, s, h)
    keep(s)
    list_waiting(s)
