"""What concerns several people: partners from outside, and visits whose starts belong together."""

from __future__ import annotations

from collections.abc import Iterator

from dispatch.plan import Plan, StopKind
from dispatch.problem import Pair, PlanningProblem
from dispatch.rules import Rule
from dispatch.verify.violation import Violation, say


def partners(problem: PlanningProblem, plan: Plan) -> Iterator[Violation]:
    """A partner does only what he offered, when he offered it, alone."""
    for done in plan.outside:
        if done.visit not in problem.visit_index:
            continue  # said by `_once`
        index = problem.visit_index[done.visit]
        visit = problem.visits[index]
        offered = {(one.partner, one.start_s, one.start_s + visit.service_s) for one in visit.outside}
        if index in problem.linked or (done.partner, done.start_s, done.end_s) not in offered:
            yield say(Rule.PARTNER, "partner_not_offered", visit=done.visit, partner=done.partner)


def links(problem: PlanningProblem, plan: Plan) -> Iterator[Violation]:
    """Starts lie as far apart as they must, with the right people, and nobody is left waiting for his mate."""
    done = {
        stop.ref: (stop.start_s, problem.shifts[problem.shift_index[route.shift]].engineer)
        for route in plan.routes
        for stop in route.stops
        if stop.kind is StopKind.VISIT
    }
    for link in problem.links:
        first, second = problem.visits[link.first].id, problem.visits[link.second].id
        if second in done and first not in done:
            yield say(Rule.LINK, "first_missing", visit=second, other=first)
        if link.both and first in done and second not in done:
            yield say(Rule.LINK, "second_missing", visit=first, other=second)
        if first not in done or second not in done:
            continue
        apart_s = done[second][0] - done[first][0]
        if apart_s < link.least_s:
            yield say(Rule.LINK, "too_close", visit=second, other=first, by=link.least_s - apart_s)
        if link.most_s is not None and apart_s > link.most_s:
            yield say(Rule.LINK, "too_far", visit=second, other=first, by=apart_s - link.most_s)
        same = done[first][1] == done[second][1]
        if (link.engineers is Pair.SAME and not same) or (link.engineers is Pair.DIFFERENT and same):
            yield say(Rule.LINK, f"{link.engineers}_engineer", visit=second, other=first)
