"""`fieldwright report`: the same figures from a folder and a database, refusals that say what to do."""

from __future__ import annotations

import re
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from api.cli import commands
from api.cli.app import run
from api.text.spoken import wall_clock
from kernel.clock import SystemClock

SHANGHAI = ZoneInfo("Asia/Shanghai")
SMALL = [
    "region", "new", "--engineers", "5", "--visits", "12", "--parts", "27", "--remote", "3", "--closed", "120",
]  # fmt: skip

assert commands.__doc__  # importing it registers the commands


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small region."""
    made = tmp_path_factory.mktemp("region") / "made"
    assert run([*SMALL, "--seed", "7", "--out", str(made)]) == 0
    return made


def test_a_folder_and_a_database_give_the_same_files(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """There is one set of facts."""
    database = f"sqlite:///{tmp_path / 'made.db'}"
    assert run(["import", str(folder), "--database", database]) == 0

    asked = ["--period", "month", "--now", "2026-03-06T10:40+08:00"]
    codes = [
        run(["report", str(folder), *asked, "--out", str(tmp_path / "one")]),
        run(["report", "--database", database, *asked, "--out", str(tmp_path / "two")]),
    ]

    assert codes == [0, 0]
    first, second = (
        {file.name: file.read_bytes() for file in (tmp_path / name).iterdir()} for name in ("one", "two")
    )
    assert first == second
    assert {"attainment.csv", "restore.csv", "measures.html"} <= first.keys()
    assert "measures.html" in capsys.readouterr().out


def test_a_database_is_judged_now_and_a_folder_at_its_own_moment(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A desk goes on after its region was brought in: last week is the week before today."""
    database = f"sqlite:///{tmp_path / 'made.db'}"
    assert run(["import", str(folder), "--database", database]) == 0
    capsys.readouterr()

    before = SystemClock().now()
    assert run(["report", "--database", database]) == 0
    judged = re.findall(r"judged as of ([-0-9]+ [:0-9]+)", capsys.readouterr().out)
    assert wall_clock(before, SHANGHAI) <= judged[0] <= wall_clock(SystemClock().now(), SHANGHAI)
    assert run(["report", str(folder)]) == 0
    assert "judged as of 2026-03-06 10:40" in capsys.readouterr().out


def test_a_report_is_cut_into_periods(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """How things go is seen week by week: one file a table, a row begins with its days."""
    asked = ["report", str(folder), "--period", "2026-02-09..2026-03-01", "--every", "week"]

    codes = [
        run([*asked, "--out", str(tmp_path)]),
        run([*asked[:-1], "day", "--period", "2025-01-01..2025-12-31"]),
    ]

    assert codes == [0, 2]
    said = capsys.readouterr()
    assert "attainment_by_week.csv" in said.out
    assert "period.too_many" in said.err + said.out
    lines = (tmp_path / "figures_by_week.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines[0] == "first,last,figure,share,of"
    assert {line[:21] for line in lines[1:]} == {
        "2026-02-09,2026-02-15",
        "2026-02-16,2026-02-22",
        "2026-02-23,2026-03-01",
    }


def test_without_a_folder_nothing_is_written(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Looking at figures leaves no files behind."""
    monkeypatch.chdir(tmp_path)

    code = run(["report", str(folder), "--lang", "zh"])

    assert code == 0
    assert list(tmp_path.iterdir()) == []
    assert "承诺达成" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--period", "year"], "period.not_a_period"),
        (["--period", "2026-04-01..2026-04-30"], "period.not_begun"),
        (["--now", "2026-03-06T10:40"], "clock.naive_time"),
        (["--database", "sqlite:///none.db"], "cli.dataset_or_database"),
    ],
)
def test_what_cannot_be_reported_is_refused(
    folder: Path, options: list[str], code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 2 and the code in brackets."""
    assert run(["report", str(folder), *options]) == 2
    assert f"({code})" in capsys.readouterr().err
