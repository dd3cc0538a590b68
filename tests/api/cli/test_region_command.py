"""`fieldwright region`: folders written, read back whole, and nothing overwritten."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.cli import commands
from api.cli.app import run
from storage.dataset.read import read

SMALL = [
    "region", "new", "--engineers", "5", "--visits", "12", "--parts", "27", "--remote", "3", "--closed", "60",
]  # fmt: skip

assert commands.__doc__  # importing it registers the commands


def test_a_new_region_reads_back_whole(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What one command writes the next must accept."""
    code = run([*SMALL, "--seed", "7", "--out", str(tmp_path / "made")])

    reading = read(tmp_path / "made")

    assert code == 0
    assert list(reading.refusals) == []
    assert reading.region is not None
    assert len(reading.region.field.visits) == 12
    assert "visits.csv" in capsys.readouterr().out


def test_the_same_seed_writes_the_same_bytes(tmp_path: Path) -> None:
    """A region can be named by its numbers and its seed."""
    for name in ("one", "two"):
        assert run([*SMALL, "--seed", "7", "--out", str(tmp_path / name)]) == 0

    first = {file.name: file.read_bytes() for file in (tmp_path / "one").iterdir()}
    second = {file.name: file.read_bytes() for file in (tmp_path / "two").iterdir()}

    assert first == second


def test_a_folder_that_holds_something_is_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Somebody's files are never overwritten."""
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")

    code = run([*SMALL, "--out", str(tmp_path)])

    assert code == 2
    assert [file.name for file in tmp_path.iterdir()] == ["mine.txt"]
    assert "dataset.target_not_empty" in capsys.readouterr().err


def test_nonsense_numbers_are_refused_before_anything_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No engineers, no region; said with the bounds, in the language asked for."""
    code = run(
        ["region", "new", "--engineers", "0", "--visits", "5", "--out", str(tmp_path / "x"), "--lang", "zh"]
    )

    said = capsys.readouterr().err
    assert code == 2
    assert "scenario.out_of_range" in said
    assert "必须在" in said
    assert not (tmp_path / "x").exists()
