"""Parts in simulated time: who is owed what, first come first served, and every unit counted where it is.

A shelf is filled up as its policy says: when what is free, on order and owed together has fallen to the reorder point,
it is brought up to its level, from a supplier or from the shelf upstream. What is owed waits in one queue, tickets and
shelves downstream alike.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping

import numpy as np

from scenarios.run.chance import Cause, Chance, Reals, Streams
from scenarios.run.spread import Spread
from scenarios.run.world import Shelf

DAY_S = 86_400
AHEAD = 8
"""Lead times of a shelf drawn at once."""
SOONEST_S = 1
"""A delivery never arrives in the same second it is asked for: what happens in between stays in order."""

Deliver = Callable[[int, int, int], None]
"""Called with (second, shelf, units) for what will arrive."""


class Shelves:
    """All shelves of a replication; a shelf is known by its position in the world's.

    Args:
        shelves: the world's.
        chance: what is on.
        streams: of this replication.
        deliver: takes note of what will arrive; `arrived` is to be called then.
        counted: the seconds [from, until) in which lines asked for are counted.
    """

    def __init__(
        self,
        shelves: tuple[Shelf, ...],
        chance: Chance,
        streams: Streams,
        deliver: Deliver,
        counted: tuple[int, int],
    ) -> None:
        self.shelves = shelves
        self.row: Mapping[tuple[str, str], int] = {(one.place, one.part): i for i, one in enumerate(shelves)}
        size = len(shelves)
        self.level = [one.level for one in shelves]
        self.hand = list(self.level)
        self.free = list(self.hand)
        self.opening = list(self.hand)
        self.received, self.used, self.sent_in, self.sent_out = ([0] * size for _ in range(4))
        self.wanted, self.filled = [0] * size, [0] * size
        self.orders = self.failed = 0
        self.moving = 0
        self._upstream = [self.row.get((one.upstream, one.part), -1) for one in shelves]
        self._lead_s = [round(one.lead_days * DAY_S) for one in shelves]
        self._reorder = [one.level - 1 if one.reorder is None else one.reorder for one in shelves]
        self._on_order, self._owed = [0] * size, [0] * size
        self._queue: list[deque[tuple[int, int, int]]] = [deque() for _ in shelves]
        self._chance, self._streams, self._deliver, self._counted = chance, streams, deliver, counted
        self._leads: dict[int, Iterator[float]] = {}
        self._lots: dict[int, Iterator[float]] = {}
        self._ahead: dict[Cause, Reals] = {}

    def ask(self, row: int, units: int, ticket: int, now: int, *, again: bool = False) -> bool:
        """Reserve units for a ticket; where there are too few, it is owed them.

        Args:
            row: the shelf.
            units: how many of it.
            ticket: who asks, given back by `arrived` once they are there.
            now: second.
            again: this line was counted before.

        Returns:
            Whether they are reserved now.
        """
        at_once = self.free[row] >= units and not self._queue[row]
        if not again and self._counted[0] <= now < self._counted[1]:
            self.wanted[row] += 1
            self.filled[row] += at_once
        if at_once:
            self.free[row] -= units
        else:
            self._queue[row].append((units, ticket, -1))
            self._owed[row] += units
        self._fill_up(row, now)
        return at_once

    def has(self, row: int, units: int) -> bool:
        """Whether so many are there for whoever asks next."""
        return self.free[row] >= units and not self._queue[row]

    def give_back(self, row: int, units: int, now: int) -> list[int]:
        """Reserved units are not needed after all; gives the tickets that now have theirs."""
        self.free[row] += units
        return self._serve(row, now)

    def take(self, row: int, units: int) -> None:
        """Reserved units leave the shelf for a repair."""
        self.hand[row] -= units
        self.used[row] += units

    def forget(self, row: int, ticket: int) -> bool:
        """A ticket no longer waits for what it is owed; gives whether it did."""
        kept = [one for one in self._queue[row] if one[1] != ticket or one[2] >= 0]
        self._owed[row] -= sum(one[0] for one in self._queue[row]) - sum(one[0] for one in kept)
        waited = len(kept) < len(self._queue[row])
        self._queue[row] = deque(kept)
        return waited

    def arrived(self, row: int, units: int, now: int) -> list[int]:
        """Units arrive; gives the tickets that now have theirs, in the order they asked."""
        if self._upstream[row] < 0:
            self.received[row] += units
        else:
            self.sent_in[row] += units
            self.moving -= units
        self.hand[row] += units
        self.free[row] += units
        self._on_order[row] -= units
        return self._serve(row, now)

    def load(self, van: int, depot: int, now: int) -> None:
        """Bring a van's shelf up to its level from a depot, as far as that has free units; at once."""
        units = min(self.level[van] - self.hand[van], self.free[depot])
        if units <= 0 or self._queue[depot]:
            return
        self.free[depot] -= units
        self.hand[depot] -= units
        self.sent_out[depot] += units
        self.sent_in[van] += units
        self.hand[van] += units
        self.free[van] += units
        self._fill_up(depot, now)

    def _serve(self, row: int, now: int) -> list[int]:
        queue, ready = self._queue[row], []
        while queue and self.free[row] >= queue[0][0]:
            units, ticket, below = queue.popleft()
            self._owed[row] -= units
            self.free[row] -= units
            if below >= 0:
                self._send(row, below, units, now)
            else:
                ready.append(ticket)
        return ready

    def _fill_up(self, row: int, now: int) -> None:
        position = self.free[row] + self._on_order[row] - self._owed[row]
        if position > self._reorder[row]:
            return
        units = self.level[row] - position
        if units <= 0:
            return
        self.orders += 1
        self._on_order[row] += units
        above = self._upstream[row]
        if above < 0:
            self._deliver(now + self._supplier_s(row), row, units)
        elif self.has(above, units):
            self.free[above] -= units
            self._send(above, row, units, now)
            self._fill_up(above, now)
        else:
            self._queue[above].append((units, -1, row))
            self._owed[above] += units
            self._fill_up(above, now)

    def _send(self, row: int, below: int, units: int, now: int) -> None:
        self.hand[row] -= units
        self.sent_out[row] += units
        self.moving += units
        self._deliver(now + max(SOONEST_S, self._lead_s[below]), below, units)

    def _supplier_s(self, row: int) -> int:
        """How long the supplier takes; a lot that fails its inspection is ordered once more, and waited for again."""
        if row not in self._leads:
            lead = self._chance.spread(Cause.LEAD, self._chance.lead)
            self._leads[row] = self._numbers(Cause.LEAD, row, lead)
            self._lots[row] = self._numbers(Cause.LOT, row, None)
        fails = self._chance.lot if self._chance.on(Cause.LOT) else 0.0
        whole = 0
        while True:
            whole += max(SOONEST_S, round(self._lead_s[row] * next(self._leads[row])))
            if next(self._lots[row]) >= fails:
                return whole
            self.failed += 1

    def _numbers(self, cause: Cause, row: int, spread: Spread | None) -> Iterator[float]:
        """The numbers of a shelf one after another, as quantiles of a spread where one is given; drawn a block at a time."""
        yield from self._first(cause, spread)[row].tolist()
        one = self.shelves[row]
        stream = self._streams.stream(cause, one.part, one.place)
        stream.skip(AHEAD)
        while True:
            drawn = stream.take(64)
            yield from (drawn if spread is None else spread.quantile(drawn)).tolist()

    def _first(self, cause: Cause, spread: Spread | None) -> Reals:
        """The first `AHEAD` numbers of all shelves a supplier fills, together: few need more in a month."""
        if cause not in self._ahead:
            rows = [row for row, above in enumerate(self._upstream) if above < 0]
            asked = [((self.shelves[row].part, self.shelves[row].place), 0, AHEAD) for row in rows]
            drawn = self._streams.each(cause, asked)
            found = np.zeros((len(self.shelves), AHEAD))
            found[rows] = (drawn if spread is None else spread.quantile(drawn)).reshape(-1, AHEAD)
            self._ahead[cause] = found
        return self._ahead[cause]
