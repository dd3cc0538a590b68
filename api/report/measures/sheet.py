"""A table of measures before anybody decided where it is shown: terminal, CSV and page all read this one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from api.text import Lang, label

Cell = str | int | float | Decimal | date | None
"""None: there is nothing to tell."""


class Shape(StrEnum):
    """What a column holds, and so how it is written."""

    TEXT = "text"
    """An id or a name, as it is."""
    WORD = "word"
    """A code with a sentence of its own under the column's prefix."""
    COUNT = "count"
    SHARE = "share"
    """0 to 1; read as per cent."""
    SECONDS = "seconds"
    """Read as hours."""
    DAYS = "days"
    """A number of days, perhaps a fraction."""
    SCORE = "score"
    MONEY = "money"
    """In the region's currency."""
    AMOUNT = "amount"
    """In the currency another column of the row names."""
    DAY = "day"
    MOMENT = "moment"
    """A moment, aware, in the region's zone."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its `name` is the header in a CSV file and the code ``measure.head_<name>`` of its heading.

    Args:
        name: in English, the same in every language.
        shape: what it holds.
        words: for `Shape.WORD`: prefix of the codes, with its dot or underscore.
        all_word: for `Shape.TEXT`: an empty cell means all of them, and is read so.
        detail: left out where there is little room.
    """

    name: str
    shape: Shape = Shape.TEXT
    words: str = ""
    all_word: bool = False
    detail: bool = False


SHARE = Column("share", Shape.SHARE)
TICKETS = Column("tickets", Shape.COUNT)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: `name` is the CSV file's name and the code of its title and definition."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


def written(column: Column, cell: Cell, /) -> str | int:
    """Give a cell as a CSV file has it: codes as they are, shares as fractions, times in hours."""
    if cell is None:
        return ""
    match column.shape:
        case Shape.SHARE | Shape.SCORE:
            return f"{cell:.4f}"
        case Shape.SECONDS:
            return f"{float(cell) / 3600:.3f}"  # type: ignore[arg-type]
        case Shape.DAYS if isinstance(cell, float):
            return f"{cell:.3f}"
        case Shape.COUNT | Shape.DAYS if isinstance(cell, int):
            return cell
        case Shape.MOMENT if isinstance(cell, datetime):
            return cell.isoformat()
        case _:
            return str(cell)


def heading(column: Column, lang: Lang, /) -> str:
    """Give a column's heading."""
    return label(f"measure.head_{column.name}", lang)


def read_aloud(column: Column, cell: Cell, lang: Lang, /, *, currency: str) -> str:
    """Give a cell as people read it; a dash where there is nothing to tell."""
    if cell is None:
        return "–"
    match column.shape:
        case Shape.WORD:
            return label(f"{column.words}{cell}", lang)
        case Shape.TEXT if cell == "" and column.all_word:
            return label("measure.all", lang)
        case Shape.COUNT:
            return f"{cell:,}"
        case Shape.SHARE:
            return f"{cell:.1%}"
        case Shape.SECONDS:
            return f"{float(cell) / 3600:,.1f} h"  # type: ignore[arg-type]
        case Shape.DAYS:
            return f"{cell:,.1f}" if isinstance(cell, float) else str(cell)
        case Shape.SCORE:
            return f"{cell:.2f}"
        case Shape.MONEY:
            return f"{cell:,.2f} {currency}"
        case Shape.AMOUNT:
            return f"{cell:,.2f}"
        case Shape.MOMENT:
            return f"{cell:%Y-%m-%d %H:%M}"
        case _:
            return str(cell)
