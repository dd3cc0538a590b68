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
