"""A report of measures in a folder: one CSV file a table, and the page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from api.report.measures.sheet import Sheet, written
from api.report.spreadsheet import spreadsheet
from dispatch.measures.period import Every
from kernel.errors import Refusal
from storage.plan_file import write_whole

PAGE = "measures.html"


def as_csv(sheet: Sheet, /) -> str:
    """Give a table as the text of a CSV file: headers and codes in English, times in hours, shares as fractions."""
    return spreadsheet(
        (column.name for column in sheet.columns),
        (
            [written(column, cell) for column, cell in zip(sheet.columns, row, strict=True)]
            for row in sheet.rows
        ),
    )


def write_measures(folder: Path, sheets: Iterable[Sheet], page: str, /) -> tuple[Path, ...]:
    """Write ``<table>.csv`` for every table, and the page; files of the same names are replaced.

    All texts are made before the first file is written.

    Args:
        folder: made when it is not there.
        sheets: the tables.
        page: text of `PAGE`.

    Returns:
        The files written, in order.

    Raises:
        Refusal: ``measure.cannot_write``.
    """
    return _written(folder, {f"{sheet.name}.csv": as_csv(sheet) for sheet in sheets} | {PAGE: page})


def write_tables(folder: Path, sheets: Iterable[Sheet], every: Every, /) -> tuple[Path, ...]:
    """Write ``<table>_by_<every>.csv`` for every table of periods; files of the same names are replaced.

    Raises:
        Refusal: ``measure.cannot_write``.
    """
    return _written(folder, {f"{sheet.name}_by_{every.value}.csv": as_csv(sheet) for sheet in sheets})


def _written(folder: Path, texts: Mapping[str, str]) -> tuple[Path, ...]:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            write_whole(folder / name, text)
    except OSError as error:
        raise Refusal("measure.cannot_write", folder=str(folder)[:200], detail=error.strerror or "") from None
    return tuple(folder / name for name in texts)
