"""Copies of a database taken while it works, and the proof that a restored one is the same.

Beside the copy lies a small JSON file with what the database held at that moment: revision, rows of every table,
ends of the audit chains. A restored database says the same and its sums agree, or nothing was restored.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, NullPool, create_engine, func, inspect, select

from kernel.errors import Refusal
from storage.audit import breaks
from storage.database import Database, open_database, refusing
from storage.desk.contents import damaged
from storage.engine import engine_for, sqlite_driver, sqlite_file
from storage.migration import head_revision, revision_of
from storage.pg_tools import dump, play
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

    Both files appear whole and on disk, or not at all: an interrupted backup leaves at most a hidden folder beside
    them, or the JSON without its copy, which the next backup of this name replaces.

    Returns:
        What the copy holds; written beside it with ``.json`` appended.

    Raises:
        Refusal: ``database.backup_there``, ``database.no_folder``, ``database.not_written``,
            ``database.no_pg_tool``, ``database.tool_failed``.
    """
    with _disk_said(file):
        if file.exists() or (_beside(file).exists() and _described(_beside(file)) is None):
            raise Refusal("database.backup_there", file=str(file))
        if not file.parent.is_dir():
            raise Refusal("database.no_folder", folder=str(file.parent))
        copied = _copy_sqlite if database.kind == "sqlite" else _dump_postgresql
        with _aside(file) as folder:
            copy, beside = Path(folder, "copy"), Path(folder, "copy.json")
            held = copied(database, copy)
            beside.write_text(json.dumps(held, indent=1), encoding="utf-8")
            copy.chmod(0o600)  # it holds what people's passwords were turned into, and everything about them
            for written in (copy, beside, Path(folder)):
                _on_disk(written)
            # The copy last: where it is, all is.
            beside.replace(_beside(file))
            copy.rename(file)
            _on_disk(file.parent)
    return held


def restore(file: Path, url: str) -> Contents:
    """Fill an empty database from a copy, and compare it with what the copy held; a difference leaves it empty.

    Args:
        file: made by `back_up`, with the JSON file beside it.
        url: an SQLite file that does not exist yet, or an empty PostgreSQL database.

    Raises:
        Refusal: ``database.not_a_backup``, ``database.backup_other_kind``, ``database.backup_other_version``,
            ``database.not_empty``, ``database.restored_differs``, ``database.not_a_database`` for a damaged copy,
            ``database.not_written``, ``database.no_pg_tool``, ``database.tool_failed``.
    """
    kind, held = held_in(file)
    engine = engine_for(url)
    target = sqlite_file(engine)
    engine.dispose()
    if engine.dialect.name != kind:
        raise Refusal("database.backup_other_kind", file=str(file), kind=kind)
    _check_revision(file, held)
    if not target or Path(target).exists():
        with closing(open_database(url)) as database:
            if inspect(database.engine).get_table_names():
                raise Refusal("database.not_empty", database=database.name)
            if not target:
                return _load_postgresql(database, file, held)
    return _fill_sqlite(Path(target), file, held)


def _check_revision(file: Path, held: Contents) -> None:
    if held["revision"] != head_revision():
        raise Refusal(
            "database.backup_other_version",
            file=str(file),
            revision=str(held["revision"])[:40],
            head=head_revision(),
        )


def _beside(file: Path) -> Path:
    return file.with_name(f"{file.name}.json")


def prove(file: Path) -> Contents:
    """Read a copy whole and compare it with what it held: tables, sums, attachments, the audit chains.

    Raises:
        Refusal: ``database.not_a_backup``, ``database.copy_differs``, ``database.not_a_database`` for a damaged one;
            ``database.backup_other_version`` for one of an older or newer program,
            ``database.proved_by_restoring`` for a dump of PostgreSQL, which only a server can read.
    """
    kind, held = held_in(file)
    if kind != "sqlite":
        raise Refusal("database.proved_by_restoring", file=file.name)
    _check_revision(file, held)  # of other tables this program can say nothing
    with refusing(file.name), _only_read(file) as connection:
        if _wrong(connection, held):
            raise Refusal("database.copy_differs", file=file.name)
    return held


def held_in(file: Path) -> tuple[str, Contents]:
    """The kind of database a copy is of, and what it held.

    Raises:
        Refusal: ``database.not_a_backup``.
    """
    try:
        with file.open("rb") as opened:
            start = opened.read(16)
    except OSError:
        raise Refusal("database.not_a_backup", file=str(file)) from None
    kind = next((kind for magic, kind in _MAGIC.items() if start.startswith(magic)), "")
    held = _described(_beside(file))
    if not kind or held is None:
        raise Refusal("database.not_a_backup", file=str(file))
    return kind, held


def _described(beside: Path) -> Contents | None:
    """What the JSON file beside a copy says; None when it is no such file."""
    try:
        held = json.loads(beside.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    return held if isinstance(held, dict) and held.keys() == {"revision", "rows", "audit"} else None


@contextmanager
def _disk_said(file: Path) -> Iterator[None]:
    """What the disk refuses is said with a code."""
    try:
        yield
    except (OSError, sqlite_driver().OperationalError) as error:
        raise Refusal("database.not_written", file=str(file), reason=str(error)[:200]) from error


def _aside(file: Path) -> tempfile.TemporaryDirectory[str]:
    """A folder on the disk of `file`, gone afterwards whatever happened."""
    return tempfile.TemporaryDirectory(prefix=f".{file.name[:80]}.", dir=file.parent)


def _on_disk(path: Path) -> None:
    """Come back when a file, or the names in a folder, would outlive a power cut."""
    if path.is_dir() and os.name == "nt":
        return  # folders cannot be opened there; the file system keeps its names itself
    opened = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _check(connection: Connection, held: Contents, *, name: str) -> Contents:
    """Read what was restored; refuse it when it is not what the copy held."""
    found = contents(connection)
    wrong = sum(1 for check in (wrong_sums, damaged, breaks) for _ in check(connection))
    if found != held or wrong:
        raise Refusal("database.restored_differs", database=name, count=wrong)
    return found


def _wrong(connection: Connection, held: Contents) -> bool:
    try:
        _check(connection, held, name="")
    except Refusal as refusal:
        if refusal.code != "database.restored_differs":
            raise
        return True
    return False


def _copy_sqlite(database: Database, copy: Path) -> Contents:
    pooled = database.engine.raw_connection()
    try:
        source: Any = pooled.driver_connection
        with closing(sqlite_driver().connect(str(copy))) as target:
            # All in one step: SQLite starts a stepwise copy anew at every write in between, and in WAL a reader blocks nobody.
            source.backup(target, pages=-1)
            target.execute("PRAGMA journal_mode = DELETE")
    finally:
        pooled.close()
    with _only_read(copy) as connection:
        return contents(connection)


def _fill_sqlite(target: Path, file: Path, held: Contents) -> Contents:
    with _disk_said(target), _aside(target) as folder:
        filled = Path(folder, "restored")
        try:
            with closing(_opened(file)) as copy, closing(sqlite_driver().connect(str(filled))) as restored:
                copy.backup(restored)
        except sqlite_driver().DatabaseError as error:
            if isinstance(error, sqlite_driver().OperationalError):
                raise
            raise Refusal("database.not_a_database", database=str(file)) from error
        with refusing(str(file)), _only_read(filled) as connection:
            found = _check(connection, held, name=str(target))
        _on_disk(filled)
        filled.rename(target)
        _on_disk(target.parent)
    return found


def _opened(file: Path) -> Any:
    """A file as it is, never written to: also one in a folder that cannot be, or with a name a URL would misread."""
    connection = sqlite_driver().connect(
        f"{file.resolve().as_uri()}?mode=ro", uri=True, check_same_thread=False
    )
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute("PRAGMA cache_size = -65536")
    return connection


@contextmanager
def _only_read(file: Path) -> Iterator[Connection]:
    engine = create_engine(
        "sqlite://", module=sqlite_driver(), creator=lambda: _opened(file), poolclass=NullPool
    )
    with engine.connect() as connection:
        yield connection


def _dump_postgresql(database: Database, copy: Path) -> Contents:
    with database.reading() as connection:
        # The dump and the figures beside it are of the same moment.
        snapshot = connection.exec_driver_sql("SELECT pg_export_snapshot()").scalar_one()
        held = contents(connection)
        dump(connection, copy, snapshot=snapshot)
    return held


def _load_postgresql(database: Database, file: Path, held: Contents) -> Contents:
    # One transaction: what does not agree is rolled back, and the database is as empty as it was.
    with refusing(database.name), database.writer.begin() as connection:
        play(connection, file)
        return _check(connection, held, name=database.name)
