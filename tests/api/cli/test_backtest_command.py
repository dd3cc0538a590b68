"""`fieldwright backtest`, as somebody types it who does not believe a model."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from api.cli.app import run
from tests.conftest import ROOT
from tests.dataset_builder import tiny

FUJIAN = str(ROOT / "scenarios" / "library" / "fujian")


@pytest.mark.slow  # reads the built-in region
def test_the_error_of_every_figure_stands_with_its_interval(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A table, what the history lacks, and a file for machines."""
    words = ["backtest", FUJIAN, "--days", "28", "--replications", "2", "--out", str(tmp_path / "out")]

    assert run(words) == 0

    said = capsys.readouterr().out
    assert "What history does not keep" in said
    text = (tmp_path / "out" / "backtest.csv").read_text(encoding="utf-8-sig")
    rows = {row["figure"]: row for row in csv.DictReader(text.splitlines())}
    for row in rows.values():
        assert float(row["error_low"] or 0) <= float(row["error"] or 0) <= float(row["error_high"] or 0)
    hours = rows["hours_to_arrive"]
    assert int(hours["tickets"]) > 50
    assert float(hours["error"]) == pytest.approx(
        float(hours["modelled"]) - float(hours["happened"]), abs=1.0
    )


def test_a_region_without_a_database_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--region` says which of a database; a folder has only one."""
    words = ["simulate", "office_equipment", "--region", "fujian", "--out", str(tmp_path / "out")]

    assert run(words) == 2

    assert "cli.region_of_folder" in capsys.readouterr().err


def test_a_world_of_the_library_has_no_database(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Refused by name instead of simulating something else."""
    tiny(tmp_path / "tiny")
    url = f"sqlite:///{tmp_path / 'f.db'}"
    assert run(["import", str(tmp_path / "tiny"), "--database", url]) == 0
    words = ["simulate", "office_equipment", "--database", url, "--out", str(tmp_path / "out")]

    assert run(words) == 2

    assert "scenario.made_not_live" in capsys.readouterr().err
