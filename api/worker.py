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
from enum import Enum
from functools import partial
from typing import Any, Protocol

from api.apart import OwnProcesses
from api.executor import Broken, Executor, Make, solve_by
from api.outbound.ways import STRAIGHT, TravelSource
from api.pulse import Pulse
from api.turns import until_left
from api.usecases import dataset_run, simulation_run
from api.usecases.dataset_run import DatasetJob, DatasetRead, dataset_files, read_dataset
from api.usecases.importing import import_read
from api.usecases.plan_run import KIND, Ask, Job, Made, Report, make_plan
from api.usecases.simulation_run import MadeFile, MadeFiles, SimulationJob, make_simulation
from dispatch.region import Region
from kernel.clock import Clock, SystemClock, moment
from kernel.envelope import Envelope
from kernel.errors import Refusal, Refused, Value
from storage.database import PASSING, Database
from storage.plan_document import as_json
from storage.plans import PlanSummary, keep
from storage.rows.region import load_stored
from storage.run_files import file_of, given, keep_file
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


def nothing() -> None:
    """Nothing is done between two looks."""


class _Leaving(Exception):
    """The worker was asked to end while it was solving."""


class _NotTaken(Exception):
    """What was given is refused, and what is wrong with it is kept in files."""

    def __init__(self, refusals: tuple[Refusal, ...], files: tuple[MadeFile, ...]) -> None:
        super().__init__(refusals)
        self.refusals = refusals
        self.files = files


class Lane(Enum):
    """Which runs a worker takes: who asked for a plan does not wait until a simulation of an hour is done."""

    ANY = "any"
    PLANS = "plans"
    LONG = "long"
    """Everything but plans: simulations, staffing, datasets to bring in."""

    def kinds(self) -> dict[str, tuple[str, ...]]:
        """The kinds, as `storage.runs.take` is told them."""
        told: dict[Lane, dict[str, tuple[str, ...]]] = {
            Lane.PLANS: {"only": (KIND,)},
            Lane.LONG: {"but": (KIND,)},
        }
        return told.get(self, {})


LANES = (Lane.PLANS, Lane.LONG)
"""Of a service that takes every run: a worker for each."""


Ways = Callable[[Region, datetime | None, Envelope], tuple[Region, TravelSource]]
"""Gives a region its measured ways, and says where they come from; see `api.outbound.ways.on_roads`."""


End = Callable[[UnitOfWork], None]
"""What writes down what a run made, in the transaction that ends it."""

Solve = Make[Job, Made]
Simulate = Make[SimulationJob, MadeFiles]
ReadIn = Make[DatasetJob, DatasetRead]


def solving_by(executor: Executor) -> Solve:
    """Have jobs solved somewhere."""
    return partial(solve_by, executor, make=make_plan)


def simulating_by(executor: Executor) -> Simulate:
    """Have simulations made somewhere."""
    return partial(solve_by, executor, make=make_simulation)


on_this_machine = solving_by(OwnProcesses())
simulated_on_this_machine = simulating_by(OwnProcesses())
read_on_this_machine: ReadIn = partial(solve_by, OwnProcesses(), make=read_dataset)
"""In a process of its own."""


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
        solve: how a job is solved; `simulate`: how a simulation is made; `read_in`: how an upload is read.
        ways: measures the ways of a region before it is planned.
        clock: says the time of leases.
        said: told what happens.
        lease: how long a run stays with it without a word.
        heartbeat: how often it says a word.
        look: how often it looks for work.
        lane: which runs it takes.
        between: done before each look for work.
    """

    database: Database
    name: str
    solve: Solve = on_this_machine
    ways: Ways = as_the_region_says
    clock: Clock = field(default_factory=SystemClock)
    said: Said = _silent
    simulate: Simulate = simulated_on_this_machine
    read_in: ReadIn = read_on_this_machine
    lease: timedelta = LEASE
    heartbeat: timedelta = HEARTBEAT
    look: timedelta = LOOK
    lane: Lane = Lane.ANY
    between: Callable[[], None] = nothing
    leaving: threading.Event = field(default_factory=threading.Event)

    def leave(self) -> None:
        """End soon."""
        self.leaving.set()

    def until_left(self) -> None:
        """Take runs until asked to leave."""
        until_left(self._turn, self.leaving, pause_s=self.look.total_seconds(), waits=self._say)

    def _turn(self) -> Run | None:
        self.between()
        return self.once()

    def once(self) -> Run | None:
        """Take one run and see it through; None when none waits.

        Raises:
            Refusal: those of the database; the run is then taken again once its lease has passed.
        """
        run = self.database.run(
            self._envelope("none", "take"),
            lambda work: take(work, worker=self.name, lease=self.lease, **self.lane.kinds()),
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
        except _NotTaken as not_taken:
            self._refused(run, not_taken.refusals, not_taken.files)
        except Exception as error:  # noqa: BLE001 one poisonous run must not take worker after worker with it
            broken = error if isinstance(error, Broken) else Broken.by(error)
            self._refused(run, (Refusal("run.defect", run=run.id, kind=broken.kind, detail=broken.detail),))

    def _see_through(self, run: Run, pulse: Pulse) -> None:
        def report(progress: Mapping[str, Any]) -> bool:
            if self.leaving.is_set():
                raise _Leaving
            return pulse.report(progress)

        if run.kind == KIND:
            write = self._plan(run, report)
        elif run.kind in simulation_run.KINDS:
            write = self._simulation(run, report)
        elif run.kind == dataset_run.KIND:
            write = self._dataset(run, report)
        else:
            raise Refusal("run.unknown_kind", run=run.id, kind=run.kind[:32])

        def end(work: UnitOfWork) -> None:
            # The guard first: it locks the run, and what a run made that was lost is never written.
            finish(work, run)
            write(work)

        self.database.run(self._of(run, "end"), end)

    def _plan(self, run: Run, report: Report) -> End:
        ask = Ask.of(run.input, run=run.id)
        with self.database.reading() as connection:
            stored = load_stored(connection, run.region)
        report({})
        region, source = self.ways(stored.region, ask.now, self._of(run, "ways"))
        made = self.solve(Job(region, stored.digest, ask), lambda said: report({**said, **source.progress()}))

        def write(work: UnitOfWork) -> None:
            summary = PlanSummary(
                id=run.id,
                now=made.now,
                problem_digest=made.problem_digest,
                dataset_digest=stored.digest,
                cost_cents=made.cost_cents,
                visits=made.visits,
                left_out=made.left_out,
                made_at=work.now,
            )
            manifest = with_source(made.manifest, source)
            keep(work, summary, document=made.document, manifest=manifest, proposal=made.proposal)

        return write

    def _simulation(self, run: Run, report: Report) -> End:
        region, digest = None, ""
        if simulation_run.needs_region(run.input):
            with self.database.reading() as connection:
                stored = load_stored(connection, run.region)
            region, digest = stored.region, stored.digest
        report({})
        made = self.simulate(SimulationJob(run.kind, run.input, region, digest), report)
        return lambda work: _kept(work, run, made.files)

    def _dataset(self, run: Run, report: Report) -> End:
        with self.database.reading() as connection:
            content = file_of(connection, run.region, run.id, given(dataset_run.GIVEN)).content
        as_of = run.input["as_of"]
        found = self.read_in(DatasetJob(content, moment(as_of) if as_of else None), report)
        if found.region is None:
            raise _NotTaken(found.refusals, tuple(dataset_files(found)))
        head = Envelope(run.asked_by, self.name, self.clock.now(), "import", run.region)
        # In a transaction of its own, under its region; taken again after a crash between the two, it changes nothing.
        new = import_read(self.database, head, found)
        files = tuple(dataset_files(found, region=found.region.settings.id, new=new))
        return lambda work: _kept(work, run, files)

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

    def _refused(self, run: Run, refusals: tuple[Refusal, ...], files: tuple[MadeFile, ...] = ()) -> None:
        first = refusals[0]
        if first.code in PASSING:
            raise first
        if first.code == "run.process_died":
            self._let_go(run, "again", lambda work: try_again(work, run, first.message))
        elif first.code != "run.lease_lost":
            self._let_go(run, "fail", partial(_failed, run=run, refusals=refusals, files=files))
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


def _kept(work: UnitOfWork, run: Run, files: Sequence[MadeFile]) -> None:
    """Write the files of a run that ends."""
    for one in files:
        keep_file(work, run.id, one.name, one.text.encode(), media_type=one.media_type)


def _failed(work: UnitOfWork, *, run: Run, refusals: Sequence[Refusal], files: Sequence[MadeFile]) -> None:
    fail(work, run, [one.message for one in refusals], places=[one.at for one in refusals])
    _kept(work, run, files)


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
