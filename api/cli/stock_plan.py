"""`fieldwright stock plan`: all parts together for a budget, and one part worked over all depots."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from api.cli.app import stdout
from api.cli.asked import JsonOption, Judged, LimitOption, spelled_out
from api.cli.stock import stock_app
from api.cli.worked import show_steps, step_document
from api.text import Lang, label, say
from kernel.errors import Value

if TYPE_CHECKING:
    from dispatch.region import Region
    from inventory.provision import Provision
    from inventory.stock_plan import PartWorked, PlannedLevel, StockPlan


@stock_app.command("plan")
@spelled_out
def plan(
    *,
    asked: Judged,
    budget: Annotated[
        float | None,
        typer.Option("--budget", min=0, help="Money for all parts; default: as much as is tied up now."),
    ] = None,
    part: Annotated[
        str,
        typer.Option(
            "--part", help="Only this part: who helps whom, the cheapest order, whole orders served."
        ),
    ] = "",
    place: Annotated[str, typer.Option("--place", help="Show only this place.")] = "",
    limit: LimitOption = 20,
    as_json: JsonOption = False,
) -> None:
    """Put the money of all parts where it takes off most shortage, beside what is kept now."""
    from inventory.provision import Provision
    from inventory.replenish.assessment import ReviewSettings
    from inventory.stock_plan import part_worked, stock_plan

    spoken = asked.spoken
    region = asked.read()
    at = asked.at(region)
    homes = {engineer.van: engineer.depot for engineer in region.field.engineers if engineer.van}
    provision = Provision(region.stock, at, ReviewSettings(), homes=homes, zone_name=region.settings.zone)
    if part:
        taken = tuple(
            used.quantity
            for one in region.field.closed_tickets
            for used in one.parts
            if used.part == part and one.repaired_at <= at
        )
        _show_part(part_worked(provision, part, taken=taken), spoken, as_json=as_json)
        return
    found = stock_plan(provision, budget=budget)
    rows = [row for row in found.levels if place in {"", row.place} and row.now != row.planned]
    rows.sort(key=lambda row: -abs(row.planned - row.now) * float(provision.parts[row.part].price))
    shown = rows[:limit] if limit else rows
    if as_json:
        typer.echo(json.dumps(_document(found, shown, spoken), ensure_ascii=False, indent=1))
        return
    _show(found, shown, len(rows), provision, region, stdout(), spoken)


def _show(
    found: StockPlan,
    shown: list[PlannedLevel],
    count: int,
    provision: Provision,
    region: Region,
    console: Console,
    lang: Lang,
) -> None:
    said: dict[str, Value] = {
        "currency": region.settings.currency,
        "money": found.money_now,
        "short": found.short_now,
        "same_money": found.chosen.money,
        "less_short": found.chosen.short,
        "less_money": found.cheapest.money,
        "same_short": found.cheapest.short,
    }
    for line in ("now", "budget", "cheapest", "model"):
        console.print(label(f"plan_stock.{line}", lang, **said), soft_wrap=True)
    console.print(say(found.chosen.why.message, lang), soft_wrap=True, style="dim")
    console.print()
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for name in ("part", "name", "place", "now", "planned", "price"):
        right = name in {"now", "planned", "price"}
        table.add_column(label(f"plan_stock.column_{name}", lang), justify="right" if right else "left")
    for row in shown:
        part = provision.parts[row.part]
        table.add_row(row.part, part.name, row.place, f"{row.now:g}", str(row.planned), f"{part.price:,.2f}")
    console.print(table)
    if len(shown) < count:
        console.print(label("plan_stock.more", lang, count=count - len(shown)))


def _document(found: StockPlan, shown: list[PlannedLevel], lang: Lang) -> dict[str, object]:
    return {
        "now": {"money": found.money_now, "short": found.short_now},
        "planned": {"money": found.chosen.money, "short": found.chosen.short},
        "cheapest": {"money": found.cheapest.money, "short": found.cheapest.short},
        "why": [step_document(found.chosen.why, lang), step_document(found.cheapest.why, lang)],
        "levels": [
            {"part": row.part, "place": row.place, "now": row.now, "planned": row.planned} for row in shown
        ],
    }


def _show_part(found: PartWorked, lang: Lang, *, as_json: bool) -> None:
    if as_json:
        document = {
            "part": found.part,
            "depots": list(found.depots),
            "helping": list(found.helping),
            "shares": found.lent
            and {
                "own": dict(zip(found.helping, found.lent.own, strict=True)),
                "lateral": dict(zip(found.helping, found.lent.lateral, strict=True)),
                "emergency": found.lent.emergency,
            },
            "cheapest": [
                {"place": depot, "point": each.point, "quantity": each.quantity, "cost_a_day": each.cost}
                for depot, each in found.cheapest
            ],
            "steps": [step_document(step, lang) for step in found.steps],
        }
        typer.echo(json.dumps(document, ensure_ascii=False, indent=1))
        return
    console = stdout()
    console.print(
        label("plan_stock.part", lang, part=found.part, depots=", ".join(found.depots)), style="bold"
    )
    if found.lent is not None:
        table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
        for name in ("place", "own", "lateral", "emergency"):
            table.add_column(
                label(f"plan_stock.column_{name}", lang), justify="left" if name == "place" else "right"
            )
        for place, own, lateral in zip(found.helping, found.lent.own, found.lent.lateral, strict=True):
            table.add_row(place, f"{own:.3%}", f"{lateral:.3%}", f"{found.lent.emergency:.3%}")
        console.print(table)
    show_steps(found.steps, console, lang)
