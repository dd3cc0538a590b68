"""What is attached is kept once, read back as it was, and missed when somebody changed it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text

from kernel.errors import Refusal
from storage.backup import back_up, restore
from storage.check import untrue
from storage.database import Database
from storage.desk.contents import content, digest_of, keep
from storage.tables.content import ContentRow
from tests.database_builders import envelope, seed
from tests.storage.database.test_check_and_backup import empty

Make = Callable[[], str]
PHOTO = bytes(range(256)) * 40


def kept(database: Database, what: bytes, *, region: str = "R-1") -> str:
    """Keep some bytes in a command of their own."""
    return database.run(envelope(region=region), lambda work: keep(work, what))


def count(database: Database) -> int:
    """Contents the database holds."""
    with database.reading() as connection:
        return connection.execute(select(func.count()).select_from(ContentRow)).scalar_one()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.binary(max_size=2000), min_size=1, max_size=4))
def test_what_is_kept_comes_back_as_it_was_and_once(database: Database, pieces: list[bytes]) -> None:
    """Any bytes, the empty ones too; the same photo attached to five tickets takes its room once."""
    before = count(database)
    digests = [kept(database, piece) for piece in (*pieces, *pieces)]

    with database.reading() as connection:
        assert [content(connection, "R-1", digest) for digest in digests] == [*pieces, *pieces]

    assert digests == [digest_of(piece) for piece in (*pieces, *pieces)]
    assert count(database) <= before + len(set(pieces))


def test_another_regions_attachment_is_not_ours(database: Database) -> None:
    """Regions share a database, not their customers' photos."""
    seed(database, region="R-2")
    digest = kept(database, PHOTO, region="R-2")

    with database.reading() as connection, pytest.raises(Refusal, match=r"attachment\.unknown"):
        content(connection, "R-1", digest)


def test_a_refused_command_leaves_no_attachment_behind(database: Database) -> None:
    """Bytes nobody refers to would be kept for ever."""

    def refused(work: object) -> None:
        keep(work, PHOTO)  # type: ignore[arg-type] # the unit of work of the command
        raise Refusal("attachment.unknown", digest="x")

    with pytest.raises(Refusal):
        database.run(envelope(), refused)

    assert count(database) == 0


def test_changed_bytes_are_found_and_never_handed_out(database: Database) -> None:
    """A signature somebody replaced is worse than none."""
    digest = kept(database, PHOTO)
    assert untrue(database) == []

    with database.writing(envelope()) as work:
        sqlite = database.kind == "sqlite"
        for trigger in ("content_no_update", "content_no_change"):
            work.connection.execute(
                text(f"DROP TRIGGER IF EXISTS {trigger}" + ("" if sqlite else " ON content"))
            )
        work.connection.execute(ContentRow.update().values(bytes=b"other"))

    assert [found.code for found in untrue(database)] == ["attachment.damaged"]
    with database.reading() as connection, pytest.raises(Refusal, match=r"attachment\.damaged"):
        content(connection, "R-1", digest)


def test_a_backup_brings_the_attachments_along(database: Database, make_url: Make, tmp_path: Path) -> None:
    """A restored desk without its photos and signatures would have lost the proof."""
    from storage.database import open_database

    digest = kept(database, PHOTO)
    held = back_up(database, tmp_path / "copy")
    target = empty(make_url)

    assert restore(tmp_path / "copy", target) == held
    restored = open_database(target)
    with restored.reading() as connection:
        assert content(connection, "R-1", digest) == PHOTO
    restored.close()
