"""A report of measures: the same figures in every form, a page that is whole and asks nobody for anything."""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from rich.console import Console

from api.report.measures.about import About
from api.report.measures.page import page
from api.report.measures.sheet import Column, Shape, Sheet, read_aloud, written
from api.report.measures.sheets import sheets
from api.report.measures.terminal import print_measures
from api.report.measures.write import as_csv, write_measures
from api.report.spreadsheet import BYTE_ORDER_MARK
from api.text import LANGUAGES, Lang, label
from dispatch.desk.scheme_file import builtin_schemes
from dispatch.desk.ticket import EventKind, TicketEvent
from dispatch.measures import Measures, measures
from dispatch.measures.period import period
from kernel.errors import Refusal
from tests.regions import AS_OF, at, region, ticket

ABOUT = About("A <b>region</b>", "Asia/Shanghai", "CNY", 14, 60, 15)
WEEK = "2026-03-02..2026-03-06"


def found() -> Measures:
    """A week with a ticket repaired in time, one late, and one open."""
    events = [
        TicketEvent("T-1", at(7, 30), EventKind.RESPONDED, "desk"),
        TicketEvent("T-1", at(8), EventKind.TRAVELLING, "E-1"),
        TicketEvent("T-1", at(9), EventKind.ON_SITE, "E-1"),
        TicketEvent("T-1", at(11), EventKind.REPAIRED, "E-1"),
        TicketEvent("T-2", at(16), EventKind.ON_SITE, "E-2"),
    ]
    tickets = (ticket("T-1"), ticket("T-2"), ticket("T-3", reported_at=at(18)))
    made = region(tickets=tickets, ticket_events=tuple(events))
    days = period(WEEK, now=at(20), zone=ZoneInfo("Asia/Shanghai"))
    return measures(made, builtin_schemes(), days)


def lines(sheet: Sheet) -> list[dict[str, str]]:
    """A table as a spreadsheet reads it."""
    return list(csv.DictReader(StringIO(as_csv(sheet).removeprefix(BYTE_ORDER_MARK))))


def table(name: str) -> Sheet:
    """One table of the week."""
    return next(sheet for sheet in sheets(found()) if sheet.name == name)


class Reading(HTMLParser):
    """What a browser would see; notes tags that do not match."""

    def __init__(self, text: str) -> None:
        """Read a page."""
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.names: set[str] = set()
        self.attributes: list[tuple[str, str]] = []
        self.text: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.names.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Note an end that does not close what is open."""
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)

    def handle_data(self, data: str) -> None:
        """Note a text."""
        self.text.append(data)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_is_one_whole_document_with_a_definition_for_every_table(lang: Lang) -> None:
    """A figure without its definition is an argument waiting to happen."""
    shown = Reading(page(ABOUT, found(), sheets(found()), lang))

    assert (shown.open, shown.wrong) == ([], [])
    text = " ".join(shown.text)
    for sheet in sheets(found())[1:]:
        assert label(f"measure.sheet_{sheet.name}", lang) in text
        assert ABOUT.definition(sheet.name, lang) in text
    assert not re.search(r"\b(measure|milestone)\.[a-z_]+", text), "a code without a sentence"


def test_the_page_asks_nobody_for_anything() -> None:
    """It is opened from a mail on a machine without a network, and a region's name cannot become markup."""
    text = page(ABOUT, found(), sheets(found()), "en")
    shown = Reading(text)

    assert not shown.names & {
        "script",
        "link",
        "img",
        "iframe",
        "object",
        "embed",
        "form",
        "base",
        "image",
        "b",
    }
    assert not re.search(r"@import|url\((?!#)|https?:", text)
    assert not [name for name, _ in shown.attributes if name.startswith("on") or name in {"href", "src"}]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_table_has_its_words_in_the_terminal(lang: Lang) -> None:
    """Each heading and word is said in the reader's language; no code is printed."""
    console = Console(width=160, record=True, file=StringIO())

    print_measures(ABOUT, found(), sheets(found()), console, lang=lang)

    text = console.export_text()
    assert all(label(f"measure.sheet_{sheet.name}", lang) in text for sheet in sheets(found()))
    assert "measure." not in text


def test_the_files_say_what_the_measures_say() -> None:
    """Two of two arrivals were in time or late; the repair is one of three, the rest is open."""
    rows = {
        (row["milestone"], row["by"], row["version"]): row
        for row in lines(table("attainment"))
        if row["group"] in {"", "field-2-4-24"}
    }

    arrive = rows["arrive", "scheme", "last"]
    assert (arrive["attained"], arrive["breached"], arrive["open"]) == ("1", "1", "1")
    assert arrive["share"] == "0.5000"
    whole = lines(table("restore"))[0]
    assert (whole["tickets"], whole["mean"], whole["reaction"], whole["travel"], whole["work"]) == (
        "1",
        "4.000",
        "1.000",
        "1.000",
        "2.000",
    )


def test_breach_exposure_is_told_with_its_currency() -> None:
    """An amount without its currency cannot be added to anything."""
    rows = lines(table("breach_exposure"))

    assert rows[0]["currency"] == "CNY"
    assert Decimal(rows[0]["actual"]) == sum(Decimal(row["actual"]) for row in rows[1:]) > 0


def test_all_files_are_written_together(tmp_path: Path) -> None:
    """A table each, and the page."""
    tables = sheets(found())

    files = write_measures(tmp_path / "out", tables, page(ABOUT, found(), tables, "en"))

    assert sorted(path.name for path in files) == sorted(
        [f"{sheet.name}.csv" for sheet in tables] + ["measures.html"]
    )
    assert {path.name for path in (tmp_path / "out").iterdir()} == {path.name for path in files}


def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    """The reason is said, not a traceback."""
    (tmp_path / "file").write_text("", encoding="utf-8")

    with pytest.raises(Refusal) as refused:
        write_measures(tmp_path / "file", sheets(found()), "")

    assert refused.value.code == "measure.cannot_write"


def test_the_same_facts_give_the_same_bytes() -> None:
    """A report made twice can be compared."""
    tables = sheets(found())

    assert page(ABOUT, found(), tables, "en") == page(ABOUT, found(), sheets(found()), "en")


@pytest.mark.parametrize(
    ("shape", "cell", "file", "spoken"),
    [
        (Shape.SHARE, 0.8333, "0.8333", "83.3%"),
        (Shape.SECONDS, 5400, "1.500", "1.5 h"),
        (Shape.DAYS, -3, -3, "-3"),
        (Shape.DAYS, 1.25, "1.250", "1.2"),
        (Shape.MONEY, Decimal("1234.50"), "1234.50", "1,234.50 CNY"),
        (Shape.AMOUNT, Decimal("1234.50"), "1234.50", "1,234.50"),
        (Shape.DAY, date(2026, 3, 1), "2026-03-01", "2026-03-01"),
        (Shape.COUNT, 1234, 1234, "1,234"),
        (Shape.SHARE, None, "", "–"),
    ],
)
def test_a_cell_is_exact_in_the_file_and_short_for_people(
    shape: Shape, cell: float | Decimal | date | None, file: str | int, spoken: str
) -> None:
    """Spreadsheets calculate with it, people read it."""
    column = Column("share", shape)

    assert written(column, cell) == file
    assert read_aloud(column, cell, "en", currency="CNY") == spoken


def test_a_region_without_anything_still_has_a_report() -> None:
    """An empty period says so, table by table."""
    empty = replace(
        region(tickets=(), visits=(), part_needs=(), certificates=(), shifts=()),
    )
    days = period(WEEK, now=AS_OF, zone=ZoneInfo("Asia/Shanghai"))
    nothing = measures(empty, builtin_schemes(), days)

    text = page(ABOUT, nothing, sheets(nothing), "en")

    assert text.count(label("measure.nothing", "en")) >= 10
