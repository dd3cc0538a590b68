"""`fieldwright pick`: what to pick for each van before it leaves, from a plan, and what is missing."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from api.cli.app import LangOption, app, language, stdout
from api.cli.dataset import AcceptPartialOption, DatasetArgument, open_region
from api.cli.given_plan import given_plan
from api.text import Lang, label
from api.text.spoken import wall_clock
from kernel.clock import zone
from kernel.errors import Refusal, Value

if TYPE_CHECKING:
    from dispatch.board import Board
    from dispatch.plan import Plan
    from dispatch.problem import PlanningProblem
    from inventory.stock.staging import Staging


@app.command()
def pick(
    dataset: DatasetArgument,
    plan: Annotated[Path, typer.Argument(help="plan.json of this dataset.")],
    day: Annotated[
        str, typer.Option("--day", help="Like 2026-03-09; default: the next day vans leave.")
    ] = "",
    accept_partial: AcceptPartialOption = False,
    lang: LangOption = "en",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
) -> None:
    """List what to pick at which depot for whom before the vans leave, and what is missing."""
    spoken = language(lang)
    wanted = _day(day)
    opened = open_region(dataset, accept_partial=accept_partial, lang=spoken)
    board, problem, file = given_plan(opened, plan)
    on, staged = staged_on(board, problem, file.plan, day=wanted)
    if as_json:
        typer.echo(json.dumps(_document(on, staged), ensure_ascii=False, indent=1))
        return
    _show(on, staged, board, stdout(), spoken)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Refusal("cli.not_a_day", value=text[:20]) from None


def staged_on(
    board: Board, problem: PlanningProblem, plan: Plan, *, day: date | None
) -> tuple[date, Staging]:
    """Make ready the vans that leave on `day`, in the region's own calendar; None: the next day any leaves.

    Raises:
        Refusal: ``pick.no_departure``, ``pick.no_later_departure``.
    """
    from api.usecases.planning import needs_for
    from dispatch.plan import StopKind
    from inventory.picking import picking

    region = board.region
    where = zone(region.settings.zone)
    today = board.now.astimezone(where).date()
    leaves = {route.shift: board.moment(route.depart_s) for route in plan.routes}
    days = sorted({at.astimezone(where).date() for at in leaves.values()})
    on = day if day is not None else next((one for one in days if one > today), None)
    if on is None:
        raise Refusal("pick.no_later_departure", day=str(today), days=" ".join(map(str, days)))
    if on not in days:
        raise Refusal("pick.no_departure", day=str(on), days=" ".join(map(str, days)))
    engineers = {shift.id: problem.engineers[shift.engineer].id for shift in problem.shifts}
    vans = {row.id: row.van for row in region.field.engineers if row.van}
    homes = {row.van: row.depot for row in region.field.engineers if row.van}
    carriers: dict[str, str] = {}
    departs_at: dict[str, datetime] = {}
    leaves_on: dict[str, date] = {}
    for route in plan.routes:
        at = leaves[route.shift]
        who = vans.get(engineers[route.shift], engineers[route.shift])
        for stop in route.stops:
            # A visit of several engineers is supplied where its parts are named; the first to leave fetches them.
            if stop.kind is StopKind.VISIT and (stop.supply or stop.ref not in leaves_on):
                leaves_on[stop.ref] = at.astimezone(where).date()
                carriers[stop.ref] = who
        if at.astimezone(where).date() == on:
            departs_at[who] = min(at, departs_at.get(who, at))
    needs = needs_for(board, problem, plan)
    staged = picking(
        region.stock,
        (need for need in needs if leaves_on[need.demand_ref] == on),
        before=(need for need in needs if leaves_on[need.demand_ref] < on),
        carriers=carriers,
        homes=homes,
        departs_at=departs_at,
        now=board.now,
        zone_name=region.settings.zone,
    )
    return on, staged


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
