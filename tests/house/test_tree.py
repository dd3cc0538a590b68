"""The tree: known folders only, and every rule has its four parts."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from api.text import catalogue
from dispatch.rules import Rule
from tests.conftest import ROOT, set_by_name

ROOMS = {
    ".ci",
    "api",
    "benchmarks",
    "console",
    "deploy",
    "dispatch",
    "docs",
    "inventory",
    "kernel",
    "scenarios",
    "storage",
    "tests",
}


def tracked() -> list[str]:
    """Files git tracks or would track."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()


def test_no_unknown_folder_stands_at_the_top() -> None:
    """A new room is a decision, written here first."""
    found = {path.split("/")[0] for path in tracked() if "/" in path}

    assert found <= ROOMS


def test_nothing_tracked_is_large_or_built() -> None:
    """The repository holds sources; a file past 700 kB is data or a build."""
    large = [path for path in tracked() if (ROOT / path).exists() and (ROOT / path).stat().st_size > 700_000]

    assert large == []


@pytest.mark.parametrize("rule", list(Rule))
def test_a_rule_has_its_row_its_verifier_and_its_words(rule: Rule) -> None:
    """A rule is whole only with a row in docs/rules.md, a part in the verifier and the solver, and a sentence."""
    page = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
    row = next((line for line in page.splitlines() if line.startswith(f"| `{rule}`")), "")
    codes = re.findall(r"`((?:verify|why|unassigned)\.[a-z_]+)`", row)
    solver = re.findall(r"`(dispatch/solve/[a-z_]+\.py)`", row)

    assert row, "no row in docs/rules.md"
    assert codes, "no sentence named"
    assert all(code in catalogue("en") for code in codes)
    assert solver, "no solver file named"
    assert all((ROOT / file).exists() for file in solver)
    verifier = (ROOT / "dispatch" / "verify").glob("*.py")
    assert any(f"Rule.{rule.name}" in file.read_text(encoding="utf-8") for file in verifier)


def test_modules_stay_within_a_sitting() -> None:
    """About 300 lines; past 450 a module is split by subject."""
    long = {
        path: lines
        for path in tracked()
        if path.endswith(".py")
        and (ROOT / path).exists()
        and (lines := len(Path(ROOT / path).read_text(encoding="utf-8").splitlines())) > 450
    }

    assert not long


@pytest.mark.parametrize(("value", "on"), [("1", True), ("0", False), ("", False), ("no", False)])
def test_a_switch_of_the_tests_is_on_only_as_1(value: str, on: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who writes FIELDWRIGHT_WRITE_GOLDEN=0 wants nothing written."""
    monkeypatch.setenv("FIELDWRIGHT_WRITE_GOLDEN", value)

    assert set_by_name("FIELDWRIGHT_WRITE_GOLDEN") is on


def test_no_test_reads_a_switch_past_the_one_place() -> None:
    """A second reading would call 0 set again."""
    ours = [path for path in tracked() if path.startswith("tests/") and path.endswith(".py")]

    past = [path for path in ours if re.search(r"environ\W+(get\W+)?FIELDWRIGHT_WRITE", _text(path))]

    assert not past


def _text(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8") if (ROOT / path).exists() else ""
