"""The worker: takes runs, has them solved, keeps their lease, writes what came out once.

A run ends as failed by what it is refused for, or by a defect. What passes by itself does not end it: a database
that is busy or away (the run is taken again when its lease has passed), and a solving process that was killed, for
its memory perhaps (tried again at once, as often as the run may be).
"""

from __future__ import annotations

import json
import os
import socket
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Protocol

from api.apart import OwnProcesses
from api.executor import Broken, Solve, solve_by
from api.outbound.ways import STRAIGHT, TravelSource
from api.pulse import Pulse
from api.turns import until_left
from api.usecases.plan_run import KIND, Ask, Job, Made, Report
from dispatch.region import Region
from kernel.clock import Clock, SystemClock
from kernel.envelope import Envelope
from kernel.errors import Refusal, Refused, Value
from storage.database import PASSING, Database
from storage.plan_document import as_json
from storage.plans import PlanSummary, keep
from storage.rows.region import load_stored
from storage.runs import (
    HEARTBEAT,
    LEASE,
    LOOK,
    Run,
    beat,
    fail,
    find,
    finish,
    give_back,
    take,
    try_again,
)
from storage.unit_of_work import UnitOfWork


class Said(Protocol):
    """Told what happens, as a code with values."""

    def __call__(self, code: str, /, **params: Value) -> None:
        """Say it."""


def _silent(_code: str, /, **_params: Value) -> None:
    pass


class _Leaving(Exception):
    """The worker was asked to end while it was solving."""


Ways = Callable[[Region, datetime | None, Envelope], tuple[Region, TravelSource]]
"""Gives a region its measured ways, and says where they come from; see `api.outbound.ways.on_roads`."""


def on_this_machine(job: Job, report: Report) -> Made:
    """Solve in a process of its own."""
    return solve_by(OwnProcesses(), job, report)


def as_the_region_says(
    region: Region, _now: datetime | None, _envelope: Envelope
) -> tuple[Region, TravelSource]:
    """No service is asked."""
    return region, TravelSource(STRAIGHT, 0, 0)


def with_source(manifest: str, source: TravelSource) -> str:
    """The manifest of a plan with where its travel times come from."""
    return as_json({**json.loads(manifest), "travel": source.told()}) if manifest else ""


@dataclass
class Worker:
    """One worker; `leave` asks it to end soon, giving back what it has not finished.

    Args:
        database: open.
        name: its id, on its leases.
        solve: how a job is solved.
        ways: measures the ways of a region before it is planned.
        clock: says the time of leases.
        said: told what happens.
        lease: how long a run stays with it without a word.
        heartbeat: how often it says a word.
        look: how often it looks for work.
    """

    database: Database
    name: str
    solve: Solve = on_this_machine
    ways: Ways = as_the_region_says
    clock: Clock = field(default_factory=SystemClock)
    said: Said = _silent
    lease: timedelta = LEASE
    heartbeat: timedelta = HEARTBEAT
    look: timedelta = LOOK
    leaving: threading.Event = field(default_factory=threading.Event)

    def leave(self) -> None:
        """End soon."""
        self.leaving.set()

    def until_left(self) -> None:
        """Take runs until asked to leave."""
        until_left(self.once, self.leaving, pause_s=self.look.total_seconds(), waits=self._say)

    def once(self) -> Run | None:
        """Take one run and see it through; None when none waits.

        Raises:
            Refusal: those of the database; the run is then taken again once its lease has passed.
        """
        run = self.database.run(
            self._envelope("none", "take"), lambda work: take(work, worker=self.name, lease=self.lease)
        )
        if run is None:
            return None
        self.said("run.taken", run=run.id, attempt=run.attempts)
        with Pulse(partial(self._beat, run), every=self.heartbeat) as pulse:
            self._attempt(run, pulse)
        with self.database.reading() as connection:
            ended = find(connection, run.region, run.id)
        self.said("run.ended", run=ended.id, state=ended.state.value)
        return ended

    def _attempt(self, run: Run, pulse: Pulse) -> None:
        try:
            self._see_through(run, pulse)
        except _Leaving:
            self._let_go(run, "back", lambda work: give_back(work, run))
        except Refusal as refusal:
            self._refused(run, (refusal,))
        except Refused as refused:
            self._refused(run, refused.refusals)
        except Exception as error:  # noqa: BLE001 one poisonous run must not take worker after worker with it
            broken = error if isinstance(error, Broken) else Broken.by(error)
            self._refused(run, (Refusal("run.defect", run=run.id, kind=broken.kind, detail=broken.detail),))

    def _see_through(self, run: Run, pulse: Pulse) -> None:
        if run.kind != KIND:
            raise Refusal("run.unknown_kind", run=run.id, kind=run.kind[:32])
        ask = Ask.of(run.input, run=run.id)
        with self.database.reading() as connection:
            stored = load_stored(connection, run.region)

        def report(progress: Mapping[str, Any]) -> bool:
            if self.leaving.is_set():
                raise _Leaving
            return pulse.report(progress)

        report({})
        region, source = self.ways(stored.region, ask.now, self._of(run, "ways"))

        made = self.solve(Job(region, stored.digest, ask), lambda said: report({**said, **source.progress()}))
        envelope = self._of(run, "end")
        summary = PlanSummary(
            id=run.id,
            now=made.now,
            problem_digest=made.problem_digest,
            dataset_digest=stored.digest,
            cost_cents=made.cost_cents,
            visits=made.visits,
            left_out=made.left_out,
            made_at=envelope.now,
        )

        def end(work: UnitOfWork) -> None:
            # The guard first: it locks the run, and a plan of a run that was lost is never written.
            finish(work, run)
            manifest = with_source(made.manifest, source)
            keep(work, summary, document=made.document, manifest=manifest, proposal=made.proposal)

        self.database.run(envelope, end)

    def _beat(self, run: Run, progress: Mapping[str, Any] | None) -> bool:
        try:
            return self.database.run(
                self._of(run, "beat"), lambda work: beat(work, run, progress=progress, lease=self.lease)
            )
        except Refusal as refusal:
            # Without a database the search goes on: whether the run is still ours is asked when it ends.
            if refusal.code not in PASSING:
                raise
            return True

    def _refused(self, run: Run, refusals: tuple[Refusal, ...]) -> None:
        first = refusals[0]
        if first.code in PASSING:
            raise first
        if first.code == "run.process_died":
            self._let_go(run, "again", lambda work: try_again(work, run, first.message))
        elif first.code != "run.lease_lost":
            self._let_go(run, "fail", lambda work: fail(work, run, [one.message for one in refusals]))
        for one in refusals:
            self._say(one)

    def _let_go(self, run: Run, what: str, command: Callable[[UnitOfWork], None]) -> None:
        """End or give back a run; one that another worker has taken meanwhile is his."""
        try:
            self.database.run(self._of(run, what), command)
        except Refusal as lost:
            if lost.code != "run.lease_lost":
                raise
            self._say(lost)

    def _say(self, refusal: Refusal) -> None:
        self.said(refusal.code, **refusal.message.params)

    def _of(self, run: Run, what: str) -> Envelope:
        return self._envelope(run.region, f"{what}-{run.token}-{run.id}"[:64])

    def _envelope(self, region: str, key: str) -> Envelope:
        return Envelope("worker", self.name, self.clock.now(), key, region)


def leave_all(workers: Sequence[Worker]) -> None:
    """Ask all of them to end soon."""
    for one in workers:
        one.leave()


def until_all_left(workers: Sequence[Worker]) -> None:
    """Have several workers take runs, each in a thread of its own, until all were asked to leave.

    Raises:
        Exception: what the first of them broke on; the others are asked to leave then.
    """

    def work(one: Worker) -> None:
        try:
            one.until_left()
        except BaseException:
            leave_all(workers)
            raise

    with ThreadPoolExecutor(len(workers), thread_name_prefix="worker") as threads:
        for ended in [threads.submit(work, one) for one in workers]:
            ended.result()


def own_name(number: int = 1) -> str:
    """A name for a worker of this process: machine, process and number."""
    machine = "".join(c if c.isascii() and c.isalnum() else "-" for c in socket.gethostname())
    return f"w-{machine[:40]}-{os.getpid()}-{number}"
