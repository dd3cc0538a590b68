"""Figures of inventory on public demand come out again."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import inventory
from benchmarks.spare_parts import car_parts, raf
from kernel.errors import Refusal


def test_the_files_are_read_whole(public_files: Path) -> None:
    """Sizes as described, gaps left open, and the parts that can be planned."""
    history = car_parts(public_files)
    parts = raf(public_files)

    assert history.shape == (2674, 51)
    assert parts.demand.shape == (5000, 84)
    assert len(parts.planned(inventory.FITTED).price) == 4373


def test_a_file_that_is_none_is_refused_with_its_line(tmp_path: Path) -> None:
    """Never half of it, never a gap where a number was meant."""
    (tmp_path / "demand").mkdir()
    file = tmp_path / "demand" / "carparts.csv"
    file.write_text("1,2,nan\n1,x,3\n", encoding="utf-8")

    with pytest.raises(Refusal, match=r"benchmark\.malformed") as refused:
        car_parts(tmp_path)
    assert refused.value.at is not None
    assert refused.value.at.line == 2

    file.write_text("1,2,nan\n1,3\n", encoding="utf-8")
    with pytest.raises(Refusal, match=r"benchmark\.malformed"):
        car_parts(tmp_path)
    with pytest.raises(Refusal, match=r"benchmark\.unreadable"):
        raf(tmp_path)


@pytest.mark.slow  # plans thousands of parts
def test_all_parts_together_take_a_quarter_of_the_money(public_files: Path) -> None:
    """5.42 against 1.29 million pounds where no part may pass 1,200 units; without that limit less (the limit is inferred)."""
    found = inventory.system(public_files)

    limited = found["ready rate, at most 1200 units of a part"]
    assert limited["item by item"] == pytest.approx(5.42e6, abs=5e3)
    assert limited["together"] == pytest.approx(1.29e6, abs=5e3)
    for way in found.values():
        if isinstance(way, dict):
            assert way["units short together"] <= way["units short"]
            assert way["together"] < way["item by item"] / 3
    assert found["ready rate"]["together"] < limited["together"]


@pytest.mark.slow  # plans 4,373 parts at six places
def test_depot_and_bases_for_all_real_parts(public_files: Path) -> None:
    """The budget is kept, the bound is close, and a day is more than four hours."""
    found = inventory.echelon(public_files)

    assert found["parts"] == 4373
    assert found["money"] <= inventory.BUDGET * (1 + 1e-12)
    assert found["at the depot"] + found["at the bases"] == pytest.approx(found["money"])
    assert found["no plan below"] <= found["units short"] <= found["no plan below"] * 1.0001
    for four_hours, day in zip(found["within 4 h"], found["within 24 h"], strict=True):
        assert 0 < four_hours < day < 1


def test_a_hundred_thousand_part_places_reach_their_target(public_files: Path) -> None:
    """Every one of them, and with one unit less none would."""
    found = inventory.many(public_files)

    assert found["part-places"] == 100_000
    assert found["lowest fill rate"] >= inventory.TARGET - 1e-12
    assert found["highest fill rate of one unit less"] < inventory.TARGET


def test_the_command_prints_one_subject(public_files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What docs/benchmarks.md quotes is what is printed."""
    assert inventory.main(["--only", "errors"]) == 0

    printed = capsys.readouterr().out
    assert "car parts, seasonal naive MASE: 1.201463839097" in printed
    assert "MASE of forecasting nothing: 0.5338" in printed
