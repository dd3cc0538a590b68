"""Engines: which driver, which settings, and which URLs are refused."""

from __future__ import annotations

import importlib
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any, overload
from weakref import WeakKeyDictionary

import psycopg
from psycopg import Column
from psycopg.pq import ExecStatus, TransactionStatus
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry

from kernel.clock import Stopwatch
from kernel.errors import Refusal
from storage.one_go import keep_few, keep_prepared
from storage.ready import forget_what_waits, send_what_waits

WRITES = "fieldwright_writes"
"""Execution option of a connection that is about to write."""

WAL_RESET_FIXED = (3, 51, 3)
"""The first SQLite that cannot lose a write-ahead log when two connections check-point at once."""

_BUSY_MS = 30_000


def sqlite_driver() -> ModuleType:
    """The SQLite to use: pysqlite3 where it is installed, else the standard library's."""
    try:
        return importlib.import_module("pysqlite3.dbapi2")
    except ImportError:
        return sqlite3


def carries_the_fix(driver: ModuleType) -> bool:
    """Whether this SQLite may have several connections to one file."""
    return tuple(driver.sqlite_version_info) >= WAL_RESET_FIXED


def sqlite_file(engine: Engine) -> str:
    """The absolute path of the engine's SQLite file; empty for PostgreSQL."""
    return str(Path(engine.url.database or "").resolve()) if engine.dialect.name == "sqlite" else ""


CONNECTIONS = 32
"""Connections to a PostgreSQL server a process opens at most, where nobody says how many."""

RESTING = 24
"""Of them those that stay open while nobody needs them."""


def engine_for(url: str, *, connections: int = CONNECTIONS) -> Engine:
    """Make the engine for `url`; see `storage.database.open_database` for the forms and refusals."""
    try:
        read = make_url(url)
    except (ArgumentError, ValueError):
        raise Refusal("database.malformed_url") from None
    if read.drivername == "sqlite":
        return _sqlite(read)
    if read.drivername == "postgresql":
        return _postgresql(read, connections)
    raise Refusal("database.unknown_kind", value=read.drivername[:40])


def _sqlite(url: URL) -> Engine:
    if url.host or not url.database or url.database == ":memory:" or url.database.startswith("file:"):
        raise Refusal("database.no_file")
    if url.query:
        raise Refusal("database.url_extra", value=", ".join(sorted(url.query))[:80])
    file = Path(url.database)
    if not file.parent.is_dir():
        raise Refusal("database.no_folder", folder=str(file.parent))
    if file.exists() and not file.is_file():
        raise Refusal("database.not_a_file", file=str(file))
    several = carries_the_fix(sqlite_driver())
    return _sqlite_pool(
        url.set(database=str(file.resolve())),
        size=8 if several else 1,
        more=8 if several else 0,
        shared=not several,
    )


def writer_for(engine: Engine) -> Engine:
    """The engine of those who write: on SQLite one connection beside the readers', where there may be several."""
    if engine.dialect.name != "sqlite" or not carries_the_fix(sqlite_driver()):
        return engine
    writer = _sqlite_pool(engine.url, size=1, more=0, writes=True)
    _READERS[writer] = engine
    return writer


_READERS: WeakKeyDictionary[Engine, Engine] = WeakKeyDictionary()


def reader_of(engine: Engine) -> Engine:
    """The engine of those who read the same database; itself, where writers have no other."""
    return _READERS.get(engine, engine)


def _sqlite_pool(url: URL, *, size: int, more: int, shared: bool = False, writes: bool = False) -> Engine:
    driver = sqlite_driver()
    safe = carries_the_fix(driver)
    engine = create_engine(
        url,
        module=driver,
        pool_size=size,
        max_overflow=more,
        pool_timeout=30,
        connect_args={"check_same_thread": False, "timeout": _BUSY_MS / 1000},
    )

    @event.listens_for(engine, "connect")
    def settle(connection: Any, _record: object) -> None:
        # The driver's own BEGIN comes too late for a lock: transactions are begun below.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            # Without the fix a write-ahead log is not safe with a second process; a rollback journal is.
            f"journal_mode = {'WAL' if safe else 'TRUNCATE'}",
            "synchronous = FULL",  # acknowledged means on disk, a power cut included
            "foreign_keys = ON",
            # Without it INSERT OR REPLACE removes rows of an append-only table behind the back of its triggers.
            "recursive_triggers = ON",
            f"busy_timeout = {_BUSY_MS}",
            "trusted_schema = OFF",
            "cell_size_check = ON",
            "temp_store = MEMORY",
            "cache_size = -65536",
            f"query_only = {'OFF' if shared or writes else 'ON'}",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        about_to = writes or connection.get_execution_options().get(WRITES, False)
        if shared or about_to:
            connection.exec_driver_sql(f"PRAGMA query_only = {'OFF' if about_to else 'ON'}")
        if about_to:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:  # it locks nothing and asks nothing, so it cannot be refused: past SQLAlchemy it costs a tenth
            connection.connection.cursor().execute("BEGIN")

    return engine


class Columns(Sequence[Column]):
    """What the driver says of a result's columns, made when somebody asks: mostly nobody does."""

    def __init__(self, cursor: psycopg.Cursor[Any], number: int) -> None:
        self._cursor = cursor
        self._number = number

    def __len__(self) -> int:
        return self._number

    @overload
    def __getitem__(self, at: int) -> Column: ...
    @overload
    def __getitem__(self, at: slice) -> list[Column]: ...
    def __getitem__(self, at: int | slice) -> Column | list[Column]:
        wanted = range(self._number)[at]
        if isinstance(wanted, range):
            return [Column(self._cursor, one) for one in wanted]
        return Column(self._cursor, wanted)


class ServerCursor(psycopg.Cursor[Any]):
    """The driver's cursor without a description of every column of every answer: a sixteenth of a command's cost."""

    @property
    def description(self) -> Any:
        """The columns, None where the statement gives no rows."""
        result = self.pgresult
        if result is None or not (result.nfields or result.status == ExecStatus.TUPLES_OK):
            return None
        return Columns(self, result.nfields)


_SEEN, _PREPARED = 2, 400
"""Times a connection sees a statement before it is prepared, and how many it keeps: a hundred are too few for all commands."""

_POSTGRESQL_QUERY = frozenset({"application_name", "host", "port", "sslmode", "sslrootcert"})
"""What may stand behind the question mark: nothing secret, since a database is named by its URL in what we print."""


def _postgresql(url: URL, connections: int) -> Engine:
    extra = set(url.query) - _POSTGRESQL_QUERY
    if extra:
        raise Refusal("database.url_extra", value=", ".join(sorted(extra))[:80])
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        pool_size=min(RESTING, connections),
        max_overflow=connections - min(RESTING, connections),
        pool_timeout=30,
        pool_reset_on_return=None,  # see `leave`
        pool_use_lifo=True,  # few connections that know their statements, rather than many that do not
        isolation_level="READ COMMITTED",
        connect_args={"connect_timeout": 10, "cursor_factory": ServerCursor},
    )

    @event.listens_for(engine, "connect")
    def settle(connection: Any, _record: object) -> None:
        keep_prepared(connection)
        connection.prepare_threshold, connection.prepared_max = _SEEN, _PREPARED
        with connection.cursor() as cursor:
            cursor.execute(f"SET lock_timeout = {_BUSY_MS}; SET timezone = 'UTC'")
        connection.commit()

    @event.listens_for(engine, "reset")
    def leave(connection: Any, *_: object) -> None:
        # To roll nothing back costs as much as a short statement: who commits or only looks leaves nothing open.
        if connection.pgconn.transaction_status != TransactionStatus.IDLE:
            connection.rollback()
        if not connection.closed:
            keep_few(connection)

    @event.listens_for(engine, "before_cursor_execute")
    def first(connection: Connection, *_: object) -> None:
        send_what_waits(connection)

    @event.listens_for(engine, "rollback_savepoint")
    def back(connection: Connection, *_: object) -> None:
        forget_what_waits(connection)

    ask_after_rest(engine, rest_s=1.0)
    return engine


def ask_after_rest(engine: Engine, *, rest_s: float) -> None:
    """Ask a connection that rested longer than `rest_s` seconds whether its server is still there, before it is used.

    Asking every time would cost a busy service a sixth of its writes. A server that goes away within `rest_s` of
    the last command refuses one command as `database.unreachable`; the pool then begins anew.
    """

    @event.listens_for(engine, "checkin")
    def rests(_connection: Any, record: ConnectionPoolEntry) -> None:
        record.info[_RESTED] = Stopwatch()

    @event.listens_for(engine, "checkout")
    def ask(connection: Any, record: ConnectionPoolEntry, _proxy: object) -> None:
        rested: Stopwatch | None = record.info.pop(_RESTED, None)
        if rested is None or rested.seconds <= rest_s:
            return
        try:
            engine.dialect.do_ping(connection)
        except psycopg.Error as error:
            raise InvalidatePoolError from error


_RESTED = "rested"


def close_all(engine: Engine) -> None:
    """Close every connection: those at rest now, those in use as soon as they are given back.

    The pool by itself would keep the latter open until nobody knows of it any more. Who asks afterwards gets a
    connection all the same, and it is closed as it comes back.
    """
    event.listen(engine.pool, "checkin", _keep_none)
    engine.dispose()


def _keep_none(_connection: Any, record: ConnectionPoolEntry) -> None:
    record.invalidate()
