"""Could this shift serve this visit at all: every rule it fails, in order, and by how much. Plain Python.

The first layer of an explanation. What is found here is proved: each failure alone rules the pair out,
whatever else is planned.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol
from weakref import WeakKeyDictionary, WeakValueDictionary

import numpy as np

from dispatch.problem import UNREACHABLE, Legs, PartLine, PlanningProblem, Shift, Visit, Window, plain_name
from dispatch.rules import Rule
from kernel.errors import Message, Value


@dataclass(frozen=True, slots=True)
class Failure:
    """One rule a shift fails for a visit; `message` (code under ``why.``) says by how much.

    Args:
        size: how far it is from fitting, in the rule's own unit (levels, ticks); orders failures of one rule.
    """

    rule: Rule
    message: Message
    size: int


def failures(problem: PlanningProblem, visit: Visit, shift: Shift) -> tuple[Failure, ...]:
    """Every rule that alone rules out `visit` on `shift`; empty when none does."""
    return (*_skills(problem, visit, shift), *_hours(problem, visit, shift, quickest(problem)))


def able(problem: PlanningProblem, visit: Visit, shift: Shift) -> bool:
    """Whether `failures` finds none, sooner: the quickest ways are looked for only where the direct ones do not do."""
    if any(_skills(problem, visit, shift)):
        return False
    # Nobody comes later or home later by a quicker way: what the direct ones allow is allowed, and what ways that are too
    # good to be true forbid is forbidden.
    if not any(_hours(problem, visit, shift, Direct(problem.travel_s))):
        return True
    ways = quickest(problem)
    return not any(_hours(problem, visit, shift, AtBest(ways))) and not any(
        _hours(problem, visit, shift, ways)
    )


def distance(failed: Sequence[Failure]) -> tuple[int, list[tuple[int, int]]]:
    """How far a shift is from fitting: fewer failures first; sizes are compared within one rule only."""
    return len(failed), [(list(Rule).index(failure.rule), failure.size) for failure in failed]


def _skills(problem: PlanningProblem, visit: Visit, shift: Shift) -> Iterator[Failure]:
    """Who may come and what he must bring: skills, certificates, tools, locks, areas."""
    engineer = problem.engineers[shift.engineer]
    if visit.engineer_lock >= 0 and visit.engineer_lock != shift.engineer:
        locked = problem.engineers[visit.engineer_lock].id
        yield Failure(Rule.ENGINEER_LOCK, Message("why.engineer_lock", {"locked": locked}), 1)
    if shift.engineer in visit.barred:
        yield Failure(Rule.BARRED, Message("why.barred", {"engineer": engineer.id}), 1)
    if engineer.away_cents is None and not engineer.at_home(visit.territory):
        area = problem.territories[visit.territory]
        yield Failure(Rule.TERRITORY, Message("why.territory", {"territory": area}), 1)
    levels = dict(engineer.skills)
    for skill, level in visit.skills:
        held = levels.get(skill, 0)
        if held < level:
            named: dict[str, Value] = {"skill": problem.skills[skill], "level": level, "held": held}
            yield Failure(Rule.SKILL, Message("why.skill", named), level - held)
    for certificate in visit.certificates:
        yield from _certificate(problem, certificate, shift)
    carried = {tool.item for tool in engineer.tools if tool.covers(shift.start_s, shift.latest_s)}
    shelved = {tool for store in problem.stores for tool in store.tools}
    for tool in visit.tools:
        if tool not in carried | shelved:
            yield Failure(Rule.TOOL, Message("why.tool", {"tool": problem.tools[tool]}), 1)


def _certificate(problem: PlanningProblem, certificate: int, shift: Shift) -> Iterator[Failure]:
    held = [c for c in problem.engineers[shift.engineer].certificates if c.item == certificate]
    if any(c.covers(shift.start_s, shift.latest_s) for c in held):
        return
    name = problem.certificates[certificate]
    last = max((c.until_s for c in held), default=None)
    if last is None:
        yield Failure(Rule.CERTIFICATE, Message("why.certificate_never", {"certificate": name}), 10**12)
    elif last >= shift.latest_s:
        first = min(c.from_s for c in held)
        missing = Message("why.certificate_not_yet", {"certificate": name, "first_day": first})
        yield Failure(Rule.CERTIFICATE, missing, first - shift.start_s)
    else:
        expired = Message("why.certificate_expired", {"certificate": name, "last_day": last - 1})
        yield Failure(Rule.CERTIFICATE, expired, shift.latest_s - last)


def _hours(problem: PlanningProblem, visit: Visit, shift: Shift, ways: Ways) -> Iterator[Failure]:
    """Way there and back, earliest start, appointments, length of the day: first without parts, then with them."""
    out = ways.between(shift.start_place, visit.place)
    back = ways.between(visit.place, shift.end_place)
    if UNREACHABLE in (out, back):
        yield Failure(Rule.TRAVEL, Message("why.unreachable"), 1)
        return
    reached = problem.arrival(shift.start_s, out)
    missed = _missed(problem, visit, shift, reached, back)
    if missed is not None:
        yield missed
    for line in visit.parts:
        if line.without_cents is not None:
            continue  # he may come without it
        found = _ready(problem, visit, shift, line, ways)
        if found is None:
            part = {"part": plain_name(problem.parts[line.part])}
            yield Failure(Rule.PARTS, Message("why.part_nowhere", part), line.quantity)
        elif isinstance(found, Failure):
            yield found
        elif missed is None:
            late = _missed(problem, visit, shift, max(reached, found), back)
            if late is not None:
                named: dict[str, Value] = {"part": plain_name(problem.parts[line.part]), "by_s": late.size}
                yield Failure(Rule.PARTS, Message("why.part_too_late", named), late.size)


def _ready(
    problem: PlanningProblem, visit: Visit, shift: Shift, line: PartLine, ways: Ways
) -> int | Failure | None:
    """The soonest the line can be at the site on an empty day, by whichever way is quickest; None: by none.

    A lower bound: each line takes its own best way, as if no other line, break or stop cost time. A failure when a
    store has it and is closed whenever the shift could stop there.
    """
    usable = {line.part, *line.alternates}
    van = dict(problem.engineers[shift.engineer].van)
    if any(van.get(part, 0) >= line.quantity for part in usable):
        return 0
    arrivals = [
        offer.arrives_s
        for offer in (problem.offers[index] for index in line.offers)
        if offer.part in usable and offer.quantity >= line.quantity
    ]
    closed = list[str]()
    for store in problem.stores:
        stock = dict(store.stock)
        there, on = ways.between(shift.start_place, store.place), ways.between(store.place, visit.place)
        held = store.endless or any(stock.get(part, 0) >= line.quantity for part in usable)
        if not held or UNREACHABLE in (there, on):
            continue
        stops_s = within(store.opens, problem.arrival(shift.start_s, there))
        if stops_s is None or stops_s > shift.latest_s:
            closed.append(store.id)
        else:
            arrivals.append(problem.arrival(stops_s + store.pick_up_s, on))
    if not arrivals and closed:
        named: dict[str, Value] = {"store": closed[0], "part": plain_name(problem.parts[line.part])}
        return Failure(Rule.OPENING, Message("why.store_closed", named), len(closed))
    return min(arrivals, default=None)


def within(windows: Sequence[Window], ready_s: int) -> int | None:
    """The soonest start from `ready_s` on that lies in one of the windows; None: the last is over. No windows: at once."""
    if not windows:
        return ready_s
    return next((max(ready_s, w.open_s) for w in windows if ready_s < w.close_s), None)


def _missed(problem: PlanningProblem, visit: Visit, shift: Shift, reached: int, back: int) -> Failure | None:
    """What goes wrong when the site is reached at `reached`, the soonest possible; None: nothing.

    Too late for the agreed time, only possible once the shift is over, or a day that is too short.
    """

    def over(rule: Rule, start: int) -> Failure | None:
        home = problem.arrival(start + visit.service_s, back)
        return _after(rule, shift, start, home - shift.latest_s)

    if visit.start_lock_s is not None:
        if visit.windows and not any(w.open_s <= visit.start_lock_s < w.close_s for w in visit.windows):
            return Failure(Rule.WINDOW, Message("why.lock_outside_window"), 1)
        if reached > visit.start_lock_s:
            return _passed(Rule.TIME_LOCK, reached - visit.start_lock_s)
        if visit.start_lock_s < visit.earliest_s:
            return _passed(Rule.TIME_LOCK, visit.earliest_s - visit.start_lock_s)
        return over(Rule.TIME_LOCK, visit.start_lock_s)
    ready = max(reached, visit.earliest_s)
    if not visit.windows:
        return over(Rule.EARLIEST if visit.earliest_s > reached else Rule.OVERTIME, ready)
    start = within(visit.windows, ready)
    if start is None:
        return _passed(Rule.WINDOW, ready - visit.windows[-1].close_s + 1)
    return over(Rule.WINDOW if start > ready else Rule.OVERTIME, start)


def _passed(rule: Rule, by: int) -> Failure:
    return Failure(rule, Message(f"why.{rule.value}_passed", {"by_s": by}), by)


def _after(rule: Rule, shift: Shift, start: int, over: int) -> Failure | None:
    """A start the shift cannot take: after its end the agreed time is the reason, before it the day's length."""
    if over <= 0:
        return None
    if rule is not Rule.OVERTIME and start >= shift.latest_s:
        return Failure(rule, Message(f"why.{rule.value}_after_shift", {"by_s": over}), over)
    return Failure(Rule.OVERTIME, Message("why.overtime", {"by_s": over}), over)


class Ways(Protocol):
    """Ticks from a place to another."""

    def between(self, origin: int, place: int) -> int:
        """Ticks from `origin` to `place`, `UNREACHABLE` where there is no way."""


class Direct:
    """The ways as they stand in the matrix: never quicker than the quickest."""

    def __init__(self, travel: Legs) -> None:
        """Keep the matrix."""
        self._travel = travel

    def between(self, origin: int, place: int) -> int:
        """The matrix's leg."""
        return int(self._travel[origin, place])


class AtBest:
    """Ways no way is quicker than, told at once."""

    def __init__(self, ways: Quickest) -> None:
        """Keep what is known of the map."""
        self._ways = ways

    def between(self, origin: int, place: int) -> int:
        """Ticks no way from `origin` to `place` is quicker than; never `UNREACHABLE`."""
        return self._ways.at_least(origin, place)


class Quickest:
    """The quickest way between two places over any others: a lower bound on every route, triangle or not.

    One way is looked for among the places that can lie on it: from a few landmarks the quickest ways to everywhere are known, and
    from where it takes longer to `b` than to `a`, that is what it takes from `a` to `b` at least (A. Goldberg and
    C. Harrelson, "Computing the shortest path: A* search meets graph theory", 2005).
    """

    def __init__(self, travel_s: Legs) -> None:
        """Keep the matrix; ways are worked out when asked for."""
        self.of = travel_s
        gaps = travel_s == UNREACHABLE
        longest = len(travel_s) * int(travel_s.max(initial=0))
        legs = travel_s if longest < _FAR_OF[travel_s.dtype.itemsize] else travel_s.astype(np.int64)
        self._far = _FAR_OF[legs.dtype.itemsize]
        if gaps.any():
            legs = legs.copy()
            legs[gaps] = self._far
        self._travel = legs
        self._rows: dict[int, Legs] = {}
        self._one_by_one: dict[int, dict[int, int]] = {}

    def between(self, origin: int, place: int) -> int:
        """Ticks from `origin` to `place`, `UNREACHABLE` where there is no way."""
        row = self._rows.get(origin)
        if row is not None:
            found = int(row[place])
        else:
            known = self._one_by_one.setdefault(origin, {})
            if place not in known:
                known[place] = self._found(origin, place)
            found = known[place]
            if len(known) > _ONE_BY_ONE:
                self._rows[origin] = relaxed(self._travel, origin, far=self._far)
                self._one_by_one.pop(origin, None)
        return UNREACHABLE if found >= self._far else found

    def at_least(self, origin: int, place: int) -> int:
        """Ticks no way from `origin` to `place` is quicker than."""
        least, marks = self._landmarks
        return 0 if origin == place else least + max(0, int((marks[:, place] - marks[:, origin]).max()))

    def _found(self, origin: int, place: int) -> int:
        if origin == place:
            return 0
        direct = int(self._travel[origin, place])
        least, marks = self._landmarks
        there = np.maximum((marks - marks[:, [origin]]).max(axis=0), 0)
        on = np.maximum((marks[:, [place]] - marks).max(axis=0), 0)
        between = np.flatnonzero(2 * least + there + on < direct)
        some = np.array([origin, place, *between[(between != origin) & (between != place)]])
        return int(relaxed(self._travel[np.ix_(some, some)], 0, far=self._far)[1])

    @cached_property
    def _landmarks(self) -> tuple[int, Legs]:
        """The shortest leg; (landmarks, places) the quickest ways from a few places, each as far from those before as can be.

        The ways are those of legs that all take the shortest one less: a way over a third place takes it twice more.
        """
        legs = self._travel.copy()
        np.fill_diagonal(legs, self._far)
        least = int(legs.min(initial=self._far))
        legs -= least
        np.fill_diagonal(legs, 0)
        rows = np.full((min(_LANDMARKS, len(legs)), len(legs)), self._far - least, dtype=legs.dtype)
        place = 0
        for number in range(len(rows)):
            rows[number] = relaxed(legs, place, far=self._far - least)
            nearest = rows[: number + 1].min(axis=0)
            place = int(np.where(nearest < self._far - least, nearest, -1).argmax())
        return least, rows


def relaxed(travel: Legs, origin: int, *, far: int) -> Legs:
    """The quickest ways from `origin`, `far` where there is none, by Bellman and Ford: go on from every place that was reached sooner.

    Where nobody is quicker over a third place, as on most maps, looking at each place once shows it.
    """
    best: Legs = travel[origin].copy()
    best[origin] = 0
    sooner = np.flatnonzero(best < far)
    while sooner.size:
        before = best.copy()
        for some in np.array_split(sooner, -(-sooner.size // _AT_ONCE)):
            np.minimum(best, (travel[some] + before[some, None]).min(axis=0), out=best)
        sooner = np.flatnonzero(best < before)
    return best


_LANDMARKS = 8
"""So many leave a few dozen places that can lie on a way."""
_ONE_BY_ONE = 32
"""So many ways from one place cost about as much as all of them at once."""
_AT_ONCE = 64
"""Rows looked at together: what they need stays in the processor's cache."""
_FAR_OF = {4: (1 << 29) - 1, 8: 1 << 60}
"""Above every way, and a sum of two such is still a number of that many bytes."""
_QUICKEST: WeakKeyDictionary[PlanningProblem, Quickest] = WeakKeyDictionary()
_BY_MATRIX: WeakValueDictionary[int, Quickest] = WeakValueDictionary()


def quickest(problem: PlanningProblem) -> Quickest:
    """The problem's quickest ways, worked out once for a matrix as long as a problem has it."""
    found = _QUICKEST.get(problem)
    if found is None:
        found = _BY_MATRIX.get(id(problem.travel_s))
        if found is None or found.of is not problem.travel_s:
            found = Quickest(problem.travel_s)
        _BY_MATRIX[id(problem.travel_s)] = _QUICKEST[problem] = found
    return found
