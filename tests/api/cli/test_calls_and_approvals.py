"""`fieldwright calls`, `endangered` and `approvals` as a desk meets them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from api.cli import commands
from api.cli.app import run
from api.text import LANGUAGES, Lang
from tests.dataset_builder import TINY, tiny

assert commands.__doc__  # importing it registers the commands

HEAD = "visit_id,shift_id,starts_at,lock,told_at\n"
MOVED = f"{HEAD}V1,H1,2026-03-06T11:00+08:00,none,\nV2,H2,2026-03-06T12:00+08:00,none,\n"
"""V1 was told ten and stands at eleven, V2 was told nothing."""
TOLD = "G1,2026-03-06T07:20+08:00,told,desk-1,,2026-03-06T10:00+08:00 front desk\n"
LATE = "G1,2026-03-06T07:50+08:00,forecast_finish,E1,,2026-03-08T10:00+08:00\n"
LACKS = "G1,2026-03-06T07:55+08:00,part_needed,E1,,P2 1\n"
NOW = ["--now", "2026-03-06T08:30+08:00"]
LATER = ["--now", "2026-03-06T08:40+08:00"]


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What a command prints; it must be done."""
    capsys.readouterr()
    assert run(list(arguments)) == 0
    return capsys.readouterr().out


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What a command is refused with."""
    capsys.readouterr()
    assert run(list(arguments)) == 2
    return capsys.readouterr().err


@pytest.fixture
def dataset(tmp_path: Path) -> str:
    """The tiny dataset: a visit moved after its customer was told, an engineer who is late."""
    events = TINY["ticket_events.csv"] + TOLD + LATE
    return str(tiny(tmp_path / "tiny", published_plan=MOVED, ticket_events=events))


def test_who_believes_a_wrong_time_is_called_first(dataset: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Of two customers to call the one who waits at ten comes before the one who waits for nothing."""
    found = json.loads(said(capsys, "calls", dataset, "--json"))

    assert [(one["visit"], one["believed_at"], one["told"]) for one in found["calls"]] == [
        ("V1", "2026-03-06T10:00:00+08:00", "front desk"),
        ("V2", None, ""),
    ]
    assert "V1" in said(capsys, "calls", dataset).splitlines()[1]


def test_a_customer_told_the_published_time_is_not_called(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Told in the database, by the command a desk uses: the list is one shorter."""
    folder = tiny(tmp_path / "tiny", published_plan=MOVED)
    database = f"sqlite:///{tmp_path}/fieldwright.db"
    said(capsys, "import", str(folder), "--database", database)
    before = json.loads(said(capsys, "calls", "--database", database, "--json"))

    told = ["--value", "2026-03-06T11:00+08:00 front desk", *NOW]
    said(capsys, "ticket", "event", "G1", "told", "--database", database, *told)
    after = json.loads(said(capsys, "calls", "--database", database, "--json"))

    assert [one["visit"] for one in before["calls"]] == ["V1", "V2"]
    assert [one["visit"] for one in after["calls"]] == ["V2"]


def test_the_engineers_word_is_in_the_list_of_promises_in_danger(
    tmp_path: Path, dataset: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The repair is due at seven the next morning; the engineer says the day after, then that he lacks a part."""
    lacks = tiny(tmp_path / "lacks", ticket_events=TINY["ticket_events.csv"] + LATE + LACKS)

    late = json.loads(said(capsys, "endangered", dataset, "--json"))["endangered"]
    part = json.loads(said(capsys, "endangered", str(lacks), "--json"))["endangered"]

    assert [(one["ticket"], one["milestone"], one["danger"]) for one in late] == [("G1", "repair", "word")]
    assert late[0]["forecast_at"] == "2026-03-08T10:00:00+08:00"
    assert [(one["danger"], one["parts"]) for one in part] == [("part", [{"part": "P2", "quantity": 1}])]


def test_a_plan_adds_what_it_misses(tmp_path: Path, dataset: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a plan only words are read, and the list says so."""
    out = tmp_path / "plan"
    said(capsys, "plan", dataset, "--out", str(out), "--work", "300")

    words = said(capsys, "endangered", dataset, "--json")
    whole = said(capsys, "endangered", dataset, "--plan", str(out / "plan.json"), "--json")

    def named(shown: str) -> set[tuple[str, str]]:
        return {(one["ticket"], one["milestone"]) for one in json.loads(shown)["endangered"]}

    assert named(words) == {("G1", "repair")}
    assert named(whole) > named(words)
    assert {one["danger"] for one in json.loads(whole)["endangered"]} == {"plan", "nobody"}, "G1 waits"
    assert "--plan" in said(capsys, "endangered", dataset)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_list_is_in_both_languages(
    dataset: str, lang: Lang, capsys: pytest.CaptureFixture[str]
) -> None:
    """No code is left without its sentence."""
    for shown in (
        said(capsys, "calls", dataset, "--lang", lang),
        said(capsys, "endangered", dataset, "--lang", lang),
        said(capsys, "approvals", "inbox", dataset, "--lang", lang),
    ):
        assert "{" not in shown
        assert not any(f"{subject}." in shown for subject in ("calls", "endangered", "approval"))


def test_a_request_is_asked_for_waits_and_is_decided_by_another(
    dataset: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two people, one limit each, one decision: the rest is refused with its reason."""
    database = f"sqlite:///{tmp_path}/fieldwright.db"
    said(capsys, "import", dataset, "--database", database)
    there = ["--database", database]

    def inbox(*role: str) -> list[str]:
        shown = json.loads(said(capsys, "approvals", "inbox", *there, *LATER, "--json", *role))
        return [one["request"] for one in shown["requests"]]

    asked = ["approvals", "ask", "R-1", "G1", "purchase", "3000.00", *there, "--reason", "board", *NOW]
    said(capsys, *asked, "--by", "E1")
    decide = ["approvals", "decide", "R-1", "approved", *there, *LATER]

    assert inbox() == inbox("--role", "manager", "--by", "M-1") == ["R-1"]
    assert inbox("--role", "dispatcher", "--by", "desk-1") == []
    assert inbox("--role", "manager", "--by", "E1") == []
    too_much = refused(capsys, *decide, "--role", "dispatcher", "--by", "desk-1")
    assert "approval.role_may_not" in too_much
    assert "3000.00" in too_much, "asked in yuan, answered in yuan"
    assert "approval.own_request" in refused(capsys, *decide, "--role", "manager", "--by", "E1")
    assert "approved" in said(capsys, *decide, "--role", "manager", "--by", "M-1")
    assert "approval.decided_already" in refused(capsys, *decide, "--role", "director", "--by", "D-1")
    assert inbox() == []


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["ask", "R-1", "G1", "yacht", "3000", "--reason", "x"], "approval.unknown_word"),
        (["ask", "R-1", "G1", "purchase", "3.001", "--reason", "x"], "money.not_an_amount"),
        (["ask", "R-1", "G1", "purchase", "3.00", "--reason", "x"], "approval.not_needed"),
        (["ask", "R-1", "G99", "refund", "3.00", "--reason", "x"], "desk.unknown_reference"),
        (["decide", "R-9", "approved", "--role", "manager"], "approval.not_asked"),
        (["decide", "R-9", "perhaps"], "approval.unknown_word"),
    ],
)
def test_what_cannot_be_asked_or_decided_is_refused(
    dataset: str, tmp_path: Path, arguments: list[str], code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before anything is written."""
    database = f"sqlite:///{tmp_path}/fieldwright.db"
    said(capsys, "import", dataset, "--database", database)

    assert code in refused(capsys, "approvals", *arguments, "--database", database, *NOW)
