"""`fieldwright count`: the blind list of what is due to be counted."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer
from rich.table import Table

from api.cli.app import app, stdout
from api.cli.asked import JsonOption, Judged, LimitOption, spelled_out
from api.text import Lang, label
from api.text.spoken import wall_clock
from kernel.clock import zone
from kernel.errors import Refusal

if TYPE_CHECKING:
    from inventory.count_list import CountLine


@app.command()
@spelled_out
def count(
    *,
    asked: Judged,
    place: Annotated[str, typer.Option("--place", help="Only there.")] = "",
    limit: LimitOption = 20,
    as_json: JsonOption = False,
) -> None:
    """List what is due to be counted, without saying how much there should be."""
    from inventory.count_list import count_list

    spoken = asked.spoken
    whole = asked.read()
    at = asked.at(whole)
    if place and all(row.id != place for row in whole.stock.places):
        raise Refusal("stock.unknown_place", place=place)
    rows = count_list(whole.stock, now=at, place=place)
    shown = rows[:limit] if limit else rows
    where = zone(whole.settings.zone)
    if as_json:
        typer.echo(json.dumps([_document(row) for row in shown], ensure_ascii=False, indent=1))
        return
    console = stdout()
    console.print(
        label("count.title", spoken, now_at=wall_clock(at, where), zone=where.key, count=len(rows)),
        style="bold",
    )
    names = {part.id: part.name for part in whole.stock.parts}
    console.print(_table(shown, names, where, spoken))
    if len(shown) < len(rows):
        console.print(label("count.more", spoken, count=len(rows) - len(shown)))


def _table(rows: tuple[CountLine, ...], names: dict[str, str], where: ZoneInfo, lang: Lang) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for name in ("class", "place", "part", "name", "condition", "lot", "due", "counted"):
        table.add_column(label(f"count.column_{name}", lang), overflow="fold")
    for row in rows:
        due = label("count.never", lang) if row.due.due_at is None else wall_clock(row.due.due_at, where)
        for cell in row.cells:
            table.add_row(
                row.due.count_class.value.upper(),
                cell.place,
                cell.part,
                names[cell.part],
                label(f"count.condition_{cell.condition}", lang),
                cell.lot,
                due,
                "____",
            )
    return table


def _document(row: CountLine) -> dict[str, object]:
    due = row.due
    return {
        "class": due.count_class.value,
        "place": due.place,
        "part": due.part,
        "due_at": None if due.due_at is None else due.due_at.isoformat(),
        "count": [{"condition": cell.condition.value, "lot": cell.lot} for cell in row.cells],
    }
