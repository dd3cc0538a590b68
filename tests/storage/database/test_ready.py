"""Statements that go past SQLAlchemy say what they say through it, and a command that ends with its commit ends whole or not at all."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from sqlalchemy import bindparam, insert, literal_column, select, text, update
from sqlalchemy.exc import DataError, IntegrityError

from kernel.errors import Refusal
from storage import one_go
from storage.audit import breaks
from storage.database import Database, open_database
from storage.idempotency import Reply, once
from storage.ready import LONGEST, Ready, foresee, several, write
from storage.stock import promises
from storage.tables.command import AuditHeadRow, AuditRow, KeyRow
from storage.tables.ledger import BalanceRow
from storage.tables.reservation import ReservationRow
from storage.tables.stream import StreamRow
from storage.unit_of_work import UnitOfWork
from tests.database_builders import envelope, seed
from tests.databases import Make
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
    spoils = Ready(update(BalanceRow).where(BalanceRow.c.physical).values(quantity=-1))

    def act(work: UnitOfWork, *, well: bool) -> Reply:
        work.record("ready.try", "it")
        if not well:
            write(work.connection, [(spoils, {})])
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


@pytest.mark.slow  # as everything that starts a server
def test_a_command_that_hides_what_was_refused_is_not_acknowledged(make_postgresql: Make) -> None:
    """To such a COMMIT PostgreSQL says ROLLBACK, and no error: nothing of it stands, so the command may not say it does."""
    database = open_database(make_postgresql())
    seed(database)

    def command(work: UnitOfWork) -> None:
        with suppress(DataError):
            work.connection.execute(text("SELECT 1 / 0"))

    with pytest.raises(RuntimeError, match="nothing of it stands"):
        database.run(envelope(), command)
    database.close()


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


def test_what_waits_goes_before_the_next_question(database: Database) -> None:
    """A write is sent with what is asked next, in its order: whoever asks sees it, asked past SQLAlchemy or by it."""
    lane = {"region_id": "R-1", "number": 0, "hash": "0" * 64}
    head, here = Ready(insert(AuditHeadRow)), AuditHeadRow.c.number == 0
    asked = Ready(select(AuditHeadRow.c.lane).where(here).order_by(AuditHeadRow.c.lane))

    with database.writing(envelope()) as work:
        write(work.connection, [(head, lane | {"lane": 5})])
        first = asked.rows(work.connection, {})
        write(work.connection, [(head, lane | {"lane": 6})])
        second = work.connection.execute(asked.statement).scalars().all()

    assert first == [(5,)]
    assert second == [5, 6]


def test_what_waits_is_gone_with_a_command_that_is_refused(database: Database) -> None:
    """It had not been sent: the next command on the same connection does not send it either."""
    head = {"region_id": "R-1", "lane": 5, "number": 0, "hash": "0" * 64}

    def refused(work: UnitOfWork) -> None:
        write(work.connection, [(Ready(insert(AuditHeadRow)), head)])
        raise Refusal("stock.unknown_part", part="-")

    with pytest.raises(Refusal, match=r"stock\.unknown_part"):
        database.run(envelope(), refused)
    database.run(envelope(), lambda work: work.record("ready.try", "it"))

    with database.reading() as connection:
        assert connection.execute(select(AuditHeadRow.c.lane).where(AuditHeadRow.c.number == 0)).all() == []


@pytest.mark.parametrize("many", [0, 2], ids=["none", "two"])
def test_a_write_that_must_change_one_row_changes_one_or_nothing_stands(
    database: Database, many: int
) -> None:
    """What was locked and read is there; where it is not, that is a defect, and the whole command is taken back."""
    lane = {"region_id": "R-1", "number": 7, "hash": "0" * 64}
    change = update(AuditHeadRow).where(AuditHeadRow.c.number == bindparam("of")).values(hash=bindparam("to"))
    head, ready = Ready(insert(AuditHeadRow)), Ready(change, changes_one=True)

    def command(work: UnitOfWork, *, rows: int) -> None:
        write(work.connection, [(head, lane | {"lane": 10 + n}) for n in range(rows)])
        write(work.connection, [(ready, {"of": 7, "to": "1" * 64})])

    with pytest.raises((DataError, RuntimeError)):
        database.run(envelope(), lambda work: command(work, rows=many))
    with database.reading() as connection:
        left = connection.execute(select(AuditHeadRow.c.lane).where(AuditHeadRow.c.number == 7)).all()
    database.run(envelope(), lambda work: command(work, rows=1))

    assert left == []
    with database.reading() as connection:
        assert connection.execute(select(AuditHeadRow.c.hash).where(AuditHeadRow.c.number == 7)).all() == [
            ("1" * 64,)
        ]


def test_what_was_foreseen_is_asked_once_and_then_anew(database: Database) -> None:
    """The answer that came ahead is given for the first question; the next one sees what was written since."""
    head = {"region_id": "R-1", "lane": 5, "number": 7, "hash": "0" * 64}
    asked = Ready(select(AuditHeadRow.c.lane).where(AuditHeadRow.c.number == bindparam("of")))

    with database.writing(envelope()) as work:
        foresee(work.connection, [(asked, {"of": 7})])
        other = asked.rows(work.connection, {"of": 8})
        first = asked.rows(work.connection, {"of": 7})
        write(work.connection, [(Ready(insert(AuditHeadRow)), head)])
        second = asked.rows(work.connection, {"of": 7})

    assert (other, first, second) == ([], [], [(5,)])


def test_what_stands_behind_a_long_list_is_not_foreseen(database: Database) -> None:
    """A lock asked for with a long list is not overtaken by what is to be locked, or read, behind it."""
    head = {"region_id": "R-1", "lane": 5, "number": 7, "hash": "0" * 64}
    asked = Ready(select(AuditHeadRow.c.lane).where(AuditHeadRow.c.number == bindparam("of")))
    long = {"in_region": "R-1", "ids": [str(at) for at in range(LONGEST + 1)]}

    with database.writing(envelope()) as work:
        foresee(work.connection, [(Ready(NAMED), long), (asked, {"of": 7})])
        write(work.connection, [(Ready(insert(AuditHeadRow)), head)])
        found = asked.rows(work.connection, {"of": 7})

    assert found == [(5,)]


def test_what_was_foreseen_ends_with_a_savepoint(database: Database) -> None:
    """The locks it came with are given back with it: what is asked afterwards is asked again."""
    head = {"region_id": "R-1", "lane": 5, "number": 7, "hash": "0" * 64}
    asked = Ready(select(AuditHeadRow.c.lane).where(AuditHeadRow.c.number == bindparam("of")))

    with database.writing(envelope()) as work:
        with work.connection.begin_nested() as savepoint:
            foresee(work.connection, [(asked, {"of": 7})])
            write(work.connection, [(Ready(insert(AuditHeadRow)), head | {"lane": 6})])
            savepoint.rollback()
        write(work.connection, [(Ready(insert(AuditHeadRow)), head)])
        found = asked.rows(work.connection, {"of": 7})

    assert found == [(5,)]


def test_the_chain_is_whole_whatever_its_entries_say(database: Database) -> None:
    """PostgreSQL hashes what it puts together: quotes, backslashes, signs of formats and other scripts are the same words there."""
    odd = 'a"b\\c\n\t$1 %s %% 卡纸 é \u2028 \x7f'

    def command(work: UnitOfWork) -> None:
        for about in (odd, "", "it"):
            work.record("ready.try", about, said=odd, **{odd: [odd, None, 1.5]})

    for _ in range(20):  # so that lanes have more than one
        database.run(envelope(), command)

    with database.reading() as connection:
        rows = connection.execute(select(AuditRow.c.facts).where(AuditRow.c.action == "ready.try")).all()
        assert len(rows) == 60
        assert list(breaks(connection)) == []


@pytest.mark.slow  # as everything that starts a server
def test_a_refused_command_takes_no_prepared_statement_back(make_postgresql: Make) -> None:
    """They are no part of a transaction; to prepare them all anew would make the next commands slow."""
    database = open_database(make_postgresql(), connections=1)
    seed(database)
    database.run(envelope(), lambda work: once(work, "ready.try", {}, lambda: {"done": True}, queued=True))
    prepared = text("SELECT count(*) FROM pg_prepared_statements")

    def refused(work: UnitOfWork) -> None:
        work.connection.execute(select(AuditHeadRow.c.lane)).all()
        raise Refusal("stock.unknown_part", part="-")

    with database.reading() as connection:
        before = connection.execute(prepared).scalar_one()
    with pytest.raises(Refusal):
        database.run(envelope(), refused)

    with database.reading() as connection:
        assert connection.execute(prepared).scalar_one() >= before > 3
    database.close()


@pytest.mark.slow  # as everything that starts a server
def test_a_connection_keeps_so_many_prepared_statements(
    make_postgresql: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More than that are given back when the connection is, and what comes next works as before."""
    monkeypatch.setattr(one_go, "MOST", 5)
    database = open_database(make_postgresql(), connections=1)
    for many in range(12):
        with database.looking() as connection:
            asked = Ready(select(literal_column(str(many))))
            assert asked.rows(connection, {}) == [(many,)]

    with database.reading() as connection:
        prepared = connection.execute(text("SELECT count(*) FROM pg_prepared_statements")).scalar_one()

    assert prepared <= 5 + 1
    database.close()


@pytest.mark.slow  # as everything that starts a server
def test_a_statement_has_as_many_values_as_it_likes(make_postgresql: Make) -> None:
    """Each is told in the driver's way, the three hundredth too."""
    database = open_database(make_postgresql(), connections=1)
    words = b" + ".join(b"$%d::int" % number for number in range(1, 301))

    with database.reading() as connection:
        raw: Any = connection.connection.driver_connection
        (answer,) = one_go.in_one_go(raw, [one_go.Sent(b"SELECT " + words, list(range(300)))])

    assert answer.rows == [(sum(range(300)),)]
    database.close()
