"""Who can take one visit now: the cheapest place on each shift of a plan, in milliseconds."""

from __future__ import annotations

import numpy as np

from dispatch.plan import Plan
from dispatch.solve.anneal import Saved, empty_saved, save
from dispatch.solve.candidate import Candidate
from dispatch.solve.change import put_in
from dispatch.solve.decode import timed_route, visit_stop
from dispatch.solve.encode import Problem
from dispatch.solve.evaluate import NEVER_PRICE, best_in_route
from dispatch.solve.layout import C_COST, C_END, V_OPT, V_OPT_END, Routes, empty_routes
from dispatch.solve.routes import clear, roll_back
from dispatch.solve.supply import draws_left
from dispatch.solve.warm_start import start_from


def places_for(encoded: Problem, plan: Plan, visit: str) -> list[Candidate]:
    """Find the cheapest place for `visit` on every shift; see `dispatch.solve.places_for`."""
    problem, p = encoded.problem, encoded.arrays
    v = problem.visit_index[visit]
    routes, rng = empty_routes(p), np.ones(1, dtype=np.int64)
    clear(p, routes)
    start_from(encoded, routes, plan, rng, leave_out=v)
    saved = empty_saved(routes)
    found: list[Candidate] = []
    for h in range(len(problem.shifts)):
        if p.C[v, h] == 0:
            continue
        best, chosen = NEVER_PRICE, (-1, -1, -1, -1)
        for o in range(int(p.V[v, V_OPT]), int(p.V[v, V_OPT_END])):
            if draws_left(p, routes, o):
                price, row, pick, store = best_in_route(p, routes, v, o, h, NEVER_PRICE // 4, rng, 0)
                if price < best:
                    best, chosen = price, (o, row, pick, store)
        if chosen[0] < 0:
            continue
        before = int(routes.RC[h, C_COST])
        o, row, pick, store = chosen
        if put_in(p, routes, v, o, h, row, pick, store):
            save(routes, 0, saved)
            found.append(_candidate(encoded, routes, saved, (v, h, store), before))
        roll_back(p, routes)
    return found


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
