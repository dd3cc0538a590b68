"""The door to a database: which addresses are refused, who writes when, what a reader sees."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import ExitStack, closing
from datetime import datetime
from pathlib import Path
from typing import cast

import pytest
from sqlalchemy import func, insert, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from kernel.clock import Stopwatch
from kernel.errors import Refusal
from storage import engine
from storage.database import ATTEMPTS, Database, open_database
from storage.tables.outbox import OutboxRow
from storage.tables.people import AccountRow
from storage.unit_of_work import UnitOfWork
from storage.write_lock import WriteLock
from tests.database_builders import envelope, filled
from tests.stock_builders import NOW


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("nonsense", "database.malformed_url"),
        ("mysql://user@host/name", "database.unknown_kind"),
        ("sqlite://", "database.no_file"),
        ("sqlite:///:memory:", "database.no_file"),
        ("sqlite:///{folder}", "database.not_a_file"),
        ("sqlite:///{folder}/none/x.db", "database.no_folder"),
        ("sqlite:///{folder}/x.db?mode=ro", "database.url_extra"),
        ("postgresql://u@localhost/d?password=secret", "database.url_extra"),
        ("sqlite:///{folder}/text.db", "database.not_a_database"),
        ("postgresql://user:secret@127.0.0.1:1/name", "database.unreachable"),
    ],
)
def test_a_bad_address_is_refused_without_its_password(tmp_path: Path, url: str, code: str) -> None:
    """A typing mistake is said in words, and the log keeps no secret."""
    (tmp_path / "text.db").write_text("no database at all, but long enough to be read as one" * 40)

    with pytest.raises(Refusal) as caught:
        open_database(url.format(folder=tmp_path))

    assert caught.value.code == code
    assert "secret" not in str(caught.value.message)


def test_a_reader_cannot_write_and_sees_one_moment(database: Database) -> None:
    """A report is of one moment; what only reads is held to it by the database."""
    count = select(func.count()).select_from(OutboxRow)
    with database.reading() as connection:
        before = connection.execute(count).scalar()
        with database.writing(envelope()) as work:
            work.send("test", "x", {})
        assert connection.execute(count).scalar() == before

    with (
        pytest.raises(Refusal) as caught,
        database.reading() as connection,
    ):
        connection.execute(text("DELETE FROM outbox"))
    assert caught.value.code == "database.read_only"


def test_what_raises_leaves_nothing(database: Database) -> None:
    """A command is one transaction."""
    asked = envelope()

    def command(work: UnitOfWork) -> None:
        work.send("test", "x", {})
        work.record("test", "x")
        raise Refusal("test.no")

    with pytest.raises(Refusal):
        database.run(asked, command)

    with database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(OutboxRow)).scalar() == 0


def test_a_naive_time_is_refused_on_its_way_in(database: Database) -> None:
    """SQLite forgets zones: what has none may not enter."""
    naive = datetime(2026, 3, 2)  # noqa: DTZ001 on purpose
    row = filled(AccountRow, id="A-1", sign_in_name="mei", shown_name="Mei", made_at=naive)

    with pytest.raises(Refusal) as caught, database.writing(envelope()) as work:
        work.connection.execute(insert(AccountRow).values(**row))

    assert caught.value.code == "clock.naive_time"
    with database.writing(envelope()) as work:
        work.connection.execute(insert(AccountRow).values(**(row | {"made_at": NOW})))
        assert work.connection.execute(select(AccountRow.c.made_at)).scalar() == NOW


def test_a_command_the_server_gives_up_is_run_again(database: Database) -> None:
    """Two that lock the same rows in opposite order: the server ends one, and it succeeds the second time."""
    with database.writing(envelope()) as work:
        for id in ("A", "B"):  # noqa: A001 the column's name
            row = filled(AccountRow, id=id, sign_in_name=id, shown_name="0", made_at=NOW)
            work.connection.execute(insert(AccountRow).values(**row))
    both_hold_one = threading.Barrier(2)
    attempts: list[str] = []

    def crossing(first: str, second: str) -> None:
        def command(work: UnitOfWork) -> None:
            for at, id in enumerate((first, second)):  # noqa: A001 the column's name
                work.connection.execute(
                    text("UPDATE account SET shown_name = shown_name || '+' WHERE id = :id"), {"id": id}
                )
                if at == 0 and not attempts.count(first) and database.kind == "postgresql":
                    attempts.append(first)
                    both_hold_one.wait(timeout=20)

        database.run(envelope(), command)

    threads = [threading.Thread(target=crossing, args=pair) for pair in (("A", "B"), ("B", "A"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with database.reading() as connection:
        assert set(connection.execute(select(AccountRow.c.shown_name)).scalars()) == {"0++"}


def test_giving_up_is_bounded_and_said(database: Database) -> None:
    """After some attempts the client is told to come back with the same key."""
    tried: list[int] = []

    class Given(Exception):
        sqlstate = "40001"

        def __str__(self) -> str:
            return "database is locked"

    def command(_work: UnitOfWork) -> None:
        tried.append(1)
        raise DBAPIError("statement", {}, Given())

    with pytest.raises(Refusal) as caught:
        database.run(envelope(), command)

    assert caught.value.code == "database.busy"
    assert len(tried) == ATTEMPTS


def test_writers_take_turns_in_the_order_they_came() -> None:
    """Without a queue the unlucky one waits for seconds while others pass."""
    lock = WriteLock()
    order: list[int] = []
    assert lock.acquire(timeout_s=1)

    def wait(number: int) -> None:
        assert lock.acquire(timeout_s=20)
        order.append(number)
        lock.release()

    threads = [threading.Thread(target=wait, args=(number,)) for number in range(20)]
    for number, thread in enumerate(threads):
        thread.start()
        while len(lock._waiting) <= number:
            pass
    lock.release()
    for thread in threads:
        thread.join()

    assert order == list(range(20))


def test_who_gives_up_waiting_does_not_hold_the_queue() -> None:
    """A client that timed out must not block those behind it."""
    lock = WriteLock()
    ends: list[bool] = []
    assert lock.acquire(timeout_s=1)
    impatient = threading.Thread(target=lambda: ends.append(lock.acquire(timeout_s=0.01)))
    impatient.start()
    impatient.join()

    lock.release()

    assert ends == [False]
    assert lock.acquire(timeout_s=1)


def test_a_command_inside_a_command_is_a_mistake(tmp_path: Path) -> None:
    """It would wait for itself; better to say so at once."""
    database = open_database(f"sqlite:///{tmp_path}/x.db")

    with (
        pytest.raises(RuntimeError, match="inside another"),
        database.writing(envelope()),
        database.writing(envelope()),
    ):
        pass

    with database.writing(envelope()):
        pass
    database.close()


def test_without_the_fix_there_is_one_connection_and_no_shared_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The standard library's SQLite can lose a write-ahead log; until it carries the fix nothing is shared."""
    monkeypatch.setattr(engine, "sqlite_driver", lambda: sqlite3)
    monkeypatch.setattr(engine, "WAL_RESET_FIXED", (99,))

    database = open_database(f"sqlite:///{tmp_path}/x.db")

    with database.reading() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "truncate"
    assert database.engine.pool.size() == 1  # type: ignore[attr-defined]  # a queue pool has a size
    database.close()


def test_a_write_log_is_kept_where_the_sqlite_is_sound(tmp_path: Path) -> None:
    """Readers then never wait for the writer, and what was answered is on disk."""
    database = open_database(f"sqlite:///{tmp_path}/x.db")
    sound = engine.carries_the_fix(engine.sqlite_driver())

    with database.reading() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == ("wal" if sound else "truncate")
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    database.close()


def test_a_writer_never_waits_for_readers_to_leave(tmp_path: Path) -> None:
    """Readers who hold every connection may themselves wait for the write lock: its holder must not wait for them."""
    with closing(open_database(f"sqlite:///{tmp_path}/x.db")) as database, ExitStack() as readers:
        pool = cast("QueuePool", database.engine.pool)
        for _ in range(pool.size() + pool._max_overflow):
            readers.enter_context(database.reading())
        watch = Stopwatch()

        with database.writing(envelope()) as work:
            work.connection.exec_driver_sql("CREATE TABLE there (x)")

        assert watch.seconds < 10
