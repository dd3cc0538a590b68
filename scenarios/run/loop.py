"""What happens in a replication, whoever decides: reports, visits, parts, loaners, duties; a heap in simulated time.

A heap of (second, sequence, kind, a, b) and one line of tickets that wait. Rules are those of live work: who may come
(`who_may`), the ticket's own clocks (`layout.due_s`), hours and overtime of a duty, parts from the van, else from the
depot on the way, else ordered; a loaner when its time has come. Who goes where next is a policy's to say (`fast`, `live`).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from bisect import bisect_left
from collections.abc import Callable
from heapq import heappop, heappush

from scenarios.run.case import Cases
from scenarios.run.chance import Streams
from scenarios.run.drawn import Reporter, Reporting, born
from scenarios.run.duty import Stretch, with_illness
from scenarios.run.happening import Happening
from scenarios.run.layout import FAR_S, Layout
from scenarios.run.logbook import Logbook
from scenarios.run.outcome import Ended
from scenarios.run.parting import Parting
from scenarios.run.pool import Pool

NEVER_S = 1 << 50
CLOSED_DOOR_S = 600
"""Nobody is there: the engineer waits so long and goes."""
DIAGNOSIS = 0.3
"""Share of the expected work after which it is clear that a part is missing."""


class Loop(ABC):
    """One replication; `run` goes through it once, then the columns say what happened."""

    def __init__(self, laid: Layout, *, seed: int, replication: int) -> None:
        world = laid.world
        self.laid, self.until = laid, laid.span.until_s
        self.streams = Streams(seed, replication, world.chance)
        self.cases, self.log = Cases(laid), Logbook()
        self.heap: list[tuple[int, int, int, int, int]] = []
        self.sequence = self.open = 0
        self.waiting: list[tuple[int, int]] = []
        names = [engineer.id for engineer in world.region.field.engineers]
        self.duty = with_illness(laid.duty, names, world, self.streams)
        count = len(names)
        self.may = [bytearray(int(e in row) for e in range(count)) for row in map(set, laid.may)]
        self.idle = bytearray(count)
        self.on = bytearray(count)
        self.at = list(laid.home_at)
        self.free_at = [0] * count
        self.stretch = [-1] * count
        self.start = [0] * count
        self.end = [0] * count
        self.limit = [0] * count
        self.used = bytearray(count)
        self.longest = [max((s.end_s + s.over_s - s.start_s for s in own), default=0) for own in laid.duty]
        self.parting = Parting(laid, self.streams, self.cases, self.push)
        self.pool = Pool(laid)
        reporting = Reporting(world, self.streams)
        self.reporters = {
            number: Reporter(reporting, number)
            for number, source in enumerate(world.demand.sources)
            if source.waits and source.a_year > 0
        }

    def push(self, at_s: int, kind: Happening, a: int, b: int = 0) -> None:
        """Let something happen later; of two at one second the one pushed first."""
        self.sequence += 1
        heappush(self.heap, (at_s, self.sequence, kind, a, b))

    def run(self) -> None:
        """Go through the whole span."""
        made = born(self.laid.world, self.streams, self.laid.season)
        self.cases.add_all(made)
        for engineer, own in enumerate(self.duty):
            if own:
                self.push(own[0].start_s, Happening.ON_DUTY, engineer, 0)
        for source in self.reporters:
            self._reports_next(source, 0)
        steps = self._steps()
        births, heap, until = self.cases.born, self.heap, self.until
        ahead, number = made.born_s.size, 0
        while True:
            birth = births[number] if number < ahead else NEVER_S
            if heap and heap[0][0] < birth:
                at_s, _, kind, a, b = heappop(heap)
                if at_s >= until:
                    break
                self.log.events += 1
                steps[kind](at_s, a, b)
            elif birth < until:
                self._born(birth, number)
                number += 1
            else:
                break

    def _steps(self) -> tuple[Callable[[int, int, int], None], ...]:
        """What to do at each kind of `Happening`, in their order."""
        return (
            self._done,
            self._on_duty,
            self._off_duty,
            self._ready,
            self._gives_up,
            self._delivered,
            self._reports,
            self._loaner_due,
            self._loaner_back,
        )

    # What happens to tickets.

    def _born(self, now: int, t: int) -> None:
        cases, room = self.cases, self.laid.world.room
        self.log.events += 1
        if room.most is not None and self.open >= room.most:
            self._ends(t, now, Ended.TURNED_AWAY)
            return
        lost = room.part_lost and cases.lines[t] and not self.parting.all_there(t)
        if lost:
            self.parting.count_short(t, now)
            self._ends(t, now, Ended.TURNED_AWAY)
            return
        self.open += 1
        if self.pool.wanted(t, cases):
            self.push(max(now, cases.loaner_due[t]), Happening.LOANER_DUE, t)
        if cases.remote[t]:
            self.push(now + max(1, cases.work[t]), Happening.READY, t, 1)
            return
        if cases.patience[t] >= 0:
            self.push(now + cases.patience[t], Happening.GIVES_UP, t)
        if not self.laid.may[cases.kind[t]]:
            self._to_partner(t, now)
            return
        if cases.parts[t] == cases.TOLD or (room.part_lost and cases.lines[t]):
            self._ask_parts(t, now)
        else:
            self._place(now, t)

    def _ask_parts(self, t: int, now: int) -> None:
        ready_s = self.parting.ask(t, now)
        if ready_s > now:
            self.push(ready_s, Happening.READY, t)
        # Who carries the part can go at once; and where an arrival is promised somebody goes and looks.
        self._place(now, t)

    def _to_partner(self, t: int, now: int) -> None:
        partner = self.laid.partner_of(self.cases.source[t], self.cases.job[t])
        if partner is not None:
            self.log.by_partner.append((now, partner.cents))
            self.push(now + partner.lead_s + max(1, self.cases.work[t]), Happening.READY, t, 2)

    def _ready(self, now: int, t: int, how: int) -> None:
        """It can be worked on; or (how 1, 2) it was solved at a distance, or by another firm."""
        cases = self.cases
        if cases.ended[t] != Ended.OPEN:
            return
        if how:
            cases.restored[t] = now
            self._ends(t, now, Ended.REMOTE if how == 1 else Ended.BY_PARTNER)
            return
        self.parting.stage(t, now)
        if cases.stands[t] == cases.VISITED:
            return
        self._out_of_line(t)
        self._place(now, t)

    def _gives_up(self, now: int, t: int, _: int) -> None:
        cases = self.cases
        if cases.ended[t] != Ended.OPEN or cases.set_out[t] >= 0:
            return
        self._out_of_line(t)
        for other in self.parting.forget(t, now):
            self._staged(other, now)
        self._ends(t, now, Ended.GAVE_UP)

    def _out_of_line(self, t: int) -> bool:
        """Take a ticket out of the line; says whether it stood there."""
        found = bisect_left(self.waiting, (self.cases.key[t], t))
        stood = found < len(self.waiting) and self.waiting[found][1] == t
        if stood:
            del self.waiting[found]
            self.cases.stands[t] = self.cases.NOWHERE
        return stood

    def _ends(self, t: int, now: int, how: Ended) -> None:
        cases = self.cases
        cases.ended[t], cases.ended_s[t] = how, now
        if how is not Ended.TURNED_AWAY:
            self.open -= 1
        if cases.lent[t] >= 0:
            self.push(now + self.pool.stays_s(t, cases), Happening.LOANER_BACK, t)
        if cases.source[t] in self.reporters:
            self._reports_next(cases.source[t], now)

    def _reports_next(self, source: int, now: int) -> None:
        """A source that waits runs again: draw its next report, in operational time from now."""
        gap, rows = self.reporters[source].one_more()
        a_year, laid = self.laid.world.demand.sources[source].a_year, self.laid.season
        at_s = laid.after(now, gap / a_year)
        if at_s < self.until:
            t = self.cases.add(source, rows, max(int(at_s), now))
            self.push(self.cases.born[t], Happening.REPORTS, t)

    def _reports(self, now: int, t: int, _: int) -> None:
        self._born(now, t)

    def _delivered(self, now: int, row: int, units: int) -> None:
        for t in self.parting.shelves.arrived(row, units, now):
            self._staged(t, now)

    def _staged(self, t: int, now: int) -> None:
        ready_s = self.parting.one_more(t, now)
        if ready_s >= 0:
            self.push(max(now, ready_s), Happening.READY, t)

    def _loaner_due(self, now: int, t: int, _: int) -> None:
        cases = self.cases
        if cases.ended[t] != Ended.OPEN:
            return
        if self.pool.lend(t, cases, now):
            self.log.loans += 1
        else:
            self.log.loans_refused += 1

    def _loaner_back(self, now: int, t: int, _: int) -> None:
        self.log.lent.append((self.cases.lent[t], now, self.pool.day_cents(t, self.cases)))
        self.pool.back(t, self.cases)

    # What engineers do.

    def _on_duty(self, now: int, e: int, number: int) -> None:
        own: Stretch = self.duty[e][number]
        self.stretch[e], self.start[e], self.end[e] = number, own.start_s, own.end_s
        self.limit[e] = own.end_s + own.over_s
        self.used[e] = 0
        self.push(own.end_s, Happening.OFF_DUTY, e, number)
        if self.on[e]:
            return  # still at work since the last one; goes on
        if self.free_at[e] > now:
            self.push(self.free_at[e], Happening.DONE, e, -1)
            self.on[e] = 1
            return
        self.on[e] = 1
        self.at[e] = self.laid.home_at[e]
        self.parting.load_van(e, now)
        self._next(now, e)

    def _off_duty(self, now: int, e: int, number: int) -> None:
        following = number + 1
        if following < len(self.duty[e]):
            self.push(self.duty[e][following].start_s, Happening.ON_DUTY, e, following)
        if self.idle[e]:
            self._goes_home(now, e)

    def _goes_home(self, now: int, e: int) -> None:
        """He is home when his duty ends, or as soon as he can be."""
        way = self.laid.seconds[self.at[e]][self.laid.home_at[e]]
        self.idle[e] = self.on[e] = 0
        if way and way < FAR_S:
            out = max(self.free_at[e], min(now, self.end[e]) - way)
            self.log.trip(
                e, -1, out, out + way, out + way, self.laid.metres[self.at[e]][self.laid.home_at[e]]
            )
            self.free_at[e] = out + way
        self.at[e] = self.laid.home_at[e]

    def _done(self, now: int, e: int, t: int) -> None:
        if t >= 0:
            self._visited(now, t)
        self.free_at[e] = now
        if now >= self.end[e]:
            self._duty_over(now, e)
            return
        if self.laid.world.room.idle_home:
            self.at[e] = self.laid.home_at[e]
        self._next(now, e)

    def _visited(self, now: int, t: int) -> None:
        """A visit is over: repaired, or nobody was there, or a part is missing."""
        cases = self.cases
        cases.stands[t] = cases.NOWHERE
        if cases.closed_door[t] == 1:
            cases.closed_door[t] = 2
            cases.not_before[t] = now + round(self.laid.world.chance.away_h * 3600)
            self.push(cases.not_before[t], Happening.READY, t)
        elif cases.parts[t] == cases.UNKNOWN:
            cases.fixed[t] = 0
            self._ask_parts(t, now)
        elif cases.parts[t] != cases.IN_HAND:
            cases.fixed[t] = 0
            self._place(now, t)
        else:
            cases.restored[t] = now
            cases.fixed[t] = 1 if cases.fixed[t] else 0
            self._ends(t, now, Ended.RESTORED)

    @abstractmethod
    def _next(self, now: int, e: int) -> None:
        """Say what an engineer who is free does next."""

    @abstractmethod
    def _place(self, now: int, t: int) -> None:
        """Say who goes to a ticket that can be worked on, or let it wait."""

    def _duty_over(self, now: int, e: int) -> None:
        """An engineer comes free after the end of his duty."""
        self._goes_home(now, e)

    def _looks(self, t: int) -> bool:
        """Whether somebody goes without the part: an arrival is promised, and nobody was there yet."""
        return self.cases.visits[t] == 0 and self.cases.arrive_due[t] >= 0

    def _stands_in_line(self, t: int) -> bool:
        """Whether anybody who comes free could take it: not where its part has still to come and nobody carries one."""
        cases = self.cases
        if cases.parts[t] != cases.OWED or self._looks(t):
            return True
        return any(self.parting.in_van(e, t) for e in self.laid.may[cases.kind[t]])

    def _way(self, e: int, t: int) -> int:
        cases, seconds = self.cases, self.laid.seconds
        if cases.parts[t] == cases.STAGED and not self.parting.in_van(e, t):
            depot = self.laid.depot_at[cases.depot[t]]
            stop_s = self.laid.pick_up_s[cases.depot[t]]
            return seconds[self.at[e]][depot] + stop_s + seconds[depot][cases.at[t]]
        return seconds[self.at[e]][cases.at[t]]

    def _metres(self, e: int, t: int) -> int:
        cases, metres = self.cases, self.laid.metres
        if cases.parts[t] == cases.STAGED and not self.parting.in_van(e, t):
            depot = self.laid.depot_at[cases.depot[t]]
            return metres[self.at[e]][depot] + metres[depot][cases.at[t]]
        return metres[self.at[e]][cases.at[t]]

    def _send(self, now: int, e: int, t: int) -> None:
        cases = self.cases
        way = int(self._way(e, t) * cases.slow[t] + 0.5)
        metres = self._metres(e, t)
        there = now + way
        self.idle[e] = 0
        cases.stands[t] = cases.VISITED
        if not self.used[e]:
            self.used[e] = 1
            price = self.duty[e][self.stretch[e]].call_out_cents
            if price:
                self.log.called_out.append((now, price))
        if cases.set_out[t] < 0:
            cases.set_out[t], cases.engineer[t] = now, e
        cases.visits[t] += 1
        if cases.lines[t]:
            for other in self.parting.take(e, t, now):
                self._staged(other, now)
        if cases.away[t] and not cases.closed_door[t]:
            cases.closed_door[t] = 1
            left = there + CLOSED_DOOR_S
        else:
            if cases.arrived[t] < 0:
                cases.arrived[t] = there
            missing = cases.parts[t] != cases.IN_HAND
            left = there + (round(cases.expected[t] * DIAGNOSIS) if missing else cases.work[t])
        self.at[e] = cases.at[t]
        self.log.trip(e, t, now, there, left, metres)
        self.push(left, Happening.DONE, e, t)
