"""`import`, `plan --database`, `export`, `runs`, `serve` as a new user meets them."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx2
import pytest

from api.cli import commands  # noqa: F401 registers every command
from api.cli.app import run
from api.text import say_refusal
from kernel.clock import SystemClock
from kernel.errors import Refusal
from storage.database import open_database
from storage.dataset.read import load
from storage.tables.people import Role
from tests.conftest import ROOT
from tests.dataset_builder import tiny
from tests.people_builders import bearer

PROGRAM = str(Path(sys.executable).with_name("fieldwright"))


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    """The tiny dataset."""
    return tiny(tmp_path / "tiny")


@pytest.fixture
def database(tmp_path: Path) -> str:
    """The URL of a file that is not there yet."""
    return f"sqlite:///{tmp_path}/fieldwright.db"


def test_a_database_plans_as_its_folder_does(dataset: Path, database: str, tmp_path: Path) -> None:
    """The same problem, the same bytes, whichever way the region came in."""
    assert run(["import", str(dataset), "--database", database]) == 0

    assert run(["plan", str(dataset), "--out", str(tmp_path / "a"), "--work", "50"]) == 0
    assert run(["plan", "--database", database, "--out", str(tmp_path / "b"), "--work", "50"]) == 0

    written = sorted(file.name for file in (tmp_path / "a").iterdir())
    assert written == sorted(file.name for file in (tmp_path / "b").iterdir())
    for name in set(written) - {"run.json"}:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes(), name


def test_export_gives_the_region_back(dataset: Path, database: str, tmp_path: Path) -> None:
    """And what was exported is exported the same once more: the files are in their final form."""
    run(["import", str(dataset), "--database", database])
    other = f"sqlite:///{tmp_path}/other.db"

    assert run(["export", "--database", database, "--out", str(tmp_path / "one")]) == 0
    assert run(["import", str(tmp_path / "one"), "--database", other]) == 0
    assert run(["export", "--database", other, "--out", str(tmp_path / "two")]) == 0

    assert load(tmp_path / "one") == load(dataset)
    for file in (tmp_path / "one").iterdir():
        assert file.read_bytes() == (tmp_path / "two" / file.name).read_bytes(), file.name


def test_importing_again_says_so(dataset: Path, database: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing happens, and nobody wonders."""
    run(["import", str(dataset), "--database", database])
    capsys.readouterr()

    assert run(["import", str(dataset), "--database", database]) == 0

    assert "nothing was changed" in capsys.readouterr().out


def test_now_fixes_the_moment_the_region_is_described_at(
    dataset: Path, database: str, tmp_path: Path
) -> None:
    """Shifts keep their hours on the day of that moment; what happened lies as long before it as it did."""
    assert run(["import", str(dataset), "--database", database, "--now", "2027-01-15T23:00+08:00"]) == 0
    run(["export", "--database", database, "--out", str(tmp_path / "moved")])

    whole, moved = load(dataset), load(tmp_path / "moved")

    assert moved.settings.as_of == datetime(2027, 1, 15, 15, 0, tzinfo=UTC)
    assert moved.field.shifts[0].worked.start == datetime(2027, 1, 15, 0, 0, tzinfo=UTC)
    assert [moved.settings.as_of - ticket.reported_at for ticket in moved.field.tickets] == [
        whole.settings.as_of - ticket.reported_at for ticket in whole.field.tickets
    ]


@pytest.mark.parametrize(("days", "said"), [(7, False), (8, True)])
def test_a_region_moved_to_another_weekday_says_so(
    dataset: Path, database: str, capsys: pytest.CaptureFixture[str], *, days: int, said: bool
) -> None:
    """A Saturday with the people of a Friday is no fault of the plan: whoever looks is told why."""
    moved = load(dataset).settings.as_of + timedelta(days=days)

    assert run(["import", str(dataset), "--database", database, "--now", moved.isoformat()]) == 0

    assert ("business hours keep their weekdays" in capsys.readouterr().out) is said


def test_live_describes_the_region_today_at_twenty_to_eleven(
    dataset: Path, database: str, tmp_path: Path
) -> None:
    """A demonstration is of this morning, whatever the hour the dataset was written at and whenever it is shown."""
    before = datetime.now(UTC).astimezone(ZoneInfo("Asia/Shanghai")).date()  # noqa: TID251 what the command reads
    assert run(["import", str(dataset), "--database", database, "--live"]) == 0
    after = datetime.now(UTC).astimezone(ZoneInfo("Asia/Shanghai")).date()  # noqa: TID251 as above
    run(["export", "--database", database, "--out", str(tmp_path / "moved")])

    as_of = load(tmp_path / "moved").settings.as_of.astimezone(ZoneInfo("Asia/Shanghai"))

    assert before <= as_of.date() <= after
    assert as_of.time() == time(10, 40)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["plan", "--out", "x"], "cli.dataset_or_database"),
        (["plan", "{dataset}", "--database", "{database}", "--out", "x"], "cli.dataset_or_database"),
        (["plan", "{dataset}", "--region", "R1", "--out", "x"], "cli.region_of_folder"),
        (
            ["import", "{dataset}", "--database", "{database}", "--live", "--now", "2026-01-01T00:00Z"],
            "import.live_and_now",
        ),
        (["import", "{dataset}", "--database", "mysql://x/y"], "database.unknown_kind"),
        (["export", "--database", "{database}", "--out", "x"], "database.no_such_file"),
        (["runs", "add", "--database", "{database}"], "database.no_such_file"),
    ],
)
def test_what_cannot_be_is_refused_with_a_code(
    arguments: list[str], code: str, dataset: Path, database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 2, a sentence, its code; nothing written."""
    given = [argument.format(dataset=dataset, database=database) for argument in arguments]

    assert run(given) == 2

    assert f"({code})" in capsys.readouterr().err


def test_a_folder_of_numbers_that_is_another_programs_is_refused(
    database: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Two programs would count in one another's files; one that is not there would end in a traceback."""
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path / "elsewhere"))

    assert run(["serve", "--database", database, "--port", "0"]) == 2

    assert "(serve.numbers_elsewhere)" in capsys.readouterr().err


def test_a_region_cannot_have_the_id_that_stands_for_the_whole_company(
    dataset: Path, database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its audit would be the company's, and no route would ever find it."""
    head = dataset / "region.toml"
    head.write_text(head.read_text(encoding="utf-8").replace('id = "R1"', 'id = "none"', 1), encoding="utf-8")

    assert run(["import", str(dataset), "--database", database]) == 2

    assert "(import.kept_for_the_company)" in capsys.readouterr().err


def test_a_changed_dataset_does_not_overwrite_what_is_there(
    dataset: Path, database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """People may have worked on the region since."""
    run(["import", str(dataset), "--database", database])
    (dataset / "customers.csv").write_text("customer_id,name\nC1,Renamed\n", encoding="utf-8")

    assert run(["import", str(dataset), "--database", database]) == 2

    assert "(import.region_there)" in capsys.readouterr().err


def test_a_run_is_asked_for_made_and_listed(
    dataset: Path, database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """From the queue to the plan with three commands."""
    run(["import", str(dataset), "--database", database])

    assert run(["runs", "add", "--database", database, "--work", "0", "--key", "r-1"]) == 0
    assert run(["worker", "--once", "--database", database]) == 0
    capsys.readouterr()
    assert run(["runs", "list", "--database", database]) == 0

    shown = capsys.readouterr().out
    assert "r-1" in shown
    assert "done" in shown
    assert run(["runs", "stop", "r-1", "--database", database]) == 2


def test_why_a_run_failed_is_listed_in_words(
    dataset: Path, database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever asked for it reads the reason, not only a code."""
    run(["import", str(dataset), "--database", database])
    run(["runs", "add", "--database", database, "--work", "-5", "--key", "r-1"])
    run(["worker", "--once", "--database", database])
    capsys.readouterr()

    assert run(["runs", "list", "--database", database]) == 0

    shown = " ".join(capsys.readouterr().out.split())
    assert "failed" in shown
    assert say_refusal(Refusal("budget.negative", seed=1, work=-5, seconds=0.0), "en") in shown


@pytest.mark.slow  # starts the whole program and waits for it
def test_serve_answers_until_sigterm(dataset: Path, database: str) -> None:
    """Started, asked, ended with code 0."""
    run(["import", str(dataset), "--database", database])
    opened = open_database(database)
    me = bearer(opened, Role.DISPATCHER, now=SystemClock().now())
    opened.close()
    server = subprocess.Popen(
        [PROGRAM, "serve", "--database", database, "--port", "0"],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"FIELDWRIGHT_SEARCH_LOAD": "start"},
    )
    assert server.stderr is not None
    address = ""
    for line in server.stderr:
        if found := re.search(r"http://127\.0\.0\.1:\d+", line):
            address = found[0]
            break

    ready = httpx2.get(f"{address}/readyz", timeout=10).json()
    stranger = httpx2.get(f"{address}/v1/tickets", timeout=10)
    tickets = httpx2.get(f"{address}/v1/tickets", timeout=10, headers=me).json()
    server.send_signal(signal.SIGTERM)

    assert server.wait(timeout=30) == 0
    server.stderr.close()
    # Whoever is answered first does not wait for the search: it was loaded before there was anybody to answer.
    assert (ready["ready"], ready["search"]) == (True, "loaded")
    assert [one["id"] for one in tickets["tickets"]] == ["G1", "G2"]
    assert (stranger.status_code, stranger.json()["code"]) == (401, "session.none")
