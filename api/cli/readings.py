"""`fieldwright stock readings`: what was measured on an inspected lot, and the file measurements come in."""

from __future__ import annotations

import csv
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from api.cli.app import stdout
from api.cli.asked import Asked, spelled_out
from api.cli.stock import stock_app
from api.text import label
from inventory.supply.inspection import Reading
from kernel.errors import Location, Refusal

HEAD = ["unit", "check", "value"]
LARGEST = 5_000_000
"""Bytes of a file of readings."""


def readings_in(file: Path) -> tuple[Reading, ...]:
    """Read a CSV file with the columns unit, check, value; a value is a number, yes or no.

    Raises:
        Refusal: ``cli.readings_unreadable``, ``cli.readings_head``, ``cli.not_a_reading`` with file and line.
    """
    try:
        with file.open("rb") as opened:
            raw = opened.read(LARGEST + 1)
        text = raw.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise Refusal("cli.readings_unreadable", file=str(file)[:200]) from None
    if len(raw) > LARGEST:
        raise Refusal("cli.readings_unreadable", file=str(file)[:200])
    rows = csv.reader(text.splitlines())
    if next(rows, []) != HEAD:
        raise Refusal("cli.readings_head", file=file.name, columns=",".join(HEAD))
    found: list[Reading] = []
    for line, row in enumerate(rows, start=2):
        if row:
            found.append(_reading(row, Location(file.name, line)))
    return tuple(found)


def _reading(row: list[str], at: Location) -> Reading:
    if len(row) != len(HEAD) or not all(row):
        raise Refusal("cli.not_a_reading", at=at, value=",".join(row)[:80])
    unit, check, value = row
    if value in {"yes", "no"}:
        return Reading(check, unit, right=value == "yes")
    try:
        number = Decimal(value)
    except InvalidOperation:
        raise Refusal("cli.not_a_reading", at=at, value=",".join(row)[:80]) from None
    # The bounds of a cell: what is kept has to fit the file a region is written as.
    places = number.as_tuple().exponent
    if not number.is_finite() or abs(number) > 10**9 or not isinstance(places, int) or not -18 <= places <= 9:
        raise Refusal("cli.not_a_reading", at=at, value=",".join(row)[:80])
    return Reading(check, unit, value=number)


@stock_app.command()
@spelled_out
def readings(
    inspection: Annotated[str, typer.Argument(help="The inspection.")],
    *,
    asked: Asked,
) -> None:
    """Show what was read on an inspected lot, check by check: mean, smallest, largest, and how many were not right."""
    from inventory.supply.measured import measured

    spoken = asked.spoken
    stock = asked.read().stock
    lots = [row for row in stock.lot_inspections if row.id == inspection]
    if not lots:
        raise Refusal("supply.source_unknown", source=inspection[:64])
    checks = {check.id: check for check in stock.part_checks if check.part == lots[0].part}
    found = measured(row for row in stock.lot_readings if row.inspection == inspection)
    console = stdout()
    title = label(
        "supply.readings_title", spoken, inspection=inspection, part=lots[0].part, units=lots[0].units
    )
    console.print(title, style="bold", markup=False)
    if not found:
        console.print(label("supply.nothing_read", spoken))
        return
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for name in ("check", "check_name", "unit"):
        table.add_column(label(f"supply.column_{name}", spoken))
    for name in ("read", "wrong", "mean", "lowest", "highest"):
        table.add_column(label(f"supply.column_{name}", spoken), justify="right")
    for row in found:
        check = checks.get(row.check)
        said = ("-" if value is None else f"{value:f}" for value in (row.mean, row.lowest, row.highest))
        name, unit = (check.name, check.unit) if check else ("-", "-")
        table.add_row(row.check, name, unit or "-", str(row.units), str(row.wrong), *said)
    console.print(table)
