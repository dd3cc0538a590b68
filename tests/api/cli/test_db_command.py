"""`fieldwright db`: what an operator types, and what it says."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from api.cli import commands  # noqa: F401 registers the commands
from api.cli.app import run
from storage.database import open_database
from tests.database_builders import envelope


def test_a_database_is_made_checked_copied_and_brought_back(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The whole round, as the manual tells it."""
    one, two = (f"sqlite:///{tmp_path}/{name}.db" for name in ("one", "two"))
    copy = str(tmp_path / "copy")

    assert run(["db", "check", "--database", one]) == 2
    assert run(["db", "upgrade", "--database", one]) == 0
    assert run(["db", "check", "--database", one]) == 0
    assert run(["db", "verify", "--database", one]) == 0
    assert run(["db", "backup", copy, "--database", one]) == 0
    assert run(["db", "restore", copy, "--database", two]) == 0
    assert run(["db", "verify", "--database", two, "--lang", "zh"]) == 0

    said = capsys.readouterr()
    assert "database.not_migrated" in said.err
    assert "审计链完整" in said.out


def test_the_folder_of_copies_takes_no_more_of_a_command_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A nightly job that fills the disk stops the service as surely as anything: every copy counts, whatever its name."""
    folder = tmp_path / "copies"
    folder.mkdir()
    url = f"sqlite:///{tmp_path}/one.db"
    monkeypatch.setenv("FIELDWRIGHT_BACKUPS", str(folder))
    monkeypatch.setenv("FIELDWRIGHT_BACKUPS_MOST", "1")
    run(["db", "upgrade", "--database", url])

    first = run(["db", "backup", str(folder / "of monday"), "--database", url])
    second = run(["db", "backup", str(folder / "of-tuesday"), "--database", url])
    elsewhere = run(["db", "backup", str(tmp_path / "of-tuesday"), "--database", url])

    assert (first, second, elsewhere) == (0, 2, 0)
    assert "database.too_many_copies" in capsys.readouterr().err
    assert not (folder / "of-tuesday").exists()


def test_a_broken_database_is_told_by_the_exit_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A script must notice without reading."""
    url = f"sqlite:///{tmp_path}/one.db"
    assert run(["db", "upgrade", "--database", url]) == 0
    database = open_database(url)
    with database.writing(envelope()) as work:
        work.record("test", "x")
    with database.writing(envelope()) as work:
        work.connection.execute(text("UPDATE audit_head SET hash = 'x'"))
        work.connection.execute(text("DROP INDEX ix_stock_move_part"))
    database.close()

    assert run(["db", "verify", "--database", url]) == 1
    assert run(["db", "check", "--database", url]) == 1
    assert "database.audit_broken" in capsys.readouterr().out
