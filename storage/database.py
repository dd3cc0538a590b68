"""The one way to a database: SQLite or PostgreSQL, behind the same contexts.

`reading()` gives a snapshot that cannot write. `writing(envelope)` and `run(envelope, command)` are one
transaction each, committed at the edge. On SQLite all writers of a process queue at one first-in-first-out
lock and begin with ``BEGIN IMMEDIATE``; on PostgreSQL the commands lock their rows in sorted order and `run`
repeats what the server gave up because of a deadlock or a serialization failure.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, OperationalError, StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from kernel.envelope import Envelope
from kernel.errors import Refusal
from storage.audit import append, forget_heads
from storage.engine import CONNECTIONS, WRITES, close_all, engine_for, sqlite_file, writer_for
from storage.ready import ALONE, COMMITTED, WAITING, Proof, Waiting, commit, write
from storage.stream import heard
from storage.unit_of_work import UnitOfWork
from storage.write_lock import WriteLock, write_lock_of

Reply = TypeVar("Reply")

WAIT_S = 30.0
"""Seconds a command waits for its turn to write before it is refused."""

ATTEMPTS = 8
"""Times `run` tries a command that the database gives up on."""

OLDEST_SERVER = (15,)
"""The PostgreSQL the tests run on."""

PASSING = frozenset({"database.busy", "database.unreachable", "database.disk_full"})
"""Refusals that pass by themselves: the same may be asked again."""

_GIVEN_UP = frozenset({"40001", "40P01"})
_NOT_NOW = frozenset({"55P03", "53300"})
_GONE = frozenset({"57P01", "57P02", "57P03", "08000", "08003", "08006", "08001"})


@dataclass(frozen=True, slots=True)
class Database:
    """An open database; made by `open_database`, safe to share between threads.

    Args:
        engine: SQLAlchemy's engine.
        writer: the engine of writers; on SQLite it has the one connection of whoever holds the write lock, so that
            he never waits for a connection that a reader holds who waits for the lock.
        name: the URL without its password, for people.
        kind: ``sqlite`` or ``postgresql``.
        sqlite_lock: the write lock on SQLite, else None.
        proof: what whoever was given this database was let in for: asked before anything else is, in the same way there
            and back where a command begins; None: it is certain.
    """

    engine: Engine
    writer: Engine
    name: str
    kind: str
    sqlite_lock: WriteLock | None
    proof: Proof | None = None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Read one snapshot: all queries inside see the same moment; nothing can be written.

        Raises:
            Refusal: ``database.busy``, ``database.unreachable``.
        """
        self.prove()
        with refusing(self.name), self.engine.connect() as connection:
            options: dict[str, Any] = {}
            if self.kind == "postgresql":
                options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
            reader = connection.execution_options(**options)
            with reader.begin():
                yield reader

    @contextmanager
    def looking(self) -> Iterator[Connection]:
        """Read where every question stands for itself: on PostgreSQL what is ready (`storage.ready`) without a transaction.

        Raises:
            Refusal: as `reading`.
        """
        if self.kind != "postgresql":
            with self.reading() as reader:
                yield reader
            return
        self.prove()
        with self._looking() as connection:
            yield connection

    def prove(self) -> None:
        """Ask what is not proved yet.

        Raises:
            Unproved: it is not so any more.
            Refusal: as `reading`.
        """
        if self.proof is None or self.proof.given:
            return
        with self._looking() as connection:
            self.proof.check(self.proof.asked[0].rows(connection, self.proof.asked[1]))

    @contextmanager
    def _looking(self) -> Iterator[Connection]:
        with refusing(self.name), self.engine.connect() as connection:
            yield connection.execution_options(**{ALONE: True})

    @contextmanager
    def writing(self, envelope: Envelope) -> Iterator[UnitOfWork]:
        """One command in one transaction: committed at the end, rolled back when anything is raised.

        Raises:
            Refusal: ``database.busy`` when the turn does not come or the server gives the command up
                (`run` repeats it instead), ``database.unreachable``.
        """
        with refusing(self.name), self._transaction(envelope) as work:
            yield work

    def run(self, envelope: Envelope, command: Callable[[UnitOfWork], Reply]) -> Reply:
        """Run `command` as one transaction, again when the database gave it up, at most `ATTEMPTS` times.

        Args:
            envelope: of the command.
            command: called once per attempt; must hold no state of its own.

        Raises:
            Refusal: whatever `command` refuses; ``database.busy``, ``database.unreachable``.
        """
        with refusing(self.name):
            for attempt in range(1, ATTEMPTS + 1):
                try:
                    with self._transaction(envelope) as work:
                        return command(work)
                except DBAPIError as error:
                    if attempt == ATTEMPTS or not _worth_another_try(error):
                        raise
                # Two that met must not meet again: each thread waits a little differently.
                time.sleep(0.002 * 2**attempt * (1 + threading.get_ident() % 7 / 7))
        raise AssertionError("the last attempt returns or raises")

    def close(self) -> None:
        """Close every connection, one in use when it is given back; SQLite folds its write-ahead log into the file."""
        for one in dict.fromkeys((self.writer, self.engine)):  # PostgreSQL's are the same
            close_all(one)

    @contextmanager
    def _transaction(self, envelope: Envelope) -> Iterator[UnitOfWork]:
        with self._turn(), self.writer.connect() as connection:
            options: dict[str, Any] = {WRITES: True}
            if self.kind == "postgresql":
                options[WAITING] = Waiting(self.proof)
            writer = connection.execution_options(**options)
            writer.info.pop(COMMITTED, None)
            with writer.begin():
                work = UnitOfWork(writer, envelope)
                yield work
                write(writer, heard(writer, envelope, work.entries))
                append(writer, envelope, work.entries)
                try:
                    commit(writer)
                except DBAPIError:
                    forget_heads(writer.engine)
                    raise
            for done in writer.info.pop(COMMITTED, ()):
                done()

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if self.sqlite_lock is None:
            yield
            return
        if not self.sqlite_lock.acquire(timeout_s=WAIT_S):
            raise Refusal("database.busy", database=self.name)
        try:
            yield
        finally:
            self.sqlite_lock.release()


def open_database(url: str, *, fresh: bool = True, connections: int = CONNECTIONS) -> Database:
    """Open the database behind `url` and make sure that it answers.

    Args:
        url: ``sqlite:///relative/path``, ``sqlite:////absolute/path`` or
            ``postgresql://user:password@host:port/name``.
        fresh: a file that is not there yet is made.
        connections: to a PostgreSQL server, at most; whoever needs one more waits for one to be given back.

    Raises:
        Refusal: ``database.malformed_url``, ``database.unknown_kind``, ``database.no_file``,
            ``database.no_such_file``, ``database.no_folder``, ``database.not_a_file``, ``database.not_a_database``,
            ``database.url_extra``, ``database.unreachable``, ``database.server_too_old``.
    """
    engine = engine_for(url, connections=connections)
    name = engine.url.render_as_string(hide_password=True).replace("+psycopg", "").replace("+pysqlite", "")
    file = sqlite_file(engine)
    if file and not fresh and not Path(file).exists():
        engine.dispose()
        raise Refusal("database.no_such_file", database=name)
    database = Database(
        engine, writer_for(engine), name, engine.dialect.name, write_lock_of(file) if file else None
    )
    try:
        with database.reading() as connection:
            _check_answers(database, connection)
    except BaseException:
        database.close()
        raise
    return database


def _check_answers(database: Database, connection: Connection) -> None:
    if database.kind == "postgresql":
        if (connection.dialect.server_version_info or (0,)) < OLDEST_SERVER:
            raise Refusal("database.server_too_old", database=database.name)
        connection.exec_driver_sql("SELECT 1")
    else:
        # The first read of the file's own pages: what is no database is found here, not in a command.
        connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar()


def _state(error: DBAPIError) -> str:
    return str(getattr(error.orig, "sqlstate", None) or "")


def _is_sqlite_busy(error: DBAPIError) -> bool:
    return "database is locked" in str(error.orig) or "database table is locked" in str(error.orig)


def _worth_another_try(error: DBAPIError) -> bool:
    # A busy SQLite has been waited for already: a write begins with the lock or not at all.
    return _state(error) in _GIVEN_UP


@contextmanager
def refusing(name: str) -> Iterator[None]:
    """Turn what the driver says about the way to the database into coded refusals; the rest is a defect."""
    try:
        yield
    except StatementError as error:
        if isinstance(error.orig, Refusal):
            # A column kind refused a value: SQLAlchemy wraps what is raised while it binds.
            raise error.orig from None
        refusal = _refusal(name, error) if isinstance(error, DBAPIError) else None
        if refusal is None:
            raise
        raise refusal from error
    except PoolTimeout as error:
        raise Refusal("database.busy", database=name) from error


def _refusal(name: str, error: DBAPIError) -> Refusal | None:
    """What the driver's words mean; None: a defect of ours, to be seen whole."""
    state, words = _state(error), str(error.orig)
    if state in _GIVEN_UP | _NOT_NOW or _is_sqlite_busy(error):
        return Refusal("database.busy", database=name)
    if "file is not a database" in words or "disk image is malformed" in words:
        return Refusal("database.not_a_database", database=name)
    if state == "53100" or "disk is full" in words:
        return Refusal("database.disk_full", database=name)
    if state == "25006" or "readonly database" in words:
        return Refusal("database.read_only", database=name)
    if error.connection_invalidated or state in _GONE or "unable to open database" in words:
        return Refusal("database.unreachable", database=name)
    # Without a state nothing reached the server: it refused, or there is none.
    silent = isinstance(error, OperationalError) and not state and name.startswith("postgresql")
    return Refusal("database.unreachable", database=name) if silent else None
