"""`fieldwright stock count`: what a storekeeper types, and what it says."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.cli import commands  # noqa: F401 registers the commands
from api.cli.app import run
from api.text import LANGUAGES
from inventory.stock.position import Position
from storage.check import untrue
from storage.database import open_database
from storage.migration import migrate
from storage.stock import queries
from tests.database_builders import envelope, seed
from tests.stock_builders import NOW
from tests.storage.database.stock_worlds import bring

POSTED = ["--now", "2026-03-02T11:00+08:00", "--adjustment", "ADJUSTMENT", "--recount-above", "0"]
FIRST = ["--by", "E03", "--at", "2026-03-02T10:50+08:00"]
AGAIN = ["--again-by", "E04", "--again-at", "2026-03-02T10:55+08:00"]


@pytest.fixture
def url(tmp_path: Path) -> str:
    """Ten pumps in Fuzhou."""
    address = f"sqlite:///{tmp_path}/one.db"
    database = open_database(address)
    migrate(database, envelope())
    seed(database)
    bring(database, 10)
    database.close()
    return address


def counted(url: str, units: int, *words: str) -> int:
    """The exit code of a count of so many pumps."""
    first = ["stock", "count", "CNT-1", "P-1", "FUZHOU", str(units), "--database", url, *FIRST, *POSTED]
    return run([*first, *words])


def there(url: str) -> Position:
    """What the ledger has of the pumps, after everything was added up again."""
    database = open_database(url)
    with database.reading() as connection:
        found = queries.position(connection, "R-1", "P-1", "FUZHOU", now=NOW)
    assert untrue(database) == []
    database.close()
    return found


def test_a_difference_is_posted_once_two_people_found_it(
    url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The first count alone is refused without a figure; with the second it is posted, once for its key."""
    assert counted(url, 8) == 2
    refused = capsys.readouterr().err
    assert "stock.recount_needed" in refused
    assert "10" not in refused.replace("2026-03-02", "")
    assert there(url).on_hand == 10

    for _ in range(2):
        assert counted(url, 8, "--again", "8", *AGAIN, "--key", "cnt-1") == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0] == said[1]
    assert there(url).on_hand == 8


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_count_that_agrees_posts_nothing(url: str, lang: str, capsys: pytest.CaptureFixture[str]) -> None:
    """And says so."""
    assert counted(url, 10, "--lang", lang) == 0

    out = capsys.readouterr().out
    assert "P-1" in out
    assert "count." not in out
    assert there(url).on_hand == 10


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--again", "8"], "count.half_a_recount"),
        (["--again-by", "E04"], "count.half_a_recount"),
        (["--again", "7", *AGAIN], "stock.recount_differs"),
        (
            ["--again", "8", "--again-by", "E03", "--again-at", "2026-03-02T10:55+08:00"],
            "stock.recount_by_counter",
        ),
        (
            ["--again", "8", *AGAIN, "--approval-above", "0", "--approved-by", "E03"],
            "stock.count_approved_by_counter",
        ),
        (["--approval-above", "nan"], "money.not_an_amount"),
        (["--at", "2026-03-02T10:50"], "clock.naive_time"),
    ],
)
def test_a_count_that_settles_nothing_is_refused(
    url: str, words: list[str], code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """By code, and the ledger stays as it is."""
    assert counted(url, 8, *words) == 2
    assert code in capsys.readouterr().err
    assert there(url).on_hand == 10
