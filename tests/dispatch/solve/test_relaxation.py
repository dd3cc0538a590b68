"""Which routes CP-SAT is given: none that a cheaper plan would need is left out."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from dispatch.solve import engine, relaxation
from dispatch.solve.anneal import restore
from dispatch.solve.columns import Columns, gather
from dispatch.solve.encode import encode
from dispatch.solve.layout import V_LEFT_OUT, Encoded, Ints
from dispatch.solve.master import choose
from dispatch.solve.relaxation import _first_prices, _Table
from tests.dispatch.solve.worlds import Size, world

WORLDS, STEPS = 4, 150


def seen(seed: int) -> tuple[Encoded, Columns, Ints]:
    """Columns of a little search, and the numbers of those of its best plan."""
    encoded = encode(world(seed, Size(visits=40, engineers=9, gaps=False)))
    search = engine._begin(encoded, 1, None, engine.WHOLE)
    for thread in search.threads:
        engine._one_epoch(search, thread, STEPS)
    engine._learn(search)
    p, routes = search.p, search.threads[0].routes
    restore(p, routes, search.best)
    columns, incumbent = gather(p, [t.pool for t in search.threads], search.best, routes.RC, None)
    return p, columns, incumbent


@pytest.mark.slow  # CP-SAT proves the best of every pool
@pytest.mark.parametrize("seed", range(WORLDS))
def test_the_best_plan_of_all_columns_is_a_plan_of_those_kept_and_costs_no_less_than_the_bound(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the bound alone: as many may be kept as there are but one, so that only what cannot help is left out."""
    p, columns, incumbent = seen(seed)
    bounds: list[float] = []
    ascend = relaxation.ascend

    def told(*asked: Any) -> float:
        bounds.append(ascend(*asked))
        return bounds[-1]

    monkeypatch.setattr(relaxation, "ascend", told)
    kept = relaxation.promising(p, columns, incumbent, columns.count - 1)
    best = choose(p, columns, incumbent, effort=60.0)
    few = choose(p, columns.only(kept), np.searchsorted(kept, incumbent), effort=60.0)

    assert best.optimum
    assert few.optimum
    assert few.price == best.price
    assert len(kept) < columns.count
    assert 0 < bounds[0] <= best.price


def test_a_visit_is_worth_no_more_than_leaving_it_out() -> None:
    """The first prices: a visit's share of its route, never more than what it costs to leave it out."""
    p, columns, incumbent = seen(0)

    upper, worth = relaxation._start(p, columns, incumbent, p.V[:, V_LEFT_OUT].astype(np.float64))

    assert (worth <= p.V[:, V_LEFT_OUT]).all()
    assert upper == columns.price[incumbent].sum() + sum(
        p.V[v, V_LEFT_OUT]
        for v in range(len(p.V))
        if v not in set(columns.stops[: columns.first[len(incumbent)], 0])
    )


@pytest.mark.parametrize("seed", range(12))
def test_no_plan_costs_less_than_the_bound_and_no_cheaper_one_loses_a_column(seed: int) -> None:
    """Every plan of a few columns: classes of one or two shifts, two scarce things, a greatest lateness on top."""
    rng = np.random.default_rng(seed)
    visits, columns, classes = 5, 14, int(rng.integers(1, 4))
    sizes, kind = rng.integers(1, 3, classes), np.sort(rng.integers(0, classes, columns))
    price, late = rng.integers(0, 60, columns), rng.integers(0, 30, columns) * (seed % 2)
    left_out, capacity = rng.integers(5, 60, visits), rng.integers(0, 4, 2)
    serves = np.array([rng.permutation([1, *(rng.integers(0, 2, visits - 1))]) for _ in range(columns)])
    takes = rng.integers(0, 3, (columns, 2))
    plans = []
    for number in range(1 << columns):
        chosen = np.flatnonzero([(number >> c) & 1 for c in range(columns)])
        served = serves[chosen].sum(axis=0)
        fits = (np.bincount(kind[chosen], minlength=classes) <= sizes).all()
        if fits and (served <= 1).all() and (takes[chosen].sum(axis=0) <= capacity).all():
            cost = int(price[chosen].sum() + late[chosen].max(initial=0) + left_out[served == 0].sum())
            plans.append((cost, chosen))
    upper = plans[int(rng.integers(len(plans)))][0]
    column, visit = np.nonzero(serves)
    user, thing = np.nonzero(takes)
    stops = np.zeros((len(visit), 4), dtype=np.int64)
    stops[:, 0] = visit
    table = _Table(
        price=price.astype(np.float64),
        order=np.arange(columns),
        by_class=np.searchsorted(kind, np.arange(classes + 1)),
        sizes=sizes,
        first=np.searchsorted(column, np.arange(columns + 1)),
        stops=stops,
        use_first=np.searchsorted(user, np.arange(columns + 1)),
        uses=np.stack([thing, takes[user, thing]], axis=1),
        capacity=capacity.astype(np.float64),
        left_out=left_out.astype(np.float64),
    )
    reduced = np.zeros(columns)

    bound = relaxation.ascend(table, _first_prices(table, table.left_out.copy()), float(upper), 200, reduced)

    assert bound <= min(cost for cost, _ in plans) + 1e-6
    assert all((reduced[chosen] <= upper - bound + 1).all() for cost, chosen in plans if cost < upper)
