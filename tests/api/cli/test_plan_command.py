"""`fieldwright plan`, `verify` and `explain` as a new user meets them, on the built-in region and on bad input."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from api.cli import commands
from api.cli.app import run
from api.report.stories import stories
from api.report.view import Report
from api.usecases.planning import proposals_for
from dispatch.board import Board
from dispatch.pose import problem_of
from storage.dataset.read import load
from storage.plan_file import read_plan
from tests.conftest import ROOT
from tests.dataset_builder import TINY, edited, tiny

assert commands.__doc__  # importing it registers the commands

FUJIAN = ROOT / "scenarios" / "library" / "fujian"
WORK = ["--work", "3000", "--seed", "5"]
FILES = {"plan.json", "manifest.json", "visits.csv", "routes.geojson", "plan.html", "run.json"}


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built-in region planned once, in this process."""
    out = tmp_path_factory.mktemp("planned") / "out"
    assert run(["plan", str(FUJIAN), "--out", str(out), *WORK]) == 0
    return out


def test_a_plan_leaves_its_files(planned: Path) -> None:
    """What the README promises lies there."""
    assert {path.name for path in planned.iterdir()} == FILES


@pytest.mark.slow  # two processes that load the compiled search
def test_a_second_run_in_a_fresh_process_is_byte_identical(planned: Path, tmp_path: Path) -> None:
    """Same dataset, seed and work: the same bytes, in everything but the record of the run."""
    program = Path(sys.executable).with_name("fieldwright")
    command = [str(program), "plan", str(FUJIAN), "--out", str(tmp_path / "again"), *WORK]

    subprocess.run(command, check=True, capture_output=True)

    for name in FILES - {"run.json"}:
        assert (tmp_path / "again" / name).read_bytes() == (planned / name).read_bytes(), name


def test_the_plan_verifies_and_a_moved_stop_does_not(
    planned: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit 0 only when nothing is wrong; a plan somebody edited is found out."""
    assert run(["verify", str(FUJIAN), str(planned / "plan.json")]) == 0

    document = json.loads((planned / "plan.json").read_text(encoding="utf-8"))
    document["claimed"]["travel_time"] -= 1
    edited_plan = tmp_path / "plan.json"
    edited_plan.write_text(json.dumps(document), encoding="utf-8")
    capsys.readouterr()

    assert run(["verify", str(FUJIAN), str(edited_plan)]) == 1
    assert "verify.claim_differs" in capsys.readouterr().out


def test_every_story_of_the_demo_happens(planned: Path) -> None:
    """Transfer beats purchase, a loaner for an overrun and beside its bill, original parts only, a certificate that ran out, parts below their reorder point, a lot that failed, a device that fails again."""
    region = load(FUJIAN)
    board = Board.of(region)
    problem, plan = problem_of(board), read_plan(planned / "plan.json").plan

    told = stories(Report(board, problem, plan, proposals_for(board, problem, plan)))

    assert {one.story.kind for one in told} == {
        "transfer_beats_purchase",
        "loaner_for_overrun",
        "loaner_against_bill",
        "original_only",
        "certificate_expired",
        "below_reorder_point",
        "lot_failed",
        "repeat_fault",
    }
    assert [one.sentence.code for one in told if not one.holds] == []


def test_the_visit_nobody_may_do_is_explained_with_the_change_that_helps(
    planned: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Proved, by whose certificate, and what to renew."""
    code = run(["explain", str(FUJIAN), str(planned / "plan.json"), "V-LY-CERT"])

    said = capsys.readouterr().out
    assert code == 0
    assert "2026-03-05" in said
    assert "[proved]" in said
    assert "Renew certificate" in said


def test_a_planned_visit_is_explained_too(planned: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Why this engineer: every shift's answer, those that fit first."""
    code = run(["explain", str(FUJIAN), str(planned / "plan.json"), "V-QZ-LOANER", "--json"])

    found = json.loads(capsys.readouterr().out)
    assert code == 0
    assert found["planned"]
    assert {answer["layer"] for answer in found["answers"]} >= {"filter", "insert"}


def test_both_languages_speak(planned: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same answer in Chinese."""
    assert run(["explain", str(FUJIAN), str(planned / "plan.json"), "V-LY-CERT", "--lang", "zh"]) == 0

    assert "续期证书" in capsys.readouterr().out


def missing_file(folder: Path) -> None:
    """Take a needed file away."""
    (folder / "sites.csv").unlink()


def ten_thousand_bad_rows(folder: Path) -> None:
    """Add ten thousand parts with a negative price."""
    rows = "".join(f"X{number},Part,consumable,-1,1\n" for number in range(10_000))
    (folder / "parts.csv").write_text(TINY["parts.csv"] + rows, encoding="utf-8")


def empty(folder: Path) -> None:
    """Leave nothing."""
    for path in folder.iterdir():
        path.unlink()


def change(file: str, old: str, new: str) -> Callable[[Path], None]:
    """An edit of one file of the tiny folder."""

    def edit(folder: Path) -> None:
        (folder / file).write_text(edited(file, old, new), encoding="utf-8")

    return edit


BAD: dict[str, tuple[Callable[[Path], None], str]] = {
    "missing file": (missing_file, "dataset.missing_file"),
    "wrong column": (change("sites.csv", "lat", "latitude"), "dataset.unknown_column"),
    "latitude 91": (change("sites.csv", "26.07", "91"), "place.latitude_out_of_range"),
    "negative quantity": (change("part_requirements.csv", "V1,P1,2", "V1,P1,-2"), "dataset.negative"),
    "unknown skill": (change("visits.csv", "fiber:1", "fibre:1"), "dataset.unknown_skill"),
    "naive time": (
        change(
            "shifts.csv",
            "2026-03-06T08:00+08:00,2026-03-06T17:00+08:00,D1",
            "2026-03-06T08:00,2026-03-06T17:00+08:00,D1",
        ),
        "clock.naive_time",
    ),
    "shift ends before it starts": (
        change("shifts.csv", "H2,E2,2026-03-06T08:00+08:00", "H2,E2,2026-03-06T18:00+08:00"),
        "ends_before_start",
    ),
    "duplicate id": (change("skills.csv", "fiber,Fibre", "hv,Fibre"), "dataset.duplicate_id"),
    "ten thousand bad rows": (ten_thousand_bad_rows, "more refusals"),
    "empty folder": (empty, "dataset.empty_folder"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_refused_with_a_code_and_nothing_is_written(
    case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 2, a coded sentence, no traceback, no file."""
    spoil, code = BAD[case]
    folder = tiny(tmp_path / "region")
    spoil(folder)

    result = run(["plan", str(folder), "--out", str(tmp_path / "out"), "--work", "10"])

    said = capsys.readouterr()
    assert result == 2
    assert code in said.err
    assert "Traceback" not in said.err
    assert not (tmp_path / "out").exists()


def test_accept_partial_goes_on_with_what_was_accepted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The refusals are still said."""
    folder = tiny(tmp_path / "region", visits=edited("visits.csv", "fiber:1", "fibre:1"))

    code = run(["plan", str(folder), "--out", str(tmp_path / "out"), "--work", "10", "--accept-partial"])

    assert code == 0
    assert "dataset.unknown_skill" in capsys.readouterr().err
    assert (tmp_path / "out" / "plan.json").exists()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--work", "-1"], "budget.negative"),
        (["--work", "10", "--now", "2026-03-06T09:00"], "clock.naive_time"),
        (["--work", "10", "--lang", "fr"], "cli.unknown_language"),
    ],
)
def test_bad_options_are_refused(
    arguments: list[str], code: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Options are input too."""
    folder = tiny(tmp_path / "region")

    assert run(["plan", str(folder), "--out", str(tmp_path / "out"), *arguments]) == 2

    assert code in capsys.readouterr().err


def test_a_plan_of_another_dataset_is_refused(
    planned: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A plan belongs to the dataset it was made from."""
    folder = tiny(tmp_path / "region")

    assert run(["verify", str(folder), str(planned / "plan.json")]) == 2

    assert "plan_file." in capsys.readouterr().err
