"""CSV as spreadsheets read it without harm."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from io import StringIO

BYTE_ORDER_MARK = "\ufeff"
"""Spreadsheets read UTF-8 names rightly only behind it."""

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def spreadsheet(columns: Iterable[str], rows: Iterable[Iterable[str | float]], /) -> str:
    """Give the text of a file: a header, then the rows; a text that begins like a formula gets an apostrophe."""
    text = StringIO()
    text.write(BYTE_ORDER_MARK)
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_cell(value) for value in row])
    return text.getvalue()


def _cell(value: str | float) -> str | float:
    # A name that begins like a formula would be run by a spreadsheet.
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    return value
