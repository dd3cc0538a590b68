"""Scans of a file, each counted once however often it was sent; `fieldwright stock count-scans`: a place counted so."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Annotated

import typer

from api.cli.asked import Told, spelled_out
from api.cli.stock import say_line, say_moves, stock_app
from api.text import label
from inventory.catalogue.place import PlaceKind
from inventory.stock.label import Scan, units_scanned
from inventory.stock.move import Condition
from kernel.clock import moment
from kernel.errors import Location, Refusal
from kernel.money import amount

COLUMNS = ("scan_id", "at", "code")

ScanOption = Annotated[
    Path | None,
    typer.Option("--scan", help="CSV of scans instead: scan_id, at (ISO 8601 with offset), code."),
]


@stock_app.command("count-scans")
@spelled_out
def count_scans(
    document: Annotated[str, typer.Argument(help="The count it belongs to.")],
    place: Annotated[str, typer.Argument(help="Where it was counted.")],
    file: Annotated[Path, typer.Argument(help="CSV of scans: scan_id, at (ISO 8601 with offset), code.")],
    *,
    told: Told,
    by: Annotated[str, typer.Option("--by", help="Who scanned.")],
    adjustment: Annotated[
        str,
        typer.Option("--adjustment", help="Adjustment place of the ledger; default: the region's only one."),
    ] = "",
    condition: Annotated[Condition, typer.Option("--condition", help="As found.")] = Condition.USABLE,
    recount_above: Annotated[
        str, typer.Option("--recount-above", help="Value of a difference from which two have to count.")
    ] = "200",
    approval_above: Annotated[
        str, typer.Option("--approval-above", help="Value from which somebody who did not count approves.")
    ] = "1000",
    approved_by: Annotated[str, typer.Option("--approved-by", help="Who approved.")] = "",
) -> None:
    """Post what a scanner counted at a place; parts that were not scanned are not counted, the last scan of each is its moment."""
    from storage.stock import commands
    from storage.stock.only_place import only_place
    from storage.stock.scanning import counts_scanned

    spoken = told.spoken
    scans = read_scans(file, by=by)
    found = units_scanned(scans)
    limits = amount(recount_above), amount(approval_above)
    reply = told.done(
        lambda work: commands.count(
            work,
            document,
            counts_scanned(work, scans, place=place, condition=condition, by=by),
            adjustment=only_place(work, PlaceKind.ADJUSTMENT, adjustment),
            recount_above=limits[0],
            approval_above=limits[1],
            approved_by=approved_by,
        ),
    )
    said = {"scans": len(scans), "units": sum(found.values()), "parts": len({part for part, _ in found})}
    say_line(label("count.scanned", spoken, place=place, **said))
    say_moves(reply, spoken)


def scans_instead(
    file: Path | None, said: Sequence[str] | None, told: Told, *, door: str, document: str
) -> tuple[list[Scan], Told]:
    """The scans of a file that stands for what would be typed, and the command under their own name; none without a file.

    The same scans sent again at the same door for the same document are the same command: they move nothing twice.

    Raises:
        Refusal: ``cli.goods_or_scans`` unless exactly one was given; as `read_scans`.
    """
    if (file is None) == (not said):
        raise Refusal("cli.goods_or_scans")
    if file is None:
        return [], told
    scans = read_scans(file, by=told.by)
    read = sorted((scan.id, scan.at.isoformat(), scan.text) for scan in scans)
    words = json.dumps([door, document, read])
    return scans, told if told.key else replace(told, key=f"scan-{sha256(words.encode()).hexdigest()[:32]}")


def read_scans(file: Path, *, by: str) -> list[Scan]:
    """Read a file of scans in its order, all by one person.

    Raises:
        Refusal: ``count.scans_unreadable``, ``count.scans_columns``, ``count.no_scans``; those of a scan, by line.
    """
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise Refusal("count.scans_unreadable", file=str(file)[:200], detail=str(error)[:200]) from None
    rows = csv.DictReader(text.splitlines())
    if rows.fieldnames is None or not set(COLUMNS) <= set(rows.fieldnames):
        raise Refusal("count.scans_columns", file=file.name, columns=", ".join(COLUMNS))
    found = []
    for number, row in enumerate(rows, start=2):
        try:
            found.append(Scan(row["scan_id"] or "", moment(row["at"] or ""), by, row["code"] or ""))
        except Refusal as refusal:
            raise refusal.located(Location(file.name, line=number)) from None
    if not found:
        raise Refusal("count.no_scans", file=file.name)
    return found
