"""Time and price of a route: the one place of the compiled search that knows how a day passes.

Search, insertion and the finished plan all step through a route with `step`. Times are ticks, prices
cents (or ticks, for benchmark objectives).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
import numpy as np
from numba import types

from dispatch.solve.layout import (
    BY_VISIT,
    C_COST,
    C_DEPART,
    C_END,
    C_LATE,
    C_METRES,
    C_TRAVEL,
    C_WORST,
    DISTANCE,
    FAR,
    G_FASTEST,
    G_KM,
    G_OBJECTIVE,
    G_OVERTIME_HOUR,
    G_PACED,
    G_TICKS,
    G_TRAVEL_HOUR,
    G_VEHICLE,
    H_BRK,
    H_BRK_END,
    H_CALL_OUT,
    H_END,
    H_END_PLACE,
    H_LAST,
    H_START,
    H_START_PLACE,
    HOME_CARE,
    MONEY,
    NO_LOANER,
    O_DAY,
    O_FIXED,
    O_LOANER,
    O_PLACED,
    O_STOPS,
    O_WIN,
    O_WIN_END,
    P_FROM,
    P_RATE,
    S_PICK_UP,
    S_PLACE,
    S_WIN,
    S_WIN_END,
    V_ARR_CENTS,
    V_ARR_DUE,
    V_ARR_PER,
    V_AWAY,
    V_PLACE,
    V_PRICED,
    V_REP_CENTS,
    V_REP_DUE,
    V_REP_PER,
    V_SERVICE,
    V_SUB_CENTS,
    V_SUB_DUE,
    V_SUB_PER,
    WORKING_TIME,
    Encoded,
    Ints,
)

F = TypeVar("F", bound=Callable[..., object])

_OPTIONS: dict[str, Any] = {
    "cache": True,
    "nogil": True,
    "error_model": "numpy",
    "boundscheck": False,
    "no_cfunc_wrapper": True,
    # Nothing here allocates, so reference counts are off: keeping them for every array touched made the
    # whole search eleven times slower (measured).
    "_nrt": False,
}


def jit(function: F) -> F:
    """Compile a function of the search that compiled code calls."""
    return _compiled(function, no_cpython_wrapper=True)


def entry(function: F) -> F:
    """Compile a function of the search that Python may call, too: taking the arrays apart for it costs time to compile."""
    return _compiled(function)


def inlined(function: F) -> F:
    """Compile into the caller: in the innermost loops a call costs more than the work."""
    return _compiled(function, forceinline=True)


def _compiled(function: F, **options: bool) -> F:
    """Compile once for all whole numbers: numba would make a version of its own for every constant passed by compiled code."""
    chosen: dict[str, Any] = {**_OPTIONS, **options}
    made: Any = numba.njit(**chosen)(function)
    template, plain_type = made.get_call_template, cast("Any", types.unliteral)

    def plain(args: tuple[Any, ...], named: dict[str, Any]) -> object:
        return template(tuple(map(plain_type, args)), {name: plain_type(one) for name, one in named.items()})

    made.get_call_template = plain
    return cast("F", made)


@inlined
def fit(W: Ints, first: int, end: int, t: int) -> int:
    """Earliest start at or after `t` in the windows [first, end); -1 when none is left. No windows: any time."""
    if first == end:
        return t if t < FAR else -1
    for w in range(first, end):
        if t < W[w, 1]:
            return int(max(t, W[w, 0]))
    return -1


@inlined
def drive(PC: Ints, t: int, travel: int) -> int:
    """When a way of `travel` ticks at full speed ends that begins at `t`; see `PlanningProblem.arrival`."""
    return t + travel if len(PC) == 0 else _paced(PC, t, travel)


@jit
def _paced(PC: Ints, t: int, travel: int) -> int:
    left, here = 1000 * travel, t
    for k in range(len(PC) - 1):
        until = PC[k + 1, P_FROM]
        if until <= here:
            continue
        rate = PC[k, P_RATE]
        needs = (left + rate - 1) // rate
        if here + needs <= until:
            return int(here + needs)
        left -= (until - here) * rate
        here = until
    rate = PC[len(PC) - 1, P_RATE]
    return int(here + (left + rate - 1) // rate)


@jit
def set_out(PC: Ints, t: int, travel: int) -> int:
    """The latest tick to begin a way of `travel` that is to end by `t`."""
    if len(PC) == 0:
        return t - travel
    left, here = 1000 * travel, t
    for j in range(len(PC) - 1):
        k = len(PC) - 1 - j
        since = PC[k, P_FROM]
        if since >= here:
            continue
        rate = PC[k, P_RATE]
        needs = (left + rate - 1) // rate
        if here - needs >= since:
            return int(here - needs)
        left -= (here - since) * rate
        here = since
    rate = PC[0, P_RATE]
    return int(here - (left + rate - 1) // rate)


@inlined
def least_leg(G: Ints, travel: int) -> int:
    """No leg of `travel` takes less than this, whenever it is driven."""
    if G[G_PACED] == 0:
        return travel
    return int((1000 * travel + G[G_FASTEST] - 1) // G[G_FASTEST])


@inlined
def step(
    W: Ints, PC: Ints, first: int, end: int, B: Ints, b: int, b_end: int, t: int, travel: int, work: int
) -> tuple[int, int, int, int]:
    """Go on from time `t` over a leg of `travel` to `work` that may start in the windows [first, end).

    Breaks b..b_end are still owed. One is taken as soon as it costs nothing (waiting covers it), and no
    later than the last moment it can begin; on site if the engineer is there in time, else before driving.

    Returns:
        (arrival, start of work, breaks taken before driving, breaks taken on site); start -1: not possible.
    """
    if travel >= FAR:
        return 0, -1, 0, 0
    arrive = drive(PC, t, travel)
    now = arrive
    before, on_site = 0, 0
    start = fit(W, first, end, now)
    while b < b_end and start >= 0:
        from_s, until_s, rest = B[b, 0], B[b, 1], B[b, 2]
        at_site = max(now, from_s)
        on_time = at_site < until_s
        free = on_time and fit(W, first, end, at_site + rest) == start
        if not free and start + work < until_s:
            break
        if on_time:
            now = at_site + rest
            on_site += 1
        else:
            at_last = max(t, from_s)
            if on_site > 0 or at_last >= until_s:
                return arrive, -1, before, on_site
            t = at_last + rest
            arrive = drive(PC, t, travel)
            now = arrive
            before += 1
        b += 1
        start = fit(W, first, end, now)
    return arrive, start, before, on_site


@inlined
def go_home(PC: Ints, B: Ints, b: int, b_end: int, t: int, travel: int) -> tuple[int, int]:
    """End of the route after the last work ended at `t`, and breaks taken before driving; end -1: not possible."""
    if travel >= FAR:
        return -1, 0
    taken = 0
    while b < b_end and drive(PC, t, travel) > B[b, 1]:
        rests_at = max(t, B[b, 0])
        if rests_at >= B[b, 1]:
            return -1, taken
        t = rests_at + B[b, 2]
        taken += 1
        b += 1
    return drive(PC, t, travel), taken


@inlined
def overdue(due: int, cents: int, per: int, at: int) -> int:
    """Price of meeting a milestone at `at`: `cents` for every started `per` after `due`."""
    if cents == 0 or at <= due:
        return 0
    return cents * ((at - due + per - 1) // per)


@inlined
def late_terms(V: Ints, O: Ints, v: int, o: int, start: int, day: int) -> tuple[int, int, int, int]:  # noqa: E741 array names of the layout
    """Cents for late arrival, late repair, late substitute and loaner days of visit `v` begun at `start`."""
    finish = start + V[v, V_SERVICE] + V[v, V_AWAY]
    arrive = overdue(V[v, V_ARR_DUE], V[v, V_ARR_CENTS], V[v, V_ARR_PER], start)
    placed, days = finish, 0
    if O[o, O_LOANER] != NO_LOANER:
        placed = start if O[o, O_LOANER] == BY_VISIT else O[o, O_PLACED]
        if finish > placed:
            days = O[o, O_DAY] * ((finish - placed + day - 1) // day)
    stands = min(finish, placed)
    met = stands if O[o, O_STOPS] == 1 else finish
    repair = overdue(V[v, V_REP_DUE], V[v, V_REP_CENTS], V[v, V_REP_PER], met)
    substitute = 0
    if finish > V[v, V_REP_DUE]:
        substitute = overdue(V[v, V_SUB_DUE], V[v, V_SUB_CENTS], V[v, V_SUB_PER], stands)
    return arrive, repair, substitute, days


@inlined
def own_price(V: Ints, O: Ints, v: int, o: int, start: int, day: int) -> int:  # noqa: E741 array names of the layout
    """All a visit itself costs on a route: lateness, loaner and deliveries."""
    if V[v, V_PRICED] == 0:
        return int(O[o, O_FIXED])
    arrive, repair, substitute, days = late_terms(V, O, v, o, start, day)
    return int(O[o, O_FIXED] + arrive + repair + substitute + days)


@inlined
def route_price(G: Ints, H: Ints, h: int, travel: int, metres: int, end: int, late: int, depart: int) -> int:
    """Price of a used route in the objective's unit, from its totals."""
    if G[G_OBJECTIVE] == MONEY:
        hour = 3600 * G[G_TICKS]
        over = max(0, end - H[h, H_END])
        return int(
            (travel * G[G_TRAVEL_HOUR] + hour - 1) // hour
            + (metres * G[G_KM] + 999) // 1000
            + (over * G[G_OVERTIME_HOUR] + hour - 1) // hour
            + H[h, H_CALL_OUT]
            + late
        )
    if G[G_OBJECTIVE] == WORKING_TIME:
        return end - depart
    if G[G_OBJECTIVE] == DISTANCE:
        return travel
    if G[G_OBJECTIVE] == HOME_CARE:
        return travel + late
    return int(G[G_VEHICLE] + travel)


@entry
def schedule(p: Encoded, h: int, tokens: Ints, count: int, options: Ints, times: Ints, totals: Ints) -> bool:
    """Time a whole route of shift `h` and price it.

    Args:
        p: the problem.
        h: the shift.
        tokens: visits and pick-ups in order, `count` of them.
        count: how many tokens count.
        options: by visit, its chosen option.
        times: filled per token: (arrival, start, breaks before driving, breaks on site); row `count` holds
            the breaks before driving home in its third column.
        totals: filled with the route's C_ columns.

    Returns:
        Whether the route is possible.
    """
    W, B, day = p.W, p.B, 86400 * p.G[G_TICKS]
    place, t, b, b_end = p.H[h, H_START_PLACE], p.H[h, H_START], p.H[h, H_BRK], p.H[h, H_BRK_END]
    late, travel, metres, worst = 0, 0, 0, 0
    for i in range(count):
        token = tokens[i]
        if token >= 0:
            there, work = p.V[token, V_PLACE], p.V[token, V_SERVICE]
            first, end = p.O[options[token], O_WIN], p.O[options[token], O_WIN_END]
        else:
            there, work = p.SI[-1 - token, S_PLACE], p.SI[-1 - token, S_PICK_UP]
            first, end = p.SI[-1 - token, S_WIN], p.SI[-1 - token, S_WIN_END]
        leg = p.T[place, there]
        arrive, start, before, on_site = step(W, p.PC, first, end, B, b, b_end, t, leg, work)
        if start < 0:
            return False
        times[i, 0], times[i, 1], times[i, 2], times[i, 3] = arrive, start, before, on_site
        b += before + on_site
        if token >= 0:
            late += own_price(p.V, p.O, token, options[token], start, day) + p.PQ[token, h]
            worst = max(worst, start - p.V[token, V_ARR_DUE])
        travel += leg
        metres += p.D[place, there]
        place, t = there, start + work
    leg = p.T[place, p.H[h, H_END_PLACE]]
    end, taken = go_home(p.PC, B, b, b_end, t, leg)
    if end < 0 or end > p.H[h, H_LAST]:
        return False
    times[count, 2] = taken
    travel += leg
    metres += p.D[place, p.H[h, H_END_PLACE]]
    depart = _latest_departure(p, h, tokens, count, options, times)
    totals[C_TRAVEL], totals[C_METRES], totals[C_END], totals[C_LATE] = travel, metres, end, late
    totals[C_DEPART], totals[C_WORST] = depart, worst
    totals[C_COST] = route_price(p.G, p.H, h, travel, metres, end, late, depart)
    return True


@jit
def _latest_departure(p: Encoded, h: int, tokens: Ints, count: int, options: Ints, times: Ints) -> int:
    """Latest departure that ends no later: waiting moves to before the start where it is not needed.

    For money only the wait before the first event goes: every start of work stays where it is. For working
    time starts move right within their windows; with a rest on the way nothing behind it moves.
    """
    if count == 0:
        return int(p.H[h, H_START])
    resting = times[count, 2] > 0
    for i in range(count):
        resting = resting or times[i, 2] + times[i, 3] > 0
    if times[0, 2] > 0:
        return int(max(p.H[h, H_START], p.B[p.H[h, H_BRK], 0]))
    there = p.V[tokens[0], V_PLACE] if tokens[0] >= 0 else p.SI[-1 - tokens[0], S_PLACE]
    lead = p.T[p.H[h, H_START_PLACE], there]
    if resting or p.G[G_OBJECTIVE] != WORKING_TIME:
        event = times[0, 1]
        if times[0, 3] > 0:
            event = max(times[0, 0], p.B[p.H[h, H_BRK], 0])
        return int(max(p.H[h, H_START], set_out(p.PC, event, lead)))
    latest = FAR
    for k in range(count):
        i = count - 1 - k
        token = tokens[i]
        if token >= 0:
            here, work = p.V[token, V_PLACE], p.V[token, V_SERVICE]
        else:
            here, work = p.SI[-1 - token, S_PLACE], p.SI[-1 - token, S_PICK_UP]
        if k == 0:
            latest = times[i, 1]
        else:
            after = tokens[i + 1]
            place = p.V[after, V_PLACE] if after >= 0 else p.SI[-1 - after, S_PLACE]
            latest = set_out(p.PC, latest, p.T[here, place]) - work
            if token >= 0:
                first, end = p.O[options[token], O_WIN], p.O[options[token], O_WIN_END]
            else:
                first, end = p.SI[-1 - token, S_WIN], p.SI[-1 - token, S_WIN_END]
            for w in range(first, end):
                if p.W[w, 0] <= times[i, 1] < p.W[w, 1]:
                    latest = min(latest, p.W[w, 1] - 1)
    return int(max(p.H[h, H_START], set_out(p.PC, latest, lead)))


@inlined
def merge(d1: int, e1: int, l1: int, travel: int, d2: int, e2: int, l2: int) -> tuple[int, int, int]:
    """Join two stretches of a route into (duration, earliest start, latest start); latest < earliest: impossible.

    A stretch begun anywhere in [earliest, latest] takes its duration, waits included; begun sooner it only
    waits longer. After Vidal et al. (2013), "A hybrid genetic algorithm with adaptive diversity management
    for a large class of vehicle routing problems with time windows", as hard windows without penalties.
    """
    delta = d1 + travel
    if e1 + delta > l2:
        return 0, 1, 0
    wait = max(0, e2 - delta - l1)
    return delta + d2 + wait, max(e2 - delta, e1) - wait, min(l2 - delta, l1)


@entry
def rest_times(p: Encoded, b: int, t: int, count: int, out: Ints) -> None:
    """Write (start, end) of `count` breaks from break `b` on, the first taken as soon as possible after `t`."""
    for k in range(count):
        out[k, 0] = max(t, p.B[b + k, 0])
        out[k, 1] = out[k, 0] + p.B[b + k, 2]
        t = out[k, 1]


def room_for_times(longest: int) -> Ints:
    """Give an array for the `times` of `schedule`."""
    return np.zeros((longest + 2, 4), dtype=np.int64)
