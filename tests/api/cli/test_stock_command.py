"""`fieldwright stock`: what a storekeeper types, and what it says."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.cli import commands  # noqa: F401 registers the commands
from api.cli.app import run
from inventory.catalogue.part import PartKind, Tracking
from inventory.stock.document import Line
from storage.database import open_database
from storage.migration import migrate
from storage.stock import queries
from storage.stock.commands import receive
from tests.database_builders import envelope, seed

AT = ["--now", "2026-03-02T10:40+08:00"]


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A region with a part tracked by lot and nothing on its shelves."""
    address = f"sqlite:///{tmp_path}/one.db"
    database = open_database(address)
    migrate(database, envelope())
    seed(database, parts=("P-1",), tracking=Tracking.LOT, kind=PartKind.REPAIRABLE)
    database.close()
    return address


def on_shelf(url: str) -> dict[str, int]:
    """Units in Fuzhou by lot and condition."""
    database = open_database(url)
    with database.reading() as connection:
        held = queries.totals(connection, "R-1")
    database.close()
    return {f"{cell.lot} {cell.condition.value}": n for cell, n in held.items() if cell.place == "FUZHOU"}


def test_a_storekeepers_day_at_the_command_line(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Describe, look, pick, exchange, find damaged, promise; the same key twice is done once."""
    there = ["--database", url, *AT]

    for lot, last_day in (("L-1", "2026-03-31"), ("L-2", "")):
        day = ["--expires-on", last_day] if last_day else []
        assert run(["stock", "describe-lot", "P-1", lot, *day, *there]) == 0
    database = open_database(url)
    lines = [Line("P-1", 3, "SUPPLIER", "FUZHOU", lot=lot) for lot in ("L-1", "L-2")]
    database.run(envelope(), lambda work: receive(work, "PO-1", lines))
    database.close()
    way = ["--from", "FUZHOU", "--to", "CUSTOMER"]
    assert run(["stock", "pick", "P-1", "4", *way, "--look", *there]) == 0
    assert on_shelf(url) == {"L-1 usable": 3, "L-2 usable": 3}
    for _ in range(2):
        assert run(["stock", "pick", "P-1", "4", *way, "--key", "pick-1", *there]) == 0
    assert on_shelf(url) == {"L-2 usable": 2}
    lots = ["--good-lot", "L-2", "--bad-lot", "L-1"]
    assert run(["stock", "exchange", "P-1", "P-1", *way, "--returns", "QUARANTINE", *lots, *there]) == 0
    found = ["--at", "FUZHOU", "--was", "usable", "--is", "damaged", "--adjustment", "ADJUSTMENT"]
    assert run(["stock", "condition", "P-1", "1", *found, "--lot", "L-2", *there]) == 0
    assert on_shelf(url) == {"L-2 damaged": 1}
    assert run(["stock", "promise", "P-1", "FUZHOU", *there, "--lang", "zh"]) == 0

    said = capsys.readouterr().out.splitlines()
    assert said[:4] == [
        "Lot L-1 of part P-1 is described.",
        "Lot L-2 of part P-1 is described.",
        "3 of lot L-1",
        "1 of lot L-2",
    ]
    assert (
        said[4:7] == said[7:10] == ["3 of lot L-1", "1 of lot L-2", "Moves posted: 2 (pick-1/1, pick-1/2)."]
    )
    assert said[-2:] == [
        "备件 P-1 在 FUZHOU 的可承诺量（Asia/Shanghai 当地时间）",
        "自 2026-03-02 10:40 起：0 件",
    ]


def test_what_cannot_be_done_is_said_by_code(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    """In words, with exit code 2, in both languages."""
    there = ["--database", url, *AT]

    assert run(["stock", "describe-lot", "P-1", "L-1", "--expires-on", "soon", *there]) == 2
    assert run(["stock", "pick", "P-1", "1", "--from", "FUZHOU", "--to", "CUSTOMER", *there]) == 2
    assert run(["stock", "promise", "P-9", "FUZHOU", *there, "--lang", "zh"]) == 2

    said = capsys.readouterr().err
    assert all(code in said for code in ("cli.not_a_day", "stock.not_enough", "stock.unknown_part"))
