"""Each import contract fails when it is broken: a contract that cannot fail guards nothing."""

from __future__ import annotations

import configparser
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

BREAKS = {
    "rooms": ("kernel/ids.py", "import dispatch.plan"),
    "rules-know-no-edge": ("dispatch/policy.py", "import sqlalchemy"),
    "one-door-to-the-engines": ("dispatch/summary.py", "import ortools"),
    "one-door-to-inventory": ("dispatch/pose/supply.py", "import inventory.review"),
    "verifier-knows-no-solver": ("dispatch/verify/claims.py", "import dispatch.solve.budget"),
    "solver-knows-no-verifier": ("dispatch/solve/budget.py", "import dispatch.cost"),
    "inside-kernel": ("kernel/newcomer.py", ""),
    "inside-inventory": ("inventory/newcomer.py", ""),
    "inside-dispatch": ("dispatch/newcomer.py", ""),
    "inside-storage": ("storage/newcomer.py", ""),
    "inside-scenarios": ("scenarios/newcomer.py", ""),
    "inside-api": ("api/newcomer.py", ""),
}
ROOMS = ("kernel", "inventory", "dispatch", "storage", "scenarios", "api", "benchmarks")


def contracts() -> list[str]:
    """The names of all contracts."""
    config = configparser.ConfigParser()
    config.read(ROOT / ".importlinter")
    return [name.removeprefix("importlinter:contract:") for name in config.sections() if ":contract:" in name]


def lint(folder: Path, *contracts: str) -> subprocess.CompletedProcess[str]:
    """Run import-linter on a copy of the sources."""
    lint_imports = Path(sys.executable).with_name("lint-imports")
    chosen = [word for contract in contracts for word in ("--contract", contract)]
    command = [str(lint_imports), "--config", ".importlinter", "--no-cache", "--no-logo", *chosen]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The Python sources and the contracts, to be broken."""
    for room in ROOMS:
        shutil.copytree(
            ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__", "*.csv", "*.toml")
        )
    shutil.copy(ROOT / ".importlinter", tmp_path)
    return tmp_path


def test_every_contract_is_tried() -> None:
    """A new contract needs a break of its own here."""
    assert sorted(BREAKS) == sorted(contracts())


@pytest.mark.slow  # each contract reads the whole import graph once more
@pytest.mark.parametrize("contract", sorted(BREAKS))
def test_a_broken_contract_is_reported(contract: str, copy: Path) -> None:
    """One wrong import, or one file nobody placed, and the contract says so by name."""
    file, line = BREAKS[contract]
    path = copy / file
    kept = path.read_text(encoding="utf-8") if path.exists() else ""
    path.write_text(f"{kept}\n{line}\n", encoding="utf-8")

    result = lint(copy, contract)

    assert result.returncode == 1, result.stdout + result.stderr
    assert "BROKEN" in result.stdout
