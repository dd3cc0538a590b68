"""The policy `live`: the planner of live work decides, at the events that have live work planned again.

A ticket that can be worked on, an engineer who comes free sooner or later than expected, who says that it takes longer,
who comes on duty: after each the desk looks (`desk`), no more often than every `EVERY_S`; everybody goes by the plan it
makes. Between two looks people go on as planned.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Callable, Iterator

from scenarios.run.desk import Asked, Desk, Next, Spell, Stands, Waits
from scenarios.run.happening import Happening
from scenarios.run.layout import FAR_S, Layout
from scenarios.run.loop import CLOSED_DOOR_S, DIAGNOSIS, Loop

EVERY_S = 20 * 60
"""The desk looks this long after its last look at the soonest; what is heard meanwhile waits for it."""
TOLERANCE_S = 15 * 60
"""Being done so much sooner or later than expected changes nothing."""
LEAST_LEFT_S = 60
"""Who should be there by now, and is not, is there in a minute."""


class Live(Loop):
    """One replication decided by the planner."""

    def __init__(self, laid: Layout, *, seed: int, replication: int) -> None:
        super().__init__(laid, seed=seed, replication=replication)
        count = len(self.duty)
        self.desk = Desk(laid)
        self.asked, self.looked = False, -EVERY_S
        self.routes: list[list[Next]] = [[] for _ in range(count)]
        self.trip: list[tuple[int, int, int, int]] = [(0, 0, 0, 0)] * count
        """Of the last trip: expected there, there, expected work there, left."""
        self.carries: dict[int, int] = {}
        """Who has the parts of a ticket in his van, picked up and not fitted yet."""
        self.known_from = [[one.start_s for one in own] for own in laid.duty]

    def _steps(self) -> tuple[Callable[[int, int, int], None], ...]:
        return (*super()._steps(), self._looks_again, self._overrun)

    # What has the desk look.

    def _hears(self, now: int) -> None:
        if not self.asked:
            self.asked = True
            self.push(max(now, self.looked + EVERY_S), Happening.DESK, 0)

    def _place(self, now: int, t: int) -> None:
        cases = self.cases
        if now < cases.not_before[t]:
            return  # comes again by itself
        if self._stands_in_line(t):
            insort(self.waiting, (cases.key[t], t))
            cases.stands[t] = cases.IN_LINE
            self._hears(now)
        else:
            cases.stands[t] = cases.NOWHERE

    def _next(self, now: int, e: int) -> None:
        self.idle[e] = 1
        due_s = self.trip[e][0] + self.trip[e][2]
        changed = abs(now - due_s) > TOLERANCE_S or not self.routes[e]
        if changed and now >= self.looked + EVERY_S:
            self._hears(now)  # he goes by the plan made in this very second
            return
        self._goes_on(now, e)
        if changed or self.idle[e]:
            self._hears(now)

    def _overrun(self, now: int, e: int, left_s: int) -> None:
        if self.trip[e][3] == left_s and now < left_s:
            self._hears(now)

    # What the desk decides.

    def _looks_again(self, now: int, _a: int, _b: int) -> None:
        self.asked = False
        if not self.waiting or not any(self.on):
            return  # who comes on duty has it look
        fresh = sum(on and self.start[e] > self.looked for e, on in enumerate(self.on))
        afresh = 2 * fresh >= sum(self.on)
        self.looked = now
        self.log.decisions += 1
        cases = self.cases
        waits = [
            (self._waits(t), cases.source[t], cases.job[t], cases.born[t]) for _, t in sorted(self.waiting)
        ]
        seen = self._stands(now), self._spells(now), self._vans()
        found = self.desk.look(now, waits, *seen, afresh=afresh)
        for e, on in enumerate(self.on):
            self.routes[e] = list(found.routes.get((e, self.start[e]), ())) if on else []
        for one in found.outside:
            self._given(now, one)
        for e, idle in enumerate(self.idle):
            if idle:
                self._goes_on(now, e)

    def _given(self, now: int, one: Asked) -> None:
        """A partner does it, with parts of his own: what was kept for it is free again."""
        t, cases = one.ticket, self.cases
        self._out_of_line(t)
        self.carries.pop(t, None)
        for other in self.parting.forget(t, now):
            self._staged(other, now)
        cases.stands[t] = cases.VISITED
        self.log.by_partner.append((now, one.cents))
        done_s = max(now, one.start_s) + max(1, cases.work[t])
        self.push(done_s, Happening.READY, t, 2)

    def _waits(self, t: int) -> Waits:
        cases = self.cases
        held_by = self.carries.get(t, -1)
        owed = cases.parts[t] == cases.OWED
        carried = owed and any(self.parting.in_van(e, t) for e in self.laid.may[cases.kind[t]])
        staged = cases.parts[t] == cases.STAGED and held_by < 0
        return Waits(
            ticket=t,
            work_s=round(cases.expected[t] * DIAGNOSIS) if owed and not carried else cases.expected[t],
            lines=cases.lines[t] if staged or carried else (),
            staged_at=self.laid.depots[cases.depot[t]] if staged else "",
            arrived_s=cases.arrived[t],
            lent_s=cases.lent[t],
            held_by=held_by,
        )

    def _stands(self, now: int) -> Iterator[Stands]:
        for e, on in enumerate(self.on):
            if on:
                yield Stands(e, self.at[e], now if self.idle[e] else self._free_s(now, e))

    def _free_s(self, now: int, e: int) -> int:
        """When somebody under way is expected to be free; who is not done by then says when he will be."""
        expected_s, there_s, work_s, left_s = self.trip[e]
        if self.free_at[e] > now:
            return self.free_at[e]  # still on the way home from his last duty
        if now < there_s:
            return max(expected_s, now + LEAST_LEFT_S) + work_s
        free_s = there_s + work_s
        return free_s if free_s > now else left_s

    def _spells(self, now: int) -> Iterator[Spell]:
        """The duty of everybody who is there, and his next one as the roster has it."""
        for e, own in enumerate(self.laid.duty):
            if self.on[e] and self.end[e] > now:
                here = self.duty[e][self.stretch[e]]
                price = 0 if self.used[e] else here.call_out_cents
                yield Spell(e, here.start_s, here.end_s, here.over_s, price)
            row = bisect_right(self.known_from[e], now)
            if row < len(own):
                one = own[row]
                yield Spell(e, one.start_s, one.end_s, one.over_s, one.call_out_cents)

    def _vans(self) -> dict[tuple[str, str], int]:
        """Units of what is waited for, by (van, part)."""
        wanted = {part for _, t in self.waiting for part, _ in self.cases.lines[t]}
        shelves = self.parting.shelves
        return {
            (van, part): shelves.hand[row]
            for van in self.desk.vans
            for part in wanted
            if (row := shelves.row.get((van, part))) is not None
        }

    # What engineers do with it.

    def _goes_on(self, now: int, e: int) -> None:
        """Set out for the next stop of the plan that still can be reached; else he stays where he is."""
        route, cases = self.routes[e], self.cases
        while route:
            t = route[0].ticket
            if cases.stands[t] == cases.IN_LINE and self._can(now, e, t):
                self._out_of_line(t)
                self._send(now, e, t)
                return
            del route[0]

    def _can(self, now: int, e: int, t: int) -> bool:
        """Whether he has, or will find, what he needs, and is home before his overtime ends."""
        cases = self.cases
        if cases.parts[t] == cases.OWED and not self._looks(t) and not self.parting.in_van(e, t):
            return False
        way, there = self._way(e, t), cases.at[t]
        if way >= FAR_S or self.laid.seconds[there][self.laid.home_at[e]] >= FAR_S:
            return False
        home_s = now + way + self._work_s(t) + self.laid.seconds[there][self.laid.home_at[e]]
        return home_s <= self.limit[e] + LEAST_LEFT_S

    def _work_s(self, t: int) -> int:
        return self.desk.planned_s(self._waits(t).work_s)

    def _legs(self, e: int, t: int) -> tuple[int, ...]:
        """The places he picks parts up at before a ticket: as planned, and its own depot where that was not planned."""
        route = self.routes[e]
        planned = route[0].by_way_of if route and route[0].ticket == t else ()
        ahead = {self._depot_at(one.ticket) for one in route if self._fetched(e, one.ticket)}
        legs = tuple(place for place in planned if place in ahead)
        own = (self._depot_at(t),) if self._fetched(e, t) else ()
        return (*legs, *(place for place in own if place not in legs))

    def _depot_at(self, t: int) -> int:
        return self.laid.depot_at[self.cases.depot[t]]

    def _fetched(self, e: int, t: int) -> bool:
        """Whether somebody who goes there has to pick its parts up first."""
        cases = self.cases
        staged = cases.parts[t] == cases.STAGED and self.carries.get(t) != e
        return staged and not self.parting.in_van(e, t)

    def _way(self, e: int, t: int) -> int:
        seconds, here, whole = self.laid.seconds, self.at[e], 0
        for place in self._legs(e, t):
            whole += seconds[here][place] + self.laid.pick_up_s[self.laid.depot_at.index(place)]
            here = place
        return whole + seconds[here][self.cases.at[t]]

    def _metres(self, e: int, t: int) -> int:
        metres, here, whole = self.laid.metres, self.at[e], 0
        for place in self._legs(e, t):
            whole += metres[here][place]
            here = place
        return whole + metres[here][self.cases.at[t]]

    def _send(self, now: int, e: int, t: int) -> None:
        cases, way, work_s = self.cases, self._way(e, t), self._work_s(t)
        legs, others = self._legs(e, t), [one.ticket for one in self.routes[e] if one.ticket != t]
        fetched = [one for one in others if self._fetched(e, one) and self._depot_at(one) in legs]
        super()._send(now, e, t)
        self.carries.pop(t, None)
        self.carries.update(dict.fromkeys(fetched, e))
        if self.routes[e] and self.routes[e][0].ticket == t:
            del self.routes[e][0]
        there_s, left_s = self.log.there[-1], self.log.left[-1]
        if cases.closed_door[t] == 1:
            work_s = CLOSED_DOOR_S if left_s - there_s == CLOSED_DOOR_S else work_s
        self.trip[e] = now + way, there_s, work_s, left_s
        late_s = there_s + work_s + TOLERANCE_S
        if left_s > late_s:
            self.push(late_s, Happening.OVERRUN, e, left_s)

    def _gives_up(self, now: int, t: int, reason: int) -> None:
        if self.cases.stands[t] == self.cases.VISITED:
            return  # somebody is there, or a partner has been asked
        super()._gives_up(now, t, reason)
        self.carries.pop(t, None)

    def _duty_over(self, now: int, e: int) -> None:
        """Overtime planned for a visit more is worked; else he goes home."""
        self.idle[e] = 1
        self._goes_on(now, e)
        if self.idle[e]:
            self._goes_home(now, e)

    def _goes_home(self, now: int, e: int) -> None:
        """What he picked up and did not fit goes back to where it was kept."""
        super()._goes_home(now, e)
        self.routes[e] = []
        self.carries = {t: who for t, who in self.carries.items() if who != e}
