"""`fieldwright verify` and `explain` on a tiny plan whose file somebody edited, one field at a time."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from api.cli import commands
from api.cli.app import run
from tests.dataset_builder import edited, tiny

assert commands.__doc__  # importing it registers the commands

Edit = Callable[[dict[str, Any]], object]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny dataset: V1 needs skills nobody holds together, V2 is planned and its engineer is locked."""
    published = "visit_id,shift_id,starts_at,lock,told_at\nV2,H1,2026-03-06T10:00+08:00,engineer,2026-03-06T08:00+08:00\n"
    rows = edited("visits.csv", "V2,G2,S2,30,,,,", "V2,G2,S1,30,,,,")
    tickets = edited("tickets.csv", "G2,S2,", "G2,S1,")
    return tiny(
        tmp_path_factory.mktemp("tiny") / "region",
        visits=rows,
        tickets=tickets,
        published_plan=published,
    )


@pytest.fixture(scope="module")
def document(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Its plan file."""
    out = tmp_path_factory.mktemp("out")
    assert run(["plan", str(folder), "--out", str(out), "--work", "50"]) == 0
    return (out / "plan.json").read_text(encoding="utf-8")


@pytest.fixture
def verified(
    folder: Path, document: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Callable[[Edit], tuple[int, list[tuple[str, str]]]]:
    """Verifies the plan after an edit: exit code and (rule, code) of every finding."""

    def verify(edit: Edit) -> tuple[int, list[tuple[str, str]]]:
        read = json.loads(document)
        edit(read)
        file = tmp_path / "plan.json"
        file.write_text(json.dumps(read), encoding="utf-8")
        capsys.readouterr()
        code = run(["verify", str(folder), str(file), "--json"])
        found = json.loads(capsys.readouterr().out)["violations"]
        return code, [(row["rule"], row["code"]) for row in found]

    return verify


def stop_of(document: dict[str, Any], kind: str = "visit") -> dict[str, Any]:
    """The first stop of a kind."""
    return next(stop for route in document["routes"] for stop in route["stops"] if stop["kind"] == kind)


def test_the_plan_as_written_holds(verified: Callable[[Edit], tuple[int, list[tuple[str, str]]]]) -> None:
    """The base of the edits below: one visit planned, one left out with a proof."""
    kept: dict[str, Any] = {}

    assert verified(kept.update) == (0, [])
    assert [left["known"] for left in kept["unassigned"]] == ["proved"]
    assert stop_of(kept)["lock"] == "engineer"


EDITS: dict[str, tuple[Edit, str]] = {
    "another region": (lambda d: d.update(region="R2"), "verify.head_differs"),
    "described at another moment": (
        lambda d: d.update(as_of="2026-03-05T08:00:00+08:00"),
        "verify.head_differs",
    ),
    "another currency": (lambda d: d.update(currency="EUR"), "verify.head_differs"),
    "another zone of the same offset": (lambda d: d.update(zone="Asia/Taipei"), "verify.head_differs"),
    "another price": (lambda d: d["policy"].update(late_hour="91.50"), "verify.head_differs"),
    "another price by severity": (lambda d: d["policy"]["left_out"].update(P1="1"), "verify.head_differs"),
    "another engineer": (lambda d: d["routes"][0].update(engineer="E9"), "verify.engineer_differs"),
    "no engineer": (lambda d: d["routes"][0].update(engineer=""), "verify.engineer_differs"),
    "a lock taken away": (lambda d: stop_of(d).update(lock="none"), "verify.lock_differs"),
    "a lock made up": (lambda d: stop_of(d).update(lock="both"), "verify.lock_differs"),
    "a tool at a visit": (lambda d: stop_of(d).update(tools=["scope"]), "verify.out_of_place"),
    "another reason": (
        lambda d: d["unassigned"][0]["reason"].update(code="unassigned.unreachable"),
        "verify.reason_differs",
    ),
    "other values of the reason": (
        lambda d: d["unassigned"][0]["reason"]["params"].update(engineer="E9"),
        "verify.reason_differs",
    ),
    "a proof called a guess": (
        lambda d: d["unassigned"][0].update(known="not_found"),
        "verify.reason_differs",
    ),
}


@pytest.mark.parametrize("case", EDITS)
def test_an_edit_beside_the_routes_is_found(
    case: str, verified: Callable[[Edit], tuple[int, list[tuple[str, str]]]]
) -> None:
    """What nobody checks is what gets edited: every field of the file is held against the dataset."""
    edit, code = EDITS[case]

    assert verified(edit) == (1, [("file", code)])


def test_a_plan_that_breaks_a_rule_is_judged_by_rules_and_file_together(
    verified: Callable[[Edit], tuple[int, list[tuple[str, str]]]],
) -> None:
    """One finding does not hide the other; reasons wait until the plan holds."""

    def edit(document: dict[str, Any]) -> None:
        document["currency"] = "EUR"
        document["claimed"]["travel_time"] += 1
        document["unassigned"][0]["known"] = "not_found"

    assert verified(edit) == (1, [("travel", "verify.claim_differs"), ("file", "verify.head_differs")])


def test_a_guess_called_a_proof_is_found(
    verified: Callable[[Edit], tuple[int, list[tuple[str, str]]]],
) -> None:
    """V2 taken off its route at its right price, with a reason that sounds final: one shift could do it."""

    def edit(document: dict[str, Any]) -> None:
        document["routes"] = []
        document["claimed"] = dict.fromkeys(document["claimed"], 0) | {"left_out": 1_500_000}
        final = {"code": "unassigned.unreachable", "params": {}}
        document["unassigned"].append({"visit": "V2", "known": "proved", "reason": final})

    assert verified(edit) == (1, [("file", "verify.not_proved")])


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_finding_is_a_sentence(
    lang: str, folder: Path, document: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With what the file says and what the dataset says."""
    file = tmp_path / "plan.json"
    file.write_text(document.replace('"engineer": "E1"', '"engineer": "E9"'), encoding="utf-8")
    capsys.readouterr()

    assert run(["verify", str(folder), str(file), "--lang", lang]) == 1

    said = capsys.readouterr().out
    assert "E9" in said
    assert "E1" in said
    assert "{" not in said


@pytest.mark.parametrize("command", [["verify"], ["explain"]])
@pytest.mark.parametrize(
    ("field", "code"),
    [("dataset_digest", "plan_file.other_dataset"), ("problem_digest", "plan_file.other_problem")],
)
def test_a_plan_of_another_dataset_or_problem_is_refused_by_both_commands(
    command: list[str],
    field: str,
    code: str,
    folder: Path,
    document: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """An answer about another day's work is worse than none."""
    read = json.loads(document)
    read[field] = "0" * 64
    file = tmp_path / "plan.json"
    file.write_text(json.dumps(read), encoding="utf-8")
    visit = ["V1"] if command == ["explain"] else []
    capsys.readouterr()

    assert run([*command, str(folder), str(file), *visit]) == 2

    assert code in capsys.readouterr().err


def test_the_usage_names_the_program(capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever starts it, by whatever path: what stands there can be typed."""
    assert run(["verify"]) == 2

    assert "Usage: fieldwright verify" in capsys.readouterr().err


def test_the_plan_says_whom_it_moves_against_the_published_one(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """V2 was promised for ten and comes as soon as it can: its customer is to be called."""
    capsys.readouterr()

    assert run(["plan", str(folder), "--out", str(tmp_path / "out"), "--work", "50", "--json"]) == 0

    said = json.loads(capsys.readouterr().out)
    assert [(row["visit"], row["told_at"]) for row in said["calls"]] == [("V2", "2026-03-06T10:00:00+08:00")]
    assert said["changes"] == {"added": 0, "moved": 1, "left_out": 0, "unchanged": 0}
