"""Who could take a visit, and smaller ways to plan again: one engineer's day, a gap to be filled.

Everything here is a part of the plan solved by itself while everybody else stands still; the figures are those
of the whole plan that comes out.
"""

from __future__ import annotations

from dataclasses import dataclass

from dispatch.eligibility import able
from dispatch.plan import CostTerms, Known, Plan, Unassigned
from dispatch.problem import PlanningProblem
from dispatch.rescue.narrow import by_engineer, forced, not_before
from dispatch.rescue.part_of import by_itself, joined, part_of, together
from dispatch.rescue.placed import Case, placed, priced
from dispatch.rescue.way import Way, WayKind
from dispatch.solve import Budget, Candidate, laid_out, places_for, solve_part
from dispatch.standing import KEPT, Standing, standing
from kernel.errors import Message, Refusal

FEW = Budget(seed=1, work=60)
"""For a part of a plan: a handful of visits."""

TRIED = 3
"""Engineers tried for each one shown: who looks dear in a gap may be cheap once his day is put in order."""

_AS_IT_STANDS = Budget(seed=1, work=0)


def candidates(
    problem: PlanningProblem, plan: Plan, visit: str, *, most: int = 5, budget: Budget = FEW
) -> tuple[Way, ...]:
    """Who could take a visit, the cheapest first: each with the whole plan that comes out and what it does to others.

    Args:
        problem: what is planned.
        plan: its plan; where it has the visit now is one of the candidates.
        visit: the visit's id in the problem.
        most: engineers listed at most.
        budget: for each.

    Returns:
        One way of kind `WayKind.ENGINEER` for each engineer tried: those with the cheapest gaps first, then those who
        could do it on an empty day and would have to give up something else. Its cost counts against the plan with
        the visit left out.

    Raises:
        Refusal: ``explain.unknown_visit``.
    """
    if visit not in problem.visit_index:
        raise Refusal("explain.unknown_visit", visit=visit)
    case = _case(problem, plan, visit, budget)
    alone = len(together(problem, visit)) == 1
    way, found = forced(problem, visit), []
    for engineer, shifts in list(_in_order(case).items())[: TRIED * most]:
        made = placed(case, by_engineer(way, engineer), near=shifts if alone else None)
        if made is not None:
            name = Message("candidates.engineer", {"engineer": problem.engineers[engineer].id})
            found.append(priced(case, WayKind.ENGINEER, name, made))
    return tuple(sorted(found, key=lambda way: (way.cents, way.engineer))[:most])


def candidate(
    problem: PlanningProblem,
    plan: Plan,
    visit: str,
    engineer: str,
    *,
    not_before_s: int | None = None,
    budget: Budget = FEW,
) -> Way | None:
    """One engineer as a candidate for a visit, as `candidates` gives them; None: he cannot come, whoever gives way.

    Args:
        problem: what is planned.
        plan: its plan.
        visit: the visit's id in the problem.
        engineer: his id.
        not_before_s: tick the work begins at or later; None: when it suits best.
        budget: for the days that are put in order.

    Raises:
        Refusal: ``explain.unknown_visit``, ``candidates.unknown_engineer``, ``candidates.partner``.
    """
    if visit not in problem.visit_index:
        raise Refusal("explain.unknown_visit", visit=visit)
    number = _number(problem, engineer)
    wanted = problem.visits[problem.visit_index[visit]]
    shifts = [shift for shift in problem.shifts if shift.engineer == number]
    if not any(able(problem, wanted, shift) for shift in shifts):
        return None
    case = _case(problem, plan, visit, budget)
    way = by_engineer(forced(problem, visit), number)
    made = placed(case, way if not_before_s is None else not_before(way, not_before_s))
    if made is None:
        return None
    return priced(case, WayKind.ENGINEER, Message("candidates.engineer", {"engineer": engineer}), made)


def without(problem: PlanningProblem, plan: Plan, visit: str) -> Plan:
    """The plan with a visit left out, everybody else where he is; its route waits where the visit was."""
    return _left_out(problem, plan, visit).plan


def _case(problem: PlanningProblem, plan: Plan, visit: str, budget: Budget) -> Case:
    rest = _left_out(problem, plan, visit)
    return Case(problem, rest.plan, visit, (visit,), None, "", near=1, budget=budget, known=rest)


def _left_out(problem: PlanningProblem, plan: Plan, visit: str) -> Standing:
    """`without`, added up; kept, as a dispatcher tries one visit with several engineers."""
    known = standing(problem, plan)
    if any(one.visit == visit for one in plan.unassigned):
        return known
    found = known.without.get(visit)
    if found is None:
        found = known.without[visit] = _taken_off(problem, plan, visit, known)
        while len(known.without) > KEPT:
            known.without.popitem(last=False)
    return found


def _taken_off(problem: PlanningProblem, plan: Plan, visit: str, known: Standing) -> Standing:
    """Its route solved again as it stands."""
    case = Case(problem, plan, visit, (visit,), None, "", near=0, budget=_AS_IT_STANDS, known=known)
    his = known.route_of(visit)
    shifts = set[str]() if his is None else {his.shift}
    part = part_of(problem, case.rest, shifts, (), taken=known.after(case.rest).drawn)
    solved = solve_part(by_itself(part.problem), case.budget, part.plan)
    return known.after(joined(problem, part.still, solved, known=known))


def _in_order(case: Case) -> dict[int, frozenset[str]]:
    """Engineers who could do the visit, by the price of their cheapest gap, then by that on an empty day.

    Each with the shifts those two are on: what `placed` would look for, found for everybody at once.
    """
    problem, fit, near = case.problem, dict[int, None](), dict[int, set[str]]()
    wanted = problem.visits[problem.visit_index[case.visit]]
    encoded = laid_out(problem)
    left = (Unassigned(one.id, Message("unassigned.not_found"), Known.NOT_FOUND) for one in problem.visits)
    for plan in (case.plan, Plan((), tuple(left), CostTerms())):
        places = places_for(problem, plan, case.visit, encoded=encoded)
        whose = {place.shift: problem.shifts[problem.shift_index[place.shift]] for place in places}
        for place in sorted(places, key=lambda one: (one.cents, one.start_s, one.shift)):
            shift = whose[place.shift]
            if shift.engineer not in fit and able(problem, wanted, shift):
                fit[shift.engineer] = None
        cheapest = {
            whose[place.shift].engineer: place.shift
            for place in sorted(places, key=lambda one: (one.cents, one.shift), reverse=True)
        }
        for engineer, name in cheapest.items():
            near.setdefault(engineer, set()).add(name)
    return {engineer: frozenset(near[engineer]) for engineer in fit}


def day_of(problem: PlanningProblem, plan: Plan, engineer: str, *, budget: Budget) -> Plan:
    """One engineer's days in another order, everybody else where he is; never dearer than the plan.

    His visits stay his: what would pay only with another engineer is not looked for.

    Raises:
        Refusal: ``candidates.unknown_engineer``, ``candidates.partner``.
    """
    number = _number(problem, engineer)
    own = {shift.id for shift in problem.shifts if shift.engineer == number}
    part = part_of(problem, plan, own, ())
    solved = joined(problem, part.still, solve_part(by_itself(part.problem), budget, part.plan))
    return solved if solved.claimed.total < plan.claimed.total else plan


@dataclass(frozen=True, slots=True)
class Filler:
    """A visit that would fit into an engineer's free time.

    Args:
        place: where and what it takes.
        saves: cents the plan is cheaper with the visit here.
        engineer: who has it now; empty: nobody.
    """

    visit: str
    place: Candidate
    saves: int
    engineer: str = ""


def fillers(
    problem: PlanningProblem, plan: Plan, engineer: str, *, shift: str = "", most: int = 5
) -> tuple[Filler, ...]:
    """Which visits fit best into an engineer's free time, what saves most first; others stay in their order.

    A visit planned elsewhere is compared with its cheapest place where it is; visits under way, locked to another
    engineer or tied to others are not moved.

    Args:
        problem: what is planned.
        plan: its plan.
        engineer: whose time it is.
        shift: only this shift of his; empty: all.
        most: visits listed at most.

    Raises:
        Refusal: ``candidates.unknown_engineer``, ``candidates.partner``, ``candidates.not_his_shift``.
    """
    number = _number(problem, engineer)
    own = {one.id for one in problem.shifts if one.engineer == number and shift in {"", one.id}}
    if shift and not own:
        known = ", ".join(one.id for one in problem.shifts if one.engineer == number)
        raise Refusal("candidates.not_his_shift", engineer=engineer, shift=shift, shifts=known)
    where = {stop.ref: route.shift for route in plan.routes for stop in route.stops}
    outside = {one.visit for one in plan.outside}
    encoded = laid_out(problem)
    found = []
    for index, visit in enumerate(problem.visits):
        tied = index in problem.linked or visit.engineer_lock not in {-1, number} or visit.id in outside
        if tied or where.get(visit.id) in own:
            continue
        places = {one.shift: one for one in places_for(problem, plan, visit.id, encoded=encoded)}
        now = places.get(where.get(visit.id, ""))
        here = min(
            (places[s] for s in own if s in places), key=lambda one: (one.cents, one.shift), default=None
        )
        if here is None or (visit.id in where and now is None):
            continue
        saves = (now.cents if now is not None else visit.left_out) - here.cents
        if saves > 0:
            who = problem.shifts[problem.shift_index[now.shift]].engineer if now is not None else None
            found.append(Filler(visit.id, here, saves, problem.engineers[who].id if who is not None else ""))
    return tuple(sorted(found, key=lambda one: (-one.saves, one.visit))[:most])


def _number(problem: PlanningProblem, engineer: str) -> int:
    """Index of one of our engineers, by his id."""
    if engineer in problem.partners:
        raise Refusal("candidates.partner", partner=engineer)
    if engineer not in problem.engineer_index:
        raise Refusal("candidates.unknown_engineer", engineer=engineer)
    return problem.engineer_index[engineer]
