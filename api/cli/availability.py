"""`fieldwright availability`: how likely a part is there within the hours promised, place by place."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from api.cli.app import app, stdout
from api.cli.asked import JsonOption, Judged, LimitOption, spelled_out
from api.cli.worked import show_steps, step_document
from api.text import Lang, label, say
from api.text.spoken import wall_clock
from kernel.clock import zone
from kernel.errors import Refusal, Value

if TYPE_CHECKING:
    from dispatch.region import Region
    from inventory.availability import Availability


@app.command()
@spelled_out
def availability(
    *,
    asked: Judged,
    hours: Annotated[
        list[float] | None,
        typer.Option("--hours", min=0, help="A window; may be repeated. Default: 4 and 24."),
    ] = None,
    part: Annotated[str, typer.Option("--part", help="Only this part.")] = "",
    place: Annotated[str, typer.Option("--place", help="Only this place.")] = "",
    why: Annotated[
        str, typer.Option("--why", help="PART@PLACE: every calculation behind this one, step by step.")
    ] = "",
    limit: LimitOption = 20,
    as_json: JsonOption = False,
) -> None:
    """Say how likely each part is there in time, most critical and least likely first, with the calculation."""
    from inventory.availability import availability as judge

    spoken = asked.spoken
    region = asked.read()
    at = asked.at(region)
    windows = tuple(hours or (4.0, 24.0))
    homes = {engineer.van: engineer.depot for engineer in region.field.engineers if engineer.van}
    if why:
        _show_why(region, why, at, windows, homes, spoken, as_json=as_json)
        return
    rows = [
        row
        for row in judge(region.stock, at, hours=windows, homes=homes, zone_name=region.settings.zone)
        if part in {"", row.part} and place in {"", row.place}
    ]
    shown = rows[:limit] if limit else rows
    if as_json:
        document = [_document(row, windows, spoken) for row in shown]
        typer.echo(json.dumps(document, ensure_ascii=False, indent=1))
        return
    console = stdout()
    where = zone(region.settings.zone)
    title = label("availability.title", spoken, now_at=wall_clock(at, where), zone=where.key)
    console.print(title, style="bold")
    if not rows:
        console.print(label("availability.nothing", spoken))
        return
    for number, row in enumerate(shown):
        console.print(_line(row, windows, spoken, head=number == 0))
        for trace in row.why:
            console.print(Padding(Text(say(trace.message, spoken), style="dim"), (0, 0, 0, 5)))
    if len(shown) < len(rows):
        console.print(label("availability.more", spoken, count=len(rows) - len(shown)))


def _show_why(
    region: Region,
    named: str,
    at: datetime,
    windows: tuple[float, ...],
    homes: dict[str, str],
    lang: Lang,
    *,
    as_json: bool,
) -> None:
    from inventory.why import worked

    part, _, place = named.partition("@")
    if not part or not place:
        raise Refusal("availability.not_part_at_place", value=named[:80])
    found = worked(region.stock, at, part, place, hours=windows, homes=homes, zone_name=region.settings.zone)
    if as_json:
        document = {
            **_document(found.row, windows, lang),
            "steps": [step_document(step, lang) for step in found.steps],
        }
        typer.echo(json.dumps(document, ensure_ascii=False, indent=1))
        return
    console, where = stdout(), zone(region.settings.zone)
    said: dict[str, Value] = {
        "part": part,
        "place": place,
        "reorder_point": found.row.reorder_point,
        "order_up_to": found.row.order_up_to,
        "now_at": wall_clock(at, where),
        "zone": where.key,
    }
    console.print(label("availability.worked", lang, **said), style="bold")
    show_steps(found.steps, console, lang)


def _line(row: Availability, windows: Sequence[float], lang: Lang, *, head: bool) -> Table:
    table = Table(box=None, show_header=head, padding=(0, 1, 0, 0), header_style="bold")
    for name, width in (("part", 16), ("place", 14), ("criticality", 11), ("per_month", 9), ("levels", 9)):
        table.add_column(label(f"availability.column_{name}", lang), width=width, overflow="fold")
    for each in windows:
        heading = label("availability.column_hours", lang, hours=each)
        table.add_column(heading, width=13, justify="right")
    table.add_row(
        row.part,
        row.place,
        str(row.criticality),
        f"{row.per_month:.2f}",
        f"{row.reorder_point}-{row.order_up_to}",
        *(f"{chance:.2%}" for chance in row.chances),
    )
    return table


def _document(row: Availability, windows: Sequence[float], lang: Lang) -> dict[str, object]:
    return {
        "part": row.part,
        "place": row.place,
        "criticality": row.criticality,
        "per_month": row.per_month,
        "reorder_point": row.reorder_point,
        "order_up_to": row.order_up_to,
        "within": [
            {
                "hours": hours,
                "chance": chance,
                "formula": trace.formula.value,
                "inputs": dict(trace.inputs),
                "bounds": dict(trace.bounds),
                "why": say(trace.message, lang),
            }
            for hours, chance, trace in zip(windows, row.chances, row.why, strict=True)
        ],
    }
