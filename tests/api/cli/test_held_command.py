"""`fieldwright stock held` and `suppliers promise`: what waits for whom, from the door to the supplier's second date."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from api.cli import commands  # noqa: F401 registers the commands
from api.text import LANGUAGES, Lang, label
from storage.check import untrue
from storage.database import open_database
from tests.api.cli.test_supply_commands import (  # noqa: F401 fixtures are known where they are imported
    AT,
    folder,
    typed,
    url,
)


def test_what_is_held_waits_for_one_after_the_other(
    url: str,  # noqa: F811
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Received by a note, failed, sent back, promised again; the region taken along says the same."""
    there = ["--database", url, "--now", AT]

    def waiting(*words: str) -> list[list[str]]:
        rows = [row.split("  ") for row in typed(capsys, "stock", "held", *words)[2:]]
        return [[cell.strip() for cell in row if cell.strip()] for row in rows]

    before = waiting(*there)
    line = [
        "stock",
        "receive",
        "DN-8",
        "P1=5,lot=B-1",
        "--supplier",
        "U1",
        "--shelf",
        "D1",
        "--inspect",
        "P1",
    ]
    typed(capsys, *line, *there)
    came = waiting(*there, "--waits-for", "inspect")
    lot = ["--lot", "B-1", "--delivery", "DN-8", "--remedy", "replace", "--due", "2026-03-10T00:00Z"]
    typed(capsys, "stock", "dispose", "DSP-8", "P1", "5", "return", *lot, *there, "--key", "dsp-8")
    owed = [row for row in waiting(*there, "--waits-for", "remedy") if "DSP-8" in row]
    said = typed(capsys, "suppliers", "promise", "dsp-8", "2026-04-01T00:00Z", *there)
    late = typed(capsys, "suppliers", "owed", "--database", url, "--now", "2026-03-30T00:00Z", "--late")
    shown = typed(capsys, "suppliers", "owed", "--database", url, "--now", "2026-03-30T00:00Z")
    refused = typed(capsys, "suppliers", "promise", "dsp-9", "2026-04-01T00:00Z", *there, code=2)

    assert [row[-4] for row in before] == ["the supplier's remedy"]
    assert came == [["P1", "B-1", "QU", "U1", "DN-8", "inspection", "5", "2026-03-06", "-"]]
    assert owed == [
        ["P1", "B-1", "QU", "U1", "DSP-8", "the supplier's remedy", "5", "2026-03-06", "2026-03-10"]
    ]
    assert said == ["U1 owes 5 × P1 (DSP-8): expected 2026-04-01; due by 2026-03-10 as agreed."]
    assert not any("DSP-8" in row for row in late)
    assert any("DSP-8" in row and "Named since: 2026-04-01 (dates named: 1)." in row for row in shown)
    assert "supply.nothing_owed_for" in refused[0]
    out = tmp_path / "out"
    rows = typed(capsys, "stock", "held", *there, "--json")
    typed(capsys, "export", "--database", url, "--out", str(out))
    assert typed(capsys, "stock", "held", str(out), "--now", AT, "--json") == rows
    assert json.loads("\n".join(rows))[-1]["due_at"] == "2026-04-01T00:00:00+00:00"
    database = open_database(url)
    assert untrue(database) == []
    database.close()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_where_nothing_is_held_it_is_said(
    folder: Path,  # noqa: F811
    lang: Lang,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """An empty table would look like one that was not filled."""
    said = typed(capsys, "stock", "held", str(folder), "--now", AT, "--waits-for", "inspect", "--lang", lang)

    assert said[1] == label("supply.held_none", lang)
