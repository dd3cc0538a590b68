"""`fieldwright sources` and `to-bring` as a dispatcher and a storekeeper meet them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from api.cli import commands
from api.cli.app import run
from api.text import LANGUAGES, Lang
from tests.dataset_builder import tiny

assert commands.__doc__  # importing it registers the commands


@pytest.fixture
def folder(tmp_path: Path) -> str:
    """The tiny dataset."""
    return str(tiny(tmp_path / "tiny"))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_ways_are_listed_with_price_and_reason(
    folder: str, lang: Lang, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every line is a sentence: no code, no value left unfilled."""
    assert run(["sources", folder, "--visit", "V2", "--part", "P1", "--all", "--lang", lang]) == 0

    told = capsys.readouterr().out
    assert "1. " in told
    assert "D1" in told
    assert "CNY" in told
    assert "bring." not in told
    assert "{" not in told


def test_the_same_ways_are_read_by_programs(folder: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A part nobody has in that number has no way, and every place says why."""
    assert run(["sources", folder, "--visit", "V2", "--part", "P1", "--units", "900", "--json"]) == 0

    (row,) = json.loads(capsys.readouterr().out)["parts"]
    assert (row["part"], row["units"]) == ("P1", 900)
    assert {one["kind"] for one in row["ways"]} <= {"purchase"}
    assert {one["hindrance"] for one in row["closed"]} == {"none_free"}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_where_nothing_was_asked_for_nothing_is_to_bring(
    folder: str, lang: Lang, capsys: pytest.CaptureFixture[str]
) -> None:
    """An offer nobody takes up is no work."""
    assert run(["to-bring", folder, "--lang", lang]) == 0

    assert capsys.readouterr().out.strip() in {
        "Nothing has to be brought to a visit.",
        "没有需要送到现场的备件。",
    }


def test_a_visit_nobody_knows_is_refused(folder: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A mistyped visit is not an empty list."""
    assert run(["sources", folder, "--visit", "V99"]) == 2

    assert "V99" in capsys.readouterr().err
