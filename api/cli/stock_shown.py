"""`fieldwright stock show`: where a part stands, and the moves that brought it there."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from api.cli.app import stdout
from api.cli.asked import InDatabase, NowOption, spelled_out, when
from api.cli.stock import PartArgument, stock_app
from api.text import Lang, label
from api.text.spoken import wall_clock
from inventory.stock.move import Condition
from kernel.clock import SystemClock, zone
from kernel.errors import Refusal

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from sqlalchemy import Connection

    from inventory.stock.move import Cell, Move
    from inventory.stock.position import Position


@stock_app.command()
@spelled_out
def show(
    part: PartArgument,
    *,
    there: InDatabase,
    place: Annotated[str, typer.Option("--place", help="Only there, with the moves behind the figure.")] = "",
    most: Annotated[
        int, typer.Option("--moves", min=0, max=1000, help="Newest moves shown, of one place or of all.")
    ] = 0,
    now: NowOption = None,
) -> None:
    """Show where a part lies and in which condition; with --moves what came and went, and what that left."""
    spoken, at = there.spoken, when(now) or SystemClock().now()
    with there.reading() as (connection, which):
        positions, lying, ledger, where = _found(connection, which, part, place, at=at)
    console = stdout()
    title = label("goods.shown", spoken, part=part, now_at=wall_clock(at, where), zone=where.key)
    console.print(title, style="bold", markup=False)
    console.print(_positions(positions, lying, spoken))
    if most:
        console.print()
        console.print(_ledger(ledger, place, where, spoken, most=most))


def _found(connection: Connection, region: str, part: str, place: str, *, at: datetime) -> Any:
    from storage.regional import zone_of
    from storage.stock import queries
    from storage.stock.locks import known_places

    if part not in queries.catalogued(connection, region, (part,)):
        raise Refusal("stock.unknown_part", part=part[:64])
    if place and place not in known_places(connection, region, (place,)):
        raise Refusal("stock.unknown_place", place=place[:64])
    coming = queries.on_order(connection, region, part, now=at)
    rows = {row.place: row for row in queries.positions_of_part(connection, region, part, now=at)}
    shown = sorted(set(rows) | set(coming))
    positions = [(one, rows.get(one), coming.get(one, 0)) for one in shown if not place or one == place]
    lying = queries.totals(connection, region, parts=(part,))
    moves = [move for _, move in reversed(queries.moves_of_part(connection, region, part, most=100_000))]
    return positions, lying, moves, zone(zone_of(connection, region))


def _positions(rows: list[tuple[str, Position | None, int]], lying: dict[Cell, int], lang: Lang) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column(label("goods.column_place", lang))
    for name in ("on_hand", "usable", "reserved", "available", "in_transit", "on_order"):
        table.add_column(label(f"goods.column_{name}", lang), justify="right")
    table.add_column(label("goods.column_held", lang), overflow="fold")
    sums = [0] * 6
    for place, row, coming in rows:
        figures = (row.on_hand, row.usable, row.reserved, row.available, row.in_transit) if row else (0,) * 5
        held = "; ".join(_held(cell, units, lang) for cell, units in _not_usable(lying, place))
        table.add_row(place, *map(str, figures), str(coming), held)
        sums = [before + one for before, one in zip(sums, (*figures, coming), strict=True)]
    if len(rows) > 1:
        table.add_row(label("goods.total", lang), *map(str, sums), "", style="bold")
    return table


def _not_usable(lying: dict[Cell, int], place: str) -> list[tuple[Cell, int]]:
    found = [
        (cell, units)
        for cell, units in lying.items()
        if cell.place == place and (cell.condition.value != "usable" or cell.lot)
    ]
    return sorted(found, key=lambda one: (one[0].condition.value, one[0].lot))


def _held(cell: Cell, units: int, lang: Lang) -> str:
    text = f"{units} {label(f'count.condition_{cell.condition}', lang)}"
    return f"{text} ({cell.lot})" if cell.lot else text


def _ledger(moves: Iterable[Move], place: str, where: ZoneInfo, lang: Lang, *, most: int) -> Table:
    """The newest moves, oldest of them first; of one place with its sign and what it left there."""
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column(label("goods.column_at", lang), no_wrap=True)
    table.add_column(label("goods.column_quantity", lang), justify="right", no_wrap=True)
    if place:
        table.add_column(label("goods.column_left", lang), justify="right", no_wrap=True)
    for name in ("way", "document", "reason", "by"):
        table.add_column(label(f"goods.column_{name}", lang), overflow="fold", no_wrap=name in {"way", "by"})
    left, rows = 0, list[tuple[str, ...]]()
    for move in moves:
        if place and place not in {move.from_place, move.to_place}:
            continue
        change = move.quantity if move.to_place == place else -move.quantity
        left += change
        rows.append(
            (
                wall_clock(move.at, where),
                *((f"{change:+d}", str(left)) if place else (str(move.quantity),)),
                _way(move),
                move.source_document,
                _why(move, lang),
                move.by,
            )
        )
    for row in rows[-most:]:
        table.add_row(*row)
    return table


def _way(move: Move) -> str:
    onward = move.bound_for not in {"", move.to_place, move.from_place}
    way = f"{move.from_place} > {move.to_place}"
    return f"{way} > {move.bound_for}" if onward else way


OWN_REASONS = frozenset(
    {
        "count difference",
        "fitted",
        "found damaged",
        "found quarantined",
        "found usable",
        "good for bad",
        "inspected",
        "installed",
        "issued",
        "re-inspected",
        "received",
        "received over",
        "received short",
        "removed defective",
        "return",
        "rework",
        "scrap",
        "staged",
        "transfer",
        "waiver",
    }
)
"""What the ledger says of its own moves; anything else somebody wrote, and it stays as he wrote it."""


def _why(move: Move, lang: Lang) -> str:
    why = move.reason
    if why in OWN_REASONS:
        why = label(f"goods.moved_{why.replace(' ', '_').replace('-', '_')}", lang)
    if move.condition is Condition.USABLE:
        return why
    return f"{why} ({label(f'count.condition_{move.condition}', lang)})"
