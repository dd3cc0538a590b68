"""`fieldwright stock receive`, `inspect`, `dispose`: what a storekeeper types, and what it says."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import insert

from api.cli import commands  # noqa: F401 registers the commands
from api.cli.app import run
from api.text import LANGUAGES, Lang, label
from storage.check import untrue
from storage.database import open_database
from storage.migration import migrate
from storage.stock import queries
from storage.tables.catalogue import SupplierRow
from tests.database_builders import envelope, filled, seed

AT = ["--now", "2026-03-02T10:40+08:00"]
WAYS = [
    *("--from", "SUPPLIER", "--shelf", "FUZHOU"),
    *("--quarantine", "QUARANTINE", "--adjustment", "ADJUSTMENT"),
]
FROM_S = ["--supplier", "S", "--inspect", "P-1"]
LOT = ["inspect", "PO-1", "P-1", "1000", "--supplier", "S", "--aql", "1.5", "--looked-at", "80"]


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A region with two parts and a supplier, and nothing on its shelves."""
    address = f"sqlite:///{tmp_path}/one.db"
    database = open_database(address)
    migrate(database, envelope())
    seed(database)
    supplier = filled(
        SupplierRow, region_id="R-1", supplier_id="S", lead_time_days=7.0, lead_time_sd_days=0.0
    )
    with database.writing(envelope()) as work:
        work.connection.execute(insert(SupplierRow).values(**supplier))
    database.close()
    return address


def bad(count: int) -> list[str]:
    """So many units of the sample that failed."""
    return [word for unit in range(count) for word in ("--bad", str(unit))]


def test_a_delivery_is_taken_in_judged_and_sent_back(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The story of the demo: n 80, Ac 3, five found; exit codes say what a script has to know."""
    there = [*WAYS, "--database", url, *AT]

    lines = ["P-1=1000", "P-2=5,rejected=2", "P-9=1"]
    assert run(["stock", "receive", "PO-1", *lines, *FROM_S, *there]) == 1
    for _ in range(2):
        assert run(["stock", *LOT, *bad(5), "--key", "ins-1", *there]) == 1
    waive = ["stock", "dispose", "DSP-0", "P-1", "5", "waiver", "--reason", "scratched", *there]
    assert run(waive) == 2
    assert run([*waive, "--by", "head"]) == 0
    back = ["dispose", "DSP-1", "P-1", "985", "return", "--remedy", "replace"]
    assert run(["stock", *back, *there]) == 0
    assert run(["stock", "dispose", "DSP-2", "P-1", "10", "scrap", "--scrap", "SCRAP", *there]) == 0

    said = capsys.readouterr().out.splitlines()
    assert said[:3] == [
        "P-1: 0 accepted, 1000 held back for inspection, 0 turned away.",
        "P-2: 3 accepted, 0 held back for inspection, 2 turned away.",
        "P-9: not taken in. There is no part “P-9”. Check the id, or add the part to the catalogue. (stock.unknown_part)",
    ]
    assert said[4:7] == said[7:10]
    assert said[4] == "P-1: 5 of 80 failed, from 4 the lot is not accepted: 1000 held back."
    assert said[5:7] == ["Next lot of P-1 from S: normal inspection.", "Inspection ins-1."]
    database = open_database(url)
    with database.reading() as connection:
        held = queries.totals(connection, "R-1")
    assert {
        (cell.part, cell.place): units
        for cell, units in held.items()
        if units > 0 and cell.place != "ADJUSTMENT"
    } == {
        ("P-2", "FUZHOU"): 3,
        ("P-1", "FUZHOU"): 5,
        ("P-1", "SCRAP"): 10,
    }
    assert untrue(database) == []
    database.close()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_good_lot_is_said_in_both_languages(
    url: str, lang: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """No placeholder and no raw code."""
    there = [*WAYS, "--database", url, *AT, "--lang", lang]

    assert run(["stock", "receive", "PO-1", "P-1=1000", *FROM_S, *there]) == 0
    assert run(["stock", *LOT, *bad(3), *there]) == 0

    said = capsys.readouterr().out
    assert "997" in said
    assert "supply." not in said
    assert "{" not in said


@pytest.mark.parametrize(
    "line", ["P-1", "=5", "P-1=five", "P-1=5,lot", "P-1=5,colour=red", "P-1=5,rejected=-1", "P-1=²"]
)
def test_a_line_that_cannot_be_read_is_refused(
    url: str, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """With how to write it; nothing of the delivery is taken in."""
    assert run(["stock", "receive", "PO-1", "P-2=1", line, *WAYS, "--database", url, *AT]) == 2
    assert "cli.not_a_line" in capsys.readouterr().err


def test_what_cannot_be_done_is_said_by_code(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The wrong sample, nothing that waits, a limit of no table."""
    there = [*WAYS, "--database", url, *AT]
    assert run(["stock", "receive", "PO-1", "P-1=1000", *FROM_S, *there]) == 0

    assert run(["stock", *LOT[:-1], "79", *there]) == 2
    assert run(["stock", *LOT[:-3], "1.2", "--looked-at", "80", *there]) == 2
    assert run(["stock", *LOT, "--level", "IX", *there]) == 2
    assert run(["stock", "dispose", "D", "P-1", "1", "return", *there]) == 2

    said = capsys.readouterr().err
    codes = (
        "supply.looked_at_other",
        "sampling.unknown_aql",
        "sampling.unknown_level",
        "supply.remedy_missing",
    )
    assert all(code in said for code in codes)


def test_a_waiver_has_to_say_onto_which_shelf(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Else the goods would lie in quarantine as usable, where nobody looks for them."""
    there = [*WAYS, "--database", url, *AT]
    assert run(["stock", "receive", "PO-1", "P-1=10", *FROM_S, *there]) == 0
    waive = ["stock", "dispose", "D", "P-1", "1", "waiver", "--reason", "scratched", "--by", "head"]

    assert run([*waive, "--database", url, *AT]) == 2
    assert "supply.place_missing" in capsys.readouterr().err
    assert run([*waive, "--shelf", "FUZHOU", "--database", url, *AT]) == 0


def test_a_day_is_said_as_the_region_has_it(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    """At 20:00 UTC it is the next day in Fuzhou, as every list says."""
    there = [*WAYS, "--database", url, "--now", "2026-03-02T20:00Z"]
    assert run(["stock", "receive", "DN-1", "P-1=10", *FROM_S, *there]) == 0
    back = ["stock", "dispose", "DSP-1", "P-1", "4", "return", "--remedy", "replace", "--supplier", "S"]
    assert run([*back, "--delivery", "DN-1", "--key", "dsp-1", *there]) == 0
    late = ["--database", url, "--now", "2026-03-02T20:00Z"]
    assert run(["suppliers", "8d", "open", "N-1", "--about", "dsp-1", *late]) == 0
    assert run(["suppliers", "8d", "step", "N-1", "D3", *late]) == 0

    said = capsys.readouterr().out
    assert "S owes for P-1: others for them by 2026-04-02." in said
    assert said.count("D1 team: due 2026-03-04.") == 2


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_was_wrong_is_taken_back_whole(url: str, lang: Lang, capsys: pytest.CaptureFixture[str]) -> None:
    """A wrong inspection first, then the delivery; refused in the other order, with the command that is next."""
    there = [*WAYS, "--database", url, *AT]
    undo = ["stock", "undo", "--reason", "the wrong lot", "--database", url, *AT, "--lang", lang]
    assert run(["stock", "receive", "PO-1", "P-1=1000", *FROM_S, *there]) == 0
    assert run(["stock", *LOT, *bad(5), "--key", "ins-1", *there]) == 1
    capsys.readouterr()

    assert run([*undo, "receipt", "PO-1"]) == 2
    assert "fieldwright stock undo inspection ins-1" in capsys.readouterr().err
    assert run([*undo, "inspection", "PO-1"]) == 0
    assert run([*undo, "receipt", "PO-1"]) == 0
    shown = capsys.readouterr().out
    assert run([*undo, "inspection", "ins-1"]) == 2

    assert label("supply.undone_inspection", lang, fact="ins-1") in " ".join(shown.split())
    assert label("supply.undone_receipt", lang, fact="PO-1") in " ".join(shown.split())
    assert "supply.undo_unknown" in capsys.readouterr().err
    database = open_database(url)
    with database.reading() as connection:
        held = queries.totals(connection, "R-1")
    assert set(held) == set()
    assert untrue(database) == []
    database.close()
