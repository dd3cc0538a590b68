"""The worker: takes runs, has them solved, keeps their lease, writes what came out once."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Protocol

from api.apart import Solve, solve_apart
from api.usecases.plan_run import KIND, Ask, Job
from kernel.clock import Clock, SystemClock
from kernel.envelope import Envelope
from kernel.errors import Refusal, Refused
from storage.database import Database
from storage.plans import PlanSummary, keep
from storage.rows.region import load_stored
from storage.runs import HEARTBEAT, LEASE, LOOK, Run, beat, fail, find, finish, give_back, take

TRANSIENT = frozenset({"database.busy", "database.unreachable", "database.disk_full"})
"""What passes by itself: the run is tried again."""


class Said(Protocol):
    """Told what happens, as a code with values."""

    def __call__(self, code: str, /, **params: str | int) -> None:
        """Say it."""


class _Leaving(Exception):
    """The worker was asked to end while it was solving."""


@dataclass
class Worker:
    """One worker; `leave` asks it to end soon, giving back what it has not finished.

    Args:
        database: open.
        name: its id, on its leases.
        solve: how a job is solved.
        clock: says the time of leases.
        said: told what happens.
        lease: how long a run stays with it without a word.
        heartbeat: how often it says a word.
        look: how often it looks for work.
    """

    database: Database
    name: str
    solve: Solve = solve_apart
    clock: Clock = field(default_factory=SystemClock)
    said: Callable[..., None] = lambda _code, **_params: None
    lease: timedelta = LEASE
    heartbeat: timedelta = HEARTBEAT
    look: timedelta = LOOK
    leaving: threading.Event = field(default_factory=threading.Event)

    def leave(self) -> None:
        """End soon."""
        self.leaving.set()

    def until_left(self) -> None:
        """Take runs until asked to leave."""
        while not self.leaving.is_set():
            try:
                if self.once():
                    continue
            except Refusal as refusal:
                if refusal.code not in TRANSIENT:
                    raise
                self.said(refusal.code, **refusal.message.params)
            self.leaving.wait(self.look.total_seconds())

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
        try:
            self._see_through(run)
        except _Leaving:
            self.database.run(self._of(run, "back"), lambda work: give_back(work, run))
        except Refusal as refusal:
            if refusal.code in TRANSIENT:
                raise
            if refusal.code != "run.lease_lost":
                self._failed(run, refusal)
            self.said(refusal.code, **refusal.message.params)
        except Refused as refused:
            self._failed(run, refused.refusals[0])
            self.said(refused.refusals[0].code, **refused.refusals[0].message.params)
        except Exception as defect:  # noqa: BLE001 one poisonous run must not take worker after worker with it
            self._failed(
                run, Refusal("run.defect", run=run.id, kind=type(defect).__name__, detail=str(defect)[:120])
            )
            self.said("run.defect", run=run.id, kind=type(defect).__name__, detail=str(defect)[:120])
        with self.database.reading() as connection:
            ended = find(connection, run.region, run.id)
        self.said("run.ended", run=ended.id, state=ended.state.value)
        return ended

    def _see_through(self, run: Run) -> None:
        if run.kind != KIND:
            raise Refusal("run.unknown_kind", run=run.id, kind=run.kind[:32])
        ask = Ask.of(run.input, run=run.id)
        with self.database.reading() as connection:
            stored = load_stored(connection, run.region)
        made = self.solve(Job(stored.region, stored.digest, ask), self._reporter(run))
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

        def end(work: Any) -> None:
            # The guard first: it locks the run, and a plan of a run that was lost is never written.
            finish(work, run)
            keep(work, summary, document=made.document, manifest=made.manifest)

        self.database.run(envelope, end)

    def _reporter(self, run: Run) -> Callable[[Mapping[str, Any]], bool]:
        last_at = self.clock.now()
        go_on = True

        def report(progress: Mapping[str, Any]) -> bool:
            nonlocal last_at, go_on
            if self.leaving.is_set():
                raise _Leaving
            now = self.clock.now()
            if now - last_at < self.heartbeat:
                return go_on
            try:
                go_on = self.database.run(
                    self._of(run, "beat"), lambda work: beat(work, run, progress=progress, lease=self.lease)
                )
                last_at = now
            except Refusal as refusal:
                # Without a database the search goes on: whether the run is still ours is asked when it ends.
                if refusal.code not in TRANSIENT:
                    raise
            return go_on

        return report

    def _failed(self, run: Run, refusal: Refusal) -> None:
        detail = ", ".join(f"{name}={value}" for name, value in refusal.message.params.items())
        try:
            self.database.run(
                self._of(run, "fail"), lambda work: fail(work, run, code=refusal.code, detail=detail)
            )
        except Refusal as lost:
            if lost.code != "run.lease_lost":
                raise

    def _of(self, run: Run, what: str) -> Envelope:
        return self._envelope(run.region, f"{what}-{run.token}-{run.id}"[:64])

    def _envelope(self, region: str, key: str) -> Envelope:
        return Envelope("worker", self.name, self.clock.now(), key, region)


def own_name() -> str:
    """A name for this worker: machine and process."""
    machine = "".join(c if c.isascii() and c.isalnum() else "-" for c in socket.gethostname())
    return f"w-{machine[:40]}-{os.getpid()}"
