"""What goes wrong around a database, by name: refused by code while it lasts, recovered without loss when it is over."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from sqlalchemy import event, inspect, select

from kernel.errors import Refusal
from storage.audit import breaks
from storage.check import untrue
from storage.database import Database, open_database
from storage.engine import sqlite_driver
from storage.idempotency import Reply, once
from storage.migration import migrate, revision_of
from storage.stream import Position, after
from storage.tables.outbox import OutboxRow
from storage.unit_of_work import UnitOfWork
from tests.database_builders import envelope, seed
from tests.databases import Make, file_of
from tests.stock_builders import NOW


def put(work: UnitOfWork) -> Reply:
    """A command that leaves a message, once for its key."""

    def act() -> Reply:
        work.send("fault", work.key, {"words": "x" * 2000})
        work.record("fault.put", work.key)
        return {"done": work.key}

    return once(work, "fault.put", {"key": work.key}, act)


def done(database: Database) -> list[str]:
    """Keys that took effect, each as often as it did."""
    with database.reading() as connection:
        return sorted(connection.execute(select(OutboxRow.c.key)).scalars())


def check_whole(database: Database) -> None:
    """Nothing in it contradicts itself."""
    assert untrue(database) == []
    with database.reading() as connection:
        assert list(breaks(connection)) == []


@pytest.fixture
def on_sqlite(make_sqlite: Make) -> Iterator[Database]:
    """A SQLite database with a region."""
    database = open_database(make_sqlite())
    seed(database)
    yield database
    database.close()


@pytest.fixture
def on_postgresql(make_postgresql: Make) -> Iterator[Database]:
    """A PostgreSQL database with a region."""
    database = open_database(make_postgresql())
    seed(database)
    yield database
    database.close()


def until_refused(database: Database, most: int = 400) -> tuple[list[str], str]:
    """Commands until one is refused; gives the keys that were answered, and the refused one."""
    answered: list[str] = []
    for number in range(most):
        key = f"f-{number}"
        try:
            database.run(envelope(key), put)
        except Refusal as refusal:
            return answered, f"{key} {refusal.code}"
        answered.append(key)
    raise AssertionError("never refused")


def test_a_full_disk_refuses_writes_and_loses_none_that_was_answered(on_sqlite: Database) -> None:
    """The file cannot grow; reading goes on; with room again the refused command is done with its own key."""
    with on_sqlite.writer.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 20}")

    answered, refused = until_refused(on_sqlite)
    while_full = done(on_sqlite)
    with on_sqlite.writer.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
    key, code = refused.split()
    on_sqlite.run(envelope(key), put)

    assert code == "database.disk_full"
    assert answered
    assert while_full == sorted(answered)
    assert done(on_sqlite) == sorted([*answered, key])
    check_whole(on_sqlite)


def test_a_file_that_became_read_only_refuses_writes_and_serves_readers(on_sqlite: Database) -> None:
    """Mounted read-only after an error of the disk: readers read on, and writes come back with it."""
    on_sqlite.run(envelope("before"), put)

    def lock(connection: Any) -> None:
        connection.exec_driver_sql("PRAGMA query_only = ON")

    event.listen(on_sqlite.writer, "begin", lock)
    with pytest.raises(Refusal, match=r"database\.read_only"):
        on_sqlite.run(envelope("meanwhile"), put)
    seen = done(on_sqlite)
    event.remove(on_sqlite.writer, "begin", lock)
    on_sqlite.run(envelope("meanwhile"), put)

    assert seen == ["before"]
    assert done(on_sqlite) == ["before", "meanwhile"]


def test_a_server_that_became_a_standby_refuses_writes_and_serves_readers(on_postgresql: Database) -> None:
    """PostgreSQL read-only, as after a switch to the other machine: the same code, and back again."""
    on_postgresql.run(envelope("before"), put)
    name = on_postgresql.engine.url.database

    _switch(on_postgresql, f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    with pytest.raises(Refusal, match=r"database\.read_only"):
        on_postgresql.run(envelope("meanwhile"), put)
    seen = done(on_postgresql)
    _switch(on_postgresql, f"ALTER DATABASE {name} SET default_transaction_read_only = off")
    on_postgresql.run(envelope("meanwhile"), put)

    assert seen == ["before"]
    assert done(on_postgresql) == ["before", "meanwhile"]


def _switch(database: Database, statement: str) -> None:
    """Change something for new connections, and have only new ones."""
    _as_operator(database, statement)
    database.engine.dispose()


def _as_operator(database: Database, statement: str) -> None:
    url = database.engine.url.set(database="postgres", drivername="postgresql")
    with psycopg.connect(url.render_as_string(hide_password=False), autocommit=True) as connection:
        connection.execute(statement.encode())


def test_connections_cut_under_load_lose_nothing_that_was_answered(on_postgresql: Database) -> None:
    """The server restarts again and again; who was refused asks again with his key, and every key has one effect."""
    name = on_postgresql.engine.url.database
    cut = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"  # noqa: S608 our own name
    codes: set[str] = set()
    ended = threading.Event()

    def write(writer: int) -> None:
        for number in range(40):
            while True:
                try:
                    on_postgresql.run(envelope(f"w{writer}-{number}"), put)
                    break
                except Refusal as refusal:
                    codes.add(refusal.code)

    def cutting() -> None:
        while not ended.wait(0.05):
            _as_operator(on_postgresql, cut)

    writers = [threading.Thread(target=write, args=(writer,)) for writer in range(4)]
    cutter = threading.Thread(target=cutting)
    for thread in (cutter, *writers):
        thread.start()
    for thread in writers:
        thread.join()
    ended.set()
    cutter.join()
    on_postgresql.engine.dispose()  # what was cut last still stands in the pool: its next user would be refused once

    assert codes <= {"database.unreachable", "database.busy"}
    assert done(on_postgresql) == sorted(f"w{writer}-{number}" for writer in range(4) for number in range(40))
    check_whole(on_postgresql)


def test_a_pool_without_a_free_connection_refuses_and_recovers(database: Database) -> None:
    """All connections are held by slow readers: whoever comes hears to come again, and a moment later is served."""
    database.engine.pool._timeout = 0.05  # type: ignore[attr-defined] # half a minute otherwise
    held: list[Any] = []
    refused = ""
    while not refused and len(held) < 100:
        reader = database.reading()
        try:
            reader.__enter__()
        except Refusal as refusal:
            refused = refusal.code
        else:
            held.append(reader)

    for reader in held:
        reader.__exit__(None, None, None)

    assert refused == "database.busy"
    assert held
    assert done(database) == []
    database.run(envelope("after"), put)
    assert done(database) == ["after"]


@contextmanager
def held_by_somebody(database: Database, url: str) -> Iterator[None]:
    """Another program holds what the key ``mine`` needs: the whole file, or the key's row."""
    if database.kind == "sqlite":
        driver = sqlite_driver().connect(file_of(url), isolation_level=None)
        driver.execute("BEGIN IMMEDIATE")
        yield
        driver.execute("ROLLBACK")
        driver.close()
        return
    with psycopg.connect(url) as connection:
        connection.execute(
            "INSERT INTO idempotency_key (region_id, key, command, digest, actor, at) VALUES ('R-1', 'mine', '', '', '', now())"
        )
        yield
        connection.rollback()


def test_a_database_too_slow_to_answer_is_busy_not_broken(database: Database, url: str) -> None:
    """Somebody holds what a command needs for too long: refused as busy, done a moment later with the same key."""
    event.listen(database.writer, "begin" if database.kind == "postgresql" else "checkout", _hurry)

    with held_by_somebody(database, url), pytest.raises(Refusal, match=r"database\.busy"):
        database.run(envelope("mine"), put)
    database.run(envelope("mine"), put)

    assert done(database) == ["mine"]


def _hurry(connection: Any, *_rest: Any) -> None:
    """Half a minute is waited otherwise."""
    if hasattr(connection, "exec_driver_sql"):
        connection.exec_driver_sql("SET LOCAL lock_timeout = 50")
    else:
        connection.execute("PRAGMA busy_timeout = 50")


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_migration_broken_off_half_way_leaves_nothing_and_is_done_again(
    kind: str, request: pytest.FixtureRequest, tmp_path: Any
) -> None:
    """The power goes in the middle of the tables: the database is as before, and the next start makes them all."""
    if kind == "sqlite":
        url = f"sqlite:///{tmp_path}/new.db"
    else:
        address = request.getfixturevalue("postgresql_server")
        with psycopg.connect(f"{address}/postgres", autocommit=True) as operator:
            operator.execute("DROP DATABASE IF EXISTS half_migrated")
            operator.execute("CREATE DATABASE half_migrated")
        url = f"{address}/half_migrated"
    database = open_database(url)

    def power_goes(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if "CREATE TABLE stream" in statement:
            raise OSError("the power went")

    event.listen(database.writer, "before_cursor_execute", power_goes)
    with pytest.raises(OSError, match="the power went"):
        migrate(database, envelope(region="none"))
    event.remove(database.writer, "before_cursor_execute", power_goes)
    with database.reading() as connection:
        left, version = inspect(connection).get_table_names(), revision_of(connection)
    migrate(database, envelope(region="none"))

    assert (left, version) == ([], "")
    seed(database)
    database.run(envelope("after"), put)
    assert done(database) == ["after"]
    database.close()


def test_a_file_that_is_no_database_is_refused_and_left_alone(make_sqlite: Make) -> None:
    """Somebody copied something over it: the program says so and writes nothing into it."""
    url = make_sqlite()
    file = file_of(url)
    file.write_bytes(b"not a database, " * 500)

    with pytest.raises(Refusal, match=r"database\.not_a_database"):
        open_database(url)

    assert file.read_bytes() == b"not a database, " * 500


def test_a_clock_put_back_keeps_keys_and_the_order_of_facts(database: Database) -> None:
    """The machine's clock is set right by a day: a key stays used, and what comes after comes after."""
    database.run(envelope("first", now=NOW), put)
    database.run(envelope("second", now=NOW - timedelta(days=1)), put)
    again = database.run(envelope("first", now=NOW - timedelta(days=1)), put)

    assert again == {"done": "first"}
    with database.reading() as connection:
        assert [one.about for one in after(connection, Position(0, 0), most=9)] == ["first", "second"]
    check_whole(database)
