"""The queue of runs: taken under a lease, kept by heartbeats, ended once.

Every taking raises the run's token. Whoever reports or ends a run says the token he took it with; when another
has taken it since, nothing he says has any effect. A run whose lease has passed is taken by whoever looks next.
What a run makes is written in the transaction that ends it, so it takes effect once, however often it was tried.

All functions work inside a unit of work; `now` is its envelope's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, insert, or_, select, update

from kernel.errors import Refusal
from storage.tables.run import RunRow, RunState
from storage.unit_of_work import UnitOfWork

LEASE = timedelta(seconds=30)
"""How long a run stays with a worker that says nothing. With a look every `LOOK` it is taken over within 45 s."""

HEARTBEAT = timedelta(seconds=5)
"""How often a worker says that it is alive."""

LOOK = timedelta(seconds=2)
"""How often an idle worker looks for work."""

MOST_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class Run:
    """A run as it stands.

    Args:
        token: of the last taking; 0 before the first.
        progress: what the worker last said, plain JSON values.
        error_code: why it failed, else empty.
    """

    region: str
    id: str
    kind: str
    state: RunState
    input: Mapping[str, Any]
    token: int = 0
    attempts: int = 0
    worker: str = ""
    lease_until: datetime | None = None
    heartbeat_at: datetime | None = None
    progress: Mapping[str, Any] = field(default_factory=dict)
    stop_requested: bool = False
    error_code: str = ""
    error_detail: str = ""
    asked_at: datetime | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None


def ask(
    work: UnitOfWork, run: str, *, kind: str, content: Mapping[str, Any], most_attempts: int = MOST_ATTEMPTS
) -> None:
    """Put a run into the queue of the envelope's region."""
    work.connection.execute(
        insert(RunRow).values(
            region_id=work.region,
            id=run,
            kind=kind,
            state=RunState.WAITING.value,
            input=dict(content),
            token=0,
            attempts=0,
            most_attempts=most_attempts,
            worker="",
            progress={},
            stop_requested=False,
            error_code="",
            error_detail="",
            written_by=work.actor,
            written_from=work.device,
            written_at=work.now,
            written_key=work.key,
        )
    )
    work.record("run.ask", run, kind=kind)


def take(work: UnitOfWork, *, worker: str, lease: timedelta = LEASE) -> Run | None:
    """Take the run that has waited longest, of any region: one that waits, or one whose lease has passed.

    A run that has been tried as often as it may ends as failed on the way. On PostgreSQL rows that another worker
    is looking at are passed over; on SQLite there is one writer.

    Returns:
        The run as taken, or None when there is nothing to do.
    """
    connection, now = work.connection, work.now
    free = or_(
        RunRow.c.state == RunState.WAITING.value,
        and_(RunRow.c.state == RunState.RUNNING.value, RunRow.c.lease_until <= now),
    )
    while True:
        row = (
            connection.execute(
                select(RunRow)
                .where(free)
                .order_by(RunRow.c.written_at, RunRow.c.id)
                .limit(1)
                .with_for_update(skip_locked=True)
            )
            .mappings()
            .first()
        )
        if row is None:
            return None
        run = _run(row)
        if run.stop_requested:
            _end(connection, run, now, RunState.STOPPED)
        elif run.attempts >= row["most_attempts"]:
            _end(connection, run, now, RunState.FAILED, code="run.gave_up")
        else:
            taken = {
                "state": RunState.RUNNING.value,
                "token": run.token + 1,
                "attempts": run.attempts + 1,
                "worker": worker,
                "lease_until": now + lease,
                "heartbeat_at": now,
                "started_at": run.started_at or now,
            }
            connection.execute(update(RunRow).where(_held(run)).values(taken))
            return find(connection, run.region, run.id)


def beat(
    work: UnitOfWork, run: Run, *, progress: Mapping[str, Any] | None = None, lease: timedelta = LEASE
) -> bool:
    """Say that the holder of `run` is alive and how far it is.

    Returns:
        Whether it shall go on; False when somebody asked it to stop.

    Raises:
        Refusal: ``run.lease_lost`` when another worker has taken the run, or it has ended.
    """
    said: dict[str, Any] = {"heartbeat_at": work.now, "lease_until": work.now + lease}
    if progress is not None:
        said["progress"] = dict(progress)
    _guarded(work.connection, run, said)
    stop = select(RunRow.c.stop_requested).where(RunRow.c.region_id == run.region, RunRow.c.id == run.id)
    return not work.connection.execute(stop).scalar_one()


def finish(work: UnitOfWork, run: Run) -> None:
    """End a run as done; call it first in the transaction that writes what the run made.

    Raises:
        Refusal: ``run.lease_lost``: nothing of the transaction may stand.
    """
    _guarded(work.connection, run, _ending(RunState.DONE, work.now))
    work.record("run.done", run.id, token=run.token)


def fail(work: UnitOfWork, run: Run, *, code: str, detail: str = "") -> None:
    """End a run as failed; trying again would not help.

    Raises:
        Refusal: ``run.lease_lost``.
    """
    ending = _ending(RunState.FAILED, work.now) | {"error_code": code[:80], "error_detail": detail[:2000]}
    _guarded(work.connection, run, ending)
    work.record("run.failed", run.id, code=code)


def give_back(work: UnitOfWork, run: Run) -> None:
    """Let go of a run that was not finished, because its worker was asked to end: it waits again, as untried.

    Raises:
        Refusal: ``run.lease_lost``.
    """
    back = {
        "state": RunState.WAITING.value,
        "lease_until": None,
        "worker": "",
        "attempts": max(0, run.attempts - 1),
    }
    _guarded(work.connection, run, back)


def ask_to_stop(work: UnitOfWork, run: str) -> Run:
    """Ask a run of the envelope's region to end: a waiting one ends now, a running one with what it has found.

    Raises:
        Refusal: ``run.unknown``, ``run.not_open``.
    """
    found = find(work.connection, work.region, run)
    if found.state not in {RunState.WAITING, RunState.RUNNING}:
        raise Refusal("run.not_open", run=run, state=found.state.value)
    changed = work.connection.execute(update(RunRow).where(_held(found)).values(stop_requested=True)).rowcount
    if changed and found.state is RunState.WAITING:
        _end(work.connection, found, work.now, RunState.STOPPED)
    work.record("run.stop", run)
    return find(work.connection, work.region, run)


def find(connection: Connection, region: str, run: str) -> Run:
    """Read a run.

    Raises:
        Refusal: ``run.unknown``.
    """
    query = select(RunRow).where(RunRow.c.region_id == region, RunRow.c.id == run)
    row = connection.execute(query).mappings().first()
    if row is None:
        raise Refusal("run.unknown", run=run[:64], region=region)
    return _run(row)


def latest(connection: Connection, region: str, *, most: int = 50) -> tuple[Run, ...]:
    """The runs asked for last, newest first."""
    query = select(RunRow).where(RunRow.c.region_id == region)
    query = query.order_by(RunRow.c.written_at.desc(), RunRow.c.id.desc()).limit(most)
    return tuple(_run(row) for row in connection.execute(query).mappings())


def longest_wait(connection: Connection, *, now: datetime) -> timedelta:
    """How long the oldest waiting run has waited; zero when none does."""
    query = select(RunRow.c.written_at).where(RunRow.c.state == RunState.WAITING.value)
    first = connection.execute(query.order_by(RunRow.c.written_at).limit(1)).scalar()
    return max(timedelta(), now - first) if first else timedelta()


def _held(run: Run) -> Any:
    """The row as it was read: nobody has taken it since."""
    return and_(
        RunRow.c.region_id == run.region,
        RunRow.c.id == run.id,
        RunRow.c.token == run.token,
        RunRow.c.state == run.state.value,
    )


def _guarded(connection: Connection, run: Run, values: Mapping[str, Any]) -> None:
    if not connection.execute(update(RunRow).where(_held(run)).values(values)).rowcount:
        raise Refusal("run.lease_lost", run=run.id)


def _ending(state: RunState, now: datetime) -> dict[str, Any]:
    return {"state": state.value, "lease_until": None, "ended_at": now}


def _end(connection: Connection, run: Run, now: datetime, state: RunState, *, code: str = "") -> None:
    connection.execute(update(RunRow).where(_held(run)).values(_ending(state, now) | {"error_code": code}))


def _run(row: Mapping[Any, Any]) -> Run:
    return Run(
        region=row["region_id"],
        id=row["id"],
        kind=row["kind"],
        state=RunState(row["state"]),
        input=row["input"],
        token=row["token"],
        attempts=row["attempts"],
        worker=row["worker"],
        lease_until=row["lease_until"],
        heartbeat_at=row["heartbeat_at"],
        progress=row["progress"],
        stop_requested=row["stop_requested"],
        error_code=row["error_code"],
        error_detail=row["error_detail"],
        asked_at=row["written_at"],
        started_at=row["started_at"],
        ended_at=row["ended_at"],
    )
