"""`fieldwright simulate` and `fieldwright staff`, as a manager types them."""

from __future__ import annotations

import csv
import json
import re
import shlex
from pathlib import Path

import pytest

from api.cli.app import run
from tests.conftest import ROOT

OFFICE = """
name = "Office"
name_zh = "办公设备"

[world]
made = "office-equipment"
days = 20
warm_up_days = 2

[world.numbers]
customers = 8
technicians = 1
"""
SECOND = """
name = "A second technician"
name_zh = "第二名技术员"

[[engineers]]
do = "add"
id = "E02"
like = "E01"
"""
Said = pytest.CaptureFixture[str]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A base and a patch of one's own."""
    (tmp_path / "office.toml").write_text(OFFICE, encoding="utf-8")
    (tmp_path / "second.toml").write_text(SECOND, encoding="utf-8")
    return tmp_path


def test_a_base_and_a_patch_give_tables_a_document_and_a_page(folder: Path, capsys: Said) -> None:
    """Everything in one folder, and the sentence that matters on the screen."""
    out = folder / "out"

    code = run(
        [
            "simulate",
            str(folder / "office.toml"),
            str(folder / "second.toml"),
            "--replications",
            "5",
            "--out",
            str(out),
        ]
    )

    said = capsys.readouterr().out
    assert code == 0
    assert "▼" in said or "▲" in said
    assert {path.name for path in out.iterdir()} == {
        "comparison.csv",
        "replications.csv",
        "promises.csv",
        "late.csv",
        "money.csv",
        "engineers.csv",
        "scenarios.json",
        "manifest.json",
        "plans.json",
        "plans.html",
        "scenarios.html",
    }
    rows = list(csv.DictReader((out / "comparison.csv").read_text(encoding="utf-8-sig").splitlines()))
    cost = next(row for row in rows if (row["figure"], row["scenario"]) == ("cost_week", "second"))
    assert float(cost["change_low"]) <= float(cost["change"]) <= float(cost["change_high"])
    assert json.loads((out / "manifest.json").read_text())["complete"] is True


def test_the_same_command_writes_the_same_bytes_in_both_languages_tables(folder: Path) -> None:
    """Tables are for machines: their words do not depend on who reads the page."""
    for lang in ("en", "zh"):
        assert (
            run(
                [
                    "simulate",
                    str(folder / "office.toml"),
                    "--replications",
                    "2",
                    "--out",
                    str(folder / lang),
                    "--lang",
                    lang,
                ]
            )
            == 0
        )

    for name in ("comparison.csv", "scenarios.json", "manifest.json"):
        assert (folder / "en" / name).read_bytes() == (folder / "zh" / name).read_bytes()
    assert "假如这样会怎样：办公设备" in (folder / "zh" / "scenarios.html").read_text(encoding="utf-8")


def test_two_policies_are_compared_like_two_scenarios(folder: Path) -> None:
    """The rule of thumb against the planner: every figure's difference with its interval, and what was simulated."""
    short = OFFICE.replace("days = 20", "days = 4").replace("warm_up_days = 2", "warm_up_days = 0")
    (folder / "office.toml").write_text(short, encoding="utf-8")
    out = folder / "out"
    words = ["simulate", str(folder / "office.toml"), "--policy", "fast,live", "--replications", "2"]

    assert run([*words, "--out", str(out)]) == 0

    rows = list(csv.DictReader((out / "comparison.csv").read_text(encoding="utf-8-sig").splitlines()))
    change = {row["figure"]: row for row in rows if row["scenario"] == "office@live"}
    assert set(change) == {row["figure"] for row in rows if row["scenario"] == "office"}
    low, high = (float(change["hours_to_restore"][end]) for end in ("change_low", "change_high"))
    assert low <= high
    assert json.loads((out / "manifest.json").read_text())["policy"] == "fast,live"
    assert "Office, live" in (out / "scenarios.html").read_text(encoding="utf-8")


def test_the_readmes_question_about_people_is_asked_as_it_stands_there(folder: Path, capsys: Said) -> None:
    """Its options, its patch and its order of words: asked of an office that promises no arrival it gets as far as that answer.

    Asked of Fujian it is minutes of work; the search itself is tested on a small region.
    """
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    (command,) = re.findall(r"^fieldwright (staff fujian_march .*)$", text, flags=re.MULTILINE)
    words = shlex.split(command.replace("fujian_march", str(folder / "office.toml")))
    words[words.index("--out") + 1] = str(folder / "roster")
    words[words.index("--workers") + 1] = "1"

    assert run(words) == 2

    assert "scenario.nothing_promised" in capsys.readouterr().err
    assert "demand_up_a_fifth" in words


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["simulate", "nowhere"], "scenario.no_file"),
        (["simulate", "office", "--policy", "slow"], "scenario.unknown_choice"),
        (["staff", "office", "--target", "arrive=1.5"], "scenario.not_a_target"),
        (["staff", "office", "--target", "arrive=0.9"], "scenario.nothing_promised"),
    ],
)
def test_what_cannot_be_done_is_refused_by_code(
    words: list[str], code: str, folder: Path, capsys: Said
) -> None:
    """Exit code 2, the sentence, the code; nothing written."""
    named = [str(folder / "office.toml") if word == "office" else word for word in words]

    assert run([*named, "--out", str(folder / "out")]) == 2

    assert code in capsys.readouterr().err
    assert not (folder / "out").exists()


def test_a_mistake_in_a_patch_is_named_by_file_line_and_key(folder: Path, capsys: Said) -> None:
    """A manager mends his file without asking anybody."""
    (folder / "second.toml").write_text(SECOND.replace('like = "E01"', 'like = "E99"'), encoding="utf-8")

    assert (
        run(
            ["simulate", str(folder / "office.toml"), str(folder / "second.toml"), "--out", str(folder / "o")]
        )
        == 2
    )

    assert "second.toml:5" in (said := capsys.readouterr().err)
    assert "scenario.unknown_id" in said


@pytest.mark.slow  # ten replications of each of five rosters
def test_the_cheapest_number_of_technicians_is_named_with_its_confidence(folder: Path, capsys: Said) -> None:
    """Eight customers need one."""
    code = run(["staff", str(folder / "office.toml"), "--target", "cost", "--out", str(folder / "out")])

    said = capsys.readouterr().out
    assert code == 0
    assert "1 engineer costs least" in said
    rows = list(csv.DictReader((folder / "out" / "roster.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert [(row["shift"], row["engineers"]) for row in rows] == [("always", "1")]
