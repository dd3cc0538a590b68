"""Large problems: cut into pieces, each searched by itself, taken over where it is cheaper, and cut again elsewhere.

The frame is POPMUSIC (E. Taillard and S. Voss, "POPMUSIC: partial optimization metaheuristic under special intensification
conditions", 2002). A sweep cuts the whole problem (`borders`) and shares out what several pieces could take (`piece`), so its
pieces know nothing of each other: two are searched at a time, and joined in order.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, fields

import numpy as np

from dispatch.plan import CostTerms, Known, Outsourced, Plan, Route, StopKind, Unassigned
from dispatch.problem import Objective, PlanningProblem
from dispatch.solve.borders import Doubles, Piece, could_serve, pieces, positions
from dispatch.solve.budget import Budget, Progress
from dispatch.solve.decode import Priced, decode, priced
from dispatch.solve.engine import Manner, manifest, searched
from dispatch.solve.layout import Ints
from dispatch.solve.piece import granted, problem_of
from dispatch.solve.pool import mix
from kernel.clock import Stopwatch
from kernel.errors import Message

AT_A_TIME = 2
VISITS, SHIFTS = 150, 40
"""Of a piece, about."""
CROWDED, CROWDED_VISITS = 0.05, 70
"""Share of the visits without a place from which a piece has fewer: who waits is tried everywhere in it, again and again."""
FIRST_WORK, WORK = 20, 60
"""Iterations a visit of a piece, in the first sweep from nothing and in any other."""
MARGIN = 1.2
"""Times the longest piece so far: what the next one may take."""
LEAST_SHARE = 0.6
"""Of its work, that a last piece is still begun with: what it takes besides searching does not get less."""


def is_large(problem: PlanningProblem) -> bool:
    """Whether a problem is better cut: there would be two pieces at least, and its cost is a sum over routes."""
    by_route = {Objective.MONEY, Objective.WORKING_TIME, Objective.DISTANCE}
    return could_serve(problem) >= 2 * VISITS and problem.objective in by_route


def piece_size(shift_of: Ints, *, shared: bool) -> int:
    """Visits of a piece, about, when they stand on the shifts `shift_of` (visits,), -1: none; at first nobody has any.

    `shared`: there are stores or offers, of which each piece gets a share: of more pieces everyone gets less.
    """
    waiting = int(np.count_nonzero(shift_of < 0))
    crowded = CROWDED * len(shift_of) < waiting < len(shift_of)
    return CROWDED_VISITS if crowded and not shared else VISITS


@dataclass(eq=False)
class _State:
    """The plan so far.

    Args:
        routes: by shift.
        fresh: visits that stand elsewhere than in the hint once everything has a place: where they are is searched first,
            the first time nowhere else.
        outside: visits given to a partner.
        route_terms, other_terms: what each route, and each visit without one, costs.
        work, columns: what was done for it, for the manifest.
    """

    problem: PlanningProblem
    seed: int
    routes: dict[int, Route]
    fresh: frozenset[int] = frozenset()
    outside: dict[int, Outsourced] = field(default_factory=dict)
    route_terms: dict[int, CostTerms] = field(default_factory=dict)
    other_terms: dict[int, CostTerms] = field(default_factory=dict)
    work: int = 0
    columns: int = 0

    def shift_of(self) -> Ints:
        """(visits,) the shift each stands on, -1: none."""
        found = np.full(len(self.problem.visits), -1, dtype=np.int64)
        for h, route in self.routes.items():
            for stop in route.stops:
                if stop.kind is StopKind.VISIT and stop.ref in self.problem.visit_index:
                    found[self.problem.visit_index[stop.ref]] = h
        return found

    def cost(self) -> int:
        """Of the plan so far; visits nobody has looked at yet are left out."""
        known = [*self.route_terms.values(), *self.other_terms.values()]
        seen = self.shift_of() >= 0
        seen[list(self.other_terms)] = True
        waiting = sum(
            visit.left_out for visit, done in zip(self.problem.visits, seen, strict=True) if not done
        )
        return waiting + sum(terms.total for terms in known)

    def take(self, piece: Piece, done: _Done) -> None:
        """Take over what was found for a piece, where it is cheaper than what there is."""
        self.work += done.work
        self.columns += done.columns
        old = [self.route_terms[h] for h in piece.shifts if h in self.route_terms]
        old += [self.other_terms[v] for v in piece.visits if v in self.other_terms]
        new = [*done.priced.routes.values(), *done.priced.others.values()]
        if old and sum(terms.total for terms in new) >= sum(terms.total for terms in old):
            return
        for h in piece.shifts:
            self.routes.pop(h, None)
            self.route_terms.pop(h, None)
        for v in piece.visits:
            self.outside.pop(v, None)
            self.other_terms.pop(v, None)
        for route in done.plan.routes:
            h = self.problem.shift_index[route.shift]
            self.routes[h], self.route_terms[h] = route, done.priced.routes[route.shift]
        for visit, terms in done.priced.others.items():
            self.other_terms[self.problem.visit_index[visit]] = terms
        for one in done.plan.outside:
            self.outside[self.problem.visit_index[one.visit]] = one


@dataclass(frozen=True, eq=False)
class _Done:
    """A piece, searched."""

    plan: Plan
    priced: Priced
    work: int
    columns: int


@dataclass(eq=False)
class _Meter:
    """What of a budget is left, asked before each piece in order; once it is used up, it stays so."""

    budget: Budget
    watch: Stopwatch
    given: int = 0
    longest_s: float = 0.0
    last: bool = False
    over: bool = False

    def share(self, wanted: int) -> int:
        """Iterations for the next piece, at most `wanted`, fewer where time is left for a part of them; 0 when nothing is."""
        budget = self.budget
        room = 1.0
        if budget.seconds is not None and self.longest_s > 0:
            room = (budget.seconds - self.watch.seconds) / (MARGIN * self.longest_s)
        left = wanted if budget.work is None else min(wanted, budget.work - self.given)
        self.over = self.over or self.last or room < LEAST_SHARE or (wanted > 0 and left <= 0)
        if self.over:
            return 0
        if room < 1.0:
            left, self.last = int(left * room), True
        self.given += left
        return left


def run(
    problem: PlanningProblem,
    budget: Budget,
    hint: Plan | None = None,
    *,
    progress: Callable[[Progress], bool] | None = None,
    watch: Stopwatch | None = None,
) -> Plan:
    """Solve a large `problem`; see `dispatch.solve.solve`."""
    state = _State(problem, budget.seed, {})
    for route in hint.routes if hint is not None else ():
        if route.shift in problem.shift_index:
            state.routes[problem.shift_index[route.shift]] = route
    hinted = state.shift_of()
    meter = _Meter(budget, watch or Stopwatch())
    at = positions(problem)
    sweep = 0
    with ThreadPoolExecutor(AT_A_TIME) as workers:
        while not meter.over:
            given = meter.given
            _sweep(state, at, sweep, meter, workers, progress)
            if sweep == 0 and hint is not None:
                state.fresh = frozenset(np.flatnonzero(state.shift_of() != hinted).tolist())
            meter.over |= sweep > 0 and meter.given == given  # there is nothing to search
            sweep += 1
    return _joined(state, budget)


def _sweep(
    state: _State,
    at: Doubles,
    sweep: int,
    meter: _Meter,
    workers: ThreadPoolExecutor,
    progress: Callable[[Progress], bool] | None,
) -> None:
    """Search every piece of one cut, in order, as far as the budget goes; the first sweep goes to its end."""
    problem = state.problem
    shift_of = state.shift_of()
    size = piece_size(shift_of, shared=bool(problem.stores or problem.offers))
    cut = pieces(problem, at, shift_of, sweep=sweep, visits=size, shifts=SHIFTS)
    cut = tuple(sorted(cut, key=lambda piece: state.fresh.isdisjoint(piece.visits)))
    around = sum(not state.fresh.isdisjoint(piece.visits) for piece in cut)
    may = granted(problem, cut, state.routes, sweep=sweep)
    going: deque[tuple[Piece, Future[_Done], float]] = deque()

    def joined() -> None:
        piece, job, began_s = going.popleft()
        state.take(piece, job.result())
        meter.longest_s = max(meter.longest_s, meter.watch.seconds - began_s)
        if progress is not None and not progress(Progress(state.work, state.cost(), len(state.other_terms))):
            meter.over = True

    first = 0 if state.routes else FIRST_WORK  # a hint's routes are looked at, and its gaps filled
    # What has happened is looked at twice, differently cut, before anything else is.
    for number, piece in enumerate(cut[:around] if sweep == 1 and around else cut):
        if len(going) == AT_A_TIME:
            joined()
        share = meter.share((WORK if sweep else first) * len(piece.visits) if piece.shifts else 0)
        if sweep and meter.over:
            break
        hint = tuple(state.routes[h] for h in piece.shifts if h in state.routes)
        own = problem_of(problem, piece, may[number])
        seed = mix((state.seed * 1_000_003 + sweep * 10_007 + number) % (1 << 62)) % (1 << 60)
        going.append((piece, workers.submit(_searched, own, hint, share, seed), meter.watch.seconds))
    while going:
        joined()


def _searched(problem: PlanningProblem, routes: tuple[Route, ...], share: int, seed: int) -> _Done:
    """Search a piece from its routes: one cooling, as long as its share of the work."""
    hint = Plan(routes, (), CostTerms()) if routes else None
    manner = Manner(threads=1, cycle=max(1, share // max(1, len(problem.visits))))
    found = searched(problem, Budget(seed=seed, work=share), hint, manner=manner, watch=Stopwatch())
    plan = decode(found.encoded, found.best, None)
    return _Done(plan, priced(found.encoded, found.best, plan), found.work, found.choice.considered)


def _joined(state: _State, budget: Budget) -> Plan:
    """The plan of all pieces. That nobody can do a visit is proved for its piece only: not found, then."""
    problem = state.problem
    terms = [*state.route_terms.values(), *state.other_terms.values()]
    return Plan(
        routes=tuple(route for _, route in sorted(state.routes.items())),
        unassigned=tuple(
            Unassigned(visit, Message("unassigned.not_found", {"visit": visit}), Known.NOT_FOUND)
            for visit in (
                problem.visits[v].id for v in sorted(state.other_terms.keys() - state.outside.keys())
            )
        ),
        claimed=CostTerms(
            **{term.name: sum(getattr(one, term.name) for one in terms) for term in fields(CostTerms)}
        ),
        manifest=manifest(problem, budget, work=state.work, columns=state.columns, optimum=False),
        outside=tuple(one for _, one in sorted(state.outside.items())),
    )
