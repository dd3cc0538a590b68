"""Starting from a plan: an earlier plan's routes, as far as they still hold, as the first solution."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dispatch.plan import LoanerBy, Plan, Route, Source, Stop, StopKind
from dispatch.solve.change import put_in, settle, take_out
from dispatch.solve.encode import Problem
from dispatch.solve.evaluate import cheapest_in_route
from dispatch.solve.groups import may_come, mend, start_of
from dispatch.solve.layout import (
    BY_COURIER,
    BY_VISIT,
    G_LONGEST,
    K_FIRST,
    K_LEAST,
    K_MOST,
    K_SECOND,
    NEVER_PRICE,
    NO_LOANER,
    O_TRUE,
    O_TRUE_END,
    V_OPT,
    V_OPT_END,
    V_PIN,
    Encoded,
    Ints,
    Routes,
)
from dispatch.solve.options import WITHOUT, Option
from dispatch.solve.routes import keep, list_waiting, refresh, touch
from dispatch.solve.supply import draws_left, release, supply_as_told
from dispatch.solve.timing import entry

TOLD_COLUMNS = 4


def start_from(
    encoded: Problem, p: Encoded, s: Routes, plan: Plan, rng: Ints, marked: Ints, *, leave_out: int = -1
) -> None:
    """Fill empty routes from `plan`: a route that no longer holds keeps what of it still fits.

    Args:
        encoded: the problem.
        p: its arrays, with the pins that belong to `s`.
        s: routes without a stop.
        plan: where to start from; visits and shifts the problem does not know are passed over.
        rng: a generator's state.
        marked: (visits,) zeros.
        leave_out: number of a visit to be passed over. A linked visit that then lacks another is, too.
    """
    seen = {leave_out}
    for route in plan.routes:
        one = told(encoded, route)
        if one is None or s.L[one.shift] > 0:
            continue
        tokens: list[int] = []
        for token, option, bits, start in one.rows.tolist():
            if token >= 0:
                if token in seen:
                    continue
                seen.add(token)
                s.PO[token], s.NM[token] = option, bits
                if p.V[token, V_PIN] >= 0:
                    p.W[p.V[token, V_PIN]] = start, start + 1
            tokens.append(token)
        put_route(p, s, one.shift, np.array(tokens, dtype=np.int64), rng)
    drop_unlinked(p, s, leave_out, marked)


@dataclass(frozen=True, eq=False)
class Told:
    """One route of a plan in the search's numbers.

    Args:
        shift: its number.
        rows: (stops, TOLD_COLUMNS) token, and of a visit option, need bits and start.
    """

    shift: int
    rows: Ints


def told(encoded: Problem, route: Route) -> Told | None:
    """What a route says of the stops the problem knows; None: it does not know the shift."""
    problem, rows = encoded.problem, list[tuple[int, int, int, int]]()
    h = problem.shift_index.get(route.shift)
    if h is None:
        return None
    for stop in route.stops:
        if stop.kind is StopKind.PICK_UP and stop.ref in problem.store_index:
            rows.append((-1 - problem.store_index[stop.ref], -1, 0, 0))
        if stop.kind is StopKind.VISIT and stop.ref in problem.visit_index:
            v = problem.visit_index[stop.ref]
            option = _same_option(encoded, v, stop)
            if option >= 0:
                bits = _need_bits(encoded, encoded.options[option], stop)
                rows.append((v, option, bits, stop.start_s))
    return Told(h, np.array(rows, dtype=np.int64).reshape(-1, TOLD_COLUMNS))


@entry
def drop_unlinked(p: Encoded, s: Routes, leave_out: int, marked: Ints) -> None:
    """Take out linked visits whose starts or people do not go together, and those that then lack another."""
    for k in range(len(p.LK)):
        first, second = p.LK[k, K_FIRST], p.LK[k, K_SECOND]
        if s.RV[first] < 0 or s.RV[second] < 0:
            continue
        apart = start_of(s, second) - start_of(s, first)
        if not (p.LK[k, K_LEAST] <= apart <= p.LK[k, K_MOST] and may_come(p, s, first, s.RV[first])):
            marked[second] = 1
            take_out(p, s, s.RV[second], marked)
    if leave_out < 0:
        mend(p, s, marked)
    keep(s)
    list_waiting(s)


def _same_option(encoded: Problem, v: int, stop: Stop) -> int:
    """The option of visit `v` most like what the stop says; -1 when it has none."""
    rows = encoded.arrays.V
    numbers = range(int(rows[v, V_OPT]), int(rows[v, V_OPT_END]))
    return max(
        numbers,
        key=lambda o: (_likeness(encoded, encoded.options[o], stop), _allows(encoded, o, stop.start_s), -o),
        default=-1,
    )


def _allows(encoded: Problem, o: int, start_s: int) -> bool:
    p = encoded.arrays
    return any(
        opens <= start_s < closes for opens, closes in p.W[p.O[o, O_TRUE] : p.O[o, O_TRUE_END]].tolist()
    )


def _need_bits(encoded: Problem, option: Option, stop: Stop) -> int:
    """Which carried needs the stop takes from its pick-up, as bits."""
    visit = encoded.problem.visits[option.visit]
    picked = {supply.needed for supply in stop.supply if supply.source is Source.PICK_UP}
    carried = [choice for choice in option.lines if choice.carried]
    bits = 0
    for bit, choice in enumerate(carried):
        bits |= (encoded.problem.parts[visit.parts[choice.line].part] in picked) << bit
    lent = stop.loaner is not None and bool(stop.loaner.store) and option.loaner.kind == BY_VISIT
    return bits | (lent << len(carried))


def _likeness(encoded: Problem, option: Option, stop: Stop) -> int:
    problem = encoded.problem
    visit = problem.visits[option.visit]
    said = {supply.needed: supply for supply in stop.supply}
    same = 0
    for choice in option.lines:
        supply = said.get(problem.parts[visit.parts[choice.line].part])
        if supply is not None and supply.part == problem.parts[choice.part]:
            delivered = supply.source is Source.OFFER
            without = supply.source is Source.WITHOUT
            same += (delivered, without) == (choice.delivered, choice.offer == WITHOUT)
            same += delivered and choice.delivered and supply.from_id == problem.offers[choice.offer].id
    kind = NO_LOANER
    if stop.loaner is not None:
        kind = BY_COURIER if stop.loaner.by is LoanerBy.COURIER else BY_VISIT
    return 2 * same + (option.loaner.kind == kind)


@entry
def put_routes(p: Encoded, s: Routes, shifts: Ints, first: Ints, tokens: Ints, rng: Ints) -> None:
    """`put_route` for each of `shifts`: number k has the tokens from ``first[k]`` to ``first[k + 1]``."""
    for k in range(len(shifts)):
        put_route(p, s, shifts[k], tokens[first[k] : first[k + 1]], rng)


@entry
def put_route(p: Encoded, s: Routes, h: int, tokens: Ints, rng: Ints) -> None:
    """Make `tokens` the route of the empty shift `h`, or insert its visits there one by one if it cannot be."""
    touch(p, s, h)
    fits = len(tokens) + 2 < p.G[G_LONGEST]
    visits, picks = 0, 0
    for v in tokens:
        if v < 0:
            picks += 1
        else:
            visits += 1
            fits = fits and p.C[v, h] > 0
    if fits and picks < 2 and visits > 0:
        s.L[h] = len(tokens)
        for i in range(len(tokens)):
            s.R[h, i] = tokens[i]
        if supply_as_told(p, s, h) < 0 and refresh(p, s, h):
            for v in tokens:
                if v >= 0:
                    s.RV[v] = h
            keep(s)
            list_waiting(s)
            return
        release(p, s, h)
    s.L[h] = 0
    settle(p, s, h)
    for v in tokens:
        if v < 0 or p.C[v, h] == 0:
            continue
        best = (NEVER_PRICE, -1, -1, -1)
        chosen = -1
        for o in range(p.V[v, V_OPT], p.V[v, V_OPT_END]):
            if draws_left(p, s, o):
                found = cheapest_in_route(p, s, v, o, h, NEVER_PRICE // 4, rng, 0)
                if found[0] < best[0]:
                    best, chosen = found, o
        if chosen >= 0:
            put_in(p, s, v, chosen, h, best[1], best[2], best[3])
    keep(s)
    list_waiting(s)
