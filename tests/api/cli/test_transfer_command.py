"""`fieldwright stock send`, `arrive`, `show`: what a storekeeper types, and what it says."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import insert

from api.cli import commands  # noqa: F401 registers the commands
from api.cli.app import run
from api.cli.stock_shown import OWN_REASONS
from api.text import LANGUAGES, Lang, label
from inventory.catalogue.place import PlaceKind
from inventory.stock.document import Line
from storage.check import untrue
from storage.database import open_database
from storage.migration import migrate
from storage.stock import queries
from storage.stock.commands import receive
from storage.tables.catalogue import PlaceRow
from tests.database_builders import envelope, filled, seed

AT = ["--now", "2026-03-02T10:40+08:00"]


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A region with nine of each part in Fuzhou."""
    address = f"sqlite:///{tmp_path}/one.db"
    database = open_database(address)
    migrate(database, envelope())
    seed(database)
    lines = [Line(part, 9, "SUPPLIER", "FUZHOU") for part in ("P-1", "P-2")]
    database.run(envelope(), lambda work: receive(work, "PO-1", lines))
    database.close()
    return address


def lying(url: str) -> dict[tuple[str, str], int]:
    """Units by part and place, of places that are somewhere."""
    database = open_database(url)
    with database.reading() as connection:
        held = queries.totals(connection, "R-1")
    assert untrue(database) == []
    database.close()
    return {(cell.part, cell.place): units for cell, units in held.items() if cell.place != "SUPPLIER"}


def test_a_transfer_is_on_the_road_until_it_is_counted_at_the_door(
    url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody names the road or the adjustment place: there is one of each. The same key twice is done once."""
    there = ["--database", url, *AT]

    for _ in range(2):
        sent = ["P-1=3", "P-2=2", "--from", "FUZHOU", "--to", "VAN-1", "--key", "send-1"]
        assert run(["stock", "send", "TR-1", *sent, *there]) == 0
    assert lying(url)["P-1", "TRANSIT"] == 3
    for _ in range(2):
        came = ["P-1=2", "P-2=2", "--at", "VAN-1", "--key", "arrive-1"]
        assert run(["stock", "arrive", "TR-1", *came, *there]) == 0

    said = capsys.readouterr().out.splitlines()
    assert lying(url) == {
        ("P-1", "FUZHOU"): 6,
        ("P-2", "FUZHOU"): 7,
        ("P-1", "VAN-1"): 2,
        ("P-2", "VAN-1"): 2,
        ("P-1", "ADJUSTMENT"): 1,
    }
    assert said[0] == said[2] == "TR-1: 5 units are on the road to VAN-1."
    assert said[4] == said[6] == "P-1: 1 fewer came than TR-1 sent. The difference is an adjustment."


def test_what_is_still_to_come_is_no_difference(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The second box follows: it stays on the road."""
    there = ["--database", url, *AT]
    assert run(["stock", "send", "TR-1", "P-1=3", "--from", "FUZHOU", "--to", "VAN-1", *there]) == 0

    assert run(["stock", "arrive", "TR-1", "P-1=2", "--at", "VAN-1", "--more-follows", *there]) == 0
    assert lying(url)["P-1", "TRANSIT"] == 1
    assert run(["stock", "arrive", "TR-1", "P-1=2", "--at", "VAN-1", *there]) == 0

    said = capsys.readouterr().out
    assert "P-1: 1 more came than TR-1 sent." in said
    assert lying(url)["P-1", "VAN-1"] == 4


@pytest.mark.parametrize(
    "goods", ["P-1", "=3", "P-1=three", "P-1=3,lot", "P-1=3,colour=red", "P-1=3,condition=new"]
)
def test_goods_that_cannot_be_read_are_refused(
    url: str, goods: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """With how to write them; nothing moves."""
    assert (
        run(["stock", "send", "T", "P-2=1", goods, "--from", "FUZHOU", "--to", "VAN-1", "--database", url])
        == 2
    )

    assert "cli.not_goods" in capsys.readouterr().err
    assert ("P-2", "TRANSIT") not in lying(url)


def test_several_places_of_a_kind_have_to_be_told_apart(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Guessing which one would put goods on the wrong road."""
    second = filled(
        PlaceRow, region_id="R-1", position=99, place_id="ROAD-2", kind=PlaceKind.IN_TRANSIT, name="second"
    )
    database = open_database(url)
    with database.writing(envelope()) as work:
        work.connection.execute(insert(PlaceRow).values(**second))
    database.close()
    typed = ["stock", "send", "TR-1", "P-1=3", "--from", "FUZHOU", "--to", "VAN-1", "--database", url, *AT]

    assert run(typed) == 2
    assert run([*typed, "--transit", "ROAD-2"]) == 0

    said = capsys.readouterr()
    assert "stock.which_place" in said.err
    assert "ROAD-2, TRANSIT" in said.err


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_part_is_shown_with_the_moves_behind_its_figure(
    url: str, lang: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nine came, three left: the last column counts down to what lies there."""
    there = ["--database", url, *AT, "--lang", lang]
    assert run(["stock", "send", "TR-1", "P-1=3", "--from", "FUZHOU", "--to", "VAN-1", *there]) == 0
    capsys.readouterr()

    assert run(["stock", "show", "P-1", "--place", "FUZHOU", "--moves", "5", *there]) == 0
    shown = capsys.readouterr().out
    assert run(["stock", "show", "P-1", *there]) == 0
    everywhere = capsys.readouterr().out

    rows = [line.split() for line in shown.splitlines() if line.strip()]
    assert [row[2:4] for row in rows[-2:]] == [["+9", "9"], ["-3", "6"]]
    assert "VAN-1" in everywhere
    assert "goods." not in shown
    assert "{" not in shown


def test_what_is_not_there_is_said(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A part or a place with a slip of the pen in it is not shown as empty."""
    assert run(["stock", "show", "P-9", "--database", url, *AT]) == 2
    assert run(["stock", "show", "P-1", "--place", "FUZHO", "--database", url, *AT]) == 2

    said = capsys.readouterr().err
    assert "stock.unknown_part" in said
    assert "stock.unknown_place" in said


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_reason_of_the_ledgers_own_is_said_in_the_readers_language(lang: Lang) -> None:
    """A missing word would end the listing of a part's moves: each has one, and none is another's."""
    said = {
        reason: label(f"goods.moved_{reason.replace(' ', '_').replace('-', '_')}", lang)
        for reason in OWN_REASONS
    }

    assert len(set(said.values())) == len(OWN_REASONS)
