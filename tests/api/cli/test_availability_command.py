"""`fieldwright availability` as a storekeeper meets it."""

from __future__ import annotations

import json

import pytest

from api.cli import commands  # noqa: F401 registers the commands
from api.cli.app import run
from tests.conftest import ROOT

FUJIAN = str(ROOT / "scenarios" / "library" / "fujian")


def test_the_chances_stand_beside_their_calculation(capsys: pytest.CaptureFixture[str]) -> None:
    """A line for a part at a place, a sentence for each window, and how many lines are not shown."""
    assert run(["availability", FUJIAN, "--limit", "2"]) == 0

    printed = " ".join(capsys.readouterr().out.split())
    assert "within 4 h" in printed
    assert "within 24 h" in printed
    assert printed.count("asked for a day") == 4
    assert "more lines are not shown" in printed


def test_json_holds_inputs_result_and_bounds(capsys: pytest.CaptureFixture[str]) -> None:
    """For another program: every figure of the trace by its name; other windows, one place, Chinese sentences."""
    chosen = ["--place", "D-FZ", "--hours", "8", "--hours", "72", "--json", "--lang", "zh", "--limit", "0"]

    assert run(["availability", FUJIAN, *chosen]) == 0

    rows = json.loads(capsys.readouterr().out)
    assert {row["place"] for row in rows} == {"D-FZ"}
    assert len(rows) > 20
    for row in rows:
        eight, later = row["within"]
        assert (eight["hours"], later["hours"]) == (8, 72)
        assert eight["bounds"]["at_once"] <= eight["chance"] <= later["chance"] <= 1
        assert eight["inputs"]["order_up_to"] == row["order_up_to"]
        assert "小时内" in eight["why"]
    by_importance = [row["criticality"] for row in rows]
    assert by_importance == sorted(by_importance)


def test_a_part_nobody_keeps_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    """An empty table would look like a mistake."""
    assert run(["availability", FUJIAN, "--part", "P-NONE"]) == 0

    assert "No part is kept" in capsys.readouterr().out


def test_a_budget_for_reordering_is_kept(capsys: pytest.CaptureFixture[str]) -> None:
    """What does not fit is listed without a source; the money spent stays within."""
    assert run(["reorder", FUJIAN, "--json", "--limit", "0"]) == 0
    free = json.loads(capsys.readouterr().out)["proposals"]
    assert run(["reorder", FUJIAN, "--json", "--limit", "0", "--budget", "700"]) == 0
    held = json.loads(capsys.readouterr().out)["proposals"]

    assert sum(float(row["cost"]) for row in free if row["source"] == "purchase") > 700
    assert 0 < sum(float(row["cost"]) for row in held if row["source"] == "purchase") <= 700
    assert any(row["source"] == "none" for row in held)
