"""`fieldwright suppliers` on the built-in region."""

from __future__ import annotations

import json
from importlib.resources import as_file, files

import pytest

from api.cli import commands  # noqa: F401 registers every command
from api.cli.app import run
from api.text import LANGUAGES

FUJIAN = files("scenarios.library") / "fujian"


def test_every_delivery_of_the_region_is_on_a_card(capsys: pytest.CaptureFixture[str]) -> None:
    """Fifty-three receipts in the ledger, fifty-three on the cards; half of a supplier's year is less than all of it."""
    with as_file(FUJIAN) as there:
        assert run(["suppliers", "cards", str(there), "--json"]) == 0
        cards = json.loads(capsys.readouterr().out)
        assert run(["suppliers", "cards", str(there), "--json", "--since", "2026-02-15T00:00+08:00"]) == 0
        late = json.loads(capsys.readouterr().out)

    assert sum(card["deliveries"] for card in cards) == 53
    assert 0 < sum(card["deliveries"] for card in late) < 53
    assert all(card["in_time"] <= card["promised"] <= card["deliveries"] for card in cards)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_table_has_a_line_for_every_supplier(lang: str, capsys: pytest.CaptureFixture[str]) -> None:
    """One without a delivery of that part has dashes, not noughts."""
    with as_file(FUJIAN) as there:
        assert run(["suppliers", "cards", str(there), "--part", "P-CMP-01", "--lang", lang]) == 0
        out = capsys.readouterr().out
        assert run(["suppliers", "cards", str(there), "--part", "P-NONE"]) == 2

    assert "SUP-02" in out
    assert "-" in out.splitlines()[2]
    assert "supply." not in out
    assert "stock.unknown_part" in capsys.readouterr().err


def test_reorder_can_go_by_what_was_delivered(capsys: pytest.CaptureFixture[str]) -> None:
    """The lead times shown are in the calculation under the line."""
    with as_file(FUJIAN) as there:
        said = []
        for more in ([], ["--as-delivered"]):
            assert run(["reorder", str(there), "--limit", "0", *more]) == 0
            said.append(capsys.readouterr().out)

    assert said[0] != said[1]
