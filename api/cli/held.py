"""`fieldwright stock held`: what lies in quarantine and which decision it waits for."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer
from rich.table import Table

from api.cli.app import stdout
from api.cli.asked import JsonOption, Judged, spelled_out
from api.cli.stock import stock_app
from api.text import label
from api.text.spoken import wall_clock
from inventory.supply.waiting import Awaited, Waiting
from kernel.clock import zone


@stock_app.command()
@spelled_out
def held(
    *,
    asked: Judged,
    waits_for: Annotated[
        Awaited | None, typer.Option("--waits-for", help="Only what waits for this.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """List what is held back and which decision it waits for, the longest waiting first; what suppliers owe for goods sent back too."""
    from inventory.supplied import held as waiting_now

    spoken, whole = asked.spoken, asked.read()
    at, where = asked.at(whole), zone(whole.settings.zone)
    found = [row for row in waiting_now(whole.stock, now=at) if waits_for in {None, row.awaited}]
    if as_json:
        typer.echo(json.dumps([_document(row) for row in found], ensure_ascii=False, indent=1))
        return
    console = stdout()
    title = label("supply.held_title", spoken, now_at=wall_clock(at, where), zone=where.key)
    console.print(title, style="bold", markup=False)
    if not found:
        console.print(label("supply.held_none", spoken), markup=False)
        return
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for name in ("part", "lot", "place", "supplier", "document", "awaits"):
        table.add_column(label(f"supply.column_{name}", spoken))
    for name in ("units", "since", "due"):
        table.add_column(label(f"supply.column_{name}", spoken), justify="right")
    for row in found:
        table.add_row(
            row.part,
            row.lot or "-",
            row.place or "-",
            row.supplier or "-",
            row.document or "-",
            label(f"supply.awaits_{row.awaited.value}", spoken),
            str(row.quantity),
            wall_clock(row.since, where)[:10],
            wall_clock(row.due_at, where)[:10] if row.due_at else "-",
        )
    console.print(table)


def _document(row: Waiting) -> dict[str, Any]:
    return {
        "part": row.part,
        "place": row.place,
        "lot": row.lot,
        "quantity": row.quantity,
        "document": row.document,
        "supplier": row.supplier,
        "waits_for": row.awaited.value,
        "since": row.since.isoformat(),
        "due_at": row.due_at.isoformat() if row.due_at else None,
    }
