"""What is wrong is found, and a copy taken under load is the database of one moment."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from contextlib import closing
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
from storage.stock import promises
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
    database.run(envelope(), lambda work: promises.reserve(work, wish(2)))
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
    database.run(envelope(), lambda work: promises.reserve(work, wish(5)))
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
    assert (tmp_path / "copy").stat().st_mode & 0o077 == 0, "nobody else on the machine reads it"
    with pytest.raises(Refusal) as caught:
        restore(tmp_path / "copy", target)
    assert caught.value.code == "database.not_empty"


def test_a_copy_that_holds_something_else_is_refused_and_nothing_stays(
    database: Database, make_url: Make, tmp_path: Path
) -> None:
    """A copy swapped for another is not what it says it is; nobody works on what it would have become."""
    bring(database, 5)
    held = back_up(database, tmp_path / "copy")
    target = empty(make_url)
    beside = tmp_path / "copy.json"
    beside.write_text(json.dumps(held | {"rows": held["rows"] | {"stock_move": 2}}))

    with pytest.raises(Refusal, match=r"database\.restored_differs"):
        restore(tmp_path / "copy", target)

    assert nothing_at(target)
    beside.write_text(json.dumps(held))
    assert restore(tmp_path / "copy", target) == held


def test_a_damaged_copy_leaves_nothing(database: Database, make_url: Make, tmp_path: Path) -> None:
    """A disk that forgot half of it: said with a code, and the target is as empty as before."""
    bring(database, 5)
    back_up(database, tmp_path / "copy")
    whole = (tmp_path / "copy").read_bytes()
    half = len(whole) // 2
    (tmp_path / "copy").write_bytes(
        whole[:half] if database.kind == "postgresql" else whole[:half] + bytes(half)
    )
    target = empty(make_url)

    with pytest.raises(Refusal) as caught:
        restore(tmp_path / "copy", target)

    assert caught.value.code in {
        "database.tool_failed",
        "database.not_a_database",
        "database.restored_differs",
    }
    assert nothing_at(target)


def test_a_copy_of_another_version_is_refused(database: Database, make_url: Make, tmp_path: Path) -> None:
    """Its tables are not those this program could compare."""
    held = back_up(database, tmp_path / "copy")
    (tmp_path / "copy.json").write_text(json.dumps(held | {"revision": "0000"}))

    with pytest.raises(Refusal, match=r"database\.backup_other_version"):
        restore(tmp_path / "copy", empty(make_url))


def test_a_description_left_alone_by_a_power_cut_blocks_no_backup(database: Database, tmp_path: Path) -> None:
    """It appears just before its copy; without one it describes nothing. Somebody else's file is not ours to replace."""
    held = back_up(database, tmp_path / "copy")
    with pytest.raises(Refusal, match=r"database\.backup_there"):
        back_up(database, tmp_path / "copy")
    (tmp_path / "copy").unlink()
    bring(database, 5)

    later = back_up(database, tmp_path / "copy")

    assert json.loads((tmp_path / "copy.json").read_text()) == later != held
    (tmp_path / "other.json").write_text('{"mine": 1}')
    with pytest.raises(Refusal, match=r"database\.backup_there"):
        back_up(database, tmp_path / "other")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["copy", "copy.json", "other.json"]


def test_any_file_name_can_be_backed_up_to_and_restored_from(
    database: Database, make_url: Make, tmp_path: Path
) -> None:
    """Signs that mean something in a URL mean nothing in a name; a name the disk refuses is said."""
    bring(database, 5)
    copy = tmp_path / "50% of #1?mode=rwc&x=%41 好"

    held = back_up(database, copy)

    assert restore(copy, empty(make_url)) == held
    with pytest.raises(Refusal, match=r"database\.not_written"):
        back_up(database, tmp_path / ("x" * 252))
    assert sorted(file.name for file in tmp_path.iterdir()) == [copy.name, f"{copy.name}.json"]


def nothing_at(url: str) -> bool:
    """Whether nothing was left behind where a restore was refused."""
    if url.startswith("sqlite"):
        file = Path(url.removeprefix("sqlite:///"))
        return not [there for there in file.parent.iterdir() if file.name in there.name]
    with closing(open_database(url)) as database, database.reading() as connection:
        kept = "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        functions = "SELECT count(*) FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
        return not any(connection.execute(text(query)).scalar() for query in (kept, functions))


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
