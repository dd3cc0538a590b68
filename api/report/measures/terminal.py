"""A report of measures in the terminal: every table, long ones cut."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from api.report.measures.about import About
from api.report.measures.sheet import Cell, Shape, Sheet, heading, read_aloud
from api.text import Lang, label
from dispatch.measures import Measures
from dispatch.measures.promises import By

SHOWN_ROWS = 12
"""Rows of a table printed at most; the files have them all."""
_WHOLE = {"figures", "attainment"}
_TO_THE_LEFT = {Shape.TEXT, Shape.WORD, Shape.DAY, Shape.MOMENT}


def print_measures(
    about: About,
    found: Measures,
    sheets: Sequence[Sheet],
    console: Console,
    /,
    *,
    lang: Lang,
    written: Iterable[Path] = (),
) -> None:
    """Print what a manager wants to know first.

    Args:
        about: whose report it is.
        found: the measures.
        sheets: the tables, in order.
        console: where to.
        lang: language of the output.
        written: files that were written, to be listed.
    """
    console.print(Text(label("measure.title", lang, region=about.name), style="bold"))
    console.print(Text(about.subtitle(found, lang), style="dim"))
    print_tables(sheets, console, currency=about.currency, lang=lang, written=written)


def print_tables(
    sheets: Sequence[Sheet],
    console: Console,
    /,
    *,
    currency: str,
    lang: Lang,
    written: Iterable[Path] = (),
) -> None:
    """Print tables under their titles, long ones cut.

    Args:
        sheets: in order.
        console: where to.
        currency: of the region.
        lang: language of the output.
        written: files that were written, to be listed.
    """
    for sheet in sheets:
        # The whole region fits the terminal; what it consists of is in the files.
        rows = [row for row in sheet.rows if sheet.name != "attainment" or By.ALL in row]
        shown = rows if sheet.name in _WHOLE else rows[:SHOWN_ROWS]
        console.print()
        console.print(Text(label(f"measure.sheet_{sheet.name}", lang), style="bold"))
        if not rows:
            console.print(Text(label("measure.nothing", lang), style="dim"))
            continue
        console.print(_table(sheet, shown, currency, lang))
        if len(shown) < len(sheet.rows):
            more = label("measure.more", lang, n=len(sheet.rows) - len(shown), file=f"{sheet.name}.csv")
            console.print(Text(more, style="dim"))
    paths = list(written)
    if paths:
        console.print()
        console.print(Text(label("measure.files", lang), style="bold"))
        for path in paths:
            console.print(Text(f"  {path}"), soft_wrap=True)


def _table(sheet: Sheet, rows: Sequence[tuple[Cell, ...]], currency: str, lang: Lang) -> Table:
    shown = [at for at, column in enumerate(sheet.columns) if not column.detail]
    made = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False)
    for at in shown:
        side: Literal["left", "right"] = "left" if sheet.columns[at].shape in _TO_THE_LEFT else "right"
        made.add_column(heading(sheet.columns[at], lang), justify=side, overflow="fold")
    for row in rows:
        made.add_row(*(Text(read_aloud(sheet.columns[at], row[at], lang, currency=currency)) for at in shown))
    return made
