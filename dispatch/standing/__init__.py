"""A plan that stands, added up once; another one that differs from it in few routes is answered from the difference.

Who is the same `Route` in both plans drives, costs and breaks what he did: his route is neither priced nor judged again.
What several routes have in common (a visit's crew, the stock of shelves, vans and offers, loaner units) is looked at where
the difference touches it. The answers are those of `dispatch.cost` and `dispatch.verify` on the whole plan.
"""

from __future__ import annotations

import threading
from collections import Counter, OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Protocol
from weakref import WeakKeyDictionary, ref

from dispatch.cost import Piece, added, difference, partner_piece, route_piece, whole
from dispatch.plan import CostTerms, Plan, Route, StopKind
from dispatch.problem import Objective, PlanningProblem
from dispatch.standing.drawn import Drawn, drawn, overdrawn, vans_overdrawn
from dispatch.verify import Violation, broken_rules
from dispatch.verify.accounted import unknown_ids
from dispatch.verify.claims import claims
from dispatch.verify.lent import loaner_units
from dispatch.verify.routes import of_route
from dispatch.verify.together import links, partners

__all__ = ["Drawn", "Standing", "drawn", "overdrawn", "standing"]

KEPT = 4
"""Plans added up and kept for each problem that is still in use."""


class Day:
    """One route and its price, worked out when it is asked for."""

    __slots__ = ("_price", "route")

    def __init__(self, route: Route) -> None:
        """Keep the route."""
        self.route = route
        self._price: Piece | None = None

    def price(self, problem: PlanningProblem) -> Piece:
        """What it adds to the plan's cost."""
        if self._price is None:
            self._price = route_piece(problem, self.route)
        return self._price

    @property
    def visits(self) -> list[str]:
        """Whom it serves."""
        return [stop.ref for stop in self.route.stops if stop.kind is StopKind.VISIT]


@dataclass(frozen=True, eq=False)
class Standing:
    """A plan of a problem, added up.

    Args:
        of: the problem, not kept alive by this.
        days: by the identity of the route.
        planned, left: how often each visit is planned, and listed as left out.
        like: the plan it was told to differ from; None: added up from nothing.
        gone, come: the routes in which it differs.
        touched: visits on these, and those given to or taken from a partner or the list of those left out.
        without: by visit, the plan without it, where somebody has worked that out: the last `KEPT`.
    """

    of: ref[PlanningProblem]
    plan: Plan
    days: dict[int, Day]
    planned: Counter[str]
    left: Counter[str]
    like: Standing | None
    gone: Sequence[Day]
    come: Sequence[Day]
    touched: frozenset[str]
    without: OrderedDict[str, Standing] = field(default_factory=OrderedDict)

    @property
    def problem(self) -> PlanningProblem:
        """The problem."""
        found = self.of()
        assert found is not None, "who asks about a problem has it"
        return found

    def after(self, plan: Plan) -> Standing:
        """Another plan of the same problem, told from this one by the routes that are not the same objects."""
        now = {id(route): route for route in plan.routes}
        gone = [day for key, day in self.days.items() if key not in now]
        come = [Day(route) for key, route in now.items() if key not in self.days]
        days = self.days.copy()
        for day in gone:
            del days[id(day.route)]
        days.update((id(day.route), day) for day in come)
        left, planned = _visits(plan.unassigned), self.planned.copy()
        lost = _visits(self.plan.outside) + Counter(visit for day in gone for visit in day.visits)
        found = _visits(plan.outside) + Counter(visit for day in come for visit in day.visits)
        for visit, times in lost.items():
            planned[visit] -= times
        for visit, times in found.items():
            planned[visit] += times
        listed = {visit for visit in self.left.keys() | left.keys() if self.left[visit] != left[visit]}
        touched = frozenset({*lost, *found, *listed})
        return Standing(self.of, plan, days, planned, left, self, gone, come, touched)

    def route_of(self, visit: str) -> Route | None:
        """The route a visit is on; None: on none. Of one that is on several (a rule forbids it) one of them."""
        if self.like is None:
            return self._by_visit.get(visit)
        come = next((day.route for day in self.come if visit in day.visits), None)
        known = self.like.route_of(visit) if come is None else come
        return known if known is not None and id(known) in self.days else None

    @cached_property
    def _by_visit(self) -> dict[str, Route]:
        return {visit: day.route for day in self.days.values() for visit in day.visits}

    @cached_property
    def terms(self) -> CostTerms:
        """As `dispatch.cost.cost`.

        Raises:
            KeyError: as there.
        """
        problem = self.problem
        others = [partner_piece(problem, one).terms for one in self.plan.outside]
        latest = problem.objective is Objective.HOME_CARE
        pieces = [day.price(problem) for day in self.days.values()] if latest else []
        return whole(added([self.routes, *others]), self.left_out, pieces)

    @cached_property
    def routes(self) -> CostTerms:
        """What all routes cost, leaving visits out not counted."""
        problem = self.problem
        if self.like is None:
            return added(day.price(problem).terms for day in self.days.values())
        come, gone = (added(day.price(problem).terms for day in days) for days in (self.come, self.gone))
        return added([self.like.routes, difference(come, gone)])

    @cached_property
    def left_out(self) -> int:
        """What leaving visits out costs."""
        problem = self.problem
        if self.like is None:
            return sum(visit.left_out for visit in problem.visits if not self.planned[visit.id])
        return self.like.left_out + sum(
            problem.visits[problem.visit_index[visit]].left_out
            * (bool(self.like.planned[visit]) - bool(self.planned[visit]))
            for visit in self.touched
            if visit in problem.visit_index
        )

    @cached_property
    def drawn(self) -> Drawn:
        """What all routes take together."""
        if self.like is None:
            return drawn(self.problem, self.plan.routes)
        come, gone = ([day.route for day in days] for days in (self.come, self.gone))
        return self.like.drawn.changed(drawn(self.problem, gone), drawn(self.problem, come))

    @cached_property
    def broken(self) -> tuple[Violation, ...]:
        """As `dispatch.verify.broken_rules`."""
        problem = self.problem
        if self.like is None or self.like.broken or not self._nothing_between():
            return broken_rules(problem, self.plan)
        return tuple(wrong for day in self.come for wrong in of_route(problem, day.route))

    @cached_property
    def violations(self) -> tuple[Violation, ...]:
        """As `dispatch.verify.violations`."""
        return self.broken or tuple(claims(self.plan, self.terms))

    def _nothing_between(self) -> bool:
        """Whether what is no single route's matter holds, as it does in the plan this one is like."""
        problem, plan = self.problem, self.plan
        routes = tuple(day.route for day in self.come)
        if any(unknown_ids(problem, replace(plan, routes=routes))):
            return False
        taken = drawn(problem, routes)
        linked = any(problem.visit_index.get(visit) in problem.linked for visit in self.touched)
        return (
            len({route.shift for route in plan.routes}) == len(plan.routes)
            and all(self._once(visit) for visit in self.touched)
            and not any(partners(problem, plan))
            and not (linked and any(links(problem, plan)))
            and not vans_overdrawn(problem, self.drawn, taken)
            and not any(overdrawn(problem, self.drawn, taken))
            and not (taken.lent and any(loaner_units(problem, plan)))
        )

    def _once(self, visit: str) -> bool:
        return visit in self.problem.visit_index and self.planned[visit] + self.left[visit] == 1


class _OfVisit(Protocol):
    @property
    def visit(self) -> str:
        """The visit's id."""


def _visits(some: Iterable[_OfVisit]) -> Counter[str]:
    return Counter(one.visit for one in some)


_KNOWN: WeakKeyDictionary[PlanningProblem, OrderedDict[int, Standing]] = WeakKeyDictionary()
_TURN = threading.Lock()


def standing(problem: PlanningProblem, plan: Plan) -> Standing:
    """The plan added up: once for a plan and a problem that stay, `KEPT` plans of a problem at most.

    Both are known by identity (they are frozen, and a plan that is kept here keeps its identity), so nothing here can be
    out of date.
    """
    with _TURN:
        known = _KNOWN.setdefault(problem, OrderedDict())
        if id(plan) in known:
            known.move_to_end(id(plan))
            return known[id(plan)]
    days = [Day(route) for route in plan.routes]
    planned = Counter(visit for day in days for visit in day.visits) + _visits(plan.outside)
    left = _visits(plan.unassigned)
    made = Standing(
        ref(problem), plan, {id(day.route): day for day in days}, planned, left, None, (), days, frozenset()
    )
    with _TURN:
        known[id(plan)] = made
        while len(known) > KEPT:
            known.popitem(last=False)
    return made
