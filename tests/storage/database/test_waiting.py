"""What a command has written and not sent: taken back with its savepoint, kept when a value is refused, nothing where there is nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import bindparam, insert, select, text
from sqlalchemy.exc import IntegrityError

from kernel.errors import Refusal
from storage.audit import breaks
from storage.database import Database, open_database
from storage.ready import Ready, write
from storage.tables.command import AuditHeadRow, KeyRow
from storage.unit_of_work import UnitOfWork
from tests.database_builders import envelope, seed
from tests.databases import Make

HEAD = Ready(insert(AuditHeadRow))
MINE = select(AuditHeadRow.c.lane).where(AuditHeadRow.c.number == 7).order_by(AuditHeadRow.c.lane)


def head(lane: int) -> dict[str, Any]:
    """A row that can be told from the others."""
    return {"region_id": "R-1", "lane": lane, "number": 7, "hash": "0" * 64}


def lanes(database: Database) -> list[int]:
    """What stands."""
    with database.reading() as connection:
        return list(connection.execute(MINE).scalars())


def test_a_refusal_inside_a_savepoint_is_the_one_that_is_told(database: Database) -> None:
    """What waited would have failed too (the same row twice): it is taken back with the savepoint, not sent before."""

    def refused(work: UnitOfWork) -> None:
        with work.connection.begin_nested():
            write(work.connection, [(HEAD, head(6))])
            if database.kind == "postgresql":
                write(work.connection, [(HEAD, head(5))])
            raise Refusal("stock.unknown_part", part="-")

    with database.writing(envelope()) as work:
        write(work.connection, [(HEAD, head(5))])
        with pytest.raises(Refusal, match=r"stock\.unknown_part"):
            refused(work)
        write(work.connection, [(HEAD, head(7))])

    assert lanes(database) == [5, 7]


def test_what_waits_is_not_lost_where_a_value_of_the_next_question_is_refused(database: Database) -> None:
    """The command goes on without its answer, and what it has written before stands."""
    asked = Ready(select(KeyRow.c.key).where(KeyRow.c.at == bindparam("moment", type_=KeyRow.c.at.type)))
    naive = datetime(2026, 3, 6)  # noqa: DTZ001 what is refused

    with database.writing(envelope()) as work:
        write(work.connection, [(HEAD, head(5))])
        with pytest.raises(Exception, match="naive"):
            asked.rows(work.connection, {"moment": naive})

    assert lanes(database) == [5]


def test_no_values_write_nothing(database: Database) -> None:
    """A list of rows may be empty, on both databases."""
    with database.writing(envelope()) as work:
        write(work.connection, [(HEAD, []), (HEAD, head(5)), (HEAD, [])])

    assert lanes(database) == [5]


@pytest.mark.slow  # as everything that starts a server
def test_a_lane_whose_head_is_gone_is_begun_again(make_postgresql: Make) -> None:
    """Another database was put in the place of this one: one command is refused at most, not all until the next start."""
    database = open_database(make_postgresql())
    seed(database)

    def command(work: UnitOfWork) -> None:
        work.record("ready.try", "it")

    for number in range(40):  # every lane
        database.run(envelope(f"before-{number}"), command)
    with database.engine.begin() as connection:
        connection.execute(text("ALTER TABLE audit DISABLE TRIGGER ALL"))
        connection.execute(text("DELETE FROM audit"))
        connection.execute(text("DELETE FROM audit_head"))

    with pytest.raises(IntegrityError):
        database.run(envelope("refused"), command)
    for number in range(40):
        database.run(envelope(f"after-{number}"), command)
    with database.reading() as connection:
        assert list(breaks(connection)) == []
    database.close()
