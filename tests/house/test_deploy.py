"""deploy/ names only what is there: commands with their options, files of the repository, settings."""

from __future__ import annotations

import configparser
import json
import re
import shlex
import tomllib
from pathlib import Path
from typing import Any

import pytest
import typer

from api.cli.app import app
from api.settings import PREFIX, Settings
from tests.conftest import ROOT

FOLDER = ROOT / "deploy"
UNITS = sorted(FOLDER.glob("*.service"))
BOX = FOLDER / "Containerfile"


def known_command(words: list[str]) -> bool:
    """Whether the program has this command, with these options."""
    import api.cli.commands  # noqa: F401 registers them

    group: Any = typer.main.get_command(app)
    command = group.commands[words[0]]
    options = {option for one in command.params for option in one.opts}
    return all(word in options for word in words[1:] if word.startswith("--"))


def unit(file: Path) -> configparser.ConfigParser:
    """A unit file, read."""
    read = configparser.ConfigParser(interpolation=None, strict=False)
    read.optionxform = str  # type: ignore[assignment,method-assign] # systemd's names have capitals
    read.read_string(file.read_text(encoding="utf-8"))
    return read


@pytest.mark.parametrize("file", UNITS, ids=lambda file: file.name)
def test_a_unit_starts_a_command_there_is(file: Path) -> None:
    """A renamed option would be found by whoever restarts the machine."""
    program, *words = shlex.split(unit(file)["Service"]["ExecStart"])

    assert program == "/opt/fieldwright/.venv/bin/fieldwright"
    assert known_command(words)


@pytest.mark.parametrize("file", UNITS, ids=lambda file: file.name)
def test_a_unit_gives_the_program_time_to_end(file: Path) -> None:
    """Longer than the longest the program waits by default, or requests under way are cut off after all."""
    assert int(unit(file)["Service"]["TimeoutStopSec"]) > Settings.model_fields["stop_s"].default
    assert unit(file)["Service"]["KillSignal"] == "SIGTERM"


@pytest.mark.parametrize("file", [*UNITS, BOX], ids=lambda file: file.name)
def test_variables_are_settings(file: Path) -> None:
    """A misspelt one would be refused at the start; here it is found before."""
    named = set(re.findall(rf"{PREFIX}([A-Z_]+)=", file.read_text(encoding="utf-8")))

    assert named
    assert {name.lower() for name in named} <= set(Settings.model_fields) | {"settings", "cache"}


def test_the_settings_file_is_accepted() -> None:
    """It is copied as it stands."""
    told = tomllib.loads((FOLDER / "settings.toml").read_text(encoding="utf-8"))

    assert Settings(**told).database.endswith("/var/lib/fieldwright/fieldwright.db")


def test_the_container_takes_files_that_are_there_and_starts_a_command_there_is() -> None:
    """And every package the program is made of."""
    lines = BOX.read_text(encoding="utf-8").splitlines()
    copied = [word for line in lines if line.startswith("COPY ") for word in line.split()[1:-1]]
    (command,) = [json.loads(line.removeprefix("CMD ")) for line in lines if line.startswith("CMD ")]
    built = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    packages = built["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]

    assert all((ROOT / name).exists() for name in copied)
    assert set(packages) <= set(copied)
    assert command[0] == "fieldwright"
    assert known_command(command[1:])
    assert any(line.startswith("USER ") for line in lines)
