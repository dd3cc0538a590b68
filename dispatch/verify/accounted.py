"""Every visit is there once: on a route, with a partner, or left out; nothing unknown is named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from dispatch.cost import visit_stops
from dispatch.plan import Plan, Source, StopKind
from dispatch.problem import PlanningProblem
from dispatch.rules import Rule
from dispatch.verify.violation import Violation, say


def unknown_ids(problem: PlanningProblem, plan: Plan) -> Iterator[Violation]:
    """Ids the problem does not have."""
    for route in plan.routes:
        if route.shift not in problem.shift_index:
            yield say(Rule.SHIFT, "unknown_shift", shift=route.shift)
        for stop in route.stops:
            if stop.kind is StopKind.VISIT and stop.ref not in problem.visit_index:
                yield say(Rule.ONCE, "unknown_visit", visit=stop.ref, shift=route.shift)
            if stop.kind is StopKind.PICK_UP and stop.ref not in problem.store_index:
                yield say(Rule.PARTS, "unknown_store", shift=route.shift, store=stop.ref)
            for supply in stop.supply:
                known = {
                    Source.VAN: True,
                    Source.WITHOUT: True,
                    Source.PICK_UP: supply.from_id in problem.store_index,
                    Source.OFFER: supply.from_id in problem.offer_index,
                }[supply.source]
                if (
                    not known
                    or supply.part not in problem.part_index
                    or supply.needed not in problem.part_index
                ):
                    yield say(
                        Rule.PARTS, "unknown_supply", visit=stop.ref, part=supply.part, source=supply.from_id
                    )


def once(problem: PlanningProblem, plan: Plan) -> Iterator[Violation]:
    """Every visit exactly once, every shift at most once."""
    served = Counter(stop.ref for stop in visit_stops(plan))
    served.update(one.visit for one in plan.outside)
    left_out = Counter(missing.visit for missing in plan.unassigned)
    for visit, times in (served + left_out).items():
        if times > 1:
            yield say(Rule.ONCE, "twice", visit=visit, times=times)
        if visit not in problem.visit_index:
            yield say(Rule.ONCE, "unknown_visit", visit=visit)
    for visit in problem.visit_index:
        if visit not in served and visit not in left_out:
            yield say(Rule.LEFT_OUT, "not_accounted", visit=visit)
    for shift, times in Counter(route.shift for route in plan.routes).items():
        if times > 1:
            yield say(Rule.SHIFT, "shift_twice", shift=shift, times=times)
