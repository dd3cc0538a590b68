"""`fieldwright kit`, `fieldwright stock plan` and `fieldwright availability --why` as a storekeeper meets them."""

from __future__ import annotations

import json

import pytest

from api.cli import commands  # noqa: F401 registers every command
from api.cli.app import run
from api.text import LANGUAGES
from tests.conftest import ROOT

FUJIAN = str(ROOT / "scenarios" / "library" / "fujian")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    "words",
    [
        "kit {} VAN-103",
        "stock plan {} --limit 3",
        "stock plan {} --part P-CMP-01",
        "availability {} --why P-CMP-01@D-FZ",
    ],
)
def test_every_line_is_a_sentence(words: str, lang: str, capsys: pytest.CaptureFixture[str]) -> None:
    """No code and no open brace is left in either language."""
    assert run([*words.format(FUJIAN).split(), "--lang", lang]) == 0

    out = capsys.readouterr().out
    assert "{" not in out
    for subject in ("kit.", "plan_stock.", "worked.", "formula.", "availability."):
        assert subject not in out


def test_a_van_is_told_with_the_jobs_it_was_not_learnt_from(capsys: pytest.CaptureFixture[str]) -> None:
    """For a program: the curve rises, no kit costs more than asked, the share played through stands beside it."""
    assert run(["kit", FUJIAN, "VAN-103", "--budget", "9000", "--json"]) == 0

    (van,) = json.loads(capsys.readouterr().out)
    chances = [point["chance"] for point in van["curve"]]
    assert chances == sorted(chances)
    assert van["kit"]["money"] <= 9000
    assert 0 < van["played"]["aboard"] < 1
    assert van["kit"]["chance"] <= van["why"]["bounds"]["at_best"]


def test_the_plan_for_the_same_money_is_told_with_its_bound(capsys: pytest.CaptureFixture[str]) -> None:
    """Less short than now, and no less than any plan could leave."""
    assert run(["stock", "plan", FUJIAN, "--json", "--limit", "5"]) == 0

    told = json.loads(capsys.readouterr().out)
    assert told["why"][0]["bounds"]["at_best"] <= told["planned"]["short"] < told["now"]["short"]
    assert told["cheapest"]["money"] < told["now"]["money"]
    assert len(told["levels"]) == 5


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("kit {} D-FZ", "kit.not_a_van"),
        ("kit {} --jobs 0", "kit.jobs_out_of_range"),
        ("stock plan {} --part P-404", "stock.unknown_part"),
        ("availability {} --why P-CMP-01", "availability.not_part_at_place"),
        ("availability {} --why P-CMP-01@VAN-103", "availability.not_kept"),
    ],
)
def test_what_cannot_be_judged_is_refused(words: str, code: str, capsys: pytest.CaptureFixture[str]) -> None:
    """By code, before anything is printed."""
    assert run(words.format(FUJIAN).split()) == 2

    printed = capsys.readouterr()
    assert code in printed.err
    assert not printed.out
