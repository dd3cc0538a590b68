"""Files of a run: what was given with it, and what it made, written in the transaction that ends it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, delete, insert, select

from kernel.errors import Refusal
from storage.runs import GIVEN, find
from storage.tables.run import RunFileRow, RunRow, RunState
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class RunFile:
    """A file by name; `content` is empty in a list."""

    name: str
    media_type: str
    size: int
    content: bytes = b""


def keep_file(work: UnitOfWork, run: str, name: str, content: bytes, *, media_type: str) -> None:
    """Keep a file with a run of the envelope's region; the run is there."""
    work.connection.execute(
        insert(RunFileRow).values(
            region_id=work.region,
            run_id=run,
            name=name,
            media_type=media_type,
            size=len(content),
            bytes=content,
            written_by=work.actor,
            written_from=work.device,
            written_at=work.now,
            written_key=work.key,
        )
    )


def given(name: str, /) -> str:
    """The name a file has that was given with a run: nobody is shown it."""
    return GIVEN + name


def files_of(connection: Connection, region: str, run: str) -> tuple[RunFile, ...]:
    """What a run made, by name, without the bytes."""
    columns = (RunFileRow.c.name, RunFileRow.c.media_type, RunFileRow.c.size)
    query = select(*columns).where(*_of(region, run)).order_by(RunFileRow.c.name)
    found = (RunFile(*row) for row in connection.execute(query))
    return tuple(one for one in found if not one.name.startswith(GIVEN))


def file_of(connection: Connection, region: str, run: str, name: str) -> RunFile:
    """One file with its bytes.

    Raises:
        Refusal: ``run.no_file``.
    """
    columns = (RunFileRow.c.name, RunFileRow.c.media_type, RunFileRow.c.size, RunFileRow.c.bytes)
    row = connection.execute(select(*columns).where(*_of(region, run), RunFileRow.c.name == name)).first()
    if row is None:
        raise Refusal("run.no_file", run=run[:64], file=name[:64])
    return RunFile(*row)


def remove(work: UnitOfWork, run: str, *, kinds: Collection[str]) -> None:
    """Remove a run of these kinds that has ended, with its files; the audit keeps that it was.

    Raises:
        Refusal: ``run.unknown``, ``run.still_open``.
    """
    found = find(work.connection, work.region, run, kinds=kinds, lock=True)
    if found.state in {RunState.WAITING, RunState.RUNNING}:
        raise Refusal("run.still_open", run=run, state=found.state.value)
    work.connection.execute(delete(RunFileRow).where(*_of(work.region, run)))
    work.connection.execute(delete(RunRow).where(RunRow.c.region_id == work.region, RunRow.c.id == run))
    work.record("run.remove", run, kind=found.kind, state=found.state.value)


def _of(region: str, run: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return RunFileRow.c.region_id == region, RunFileRow.c.run_id == run
