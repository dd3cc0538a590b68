"""Whether the process lives, and whether it can do its work."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from fastapi import APIRouter, Depends, Request, Response
from sqlalchemy import update

from api.asked import ClockAsked, DatabaseAsked, strict
from api.schemas.health import HealthOut, ReadyOut
from kernel.envelope import Envelope
from kernel.errors import Refusal
from storage.database import Database
from storage.engine import carries_the_fix, sqlite_driver, sqlite_file
from storage.migration import check_at_head, head_revision
from storage.missing import insert_missing
from storage.runs import longest_wait
from storage.tables.command import KeyRow
from storage.unit_of_work import UnitOfWork

router = APIRouter(dependencies=[Depends(strict)])

LEAST_FREE_MIB = 256
"""Free disk beside a SQLite file below which the server says that it is not ready."""


@router.get("/healthz", tags=["health"])
def healthz() -> HealthOut:
    """Say that the process answers."""
    return HealthOut(status="ok")


@router.get("/readyz", tags=["health"], responses={503: {"model": ReadyOut}})
def readyz(request: Request, response: Response, database: DatabaseAsked, clock: ClockAsked) -> ReadyOut:
    """Write a row, look at the tables' version and the disk; 503 when anything is wrong."""
    checks: dict[str, str] = {}
    waiting = 0
    now = clock.now()
    for name, refusal in (
        ("migrations", _refused(lambda: check_at_head(database))),
        (
            "write",
            _refused(lambda: _write(database, Envelope("server", "readyz", now, "readyz", "none"))),
        ),
    ):
        checks[name] = refusal or "ok"
    if set(checks.values()) == {"ok"}:
        with database.reading() as connection:
            waiting = int(longest_wait(connection, now=now).total_seconds())
    free = _free_mib(database)
    if free is not None:
        checks["disk"] = "ok" if free >= LEAST_FREE_MIB else "low"
    ready = set(checks.values()) == {"ok"}
    response.status_code = 200 if ready else 503
    response.headers["Cache-Control"] = "no-store"
    return ReadyOut(
        ready=ready,
        database=database.kind,
        sqlite=_sqlite(database),
        revision=head_revision(),
        waiting_run_s=waiting,
        free_mib=free,
        search=request.app.state.search_ready.state,
        checks=checks,
    )


def _refused(check: Callable[[], None]) -> str:
    """The code a check is refused with; empty when it passes."""
    try:
        check()
    except Refusal as refusal:
        return refusal.code
    return ""


def _write(database: Database, envelope: Envelope) -> None:
    """Commit one row, always the same: a disk that is full or read-only shows here."""
    row = {
        "region_id": envelope.region,
        "key": envelope.key,
        "command": "readyz",
        "digest": "0" * 64,
        "actor": envelope.actor,
        "at": envelope.now,
        "reply": "{}",
    }

    def command(work: UnitOfWork) -> None:
        if not insert_missing(work.connection, KeyRow, [row]):
            here = (KeyRow.c.region_id == envelope.region) & (KeyRow.c.key == envelope.key)
            work.connection.execute(update(KeyRow).where(here).values(at=envelope.now))

    database.run(envelope, command)


def _sqlite(database: Database) -> str:
    if database.kind != "sqlite":
        return ""
    driver = sqlite_driver()
    how = "write-ahead log" if carries_the_fix(driver) else "one connection, rollback journal"
    return f"{driver.__name__.partition('.')[0]} {driver.sqlite_version}, {how}"


def _free_mib(database: Database) -> int | None:
    file = sqlite_file(database.engine)
    try:
        return shutil.disk_usage(Path(file).parent).free // 1024**2 if file else None
    except OSError:
        return 0
