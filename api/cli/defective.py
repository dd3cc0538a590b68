"""`fieldwright stock defective`: broken units on shelves and in vans, and what is done with them next."""

from __future__ import annotations

import json
from typing import Any

import typer
from rich.table import Table

from api.cli.app import stdout
from api.cli.asked import JsonOption, Judged, spelled_out
from api.cli.stock import stock_app
from api.text import label
from api.text.spoken import wall_clock
from inventory.supply.defective import Defective
from kernel.clock import zone


@stock_app.command()
@spelled_out
def defective(*, asked: Judged, as_json: JsonOption = False) -> None:
    """List damaged units on shelves and in vans that nobody has decided on, what lies longest first."""
    from inventory.supplied import defective as lying_now

    spoken, whole = asked.spoken, asked.read()
    at, where = asked.at(whole), zone(whole.settings.zone)
    homes = {one.van: one.depot for one in whole.field.engineers if one.van}
    found = lying_now(whole.stock, homes, now=at)
    if as_json:
        typer.echo(json.dumps([_document(row) for row in found], ensure_ascii=False, indent=1))
        return
    console = stdout()
    title = label("supply.defective_title", spoken, now_at=wall_clock(at, where), zone=where.key)
    console.print(title, style="bold", markup=False)
    if not found:
        console.print(label("supply.defective_none", spoken), markup=False)
        return
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for name in ("part", "lot", "serial", "place", "next"):
        table.add_column(label(f"supply.column_{name}", spoken))
    for name in ("units", "since"):
        table.add_column(label(f"supply.column_{name}", spoken), justify="right")
    for row in found:
        table.add_row(
            row.part,
            row.lot or "-",
            row.serial or "-",
            row.place,
            label(f"supply.next_{row.next.value}", spoken, to_place=row.to_place or "-"),
            str(row.quantity),
            wall_clock(row.since, where)[:10],
        )
    console.print(table)


def _document(row: Defective) -> dict[str, Any]:
    return {
        "part": row.part,
        "place": row.place,
        "lot": row.lot,
        "serial": row.serial,
        "quantity": row.quantity,
        "since": row.since.isoformat(),
        "next": row.next.value,
        "to_place": row.to_place,
    }
