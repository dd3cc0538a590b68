"""What a new plan changes against the published one: who must be called."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from dispatch.board import Board
from dispatch.desk.told import ToCall, tellings, to_call
from dispatch.desk.visit import Lock, PublishedStop, part_of_trip
from dispatch.in_day import under_way
from dispatch.plan import Plan, StopKind
from dispatch.pose import PIECE
from dispatch.problem import PlanningProblem
from dispatch.short import FREED
from kernel.ids import natural_key


class ChangeKind(StrEnum):
    """What happened to a visit between two plans."""

    ADDED = "added"
    MOVED = "moved"
    LEFT_OUT = "left_out"


@dataclass(frozen=True, slots=True)
class Change:
    """One visit that is not where it was published.

    Args:
        told: the customer knows the old time.
        old: (shift, or a partner's id; start) as published; None: was not published.
        new: (shift, or a partner's id; start) as planned; None: left out.
    """

    visit: str
    kind: ChangeKind
    told: bool
    old: tuple[str, datetime] | None
    new: tuple[str, datetime] | None


def changes(
    published: Mapping[str, PublishedStop],
    plan: Plan,
    *,
    moment: Mapping[str, datetime],
    tolerance: Mapping[str, timedelta] | None = None,
    under_way: Collection[str] = (),
    overtaken: Collection[PublishedStop] = (),
) -> tuple[Change, ...]:
    """Compare the published stops with a plan, in order of visit id.

    Args:
        published: stops by visit.
        plan: the new plan.
        moment: planned start by visit, aware.
        tolerance: a start at most this far from the published one is no change, by visit; none where absent.
        under_way: parts of visits that have begun: nobody has to be told of them.
        overtaken: published stops of work that is done another way now (`Board.overtaken`).
    """
    published = {**{stop.planned: stop for stop in overtaken}, **published}
    planned = {
        stop.ref: (route.shift.partition(PIECE)[0], moment[stop.ref])
        for route in plan.routes
        for stop in route.stops
        if stop.kind is StopKind.VISIT
    }
    planned |= {one.visit: (one.partner, moment[one.visit]) for one in plan.outside}
    gone = {stop.planned for stop in overtaken}
    listed = {*planned, *(missing.visit for missing in plan.unassigned), *gone} - set(under_way)
    near = tolerance or {}
    found: list[Change] = []
    for visit in sorted(listed, key=natural_key):
        before, new = published.get(visit), planned.get(visit)
        old = (before.who, before.starts_at) if before else None
        if old != new and not _same(old, new, near.get(visit, timedelta())):
            kind = ChangeKind.LEFT_OUT if new is None else ChangeKind.MOVED if old else ChangeKind.ADDED
            found.append(Change(visit, kind, before is not None and before.told_at is not None, old, new))
    return tuple(found)


def _same(old: tuple[str, datetime] | None, new: tuple[str, datetime] | None, near: timedelta) -> bool:
    return old is not None and new is not None and old[0] == new[0] and abs(old[1] - new[1]) <= near


def stops_of(board: Board, problem: PlanningProblem, plan: Plan) -> tuple[PublishedStop, ...]:
    """The stops to publish of a plan: what stands as it was told stays word for word, what moved is yet to be told.

    A part of a visit that has begun stays as published. A visit given to a partner stands with him.
    """
    begun = under_way(board)
    found = [stop for part, stop in board.published.items() if part in begun and stop.visit in board.visits]
    for route in plan.routes:
        shift = route.shift.partition(PIECE)[0]
        for stop in route.stops:
            if stop.kind is not StopKind.VISIT or stop.ref in begun:
                continue
            before, start = board.published.get(stop.ref), board.moment(stop.start_s)
            near = tolerance(problem, stop.ref)
            if before is not None and _same((before.who, before.starts_at), (shift, start), near):
                found.append(before)
                continue
            visit, role, piece = part_of_trip(stop.ref)
            lock = Lock.NONE if before is None else before.lock
            if before is not None and before.starts_at != start:
                lock = FREED.get(lock, lock)
            found.append(PublishedStop(visit, shift, start, lock, role=role, piece=piece))
    for one in plan.outside:
        before, start = board.published.get(one.visit), board.moment(one.start_s)
        if one.visit in begun and before is not None:
            continue
        if before is not None and (before.partner, before.starts_at) == (one.partner, start):
            found.append(before)
        else:
            found.append(PublishedStop(one.visit, "", start, partner=one.partner))
    return tuple(sorted(found, key=lambda stop: natural_key(stop.planned)))


def stops_with(
    board: Board, problem: PlanningProblem, going: Plan, changed: Plan
) -> tuple[PublishedStop, ...]:
    """The stops to publish of the plan in force with a change in it: what the change does not touch stays as published.

    A change touches the routes it makes others of, and those that visits published on them have been carried on to.

    Args:
        board: what is true now.
        problem: posed of it.
        going: the published plan, carried on.
        changed: the same with the change.
    """
    was, now = _by_place(going), _by_place(changed)
    touched = {place for place in {*was, *now} if was.get(place) != now.get(place)}
    places: dict[str, set[str]] = {}
    for place, visits in (*_visits_of(going), *_visits_of(changed)):
        for visit in visits:
            places.setdefault(visit, set()).add(place)
    open_now = {name: stop for name, stop in board.published.items() if stop.visit in board.visits}
    for name, stop in open_now.items():
        places.setdefault(name, set()).add(stop.who)
    while wider := {one for seen in places.values() if seen & touched for one in seen} - touched:
        touched |= wider
    mine = {name for name, seen in places.items() if seen & touched}
    kept = [stop for name, stop in open_now.items() if name not in mine]
    fresh = [stop for stop in stops_of(board, problem, changed) if stop.planned in mine]
    return tuple(sorted((*kept, *fresh), key=lambda stop: natural_key(stop.planned)))


def _by_place(plan: Plan) -> dict[str, list[object]]:
    """What a plan has on each shift, its pieces together, and with each partner."""
    found: dict[str, list[object]] = {}
    for route in plan.routes:
        found.setdefault(route.shift.partition(PIECE)[0], []).append(route)
    for one in plan.outside:
        found.setdefault(one.partner, []).append(one)
    return found


def _visits_of(plan: Plan) -> Iterator[tuple[str, tuple[str, ...]]]:
    for route in plan.routes:
        visits = tuple(stop.ref for stop in route.stops if stop.kind is StopKind.VISIT)
        yield route.shift.partition(PIECE)[0], visits
    for one in plan.outside:
        yield one.partner, (one.visit,)


def call_list(board: Board) -> tuple[ToCall, ...]:
    """Customers to call about the published plan, who believes a wrong time first; nobody for a visit under way."""
    begun = under_way(board)
    tickets = {visit.id: visit.ticket for visit in board.visits.values() if visit.id not in begun}
    history = tellings(event for events in board.events.values() for event in events)
    near = timedelta(minutes=board.region.settings.policy.tolerance_min)
    return to_call(board.published.values(), tickets, history, tolerance=near)


def tolerance(problem: PlanningProblem, visit: str) -> timedelta:
    """How far a start may lie from the published one and be no change."""
    published = problem.visits[problem.visit_index[visit]].published
    return timedelta(seconds=published.tolerance_s if published is not None else 0)
