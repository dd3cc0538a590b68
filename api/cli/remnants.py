"""`fieldwright stock excess`, `ending`: what lies where nobody needs it, and what nobody sells any more."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import typer
from rich.table import Table

from api.cli.app import stdout
from api.cli.asked import JsonOption, Judged, LimitOption, spelled_out
from api.cli.stock import stock_app
from api.text import Lang, label
from kernel.clock import zone

if TYPE_CHECKING:
    from inventory.provision import Provision
    from inventory.stock.reservation import PlannedNeed


@stock_app.command()
@spelled_out
def excess(*, asked: Judged, limit: LimitOption = 20, as_json: JsonOption = False) -> None:
    """List units beyond what is kept and what a year asks for, most money first, and who is short of them."""
    from inventory.remnants import excess as found

    provision, needs, zone_name, currency = _read(asked)
    rows = found(provision, needs, zone_name=zone_name)
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
    """List parts that are asked for and that nobody sells any more, first used up first."""
    from inventory.remnants import ending as found

    provision, needs, zone_name, _ = _read(asked)
    rows = found(provision, needs, zone_name=zone_name)
    if as_json:
        names = ("part", "left", "planned", "per_month", "lasts_until", "stand_ins")
        typer.echo(_json([{name: getattr(row, name) for name in names} for row in rows]))
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
            "stand_ins": "left",
        },
    )
    here = zone(zone_name)
    for row in rows:
        until = "-" if row.lasts_until is None else f"{row.lasts_until.astimezone(here):%Y-%m-%d}"
        numbers = (str(row.left), str(row.planned), f"{row.per_month:.2f}")
        table.add_row(row.part, *numbers, until, ", ".join(row.stand_ins) or "-")
    console.print(table)


def _read(asked: Judged) -> tuple[Provision, tuple[PlannedNeed, ...], str, str]:
    from dispatch.expected_needs import expected_needs
    from inventory.provision import Provision
    from inventory.replenish.assessment import ReviewSettings

    whole = asked.read()
    at = asked.at(whole)
    homes = {engineer.van: engineer.depot for engineer in whole.field.engineers if engineer.van}
    provision = Provision(whole.stock, at, ReviewSettings(), homes=homes)
    return provision, expected_needs(whole, now=at), whole.settings.zone, whole.settings.currency


def _json(rows: list[dict[str, object]]) -> str:
    return json.dumps(rows, ensure_ascii=False, indent=1, default=str)


def _table(lang: Lang, sides: dict[str, str]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for name, side in sides.items():
        table.add_column(
            label(f"remnants.column_{name}", lang), justify="right" if side == "right" else "left"
        )
    return table
