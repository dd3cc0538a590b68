"""Reports drawn before anybody deals with them: all that is chance about a ticket, the moment it is born.

The n-th report of a source takes the n-th number of each of its streams. Reports come as a Poisson process in
operational time: exponential gaps, stretched over the hours of the week and the months of the year.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from kernel.clock import zone
from scenarios.run.chance import Cause, Streams
from scenarios.run.spread import Shape, Spread
from scenarios.run.world import EVEN_WEEK, EVEN_YEAR, Source, World

YEAR_S = 365 * 86_400
Reals = NDArray[np.float64]
Whole = NDArray[np.int64]
_GAP = Spread(1.0, Shape.EXPONENTIAL)


@dataclass(frozen=True, eq=False)
class Reports:
    """Rows of reports, columns of one length.

    Args:
        gap: operational time since the source's last report, in means.
        job: position in `Demand.jobs`.
        work_s: seconds of work; `travel`: the way takes so many times what was measured.
        away, remote, triaged: 1 or 0.
        patience_s: seconds until the customer gives up, -1 for never; `loan_s`: a loaner stays after the repair.
        needs: which lines of the job's parts are needed, one bit each.
    """

    gap: Reals
    job: Whole
    work_s: Whole
    travel: Reals
    away: Whole
    remote: Whole
    triaged: Whole
    patience_s: Whole
    loan_s: Whole
    needs: Whole


class Reporter:
    """The reports of one source, as many as are asked for, one after another."""

    def __init__(self, world: World, source: Source, streams: Streams) -> None:
        self._world, self._source = world, source
        numbers = {job.id: number for number, job in enumerate(world.demand.jobs)}
        self._jobs = np.array([numbers[name] for name, _ in source.jobs], dtype=np.int64)
        own = [world.demand.jobs[job] for job in self._jobs]
        self._remote = np.array([job.remote for job in own])
        weights = np.cumsum([weight for _, weight in source.jobs])
        self._bounds = weights / weights[-1]
        self._streams = {cause: streams.stream(cause, source.id) for cause in self._causes()}
        self._lines = [
            (
                streams.stream(Cause.PART, source.id, str(line)),
                np.array([job.parts[line].chance if line < len(job.parts) else 0.0 for job in own]),
            )
            for line in range(max(len(job.parts) for job in own))
        ]

    def _causes(self) -> list[Cause]:
        """The causes whose numbers can matter: a stream nobody reads need not be made."""
        chance, jobs = self._world.chance, [self._world.demand.jobs[job] for job in self._jobs]
        found = [Cause.REPORT, Cause.JOB, Cause.WORK]
        found += [Cause.TRAVEL] if chance.on(Cause.TRAVEL) else []
        found += [Cause.AWAY] if chance.on(Cause.AWAY) and chance.away else []
        found += [Cause.REMOTE] if any(job.remote for job in jobs) else []
        found += [Cause.TRIAGE] if any(job.parts for job in jobs) else []
        found += [Cause.PATIENCE] if self._world.room.patience is not None else []
        return [*found, Cause.LOAN] if self._source.asset else found

    def more(self, count: int) -> Reports:
        """The next `count` reports."""
        world, chance = self._world, self._world.chance
        drawn = {cause: stream.take(count) for cause, stream in self._streams.items()}
        picked = np.searchsorted(self._bounds, drawn[Cause.JOB], side="right").clip(max=self._jobs.size - 1)
        job = self._jobs[picked]
        none = np.zeros(count, dtype=np.int64)

        def share(cause: Cause, of: float | Reals) -> Whole:
            return (drawn[cause] < of).astype(np.int64) if cause in drawn else none

        patience, needs = world.room.patience, none.copy()
        for line, (stream, chances) in enumerate(self._lines):
            needs |= (stream.take(count) < chances[picked]).astype(np.int64) << line
        return Reports(
            gap=self._gaps(drawn[Cause.REPORT]),
            job=job,
            work_s=self._work(job, drawn[Cause.WORK]),
            travel=chance.travel.quantile(drawn[Cause.TRAVEL])
            if Cause.TRAVEL in drawn
            else np.full(count, chance.travel.mean),
            away=share(Cause.AWAY, chance.away),
            remote=share(Cause.REMOTE, self._remote[picked]),
            triaged=share(Cause.TRIAGE, chance.triage),
            patience_s=none - 1
            if patience is None
            else _seconds(chance.spread(Cause.PATIENCE, patience), drawn[Cause.PATIENCE], 3600),
            loan_s=_seconds(chance.spread(Cause.LOAN, chance.loan_days), drawn[Cause.LOAN], 86_400)
            if Cause.LOAN in drawn
            else none,
            needs=needs,
        )

    def _gaps(self, uniform: Reals) -> Reals:
        """Exponential gaps; even ones after a first one of chance where the cause is off."""
        if self._world.chance.on(Cause.REPORT):
            return _GAP.quantile(uniform)
        gaps = np.ones(uniform.size)
        if self._streams[Cause.REPORT].drawn == uniform.size:
            gaps[:1] = uniform[:1]
        return gaps

    def _work(self, job: Whole, uniform: Reals) -> Whole:
        found = np.zeros(job.size, dtype=np.int64)
        for number in np.unique(job):
            rows = job == number
            work = self._world.chance.spread(Cause.WORK, self._world.demand.jobs[number].work)
            found[rows] = _seconds(work, uniform[rows], 60)
        return found


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
    moments: list[Whole] = []
    sources: list[Whole] = []
    batches: list[Reports] = []
    for number, source in enumerate(world.demand.sources):
        if source.waits or source.a_year <= 0:
            continue
        if source.at_s:
            moments.append(np.array(source.at_s, dtype=np.int64))
            sources.append(np.full(len(source.at_s), number, dtype=np.int64))
            batches.append(Reporter(world, source, streams).more(len(source.at_s)))
            continue
        expected = whole * source.a_year
        reporter, passed = Reporter(world, source, streams), 0.0
        while passed < expected:
            rows = reporter.more(int((expected - passed) * 1.05 + 4 * expected**0.5) + 4)
            at = passed + np.cumsum(rows.gap)
            inside = at < expected
            moments.append(np.floor(laid.moment(at[inside] / source.a_year)).astype(np.int64))
            sources.append(np.full(int(inside.sum()), number, dtype=np.int64))
            batches.append(_taken(rows, np.flatnonzero(inside)))
            passed = float(at[-1])
    if not batches:
        empty = np.zeros(0, dtype=np.int64)
        return Born(empty, empty, Reports(np.zeros(0), empty, empty, np.zeros(0), *([empty] * 6)))
    at_s, of, rows = np.concatenate(moments), np.concatenate(sources), _joined(batches)
    order = np.lexsort((np.arange(at_s.size), of, at_s))
    order = order[at_s[order] < until_s]
    return Born(at_s[order], of[order], _taken(rows, order))


def _taken(rows: Reports, which: Whole) -> Reports:
    return Reports(*(getattr(rows, f.name)[which] for f in fields(Reports)))


def _joined(batches: list[Reports]) -> Reports:
    return Reports(*(np.concatenate([getattr(one, f.name) for one in batches]) for f in fields(Reports)))
