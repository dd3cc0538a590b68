"""`--scan` at the door: deliveries and transfers by a file of scans, each scan once, damaged codes refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import insert

from api.cli import commands  # noqa: F401 registers every command
from api.cli.app import run
from inventory.catalogue.part import Tracking
from inventory.stock.label import Label, text_of
from storage.check import untrue
from storage.database import open_database
from storage.migration import migrate
from storage.stock import queries
from storage.tables.catalogue import SupplierRow
from tests.database_builders import envelope, filled, seed

AT = "2026-03-02T10:40+08:00"
WORD = ["--now", AT, "--by", "E03"]
PUMP = text_of(Label(part="P-1"))
SIX = "(241)P-1(30)6"
UNIT = text_of(Label(part="P-2", serial="SN-9"))
WRONG = "(01)09521234567890(10)AB-1"


@pytest.fixture(params=[Tracking.NONE, Tracking.SERIAL])
def url(tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """A region with parts, tracked by number or one by one."""
    address = f"sqlite:///{tmp_path}/one.db"
    database = open_database(address)
    migrate(database, envelope())
    seed(database, tracking=request.param)
    with database.writing(envelope()) as work:
        row = filled(SupplierRow, region_id="R-1", supplier_id="S", lead_time_days=7.0, lead_time_sd_days=0.0)
        work.connection.execute(insert(SupplierRow).values(**row))
    database.close()
    return address


def scans(folder: Path, *codes: str) -> str:
    """A file of these codes, the last one sent twice."""
    lines = [f"SC-{number},{AT},{code}" for number, code in enumerate(codes)]
    file = folder / "scans.csv"
    file.write_text("\n".join(("scan_id,at,code", *lines, lines[-1])), encoding="utf-8")
    return str(file)


def lying(url: str) -> dict[tuple[str, str], int]:
    """Units by part and place, of places that are somewhere, added up again."""
    database = open_database(url)
    with database.reading() as connection:
        held = queries.totals(connection, "R-1")
    assert untrue(database) == []
    database.close()
    return {
        (cell.part, cell.place): units for cell, units in held.items() if units and cell.place != "SUPPLIER"
    }


@pytest.mark.parametrize("url", [Tracking.NONE], indirect=True)
def test_a_delivery_and_a_transfer_by_scans_move_each_unit_once(
    url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The scanner sends its file again after every step: nothing comes, leaves or arrives twice."""
    there = ["--database", url, *WORD]
    (tmp_path / "sent").mkdir()
    came, sent = scans(tmp_path, SIX, PUMP, PUMP), scans(tmp_path / "sent", SIX, PUMP)

    for _ in range(2):
        assert (
            run(["stock", "receive", "DEL-1", "--supplier", "S", "--scan", came, "--shelf", "FUZHOU", *there])
            == 0
        )
    assert lying(url) == {("P-1", "FUZHOU"): 8}
    way = ["--from", "FUZHOU", "--to", "VAN-1"]
    for _ in range(2):
        assert run(["stock", "send", "TR-1", "--scan", sent, *way, *there]) == 0
    assert lying(url) == {("P-1", "FUZHOU"): 1, ("P-1", "TRANSIT"): 7}
    for _ in range(2):
        assert run(["stock", "arrive", "TR-1", "--scan", sent, "--at", "VAN-1", *there]) == 0

    assert lying(url) == {("P-1", "FUZHOU"): 1, ("P-1", "VAN-1"): 7}
    assert "TR-1: 7 units are on the road to VAN-1." in capsys.readouterr().out


@pytest.mark.parametrize("url", [Tracking.SERIAL], indirect=True)
def test_a_serial_on_the_label_is_the_unit_that_moves(url: str, tmp_path: Path) -> None:
    """Scanned twice under two scans it is one unit; of a part that is not tracked so it would be dropped."""
    there = ["--database", url, *WORD]

    code = run(
        [
            *("stock", "receive", "DEL-1", "--supplier", "S", "--shelf", "FUZHOU"),
            *("--scan", scans(tmp_path, UNIT, UNIT), *there),
        ]
    )

    assert code == 0
    assert lying(url) == {("P-2", "FUZHOU"): 1}


@pytest.mark.parametrize("url", [Tracking.NONE], indirect=True)
@pytest.mark.parametrize(
    ("typed", "codes", "refused"),
    [
        ([], (WRONG,), "label.check_digit"),
        ([], ("(01)09521234567899",), "label.no_part"),
        ([], (PUMP[:-1] + "0",), "label.damaged"),
        (["P-1=1"], (PUMP,), "cli.goods_or_scans"),
        ([], (), "cli.goods_or_scans"),
    ],
)
@pytest.mark.parametrize("door", ["receive", "send", "arrive"])
def test_what_cannot_be_read_moves_nothing(
    url: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    door: str,
    typed: list[str],
    codes: tuple[str, ...],
    refused: str,
) -> None:
    """A bad check digit, somebody else's number, a damaged label, both ways of saying it at once, or neither."""
    ways = {
        "receive": ["--supplier", "S", "--shelf", "FUZHOU"],
        "send": ["--from", "FUZHOU", "--to", "VAN-1"],
        "arrive": ["--at", "VAN-1"],
    }
    file = ["--scan", scans(tmp_path, *codes)] if codes else []

    assert run(["stock", door, "D-1", *typed, *file, *ways[door], "--database", url, *WORD]) == 2

    assert refused in capsys.readouterr().err
    assert lying(url) == {}
