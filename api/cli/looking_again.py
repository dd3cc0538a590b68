"""`fieldwright stock due`, `look`: stock that has lain too long is looked at again, and what fails is held back."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from rich.table import Table

from api.cli.app import stdout
from api.cli.asked import JsonOption, Judged, Told, spelled_out
from api.cli.receiving import AdjustmentOption, LotOption, QuarantineOption
from api.cli.stock import say_line, say_moves, stock_app
from api.text import label
from api.text.spoken import wall_clock
from inventory.catalogue.place import PlaceKind
from kernel.clock import zone


@stock_app.command()
@spelled_out
def due(
    *,
    asked: Judged,
    ahead: Annotated[int, typer.Option("--ahead", min=0, max=3650, help="Days to look ahead.")] = 0,
    as_json: JsonOption = False,
) -> None:
    """List the stock that has to be looked at again, longest due first."""
    from inventory.supplied import to_look_at

    spoken = asked.spoken
    whole = asked.read()
    at, where = asked.at(whole), zone(whole.settings.zone)
    found = to_look_at(whole.stock, now=at, ahead_days=ahead, zone_name=where.key)
    if as_json:
        rows = [
            {
                "part": row.part,
                "lot": row.lot,
                "place": row.place,
                "quantity": row.quantity,
                "since": row.since.isoformat(),
                "due_on": row.due_on.isoformat(),
                "late_days": row.late_days,
            }
            for row in found
        ]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    console = stdout()
    title = label("supply.due_title", spoken, now_at=wall_clock(at, where), zone=where.key, ahead=ahead)
    console.print(title, style="bold", markup=False)
    if not found:
        rules = len(whole.stock.reinspection_rules)
        console.print(label("supply.nothing_due" if rules else "supply.no_reinspection", spoken))
        return
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for name in ("part", "lot", "place"):
        table.add_column(label(f"supply.column_{name}", spoken))
    for name in ("units", "since", "due", "late_days"):
        table.add_column(label(f"supply.column_{name}", spoken), justify="right")
    for row in found:
        table.add_row(
            row.part,
            row.lot or "-",
            row.place,
            str(row.quantity),
            row.since.isoformat(),
            row.due_on.isoformat(),
            str(row.late_days) if row.late_days else "-",
        )
    console.print(table)


@stock_app.command()
@spelled_out
def look(
    document: Annotated[str, typer.Argument(help="The record of the inspection.")],
    part: Annotated[str, typer.Argument(help="Part number.")],
    *,
    told: Told,
    place: Annotated[
        str, typer.Option("--at", help="Place the units lie at; all usable ones are looked at.")
    ],
    bad: Annotated[int, typer.Option("--bad", min=0, help="Units that failed.")] = 0,
    serial: Annotated[
        list[str] | None, typer.Option("--serial", help="A unit that failed, by its serial; may be repeated.")
    ] = None,
    lot: LotOption = "",
    quarantine: QuarantineOption = "",
    adjustment: AdjustmentOption = "",
) -> None:
    """Look again at all usable units of a part and lot at a place; what fails goes to quarantine."""
    from storage.stock.inspecting import look_again
    from storage.stock.only_place import only_place

    spoken = told.spoken
    reply = told.done(
        lambda work: look_again(
            work,
            document,
            part,
            place,
            lot=lot,
            bad=bad,
            serials=tuple(serial or ()),
            quarantine=only_place(work, PlaceKind.QUARANTINE, quarantine),
            adjustment=only_place(work, PlaceKind.ADJUSTMENT, adjustment),
        ),
    )
    numbers = {"units": reply["units"], "bad": reply["bad"]}
    say_line(label("supply.looked_again", spoken, part=part, place=place, **numbers))
    if reply["moves"]:
        say_moves(reply, spoken)
