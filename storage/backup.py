"""Copies of a database taken while it works, and the proof that a restored one is the same.

Beside the copy lies a small JSON file with what the database held at that moment: revision, rows of every table,
ends of the audit chains. A restore is done only when the restored database says the same and its sums agree.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, inspect, select

from kernel.errors import Refusal
from storage.audit import breaks
from storage.database import Database, open_database
from storage.engine import sqlite_driver
from storage.migration import revision_of
from storage.stock.recount import wrong_sums
from storage.tables import whole
from storage.tables.command import AuditHeadRow

_MAGIC = {b"SQLite format 3\0": "sqlite", b"PGDMP": "postgresql"}

Contents = dict[str, Any]
"""What a database held, in plain JSON values."""


def contents(connection: Connection) -> Contents:
    """What the database holds at this moment: revision, rows by table, the end of every audit chain."""
    heads = connection.execute(select(AuditHeadRow).order_by(AuditHeadRow.c.region_id, AuditHeadRow.c.lane))
    return {
        "revision": revision_of(connection),
        "rows": {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar()
            for table in whole().sorted_tables
        },
        "audit": [list(head) for head in heads],
    }


def back_up(database: Database, file: Path) -> Contents:
    """Copy the database into `file` while it is in use; the copy is of one moment.

    Returns:
        What the copy holds; written beside it with ``.json`` appended.

    Raises:
        Refusal: ``database.backup_there``, ``database.no_folder``, ``database.no_pg_tool``,
            ``database.tool_failed``.
    """
    if file.exists() or _beside(file).exists():
        raise Refusal("database.backup_there", file=str(file))
    if not file.parent.is_dir():
        raise Refusal("database.no_folder", folder=str(file.parent))
    partial = file.with_name(f"{file.name}.partial")
    try:
        held = (_copy_sqlite if database.kind == "sqlite" else _dump_postgresql)(database, partial)
        _beside(file).write_text(json.dumps(held, indent=1), encoding="utf-8")
        partial.rename(file)
    finally:
        partial.unlink(missing_ok=True)
    return held


def restore(file: Path, url: str) -> Contents:
    """Fill an empty database from a copy, and compare it with what the copy held.

    Args:
        file: made by `back_up`, with the JSON file beside it.
        url: an SQLite file that does not exist yet, or an empty PostgreSQL database.

    Raises:
        Refusal: ``database.not_a_backup``, ``database.backup_other_kind``, ``database.not_empty``,
            ``database.restored_differs``, ``database.no_pg_tool``, ``database.tool_failed``.
    """
    try:
        with file.open("rb") as opened:
            start = opened.read(16)
        held: Contents = json.loads(_beside(file).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise Refusal("database.not_a_backup", file=str(file)) from None
    kind = next((kind for magic, kind in _MAGIC.items() if start.startswith(magic)), "")
    if not kind:
        raise Refusal("database.not_a_backup", file=str(file))
    with closing(open_database(url)) as database:
        if database.kind != kind:
            raise Refusal("database.backup_other_kind", file=str(file), kind=kind)
        if inspect(database.engine).get_table_names():
            raise Refusal("database.not_empty", database=database.name)
        (_fill_sqlite if kind == "sqlite" else _load_postgresql)(database, file)
        with database.reading() as connection:
            found = contents(connection)
            wrong = sum(1 for _ in wrong_sums(connection)) + sum(1 for _ in breaks(connection))
        if found != held or wrong:
            raise Refusal("database.restored_differs", database=database.name, count=wrong)
    return found


def _beside(file: Path) -> Path:
    return file.with_name(f"{file.name}.json")


def _copy_sqlite(database: Database, partial: Path) -> Contents:
    with closing(sqlite_driver().connect(str(partial))) as copy, _raw(database) as source:
        # All in one step: SQLite starts a stepwise copy anew at every write in between, and in WAL a reader blocks nobody.
        source.backup(copy, pages=-1)
        copy.execute("PRAGMA journal_mode = DELETE")
    with partial.open("rb+") as written:
        os.fsync(written.fileno())
    with closing(open_database(f"sqlite:///{partial}")) as copied, copied.reading() as connection:
        held = contents(connection)
    for rest in ("-wal", "-shm"):
        partial.with_name(partial.name + rest).unlink(missing_ok=True)
    return held


def _fill_sqlite(database: Database, file: Path) -> None:
    with closing(sqlite_driver().connect(f"file:{file}?mode=ro", uri=True)) as copy, _raw(database) as target:
        copy.backup(target)


@contextmanager
def _raw(database: Database) -> Iterator[Any]:
    """The driver's own connection."""
    pooled = database.engine.raw_connection()
    try:
        driver: Any = pooled.driver_connection
        driver.execute("PRAGMA query_only = OFF")
        yield driver
    finally:
        pooled.close()


def _dump_postgresql(database: Database, partial: Path) -> Contents:
    with database.reading() as connection:
        # The dump and the figures beside it are of the same moment.
        snapshot = connection.exec_driver_sql("SELECT pg_export_snapshot()").scalar_one()
        held = contents(connection)
        _tool(database, "pg_dump", "--format=custom", f"--snapshot={snapshot}", f"--file={partial}")
    return held


def _load_postgresql(database: Database, file: Path) -> None:
    _tool(database, "pg_restore", "--single-transaction", "--no-owner", "--exit-on-error", str(file))


def _tool(database: Database, name: str, *options: str) -> None:
    url = database.engine.url
    environment = dict(os.environ)
    if url.password is not None:
        environment["PGPASSWORD"] = str(url.password)  # never on the command line, where others read it
    address = url.set(drivername="postgresql", password=None).render_as_string()
    command: Sequence[str] = [_found(name), f"--dbname={address}", *options]
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 our own arguments
    if ran.returncode:
        raise Refusal("database.tool_failed", tool=name, said=ran.stderr.strip()[-300:])


def _found(name: str) -> str:
    """The newest of the server's tools: an older one refuses a newer server."""
    folders = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    found = str(folders[-1]) if folders else shutil.which(name)
    if found is None:
        raise Refusal("database.no_pg_tool", tool=name)
    return found
