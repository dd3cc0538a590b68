"""`fieldwright stock count-scans`: a place counted with a scanner."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.cli import commands  # noqa: F401 registers every command
from api.cli.app import run
from inventory.stock.label import Label, text_of
from storage.check import untrue
from storage.database import open_database
from storage.migration import migrate
from storage.stock.queries import position
from tests.database_builders import envelope, seed
from tests.stock_builders import NOW
from tests.storage.database.stock_worlds import bring

PUMP = text_of(Label(part="P-1"))


@pytest.fixture
def url(tmp_path: Path) -> str:
    """Three pumps in Fuzhou."""
    address = f"sqlite:///{tmp_path}/one.db"
    database = open_database(address)
    migrate(database, envelope())
    seed(database)
    bring(database, 3)
    database.close()
    return address


def scanned(url: str, folder: Path, *lines: str) -> int:
    """The exit code of a count by these scans."""
    file = folder / "scans.csv"
    file.write_text("\n".join(("scan_id,at,code", *lines)), encoding="utf-8")
    words = [
        "--database",
        url,
        "--by",
        "E03",
        "--adjustment",
        "ADJUSTMENT",
        "--now",
        "2026-03-02T11:00+08:00",
    ]
    return run(["stock", "count-scans", "CNT-1", "FUZHOU", str(file), *words, "--recount-above", "100000"])


def there(url: str) -> int:
    """Pumps in Fuzhou by the ledger, added up again."""
    database = open_database(url)
    with database.reading() as connection:
        found = position(connection, "R-1", "P-1", "FUZHOU", now=NOW)
    assert untrue(database) == []
    database.close()
    return found.on_hand


def test_a_scan_sent_twice_counts_once(url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Three scans, one of them again: two pumps found, one missing."""
    at = "2026-03-02T10:50+08:00"
    lines = [f"S1,{at},{PUMP}", f"S2,{at},{PUMP}", f"S1,{at},{PUMP}"]

    assert scanned(url, tmp_path, *lines) == 0

    assert "2 units of 1 part." in capsys.readouterr().out
    assert there(url) == 2


def test_what_cannot_be_counted_is_refused_and_changes_nothing(
    url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An id with another code, no scan, another table, a moment nobody can read."""
    at = "2026-03-02T10:50+08:00"
    other = text_of(Label(part="P-2"))
    for lines, code in (
        ((f"S1,{at},{PUMP}", f"S1,{at},{other}"), "label.scan_reused"),
        ((), "count.no_scans"),
        ((f"S1,noon,{PUMP}",), "clock."),
    ):
        assert scanned(url, tmp_path, *lines) == 2
        assert code in capsys.readouterr().err
    (tmp_path / "other.csv").write_text("part,units\nP-1,3\n", encoding="utf-8")
    words = ["--database", url, "--by", "E03", "--adjustment", "ADJUSTMENT"]
    assert run(["stock", "count-scans", "CNT-1", "FUZHOU", str(tmp_path / "other.csv"), *words]) == 2
    assert "count.scans_columns" in capsys.readouterr().err
    assert there(url) == 3
