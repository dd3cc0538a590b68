"""`fieldwright sampling` as a storekeeper meets it."""

from __future__ import annotations

import json

import pytest

from api.cli import commands  # noqa: F401 registers every command
from api.cli.app import run
from api.text import LANGUAGES
from inventory.supply.characteristic import binomial_at_most

EXAMPLE = ["sampling", "--lot", "4000", "--aql", "1.5", "--level", "II", "--state", "normal"]


def test_the_example_of_the_manual_prints_letter_numbers_and_curve(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Four thousand units at 1.5: letter L, two hundred, seven and eight."""
    assert run(EXAMPLE) == 0

    out = capsys.readouterr().out
    assert "Code letter L" in out
    assert "Look at 200 of 4000 units: accept up to 7 bad ones, reject from 8." in out
    assert "10%                 5.815%" in out


def test_the_same_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    """For a program that reads it."""
    assert run([*EXAMPLE, "--json"]) == 0

    found = json.loads(capsys.readouterr().out)
    assert (found["code_letter"], found["n"], found["accept"], found["reject"]) == ("L", 200, 7, 8)
    points = {row["accepted"]: row["per_hundred"] for row in found["operating_characteristic"]}
    assert binomial_at_most(7, of=200, share=points[0.1] / 100) == pytest.approx(0.1, abs=1e-6)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    "words", ["--lot 5 --aql 1.5", "--lot 200 --aql 40 --level s-3 --state reduced", "--lot 1 --aql 1000"]
)
def test_no_sentence_is_left_open(words: str, lang: str, capsys: pytest.CaptureFixture[str]) -> None:
    """All units, arrows, reduced, nonconformities: each has its words in both languages."""
    assert run(["sampling", *words.split(), "--lang", lang]) == 0

    out = capsys.readouterr().out
    assert "sampling." not in out
    assert "{" not in out


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("--lot 10 --aql 2", "sampling.unknown_aql"),
        ("--lot 10 --aql x", "sampling.unknown_aql"),
        ("--lot 10 --aql nan", "sampling.unknown_aql"),
        ("--lot 0 --aql 1", "sampling.lot_too_small"),
        ("--lot 10 --aql 1 --level IV", "sampling.unknown_level"),
        ("--lot 10 --aql 1 --state strict", "sampling.unknown_severity"),
    ],
)
def test_what_is_in_no_table_is_refused(words: str, code: str, capsys: pytest.CaptureFixture[str]) -> None:
    """With what there is to choose from."""
    assert run(["sampling", *words.split()]) == 2
    assert code in capsys.readouterr().err
