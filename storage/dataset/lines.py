"""Bytes of a CSV file to rows: one line is one row, so that a broken quote spoils its own line and no other."""

from __future__ import annotations

import csv
import difflib
from collections.abc import Iterator
from dataclasses import dataclass

from kernel.errors import Location, Refusal
from storage.dataset.table import Column, Table

LARGEST_FILE = 64 * 1024 * 1024
"""Bytes of one file."""
LONGEST_LINE = 20_000
"""Characters of one line."""
MOST_ROWS = 1_000_000
"""Rows of one file."""

_BOM = b"\xef\xbb\xbf"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")

LATER = frozenset({"freeze_until", "quality", "priority"})
"""Columns of later releases: refused with their own code until their rule is there."""


def normal(raw: bytes, /) -> bytes:
    """Give the bytes without byte order mark, lines ending in a line feed: what the digest is taken of."""
    return raw.removeprefix(_BOM).replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def numbered(raw: bytes, /) -> Iterator[tuple[int, str]]:
    """Give the lines that hold anything, with their number from 1; bytes that are not UTF-8 as lone surrogates."""
    for number, line in enumerate(normal(raw).decode("utf-8", "surrogateescape").split("\n"), start=1):
        if line:
            yield number, line


def cells(line: str, /) -> list[str]:
    """Split one line.

    Raises:
        Refusal: ``dataset.line_too_long``, ``dataset.not_utf8``, ``dataset.not_csv``.
    """
    if len(line) > LONGEST_LINE:
        raise Refusal("dataset.line_too_long", length=len(line), longest=LONGEST_LINE)
    if not line.isascii() and any("\ud800" <= character <= "\udfff" for character in line):
        raise Refusal("dataset.not_utf8")
    try:
        return next(csv.reader((line,), strict=True))
    except (csv.Error, StopIteration):
        raise Refusal("dataset.not_csv") from None


@dataclass(frozen=True, slots=True)
class Header:
    """Where each column of a table stands in the file: `(column, index)`, index -1 for one left out; and how wide a row is."""

    columns: tuple[tuple[Column, int], ...]
    width: int


def header(table: Table, number: int, line: str, /) -> tuple[Header | None, tuple[Refusal, ...]]:
    """Read the first line of a file: every wrong or missing column is a refusal, and then there is no header."""
    try:
        names = cells(line)
    except Refusal as refusal:
        return None, (refusal.located(Location(table.file, number)),)
    known = {column.name: column for column in table.columns}
    refusals = []
    for at, name in enumerate(names):
        place = Location(table.file, number, name[:40])
        if name in names[:at]:
            refusals.append(Refusal("dataset.duplicate_column", at=place, column=name[:40]))
        elif name in known:
            continue
        elif name in LATER:
            refusals.append(Refusal("dataset.column_not_supported_yet", at=place, column=name))
        else:
            refusals.append(_unknown_column(name, known.keys() - set(names), place))
    refusals += [
        Refusal("dataset.missing_column", at=Location(table.file, number, column.name), column=column.name)
        for column in table.columns
        if column.required and column.name not in names
    ]
    if refusals:
        return None, tuple(refusals)
    placed = tuple(
        (column, names.index(column.name) if column.name in names else -1) for column in table.columns
    )
    return Header(placed, len(names)), ()


def _unknown_column(name: str, missing: set[str], place: Location) -> Refusal:
    close = difflib.get_close_matches(name[:80], sorted(missing), n=1)
    if close:
        return Refusal("dataset.misspelt_column", at=place, column=name[:40], suggestion=close[0])
    return Refusal(
        "dataset.unknown_column", at=place, column=name[:40], known=", ".join(sorted(missing)) or "-"
    )


def refused_whole(raw: bytes, file: str, /) -> Refusal | None:
    """Say why a file cannot be read at all, if so: too large, not UTF-8 at all, too many rows."""
    if len(raw) > LARGEST_FILE:
        return Refusal("dataset.file_too_large", at=Location(file), most=LARGEST_FILE // 1024**2)
    if raw.startswith(_UTF16):
        return Refusal("dataset.not_utf8", at=Location(file))
    rows = sum(1 for _ in numbered(raw)) - 1
    if rows > MOST_ROWS:
        return Refusal("dataset.too_many_rows", at=Location(file), rows=rows, most=MOST_ROWS)
    return None
