"""What a problem has in it and what its plan makes use of, by name: to show that no rule is missing from a comparison."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from dispatch.plan import Plan, StopKind
from dispatch.problem import Pair, PlanningProblem


def found_in(problem: PlanningProblem) -> set[str]:
    """Name the rules a problem has."""
    visits, shifts = problem.visits, problem.shifts
    lines = [line for visit in visits for line in visit.parts]
    grants = [visit.loaner for visit in visits if visit.loaner]
    present = {
        "skill": any(visit.skills for visit in visits),
        "certificate": any(visit.certificates for visit in visits),
        "tool": any(visit.tools for visit in visits),
        "parts": bool(lines),
        "alternate": any(line.alternates for line in lines),
        "offer": any(line.offers for line in lines),
        "offer from a store": any(problem.offers[o].from_store >= 0 for line in lines for o in line.offers),
        "likely second visit": any(line.without_cents is not None for line in lines),
        "endless store": bool(lines) and any(store.endless for store in problem.stores),
        "opening hours": bool(lines) and any(store.opens for store in problem.stores),
        "van over several shifts": len({shift.engineer for shift in shifts}) < len(shifts),
        "loaner": bool(grants),
        "loaner by courier": any(grant.couriers for grant in grants),
        "loaner in a van": bool(grants) and any(engineer.loaners for engineer in problem.engineers),
        "loaner stops the repair clock": any(grant.stops_repair for grant in grants),
        "fetched back": any(visit.fetches for visit in visits),
        "window": any(visit.windows for visit in visits),
        "engineer lock": any(visit.engineer_lock >= 0 for visit in visits),
        "time lock": any(visit.start_lock_s is not None for visit in visits),
        "break": any(shift.breaks for shift in shifts),
        "overtime": any(shift.overtime_s for shift in shifts),
        "call-out": any(shift.call_out_cents for shift in shifts),
        "pace": bool(problem.pace),
        "unreachable": bool((problem.travel_s < 0).any()),
        "partner": any(visit.outside for visit in visits),
        "preferred": any(visit.preferred for visit in visits),
        "barred": any(visit.barred for visit in visits),
        "territory": any(visit.territory >= 0 for visit in visits),
        "published": any(visit.published for visit in visits),
        "published with a partner": any(visit.published and visit.published.partner for visit in visits),
        "away": any(visit.away_s for visit in visits),
        "linked": bool(problem.links),
        "at once": any(link.most_s == 0 for link in problem.links),
        "same engineer": any(link.engineers is Pair.SAME for link in problem.links),
        "different engineers": any(link.engineers is Pair.DIFFERENT for link in problem.links),
        "second needs first": any(not link.both for link in problem.links),
        "link with a most": any(link.most_s is not None for link in problem.links),
        "chain of links": len(problem.linked) < 2 * len(problem.links),
    }
    return {name for name, there in present.items() if there}


def used_in(problem: PlanningProblem, plan: Plan) -> set[str]:
    """Name what a priced plan makes use of."""
    stops = [stop for route in plan.routes for stop in route.stops]
    visits = [stop for stop in stops if stop.kind is StopKind.VISIT]
    supplies = [supply for stop in visits for supply in stop.supply]
    loaners = [stop.loaner for stop in visits if stop.loaner]
    on_route = {stop.ref for stop in visits}
    linked = {problem.visits[v].id for v in problem.linked}
    used = {f"from {supply.source}" for supply in supplies}
    used |= {f"loaner by {loaner.by}" for loaner in loaners}
    used |= {"loaner from the van" for loaner in loaners if not loaner.store}
    used |= {str(stop.kind) for stop in stops}
    used |= {f"pays {name}" for name in plan.claimed.__dataclass_fields__ if getattr(plan.claimed, name)}
    present = {
        "alternate": any(supply.part != supply.needed for supply in supplies),
        "partner": bool(plan.outside),
        "left out": bool(plan.unassigned),
        "nothing left out": not plan.unassigned,
        "both of a link": any(
            {problem.visits[link.first].id, problem.visits[link.second].id} <= on_route
            for link in problem.links
        ),
        "linked left out": bool(linked - on_route),
        "all on one shift": len(plan.routes) == 1,
        "three routes": len(plan.routes) >= 3,
        "waits for his work": any(stop.start_s > stop.arrive_s for stop in visits),
    }
    return used | {name for name, there in present.items() if there}


def counted(names: Iterable[set[str]]) -> Counter[str]:
    """Count in how many problems each name is found."""
    return Counter(name for found in names for name in found)
