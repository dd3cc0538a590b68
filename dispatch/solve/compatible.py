"""Which shift could serve which visit at all: the hard filters, before any route is thought of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from dispatch.problem import PlanningProblem
from dispatch.solve import layout as at
from dispatch.solve.layout import Ints

Flags = NDArray[np.bool_]


class Held(Protocol):
    """What vans and stores hold, by item."""

    @property
    def van(self) -> Ints:
        """Units by engineer and item."""

    @property
    def store(self) -> Ints:
        """Units by store and item."""


@dataclass(frozen=True, eq=False)
class Compatible:
    """The filters' answer.

    Args:
        serves: uint8 (visits, shifts): 0 never, 1 with the engineer's own tools, 2 only with tools picked up.
        tools_at: uint8 (visits, shifts, stores): the tools there, with the engineer's own, suffice.
        nobody: visits for which every shift fails a filter that no detour can mend: a proof.
    """

    serves: NDArray[np.uint8]
    tools_at: NDArray[np.uint8]
    nobody: frozenset[int]


def compatible(
    problem: PlanningProblem,
    travel: Ints,
    options: Ints,
    visits: Ints,
    windows: Ints,
    needs: Ints,
    stock: Held,
) -> Compatible:
    """Filter every visit against every shift by skills, certificates, lock, wishes, area, tools, parts and time alone."""
    count, shifts, stores = len(problem.visits), len(problem.shifts), len(problem.stores)
    serves = np.zeros((count, shifts), dtype=np.uint8)
    tools_at = np.zeros((count, shifts, stores), dtype=np.uint8)
    if not shifts:
        return Compatible(serves, tools_at, frozenset(range(count)))
    people = _People(problem)
    clock = _Clock(problem, travel)
    nobody: list[int] = []
    for index in range(count):
        able = people.able(index)
        own, at_store = people.tools(index)
        with_tools = able & (own | at_store.any(axis=1))
        likely = np.zeros(shifts, dtype=np.bool_)
        thinkable = np.zeros(shifts, dtype=np.bool_)
        for option in range(visits[index, at.V_OPT], visits[index, at.V_OPT_END]):
            supplied = _supplied(options[option], needs, stock, people.engineer_of)
            spans = windows[options[option, at.O_TRUE] : options[option, at.O_TRUE_END]]
            likely |= supplied & clock.fits(visits[index], spans, direct=True)
            thinkable |= supplied & clock.fits(visits[index], spans, direct=False)
        serves[index] = np.where(with_tools & likely, np.where(own, 1, 2), 0)
        tools_at[index] = at_store
        if not (with_tools & thinkable).any():
            nobody.append(index)
    return Compatible(serves, tools_at, frozenset(nobody))


class _People:
    """Skills, certificates and tools of the engineers, looked up per shift."""

    def __init__(self, problem: PlanningProblem) -> None:
        self._problem = problem
        self.engineer_of = np.array([s.engineer for s in problem.shifts], dtype=np.int64)
        self._levels = np.zeros((len(problem.engineers), len(problem.skills)), dtype=np.int64)
        for index, engineer in enumerate(problem.engineers):
            for skill, level in engineer.skills:
                self._levels[index, skill] = level
        self._goes = np.array(
            [
                [e.away_cents is not None or e.at_home(area) for area in range(len(problem.territories))]
                for e in problem.engineers
            ],
            dtype=np.bool_,
        ).reshape(len(problem.engineers), len(problem.territories))
        shifts = len(problem.shifts)
        self._certified = np.zeros((shifts, len(problem.certificates)), dtype=np.bool_)
        self._carried = np.zeros((shifts, len(problem.tools)), dtype=np.bool_)
        for index, shift in enumerate(problem.shifts):
            engineer = problem.engineers[shift.engineer]
            for held in engineer.certificates:
                self._certified[index, held.item] |= held.covers(shift.start_s, shift.latest_s)
            for held in engineer.tools:
                self._carried[index, held.item] |= held.covers(shift.start_s, shift.latest_s)
        self._shelved = np.zeros((len(problem.stores), len(problem.tools)), dtype=np.bool_)
        for index, store in enumerate(problem.stores):
            self._shelved[index, list(store.tools)] = True

    def able(self, index: int) -> Flags:
        """Shifts whose engineer has the skills and certificates and is not barred by a lock."""
        visit = self._problem.visits[index]
        able = np.ones(len(self.engineer_of), dtype=np.bool_)
        for skill, level in visit.skills:
            able &= self._levels[self.engineer_of, skill] >= level
        for certificate in visit.certificates:
            able &= self._certified[:, certificate]
        if visit.engineer_lock >= 0:
            able &= self.engineer_of == visit.engineer_lock
        if visit.barred:
            able &= ~np.isin(self.engineer_of, visit.barred)
        if visit.territory >= 0:
            able &= self._goes[self.engineer_of, visit.territory]
        return able

    def tools(self, index: int) -> tuple[Flags, Flags]:
        """Shifts that carry every tool (shifts,), and that would with a store's tools (shifts, stores)."""
        wanted = list(self._problem.visits[index].tools)
        carried = self._carried[:, wanted]
        own = carried.all(axis=1)
        at_store = (carried[:, None, :] | self._shelved[None, :, wanted]).all(axis=2)
        return np.asarray(own), np.asarray(at_store)


class _Clock:
    """Whether a visit alone fits a shift: straight there and back, or over the quickest last and first legs."""

    def __init__(self, problem: PlanningProblem, travel: Ints) -> None:
        fastest = max((pace.per_mille for pace in problem.pace), default=1000)
        travel = np.where(travel >= at.FAR, travel, -(-1000 * travel // fastest))
        self._travel = travel
        others = travel.copy()
        np.fill_diagonal(others, at.FAR)
        self._into = np.minimum(others.min(axis=0), travel.diagonal())
        self._out_of = np.minimum(others.min(axis=1), travel.diagonal())
        self._start = np.array([s.start_s for s in problem.shifts], dtype=np.int64)
        self._last = np.array([s.end_s + s.overtime_s for s in problem.shifts], dtype=np.int64)
        self._from = np.array([s.start_place for s in problem.shifts], dtype=np.int64)
        self._to = np.array([s.end_place for s in problem.shifts], dtype=np.int64)

    def fits(self, visit: Ints, spans: Ints, *, direct: bool) -> Flags:
        """Shifts in which work can start in one of `spans` and the engineer be home in time."""
        place = int(visit[at.V_PLACE])
        there, back = self._travel[self._from, place], self._travel[place, self._to]
        if direct:
            there = np.where(there >= at.FAR, self._into[place], there)
            back = np.where(back >= at.FAR, self._out_of[place], back)
        else:
            there = np.minimum(there, self._into[place])
            back = np.minimum(back, self._out_of[place])
        arrives = self._start + there
        starts = np.full(len(arrives), at.FAR, dtype=np.int64)
        for open_s, close_s in spans[::-1]:
            starts = np.where(arrives < close_s, np.maximum(arrives, open_s), starts)
        return np.asarray(starts + visit[at.V_SERVICE] + back <= self._last)


def _supplied(option: Ints, needs: Ints, stock: Held, engineer_of: Ints) -> Flags:
    """Shifts whose van or some store has enough of every carried item."""
    supplied = np.ones(len(engineer_of), dtype=np.bool_)
    for item, quantity in needs[option[at.O_NEED] : option[at.O_NEED_END]]:
        if not (stock.store[:, item] >= quantity).any():
            supplied &= stock.van[engineer_of, item] >= quantity
    return supplied
