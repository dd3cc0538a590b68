"""A supplier's parts at the command line: what is laid down, what is on its way, what fails, what is owed for it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from api.cli import commands  # noqa: F401 registers the commands
from api.cli.app import run
from api.text import LANGUAGES
from storage.check import untrue
from storage.database import open_database
from tests.dataset_builder import TINY, tiny

AT = "2026-03-06T00:00Z"
PLACES = TINY["places.csv"] + "SUP,supplier,Suppliers,,,,\nQU,quarantine,Held,,,,\nOUT,scrap,Scrap,,,,\n"
ORDER = TINY["purchase_orders.csv"] + "R4,U1,P1,40,D1,2026-03-01T08:00Z,,,\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The tiny region with places to receive at; fifty fuses from 10.50 on, lots are measured."""
    limits = "supplier_id,part_id,part_class,aql,level\nU1,P1,,1.5,III\n,P2,,4,\n"
    words = {
        "places": PLACES,
        "purchase_orders": ORDER,
        "inspection_limits": limits,
        "lot_inspections": TINY["lot_inspections.csv"],
    }
    return tiny(tmp_path / "region", **words)


@pytest.fixture
def url(folder: Path, tmp_path: Path) -> str:
    """The same in a database."""
    address = f"sqlite:///{tmp_path}/one.db"
    assert run(["import", str(folder), "--database", address]) == 0
    return address


def typed(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> list[str]:
    """What a command says; it has to end with that code."""
    capsys.readouterr()
    assert run(list(words)) == code
    said = capsys.readouterr()
    return (said.err if code == 2 else said.out).splitlines()


def readings(folder: Path, *lengths: str) -> str:
    """A file of readings, every unit marked."""
    rows = [f"{unit},length,{length}\n{unit},marked,yes\n" for unit, length in enumerate(lengths, start=1)]
    file = folder.parent / "readings.csv"
    file.write_text("unit,check,value\n" + "".join(rows), encoding="utf-8")
    return str(file)


def test_from_a_shipment_to_what_is_owed(
    url: str, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Told, received, measured, sent back, reported; in the end the region leaves the database and comes back whole."""
    there = ["--database", url, "--now", AT]
    asked = ["--database", url, "--now", "2026-03-30T00:00Z"]

    typed(capsys, "order", "ship", "R4", "WB9", "P1=40", "--expected", "2026-03-05T12:00Z", *there, code=2)
    sent = ["--sent", "2026-03-04T00:00Z", "--expected", "2026-03-08T12:00Z"]
    assert typed(capsys, "order", "ship", "R4", "WB9", "P1=40", *sent, *there) == [
        "Order R4: shipment WB9 is on its way, parts: 1."
    ]
    coming = typed(capsys, "order", "coming", *asked)
    assert "WB9, order R4, P1: 40 of 40, LATE, was expected 2026-03-08 20:00." in coming
    assert typed(capsys, "order", "coming", *there, "--late")[1:] == ["Nothing is on its way."]
    received = typed(capsys, "stock", "receive", "R4", "P1=44,lot=B-1", "--shelf", "D1", *there)
    assert received[:2] == [
        "P1: 0 accepted, 42 held back for inspection, 2 turned away.",
        "P1: 2 of those turned away are more than the order and its tolerance allow.",
    ]
    assert all("WB9" not in line for line in typed(capsys, "order", "coming", *asked))

    lot = ["stock", "inspect", "R4", "P1", "42", "--supplier", "U1", "--shelf", "D1", "--lot", "B-1", *there]
    good = ["20.00"] * 7
    assert "supply.readings_missing" in typed(capsys, *lot, "--looked-at", "8", code=2)[0]
    assert "supply.level_without_limit" in typed(capsys, *lot, "--level", "I", code=2)[0]
    assert "supply.looked_at_other" in typed(capsys, *lot, "--readings", readings(folder, *good), code=2)[0]
    measured = [*lot, "--readings", readings(folder, *good, "20.21"), "--key", "ins-9"]
    judged = typed(capsys, *measured, code=1)
    assert judged[0] == "P1: 1 of 8 failed, from 1 the lot is not accepted: 42 held back."
    assert judged[2] == "Inspection ins-9."
    read = typed(capsys, "stock", "readings", "ins-9", "--database", url)
    assert read[0] == "Inspection ins-9: P1, a lot of 42"
    assert read[2].split() == ["length", "Length", "mm", "8", "1", "20.0262", "20.00", "20.21"]

    back = ["stock", "dispose", "DSP-9", "P1", "42", "return", "--remedy", "replace", "--lot", "B-1"]
    sent_back = typed(capsys, *back, *there, "--key", "dsp-9")
    assert sent_back[1:] == ["Decision dsp-9.", "U1 owes for P1: others for them by 2026-03-20."]
    owed = typed(capsys, "suppliers", "owed", *asked, "--late")
    assert "U1, P1: 42 of 42, others for them, LATE since 2026-03-20 (DSP-9)." in owed
    opened = ["suppliers", "8d", "open", "N10", "--about", "ins-9", "--found", "too long", *there]
    assert typed(capsys, *opened)[:2] == ["Report N10 is open: 42 × P1 from U1.", "D1 team: due 2026-03-07."]
    step = ["suppliers", "8d", "step", "N10"]
    assert typed(capsys, *step, "d3", *there)[0] == "Report N10: D3 containment done in time."
    assert "supply.step_out_of_order" in typed(capsys, *step, "D5", *there, code=2)[0]
    assert "supply.step_unknown" in typed(capsys, *step, "D9", *there, code=2)[0]
    listed = typed(capsys, "suppliers", "8d", "list", "--report", "N10", *asked)
    assert listed[1:4] == [
        "N10, U1: 42 × P1, too long",
        "D1 team: OVERDUE since 2026-03-07.",
        "D2 problem described: OVERDUE since 2026-03-07.",
    ]
    assert listed[4] == "D3 containment: done 2026-03-06 by operator, due 2026-03-08."

    shown = typed(capsys, "order", "show", "R4", *asked)
    assert shown[0] == "Order R4 to U1 for D1: received"
    assert shown[3].split() == ["P1", "40", "0", "42", "0", "0", "42", "0"]
    assert shown[4] == "P1: out of quarantine: sent back 42."
    supplier = typed(capsys, "suppliers", "show", "U1", *asked)
    assert supplier[1].startswith("P1: tightened inspection since two of five lots in a row failed.")
    assert supplier[-1] == "8D reports: 3 open, 3 with a step past due."
    (card,) = json.loads("\n".join(typed(capsys, "suppliers", "cards", *asked, "--json")))
    assert (card["reports_open"], card["reports_late"]) == (3, 3)

    out = tmp_path / "out"
    typed(capsys, "export", "--database", url, "--out", str(out))
    assert typed(capsys, "order", "show", "R4", str(out), "--now", "2026-03-30T00:00Z") == shown
    database = open_database(url)
    assert untrue(database) == []
    database.close()


def test_stock_that_has_lain_too_long_is_listed_looked_at_and_held_back(
    url: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Five fuses since the first of March; half a year later they are due, looked at once, and not due for another."""
    late = "2026-09-01T00:00Z"
    due = typed(capsys, "stock", "due", str(folder), "--now", late)
    assert [row.split()[:4] for row in due[2:]] == [["P1", "-", "W1", "2"], ["P1", "-", "D1", "6"]]
    assert typed(capsys, "stock", "due", str(folder))[1] == "Nothing has to be looked at again."
    look = ["stock", "look", "RE-1", "P1", "--at", "D1", "--database", url]

    assert typed(capsys, *look, "--bad", "1", "--now", late)[0] == "P1 at D1: 6 looked at, 1 held back."

    left = json.loads("\n".join(typed(capsys, "stock", "due", "--database", url, "--now", late, "--json")))
    assert [row["place"] for row in left] == ["W1"]


def test_a_price_break_is_in_the_reason_and_in_the_order(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Fifty cost less than forty-seven, and the agreed limit says who has to approve."""
    (folder / "alternates.csv").unlink()
    (folder / "stock_policy.csv").write_text(
        "part_id,place_id,fill_rate,review_period_days,minimum,maximum\nP1,D1,0.95,7,90,108\n",
        encoding="utf-8",
    )
    said = typed(capsys, "reorder", str(folder))
    told = " ".join(" ".join(said).split())
    assert "From 50 units on the price is 10.50 instead of 11.00." in told
    url = f"sqlite:///{tmp_path}/two.db"
    typed(capsys, "import", str(folder), "--database", url)

    (line,) = typed(capsys, "order", "propose", "NEW", "--database", url, "--now", AT)
    state = typed(capsys, "order", "show", "NEW-1", "--database", url, "--now", AT)[0]

    assert line.endswith(", to be sent.")
    assert state == "Order NEW-1 to U1 for D1: to be sent"
    low = ["order", "propose", "LOW", "--approval-above", "1", "--database", url, "--now", AT]
    assert typed(capsys, *low) == ["Nothing is to be bought."]


def test_orders_go_by_what_was_delivered_when_told(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Half of five deliveries was scrapped: told so, twice as many are ordered, and what waits is not ordered again."""
    (folder / "alternates.csv").unlink()
    (folder / "stock_policy.csv").write_text(
        "part_id,place_id,fill_rate,review_period_days,minimum,maximum\nP1,D1,0.95,7,190,208\n",
        encoding="utf-8",
    )
    more: dict[str, list[str]] = {"purchase_orders": [], "stock_moves": [], "dispositions": []}
    for day in range(1, 6):
        order, at = f"B{day}", f"2026-03-0{day}T09:00Z"
        more["purchase_orders"].append(f"{order},U1,P1,10,D1,2026-02-20T08:00Z,,10,\n")
        more["stock_moves"].append(f"MB{day},{at},P1,10,SUP,D1,usable,receipt,store,till,{order},kb{day},,\n")
        more["dispositions"].append(f"DB{day},2026-03-05T10:00Z,DD{day},U1,P1,,,5,{order},scrap,,,head\n")
    for name, rows in more.items():
        with (folder / f"{name}.csv").open("a", encoding="utf-8") as file:
            file.writelines(rows)
    url = f"sqlite:///{tmp_path}/three.db"
    typed(capsys, "import", str(folder), "--database", url)
    there = ["--database", url, "--now", AT]
    listed = []
    for words in ([], ["--as-delivered"]):
        told = json.loads("\n".join(typed(capsys, "reorder", *there, "--json", *words)))
        listed.append([row["quantity"] for row in told["proposals"] if row["source"] == "purchase"])

    typed(capsys, "order", "propose", "NEW", "--as-delivered", *there)

    (written,) = json.loads("\n".join(typed(capsys, "order", "show", "NEW-1", *there, "--json")))["lines"]
    assert listed[1] == [written["ordered"]]
    assert listed[0] < listed[1]
    assert typed(capsys, "order", "propose", "AGAIN", "--as-delivered", *there) == [
        "Nothing is to be bought."
    ]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_list_speaks_both_languages(
    folder: Path, lang: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """No raw code and no placeholder; JSON says the same to a program."""
    for words in (
        ["suppliers", "cards"],
        ["suppliers", "owed"],
        ["suppliers", "8d", "list"],
        ["order", "coming"],
        ["stock", "due", "--ahead", "400"],
    ):
        said = "\n".join(typed(capsys, *words, str(folder), "--lang", lang))
        assert "supply." not in said
        assert "{" not in said
        assert isinstance(json.loads("\n".join(typed(capsys, *words, str(folder), "--json"))), list)
    for words in (["suppliers", "show", "U1"], ["order", "show", "R3"], ["order", "show", "R1"]):
        said = "\n".join(typed(capsys, *words, str(folder), "--lang", lang))
        assert "supply." not in said
        assert json.loads("\n".join(typed(capsys, *words, str(folder), "--json")))
    said = "\n".join(typed(capsys, "stock", "readings", "I1", str(folder), "--lang", lang))
    assert "supply." not in said


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("unit,value\n", "cli.readings_head"),
        ("unit,check,value\n1,length\n", "cli.not_a_reading"),
        ("unit,check,value\n1,length,long\n", "cli.not_a_reading"),
        ("unit,check,value\n1,length,1e40\n", "cli.not_a_reading"),
        ("unit,check,value\n1,length,NaN\n", "cli.not_a_reading"),
    ],
)
def test_a_file_of_readings_that_cannot_be_read_is_refused(
    url: str, tmp_path: Path, text: str, code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """With file and line."""
    file = tmp_path / "bad.csv"
    file.write_text(text, encoding="utf-8")
    lot = ["stock", "inspect", "R4", "P1", "42", "--supplier", "U1", "--shelf", "D1", "--database", url]

    assert code in typed(capsys, *lot, "--readings", str(file), code=2)[0]
    assert "cli.readings_unreadable" in typed(capsys, *lot, "--readings", str(tmp_path), code=2)[0]
    ship = ["order", "ship", "R4", "WB", "P1", "--expected", AT, "--database", url]
    assert "cli.not_a_shipment" in typed(capsys, *ship, code=2)[0]
