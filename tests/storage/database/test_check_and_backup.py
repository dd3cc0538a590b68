"""What is wrong is found, and a copy taken under load is the database of one moment."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text, update

from inventory.stock.document import Line, moves
from kernel.errors import Refusal
from storage.audit import breaks
from storage.backup import back_up, restore
from storage.check import remarks, unsound, untrue
from storage.database import Database, open_database
from storage.migration import BASE, migrate
from storage.stock import commands
from storage.stock.post import post
from storage.tables.command import AuditHeadRow
from tests.database_builders import envelope
from tests.storage.database.stock_worlds import bring, wish

Make = Callable[[], str]


def past_the_program(database: Database, *statements: str) -> None:
    """Change rows as somebody with a database client would, triggers taken away."""
    with database.writing(envelope()) as work:
        for table in ("stock_move", "audit"):
            for trigger in (f"{table}_no_update", f"{table}_no_delete", f"{table}_no_change"):
                sqlite = database.kind == "sqlite"
                work.connection.execute(
                    text(f"DROP TRIGGER IF EXISTS {trigger}" + ("" if sqlite else f" ON {table}"))
                )
        for statement in statements:
            work.connection.execute(text(statement))


def codes(database: Database) -> set[str]:
    """What `db verify` finds."""
    return {message.code for message in untrue(database)}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("UPDATE balance SET quantity = quantity + 1 WHERE place_id = 'FUZHOU'", "database.balance_differs"),
        ("UPDATE stock_move SET quantity = quantity + 1", "database.balance_differs"),
        ("DELETE FROM stock_move", "database.balance_differs"),
        ("UPDATE standing SET on_hand = on_hand + 1", "database.standing_differs"),
        ("UPDATE standing SET reserved = 0", "database.standing_differs"),
        ("UPDATE reservation SET quantity = 4", "database.standing_differs"),
        ("UPDATE audit SET actor = 'nobody'", "database.audit_broken"),
        ("UPDATE audit SET facts = '{}'", "database.audit_broken"),
        ("DELETE FROM audit", "database.audit_broken"),
    ],
)
def test_a_row_changed_past_the_program_is_found(database: Database, change: str, code: str) -> None:
    """A ledger that cannot lie says so when somebody made it lie."""
    bring(database, 5)
    database.run(envelope(), lambda work: commands.reserve(work, wish(2)))
    assert codes(database) == set()

    past_the_program(database, change)

    assert code in codes(database)


def test_the_end_of_the_chain_cannot_be_cut_off(database: Database) -> None:
    """Without its head a chain would look whole after its last rows were removed."""
    for _ in range(3):
        database.run(envelope("same/lane"), lambda work: work.record("test", "x", n=1))

    past_the_program(database, "DELETE FROM audit WHERE number = 3")

    with database.reading() as connection:
        assert [broken.number for broken in breaks(connection)] == [0]
    with database.writing(envelope()) as work:
        work.connection.execute(update(AuditHeadRow).values(number=2))
    with database.reading() as connection:
        assert [broken.number for broken in breaks(connection)] == [0]


def test_a_promise_that_cannot_be_kept_is_remarked(database: Database) -> None:
    """After a loss the sums are right and somebody has to be told."""
    bring(database, 5)
    database.run(envelope(), lambda work: commands.reserve(work, wish(5)))
    loss = Line("P-1", 1, "FUZHOU", "SCRAP")
    database.run(envelope(), lambda work: post(work, moves(work.envelope, "", [loss], reason="lost")))

    assert [message.params["usable"] for message in remarks(database)] == [4]
    assert untrue(database) == []
    assert unsound(database) == []


def test_a_copy_taken_under_load_restores_to_the_same(
    database: Database, make_url: Make, tmp_path: Path
) -> None:
    """Nobody stops work for a backup, and nobody trusts one that was not restored."""
    bring(database, 5)
    stop = threading.Event()

    def work_on() -> None:
        while not stop.is_set():
            bring(database, 1)

    busy = threading.Thread(target=work_on)
    busy.start()
    try:
        held = back_up(database, tmp_path / "copy")
    finally:
        stop.set()
        busy.join()
    target = empty(make_url)

    found = restore(tmp_path / "copy", target)

    assert found == held
    with pytest.raises(Refusal) as caught:
        restore(tmp_path / "copy", target)
    assert caught.value.code == "database.not_empty"


def test_a_copy_that_holds_something_else_is_refused(
    database: Database, make_url: Make, tmp_path: Path
) -> None:
    """A copy swapped for another is not what it says it is."""
    bring(database, 5)
    back_up(database, tmp_path / "copy")
    beside = tmp_path / "copy.json"
    held = json.loads(beside.read_text())
    held["rows"]["stock_move"] += 1
    beside.write_text(json.dumps(held))

    with pytest.raises(Refusal) as caught:
        restore(tmp_path / "copy", empty(make_url))

    assert caught.value.code == "database.restored_differs"
    with pytest.raises(Refusal) as caught:
        back_up(database, tmp_path / "copy")
    assert caught.value.code == "database.backup_there"


def empty(make_url: Make) -> str:
    """A database without tables."""
    url = make_url()
    database = open_database(url)
    if database.kind == "postgresql":
        migrate(database, envelope(), target=BASE)
        with database.writing(envelope()) as work:
            work.connection.execute(text("DROP TABLE alembic_version"))
    database.close()
    if url.startswith("sqlite"):
        Path(url.removeprefix("sqlite:///")).unlink()
    return url
