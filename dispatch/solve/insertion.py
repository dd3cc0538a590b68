"""Who can take one visit now: the cheapest place on each shift of a plan, in milliseconds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from dispatch.plan import Plan
from dispatch.solve.anneal import Saved, empty_saved, save
from dispatch.solve.candidate import Candidate
from dispatch.solve.change import put_in
from dispatch.solve.decode import timed_route, visit_stop
from dispatch.solve.encode import Problem
from dispatch.solve.evaluate import cheapest_in_route
from dispatch.solve.groups import lacks, may_come, span_of, take_out_group
from dispatch.solve.layout import (
    C_COST,
    C_END,
    G_SHIFTS,
    NEVER_PRICE,
    O_TRUE,
    O_TRUE_END,
    V_GROUP,
    V_OPT,
    V_OPT_END,
    V_PIN,
    Encoded,
    Ints,
    Routes,
    empty_routes,
)
from dispatch.solve.put_group import put_group
from dispatch.solve.routes import clear, keep, roll_back
from dispatch.solve.supply import draws_left
from dispatch.solve.timing import entry
from dispatch.solve.warm_start import start_from

PLACE_COLUMNS = 6


def places_for(encoded: Problem, plan: Plan, visit: str) -> list[Candidate]:
    """Find the cheapest place for `visit` on every shift; see `dispatch.solve.places_for`."""
    p = encoded.arrays._replace(W=encoded.arrays.W.copy())
    encoded = replace(encoded, arrays=p)
    problem = encoded.problem
    v = problem.visit_index[visit]
    routes, rng, marked = empty_routes(p), np.ones(1, dtype=np.int64), np.zeros(len(p.V), dtype=np.int64)
    clear(p, routes)
    start_from(encoded, p, routes, plan, rng, marked, leave_out=v)
    if p.V[v, V_GROUP] >= 0 and lacks(p, routes, v):
        return _with_group(encoded, routes, v, rng, marked)
    places = np.full((len(problem.shifts), PLACE_COLUMNS), -1, dtype=np.int64)
    cheapest_places(p, routes, v, rng, places)
    now = Saved(
        routes.R, routes.L, routes.PO, routes.NM, np.zeros_like(routes.NM), np.zeros(1, dtype=np.int64)
    )
    found: list[Candidate] = []
    own = int(p.V[v, V_PIN])
    for h in np.flatnonzero(places[:, 0] >= 0).tolist():
        o, row, pick, store, opens, closes = places[h].tolist()
        if own >= 0:
            p.W[own] = opens, closes
        before = int(routes.RC[h, C_COST])
        if put_in(p, routes, v, o, h, row, pick, store):
            found.append(_candidate(encoded, routes, now, (v, h, store), before))
        roll_back(p, routes)
    return found


@entry
def cheapest_places(p: Encoded, s: Routes, v: int, rng: Ints, places: Ints) -> None:
    """Find the cheapest place for waiting visit `v` on every shift.

    `places` (shifts, PLACE_COLUMNS) is filled with option (-1: no place), row, pick-up row, store, and the times a linked visit's
    start was looked for in.
    """
    own = p.V[v, V_PIN]
    low, high = span_of(p, s, v)
    for h in range(p.G[G_SHIFTS]):
        places[h, 0] = -1
        if p.C[v, h] == 0 or not may_come(p, s, v, h):
            continue
        bound = NEVER_PRICE // 4
        for o in range(p.V[v, V_OPT], p.V[v, V_OPT_END]):
            if not draws_left(p, s, o):
                continue
            spans = p.O[o, O_TRUE_END] - p.O[o, O_TRUE] if own >= 0 else 1
            for k in range(spans):
                opens, closes = 0, 0
                if own >= 0:
                    w = p.O[o, O_TRUE] + k
                    opens, closes = max(low, p.W[w, 0]), min(high + 1, p.W[w, 1])
                    if opens >= closes:
                        continue
                    p.W[own, 0], p.W[own, 1] = opens, closes
                price, row, pick, store = cheapest_in_route(p, s, v, o, h, bound, rng, 0)
                if price < bound:
                    bound = price
                    places[h, 0], places[h, 1], places[h, 2], places[h, 3] = o, row, pick, store
                    places[h, 4], places[h, 5] = opens, closes


def _with_group(encoded: Problem, routes: Routes, v: int, rng: Ints, marked: Ints) -> list[Candidate]:
    """The one place found for `v` when all of its group have to be put in."""
    p = encoded.arrays
    take_out_group(p, routes, int(p.V[v, V_GROUP]), marked)
    keep(routes)
    before = routes.RC[:, C_COST].copy()
    put_group(p, routes, int(p.V[v, V_GROUP]), rng, marked)
    h = int(routes.RV[v])
    if h < 0:
        return []
    saved = empty_saved(routes)
    save(routes, 0, saved)
    return [_candidate(encoded, routes, saved, (v, h, -1), int(before[h]))]


def _candidate(
    encoded: Problem, routes: Routes, saved: Saved, placed: tuple[int, int, int], before: int
) -> Candidate:
    problem = encoded.problem
    v, h, store = placed
    timed = timed_route(encoded, saved, h)
    tokens = timed.tokens.tolist()
    position = tokens.index(v)
    picks = [token for token in tokens[:position] if token < 0]
    reached = int(timed.times[position, 0]), int(timed.times[position, 1])
    stop = visit_stop(encoded, saved, v, -1 - picks[-1] if picks else -1, reached)
    due = problem.visits[v].arrive
    return Candidate(
        shift=problem.shifts[h].id,
        cents=int(routes.RC[h, C_COST]) - before,
        position=position,
        start_s=stop.start_s,
        end_s=int(timed.totals[C_END]),
        late_s=max(0, stop.start_s - due.due_s) if due else 0,
        pick_up=problem.stores[store].id if store >= 0 else "",
        supply=stop.supply,
        loaner=stop.loaner,
    )
