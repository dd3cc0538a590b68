"""Statements that go past SQLAlchemy say what they say through it, and a command that ends with its commit ends whole or not at all."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import bindparam, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from kernel.errors import Refusal
from storage.audit import breaks
from storage.database import Database, open_database
from storage.idempotency import Reply, once
from storage.ready import LONGEST, Ready, several, write
from storage.stock import promises
from storage.tables.command import AuditHeadRow, AuditRow, KeyRow
from storage.tables.ledger import BalanceRow
from storage.tables.reservation import ReservationRow
from storage.tables.stream import StreamRow
from storage.unit_of_work import UnitOfWork
from tests.database_builders import envelope, seed
from tests.storage.database.conftest import Make
from tests.storage.database.stock_worlds import bring, check_world, wish

NAMED = (
    select(ReservationRow)
    .where(
        ReservationRow.c.region_id == bindparam("in_region"),
        ReservationRow.c.id.in_(bindparam("ids", expanding=True)),
    )
    .order_by(ReservationRow.c.id)
)


def promised(database: Database, number: int) -> list[str]:
    """Reservations of single units; gives their ids."""
    bring(database, number)
    made = [wish() for _ in range(number)]
    for one in made:
        database.run(envelope(), lambda work, one=one: promises.reserve(work, one))  # type: ignore[misc]  # bound now
    return [one.id for one in made]


def test_rows_are_those_sqlalchemy_gives(database: Database) -> None:
    """Moments, numbers, nothing at all, and lists as long as have a form of their own, one longer, and none."""
    ids, ready = promised(database, LONGEST + 1), Ready(NAMED)

    for many in range(LONGEST + 2):
        for _ in range(2):  # the second time the form is there
            asked: dict[str, Any] = {"in_region": "R-1", "ids": ids[:many]}
            with database.reading() as connection:
                found = ready.rows(connection, asked)
                told = [tuple(row) for row in connection.execute(NAMED, asked)]

            assert found == told
            assert len(found) == many


def test_several_questions_in_one_go_are_answered_as_one_by_one(database: Database) -> None:
    """Each answer stands where its question stood, an empty one too."""
    ids, ready = promised(database, 3), Ready(NAMED)
    asked: list[tuple[Ready, dict[str, Any]]] = [
        (ready, {"in_region": "R-1", "ids": [name]}) for name in (ids[2], "nobody", ids[0])
    ]

    with database.reading() as connection:
        found = several(connection, asked)
        told = [one.rows(connection, values) for one, values in asked]

    assert found == told
    assert [len(rows) for rows in found] == [1, 0, 1]


def test_a_command_refused_in_its_last_step_leaves_nothing(database: Database) -> None:
    """Reply, event, audit and commit go to PostgreSQL together: when the first is refused, nothing behind it stands."""
    bring(database, 5)
    spoils = update(BalanceRow).where(BalanceRow.c.physical).values(quantity=-1)

    def act(work: UnitOfWork, *, well: bool) -> Reply:
        work.record("ready.try", "it")
        if not well:
            work.later.append((spoils, {}))
        return {"done": True}

    def run(*, well: bool) -> Reply:
        return database.run(
            envelope("one"), lambda work: once(work, "ready.try", {}, lambda: act(work, well=well))
        )

    with pytest.raises(IntegrityError, match="never_negative"):
        run(well=False)
    with database.reading() as connection:
        here = (
            connection.execute(select(KeyRow.c.key).where(KeyRow.c.key == "one")).all(),
            connection.execute(select(AuditRow.c.action).where(AuditRow.c.action == "ready.try")).all(),
            connection.execute(select(StreamRow.c.action).where(StreamRow.c.action == "ready.try")).all(),
        )
    again = run(well=True)

    assert here == ([], [], [])
    assert again == {"done": True}
    with database.reading() as connection:
        assert list(breaks(connection)) == []
    check_world(database)


def test_what_the_server_refuses_at_once_is_an_ordinary_error(database: Database) -> None:
    """A row that is there already: the caller, and the repeating of what was given up, know the error by its kind."""
    row = {"region_id": "R-1", "lane": 5, "number": 0, "hash": "0" * 64}
    ready = Ready(insert(AuditHeadRow))

    with pytest.raises(IntegrityError), database.writing(envelope()) as work:
        write(work.connection, [(ready, row), (ready, row)])

    database.run(envelope(), lambda work: write(work.connection, [(ready, row)]))
    with database.reading() as connection:
        assert connection.execute(select(AuditHeadRow.c.lane).where(AuditHeadRow.c.lane == 5)).all() == [(5,)]


@pytest.mark.slow  # as everything that starts a server
def test_a_server_that_goes_in_the_middle_is_said_to_be_away(make_postgresql: Make) -> None:
    """The command is refused as one that may be sent again, nothing of it stands, and the next connection is a new one."""
    database = open_database(make_postgresql())
    seed(database)
    goes = [True]

    def command(work: UnitOfWork) -> Reply:
        mine = work.connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()
        if goes.pop(0):
            with database.reading() as other:
                other.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": mine})
            goes.append(False)
        return once(work, "ready.try", {}, lambda: {"done": True}, queued=True)

    with pytest.raises(Refusal, match=r"database\.unreachable"):
        database.run(envelope("one"), command)
    again = database.run(envelope("one"), command)

    assert again == {"done": True}
    database.close()


def test_a_turn_in_a_region_that_is_not_there_is_refused_and_keeps_no_key(database: Database) -> None:
    """Key and turn are asked for together; without the turn the key is free again."""

    def command(work: UnitOfWork) -> Reply:
        return once(work, "ready.try", {}, lambda: {"done": True}, queued=True)

    with pytest.raises(Refusal, match=r"region\.unknown"):
        database.run(envelope("one", region="R-9"), command)

    with database.reading() as connection:
        assert connection.execute(select(KeyRow.c.key).where(KeyRow.c.key == "one")).all() == []


def test_a_key_used_before_gives_its_reply_also_with_a_turn(database: Database) -> None:
    """The turn is taken with the key: the second time the reply comes, and nothing is done."""
    done: list[int] = []

    def act() -> Reply:
        done.append(1)
        return {"done": len(done)}

    first, second = (
        database.run(envelope("one"), lambda work: once(work, "ready.try", {}, act, queued=True))
        for _ in range(2)
    )

    assert first == second == {"done": 1}
    with pytest.raises(Refusal, match=r"database\.key_reused"):
        database.run(envelope("one"), lambda work: once(work, "ready.try", {"more": 1}, act, queued=True))
