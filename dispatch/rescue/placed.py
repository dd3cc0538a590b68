"""One narrowed problem solved near its visit, and the figures of what came out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain

from dispatch.cost import cost, difference, visit_stops
from dispatch.eligibility import able, distance, failures
from dispatch.plan import CostTerms, Known, Outsourced, Plan, Route, Stop, StopKind, Unassigned
from dispatch.problem import PlanningProblem
from dispatch.rescue.last_moment import Decision
from dispatch.rescue.narrow import OWN, Narrowed, restored
from dispatch.rescue.part_of import by_itself, in_want, joined, part_of, together
from dispatch.rescue.way import Effect, LoanerPrice, Way, WayKind
from dispatch.solve import Budget, Candidate, laid_out, places_for, solve_part
from dispatch.standing import Drawn, Standing, standing
from dispatch.summary import Forecast, forecasts
from kernel.errors import Message, Value

MOVED_S = 15 * 60
"""Ticks (of a second): a start that changes by less moves nobody."""


ALL_DAYS = 3
"""Days of one engineer that are put in order together: to look for the cheapest of so few took longer, and was often dearer."""


@dataclass(frozen=True)
class Case:
    """What is being rescued.

    Args:
        problem, plan: as they are.
        visit: the visit the ways are for.
        visits: all visits of its ticket: their promises count.
        engineer, shift: who does it now; None and empty: none of our own.
        near: shifts tried for a way besides the visit's own.
        budget: for each way.
        before: what the plan as it is costs, where `problem` is another one; None: as `problem` prices it.
        known: the plan added up, where that is known; None: it is done once for a plan.
    """

    problem: PlanningProblem
    plan: Plan
    visit: str
    visits: tuple[str, ...]
    engineer: int | None
    shift: str
    near: int
    budget: Budget
    before: CostTerms | None = None
    known: Standing | None = None

    @property
    def standing(self) -> Standing:
        """The plan, added up."""
        if self.known is not None and self.known.plan is self.plan:
            return self.known
        return standing(self.problem, self.plan)

    @cached_property
    def rest(self) -> Plan:
        """The plan without the visit; whoever does not go there keeps his route."""
        left = Unassigned(self.visit, Message("unassigned.not_found", {"visit": self.visit}), Known.NOT_FOUND)
        others = tuple(one for one in self.plan.unassigned if one.visit != self.visit)
        his = self.standing.route_of(self.visit)
        stops = () if his is None else tuple(one for one in his.stops if not _serves(one, self.visit))
        again = (replace(his, stops=stops),) if his is not None and _used(stops) else ()
        routes = (again if route is his else (route,) for route in self.plan.routes)
        return replace(
            self.plan,
            routes=self.plan.routes if his is None else tuple(chain.from_iterable(routes)),
            unassigned=(*others, left),
            outside=tuple(one for one in self.plan.outside if one.visit != self.visit),
        )


def placed(
    case: Case, way: Narrowed, *, also: frozenset[str] = frozenset(), near: frozenset[str] | None = None
) -> Plan | None:
    """The whole plan with the visit placed in the one way left; None: no place was found.

    The visit's own route, `also`, the `near` cheapest places for it, in the plan and on empty days, and
    whoever draws on the same last units are solved again; all other routes stand still. `near`: the shifts of these
    places where they are known already; None: they are looked for.
    """
    rest = case.rest
    taken = case.standing.after(rest).drawn
    if case.near >= len(case.problem.shifts):
        part = part_of(way.problem, rest, way.problem.shift_index, way.problem.visit_index, taken=taken)
    else:
        own = {*also, *in_want(way.problem, rest, taken=taken), *({case.shift} if case.shift else ())}
        tried = _near(case, way, rest, taken) if near is None else near
        part = part_of(way.problem, rest, tried | own, {case.visit}, taken=taken)
    solved = solve_part(by_itself(part.problem), case.budget, part.plan)
    if any(one.visit == case.visit for one in solved.unassigned):
        return None
    return joined(case.problem, part.still, restored(way, solved), known=case.standing)


def no_place(way: Narrowed) -> Message:
    """Why a way came to nothing: proved where each shift that may do it breaks a rule by itself, else not found."""
    problem = way.problem
    visit = problem.visits[problem.visit_index[way.visit]]
    asked = [
        shift
        for shift in problem.shifts
        if visit.engineer_lock in {-1, shift.engineer} and shift.engineer not in visit.barred
    ]
    if not asked:
        return Message("closed.nobody_else")
    failed, shift = min(
        ((failures(problem, visit, shift), shift) for shift in asked), key=lambda pair: distance(pair[0])
    )
    if not failed:
        return Message("closed.no_place")
    first = failed[0].message
    named: dict[str, Value] = {"engineer": problem.engineers[shift.engineer].id, "shift": shift.id}
    told = {name: _plain(value) for name, value in first.params.items()}
    return Message("closed.nobody_can", {**told, **named, "why": first.code})


def _plain(value: Value) -> Value:
    """A part that was reserved for the way, under its own name."""
    return value.partition(OWN)[0] if isinstance(value, str) else value


def _near(case: Case, way: Narrowed, rest: Plan, taken: Drawn) -> set[str]:
    """The cheapest shifts for the visit and for those that go with it, in the plan and on empty days."""
    problem = way.problem
    mates, who = together(problem, case.visit), problem.visits[problem.visit_index[case.visit]].engineer_lock
    if len(mates) == 1 and who >= 0:
        # Only his days count: a large region is not laid out for them.
        days = [shift for shift in problem.shifts if shift.engineer == who]
        his = {shift.id for shift in days}
        likely = {
            day.id for day in days if able(problem, problem.visits[problem.visit_index[case.visit]], day)
        }
        if len(likely) <= ALL_DAYS:
            return likely
        parts = (
            part_of(problem, rest, his, mates, taken=taken),
            part_of(problem, _EMPTY, his, mates, taken=Drawn()),
        )
        return {
            shift
            for part in parts
            for shift in _cheapest(case, places_for(by_itself(part.problem), part.plan, case.visit))
        }
    left = (Unassigned(one.id, Message("unassigned.not_found"), Known.NOT_FOUND) for one in problem.visits)
    nobody = Plan((), tuple(left), CostTerms())
    encoded = laid_out(problem, keep=False)
    return {
        shift
        for visit in mates
        for plan in (rest, nobody)
        for shift in _cheapest(case, places_for(problem, plan, visit, encoded=encoded))
    }


_EMPTY = Plan((), (), CostTerms())


def _cheapest(case: Case, places: Iterable[Candidate]) -> list[str]:
    return [one.shift for one in sorted(places, key=lambda one: (one.cents, one.shift))[: case.near]]


def priced(case: Case, kind: WayKind, name: Message, plan: Plan) -> Way:
    """The figures of a plan with a way in it."""
    problem, done = case.problem, _where_after(case, plan)
    here = done.get(case.visit)
    running = [problem.visits[problem.visit_index[visit]] for visit in case.visits]
    finishes = [at.done.end_s + visit.away_s for visit in running if (at := done.get(visit.id)) is not None]
    decision = Decision(
        problem, case.plan, plan, frozenset(case.visits), leaves=kind is WayKind.WAIT and here is not None
    )
    return Way(
        kind,
        name,
        plan=plan,
        engineer=here.who(problem) if here else "",
        start_s=here.done.start_s if here else None,
        finish_s=max(finishes) if here else None,
        promises=_promises(problem, done, case.visits),
        terms=difference(plan.claimed, case.before or case.standing.terms),
        effect=_effect(case, plan),
        loaner=_loaner(case, plan, here),
        decision=decision,
    )


@dataclass(frozen=True, slots=True)
class Where:
    """Where a plan has a visit: its stop on a shift, or a partner's word."""

    done: Stop | Outsourced
    shift: str

    def who(self, problem: PlanningProblem) -> str:
        """The engineer's or the partner's id."""
        if isinstance(self.done, Outsourced):
            return self.done.partner
        return problem.engineers[problem.shifts[problem.shift_index[self.shift]].engineer].id


def where(plan: Plan) -> dict[str, Where]:
    """Where a plan has each of its visits."""
    return _where(plan.routes, plan.outside)


def found_in(plan: Plan, visits: Collection[str]) -> dict[str, Where]:
    """Where a plan has some visits; those it does not have are not in it."""
    found = _where((route for _, route in _serving(plan, visits)), plan.outside)
    return {visit: found[visit] for visit in visits if visit in found}


def _where(routes: Iterable[Route], outside: Iterable[Outsourced]) -> dict[str, Where]:
    found = {
        stop.ref: Where(stop, route.shift)
        for route in routes
        for stop in route.stops
        if stop.kind is StopKind.VISIT
    }
    return found | {one.visit: Where(one, "") for one in outside}


def _where_after(case: Case, plan: Plan) -> dict[str, Where]:
    """Where another plan has the case's visits: in its own routes, or where the case's plan has them."""
    before, now = ({id(route) for route in one.routes} for one in (case.plan, plan))
    found = _where((route for route in plan.routes if id(route) not in before), plan.outside)
    for visit in {case.visit, *case.visits} - found.keys():
        same = case.standing.route_of(visit)
        if same is not None and id(same) in now:
            found[visit] = _where((same,), ())[visit]
    return found


def promises(problem: PlanningProblem, plan: Plan, visits: tuple[str, ...]) -> tuple[Forecast, ...]:
    """The ticket's promises: of each milestone the visit that keeps it worst."""
    return _promises(problem, found_in(plan, visits), visits)


def _promises(
    problem: PlanningProblem, done: Mapping[str, Where], visits: tuple[str, ...]
) -> tuple[Forecast, ...]:
    worst: dict[str, Forecast] = {}
    for visit in visits:
        at = done.get(visit)
        for promise in forecasts(problem.visits[problem.visit_index[visit]], at.done if at else None):
            known = worst.get(promise.milestone.value)
            if known is None or _spare(promise) < _spare(known):
                worst[promise.milestone.value] = promise
    return tuple(worst.values())


def _spare(promise: Forecast) -> float:
    return float("-inf") if promise.spare_s is None else promise.spare_s


def _effect(case: Case, plan: Plan) -> Effect:
    """Who is where only one of the two plans has him: whose route is the same in both stays where he is."""
    mine, its = ({id(route) for route in one.routes} for one in (case.plan, plan))
    old = _where((route for route in case.plan.routes if id(route) not in its), case.plan.outside)
    new = _where((route for route in plan.routes if id(route) not in mine), plan.outside)
    place = case.problem.visit_index
    changed = sorted(
        (old.keys() | new.keys()) & (place.keys() - set(case.visits)), key=lambda one: place[one]
    )
    return Effect(
        moved=tuple(
            visit
            for visit in changed
            if visit in old and visit in new and _moved(case.problem, old[visit], new[visit])
        ),
        late=tuple(
            visit
            for visit in changed
            if new.get(visit) != old.get(visit)
            and _late(case.problem, new, visit) - _late(case.problem, old, visit)
        ),
        displaced=tuple(visit for visit in changed if visit in old and visit not in new),
    )


def _moved(problem: PlanningProblem, old: Where, new: Where) -> bool:
    far = abs(old.done.start_s - new.done.start_s) >= MOVED_S * problem.ticks_per_unit
    return far or old.who(problem) != new.who(problem)


def _late(problem: PlanningProblem, done: Mapping[str, Where], visit: str) -> set[str]:
    if visit not in done:
        return set()
    found = forecasts(problem.visits[problem.visit_index[visit]], done[visit].done)
    return {p.milestone.value for p in found if p.spare_s is not None and p.spare_s < 0}


def _loaner(case: Case, plan: Plan, here: Where | None) -> LoanerPrice | None:
    price = loaner_price(case.problem, here.done) if here and isinstance(here.done, Stop) else None
    if price is None:
        return None
    # What the rest of the visit owes (the repair ends when the unit is brought back) is owed with it and without.
    trip = case.problem.visits[case.problem.visit_index[case.visit]].desk_visit
    mates = [one for one in visit_stops(plan) if one.trip == trip and one.ref != case.visit]
    owed = sum(
        terms.late_repair + terms.late_substitute for terms in (_terms(case.problem, one) for one in mates)
    )
    return replace(price, bill=price.bill + owed, still_owed=price.still_owed + owed)


def loaner_price(problem: PlanningProblem, stop: Stop) -> LoanerPrice | None:
    """A visit's loaner beside the bill it replaces; None: the stop has no loaner."""
    if stop.loaner is None:
        return None
    lent, bare = _terms(problem, stop), _terms(problem, replace(stop, loaner=None))
    return LoanerPrice(
        unit=stop.loaner.unit,
        cents=lent.loaner_couriers + lent.loaner_days,
        bill=bare.late_repair + bare.late_substitute,
        still_owed=lent.late_repair + lent.late_substitute,
    )


def _terms(problem: PlanningProblem, stop: Stop) -> CostTerms:
    """What one stop costs by itself, the road not counted."""
    return cost(problem, Plan((Route(problem.shifts[0].id, 0, 0, (stop,)),), (), CostTerms()))


def _with_stop(plan: Plan, stop: Stop) -> Plan:
    routes = list(plan.routes)
    for at, route in _serving(plan, {stop.ref}):
        stops = tuple(stop if _serves(one, stop.ref) else one for one in route.stops)
        routes[at] = replace(route, stops=stops)
    return replace(plan, routes=tuple(routes))


def lent(case: Case, plan: Plan, stop: Stop) -> Plan:
    """The plan with the visit's stop replaced, priced anew."""
    changed = _with_stop(plan, stop)
    return replace(changed, claimed=case.standing.after(changed).terms)


def _serving(plan: Plan, visits: Collection[str]) -> list[tuple[int, Route]]:
    """The routes on which one of some visits is, with their places in the plan; plain loops, as a plan has thousands of stops."""
    found = []
    for at, route in enumerate(plan.routes):
        for stop in route.stops:
            if stop.ref in visits and stop.kind is StopKind.VISIT:
                found.append((at, route))
                break
    return found


def _used(stops: Iterable[Stop]) -> bool:
    return any(stop.kind is StopKind.VISIT for stop in stops)


def _serves(stop: Stop, visit: str) -> bool:
    return stop.kind is StopKind.VISIT and stop.ref == visit
