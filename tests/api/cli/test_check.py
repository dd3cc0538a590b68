"""`fieldwright check` as a new user meets it: a table, sentences with codes, exit code 2, no traceback."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer

from api.cli import commands, dataset
from api.cli.app import run
from storage.dataset.read import read
from tests.dataset_builder import TINY, edited, tiny

assert commands.__doc__  # importing it registers the commands


def test_a_whole_folder_is_counted_and_ends_with_zero(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The digest it prints is the one a plan will name."""
    folder = tiny(tmp_path / "region")

    code = run(["check", str(folder)])

    said = capsys.readouterr()
    assert code == 0
    assert read(folder).digest in said.out
    assert "engineers.csv" in said.out
    assert said.err == ""


@pytest.mark.parametrize(
    ("lang", "sentence"), [("en", "There is no skill fibre"), ("zh", "没有技能 fibre")], ids=["en", "zh"]
)
def test_a_refused_row_is_said_in_the_users_language_and_ends_with_two(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], lang: str, sentence: str
) -> None:
    """Where, what, what to do, and the code to look up."""
    folder = tiny(tmp_path / "region", visits=edited("visits.csv", "fiber:1", "fibre:1"))

    code = run(["check", str(folder), "--lang", lang])

    said = capsys.readouterr().err
    assert code == 2
    assert "visits.csv:2 [skills]" in said
    assert sentence in said
    assert "(dataset.unknown_skill)" in said


def test_ten_thousand_refusals_are_counted_and_fifty_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A terminal holds fifty lines; the number says the rest."""
    rows = "".join(f"X{number},Part,consumable,-1,1\n" for number in range(10_000))
    folder = tiny(tmp_path / "region", parts=TINY["parts.csv"] + rows)

    code = run(["check", str(folder)])

    said = capsys.readouterr()
    assert code == 2
    assert "10000" in said.out
    assert len(said.err.splitlines()) == 51
    assert "9950" in said.err


@pytest.mark.parametrize("name", ["none", "empty"])
def test_no_folder_and_no_files_end_with_two(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    """The first mistakes of a first try."""
    (tmp_path / "empty").mkdir()

    code = run(["check", str(tmp_path / name)])

    assert code == 2
    assert "dataset." in capsys.readouterr().err


def test_a_partial_region_opens_only_when_asked_for_and_always_says_what_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Going on with a part is a decision, and stays visible in the log."""
    folder = tiny(tmp_path / "region", parts=edited("parts.csv", "980", "-980"))

    opened = dataset.open_region(folder, accept_partial=True, lang="en")

    assert opened.digest == read(folder).digest
    assert [part.id for part in opened.region.stock.parts] == ["P1"]
    assert "money.negative" in capsys.readouterr().err
    with pytest.raises(typer.Exit) as stopped:
        dataset.open_region(folder, accept_partial=False, lang="en")
    assert stopped.value.exit_code == 2
