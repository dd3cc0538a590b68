"""`fieldwright stock excess`, `ending`, `ends`: what lies where nobody needs it, and what nobody sells any more."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from api.cli.app import stdout
from api.cli.asked import JsonOption, Judged, LimitOption, Told, spelled_out
from api.cli.stock import PartArgument, day, say_line, stock_app
from api.text import Lang, label
from kernel.clock import zone

if TYPE_CHECKING:
    from inventory.remnants import Ending


@stock_app.command()
@spelled_out
def excess(*, asked: Judged, limit: LimitOption = 20, as_json: JsonOption = False) -> None:
    """List units beyond what is kept and what a year asks for, most money first, and who is short of them."""
    from api.usecases.remnants import excess as found

    region = asked.read()
    rows, currency = found(region, now=asked.at(region)), region.settings.currency
    if as_json:
        names = ("part", "place", "quantity", "keep", "per_month", "money", "wanting")
        typer.echo(_json([{name: getattr(row, name) for name in names} for row in rows]))
        return
    console, spoken = stdout(), asked.spoken
    if not rows:
        console.print(label("remnants.no_excess", spoken))
        return
    table = _table(
        spoken, {"part": "left", "place": "left", "units": "right", "keep": "right", "per_month": "right"}
    )
    table.add_column(label("remnants.column_money", spoken, currency=currency), justify="right")
    table.add_column(label("remnants.column_wanting", spoken))
    shown = rows[:limit] if limit else rows
    for row in shown:
        numbers = (str(row.quantity), str(row.keep), f"{row.per_month:.2f}", f"{row.money:,.2f}")
        table.add_row(row.part, row.place, *numbers, ", ".join(row.wanting) or "-")
    console.print(table)
    total = sum(row.money for row in rows)
    console.print(
        label("remnants.excess_total", spoken, count=len(rows), money=f"{total:,.2f}", currency=currency)
    )


@stock_app.command()
@spelled_out
def ending(*, asked: Judged, as_json: JsonOption = False) -> None:
    """List parts that nobody sells any more, or nobody before long, first used up first, and what the last order has to bring."""
    from api.usecases.remnants import ending as found

    region = asked.read()
    rows = found(region, now=asked.at(region))
    if as_json:
        names = ("part", "left", "planned", "per_month", "lasts_until", "stand_ins")
        typer.echo(_json([{name: getattr(row, name) for name in names} | _end(row) for row in rows]))
        return
    console, spoken = stdout(), asked.spoken
    if not rows:
        console.print(label("remnants.nothing_ends", spoken))
        return
    table = _table(
        spoken,
        {
            "part": "left",
            "left": "right",
            "planned": "right",
            "per_month": "right",
            "lasts_until": "left",
            "last_order_on": "left",
            "served_until": "left",
            "lacking": "right",
            "stand_ins": "left",
        },
    )
    here = zone(region.settings.zone)
    for row in rows:
        until = "-" if row.lasts_until is None else f"{row.lasts_until.astimezone(here):%Y-%m-%d}"
        numbers = (str(row.left), str(row.planned), f"{row.per_month:.2f}")
        end = ("-" if value is None else str(value) for value in _end(row).values())
        table.add_row(row.part, *numbers, until, *end, ", ".join(row.stand_ins) or "-")
    console.print(table)


@stock_app.command()
@spelled_out
def ends(
    part: PartArgument,
    *,
    told: Told,
    supplier: Annotated[str, typer.Option("--supplier", help="Who stops selling it.")] = "",
    last_order: Annotated[
        str,
        typer.Option(
            "--last-order", help="The last day he takes an order, like 2026-06-30; none: he sells on."
        ),
    ] = "",
    served_until: Annotated[
        str,
        typer.Option(
            "--served-until",
            help="The last day on which devices that take it are served; `none`: no end is known.",
        ),
    ] = "",
) -> None:
    """Say the last day on which a supplier takes orders for a part, or the last on which it is needed."""
    from storage.stock.ends import Unsaid, say_end

    last_on = day(last_order)
    until = None if served_until == "none" else day(served_until) or Unsaid.UNSAID
    reply = told.done(
        lambda work: say_end(work, part, supplier=supplier, last_order_on=last_on, served_until=until)
    )
    spoken = told.spoken
    if supplier:
        code = "remnants.sold_until" if reply["last_order_on"] else "remnants.sold_on"
        say_line(label(code, spoken, part=part, supplier=supplier, on=reply["last_order_on"]))
    if reply["served_until"]:
        say_line(label("remnants.served_until", spoken, part=part, until=reply["served_until"]))
    elif until is None:
        say_line(label("remnants.served_on", spoken, part=part))


def _end(row: Ending) -> dict[str, object]:
    """The last day of order, the last of service, and what is missing until then, where known."""
    final = row.final
    return {
        "last_order_on": None if final is None else final.last_order_on,
        "served_until": None if final is None else final.served_until,
        "lacking": None if final is None else final.lacking,
    }


def _json(rows: list[dict[str, object]]) -> str:
    return json.dumps(rows, ensure_ascii=False, indent=1, default=str)


def _table(lang: Lang, sides: dict[str, str]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for name, side in sides.items():
        table.add_column(
            label(f"remnants.column_{name}", lang), justify="right" if side == "right" else "left"
        )
    return table
