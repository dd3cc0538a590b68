"""`fieldwright stock excess`, `ending`: what is printed, in both languages, and as JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from api.cli import commands  # noqa: F401 registers every command
from api.cli.app import run
from api.text import LANGUAGES, Lang, label
from tests.dataset_builder import TINY, tiny


@pytest.mark.parametrize("lang", LANGUAGES)
def test_excess_and_endings_are_listed(
    tmp_path: Path, lang: Lang, capsys: pytest.CaptureFixture[str]
) -> None:
    """Ten boards more than anybody asks for; a filter nobody sells."""
    terms = TINY["supplier_terms.csv"].splitlines()[0] + "\n"
    changed = {
        "supplier_terms": terms,
        "price_breaks": None,
        "stock_policy": None,
        "stock_moves": TINY["stock_moves.csv"].replace(",P1,10,", ",P1,900,"),
    }
    folder = str(tiny(tmp_path / "tiny", **changed))

    assert run(["stock", "excess", folder, "--lang", lang]) == 0
    shown = capsys.readouterr().out
    assert run(["stock", "ending", folder, "--lang", lang]) == 0
    ends = capsys.readouterr().out
    assert run(["stock", "excess", folder, "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)

    assert label("remnants.column_wanting", lang) in shown
    assert label("remnants.column_lasts_until", lang) in ends
    assert (rows[0]["part"], rows[0]["place"]) == ("P1", "D1")
    assert "P1" in ends
