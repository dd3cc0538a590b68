"""A region in tables is the same region: imported whole, read whole, exported as the same files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, text

from dispatch.board import Board
from dispatch.pose import problem_of
from inventory.stock.document import Line
from inventory.stock.ledger import Condition, tally
from inventory.stock.position import positions
from inventory.stock.reservation import Reservation
from kernel.envelope import Envelope
from kernel.errors import Refusal
from storage.database import Database, open_database
from storage.dataset.read import Reading, read
from storage.dataset.schema import STOCK, TABLES
from storage.dataset.write import write
from storage.rows.pairs import PAIRS
from storage.rows.region import import_region, load_stored, only_region, region_ids
from storage.statistics import MANY
from storage.stock.commands import issue, receive
from storage.stock.judged import Taking
from storage.stock.promises import release, reserve_all
from storage.stock.queries import stock_page, totals
from storage.tables.command import AuditRow
from storage.tables.desk import ContractRow, TicketRow
from storage.tables.ledger import MoveRow
from storage.tables.plan import PlanRow
from storage.tables.region import RegionRow
from storage.unit_of_work import UnitOfWork
from tests.dataset_builder import crewed

AT = datetime(2026, 3, 6, 2, 40, tzinfo=UTC)


def envelope(reading: Reading, key: str = "import-1") -> Envelope:
    """The envelope of an import."""
    assert reading.region is not None
    return Envelope("operator", "cli", AT, key, reading.region.settings.id)


def imported(database: Database, reading: Reading, key: str = "import-1") -> bool:
    """Import what was read."""
    region = reading.region
    assert region is not None
    return database.run(
        envelope(reading, key), lambda work: import_region(work, region, digest=reading.digest)
    )


@pytest.fixture(scope="session")
def fujian() -> Reading:
    """The built-in region as its files say."""
    with as_file(files("scenarios.library") / "fujian") as there:
        return read(there)


@pytest.fixture
def tiny(tmp_path: Path) -> Reading:
    """The tiny dataset: every file has a row."""
    reading = read(crewed(tmp_path / "tiny"))
    assert not reading.refusals
    return reading


@pytest.fixture
def empty(url: str) -> Any:
    """A migrated database with nothing in it."""
    opened = open_database(url)
    yield opened
    opened.close()


def test_what_an_import_brought_is_counted_at_once(empty: Database, fujian: Reading) -> None:
    """PostgreSQL would take its counts up to a minute later, and read every contract for one ticket until then.

    A table with nothing in it is not counted: what is known to be empty is read from end to end as it fills.
    """
    imported(empty, fujian)
    with empty.reading() as connection:
        if empty.kind == "sqlite":  # knows no counts that would follow what is written later
            assert not connection.execute(
                text("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1'")
            ).all()
            return
        asked = text("SELECT relname, reltuples FROM pg_class WHERE relkind = 'r'")
        counted: dict[str, float] = {row.relname: row.reltuples for row in connection.execute(asked)}
        for table in (TicketRow, ContractRow, MoveRow):
            there = connection.execute(select(func.count()).select_from(table)).scalar_one()
            assert there >= MANY
            assert counted[table.name] == there
        assert counted[PlanRow.name] < 0


def test_a_table_somebody_tidies_up_is_not_waited_for(
    make_postgresql: Callable[[], str], fujian: Reading
) -> None:
    """A vacuum by hand keeps its lock for as long as it takes: an import is not refused for want of counts."""
    database = open_database(make_postgresql())
    with database.engine.connect() as tidying:
        tidying.execute(text(f"LOCK TABLE {ContractRow.name} IN SHARE UPDATE EXCLUSIVE MODE"))
        imported(database, fujian)

    with database.reading() as connection:
        asked = text("SELECT relname, reltuples FROM pg_class WHERE relkind = 'r'")
        counted = {row.relname: row.reltuples for row in connection.execute(asked)}
    assert counted[ContractRow.name] < 0
    assert counted[TicketRow.name] >= MANY
    database.close()


def test_every_file_of_a_dataset_has_a_table() -> None:
    """A file without a table would be lost on import without a word."""
    ledger = {STOCK["moves"].name, STOCK["reservations"].name}

    assert {pair.file.name for pair in PAIRS} | ledger == {table.name for table in TABLES}


def test_a_table_has_the_columns_of_its_file() -> None:
    """A column somebody adds to a file fails here until it has a place."""
    kept = {"region_id", "position", "written_by", "written_from", "written_at", "written_key"}

    for pair in PAIRS:
        names = {pair.column(column.name) for column in pair.file.columns}
        assert {column.name for column in pair.rows.columns} - kept == names, pair.file.name


def test_the_tiny_region_comes_back_as_it_went(empty: Database, tiny: Reading) -> None:
    """Every kind of row, in its order, with every value."""
    assert imported(empty, tiny)

    with empty.reading() as connection:
        stored = load_stored(connection, "R1")

    assert stored.region == tiny.region
    assert stored.digest == tiny.digest


@pytest.mark.slow  # the built-in region, written and read twice
def test_fujian_comes_back_as_it_went_and_poses_the_same_problem(
    empty: Database, fujian: Reading, tmp_path: Path
) -> None:
    """17,000 rows: equal values, an equal problem, and files equal byte for byte."""
    imported(empty, fujian)

    with empty.reading() as connection:
        stored = load_stored(connection, "fujian")

    assert stored.region == fujian.region
    assert stored.digest == fujian.digest
    assert fujian.region is not None
    assert problem_of(Board.of(stored.region)).digest == problem_of(Board.of(fujian.region)).digest
    write(stored.region, tmp_path / "out")
    with as_file(files("scenarios.library") / "fujian") as there:
        expected = {
            file.name: file.read_bytes() for file in there.iterdir() if file.suffix in {".csv", ".toml"}
        }
    assert {file.name: file.read_bytes() for file in (tmp_path / "out").iterdir()} == expected


def test_the_sums_beside_an_imported_ledger_are_those_of_the_fold(empty: Database, fujian: Reading) -> None:
    """An import writes balances in bulk; a command would have arrived at the same ones."""
    imported(empty, fujian)
    assert fujian.region is not None
    stock = fujian.region.stock
    kinds = {place.id: place.kind for place in stock.places}
    fold = {cell: quantity for cell, quantity in tally(kinds, stock.moves).items() if quantity}

    with empty.reading() as connection:
        assert totals(connection, "fujian") == fold
        page = stock_page(connection, "fujian", now=AT, most=100_000)

    expected = [
        at
        for _, at in sorted(positions(fold, stock.places, reservations=stock.reservations).items())
        if at.on_hand or at.reserved or at.in_transit
    ]
    assert [row for row in page.rows if row.on_hand or row.reserved or row.in_transit] == expected
    assert any(cell.condition is not Condition.USABLE for cell in fold) or expected


def test_what_was_taken_whole_is_still_told_and_what_was_given_back_is_not(
    empty: Database, tiny: Reading, make_url: Callable[[], str]
) -> None:
    """A reservation served to the last unit says what it was for; it must not be lost on the way through files."""
    imported(empty, tiny)
    assert tiny.region is not None
    part, place = tiny.region.stock.moves[0].part, tiny.region.stock.moves[0].to_place
    stands = replace(envelope(tiny), key="receive-1")
    lines = [Line(part, 3, tiny.region.stock.moves[0].from_place, place)]
    empty.run(stands, lambda work: receive(work, "PO-1", lines))
    wishes = [Reservation(part, place, 1, "V1", id=name) for name in ("R-taken", "R-back", "R-kept")]
    empty.run(replace(stands, key="k-1"), lambda work: reserve_all(work, wishes))
    taking = Taking(Line(part, 1, place, tiny.region.stock.moves[0].from_place), "R-taken")
    empty.run(replace(stands, key="k-2"), lambda work: issue(work, "V1", [taking]))
    empty.run(replace(stands, key="k-3"), lambda work: release(work, "R-back"))

    with empty.reading() as connection:
        stored = load_stored(connection, "R1")
    other = open_database(make_url())
    other.run(
        replace(stands, key="import-2"), lambda work: import_region(work, stored.region, digest=stored.digest)
    )
    with other.reading() as connection:
        again = load_stored(connection, "R1")
    other.close()

    told = {row.id: row.left for row in again.region.stock.reservations if row.id.startswith("R-")}
    assert told == {"R-taken": 0, "R-kept": 1}
    assert again.region == stored.region


def test_the_same_import_again_changes_nothing(empty: Database, tiny: Reading) -> None:
    """A command that was repeated because its answer was lost has one effect, whatever its key."""
    assert imported(empty, tiny)
    assert not imported(empty, tiny)
    assert not imported(empty, tiny, key="import-2")

    with empty.reading() as connection:
        entries = select(func.count()).select_from(AuditRow).where(AuditRow.c.action == "region.import")
        assert connection.execute(entries).scalar_one() == 1


def test_another_region_of_the_same_id_is_refused(empty: Database, tiny: Reading) -> None:
    """Nothing overwrites a region that people may have worked on."""
    imported(empty, tiny)
    assert tiny.region is not None
    other = replace(tiny.region, settings=replace(tiny.region.settings, name="Another"))

    with pytest.raises(Refusal, match=r"import\.region_there"):
        empty.run(envelope(tiny, "k-2"), lambda work: import_region(work, other, digest="0" * 64))

    with empty.reading() as connection:
        assert load_stored(connection, "R1").region == tiny.region


def test_a_refused_import_leaves_nothing_behind(empty: Database, tiny: Reading) -> None:
    """A text too long for its column is found in the last table: the region before it goes too."""
    assert tiny.region is not None
    moves = tiny.region.stock.moves
    long = replace(tiny.region.stock, moves=(replace(moves[0], reason="x" * 201), *moves[1:]))
    region = replace(tiny.region, stock=long)

    with pytest.raises(Refusal, match=r"database\.text_too_long"):
        empty.run(envelope(tiny), lambda work: import_region(work, region, digest="0" * 64))

    with empty.reading() as connection:
        assert region_ids(connection) == ()


def test_a_changed_region_has_a_digest_of_its_own(empty: Database, tiny: Reading) -> None:
    """A plan of a database that has moved on must not claim to be a plan of the imported folder."""
    imported(empty, tiny)

    def rename(work: UnitOfWork) -> None:
        work.connection.execute(RegionRow.update().where(RegionRow.c.id == "R1").values(name="Renamed"))

    empty.run(envelope(tiny, "rename"), rename)

    with empty.reading() as connection:
        assert load_stored(connection, "R1").digest != tiny.digest


def test_a_region_need_not_be_named_while_it_is_the_only_one(empty: Database, tiny: Reading) -> None:
    """Several, none or an unknown one is said, never guessed."""
    with empty.reading() as connection, pytest.raises(Refusal, match=r"region\.none"):
        only_region(connection)
    imported(empty, tiny)
    with empty.reading() as connection:
        assert only_region(connection) == "R1"
        with pytest.raises(Refusal, match=r"region\.unknown"):
            only_region(connection, "R2")
    assert tiny.region is not None
    second = replace(tiny.region, settings=replace(tiny.region.settings, id="R2"))
    head = Envelope("operator", "cli", AT, "import-2", "R2")
    empty.run(head, lambda work: import_region(work, second, digest=tiny.digest))

    with empty.reading() as connection:
        with pytest.raises(Refusal, match=r"region\.which"):
            only_region(connection)
        assert load_stored(connection, "R2").region == second
