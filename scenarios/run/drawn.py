"""Reports drawn before anybody deals with them: all that is chance about a ticket, the moment it is born.

The n-th report of a source takes the n-th number of each of its streams. Reports come as a Poisson process in
operational time: exponential gaps, stretched over the hours of the week and the months of the year.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from kernel.clock import zone
from scenarios.run.chance import Cause, Streams
from scenarios.run.spread import Shape, Spread
from scenarios.run.world import EVEN_WEEK, EVEN_YEAR, World

YEAR_S = 365 * 86_400
Reals = NDArray[np.float64]
Whole = NDArray[np.int64]
_GAP = Spread(1.0, Shape.EXPONENTIAL)
BLOCK = 256
"""Reports of a source that waits, drawn together at most."""


@dataclass(frozen=True, eq=False)
class Reports:
    """Rows of reports, columns of one length.

    Args:
        job: position in `Demand.jobs`.
        work_s: seconds of work; `travel`: the way takes so many times what was measured.
        away, remote, triaged: 1 or 0.
        patience_s: seconds until the customer gives up, -1 for never; `loan_s`: a loaner stays after the repair.
        needs: which lines of the job's parts are needed, one bit each.
    """

    job: Whole
    work_s: Whole
    travel: Reals
    away: Whole
    remote: Whole
    triaged: Whole
    patience_s: Whole
    loan_s: Whole
    needs: Whole

    def taken(self, which: Whole | slice) -> Reports:
        """Some of the rows."""
        return Reports(*(getattr(self, f.name)[which] for f in fields(Reports)))


class Reporting:
    """Draws reports of a world's sources: all numbers of a cause together, because making a stream costs more than reading it."""

    def __init__(self, world: World, streams: Streams) -> None:
        self._world, self._streams = world, streams
        jobs, self._sources = world.demand.jobs, world.demand.sources
        numbers = {job.id: number for number, job in enumerate(jobs)}
        self._jobs = [
            np.array([numbers[name] for name, _ in one.jobs], dtype=np.int64) for one in self._sources
        ]
        self._lines = np.array([len(job.parts) for job in jobs], dtype=np.int64)
        self._remote = np.array([job.remote for job in jobs])
        most = int(self._lines.max(initial=0))
        self._chances = [
            np.array([job.parts[line].chance if line < len(job.parts) else 0.0 for job in jobs])
            for line in range(most)
        ]

    def gaps(self, source: int, first: int, count: int) -> Reals:
        """Operational time before the reports `first` to `first + count` of a source, in means: exponential.

        Where the cause is off they come evenly, after a first one of chance.
        """
        uniform = self._streams.each(Cause.REPORT, [((self._sources[source].id,), first, count)])
        if self._world.chance.on(Cause.REPORT):
            return _GAP.quantile(uniform)
        gaps = np.ones(count)
        gaps[: 1 if not first else 0] = uniform[:1]
        return gaps

    def reports(self, asked: Sequence[tuple[int, int, int]]) -> Reports:
        """All else that is chance about reports.

        Args:
            asked: (source, first report, how many), each source once.
        """
        world, chance = self._world, self._world.chance
        source = np.repeat(*np.array([(s, n) for s, _, n in asked], dtype=np.int64).reshape(-1, 2).T)
        job = self._picked(asked)
        none = np.zeros(job.size, dtype=np.int64)

        def drawn(cause: Cause) -> Reals:
            return self._streams.each(cause, [((self._sources[s].id,), first, n) for s, first, n in asked])

        def share(cause: Cause, of: float | Reals) -> Whole:
            return (drawn(cause) < of).astype(np.int64) if np.any(of) else none

        patience = world.room.patience
        stays = _seconds(chance.spread(Cause.LOAN, chance.loan_days), drawn(Cause.LOAN), 86_400)
        lends = np.array([bool(one.asset) for one in self._sources])
        return Reports(
            job=job,
            work_s=self._work(job, drawn(Cause.WORK)),
            travel=chance.travel.quantile(drawn(Cause.TRAVEL))
            if chance.on(Cause.TRAVEL)
            else np.full(job.size, chance.travel.mean),
            away=share(Cause.AWAY, chance.away) if chance.on(Cause.AWAY) else none,
            remote=share(Cause.REMOTE, self._remote[job]),
            triaged=share(Cause.TRIAGE, chance.triage),
            patience_s=none - 1
            if patience is None
            else _seconds(chance.spread(Cause.PATIENCE, patience), drawn(Cause.PATIENCE), 3600),
            loan_s=np.where(lends[source], stays, 0) if job.size else none,
            needs=self._needs(asked, job),
        )

    def _picked(self, asked: Sequence[tuple[int, int, int]]) -> Whole:
        uniform = self._streams.each(Cause.JOB, [((self._sources[s].id,), first, n) for s, first, n in asked])
        job, at = np.zeros(uniform.size, dtype=np.int64), 0
        for source, _, count in asked:
            weights = np.cumsum([weight for _, weight in self._sources[source].jobs])
            found = np.searchsorted(weights / weights[-1], uniform[at : at + count], side="right")
            job[at : at + count] = self._jobs[source][found.clip(max=weights.size - 1)]
            at += count
        return job

    def _needs(self, asked: Sequence[tuple[int, int, int]], job: Whole) -> Whole:
        """Lines nobody's job has are not drawn: each has a stream of its own."""
        needs = np.zeros(job.size, dtype=np.int64)
        ends = np.cumsum([n for _, _, n in asked], dtype=np.int64)
        lines = self._lines[job]
        longest = [
            int(lines[end - n : end].max(initial=0)) for end, (_, _, n) in zip(ends, asked, strict=True)
        ]
        for line, chances in enumerate(self._chances):
            read = [
                (np.arange(end - one[2], end), one)
                for end, one, most in zip(ends, asked, longest, strict=True)
                if most > line
            ]
            if not read:
                break
            rows = np.concatenate([at for at, _ in read])
            uniform = self._streams.each(
                Cause.PART, [((self._sources[s].id, str(line)), first, n) for _, (s, first, n) in read]
            )
            needs[rows] |= (uniform < chances[job[rows]]).astype(np.int64) << line
        return needs

    def _work(self, job: Whole, uniform: Reals) -> Whole:
        found = np.zeros(job.size, dtype=np.int64)
        for number in np.unique(job):
            rows = job == number
            work = self._world.chance.spread(Cause.WORK, self._world.demand.jobs[number].work)
            found[rows] = _seconds(work, uniform[rows], 60)
        return found


class Reporter:
    """The reports of one source that waits, one after another; drawn a block at a time."""

    def __init__(self, reporting: Reporting, source: int) -> None:
        self._reporting, self._source = reporting, source
        self._first = self._at = self._count = 0
        self._gaps: list[float] = []
        self._rows: list[Reports] = []

    def one_more(self) -> tuple[float, Reports]:
        """The operational time before the next report, in means, and its one row."""
        if self._at == self._count:
            self._first, self._at = self._first + self._count, 0
            self._count = min(2 * self._count or 4, BLOCK)
            self._gaps = self._reporting.gaps(self._source, self._first, self._count).tolist()
            block = self._reporting.reports([(self._source, self._first, self._count)])
            self._rows = [block.taken(slice(at, at + 1)) for at in range(self._count)]
        self._at += 1
        return self._gaps[self._at - 1], self._rows[self._at - 1]


def _seconds(spread: Spread, uniform: Reals, unit_s: int) -> Whole:
    return np.rint(spread.quantile(uniform) * unit_s).astype(np.int64)


@dataclass(frozen=True, eq=False)
class Season:
    """How operational time runs: `passed[i]` means of a source with one report a year lie before `at_s[i]`."""

    at_s: Reals
    passed: Reals

    def moment(self, passed: Reals) -> Reals:
        """The second by which so much operational time has passed."""
        return np.interp(passed, self.passed, self.at_s)

    def after(self, now_s: int, more: float) -> float:
        """The second by which `more` operational time has passed since `now_s`; past the end, if not before it."""
        passed = float(np.interp(now_s, self.at_s, self.passed)) + more
        return float("inf") if passed >= self.passed[-1] else float(self.moment(np.array([passed]))[0])


def season(world: World) -> Season:
    """Lay out the operational time of the world's demand from its start to its end."""
    until_s = (world.warm_up_days + world.days) * 86_400
    demand = world.demand
    if demand.week == EVEN_WEEK and demand.year == EVEN_YEAR:
        at_s = np.array([0.0, float(until_s)])
        return Season(at_s, at_s * demand.factor / YEAR_S)
    here = zone(world.region.settings.zone)
    hours = -(-until_s // 3600)
    rates: Reals = np.empty(hours)
    for hour in range(hours):
        local = (world.starts_at + timedelta(hours=hour)).astimezone(here)
        rates[hour] = demand.week[local.weekday() * 24 + local.hour] * demand.year[local.month - 1]
    at_s = np.arange(hours + 1, dtype=np.float64) * 3600.0
    passed: Reals = np.concatenate([np.zeros(1), np.cumsum(rates)]) * demand.factor * 3600 / YEAR_S
    return Season(at_s, passed)


@dataclass(frozen=True, eq=False)
class Born:
    """All reports of sources that never wait, in order of birth (then of their sources)."""

    born_s: Whole
    source: Whole
    rows: Reports


KEPT_ROWS = 400_000
"""Reports kept to be used again, about 40 MB: rosters and stocks are compared under the same ones."""
_kept: dict[object, Born] = {}


def born(world: World, streams: Streams, laid: Season) -> Born:
    """Draw every report that does not depend on what anybody does, up to the world's end.

    The last ones drawn are kept: a scenario that changes neither demand nor chance meets the very same reports.
    """
    span = world.starts_at, world.region.settings.zone, world.warm_up_days, world.days
    key = streams.key, world.demand, world.room.patience, span
    found = _kept.pop(key, None) or _drawn(world, streams, laid)
    _kept[key] = found  # the one used last stands last
    while len(_kept) > 1 and sum(one.born_s.size for one in _kept.values()) > KEPT_ROWS:
        del _kept[next(iter(_kept))]
    return found


def _drawn(world: World, streams: Streams, laid: Season) -> Born:
    whole = float(laid.passed[-1])
    until_s = (world.warm_up_days + world.days) * 86_400
    reporting = Reporting(world, streams)
    moments: list[Whole] = []
    asked: list[tuple[int, int, int]] = []
    for number, source in enumerate(world.demand.sources):
        if source.waits or source.a_year <= 0:
            continue
        if source.at_s:
            at_s = np.array(source.at_s, dtype=np.int64)
        else:
            expected, passed, drawn = whole * source.a_year, 0.0, 0
            inside = [np.zeros(0)]
            while passed < expected:
                count = int((expected - passed) * 1.05 + 4 * expected**0.5) + 4
                at = passed + np.cumsum(reporting.gaps(number, drawn, count))
                inside.append(at[at < expected])
                passed, drawn = float(at[-1]), drawn + count
            at_s = np.floor(laid.moment(np.concatenate(inside) / source.a_year)).astype(np.int64)
        if at_s.size:
            moments.append(at_s)
            asked.append((number, 0, at_s.size))
    if not asked:
        empty = np.zeros(0, dtype=np.int64)
        return Born(empty, empty, Reports(empty, empty, np.zeros(0), *([empty] * 6)))
    at_s, rows = np.concatenate(moments), reporting.reports(asked)
    of = np.concatenate([np.full(count, number, dtype=np.int64) for number, _, count in asked])
    order = np.lexsort((np.arange(at_s.size), of, at_s))
    order = order[at_s[order] < until_s]
    return Born(at_s[order], of[order], rows.taken(order))
