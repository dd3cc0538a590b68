"""Who can take one visit now: the cheapest place on each shift of a plan, in milliseconds."""

from __future__ import annotations

from dataclasses import replace
from weakref import WeakKeyDictionary

import numpy as np

from dispatch.plan import Plan, Route, Stop
from dispatch.problem import Objective, PlanningProblem
from dispatch.solve.anneal import Saved, empty_saved, save
from dispatch.solve.candidate import Candidate
from dispatch.solve.change import put_in
from dispatch.solve.decode import timed_route, visit_stop
from dispatch.solve.encode import Problem
from dispatch.solve.evaluate import cheapest_in_route
from dispatch.solve.groups import lacks, may_come, span_of, take_out_group
from dispatch.solve.layout import (
    A_START,
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
from dispatch.solve.warm_start import TOLD_COLUMNS, Told, drop_unlinked, put_routes, start_from, told

PLACE_COLUMNS, TRIED_COLUMNS = 6, 6
NO_ROWS = np.empty((0, TOLD_COLUMNS), dtype=np.int64)


def places_for(encoded: Problem, plan: Plan, visit: str) -> list[Candidate]:
    """Find the cheapest place for `visit` on every shift; see `dispatch.solve.places_for`."""
    laid, p = encoded, encoded.arrays._replace(W=encoded.arrays.W.copy())
    encoded = replace(encoded, arrays=p)
    problem = encoded.problem
    v = problem.visit_index[visit]
    routes, rng, marked = empty_routes(p), np.ones(1, dtype=np.int64), np.zeros(len(p.V), dtype=np.int64)
    clear(p, routes)
    if _put_as_told(_told_by(laid, plan), p, routes, v, rng):
        drop_unlinked(p, routes, v, marked)
    else:
        start_from(encoded, p, routes, plan, rng, marked, leave_out=v)
    if p.V[v, V_GROUP] >= 0 and lacks(p, routes, v):
        return _with_group(encoded, routes, v, rng, marked)
    places = np.full((len(problem.shifts), PLACE_COLUMNS), -1, dtype=np.int64)
    cheapest_places(p, routes, v, rng, places)
    now = Saved(
        routes.R, routes.L, routes.PO, routes.NM, np.zeros_like(routes.NM), np.zeros(1, dtype=np.int64)
    )
    if problem.objective is Objective.WORKING_TIME:
        return _leaving_late(encoded, routes, now, v, places)
    found = np.full((len(problem.shifts), TRIED_COLUMNS), -1, dtype=np.int64)
    tried(p, routes, v, places, found)
    return [
        _found(encoded, now, v, h, (places[h].tolist(), found[h].tolist()))
        for h in np.flatnonzero(found[:, 0] >= 0).tolist()
    ]


def _leaving_late(encoded: Problem, routes: Routes, now: Saved, v: int, places: Ints) -> list[Candidate]:
    """As told of places, where each route leaves as late as it can and its stops are timed from then."""
    p, found = encoded.arrays, list[Candidate]()
    for h in np.flatnonzero(places[:, 0] >= 0).tolist():
        o, row, pick, store, opens, closes = places[h].tolist()
        if p.V[v, V_PIN] >= 0:
            p.W[p.V[v, V_PIN]] = opens, closes
        before = int(routes.RC[h, C_COST])
        if put_in(p, routes, v, o, h, row, pick, store):
            found.append(_candidate(encoded, routes, now, (v, h, store), before))
        roll_back(p, routes)
    return found


def _found(encoded: Problem, now: Saved, v: int, h: int, place: tuple[list[int], list[int]]) -> Candidate:
    problem, (option, _, _, added, _, _) = encoded.problem, place[0]
    position, start_s, store, cents, end_s, bits = place[1]
    now.PO[v], now.NM[v] = option, bits
    stop = visit_stop(encoded, now, v, store, (start_s, start_s))
    return _answer(problem, stop, (v, h, added), (position, end_s, cents))


_TOLD: WeakKeyDictionary[Problem, dict[int, tuple[Route, Told | None]]] = WeakKeyDictionary()
"""Routes in the search's numbers, by identity, of each problem that is still laid out: the next plan has most of them, too."""


def _told_by(encoded: Problem, plan: Plan) -> list[Told]:
    """A plan's routes in the search's numbers, those of the problem's shifts."""
    known = _TOLD.get(encoded, {})
    now = {id(route): known.get(id(route)) or (route, told(encoded, route)) for route in plan.routes}
    if len(known) > 2 * len(encoded.problem.shifts):
        known = {}
    _TOLD[encoded] = {**known, **now}
    return [one for _, one in now.values() if one is not None]


def _put_as_told(some: list[Told], p: Encoded, s: Routes, v: int, rng: Ints) -> bool:
    """Put routes into the empty `s` in one go, visit `v` left out; False: somebody is named twice, and nothing is put in."""
    rows = np.concatenate([NO_ROWS, *(one.rows for one in some)])
    whose = np.repeat(np.arange(len(some)), np.array([len(one.rows) for one in some], dtype=np.int64))
    whose, rows = whose[rows[:, 0] != v], rows[rows[:, 0] != v]
    visits = rows[rows[:, 0] >= 0]
    shifts = np.array([one.shift for one in some], dtype=np.int64)
    if len(np.unique(visits[:, 0])) < len(visits) or len(np.unique(shifts)) < len(shifts):
        return False
    s.PO[visits[:, 0]], s.NM[visits[:, 0]] = visits[:, 1], visits[:, 2]
    pins = p.V[visits[:, 0], V_PIN]
    p.W[pins[pins >= 0]] = visits[pins >= 0, 3:] + np.array([0, 1])
    first = np.searchsorted(whose, np.arange(len(some) + 1))
    put_routes(p, s, shifts, first, np.ascontiguousarray(rows[:, 0]), rng)
    return True


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


@entry
def tried(p: Encoded, s: Routes, v: int, places: Ints, found: Ints) -> None:
    """Put waiting visit `v` in at each of the `places` in turn, and take it out again.

    `found` (shifts, TRIED_COLUMNS) is filled with its place among the tokens (-1: it cannot be put in), its start, the store picked
    up at before (-1: none), what the route costs more, the route's end, and the need bits.
    """
    own = p.V[v, V_PIN]
    for h in range(p.G[G_SHIFTS]):
        found[h, 0] = -1
        if places[h, 0] < 0:
            continue
        if own >= 0:
            p.W[own, 0], p.W[own, 1] = places[h, 4], places[h, 5]
        before = s.RC[h, C_COST]
        if put_in(p, s, v, places[h, 0], h, places[h, 1], places[h, 2], places[h, 3]):
            i, store = 0, -1
            while s.R[h, i] != v:
                if s.R[h, i] < 0:
                    store = -1 - s.R[h, i]
                i += 1
            found[h, 0], found[h, 1], found[h, 2] = i, s.A[h, i + 1, A_START], store
            found[h, 3], found[h, 4], found[h, 5] = s.RC[h, C_COST] - before, s.RC[h, C_END], s.NM[v]
        roll_back(p, s)


def _candidate(
    encoded: Problem, routes: Routes, saved: Saved, placed: tuple[int, int, int], before: int
) -> Candidate:
    problem = encoded.problem
    v, h, _ = placed
    timed = timed_route(encoded, saved, h)
    tokens = timed.tokens.tolist()
    position = tokens.index(v)
    picks = [token for token in tokens[:position] if token < 0]
    reached = int(timed.times[position, 0]), int(timed.times[position, 1])
    stop = visit_stop(encoded, saved, v, -1 - picks[-1] if picks else -1, reached)
    cents = int(routes.RC[h, C_COST]) - before
    return _answer(problem, stop, placed, (position, int(timed.totals[C_END]), cents))


def _answer(
    problem: PlanningProblem, stop: Stop, placed: tuple[int, int, int], told: tuple[int, int, int]
) -> Candidate:
    (v, h, store), (position, end_s, cents) = placed, told
    due = problem.visits[v].arrive
    return Candidate(
        shift=problem.shifts[h].id,
        cents=cents,
        position=position,
        start_s=stop.start_s,
        end_s=end_s,
        late_s=max(0, stop.start_s - due.due_s) if due else 0,
        pick_up=problem.stores[store].id if store >= 0 else "",
        supply=stop.supply,
        loaner=stop.loaner,
    )
