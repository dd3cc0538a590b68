"""What every connection is set to: facts stay, units are whole, a gone server is noticed, writes go in one go."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import create_engine, insert, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from storage.database import Database, open_database
from storage.engine import ask_after_rest
from storage.ready import Ready, write
from storage.tables.ledger import BalanceRow, MoveRow, StandingRow
from storage.tables.outbox import OutboxRow, OutboxState
from storage.tables.reservation import ReservationRow
from storage.unit_of_work import UnitOfWork
from tests.database_builders import envelope, filled, seed
from tests.databases import Make
from tests.storage.database.stock_worlds import bring, check_world

COUNTED = (
    (MoveRow, "quantity"),
    (BalanceRow, "quantity"),
    (StandingRow, "on_hand"),
    (StandingRow, "usable"),
    (StandingRow, "reserved"),
    (StandingRow, "in_transit"),
    (ReservationRow, "quantity"),
    (ReservationRow, "consumed"),
)


@pytest.fixture
def file(make_sqlite: Make) -> Iterator[Database]:
    """A SQLite database with the region R-1, for what only SQLite would do."""
    opened = open_database(make_sqlite())
    seed(opened)
    yield opened
    opened.close()


def test_a_fact_is_not_replaced_either(file: Database) -> None:
    """INSERT OR REPLACE removes the old row without asking its triggers, unless the connection is told to ask."""
    bring(file, 5)
    columns = ", ".join(f'"{column.name}"' for column in MoveRow.columns)
    values = columns.replace('"quantity"', "50")

    with pytest.raises(IntegrityError, match="append-only"), file.writing(envelope()) as work:
        work.connection.execute(
            text(f"INSERT OR REPLACE INTO stock_move ({columns}) SELECT {values} FROM stock_move")  # noqa: S608 ours
        )

    check_world(file)


def test_a_fact_is_not_changed_by_an_upsert(database: Database) -> None:
    """The other way to write over a row, on both databases."""
    bring(database, 5)
    columns = ", ".join(f'"{column.name}"' for column in MoveRow.columns)
    upsert = (
        f"INSERT INTO stock_move ({columns}) SELECT {columns} FROM stock_move WHERE true"  # noqa: S608 columns of ours
        " ON CONFLICT (seq) DO UPDATE SET quantity = 50"
    )

    with pytest.raises(DBAPIError, match="append-only"), database.writing(envelope()) as work:
        work.connection.execute(text(upsert))

    check_world(database)


@pytest.mark.parametrize(("table", "column"), COUNTED, ids=[f"{t.name}.{c}" for t, c in COUNTED])
def test_sqlite_keeps_no_fraction_as_a_quantity(file: Database, table: Any, column: str) -> None:
    """It stores what it is given, whatever the column is called; PostgreSQL has types."""
    row = filled(
        table, region_id="R-1", part_id="P-1", place_id="FUZHOU", condition="usable", fate="released"
    )
    row |= {"quantity": 2, "on_hand": 2, "from_place_id": "SUPPLIER", "to_place_id": "FUZHOU", "serial": ""}
    whole = {name: given for name, given in row.items() if name in table.c}

    other = {"part_id": "P-2", "id": "y", "key": "y", "seq": 2, column: 1.5}
    half = whole | {name: given for name, given in other.items() if name in table.c}

    with file.writing(envelope()) as work:
        work.connection.execute(insert(table).values(whole))
    with pytest.raises(IntegrityError, match=f"{column}_whole"), file.writing(envelope()) as work:
        work.connection.execute(insert(table).values(half))


def test_a_connection_whose_server_went_away_while_it_rested_is_not_used(make_postgresql: Make) -> None:
    """The night passes, the server is restarted: the first command of the morning gets a new connection."""
    database = open_database(make_postgresql())
    engine = create_engine(database.engine.url, pool_size=1)
    ask_after_rest(engine, rest_s=0)
    with engine.connect() as connection:
        gone = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()
    with database.reading() as connection:
        connection.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": gone})

    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT pg_backend_pid()").scalar() != gone
    engine.dispose()
    database.close()


def test_what_is_refused_on_its_way_is_refused_at_the_end(database: Database) -> None:
    """Nobody waits for the single answers; the transaction is over all the same, and the error is an ordinary one."""
    bring(database, 5)
    row = filled(OutboxRow, state=OutboxState.WAITING)
    message = Ready(insert(OutboxRow).inline())
    spoils = Ready(update(BalanceRow).where(BalanceRow.c.physical).values(quantity=-1))
    told = {k: v for k, v in row.items() if k != "seq"}

    def command(work: UnitOfWork) -> None:
        write(work.connection, [(message, told), (spoils, {}), (message, told)])

    with pytest.raises(IntegrityError, match="never_negative"):
        database.run(envelope(), command)

    with database.reading() as connection:
        assert connection.execute(OutboxRow.select()).all() == []
    check_world(database)
    bring(database, 1)


def test_processes_together_stay_below_what_the_server_allows(make_postgresql: Make) -> None:
    """Each opens as many connections as it was told at most; who needs one more waits, nobody is turned away."""
    url = make_postgresql()
    several = [open_database(url, connections=2) for _ in range(2)]
    most: list[int] = []

    def ask(database: Database) -> None:
        with database.reading() as connection:
            connection.execute(text("SELECT pg_sleep(0.05)"))
            query = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            most.append(connection.execute(text(query)).scalar_one())

    with ThreadPoolExecutor(12) as pool:
        list(pool.map(ask, several * 6))
    for one in several:
        one.close()

    assert len(most) == 12
    assert max(most) == 4


def test_a_connection_in_use_when_all_are_closed_is_closed_when_it_comes_back(make_url: Make) -> None:
    """Nothing stays open behind who closed the database, nor behind who asks it afterwards."""
    database = open_database(make_url())
    with database.reading() as connection:
        used = connection.connection.dbapi_connection
        database.close()
        assert connection.execute(text("SELECT 1")).scalar_one() == 1
    with database.reading() as connection:
        later = connection.connection.dbapi_connection
        assert connection.execute(text("SELECT 1")).scalar_one() == 1

    for gone in (used, later):
        assert gone is not None
        with pytest.raises(Exception, match=r"(?i)closed"):
            gone.cursor()
