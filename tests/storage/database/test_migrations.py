"""The tables are what the models say, on both databases, and the way there is walked both ways."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Table, insert, inspect, text
from sqlalchemy.exc import DBAPIError

from kernel.errors import Refusal
from storage.database import Database, open_database
from storage.migration import BASE, check_at_head, differences, head_revision, migrate
from storage.migrations import first_script
from storage.tables import whole
from tests.database_builders import envelope, filled
from tests.stock_builders import NOW


def test_down_and_up_again_gives_the_same_tables(url: str) -> None:
    """A release that must be taken back leaves a database the one before can open."""
    database = open_database(url)

    gone = migrate(database, envelope(), target=BASE)
    left = set(inspect(database.engine).get_table_names())
    back = migrate(database, envelope())
    again = migrate(database, envelope())

    assert gone == (head_revision(), "")
    assert left == {"alembic_version"}
    assert back == ("", head_revision())
    assert again == (head_revision(), head_revision())
    assert differences(database) == []
    database.close()


def test_the_models_and_the_migrations_agree(database: Database) -> None:
    """A column added to a model and forgotten in a script would fail in production only."""
    check_at_head(database)

    assert differences(database) == []
    assert set(inspect(database.engine).get_table_names()) == {*whole().tables, "alembic_version"}


def test_an_index_of_an_expression_that_is_missing_is_told(database: Database) -> None:
    """No database can be compared by what it is of: without the name nobody would miss it but who waits."""
    with database.writing(envelope()) as work:
        work.connection.execute(text("DROP INDEX ix_asset_serial"))

    assert differences(database) == ["no index ix_asset_serial"]


def test_the_first_script_is_written_from_the_models() -> None:
    """Constraints and triggers too: ``python -m storage.migrations.first_script`` writes it anew."""
    for name, content in first_script.written().items():
        assert (first_script.FOLDER / name).read_text(encoding="utf-8") == content, name


@pytest.mark.parametrize("revision", ["", "9999"])
def test_a_database_of_another_version_is_refused(database: Database, revision: str) -> None:
    """Reading tables of another shape gives wrong answers quietly."""
    with database.writing(envelope()) as work:
        work.connection.execute(text("DELETE FROM alembic_version"))
        if revision:
            work.connection.execute(text("INSERT INTO alembic_version VALUES (:r)"), {"r": revision})

    with pytest.raises(Refusal) as caught:
        check_at_head(database)

    assert caught.value.code == ("database.newer_than_program" if revision else "database.not_migrated")


@pytest.mark.parametrize("table", first_script.APPEND_ONLY)
@pytest.mark.parametrize(
    "change", ["UPDATE {table} SET region_id = 'R-2'", "DELETE FROM {table}", "TRUNCATE {table}"]
)
def test_facts_cannot_be_changed_or_removed(database: Database, table: str, change: str) -> None:
    """Not even by somebody with a connection: a correction is a new row."""
    if change.startswith("TRUNCATE") and database.kind == "sqlite":
        return
    with database.writing(envelope()) as work:
        for needed in _with_parents(whole().tables[table]):
            row = {name: value for name, value in PLAIN.items() if name in needed.columns}
            made = {name: value for name, value in filled(needed, **row).items() if name != "seq"}
            work.connection.execute(insert(needed).values(**made))

    with (
        pytest.raises(DBAPIError, match=r"append-only|cannot truncate"),
        database.writing(envelope()) as work,
    ):
        work.connection.execute(text(change.format(table=table)))


PLAIN = {
    "region_id": "R-1",
    "condition": "usable",
    "quantity": 2,
    "from_place_id": "A",
    "number": 1,
    "serial": "",
    "lat": 26.0,
    "lon": 119.0,
    "digest": "0" * 64,
    "size": 1,
    "rank": 1,
    "units": 1,
    "in_a_row": 1,
    "discipline": 1,
    "criticality": 1,
    "answer": True,
    "way": "scrap",
    "new_serial": "y",
    "ends_at": NOW + timedelta(hours=1),
    "period_until": NOW.date() + timedelta(days=1),
}


def _with_parents(table: Table) -> list[Table]:
    """The table behind those its rows have to refer to, in the order in which they are filled; all ids are alike."""
    found: list[Table] = []
    for constraint in sorted(table.foreign_key_constraints, key=lambda one: str(one.name)):
        parent = constraint.referred_table
        if parent.name != "region" and not any(column.nullable for column in constraint.columns):
            found += [one for one in _with_parents(parent) if one not in found]
    return [*found, table]
