"""The policy `fast`: whoever is free takes the work that is due soonest, the way there counting double.

What live work decides by searching is decided here by one comparison; `docs/scenarios.md` says what that costs.
"""

from __future__ import annotations

from bisect import insort

from scenarios.run.happening import Happening
from scenarios.run.layout import FAR_S
from scenarios.run.loop import NEVER_S, Loop

WAY_COUNTS = 2
"""A second on the road weighs so many seconds of being due sooner."""
LEISURE_S = 2 * 3600
"""Work due later than this is left to those who are near; then to anybody."""
NEAR_S, NEAR_TIMES = 1800, 2
"""Near: so many times the way from the nearest home of those who may, and so much more."""
FRESH_S = 3600
"""Work longer than any day is begun within so much of its beginning, and goes on until it is done."""


class Fast(Loop):
    """One replication decided by one comparison."""

    def _next(self, now: int, e: int) -> None:
        """Give an engineer who is free the best of what waits."""
        self.log.decisions += 1
        cases, may = self.cases, self.may
        kind, at, parts, staged = cases.kind, cases.at, cases.parts, cases.STAGED
        row = self.laid.seconds[self.at[e]]
        best, best_score, best_at = -1, NEVER_S, -1
        # Read thousands of times a day in a busy world: what is cheap to ask is asked first.
        for position, (key, t) in enumerate(self.waiting):
            if key >= best_score:
                break
            if not may[kind[t]][e] or key + WAY_COUNTS * row[at[t]] >= best_score:
                continue
            way = self._way(e, t) if parts[t] == staged else row[at[t]]
            score = key + WAY_COUNTS * way
            if score < best_score and self._fits(now, e, t, way) and self._goes(now, e, t, way):
                best, best_score, best_at = t, score, position
        if best < 0:
            self.idle[e] = 1
        else:
            del self.waiting[best_at]
            self._send(now, e, best)

    def _place(self, now: int, t: int) -> None:
        """Give a ticket to the nearest of those who are free and may, or let it wait."""
        self.log.decisions += 1
        cases = self.cases
        if now < cases.not_before[t]:
            return  # comes again by itself
        best, best_way = -1, FAR_S
        idle, at, seconds, there = self.idle, self.at, self.laid.seconds, cases.at[t]
        staged = cases.parts[t] == cases.STAGED
        for e in self.laid.may[cases.kind[t]]:
            if idle[e]:
                way = self._way(e, t) if staged else seconds[at[e]][there]
                if way < best_way and self._fits(now, e, t, way) and self._goes(now, e, t, way):
                    best, best_way = e, way
        if best < 0 and not self._stands_in_line(t):
            cases.stands[t] = cases.NOWHERE  # its parts will be there, then it comes again
        elif best < 0:
            insort(self.waiting, (cases.key[t], t))
            cases.stands[t] = cases.IN_LINE
            if self.laid.spread and cases.key[t] - LEISURE_S > now:
                self.push(cases.key[t] - LEISURE_S, Happening.READY, t)
        else:
            self._send(now, best, t)

    def _goes(self, now: int, e: int, t: int, way: int) -> bool:
        """Whether he should: not far for work that has time, and not without a part he could wait for."""
        cases = self.cases
        if cases.parts[t] == cases.OWED and not self._looks(t) and not self.parting.in_van(e, t):
            return False
        if cases.key[t] - now <= LEISURE_S + way:
            return True
        return way <= NEAR_S + NEAR_TIMES * self.laid.nearest_s[cases.source[t], cases.job[t]]

    def _fits(self, now: int, e: int, t: int, way: int) -> bool:
        """Whether he would be home before the end of his duty and its overtime."""
        there = self.cases.at[t]
        if way >= FAR_S:
            return False
        needed = way + self.cases.expected[t] + self.laid.seconds[there][self.laid.home_at[e]]
        if now + needed <= self.limit[e]:
            return True
        return needed > self.longest[e] and now - self.start[e] <= FRESH_S
