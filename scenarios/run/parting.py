"""Which parts a ticket takes from where: the engineer's van, its depot, another depot, or ordered and waited for."""

from __future__ import annotations

from collections.abc import Callable

from scenarios.run.case import Cases
from scenarios.run.chance import Streams
from scenarios.run.happening import Happening
from scenarios.run.layout import Layout
from scenarios.run.shelves import Shelves


class Parting:
    """The parts of a replication's tickets."""

    def __init__(self, laid: Layout, streams: Streams, cases: Cases, push: Callable[..., None]) -> None:
        world = laid.world

        def deliver(at_s: int, row: int, units: int) -> None:
            push(at_s, Happening.DELIVERED, row, units)

        counted = (laid.span.from_s, laid.span.until_s)
        self.shelves = Shelves(world.shelves, world.chance, streams, deliver, counted)
        self._laid, self._cases = laid, cases
        self._ready_s: dict[int, int] = {}
        self._vans, self._loads, self._kept = laid.vans, laid.van_loads, laid.shelves_near

    def load_van(self, engineer: int, now: int) -> None:
        """Fill a van up before the day begins."""
        hand, level = self.shelves.hand, self.shelves.level
        for van, depot in self._loads[engineer]:
            if hand[van] < level[van]:  # every morning every part of every van: nearly all are full
                self.shelves.load(van, depot, now)

    def _options(self, t: int, part: str) -> list[tuple[int, int]]:
        return self._kept.get((self._laid.depots[self._cases.depot[t]], part), [])

    def all_there(self, t: int) -> bool:
        """Whether every line is on the shelf of the ticket's depot."""
        lines = self._cases.lines[t]
        return all(
            any(way == 0 and self.shelves.has(row, units) for row, way in self._options(t, part))
            for part, units in lines
        )

    def count_short(self, t: int, now: int) -> None:
        """Count the lines of a ticket that is dealt with outside: wanted, not filled."""
        if self._laid.span.from_s <= now < self._laid.span.until_s:
            for part, _ in self._cases.lines[t]:
                for row, way in self._options(t, part):
                    self.shelves.wanted[row] += way == 0

    def ask(self, t: int, now: int) -> int:
        """Reserve what a ticket needs.

        Returns:
            When all of it is at its depot; -1: some of it has still to arrive there, or is kept nowhere.
        """
        cases = self._cases
        cases.parts[t] = cases.OWED
        cases.asked[t] = now
        self._ready_s[t] = now
        cases.staged[t] = []
        cases.pending[t] = 0
        for part, units in cases.lines[t]:
            options = self._options(t, part)
            row, way = next((one for one in options if self.shelves.has(one[0], units)), options[0])
            cases.staged[t].append(row)
            self._ready_s[t] = max(self._ready_s[t], now + way)
            cases.pending[t] += not self.shelves.ask(row, units, t, now)
        self.stage(t, now)
        return -1 if cases.pending[t] else self._ready_s[t]

    def stage(self, t: int, now: int) -> None:
        """Everything a ticket is owed is at its depot, if it is."""
        cases = self._cases
        if cases.parts[t] == cases.OWED and not cases.pending[t] and now >= self._ready_s[t]:
            cases.parts[t] = cases.STAGED
            self._waited(t, now)

    def _waited(self, t: int, now: int) -> None:
        self._cases.waited[t] += now - self._cases.asked[t]
        self._cases.asked[t] = -1

    def one_more(self, t: int, now: int) -> int:
        """One more line of a ticket is reserved; gives when all of it is at its depot, -1: not yet."""
        cases = self._cases
        cases.pending[t] -= 1
        return -1 if cases.pending[t] else max(now, self._ready_s[t])

    def in_van(self, e: int, t: int) -> bool:
        """Whether an engineer carries everything a ticket takes."""
        own, hand = self._vans[e], self.shelves.hand
        if not own:
            return False
        for part, units in self._cases.lines[t]:
            row = own.get(part, -1)
            if row < 0 or hand[row] < units:
                return False
        return True

    def take(self, e: int, t: int, now: int) -> list[int]:
        """An engineer sets out: he takes what is known to be needed, or has it in his van.

        Returns:
            Tickets that now have the part this one left on the shelf.
        """
        cases, freed = self._cases, list[int]()
        if cases.parts[t] == cases.IN_HAND:
            return freed
        if self.in_van(e, t):
            freed = self.forget(t, now)
            for part, units in cases.lines[t]:
                van = self._vans[e][part]
                self.shelves.free[van] -= units
                self.shelves.take(van, units)
            cases.parts[t] = cases.IN_HAND
        elif cases.parts[t] == cases.STAGED:
            for row, (_, units) in zip(cases.staged[t], cases.lines[t], strict=True):
                self.shelves.take(row, units)
            cases.parts[t] = cases.IN_HAND
        return freed

    def forget(self, t: int, now: int) -> list[int]:
        """A ticket needs its parts no more; gives the tickets that now have theirs."""
        cases, freed = self._cases, list[int]()
        lines = zip(cases.staged[t], cases.lines[t], strict=False)
        if cases.parts[t] == cases.STAGED:
            for row, (_, units) in lines:
                freed += self.shelves.give_back(row, units, now)
        elif cases.parts[t] == cases.OWED:
            for row, (_, units) in lines:
                if not self.shelves.forget(row, t):
                    freed += self.shelves.give_back(row, units, now)
            self._waited(t, now)
        cases.parts[t] = cases.IN_HAND if not cases.lines[t] else cases.UNKNOWN
        return freed
