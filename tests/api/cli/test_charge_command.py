"""`fieldwright charge` as the desk meets it: covered or not and why, what it costs, how charges stand, CSV."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from api.cli import commands  # noqa: F401 registers the commands
from api.cli.app import run
from tests.dataset_builder import tiny

CONTRACTS = "contract_id,customer_id,scheme,scheme_version,valid_from,valid_until\nK1,C1,{scheme},,2026-01-01,2026-12-31\n"
ASSETS = "asset_id,site_id,model,serial,loaner_class,invoiced_on,made_on,warranty_months\nA1,S1,M-9,0007,L1,{invoiced},2024-01-01,12\n"
TICKETS = """ticket_id,site_id,asset_id,contract_id,scheme,scheme_version,severity,kind,reported_at,symptom,text
G1,S1,A1,K1,{scheme},,P2,fault,2026-03-06T07:00+08:00,,dark
"""
STEPS = """charge_id,ticket_id,at,by,step,item,cents,part_id,quantity,reason
Q1,G1,2026-03-06T07:10+08:00,desk-1,quoted,part,2500,P1,2,
Q1,G1,2026-03-06T07:20+08:00,desk-1,accepted,,,,,
Q1,G1,2026-03-06T07:30+08:00,desk-1,deposit_recorded,,1000,,,
"""


def folder(at: Path, *, scheme: str = "field-2-12", invoiced: str = "2025-06-15", **more: str) -> str:
    """A region with one ticket under a scheme, its equipment invoiced on a day."""
    files: dict[str, str | None] = {
        "contracts": CONTRACTS.format(scheme=scheme),
        "assets": ASSETS.format(invoiced=invoiced) + "A2,S2,M-9,0008,,,,\n",
        "tickets": TICKETS.format(scheme=scheme)
        + "G2,S2,,,field-2-4-24,,P3,advice,2026-03-05T07:00+08:00,,\n",
        **more,
    }
    tiny(at, **files)
    for name, text in more.items():
        (at / f"{name}.csv").write_text(text, encoding="utf-8")
    return str(at)


def asked(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, object]:
    """What the command answers in JSON."""
    assert run(["charge", "quote", "G1", *arguments, "--json"]) == 0
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


def test_a_ticket_under_warranty_costs_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The reason names serial, date and end of the warranty."""
    dataset = folder(tmp_path)

    assert run(["charge", "quote", "G1", dataset, "--part", "P1:2"]) == 0

    assert capsys.readouterr().out.splitlines() == [
        "G1: covered",
        "Under warranty: serial 0007, from 2025-06-15 (invoice) until before 2026-06-15.",
    ]


def test_after_the_warranty_parts_are_at_cost_and_labour_is_free(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """field-2-12: two fuses at 12.50 each, whatever their list price, and no call."""
    found = asked(capsys, folder(tmp_path, invoiced="2024-06-15"), "--part", "P1:2=99.00")

    assert found["verdict"] == "chargeable"
    assert found["lines"] == [{"item": "part", "part": "P1", "quantity": 2, "amount": "25.00"}]
    assert (found["total"], found["deposit"]) == ("25.00", "0.00")


def test_a_call_of_the_value_added_scheme_wants_half_before(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """At most 200 a call: 150 may be quoted, 250 may not."""
    dataset = folder(tmp_path, scheme="value-added")

    assert run(["charge", "quote", "G1", dataset]) == 2
    assert "charge.amount_missing" in capsys.readouterr().err
    assert asked(capsys, dataset, "--price", "call=200.00")["total"] == "200.00"
    cheaper = asked(capsys, dataset, "--price", "call=150.00")
    assert (cheaper["total"], cheaper["deposit"]) == ("150.00", "75.00")
    assert run(["charge", "quote", "G1", dataset, "--price", "call=250.00"]) == 2
    assert "charge.outside_bound" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["G9"], "desk.unknown_ticket"),
        (["G1", "--part", "P9:1"], "charge.unknown_part"),
        (["G1", "--part", "P1"], "charge.not_a_part"),
        (["G1", "--ask", "opinion"], "charge.unknown_fee"),
        (["G1", "--ask", "report"], "charge.no_price"),
        (["G1", "--price", "call=much"], "money.not_an_amount"),
    ],
)
def test_what_cannot_be_quoted_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], code: str
) -> None:
    """A slip of the pen is named, not priced."""
    dataset = folder(tmp_path)

    assert run(["charge", "quote", arguments[0], dataset, *arguments[1:]]) == 2

    assert code in capsys.readouterr().err


def test_a_missing_date_is_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Neither invoice nor factory date: nobody can tell what it costs."""
    assets = "asset_id,site_id,model,serial,loaner_class\nA1,S1,M-9,0007,L1\nA2,S2,M-9,0008,\n"

    assert run(["charge", "quote", "G1", folder(tmp_path, assets=assets)]) == 2

    complaint = capsys.readouterr().err
    assert "invoiced_on, made_on, warranty_months" in complaint
    assert "charge.not_known" in complaint


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_charges_stand_in_a_list_and_in_a_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], lang: str
) -> None:
    """What is still to come in is seen at a glance; the file has every step."""
    dataset = folder(tmp_path / "region", charge_events=STEPS)
    out = tmp_path / "charges.csv"

    code = run(
        ["charge", "list", dataset, "--out", str(out), "--now", "2026-03-06T08:00+08:00", "--lang", lang]
    )

    shown = capsys.readouterr()
    assert (code, shown.err) == (0, "")
    assert shown.out.splitlines()[1].split()[-4:] == ["25.00", "0.00", "10.00", "15.00"]
    rows = list(csv.DictReader(out.read_text(encoding="utf-8").splitlines()))
    assert [(row["step"], row["amount"], row["currency"]) for row in rows] == [
        ("quoted", "25.00", "CNY"),
        ("accepted", "", "CNY"),
        ("deposit_recorded", "10.00", "CNY"),
    ]


def test_what_came_later_is_not_yet_known(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The list is of a moment: before the deposit came in, all of it is still to come."""
    dataset = folder(tmp_path, charge_events=STEPS)

    assert run(["charge", "list", dataset, "--now", "2026-03-06T07:25+08:00"]) == 0

    assert capsys.readouterr().out.splitlines()[1].split()[-2:] == ["0.00", "25.00"]


def test_a_ticket_shows_whether_it_is_covered(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The desk tells the customer before anybody drives."""
    dataset = folder(tmp_path)

    assert run(["ticket", "show", "G1", dataset]) == 0

    shown = " ".join(capsys.readouterr().out.split())
    assert "covered: Under warranty: serial 0007, from 2025-06-15 (invoice) until before 2026-06-15." in shown
