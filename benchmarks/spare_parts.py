"""Public demand for spare parts: 2,674 car parts, 3,000 of a car maker, 5,000 of the Royal Air Force."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.geometry import Doubles, lines_of, malformed


@dataclass(frozen=True, slots=True)
class Parts:
    """Parts with their history; one row of every array for each.

    Args:
        demand: units a month, shape (parts, months).
        lead: lead time in months.
        price: pounds a unit.
    """

    demand: Doubles
    lead: Doubles
    price: Doubles

    def planned(self, months: int) -> Parts:
        """Those with price and lead time above zero and demand in the first `months`."""
        rows = (self.price > 0) & (self.lead > 0) & (self.demand[:, :months].sum(axis=1) > 0)
        return Parts(self.demand[rows], self.lead[rows], self.price[rows])


def car_parts(folder: Path, /) -> Doubles:
    """2,674 series of 51 months; NaN where nothing is known."""
    return _numbers(folder / "demand" / "carparts.csv", skipped_lines=0, skipped_columns=0)


def auto(folder: Path, /) -> Doubles:
    """3,000 series of 24 months."""
    return _numbers(folder / "demand" / "Auto.csv", skipped_lines=1, skipped_columns=0)


def raf(folder: Path, /) -> Parts:
    """5,000 parts over 84 months from January 1996, with lead time and price."""
    read = _numbers(folder / "demand" / "RAF_full.csv", skipped_lines=1, skipped_columns=2)
    return Parts(demand=read[:, 2:], lead=read[:, 0], price=read[:, 1])


def _numbers(path: Path, *, skipped_lines: int, skipped_columns: int) -> Doubles:
    """A file's numbers as a table.

    Raises:
        Refusal: ``benchmark.unreadable``, ``benchmark.malformed``.
    """
    rows = []
    for number, row in enumerate(csv.reader(lines_of(path)), start=1):
        if number > skipped_lines and row:
            try:
                rows.append([float(value or "nan") for value in row[skipped_columns:]])
            except ValueError:
                raise malformed(path, number) from None
            if len(rows[-1]) != len(rows[0]):
                raise malformed(path, number)
    if not rows:
        raise malformed(path, 0)
    return np.array(rows)
