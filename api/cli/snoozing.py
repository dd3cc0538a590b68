"""`fieldwright stock snooze`, `wake`, `snoozed`: lines of the review that somebody wants left alone until a day."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from rich.table import Table

from api.cli.app import stdout
from api.cli.asked import JsonOption, Judged, Told, spelled_out
from api.cli.stock import PartArgument, day, say_line, stock_app
from api.text import label
from api.text.spoken import wall_clock
from inventory.stock.lot import day_of
from kernel.clock import zone
from kernel.errors import Refusal

PlaceOption = Annotated[str, typer.Option("--place", help="Depot, warehouse or van the line is for.")]


@stock_app.command()
@spelled_out
def snooze(
    part: PartArgument,
    *,
    told: Told,
    place: PlaceOption,
    until: Annotated[str, typer.Option("--until", help="The day it wakes, like 2026-03-20.")],
    reason: Annotated[str, typer.Option("--reason", help="Why, in words.")],
) -> None:
    """Leave a part at a place alone in every review until a day: listed as snoozed, not moved, not bought."""
    from storage.stock.snoozing import snooze as said

    wakes = day(until)
    if wakes is None:
        raise Refusal("cli.not_a_day", value="")
    reply = told.done(lambda work: said(work, part, place, until_on=wakes, reason=reason))
    say_line(label("goods.snoozed", told.spoken, part=part, place=place, until=reply["until_on"]))


@stock_app.command()
@spelled_out
def wake(
    part: PartArgument,
    *,
    told: Told,
    place: PlaceOption,
    reason: Annotated[str, typer.Option("--reason", help="Why, in words.")] = "",
) -> None:
    """End a snooze before its day: the next review moves and buys again."""
    from storage.stock.snoozing import wake as said

    told.done(lambda work: said(work, part, place, reason=reason))
    say_line(label("goods.awake", told.spoken, part=part, place=place))


@stock_app.command()
@spelled_out
def snoozed(*, asked: Judged, as_json: JsonOption = False) -> None:
    """List the parts at places that are snoozed now, the first to wake first."""
    from inventory.replenish.snooze import asleep

    spoken, whole = asked.spoken, asked.read()
    at, where = asked.at(whole), zone(whole.settings.zone)
    held = asleep(whole.stock.snoozes, at=at, on=day_of(at, zone_name=where.key)).values()
    rows = [
        (str(row.until_on), row.part, row.place, row.by, wall_clock(row.at, where), row.reason)
        for row in sorted(held, key=lambda row: (str(row.until_on), row.part, row.place))
    ]
    names = ("until_on", "part", "place", "by", "at", "reason")
    if as_json:
        typer.echo(
            json.dumps([dict(zip(names, row, strict=True)) for row in rows], ensure_ascii=False, indent=1)
        )
        return
    console = stdout()
    if not rows:
        console.print(label("goods.nothing_snoozed", spoken))
        return
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for name in names:
        table.add_column(label(f"goods.snoozed_{name}", spoken))
    for row in rows:
        table.add_row(*row)
    console.print(table)
