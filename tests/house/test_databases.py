"""What the tests' databases share: SQL once written serves every database of its kind, and no other."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import make_url, select

from storage.database import open_database
from storage.tables.command import KeyRow
from tests.databases import Make, Statements, copies, keep_statements


def test_a_copy_is_another_database(make_sqlite: Make, tmp_path: Path) -> None:
    """What one test writes no other reads."""
    make = copies(make_sqlite())

    assert len({make(), make(), make()}) == 3


def test_a_statement_is_written_once_for_all_databases_of_a_kind(make_sqlite: Make) -> None:
    """Each test opens its own; the same question is not put into words again."""
    keep_statements()
    first, second = open_database(make_sqlite()), open_database(make_sqlite())
    kept = first.engine.get_execution_options()["compiled_cache"]
    question = select(KeyRow.c.key).where(KeyRow.c.key == "house")

    sizes = []
    for database in (first, second):
        with database.reading() as connection:
            assert connection.execute(question).all() == []
        sizes.append(len(kept))
        database.close()

    assert isinstance(kept, Statements)
    assert sizes[0] == sizes[1] > 0


def test_two_kinds_have_words_of_their_own(make_sqlite: Make) -> None:
    """SQL of one server is none of the other's."""
    kept, database, other = Statements(), open_database(make_sqlite()), make_url("postgresql+psycopg://")
    kept[database.engine.dialect, "statement"] = "written"

    found = [kept.get((dialect, "statement")) for dialect in (database.engine.dialect, other.get_dialect()())]
    database.close()

    assert found == ["written", None]
