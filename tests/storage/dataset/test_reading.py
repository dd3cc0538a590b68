"""What a folder holds is what the region says, whole, counted, and quickly."""

from __future__ import annotations

import time
from decimal import Decimal
from pathlib import Path

import pytest

from dispatch.desk.visit import Lock
from kernel.clock import moment
from kernel.errors import Refused
from storage.dataset.read import load, read
from storage.dataset.schema import TABLES
from tests.dataset_builder import CREWED, TINY, edited, tiny


def test_the_tiny_region_is_read_whole(tmp_path: Path) -> None:
    """One look at each side of the mapping: a swapped column would show here."""
    region = load(tiny(tmp_path / "region"))

    assert region.settings.policy.late_hour == Decimal("90.50")
    assert region.settings.policy.left_out["P1"] == 9000
    assert [str(span) for span in region.field.calendars[0].week[0]] == ["08:00-12:00", "13:00-17:00"]
    assert [len(hours) for _, hours in region.field.calendars[0].exceptions] == [2, 0]
    assert [ticket.remote for ticket in region.field.tickets] == [False, True]
    assert region.field.tickets[0].version
    assert region.field.closed_tickets[0].parts[0].quantity == 2
    assert region.field.visits[0].skills == (("hv", 2), ("fiber", 1))
    assert region.field.published[0].lock is Lock.TIME
    assert region.field.travel[1].seconds is None
    assert region.field.contracts[0].valid_until is not None
    assert region.field.contracts[0].valid_until.isoformat() == "2027-01-01"
    assert region.stock.moves[0].at == moment("2026-03-01T08:00Z")
    assert region.stock.supply_offers[0].demand_ref == "V1"


def test_every_table_is_exercised_by_the_tiny_region() -> None:
    """A table without a row in the builder would be tested by nobody."""
    assert {table.file for table in TABLES} == set(CREWED) - {"region.toml"}


def test_counts_add_up_and_name_every_file(tmp_path: Path) -> None:
    """The first question of whoever imports is how much came in."""
    reading = read(tiny(tmp_path / "region", parts=edited("parts.csv", "980", "-980")))

    counts = {count.file: (count.given, count.accepted, count.refused) for count in reading.counts}
    assert counts["parts.csv"] == (2, 1, 1)
    assert counts["region.toml"] == (3, 3, 0)
    assert counts.keys() == TINY.keys()


def test_rows_that_refer_to_a_refused_row_are_refused_after_their_cause(tmp_path: Path) -> None:
    """A visit to a site nobody knows cannot be planned, and the site is what has to be corrected."""
    reading = read(tiny(tmp_path / "region", sites=edited("sites.csv", "26.5", "96.5")))

    found = [(refusal.code, refusal.at.file) for refusal in reading.refusals if refusal.at]
    assert found == [
        ("place.latitude_out_of_range", "sites.csv"),
        ("dataset.refers_to_refused", "assets.csv"),
        ("dataset.refers_to_refused", "tickets.csv"),
        ("dataset.refers_to_refused", "visits.csv"),
        ("dataset.refers_to_refused", "travel.csv"),
    ]


def test_a_story_falls_with_its_row(tmp_path: Path) -> None:
    """A story that points at nothing would send the reader looking."""
    reading = read(tiny(tmp_path / "region", visits=edited("visits.csv", "90", "0")))

    assert "dataset.story_of_refused" in {refusal.code for refusal in reading.refusals}
    assert reading.region is not None
    assert reading.region.settings.stories == ()


def test_a_refused_row_stops_the_load_unless_part_is_accepted(tmp_path: Path) -> None:
    """Half a region planned without anybody saying so is the worst outcome."""
    folder = tiny(tmp_path / "region", parts=edited("parts.csv", "980", "-980"))

    with pytest.raises(Refused) as refused:
        load(folder)
    partial = load(folder, accept_partial=True)

    assert refused.value.refusals[0].code == "money.negative"
    assert [part.id for part in partial.stock.parts] == ["P1"]


def test_moves_are_judged_in_order_of_time_not_of_the_file(tmp_path: Path) -> None:
    """The tiny region's receipt from transit stands before its dispatch; posted later is not happened later."""
    assert TINY["stock_moves.csv"].index("M3") < TINY["stock_moves.csv"].index("M2")

    assert read(tiny(tmp_path / "region")).refusals == ()


def test_ten_thousand_bad_rows_are_all_counted_in_three_seconds(tmp_path: Path) -> None:
    """Whoever exports the wrong column gets an answer, not a hung program."""
    rows = "".join(f"X{number},Part,consumable,-1,1\n" for number in range(10_000))
    folder = tiny(tmp_path / "region", parts=TINY["parts.csv"] + rows)
    started = time.process_time()

    reading = read(folder)

    assert time.process_time() - started < 3
    assert len(reading.refusals) == 10_000
    assert [(c.given, c.accepted) for c in reading.counts if c.file == "parts.csv"] == [(10_002, 2)]


def test_spreadsheet_habits_do_not_change_what_is_read(tmp_path: Path) -> None:
    """Byte order mark, CRLF and shuffled columns come with every round through a spreadsheet."""
    plain = tiny(tmp_path / "plain")
    parts = "criticality,price,part_id,name,kind\n1,12.50,P1,Fuse,consumable\n2,980,P2,Board,repairable\n"
    sheet = tiny(tmp_path / "sheet", parts=parts)
    crlf = tiny(tmp_path / "crlf")
    for file, text in TINY.items():
        (crlf / file).write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())

    assert read(sheet).region == read(plain).region
    assert read(crlf) == read(plain)


def test_the_digest_follows_the_content_and_nothing_else(tmp_path: Path) -> None:
    """A plan names the digest of its dataset: the same data elsewhere is the same, a changed cell is not."""
    one = read(tiny(tmp_path / "one"))
    folder = tmp_path / "two"
    folder.mkdir()
    for file in reversed(TINY):
        (folder / file).write_text(TINY[file], encoding="utf-8", newline="")
    other = read(tiny(tmp_path / "three", parts=edited("parts.csv", "980", "981")))

    assert read(folder).digest == one.digest
    assert other.digest != one.digest


def test_a_formula_is_text(tmp_path: Path) -> None:
    """What a spreadsheet would run is a name like any other here."""
    region = load(tiny(tmp_path / "region", customers=edited("customers.csv", "Mill", "=HYPERLINK(1)")))

    assert region.field.customers[0].name == "=HYPERLINK(1)"
