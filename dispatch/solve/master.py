"""The last word: CP-SAT chooses among the routes the search has seen.

Each visit is on one chosen route or left out at its price, each shift has at most one route, and what
several routes share (stores, vans over several shifts, offers, loaner units) is not overspent. Linked visits
are taken where their pins and people fit each other. One
worker, a deterministic limit and a fixed seed: the same pool gives the same choice.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from ortools.sat.python import cp_model

from dispatch.solve.columns import Columns
from dispatch.solve.layout import (
    ANYONE,
    G_OBJECTIVE,
    H_CLASS,
    H_ENGINEER,
    HOME_CARE,
    SAME,
    V_LEFT_OUT,
    Encoded,
    Ints,
)
from dispatch.solve.relaxation import promising

MOST_COLUMNS = 3_000


@dataclass(frozen=True, eq=False)
class Choice:
    """What CP-SAT chose.

    Args:
        columns: those it chose from.
        chosen: their numbers, with the shift each is given to.
        price: of the chosen routes and the visits left out.
        optimum: whether it is proved best among all columns it was given.
        considered: how many those were.
    """

    columns: Columns
    chosen: tuple[tuple[int, int], ...]
    price: int
    optimum: bool
    considered: int


def choose(p: Encoded, columns: Columns, incumbent: Ints, *, effort: float) -> Choice:
    """Choose routes; `incumbent` numbers columns that together are a plan, `effort` is deterministic time."""
    kept = promising(p, columns, incumbent, MOST_COLUMNS)
    few = columns.only(kept)
    hint = np.searchsorted(kept, incumbent)
    found = _of_one_shift(p, few, hint) if _is_one_shifts(p) else _solve(p, few, hint, effort)
    if found is None:  # the limit came before the hint was looked at
        few = columns.only(incumbent)
        found = _solve(p, few, np.arange(len(incumbent)), None)
        assert found is not None, "the incumbent is a plan"
        found = found[0], found[1], False
    chosen, price, optimum = found
    return Choice(few, _given(p, few, chosen), price, optimum, few.count)


def _is_one_shifts(p: Encoded) -> bool:
    """Whether a choice is one route or none, whatever else is asked."""
    return len(p.H) == 1 and not len(p.LK)


def _of_one_shift(p: Encoded, columns: Columns, hint: Ints) -> tuple[list[int], int, bool]:
    """As `_solve`, by looking at each column: the cheapest with what it leaves out, the hint's among equals."""
    empty = int(p.V[:, V_LEFT_OUT].sum())
    best: tuple[int, bool, list[int]] = (empty, len(hint) > 0, [])
    for c in range(columns.count):
        tokens = columns.stops[columns.first[c] : columns.first[c + 1], 0]
        price = empty - int(p.V[tokens[tokens >= 0], V_LEFT_OUT].sum()) + int(columns.price[c])
        price += int(columns.latest[c]) if p.G[G_OBJECTIVE] == HOME_CARE else 0
        best = min(best, (price, c not in hint, [c]))
    return best[2], best[0], True


def _solve(
    p: Encoded, columns: Columns, hint: Ints, effort: float | None
) -> tuple[list[int], int, bool] | None:
    model = cp_model.CpModel()
    used = [model.new_bool_var("") for _ in range(columns.count)]
    by_visit: defaultdict[int, list[int]] = defaultdict(list)
    for c in range(columns.count):
        for token in columns.stops[columns.first[c] : columns.first[c + 1], 0]:
            if token >= 0:
                by_visit[int(token)].append(c)
    hinted = {int(c) for c in hint}
    left_out = []
    for v in range(len(p.V)):
        out = model.new_bool_var("")
        left_out.append(out)
        model.add_exactly_one([out, *(used[c] for c in by_visit[v])])
        model.add_hint(out, not any(c in hinted for c in by_visit[v]))
    for c in range(columns.count):
        model.add_hint(used[c], c in hinted)
    _shifts_once(p, columns, model, used)
    _nothing_overspent(columns, model, used)
    _links_kept(p, columns, model, used, left_out, by_visit)
    terms: list[cp_model.IntVar] = [*used, *left_out]
    prices = [*columns.price.tolist(), *p.V[:, V_LEFT_OUT].tolist()]
    if p.G[G_OBJECTIVE] == HOME_CARE:
        latest = model.new_int_var(0, max(0, int(columns.latest.max(initial=0))), "")
        for c in np.flatnonzero(columns.latest > 0).tolist():
            model.add(latest >= int(columns.latest[c])).only_enforce_if(used[c])
        model.add_hint(latest, max((int(columns.latest[c]) for c in hinted), default=0))
        terms.append(latest)
        prices.append(1)
    model.minimize(cp_model.LinearExpr.weighted_sum(terms, prices))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    # the hint is a plan and the rows are plain: probing and symmetry ate the whole effort of a large pool
    solver.parameters.cp_model_probing_level = 0
    solver.parameters.symmetry_level = 0
    solver.parameters.max_presolve_iterations = 1
    if effort is not None:
        solver.parameters.max_deterministic_time = effort
    status = solver.solve(model)
    if status not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
        return None
    chosen = [c for c in range(columns.count) if solver.boolean_value(used[c])]
    missing = [v for v in range(len(p.V)) if solver.boolean_value(left_out[v])]
    price = int(columns.price[chosen].sum()) + int(p.V[missing, V_LEFT_OUT].sum())
    if p.G[G_OBJECTIVE] == HOME_CARE:
        price += int(columns.latest[chosen].max(initial=0))
    return chosen, price, status == cp_model.OPTIMAL


def _shifts_once(p: Encoded, columns: Columns, model: cp_model.CpModel, used: list[cp_model.IntVar]) -> None:
    by_class: defaultdict[int, list[cp_model.IntVar]] = defaultdict(list)
    for c, h in enumerate(columns.shift):
        by_class[int(p.H[h, H_CLASS])].append(used[c])
    sizes = np.bincount(p.H[:, H_CLASS])
    for number, variables in by_class.items():
        if sizes[number] == 1:
            model.add_at_most_one(variables)
        else:
            model.add(cp_model.LinearExpr.sum(variables) <= int(sizes[number]))


def _nothing_overspent(columns: Columns, model: cp_model.CpModel, used: list[cp_model.IntVar]) -> None:
    by_resource: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for c, resource, quantity in columns.uses.tolist():
        by_resource[resource].append((c, quantity))
    for resource, uses in sorted(by_resource.items()):
        capacity = columns.capacity[resource]
        if sum(quantity for _, quantity in uses) > capacity:
            model.add(
                cp_model.LinearExpr.weighted_sum([used[c] for c, _ in uses], [q for _, q in uses]) <= capacity
            )


def _links_kept(
    p: Encoded,
    columns: Columns,
    model: cp_model.CpModel,
    used: list[cp_model.IntVar],
    left_out: list[cp_model.IntVar],
    by_visit: dict[int, list[int]],
) -> None:
    """A second is done with its first, at a start and by an engineer that go with it."""
    if not len(p.LK):
        return
    pins = {
        (c, int(token)): int(start)
        for c in range(columns.count)
        for token, _, _, start in columns.stops[columns.first[c] : columns.first[c + 1]]
        if token >= 0
    }
    engineer = p.H[columns.shift, H_ENGINEER]
    for first, second, least, most, pair, both in p.LK.tolist():
        model.add_implication(left_out[first], left_out[second])
        if both:
            model.add_implication(left_out[second], left_out[first])
        kinds: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
        for c in by_visit[first]:
            kinds[pins[c, first], int(engineer[c])].append(c)
        for (start, person), those in kinds.items():
            fitting = [
                c
                for c in by_visit[second]
                if least <= pins[c, second] - start <= most
                and (pair == ANYONE or (int(engineer[c]) == person) == (pair == SAME))
            ]
            model.add(
                cp_model.LinearExpr.sum([used[c] for c in those])
                <= cp_model.LinearExpr.sum([left_out[second], *(used[c] for c in fitting)])
            )


def _given(p: Encoded, columns: Columns, chosen: list[int]) -> tuple[tuple[int, int], ...]:
    """Give each chosen column a shift of its class: its own if free, else the first free one."""
    taken: set[int] = set()
    given: dict[int, int] = {}
    for c in chosen:
        h = int(columns.shift[c])
        if h not in taken:
            given[c] = h
            taken.add(h)
    for c in chosen:
        if c not in given:
            like = p.H[columns.shift[c], H_CLASS]
            given[c] = next(int(h) for h in np.flatnonzero(p.H[:, H_CLASS] == like) if int(h) not in taken)
            taken.add(given[c])
    return tuple((c, given[c]) for c in chosen)
