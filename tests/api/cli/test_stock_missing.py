"""A question never makes the database it asks."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.cli import commands
from api.cli.app import run

assert commands.__doc__  # importing it registers the commands


@pytest.mark.parametrize(
    "question",
    [
        ["stock", "pick", "P1", "1", "--from", "D-1", "--to", "D-2", "--look"],
        ["stock", "promise", "P1", "D-1"],
        ["runs", "list"],
        ["export", "--out", "{out}"],
    ],
)
def test_a_database_that_is_not_there_is_refused_and_not_made(
    question: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A misspelt path gets a sentence, and no empty file to be found later."""
    file = tmp_path / "none.db"
    asked = [word.format(out=tmp_path / "out") for word in question]

    assert run([*asked, "--database", f"sqlite:///{file}"]) == 2

    assert "database.no_such_file" in capsys.readouterr().err
    assert not file.exists()
