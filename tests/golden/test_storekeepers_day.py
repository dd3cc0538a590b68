"""A storekeeper's whole day in Fuzhou at the command line, word for word the same on both databases."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path

import pytest

from api.cli import commands  # noqa: F401 registers the commands
from api.cli.app import run
from inventory.stock.ledger import tally
from inventory.stock.position import positions
from inventory.supply.to_come import on_order
from kernel.clock import moment
from storage.check import untrue
from storage.database import open_database
from storage.rows.region import load_region
from storage.stock import queries
from tests.conftest import set_by_name

GOLDEN = Path(__file__).with_name("storekeepers_day.txt")
SCRIPT = Path(__file__).with_name("storekeepers_day.script")
OF_A_FOLDER = {"plan", "verify"}
TIMELESS = OF_A_FOLDER | {"export", "db"}
ASKS, ASKS_QUIETLY = "-", "~"
"""Who of a line that writes nothing; quietly: what it says is no matter of this page."""
EVENING = moment("2026-03-06T19:00+08:00")
REFUSED = 2
EXITS = {0: "", 1: " [the answer is no]", REFUSED: " [refused]"}

pytestmark = pytest.mark.slow  # imports, exports and plans Fujian, on each database


@dataclass(frozen=True)
class Step:
    """One line typed: at what time, by whom (empty: it only asks), what."""

    at: str
    by: str
    words: str
    typed: str
    quiet: bool


def steps() -> Iterator[Step]:
    """Read the script: a heading of words, then lines of time, who, command."""
    words = ""
    for line in SCRIPT.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            words = line[1:].strip()
        elif line.strip():
            at, by, typed = line.split(maxsplit=2)
            yield Step(at, "" if by in {ASKS, ASKS_QUIETLY} else by, words, typed, by == ASKS_QUIETLY)
            words = ""


class Day:
    """Types the lines of the script and writes down what the terminal said."""

    def __init__(self, url: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """Start with nothing said."""
        self.url, self.folder, self.capsys = url, folder, capsys
        self.lines: list[str] = []

    def types(self, number: int, step: Step) -> None:
        """One line; what writes is given twice under one key, and the second time says and does the same."""
        typed = [word.replace("FOLDER", str(self.folder)) for word in shlex.split(step.typed)]
        where = [] if typed[0] in OF_A_FOLDER else ["--database", self.url]
        when = ["--now", f"2026-03-06T{step.at}+08:00"] if typed[0] not in TIMELESS else []
        key = [] if "--key" in typed else ["--key", f"day-{number}"]
        who = ["--by", step.by, *key] if step.by else []
        code, said = self._run([*typed, *where, *when, *who])
        if who and code != REFUSED:
            again, once_more = self._run([*typed, *where, *when, *who])
            # A pick list shows what is left to pick, and that is nothing the second time; what it did is the same.
            shown = -2 if typed[0] == "pick" else 0
            assert (again, once_more[shown:]) == (code, said[shown:]), step.typed
        if step.words:
            self.lines += ["", step.words, ""]
        who_types = f"{step.at} {step.by}".rstrip()
        self.lines += [f"{who_types} $ fieldwright {step.typed}{EXITS[code]}", *([] if step.quiet else said)]

    def _run(self, line: list[str]) -> tuple[int, list[str]]:
        code = run(line)
        spoken = self.capsys.readouterr()
        named = (spoken.out + spoken.err).replace(str(self.folder), "FOLDER").replace(self.url, "DATABASE")
        return code, [f"    {said.rstrip()}".rstrip() for said in named.splitlines()]


def test_a_storekeepers_day_reads_the_same_on_both_databases(
    url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """From what is short in the morning to a ledger that adds up in the evening: every door, as typed."""
    with as_file(files("scenarios.library") / "fujian") as folder:
        assert run(["import", str(folder), "--database", url]) == 0
    capsys.readouterr()
    day = Day(url, tmp_path / "evening", capsys)

    for number, step in enumerate(steps()):
        day.types(number, step)

    told = "\n".join([*day.lines, ""]).lstrip("\n")
    if set_by_name("FIELDWRIGHT_WRITE_GOLDEN"):
        GOLDEN.write_text(told, encoding="utf-8")
    assert told == GOLDEN.read_text(encoding="utf-8")
    assert_the_ledger_explains_every_number(url)


def assert_the_ledger_explains_every_number(url: str) -> None:
    """Balances, standings and what is shown are the fold of the moves, and nothing else."""
    database = open_database(url)
    assert untrue(database) == []
    with database.reading() as connection:
        stock = load_region(connection, "fujian").stock
        ledger = queries.moves(connection, "fujian")
        kept = queries.totals(connection, "fujian")
        coming = {
            (part, place): units
            for part in {line.part for line in stock.purchase_orders}
            for place, units in queries.on_order(connection, "fujian", part, now=EVENING).items()
        }
    kinds = {place.id: place.kind for place in stock.places}
    folded = {cell: units for cell, units in tally(kinds, ledger).items() if units}
    assert kept == folded
    assert positions(kept, stock.places) == positions(folded, stock.places)
    assert coming == on_order(stock.purchase_orders, now=EVENING, agreements=stock.agreements)
    database.close()
