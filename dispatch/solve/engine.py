"""The search from end to end: two threads in epochs, CP-SAT between and at the end."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version

import numpy as np

from dispatch.plan import Manifest, Plan
from dispatch.problem import PlanningProblem
from dispatch.solve.anneal import (
    GROWTH,
    Saved,
    anneal,
    construct,
    cycle,
    empty_saved,
    price_of,
    restore,
    save,
)
from dispatch.solve.budget import Budget, Progress
from dispatch.solve.columns import Columns, gather
from dispatch.solve.decode import decode
from dispatch.solve.encode import Problem, encode
from dispatch.solve.layout import (
    C_COST,
    C_METRES,
    C_TRAVEL,
    DISTANCE,
    G_KM,
    G_OBJECTIVE,
    G_TICKS,
    G_TRAVEL_HOUR,
    MONEY,
    VEHICLES,
    WORKING_TIME,
    Encoded,
    Ints,
    Routes,
    empty_routes,
)
from dispatch.solve.master import Choice, choose
from dispatch.solve.pair_search import FIRST_HEAT as PAIRS_FIRST_HEAT
from dispatch.solve.pair_search import LAST_HEAT as PAIRS_LAST_HEAT
from dispatch.solve.pair_search import anneal_pairs
from dispatch.solve.pairs import Pairs, empty_pairs, in_pairs
from dispatch.solve.pool import ENTRIES, Pool, empty_pool, forget, mix
from dispatch.solve.recreate import fill
from dispatch.solve.routes import clear, keep
from dispatch.solve.warm_start import start_from
from kernel.clock import Stopwatch

THREADS = 2
FIRST_HEAT = 2.0
FIRST_HEAT_OF_WAYS = 5.0
"""Where only ways and times count prices are small steps: a hotter start finds more."""
LAST_HEAT = 0.1
WARM = 0.2
"""Of that heat, with which a second thread begins its coolings: one melts what was found, the other only shakes it."""
FIRST_CYCLE = 15
NEAR = 1.02
BETWEEN_EFFORT = 0.3
LAST_EFFORT = 1.0
WORK_FOR_LAST_EFFORT = 500_000
ONE_AFTER_ANOTHER = 100
"""Iterations that take less time than beginning a thread."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How a problem is searched.

    Args:
        threads: logical threads.
        cycle: iterations a visit of the first cooling.
    """

    threads: int = THREADS
    cycle: int = FIRST_CYCLE


WHOLE = Manner()


@dataclass(eq=False)
class _Thread:
    """One logical thread: its own pins in the problem's arrays, routes, generator, best solution and pool.

    `pairs` is there when its routes are timed together.
    """

    p: Encoded
    routes: Routes
    rng: Ints
    marked: Ints
    best: Saved
    pool: Pool
    pairs: Pairs | None
    heat: tuple[float, float, float] = (1.0, 1.0, 1.0)


@dataclass(eq=False)
class _Search:
    """The state of one solve between epochs."""

    encoded: Problem
    threads: list[_Thread]
    best: Saved
    work: int = 0
    archive: Columns | None = None

    @property
    def p(self) -> Encoded:
        """The arrays, with the first thread's pins."""
        return self.threads[0].p


def run(
    problem: PlanningProblem,
    budget: Budget,
    hint: Plan | None = None,
    *,
    progress: Callable[[Progress], bool] | None = None,
    watch: Stopwatch | None = None,
) -> Plan:
    """Solve `problem`; see `dispatch.solve.solve`. `watch` was started when the budget's seconds began."""
    watch = watch or Stopwatch()
    found = searched(problem, budget, hint, progress=progress, watch=watch)
    choice = found.choice
    signed = manifest(problem, budget, work=found.work, columns=choice.considered, optimum=choice.optimum)
    return decode(found.encoded, found.best, signed)


def run_part(problem: PlanningProblem, budget: Budget, hint: Plan | None = None) -> Plan:
    """Solve a part of a plan; see `dispatch.solve.solve_part`."""
    small = budget.work is not None and budget.work <= ONE_AFTER_ANOTHER
    found = searched(problem, budget, hint, manner=Manner(threads=1) if small else WHOLE, watch=Stopwatch())
    return decode(found.encoded, found.best, None)


@dataclass(frozen=True, eq=False)
class Found:
    """What a search ends with.

    Args:
        encoded: the problem it was given.
        best: the best solution, as CP-SAT chose it.
        work: iterations done.
        choice: the last one of CP-SAT.
    """

    encoded: Problem
    best: Saved
    work: int
    choice: Choice


def searched(
    problem: PlanningProblem,
    budget: Budget,
    hint: Plan | None = None,
    *,
    manner: Manner = WHOLE,
    progress: Callable[[Progress], bool] | None = None,
    watch: Stopwatch,
) -> Found:
    """Search and choose, as `run`, without the plan."""
    encoded = encode(problem)
    search = _begin(encoded, budget.seed, hint, manner)
    if problem.visits and problem.shifts:
        _epochs(search, budget, watch, progress)
    _fill(search)
    choice = _close(search, _last_effort(search.work))
    while _fill(search):  # never a visit left out that has a place; and still the choice is CP-SAT's
        choice = _close(search, _last_effort(search.work))
    return Found(encoded, search.best, search.work, choice)


def manifest(problem: PlanningProblem, budget: Budget, *, work: int, columns: int, optimum: bool) -> Manifest:
    """Say how a plan came to be: iterations, columns CP-SAT chose among, whether its choice is proved best of them."""
    return Manifest(
        problem=problem.digest,
        seed=budget.seed,
        work=work,
        versions=_versions(),
        status="optimal_in_pool" if optimum else "feasible",
        pool_columns=columns,
        pool_optimum=optimum,
    )


def _versions() -> dict[str, str]:
    """Versions of everything that shapes a plan; our own is empty when run from an uninstalled source."""
    return {name: _version(name) for name in ("fieldwright", "numba", "numpy", "ortools")}


@cache  # reading them takes a fifth of the time a part of a few visits is planned in
def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _begin(encoded: Problem, seed: int, hint: Plan | None, manner: Manner) -> _Search:
    threads = []
    for number in range(manner.threads):
        p = encoded.arrays._replace(W=encoded.arrays.W.copy())
        routes = empty_routes(p)
        clear(p, routes)
        state = np.array([mix((seed * THREADS + number + 1) % (1 << 62)) | 1], dtype=np.int64)
        marked = np.zeros(len(p.V), dtype=np.int64)
        pairs = empty_pairs(p) if in_pairs(p) else None
        thread = _Thread(p, routes, state, marked, empty_saved(routes), empty_pool(), pairs)
        if hint is not None:
            start_from(encoded, p, routes, hint, state, marked)
        if len(p.V) and len(p.H):
            construct(p, routes, state, marked, thread.best, thread.pool)
        threads.append(thread)
    best = empty_saved(threads[0].routes)
    search = _Search(encoded, threads, best)
    _learn(search)
    scale = _scale(threads[0].p, threads[0].routes)
    ways = threads[0].p.G[G_OBJECTIVE] in {WORKING_TIME, DISTANCE, VEHICLES}
    first = FIRST_HEAT_OF_WAYS if ways else FIRST_HEAT
    for number, thread in enumerate(threads):
        # the threads cool out of step: whenever the budget ends, one of them is near its cold end
        length = manner.cycle * max(20, len(thread.p.V)) * GROWTH ** (number / manner.threads)
        own = (first * WARM if number else first, LAST_HEAT)
        ends = own if thread.pairs is None else (PAIRS_FIRST_HEAT, PAIRS_LAST_HEAT)
        thread.heat = (ends[0] * scale, ends[1] * scale, length)
    return search


def _scale(p: Encoded, routes: Routes) -> float:
    """What an average leg costs, in the objective's unit: the measure of heat."""
    legs = int((routes.L + 1)[routes.L > 0].sum())
    if legs == 0:
        return 1.0
    travel, metres = int(routes.RC[:, C_TRAVEL].sum()), int(routes.RC[:, C_METRES].sum())
    if p.G[G_OBJECTIVE] != MONEY:
        return max(1.0, travel / legs)
    price = travel * int(p.G[G_TRAVEL_HOUR]) / (3600 * int(p.G[G_TICKS])) + metres * int(p.G[G_KM]) / 1000
    return max(1.0, price / legs, 0.1 * float(routes.RC[:, C_COST].sum()) / legs)


def _epochs(
    search: _Search, budget: Budget, watch: Stopwatch, progress: Callable[[Progress], bool] | None
) -> None:
    length = max(50, min(2000, 100_000 // (len(search.p.V) + 20)))
    next_master, longest_s, master_s = 20 * length, 0.0, 0.1
    count = len(search.threads)
    with ThreadPoolExecutor(count) as workers:
        while budget.work is None or search.work < budget.work:
            closing_s = 1.5 * (master_s + _last_effort(search.work))
            if budget.seconds is not None and watch.seconds + longest_s + closing_s > budget.seconds:
                break
            began_s = watch.seconds
            left = count * length if budget.work is None else budget.work - search.work
            shares = [min(length, (left + count - 1 - k) // count) for k in range(count)]
            turns = list(zip(search.threads, shares, strict=True))
            if sum(shares) <= ONE_AFTER_ANOTHER:
                for thread, share in turns:
                    _one_epoch(search, thread, share)
            else:
                jobs = [workers.submit(_one_epoch, search, thread, share) for thread, share in turns]
                for job in jobs:
                    job.result()
            done = search.work // count
            search.work += sum(shares)
            _learn(search)
            for thread in search.threads:
                if cycle(thread.heat, search.work // count) != cycle(thread.heat, done):
                    restore(thread.p, thread.routes, search.best)
            longest_s = max(longest_s, watch.seconds - began_s)
            if search.work >= next_master:
                next_master = 2 * search.work
                began_s = watch.seconds
                _close(search, BETWEEN_EFFORT)
                master_s = max(master_s, watch.seconds - began_s)
            if progress is not None:
                left_out = int((_served(search.best) == 0).sum())
                if not progress(Progress(search.work, int(search.best.N[0]), left_out)):
                    break


def _last_effort(work: int) -> float:
    """Deterministic time for the last choice: short searches have small pools and impatient readers."""
    return LAST_EFFORT * min(1.0, work / WORK_FOR_LAST_EFFORT) + 0.05


def _one_epoch(search: _Search, thread: _Thread, count: int) -> None:
    done = search.work // len(search.threads)
    if thread.pairs is not None:
        current = empty_saved(thread.routes)
        anneal_pairs(
            thread.p,
            thread.routes,
            thread.pairs,
            thread.rng,
            thread.best,
            current,
            thread.pool,
            thread.heat,
            done,
            count,
            NEAR,
        )
        return
    anneal(
        thread.p,
        thread.routes,
        thread.rng,
        thread.marked,
        thread.best,
        thread.pool,
        thread.heat,
        done,
        count,
        NEAR,
    )


def _learn(search: _Search) -> None:
    """Take over the best solution of any thread; ties go to the first."""
    for thread in search.threads:
        if thread.best.N[0] < search.best.N[0]:
            _copy(thread.best, search.best)


def _copy(source: Saved, target: Saved) -> None:
    for one, other in zip(source, target, strict=True):
        other[...] = one


def _served(saved: Saved) -> Ints:
    served = np.zeros(len(saved.PO), dtype=np.int64)
    for h in np.flatnonzero(saved.L):
        tokens = saved.R[h, : saved.L[h]]
        served[tokens[tokens >= 0]] = 1
    return served


def _fill(search: _Search) -> bool:
    """Put into the best solution what waits and has a place that is worth it; False: nothing has."""
    p, thread, best = search.p, search.threads[0], search.best
    if not len(p.V) or not len(p.H):
        return False
    restore(p, thread.routes, best)
    fill(p, thread.routes, thread.rng, thread.marked)
    keep(thread.routes)
    price = int(price_of(p, thread.routes))
    if price >= best.N[0]:
        return False
    save(thread.routes, price, best)
    return True


def _close(search: _Search, effort: float) -> Choice:
    """Let CP-SAT choose; its choice becomes the best solution."""
    p, best = search.p, search.best
    scratch = search.threads[0].routes
    own = empty_saved(scratch)
    save(scratch, price_of(p, scratch), own)
    restore(p, scratch, best)
    pools = [t.pool for t in search.threads]
    columns, incumbent = gather(p, pools, best, scratch.RC, search.archive)
    choice = choose(p, columns, incumbent, effort=effort)
    if any(pool.N[0] > ENTRIES // 2 for pool in pools):  # room for new routes: the promising ones are kept
        search.archive = choice.columns
        for pool in pools:
            forget(pool)
    best.L[:] = 0
    for c, h in choice.chosen:
        rows = choice.columns.stops[choice.columns.first[c] : choice.columns.first[c + 1]]
        best.L[h] = len(rows)
        for i, (token, option, bits, start) in enumerate(rows.tolist()):
            best.R[h, i] = token
            if token >= 0:
                best.PO[token], best.NM[token], best.PN[token] = option, bits, start
    best.N[0] = choice.price
    restore(p, scratch, own)
    return choice
