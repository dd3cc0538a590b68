"""A proposal: what a new plan would change, in parts that can be taken one by one, and what of it still holds later.

A proposal carries the version of every visit it touches. Taking it, whole or in part, looks again: a part whose
visits have changed since is stale and stays out, and so does a part that can no longer be done or only at others'
cost; each is listed with its code. What is published has been verified.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime

from dispatch.board import Board
from dispatch.carry import carried, shifted
from dispatch.cost import cost, visit_stops
from dispatch.deliveries import asking, with_asked
from dispatch.event import PlanPublished
from dispatch.explain import reasons
from dispatch.plan import CostTerms, Known, Outsourced, Plan, Route, Stop, StopKind, Unassigned
from dispatch.pose import problem_of
from dispatch.problem import PlanningProblem, Visit
from dispatch.publish import stops_of
from dispatch.replan import Replanned, changes_of
from dispatch.summary import forecasts
from dispatch.verify import broken_rules, violations
from kernel.errors import Message, Refusal, Value
from kernel.ids import natural_key


@dataclass(frozen=True, slots=True)
class Part:
    """Changes that go together: they share a route, a crew or an order between visits.

    Args:
        number: from 1, in order of its first visit's id.
        visits: those whose place it changes, in order of id.
        shifts: those whose routes it replaces.
    """

    number: int
    visits: tuple[str, ...]
    shifts: tuple[str, ...]


@dataclass(frozen=True)
class Proposal:
    """What a turn would change; it can be kept and taken later, without the board and the problem it came from.

    Args:
        made_at: the moment its plans' ticks count from.
        desk_visits: the desk's visit of every visit planned, in the problem's order.
        shifts: every shift planned with, in the problem's order.
        kept: the plan in force carried on, nothing taken.
        plan: everything taken.
        parts: what can be taken by itself.
        versions: version of every visit on a route that any part replaces, by its id in the problem.
    """

    made_at: datetime
    desk_visits: Mapping[str, str]
    shifts: tuple[str, ...]
    kept: Plan
    plan: Plan
    parts: tuple[Part, ...]
    versions: Mapping[str, str]

    @property
    def saves(self) -> int:
        """Cents the whole proposal saves against going on as before."""
        return self.kept.claimed.total - self.plan.claimed.total


@dataclass(frozen=True, slots=True)
class Conflict:
    """A part that was not taken, and why: codes under ``proposal.``."""

    part: Part
    reason: Message


@dataclass(frozen=True)
class Applied:
    """What taking a proposal gave: the board with the plan published, and what stayed out."""

    board: Board
    problem: PlanningProblem
    plan: Plan
    taken: tuple[Part, ...]
    conflicts: tuple[Conflict, ...]


def propose(board: Board, turned: Replanned) -> Proposal:
    """Make a proposal of a turn.

    Args:
        board: the board that was planned.
        turned: with the plan in force, if there was one: without, the proposal is against no plan at all.
    """
    problem = turned.problem
    kept = turned.kept or _nothing(problem)
    plan = _without_idle(problem, kept, turned.plan)
    parts = tuple(_parts(problem, kept, plan))
    shifts = {shift for part in parts for shift in part.shifts}
    touched = {visit for one in (kept, plan) for visit in _on(one, shifts)}
    touched |= {visit for part in parts for visit in part.visits}
    desk_visits = {visit.id: visit.desk_visit for visit in problem.visits}
    versions = {visit: version(board, desk_visits[visit]) for visit in sorted(touched, key=natural_key)}
    crew = tuple(shift.id for shift in problem.shifts)
    return Proposal(board.now, desk_visits, crew, kept, plan, parts, versions)


def apply_proposal(board: Board, proposal: Proposal, *, chosen: Collection[int] | None = None) -> Applied:
    """Take a proposal into what is true now, whole or in part, and publish the plan that comes out.

    Args:
        board: what is true now; the proposal may be older.
        proposal: as made.
        chosen: numbers of the parts to take; None: all.

    Returns:
        The board with the plan published; a part not asked for is not listed, one that could not be taken is.

    Raises:
        Refusal: ``proposal.unknown_part``; ``proposal.does_not_hold`` when what comes out breaks a rule: nothing is
            published then.
    """
    known = {part.number: part for part in proposal.parts}
    for number in sorted(set(chosen or ()) - known.keys()):
        raise Refusal("proposal.unknown_part", part=number, parts=len(known))
    asked = [part for part in proposal.parts if chosen is None or part.number in chosen]
    problem = problem_of(board)
    taken: list[Part] = []
    conflicts: list[Conflict] = []
    stale = {part.number: next(_stale(board, problem, proposal, part), None) for part in asked}
    standing = _carried(board, problem, proposal, ())
    fresh = [part for part in asked if stale[part.number] is None]
    together = _carried(board, problem, proposal, fresh) if fresh else standing
    if _harm(board, problem, proposal, fresh, (standing, together)) is None:
        # What can be taken at one go is the same plan as part after part, and a large proposal has many.
        taken, standing, asked = fresh, together, [part for part in asked if stale[part.number]]
    for part in asked:
        tried = None if stale[part.number] else _carried(board, problem, proposal, (*taken, part))
        reason = stale[part.number] or _harm(board, problem, proposal, (part,), (standing, tried))
        if reason is not None:
            conflicts.append(Conflict(part, reason))
            continue
        assert tried is not None  # a part that is not stale was tried
        taken.append(part)
        standing = tried
    wrong = violations(problem, standing)
    if wrong:
        raise Refusal("proposal.does_not_hold", rule=wrong[0].rule.value, count=len(wrong))
    plan = replace(standing, unassigned=reasons(problem, standing))
    published = board.apply(PlanPublished(stops_of(board, problem, plan)))
    published = with_asked(published, asking(board, problem, plan))
    return Applied(published, problem, plan, tuple(taken), tuple(conflicts))


def version(board: Board, visit: str) -> str:
    """A hash of what is known of a visit: its own rows, its ticket with every event, its published stop.

    Equal as long as none of these facts has changed. Empty when the visit is not open.
    """
    if visit not in board.visits:
        return ""
    ticket = board.visits[visit].ticket
    facts: list[object] = [board.tickets[ticket], board.events.get(ticket, ()), board.visits[visit]]
    for table in fields(board.region.field):
        rows: Iterable[object] = getattr(board.region.field, table.name)
        facts += [row for row in rows if getattr(row, "visit", None) == visit]
    return hashlib.sha256("\n".join(map(repr, facts)).encode()).hexdigest()[:16]


def _stale(board: Board, problem: PlanningProblem, proposal: Proposal, part: Part) -> Iterator[Message]:
    """What has changed since about a visit on one of the part's routes."""
    mine = _on(proposal.kept, part.shifts) | _on(proposal.plan, part.shifts) | set(part.visits)
    for visit in sorted(mine, key=natural_key):
        now = version(board, proposal.desk_visits[visit])
        named: dict[str, Value] = {"part": part.number, "visit": visit}
        if not now or visit not in problem.visit_index:
            yield Message("proposal.visit_gone", named)
        elif now != proposal.versions[visit]:
            yield Message("proposal.visit_changed", named)


def _carried(board: Board, problem: PlanningProblem, proposal: Proposal, taken: Collection[Part]) -> Plan:
    """The plan in force with some parts taken, as of now: word for word while it holds, else carried on."""
    shifts = {shift for part in taken for shift in part.shifts}
    visits = {visit for part in taken for visit in part.visits}
    merged = shifted(_merged(proposal, shifts, visits), board.tick(proposal.made_at))
    same = {visit.id for visit in problem.visits} == proposal.desk_visits.keys()
    if same and not broken_rules(problem, merged):
        return replace(merged, claimed=cost(problem, merged))
    return carried(problem, merged)


def _harm(
    board: Board,
    problem: PlanningProblem,
    proposal: Proposal,
    parts: Collection[Part],
    plans: tuple[Plan, Plan | None],
) -> Message | None:
    """Why parts cannot be taken though nothing has changed about them; None: they can.

    `plans` without them and with them. Nobody who is no part of them may lose his place, come late or later still, or
    be moved after he was told his time.
    """
    before, after = plans
    if after is None or not parts:
        return None
    then, was, now = _where(proposal.plan), _where(before), _where(after)
    for part in parts:
        for visit in part.visits:
            if then.get(visit) != now.get(visit):
                return Message("proposal.no_longer_fits", {"part": part.number, "visit": visit})
    theirs = {visit for part in parts for visit in part.visits}
    others = [v for v in sorted(was, key=natural_key) if v not in theirs]
    told = _told_moved(board, problem, after) - _told_moved(board, problem, before)
    served = (_served(before), _served(after))
    number = min(part.number for part in parts)
    for visit in others:
        named: dict[str, Value] = {"part": number, "visit": visit}
        if visit not in now:
            return Message("proposal.at_others_cost", named)
        late = _later_than_due(problem.visits[problem.visit_index[visit]], *served)
        if late is not None:
            return Message("proposal.others_late", {**named, "milestone": late})
        if visit in told:
            return Message("proposal.told_moved", named)
    return None


def _told_moved(board: Board, problem: PlanningProblem, plan: Plan) -> set[str]:
    """Visits a plan has elsewhere than their customers were told."""
    return {change.visit for change in changes_of(board, problem, plan) if change.told}


Served = Mapping[str, Stop | Outsourced]
"""Where a plan has each visit, ours or a partner's."""


def _served(plan: Plan) -> Served:
    return {**{one.visit: one for one in plan.outside}, **{stop.ref: stop for stop in visit_stops(plan)}}


def _later_than_due(visit: Visit, before: Served, after: Served) -> str | None:
    """The first promise of a visit that is met late, and later than before; None: none is."""
    spare = {one.milestone: one.spare_s for one in forecasts(visit, before.get(visit.id))}
    for one in forecasts(visit, after.get(visit.id)):
        was = spare.get(one.milestone)
        if one.spare_s is not None and one.spare_s < 0 and was is not None and one.spare_s < was:
            return one.milestone.value
    return None


def _without_idle(problem: PlanningProblem, kept: Plan, plan: Plan) -> Plan:
    """A plan without changes nobody would notice or gain by: routes that serve as they did go on as they were.

    A search that is stopped early may say a break or a loaner's courier anew; offered, that is a part with equal times.
    """
    before = {route.shift: route for route in kept.routes}
    routes = tuple(
        before[one.shift] if one.shift in before and _noticed(before[one.shift]) == _noticed(one) else one
        for one in plan.routes
    )
    if routes == plan.routes:
        return plan
    calm = replace(plan, routes=routes)
    if broken_rules(problem, calm):
        return plan
    claimed = cost(problem, calm)
    return replace(calm, claimed=claimed) if claimed.total <= plan.claimed.total else plan


def _noticed(route: Route) -> tuple[tuple[str, object], ...]:
    """What customers and engineers see of a route: each visit's time, its parts, its loaner unit and how that comes."""
    return tuple(
        (
            stop.ref,
            (
                replace(stop, arrive_s=0, loaner=None),
                stop.loaner and (stop.loaner.unit, stop.loaner.by, stop.loaner.store),
            ),
        )
        for stop in route.stops
        if stop.kind is StopKind.VISIT
    )


def _parts(problem: PlanningProblem, kept: Plan, plan: Plan) -> Iterator[Part]:
    """Join differing routes over the visits, crews and orders they share."""
    old, new = _where(kept), _where(plan)
    routes = [{route.shift: route for route in one.routes} for one in (kept, plan)]
    seen = [
        {v: noticed for route in one.routes for v, noticed in _noticed(route)}
        | {out.visit: out for out in one.outside}
        for one in (kept, plan)
    ]
    differs = {s for s in {*routes[0], *routes[1]} if routes[0].get(s) != routes[1].get(s)}
    group: dict[str, str] = {}

    def root(name: str) -> str:
        while (up := group.setdefault(name, name)) != name:
            name = up
        return name

    def join(one: str, other: str) -> None:
        first, second = sorted((root(one), root(other)))
        group[second] = first

    for shift in differs:
        for visit in _on(kept, {shift}) | _on(plan, {shift}):
            join(f"shift {shift}", f"visit {visit}")
    moved = {visit for visit in {*old, *new} if old.get(visit) != new.get(visit)}
    for visit in moved:
        root(f"visit {visit}")
    for link in problem.links:
        ends = [f"visit {problem.visits[end].id}" for end in (link.first, link.second)]
        if all(end in group for end in ends):
            join(*ends)
    members: dict[str, list[str]] = {}
    for name in sorted(group, key=natural_key):
        members.setdefault(root(name), []).append(name)
    found = []
    for names in members.values():
        visits = tuple(n.removeprefix("visit ") for n in names if n.startswith("visit "))
        shifts = tuple(n.removeprefix("shift ") for n in names if n.startswith("shift "))
        changed = tuple(v for v in visits if v in moved or seen[0].get(v) != seen[1].get(v))
        found.append((changed or visits, shifts))
    found.sort(key=lambda pair: [natural_key(visit) for visit in pair[0]])
    for number, (visits, shifts) in enumerate(found, start=1):
        yield Part(number, visits, shifts)


def _merged(proposal: Proposal, shifts: set[str], visits: set[str]) -> Plan:
    """The kept plan with the new routes on `shifts` and the new partners of `visits`."""
    routes = [route for route in proposal.kept.routes if route.shift not in shifts]
    routes += [route for route in proposal.plan.routes if route.shift in shifts]
    outside = [one for one in proposal.kept.outside if one.visit not in visits]
    outside += [one for one in proposal.plan.outside if one.visit in visits]
    order = {shift: at for at, shift in enumerate(proposal.shifts)}
    merged = Plan(
        tuple(sorted(routes, key=lambda route: order[route.shift])),
        (),
        proposal.kept.claimed,
        outside=tuple(sorted(outside, key=lambda one: natural_key(one.visit))),
    )
    return replace(merged, unassigned=_left(proposal.desk_visits, merged))


def _nothing(problem: PlanningProblem) -> Plan:
    empty = Plan((), (), cost(problem, Plan((), (), CostTerms())))
    return replace(empty, unassigned=_left((visit.id for visit in problem.visits), empty))


def _left(visits: Iterable[str], plan: Plan) -> tuple[Unassigned, ...]:
    served = _where(plan)
    message = Message("unassigned.not_found")
    return tuple(Unassigned(one, message, Known.NOT_FOUND) for one in visits if one not in served)


def _where(plan: Plan) -> dict[str, str]:
    """The shift or partner of every visit of a plan."""
    found = {
        stop.ref: route.shift for route in plan.routes for stop in visit_stops(replace(plan, routes=(route,)))
    }
    return found | {one.visit: one.partner for one in plan.outside}


def _on(plan: Plan, shifts: Collection[str]) -> set[str]:
    routes = tuple(route for route in plan.routes if route.shift in shifts)
    return {stop.ref for stop in visit_stops(replace(plan, routes=routes))}
