"""`fieldwright loaners` as a storekeeper meets it."""

from __future__ import annotations

import json

import pytest

from api.cli import commands  # noqa: F401 registers every command
from api.cli.app import run
from api.text import LANGUAGES
from tests.conftest import ROOT

FUJIAN = str(ROOT / "scenarios" / "library" / "fujian")


def test_pool_forecast_and_size_stand_together(capsys: pytest.CaptureFixture[str]) -> None:
    """Two of three analysers come back on the tenth, and are cleaned before they count as available."""
    assert (
        run(["loaners", FUJIAN, "--class", "analyser-200", "--requests-a-day", "0.5", "--days-out", "4"]) == 0
    )

    out = capsys.readouterr().out
    assert "LU-analyser-200-2: out until 2026-03-10 10:40 (loan L-002)" in out
    assert "available  out  cleaning" in out
    assert [line.split()[2:5] for line in out.splitlines() if line.startswith("2026-03-1")][:2] == [
        ["1", "0", "2"],
        ["3", "0", "0"],
    ]
    assert "Kept: 3. Wanted: 5." in out


def test_the_same_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    """For a program: the curve falls, the wanted size is the first below the share, every class is there."""
    assert run(["loaners", FUJIAN, "--json", "--requests-a-day", "0.5", "--days-out", "4"]) == 0

    pools = json.loads(capsys.readouterr().out)
    assert len(pools) > 5
    for pool in pools:
        curve, units = pool["size"]["curve"], pool["size"]["units"]
        assert curve == sorted(curve, reverse=True)
        assert curve[units] <= 0.05 < curve[units - 1]
        assert {sum(day["units"].values()) for day in pool["forecast"]} == {len(pool["units"])}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_sentence_is_left_open(lang: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Classes with and without history, stand-ins and loans: each has its words in both languages."""
    assert run(["loaners", FUJIAN, "--lang", lang]) == 0

    out = capsys.readouterr().out
    assert "loaner." not in out
    assert "{" not in out


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("--class boat", "stock.unknown_loaner_class"),
        ("--days 900", "stock.forecast_too_long"),
        ("--requests-a-day nan --days-out 1", "replenish.negative_load"),
        ("--refused-at-most 0 --requests-a-day 1 --days-out 1", "replenish.fraction_out_of_range"),
    ],
)
def test_what_cannot_be_judged_is_refused(words: str, code: str, capsys: pytest.CaptureFixture[str]) -> None:
    """By code, before anything is printed."""
    assert run(["loaners", FUJIAN, *words.split()]) == 2

    printed = capsys.readouterr()
    assert code in printed.err
    assert not printed.out
