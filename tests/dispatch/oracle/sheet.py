"""The variables of the oracle: who does what, when anybody is where, and which way the routes go.

Written from the problem's own words only. A visit has one set of times, whoever does it, because it is done
once; a shift has one pick-up stop at most.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ortools.sat.python import cp_model

from dispatch.problem import PlanningProblem, Shift, Visit

Var = Any
"""A CP-SAT variable or linear expression."""


@dataclass(frozen=True, eq=False)
class Stay:
    """Somebody at a place: there from `reach`, busy [begin, end), off again at `leave`."""

    reach: Var
    begin: Var
    end: Var
    leave: Var


@dataclass(frozen=True, eq=False)
class Rest:
    """A break of a shift, if `taken`: from `begin`, before or after the stay of the node whose literal holds."""

    begin: Var
    duration_s: int
    taken: Var
    after: dict[int, Var]
    before: dict[int, Var]


@dataclass(frozen=True, eq=False)
class Day:
    """One shift, if `used`: away from `leave`, home at `home`; `roads` are (node, node, literal).

    Nodes: 0 the start and end place, 1 + v the visit v, ``1 + visits + k`` the pick-up at store k.
    """

    used: Var
    leave: Var
    home: Var
    pick_up: Stay
    roads: list[tuple[int, int, Var]] = field(default_factory=list)
    rests: list[Rest] = field(default_factory=list)


@dataclass(eq=False)
class Sheet:
    """The model being written.

    Args:
        on: visit and shift -> done on it; only pairs that may be.
        out: per visit, left out.
        outside: visit and number of the partner -> done by him.
        stays: per visit, its times.
        days: per shift.
        at: shift and store -> picks up there.
        after: visit, shift and store -> done on the shift after its pick-up there, for what it takes from there.
        lines: visit, number of the part line, source, part, index of store, offer or engineer -> served so.
        loaners: visit, loaner class, store, number of the courier (-1: brought) -> lent so.
        cost: the terms of the objective.
    """

    problem: PlanningProblem
    model: Any
    on: dict[tuple[int, int], Var] = field(default_factory=dict)
    out: list[Var] = field(default_factory=list)
    outside: dict[tuple[int, int], Var] = field(default_factory=dict)
    stays: list[Stay] = field(default_factory=list)
    days: list[Day] = field(default_factory=list)
    at: dict[tuple[int, int], Var] = field(default_factory=dict)
    after: dict[tuple[int, int, int], Var] = field(default_factory=dict)
    lines: dict[tuple[int, int, str, int, int], Var] = field(default_factory=dict)
    loaners: dict[tuple[int, int, int, int], Var] = field(default_factory=dict)
    cost: list[Var] = field(default_factory=list)

    @property
    def far_s(self) -> int:
        """A moment by which all work begun in a window or a shift is over."""
        problem = self.problem
        begins = [shift.end_s + shift.overtime_s for shift in problem.shifts]
        begins += [w.close_s for visit in problem.visits for w in visit.windows]
        begins += [w.close_s for store in problem.stores for w in store.opens]
        lasts = [visit.service_s for visit in problem.visits] + [s.pick_up_s for s in problem.stores]
        return max(begins, default=0) + max(lasts, default=0)

    def by(self, visit: int, engineer: int) -> Var:
        """Say (0 or 1) whether `engineer` does `visit`."""
        return sum(
            lit
            for (v, h), lit in self.on.items()
            if v == visit and self.problem.shifts[h].engineer == engineer
        )

    def routed(self, visit: int) -> Var:
        """Say (0 or 1) whether `visit` is on any route."""
        return sum(lit for (v, _), lit in self.on.items() if v == visit)

    def node(self, store: int) -> int:
        """Number of a store's node in every day's circuit."""
        return 1 + len(self.problem.visits) + store

    def place(self, node: int) -> int:
        """Index of the place of a visit's or a store's node."""
        visits = len(self.problem.visits)
        if node <= visits:
            return self.problem.visits[node - 1].place
        return self.problem.stores[node - 1 - visits].place

    def lasts_s(self, node: int) -> int:
        """Ticks of the work at a visit's or a store's node."""
        visits = len(self.problem.visits)
        if node <= visits:
            return self.problem.visits[node - 1].service_s
        return self.problem.stores[node - 1 - visits].pick_up_s


def new_sheet(problem: PlanningProblem) -> Sheet:
    """Write who may do what, once each."""
    sheet = Sheet(problem, cp_model.CpModel())
    model = sheet.model
    linked = {v for link in problem.links for v in (link.first, link.second)}
    for v, visit in enumerate(problem.visits):
        for h, shift in enumerate(problem.shifts):
            if _may(problem, visit, shift):
                sheet.on[v, h] = model.new_bool_var(f"on {visit.id} {shift.id}")
        sheet.out.append(model.new_bool_var(f"out {visit.id}"))
        partners = () if v in linked else visit.outside
        for i in range(len(partners)):
            sheet.outside[v, i] = model.new_bool_var(f"outside {visit.id} {i}")
        others = [lit for (w, _), lit in sheet.outside.items() if w == v]
        model.add_exactly_one([sheet.out[v], *others, *(lit for (w, _), lit in sheet.on.items() if w == v)])
    return sheet


def _may(problem: PlanningProblem, visit: Visit, shift: Shift) -> bool:
    engineer = problem.engineers[shift.engineer]
    last_s = shift.end_s + shift.overtime_s
    levels = dict(engineer.skills)
    valid = {
        held.item for held in engineer.certificates if held.from_s <= shift.start_s and last_s <= held.until_s
    }
    own = not engineer.territories or visit.territory < 0 or visit.territory in engineer.territories
    return (
        all(levels.get(skill, 0) >= level for skill, level in visit.skills)
        and set(visit.certificates) <= valid
        and visit.engineer_lock in {-1, shift.engineer}
        and shift.engineer not in visit.barred
        and (own or engineer.away_cents is not None)
    )
