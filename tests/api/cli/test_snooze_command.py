"""`fieldwright stock snooze`, `wake`, `snoozed`: what a storekeeper types, and what it says."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.cli import commands  # noqa: F401 registers the commands
from api.cli.app import run
from api.text import LANGUAGES
from tests.dataset_builder import tiny

AT = ["--now", "2026-03-07T10:40+08:00"]
LINE = ["P1", "--place", "D1"]


@pytest.fixture
def url(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """The tiny region in a database."""
    address = f"sqlite:///{tmp_path}/one.db"
    assert run(["import", str(tiny(tmp_path / "tiny")), "--database", address]) == 0
    capsys.readouterr()
    return address


def test_a_line_is_snoozed_listed_and_woken(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The list names who, when, why; ended, nothing is left on it."""
    there = ["--database", url, *AT]
    word = [*there, "--by", "store"]

    assert run(["stock", "snooze", *LINE, "--until", "2026-03-20", "--reason", "by boat", *word]) == 0
    assert run(["stock", "snoozed", *there]) == 0
    shown = capsys.readouterr().out
    assert run(["stock", "wake", *LINE, *word]) == 0
    assert run(["stock", "snoozed", *there]) == 0

    assert "P1 at D1 is snoozed until 2026-03-20: reviews list it and do nothing about it." in shown
    assert [word in shown for word in ("by boat", "store", "2026-03-07 10:40")] == [True] * 3
    assert capsys.readouterr().out.splitlines() == ["P1 at D1 is looked at again.", "Nothing is snoozed."]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("until", "code"),
    [("tomorrow", "cli.not_a_day"), ("", "cli.not_a_day"), ("2026-03-07", "replenish.snooze_over")],
)
def test_a_day_that_holds_nothing_is_refused(
    url: str, until: str, code: str, lang: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """In words, with the code."""
    typed = ["stock", "snooze", *LINE, "--until", until, "--reason", "by boat", "--lang", lang]

    assert run([*typed, "--database", url, *AT]) == 2

    assert code in capsys.readouterr().err
