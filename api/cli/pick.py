"""`fieldwright pick`: what to pick for each van before it leaves, from a plan, and what is missing."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from api.cli.app import LangOption, app, language, stdout
from api.cli.asked import JsonOption, Judged, KeyOption, Told
from api.cli.dataset import (
    AcceptPartialOption,
    DatasetArgument,
    MaybeDatabaseOption,
    RegionOption,
    open_region,
)
from api.cli.given_plan import given_plan
from api.cli.pick_done import confirmed, write_events
from api.text import Lang, label
from api.text.spoken import wall_clock
from kernel.clock import zone
from kernel.errors import Refusal, Value

if TYPE_CHECKING:
    from datetime import datetime

    from dispatch.board import Board
    from inventory.stock.staging import Staging
    from inventory.stockroom import Stockroom


@app.command()
def pick(
    dataset: DatasetArgument,
    plan: Annotated[Path, typer.Argument(help="plan.json of this dataset.")],
    day: Annotated[
        str, typer.Option("--day", help="Like 2026-03-09; default: the next day vans leave.")
    ] = "",
    *,
    database: MaybeDatabaseOption = "",
    region: RegionOption = "",
    now: Annotated[
        str | None,
        typer.Option(
            "--now", help="With --database: moment its stock is looked at (ISO 8601); default: now."
        ),
    ] = None,
    confirm: Annotated[
        bool,
        typer.Option(
            "--confirm",
            help="With --database: what is listed was picked, what is missing is raised to the desk.",
        ),
    ] = False,
    by: Annotated[str, typer.Option("--by", help="With --confirm: who picked.")] = "",
    key: KeyOption = "",
    events: Annotated[
        Path | None, typer.Option("--events", help="Write the shortages as events of a day's script.")
    ] = None,
    accept_partial: AcceptPartialOption = False,
    lang: LangOption = "en",
    as_json: JsonOption = False,
) -> None:
    """List what to pick at which depot for whom before the vans leave, and what is missing.

    With --database the stock is that of the database, which has gone on since the plan was made.
    """
    from api.usecases.staging import staged_on

    spoken = language(lang)
    wanted = _day(day)
    opened = open_region(dataset, accept_partial=accept_partial, lang=spoken)
    board, problem, file = given_plan(opened, plan)
    stock, at = board.region.stock, board.now
    if database:
        there = Judged(database=database, region=region, now=now, lang=lang)
        stored = there.read()
        if stored.settings.id != board.region.settings.id:
            raise Refusal("pick.other_region", region=stored.settings.id, plan=board.region.settings.id)
        stock, at = stored.stock, there.at(stored)
    on, staged = staged_on(board, problem, file.plan, stock, day=wanted, now=at)
    if as_json:
        typer.echo(json.dumps(_document(on, staged), ensure_ascii=False, indent=1))
    else:
        _show(on, staged, board, stdout(), spoken)
    if events is not None:
        write_events(staged, events, spoken, at=at)
    if confirm:
        if not database:
            raise Refusal("pick.nothing_to_confirm_in")
        if not by:
            raise Refusal("pick.nobody")
        told = Told(database=database, region=region, by=by, key=key, now=now, lang=lang)

        def again(stock: Stockroom, moment: datetime) -> Staging:
            return staged_on(board, problem, file.plan, stock, day=on, now=max(at, moment))[1]

        confirmed(told, again, board, on=on)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Refusal("cli.not_a_day", value=text[:20]) from None


def _show(on: date, staged: Staging, board: Board, console: Console, lang: Lang) -> None:
    where = zone(board.region.settings.zone)
    names = {part.id: part.name for part in board.region.stock.parts}
    console.print(label("pick.title", lang, day=on.isoformat(), zone=where.key), style="bold")
    if not staged.lists:
        console.print(label("pick.nothing", lang))
    for each in staged.lists:
        leaves = "" if each.departs_at is None else wall_clock(each.departs_at, where)
        console.print()
        console.print(label("pick.van", lang, van=each.van, depot=each.depot, leaves=leaves), style="bold")
        table = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
        table.add_column(justify="right")
        for _ in range(3):
            table.add_column(overflow="fold")
        for line in each.lines:
            table.add_row(str(line.quantity), line.part, names[line.part], ", ".join(line.demands))
        console.print(table)
    console.print()
    console.print(
        label("pick.short" if staged.shortages else "pick.complete", lang, count=len(staged.shortages))
    )
    for row in staged.shortages:
        said: dict[str, Value] = {
            "quantity": row.quantity,
            "part": row.part,
            "van": row.van,
            "depot": row.depot,
            "at": wall_clock(row.at, where),
            "demand": row.demand_ref,
        }
        console.print(label("pick.shortage", lang, **said), soft_wrap=True)


def _document(on: date, staged: Staging) -> dict[str, object]:
    return {
        "day": on.isoformat(),
        "lists": [
            {
                "van": each.van,
                "depot": each.depot,
                "departs_at": each.departs_at.isoformat() if each.departs_at is not None else None,
                "lines": [
                    {"part": line.part, "quantity": line.quantity, "for": list(line.demands)}
                    for line in each.lines
                ],
            }
            for each in staged.lists
        ],
        "shortages": [
            {
                "van": row.van,
                "depot": row.depot,
                "part": row.part,
                "quantity": row.quantity,
                "at": row.at.isoformat(),
                "for": row.demand_ref,
            }
            for row in staged.shortages
        ],
    }
