"""`fieldwright stock excess`, `ending`: what is printed, in both languages, and as JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from api.cli import commands  # noqa: F401 registers every command
from api.cli.app import run
from api.text import LANGUAGES, Lang, label
from tests.dataset_builder import TINY, tiny

SOLD = {"alternates": TINY["alternates.csv"].replace("supersedes", "equal")}
"""Somebody sells P1."""


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


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_last_day_of_order_is_said_listed_and_bought_for(
    tmp_path: Path, lang: Lang, capsys: pytest.CaptureFixture[str]
) -> None:
    """Said in a database, shown by `ending` with what is missing, proposed by `reorder` with its calculation; taken back, gone."""
    url = f"sqlite:///{tmp_path}/one.db"
    assert run(["import", str(tiny(tmp_path / "tiny", **SOLD)), "--database", url]) == 0
    at = ["--database", url, "--now", "2026-03-07T10:40+08:00", "--lang", lang]
    says = ["stock", "ends", "P1", *at, "--by", "store"]
    assert run(["stock", "ending", *at]) == 0
    assert label("remnants.nothing_ends", lang) in capsys.readouterr().out

    word = [*says, "--supplier", "U1", "--last-order", "2026-03-20", "--served-until", "2029-12-31"]
    assert run(word) == 0
    assert run(["stock", "ending", "--json", *at]) == 0
    said, _, listed = capsys.readouterr().out.partition("[")
    assert run(["stock", "ending", *at]) == 0
    assert run(["reorder", *at]) == 0
    shown = capsys.readouterr().out
    assert run([*says, "--supplier", "U1"]) == 0
    assert run(["stock", "ending", *at]) == 0
    over = capsys.readouterr().out

    (row,) = json.loads("[" + listed)
    assert (row["part"], row["last_order_on"], row["served_until"]) == ("P1", "2026-03-20", "2029-12-31")
    assert row["lacking"] > 0
    assert "2026-03-20" in said
    assert label("remnants.column_lacking", lang) in shown
    assert label("reorder.served_stated", lang, until="2029-12-31") in " ".join(shown.split()).replace(
        "， ", "，"
    )
    assert label("remnants.nothing_ends", lang) in over


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("typed", "code"),
    [
        (["P1"], "supply.end_of_whom"),
        (["P1", "--last-order", "2026-03-20"], "supply.end_of_whom"),
        (["P1", "--supplier", "U9", "--last-order", "2026-03-20"], "supply.no_terms"),
        (["P9", "--served-until", "2029-12-31"], "stock.unknown_part"),
        (["P1", "--served-until", "soon"], "cli.not_a_day"),
    ],
)
def test_an_end_of_nothing_is_refused(
    tmp_path: Path, typed: list[str], code: str, lang: Lang, capsys: pytest.CaptureFixture[str]
) -> None:
    """In words, with the code."""
    url = f"sqlite:///{tmp_path}/one.db"
    assert run(["import", str(tiny(tmp_path / "tiny")), "--database", url]) == 0

    assert run(["stock", "ends", *typed, "--database", url, "--by", "store", "--lang", lang]) == 2

    assert code in capsys.readouterr().err


def test_an_end_of_service_is_bounded_and_unsaid(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A year no calendar knows is refused in words; `none` takes the day back."""
    url = f"sqlite:///{tmp_path}/one.db"
    assert run(["import", str(tiny(tmp_path / "tiny", **SOLD)), "--database", url]) == 0
    says = ["stock", "ends", "P1", "--database", url, "--now", "2026-03-07T10:40+08:00", "--by", "store"]
    capsys.readouterr()

    assert run([*says, "--served-until", "9999-12-31"]) != 0
    refused = capsys.readouterr().err
    assert run([*says, "--served-until", "2029-12-31"]) == 0
    assert run([*says, "--served-until", "none"]) == 0
    shown = capsys.readouterr().out

    assert "clock.out_of_range" in refused
    assert label("remnants.served_on", "en", part="P1") in shown
