"""`fieldwright candidates`, `fill`, `resequence`, `plan --after` and `day` as a dispatcher meets them, and on bad input."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from api.cli import commands
from api.cli.app import run
from tests.dataset_builder import edited, tiny

assert commands.__doc__  # importing it registers the commands

HEAD = "seed = 1\nfirst_work = 40\nwork = 20\ntell_hours = 2\n"
DAY = (
    HEAD
    + """
[[event]]
at = "2026-03-06T08:30:00+08:00"
kind = "urgent"
ticket = "G9"
visit = "V9"
site = "S1"
asset = "A1"
contract = "K1"
scheme = "field-2-4-24"
severity = "P1"
minutes = 20
skills = "hv:1"
parts = "P1"

[[event]]
at = "2026-03-06T08:40:00+08:00"
kind = "overrun"
visit = "V2"
finish = "2026-03-06T12:00:00+08:00"

[[event]]
at = "2026-03-06T11:00:00+08:00"
kind = "overrun"
visit = "V1"
finish = "2026-03-06T12:15:00+08:00"

[[event]]
at = "2026-03-06T11:10:00+08:00"
kind = "part_missing"
part = "P1"
place = "W1"
quantity = 1
"""
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The tiny region with skills that fit: E1 alone can do V1."""
    visits = edited("visits.csv", "hv:2;fiber:1,electrician,scope", "hv:2,electrician,scope")
    places = edited("places.csv", "X1,adjustment", "C9,customer,Customers,,,,\nX1,adjustment")
    return tiny(tmp_path / "region", visits=visits, places=places)


def test_candidates_are_said_in_words_and_as_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Engineer, start, price, parts: what a dispatcher asks for on the telephone."""
    assert run(["candidates", str(folder), "V1"]) == 0
    said = capsys.readouterr().out
    assert run(["candidates", str(folder), "V1", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    (row,) = found["candidates"]

    assert "E1 at 10:00" in said
    assert "2 × P1" in said
    assert (found["visit"], found["currency"]) == ("V1", "CNY")
    assert (row["engineer"], row["starts_at"]) == ("E1", "2026-03-06T02:00:00+00:00")
    assert Decimal(row["money"]) > 0
    assert [(line["part"], line["quantity"]) for line in row["parts"]] == [("P1", 2)]
    assert all(line["source"] in {"van", "pick_up", "offer", "without"} for line in row["parts"])
    assert row["loaner"] is None
    assert row["others"] == {"moved": [], "late": [], "displaced": []}


def test_a_free_engineer_is_shown_what_is_left_out(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A visit nobody does is the first to fill a gap; a full plan has none."""
    assert run(["plan", str(folder), "--out", str(tmp_path / "out"), "--work", "40"]) == 0
    capsys.readouterr()

    assert run(["fill", str(folder), "E2", "--plan", str(tmp_path / "out" / "plan.json"), "--json"]) == 0

    assert json.loads(capsys.readouterr().out) == {"engineer": "E2", "currency": "CNY", "fillers": []}


def test_one_engineers_days_are_planned_again_and_written(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The plan that comes out is a plan like any other: `verify` agrees."""
    out = tmp_path / "again"

    assert run(["resequence", str(folder), "E1", "--out", str(out), "--work", "40"]) == 0

    assert "E1" in capsys.readouterr().out
    assert run(["verify", str(folder), str(out / "plan.json")]) == 0


def test_a_later_plan_goes_on_from_the_one_in_force(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An hour later, with the plan people go by."""
    first, later = tmp_path / "first", tmp_path / "later"
    assert run(["plan", str(folder), "--out", str(first), "--work", "40"]) == 0
    now = ["--now", "2026-03-06T09:00+08:00", "--work", "20"]

    assert run(["plan", str(folder), "--out", str(later), "--after", str(first / "plan.json"), *now]) == 0

    assert run(["verify", str(folder), str(later / "plan.json")]) == 0
    capsys.readouterr()


def test_a_day_is_told_event_after_event(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What happened, what it costs, what was not accepted; the same lines again; Chinese as well."""
    script = tmp_path / "day.toml"
    script.write_text(DAY, encoding="utf-8")

    assert run(["day", str(folder), str(script)]) == 0
    said = capsys.readouterr().out
    assert run(["day", str(folder), str(script)]) == 0
    assert capsys.readouterr().out == said
    assert run(["day", str(folder), str(script), "--lang", "zh"]) == 0
    chinese = capsys.readouterr().out

    assert [line[:5] for line in said.splitlines() if line[:1].isdigit()][:4] == [
        "08:00",
        "08:30",
        "08:40",
        "11:00",
    ]
    assert "Could take it: E1" in said
    assert "day.not_at_work" in said
    assert "E1 needs longer on visit V1" in said
    assert "1 × P1 is not at W1" in said
    assert "可接：E1" in chinese


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["candidates", "{folder}", "V-99", "--plan", "{plan}"], "explain.unknown_visit"),
        (["fill", "{folder}", "E-99", "--plan", "{plan}"], "candidates.unknown_engineer"),
        (["resequence", "{folder}", "E1", "--out", "{plan}", "--plan", "{plan}"], "plan_file.cannot_write"),
        (["day", "{folder}", "{folder}/no.toml"], "script.no_such_file"),
    ],
)
def test_bad_input_is_refused(
    arguments: list[str], code: str, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 2 and a sentence."""
    assert run(["plan", str(folder), "--out", str(tmp_path / "out"), "--work", "20"]) == 0
    plan = str(tmp_path / "out" / "plan.json")
    capsys.readouterr()

    assert run([one.format(folder=folder, plan=plan) for one in arguments]) == 2

    assert code in capsys.readouterr().err


def test_a_plan_of_another_region_is_not_gone_on_from(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its engineers are other people."""
    other = tiny(tmp_path / "other", region=edited("region.toml", 'id = "R1"', 'id = "R2"'))
    assert run(["plan", str(other), "--out", str(tmp_path / "out"), "--work", "20"]) == 0
    after = ["--after", str(tmp_path / "out" / "plan.json")]

    assert run(["plan", str(folder), "--out", str(tmp_path / "no"), "--work", "20", *after]) == 2

    assert "plan_file.other_region" in capsys.readouterr().err
