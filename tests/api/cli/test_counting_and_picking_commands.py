"""`fieldwright count` and `fieldwright pick` as a storekeeper meets them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from api.cli import commands  # noqa: F401 registers every command
from api.cli.app import run
from api.cli.dataset import open_region
from api.cli.given_plan import given_plan
from api.text import LANGUAGES
from api.usecases.planning import needs_for
from dispatch.verify import violations
from tests.conftest import ROOT

FUJIAN = str(ROOT / "scenarios" / "library" / "fujian")


def test_the_list_is_blind(capsys: pytest.CaptureFixture[str]) -> None:
    """A class and a place to write, no figure; the rest is said to be left out."""
    assert run(["count", FUJIAN, "--place", "D-FZ", "--limit", "3"]) == 0

    out = capsys.readouterr().out
    lines = [line for line in out.splitlines() if "D-FZ" in line]
    assert len(lines) == 3
    assert all(line.startswith("A ") and line.rstrip().endswith("____") for line in lines)
    assert "more are due and not shown" in out


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_list_for_a_program_is_the_same_list(lang: str, capsys: pytest.CaptureFixture[str]) -> None:
    """All lines with `--limit 0`, falling in class, nothing that tells how many there are."""
    assert run(["count", FUJIAN, "--place", "D-FZ", "--limit", "0", "--json", "--lang", lang]) == 0

    rows = json.loads(capsys.readouterr().out)
    classes = [row["class"] for row in rows]
    assert classes == sorted(classes)
    assert len({row["part"] for row in rows}) == len(rows) > 100
    assert set(rows[0]["count"][0]) == {"condition", "lot"}


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A short plan of the built-in region that holds."""
    out = tmp_path_factory.mktemp("plan") / "plan"
    assert run(["plan", FUJIAN, "--work", "200", "--seed", "1", "--out", str(out)]) == 0
    return str(out / "plan.json")


@pytest.mark.slow  # plans the built-in region
def test_what_the_plan_takes_at_depots_is_picked(planned: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing moved since the plan was made: each day's lists are what it takes off shelves, and nothing is missing."""
    opened = open_region(Path(FUJIAN), accept_partial=False, lang="en")
    board, problem, file = given_plan(opened, Path(planned))
    assert violations(problem, file.plan) == ()
    vans = {row.van for row in opened.region.field.engineers}
    wanted = sum(row.quantity for row in needs_for(board, problem, file.plan) if row.place not in vans)
    capsys.readouterr()
    assert run(["pick", FUJIAN, planned, "--day", "1999-01-01"]) == 2
    days = capsys.readouterr().err.split("leave: ")[1].split(" (")[0].split()

    picked = 0
    for day in days:
        assert run(["pick", FUJIAN, planned, "--day", day, "--json"]) == 0
        found = json.loads(capsys.readouterr().out)
        assert found["day"] == day
        assert found["shortages"] == []
        assert all(each["departs_at"] is not None for each in found["lists"])
        picked += sum(line["quantity"] for each in found["lists"] for line in each["lines"])
    assert picked == wanted > 0


@pytest.mark.slow  # plans the built-in region
@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_sentence_is_left_open(planned: str, lang: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The next day vans leave, in both languages."""
    assert run(["pick", FUJIAN, planned, "--lang", lang]) == 0

    out = capsys.readouterr().out
    assert "pick." not in out
    assert "{" not in out
    assert "VAN-" in out


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["count", FUJIAN, "--place", "NOWHERE"], "stock.unknown_place"),
        (["pick", FUJIAN, "none.json", "--day", "tomorrow"], "cli.not_a_day"),
    ],
)
def test_what_is_not_there_is_refused(
    words: list[str], code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """By code."""
    assert run(words) == 2
    assert code in capsys.readouterr().err


@pytest.mark.slow  # plans the built-in region
def test_what_is_confirmed_lies_in_the_vans_and_what_is_missing_is_raised(
    planned: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One unit to be picked is found broken first: the rest is moved, the visit it hurts is told, and listed again."""
    there = ["--database", f"sqlite:///{tmp_path}/one.db"]
    assert run(["import", FUJIAN, *there]) == 0
    pick = ["pick", FUJIAN, planned, *there, "--now", "2026-03-06T18:00+08:00"]
    capsys.readouterr()
    assert run([*pick, "--json"]) == 0
    lists = json.loads(capsys.readouterr().out)["lists"]
    part, depot = next((line["part"], each["depot"]) for each in lists for line in each["lines"])
    broken = ["--at", depot, "--was", "usable", "--is", "damaged", "--adjustment", "ADJUSTMENT"]
    while run(["stock", "condition", part, "1", *broken, *there, "--now", "2026-03-06T17:00+08:00"]) == 0:
        pass
    capsys.readouterr()

    assert run([*pick, "--confirm"]) == 2
    assert "pick.nobody" in capsys.readouterr().err
    script = tmp_path / "short.toml"
    assert run([*pick, "--confirm", "--by", "E03", "--events", str(script)]) == 0

    said = capsys.readouterr().out
    assert "Moves posted" in said
    assert "Raised to the desk" in said
    assert f'part = "{part}"' in script.read_text(encoding="utf-8")
    assert run([*pick, "--json"]) == 0
    left = json.loads(capsys.readouterr().out)
    assert left["lists"] == []
    assert {row["part"] for row in left["shortages"]} == {part}
    assert run(["db", "verify", *there]) == 0
    assert run(["pick", FUJIAN, planned, "--confirm", "--by", "E03"]) == 2
    assert "pick.nothing_to_confirm_in" in capsys.readouterr().err
