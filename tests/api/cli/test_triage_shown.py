"""Where to begin, and what it took the last times, as a dispatcher sees it when a ticket is opened or shown."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from api.cli import commands  # noqa: F401 registers every command
from api.cli.app import run
from tests.dataset_builder import CREWED, crewed

CALL = ["--asset", "A1", "--contract", "K1", "--kind", "fault", "--severity", "P1", "--contact", "gate 3"]


@pytest.fixture
def url(tmp_path: Path) -> str:
    """The tiny region in a database; its one earlier fault was solved without a visit."""
    closed = CREWED["closed_tickets.csv"]
    header = closed.splitlines()[0].split(",")
    said = dict.fromkeys(header, "") | {
        "ticket_id": "G0",
        "asset_id": "A1",
        "model": "M-9",
        "severity": "P1",
        "reported_at": "2025-03-06T08:00+08:00",
        "repaired_at": "2025-03-06T11:00+08:00",
        "symptom": "no-power",
        "cause": "worn fuse",
    }
    text = closed.splitlines()[0] + "\n" + ",".join(said[name] for name in header) + "\n"
    address = f"sqlite:///{tmp_path}/desk.db"
    folder = crewed(tmp_path / "tiny", closed_tickets=text)
    assert run(["import", str(folder), "--database", address]) == 0
    return address


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    """The JSON a command prints."""
    capsys.readouterr()
    assert run(["ticket", *arguments, "--json"]) == 0, capsys.readouterr().err
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    return document


def at(hour: int) -> list[str]:
    """The moment of a command."""
    return ["--now", f"2026-03-06T{hour:02d}:30+08:00"]


def test_a_ticket_closed_at_the_desk_counts_the_next_time(
    url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Experience is not only what was imported: the fault repaired this morning speaks at noon."""
    call = ["--symptom", "no-power", "--text", "dark"]
    first = said(capsys, "open", "--database", url, *at(8), *CALL, *call)
    assert (first["triage"]["way"], first["triage"]["ground"]) == ("remote", "history")
    assert (first["triage"]["n"], first["triage"]["m"]) == (1, 1)
    number = first["ticket"]
    for hour, kind, more in (
        (9, "on_site", ()),
        (10, "repaired", ()),
        (11, "closed", ("--reason", "by phone")),
    ):
        event = ["ticket", "event", number, kind, "--database", url, *at(hour), *more, "--by", "E1"]
        assert run(event) == 0, capsys.readouterr().err

    second = said(capsys, "open", "--database", url, *at(12), *CALL, *call)

    assert second["triage"] == said(capsys, "show", second["ticket"], "--database", url, *at(12))["triage"]
    assert (second["triage"]["n"], second["triage"]["m"]) == (1, 2)
    assert second["triage"]["earlier"]["n"] == 2
    assert second["triage"]["earlier"]["repair_min"] == 60
    for lang, words in (("en", "begin from afar: 1 of 2 earlier faults"), ("zh", "建议先远程处理：")):
        assert run(["ticket", "show", second["ticket"], "--database", url, *at(12), "--lang", lang]) == 0
        assert words in capsys.readouterr().out


def test_nothing_is_proposed_once_somebody_has_begun(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever stands on site has chosen."""
    number = said(capsys, "open", "--database", url, *at(8), *CALL, "--text", "dark")["ticket"]
    assert run(["ticket", "event", number, "on_site", "--database", url, *at(9)]) == 0

    assert said(capsys, "show", number, "--database", url, *at(9))["triage"] is None
