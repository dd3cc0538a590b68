"""Release dates over a technician-routing instance (Pillac, Gueret and Medaglia 2012): reader, and the authors' results."""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from pathlib import Path

from benchmarks import trsp
from benchmarks.geometry import lines_of, malformed
from kernel.errors import Refusal


@dataclass(frozen=True, slots=True)
class Day:
    """A static instance and when each request (by its number) becomes known, in the file's unit; -1: before the day."""

    instance: trsp.Instance
    released: dict[int, float]


def read(path: Path, /) -> Day:
    """Read release dates, and the static instance in the folder ``trsp`` beside the file's own.

    Raises:
        Refusal: ``benchmark.unreadable``, ``benchmark.malformed`` with the line.
    """
    rows = lines_of(path)
    instance = trsp.read(static_file(path))
    requests = set(range(instance.crew + 1, len(instance.nodes)))
    released: dict[int, float] = {}
    begun = False
    for at, row in enumerate(rows, start=1):
        words = row.split()
        if not begun or not words:
            begun = begun or words == ["ID", "RD"]
            continue
        try:
            request, moment = int(words[0]), float(words[1])
        except (IndexError, ValueError):
            raise malformed(path, at) from None
        if request not in requests or request in released or not math.isfinite(moment) or len(words) > 2:
            raise malformed(path, at)
        released[request] = moment
    if set(released) != requests:
        raise malformed(path, 0)
    return Day(instance, released)


def static_file(path: Path, /) -> Path:
    """The file of the static instance a file of release dates belongs to."""
    return path.resolve().parent.parent / "trsp" / f"{path.stem.split('_rd_')[0]}.txt"


def authors(path: Path, /) -> tuple[float, int] | None:
    """Working time and requests left out of the authors' waiting strategy, from the table beside the file.

    Raises:
        Refusal: ``benchmark.malformed`` when the table is there but not readable.
    """
    table = path.parent / "authors_waiting.csv"
    if not table.is_file():
        return None
    for row in csv.DictReader(lines_of(table)):
        try:
            if row["file"] == path.name:
                return float(row["working_time"]), int(row["rejected"])
        except (KeyError, TypeError, ValueError):
            raise Refusal("benchmark.malformed", file=table.name, line=0) from None
    return None
