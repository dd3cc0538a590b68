"""The queue of runs: taken under a lease, kept by heartbeats, ended once.

Every taking raises the run's token. Whoever reports or ends a run says the token he took it with; when another
has taken it since, nothing he says has any effect. A run whose lease has passed is taken by whoever looks next.
What a run makes is written in the transaction that ends it, so it takes effect once, however often it was tried.

All functions work inside a unit of work; `now` is its envelope's.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, delete, or_, select, update

from kernel.envelope import NO_REGION
from kernel.errors import Location, Message, Refusal
from storage.missing import insert_missing
from storage.order import By, Orders, Place, page_of, place_of
from storage.tables.region import RegionRow
from storage.tables.run import RunFileRow, RunRow, RunState
from storage.unit_of_work import UnitOfWork

LEASE = timedelta(seconds=30)
"""How long a run stays with a worker that says nothing. With a look every `LOOK` it is taken over within 45 s."""

HEARTBEAT = timedelta(seconds=5)
"""How often a worker says that it is alive."""

LOOK = timedelta(seconds=2)
"""How often an idle worker looks for work."""

MOST_ATTEMPTS = 5

GIVEN = "given."
"""What the name of a file begins with that was given with a run, not made by it: it goes when the run ends, however it ends."""

MOST_ERRORS = 20
"""Reasons kept of one failure; how many more there were is kept too."""


@dataclass(frozen=True, slots=True)
class Run:
    """A run as it stands.

    Args:
        token: of the last taking; 0 before the first.
        progress: what the worker last said, plain JSON values.
        errors: why it failed, or why the attempt before this one did; else empty.
        places: of every error in what was given, None where it has none.
    """

    region: str
    id: str
    kind: str
    state: RunState
    input: Mapping[str, Any]
    token: int = 0
    attempts: int = 0
    most_attempts: int = MOST_ATTEMPTS
    worker: str = ""
    lease_until: datetime | None = None
    heartbeat_at: datetime | None = None
    progress: Mapping[str, Any] = field(default_factory=dict)
    stop_requested: bool = False
    errors: tuple[Message, ...] = ()
    places: tuple[Location | None, ...] = ()
    asked_by: str = ""
    asked_at: datetime | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None


def ask(
    work: UnitOfWork, run: str, *, kind: str, content: Mapping[str, Any], most_attempts: int = MOST_ATTEMPTS
) -> None:
    """Put a run into the queue of the envelope's region, or of none where it is about the company.

    Raises:
        Refusal: ``region.unknown``; ``run.there`` when the region has a run of this id.
    """
    known = select(RegionRow.c.id).where(RegionRow.c.id == work.region)
    if work.region != NO_REGION and work.connection.execute(known).first() is None:
        raise Refusal("region.unknown", region=work.region)
    row = {
        "region_id": work.region,
        "id": run,
        "kind": kind,
        "state": RunState.WAITING.value,
        "input": dict(content),
        "token": 0,
        "attempts": 0,
        "most_attempts": most_attempts,
        "worker": "",
        "progress": {},
        "stop_requested": False,
        "written_by": work.actor,
        "written_from": work.device,
        "written_at": work.now,
        "written_key": work.key,
    }
    if not insert_missing(work.connection, RunRow, [row | _errors(())]):
        raise Refusal("run.there", run=run, region=work.region)
    work.record("run.ask", run, kind=kind)


def take(
    work: UnitOfWork,
    *,
    worker: str,
    lease: timedelta = LEASE,
    only: Collection[str] = (),
    but: Collection[str] = (),
) -> Run | None:
    """Take the run that has waited longest, of any region: one that waits, or one whose lease has passed.

    Args:
        work: of the taking.
        worker: who takes it.
        lease: how long it is his.
        only: kinds he takes; empty: all.
        but: kinds he leaves to others.

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
    if only:
        free = and_(free, RunRow.c.kind.in_(sorted(only)))
    if but:
        free = and_(free, RunRow.c.kind.not_in(sorted(but)))
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
        elif run.attempts >= run.most_attempts:
            gave_up = Message("run.gave_up", {"run": run.id, "attempts": run.attempts})
            _end(connection, run, now, RunState.FAILED, errors=(gave_up,))
        else:
            taken = {
                "state": RunState.RUNNING.value,
                "token": run.token + 1,
                "attempts": run.attempts + 1,
                "worker": worker,
                "lease_until": now + lease,
                "heartbeat_at": now,
                "started_at": run.started_at or now,
            } | _errors(())
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
    _forget_given(work.connection, run)
    work.record("run.done", run.id, token=run.token)


def fail(
    work: UnitOfWork, run: Run, errors: Sequence[Message], *, places: Sequence[Location | None] = ()
) -> None:
    """End a run as failed, for at least one reason; trying again would not help.

    Args:
        work: of the command.
        run: as taken.
        errors: why.
        places: where in what was given each is wrong; empty: nowhere in particular.

    Raises:
        Refusal: ``run.lease_lost``.
    """
    _guarded(work.connection, run, _ending(RunState.FAILED, work.now) | _errors(errors, places))
    _forget_given(work.connection, run)
    work.record("run.failed", run.id, code=errors[0].code)


def try_again(work: UnitOfWork, run: Run, error: Message) -> None:
    """Let go of a run whose solving ended by itself: it waits for its next attempt, or fails after the last.

    Raises:
        Refusal: ``run.lease_lost``.
    """
    if run.attempts >= run.most_attempts:
        fail(work, run, (error,))
        return
    _guarded(work.connection, run, _WAITING | _errors((error,)))
    work.record("run.again", run.id, code=error.code, attempts=run.attempts)


def give_back(work: UnitOfWork, run: Run) -> None:
    """Let go of a run that was not finished, because its worker was asked to end: it waits again, as untried.

    Raises:
        Refusal: ``run.lease_lost``.
    """
    _guarded(work.connection, run, _WAITING | {"attempts": max(0, run.attempts - 1)})


def ask_to_stop(work: UnitOfWork, run: str, *, kinds: Collection[str] = ()) -> Run:
    """Ask a run of the envelope's region to end: a waiting one ends now, a running one with what it has found.

    `kinds`: a run of another kind is as unknown as one that is not there; empty: any.

    Raises:
        Refusal: ``run.unknown``, ``run.not_open``.
    """
    # Locked: a worker that takes it at this moment would otherwise never hear of it.
    found = find(work.connection, work.region, run, kinds=kinds, lock=True)
    if found.state not in {RunState.WAITING, RunState.RUNNING}:
        raise Refusal("run.not_open", run=run, state=found.state.value)
    _guarded(work.connection, found, {"stop_requested": True})
    if found.state is RunState.WAITING:
        _end(work.connection, found, work.now, RunState.STOPPED)
    work.record("run.stop", run)
    return find(work.connection, work.region, run)


def find(
    connection: Connection, region: str, run: str, *, kinds: Collection[str] = (), lock: bool = False
) -> Run:
    """Read a run, of one of `kinds` where any are named; `lock` keeps it as it is until the transaction ends.

    Raises:
        Refusal: ``run.unknown``.
    """
    query = select(RunRow).where(RunRow.c.region_id == region, RunRow.c.id == run)
    row = connection.execute(query.with_for_update() if lock else query).mappings().first()
    if row is None or (kinds and row["kind"] not in kinds):
        raise Refusal("run.unknown", run=run[:64], region=region)
    return _run(row)


_asked, _id = RunRow.c.written_at, RunRow.c.id
RUN_ORDERS: Orders = {
    "newest": (By(_asked, down=True), By(_id, down=True)),
    "oldest": (By(_asked), By(_id)),
    "state": (By(RunRow.c.state), By(_asked, down=True), By(_id, down=True)),
}
"""What runs can be sorted by."""


def latest(
    connection: Connection,
    region: str,
    *,
    kinds: Collection[str] = (),
    sort: str = "newest",
    after: Place | None = None,
    most: int = 50,
) -> tuple[list[Run], Place | None]:
    """Read runs, those asked for last first unless asked otherwise.

    Args:
        connection: to read with.
        region: its id.
        kinds: only these; empty: all.
        sort: one of `RUN_ORDERS`.
        after: where the last run of the page before stands.
        most: runs in the page.

    Returns:
        The runs, and where the next page starts; None: that was all.

    Raises:
        Refusal: ``request.bad_cursor``.
    """
    order = RUN_ORDERS[sort]
    query = select(RunRow).where(RunRow.c.region_id == region)
    if kinds:
        query = query.where(RunRow.c.kind.in_(sorted(kinds)))
    found = connection.execute(page_of(query, order, after=after, most=most)).all()
    last = place_of(found[most - 1], order) if len(found) > most else None
    return [_run(row._mapping) for row in found[:most]], last  # noqa: SLF001 SQLAlchemy's public name


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


def _end(
    connection: Connection, run: Run, now: datetime, state: RunState, *, errors: Sequence[Message] = ()
) -> None:
    connection.execute(update(RunRow).where(_held(run)).values(_ending(state, now) | _errors(errors)))
    _forget_given(connection, run)


def _forget_given(connection: Connection, run: Run) -> None:
    mine = and_(RunFileRow.c.region_id == run.region, RunFileRow.c.run_id == run.id)
    connection.execute(delete(RunFileRow).where(mine, RunFileRow.c.name.startswith(GIVEN)))


_WAITING = {"state": RunState.WAITING.value, "lease_until": None, "worker": ""}


def _errors(errors: Sequence[Message], places: Sequence[Location | None] = ()) -> dict[str, str]:
    """The columns of why it failed: the first code to search by, all messages as JSON in plain ASCII."""
    kept = list(errors[:MOST_ERRORS])
    if len(errors) > MOST_ERRORS:
        kept.append(Message("run.more_errors", {"count": len(errors) - MOST_ERRORS}))
    told: list[dict[str, Any]] = [{"code": error.code, "params": dict(error.params)} for error in kept]
    for one, at in zip(told, places[:MOST_ERRORS], strict=False):
        if at is not None:
            one["at"] = [at.file, at.line, at.column]
    return {"error_code": kept[0].code[:80] if kept else "", "error_detail": json.dumps(told) if kept else ""}


def _told(detail: str) -> list[dict[str, Any]]:
    return json.loads(detail) if detail else []


def _run(row: Mapping[Any, Any]) -> Run:
    errors = _told(row["error_detail"])
    return Run(
        region=row["region_id"],
        id=row["id"],
        kind=row["kind"],
        state=RunState(row["state"]),
        input=row["input"],
        token=row["token"],
        attempts=row["attempts"],
        most_attempts=row["most_attempts"],
        worker=row["worker"],
        lease_until=row["lease_until"],
        heartbeat_at=row["heartbeat_at"],
        progress=row["progress"],
        stop_requested=row["stop_requested"],
        errors=tuple(Message(one["code"], one["params"]) for one in errors),
        places=tuple(Location(*one["at"]) if "at" in one else None for one in errors),
        asked_by=row["written_by"],
        asked_at=row["written_at"],
        started_at=row["started_at"],
        ended_at=row["ended_at"],
    )
