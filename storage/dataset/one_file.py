"""One file by itself: its rows as values, or what is wrong with each; references are looked up by whoever asks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kernel.errors import Location, Refusal
from storage.dataset.lines import Header, cells, header, numbered, refused_whole
from storage.dataset.table import Table


def read_rows(file: Table, path: Path) -> Iterator[tuple[Location, Any]]:
    """Read a file of a dataset; gives every row with its place, as a value or as a refusal."""
    try:
        raw = path.read_bytes()
    except OSError:
        yield Location(path.name), Refusal("dataset.cannot_read", at=Location(path.name), file=path.name)
        return
    for at, row in rows_of_list(file, raw, path.name):
        if isinstance(row, Refusal):
            yield at, row
            continue
        try:
            yield at, file.make(row)
        except Refusal as refusal:
            yield at, refusal.located(Location(at.file, at.line, refusal.at.column if refusal.at else ""))


def rows_of_list(file: Table, raw: bytes, name: str) -> Iterator[tuple[Location, dict[str, Any] | Refusal]]:
    """Read lines by the columns of a file: each as its cells' values by column, or the first thing wrong with it."""
    if refusal := refused_whole(raw, name):
        yield Location(name), refusal
        return
    lines = numbered(raw)
    number, first = next(lines, (0, ""))
    if not number:
        yield Location(name), Refusal("dataset.no_header", at=Location(name), file=name)
        return
    head, refusals = header(file, number, first)
    if head is None:
        for refusal in refusals:
            column = refusal.at.column if refusal.at else ""
            yield Location(name, number), refusal.located(Location(name, number, column))
        return
    for at, text in lines:
        here = Location(name, at)
        try:
            yield here, _row(head, text)
        except Refusal as refusal:
            yield here, refusal.located(Location(name, at, refusal.at.column if refusal.at else ""))


def _row(head: Header, text: str) -> dict[str, Any]:
    given = cells(text)
    if len(given) != head.width:
        code = "dataset.row_too_short" if len(given) < head.width else "dataset.row_too_long"
        raise Refusal(code, given=len(given), wanted=head.width)
    row = {}
    for column, index in head.columns:
        try:
            row[column.name] = column.read(given[index] if index >= 0 else "")
        except Refusal as refusal:
            raise refusal.located(Location("", column=column.name)) from None
    return row
